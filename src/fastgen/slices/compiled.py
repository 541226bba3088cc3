"""Compiled templates, kept between runs: compiling them takes longer than all the rest."""

from contextlib import suppress
from typing import Any

from jinja2 import FileSystemBytecodeCache

import fastgen
from fastgen import user_folders


class _Cache(FileSystemBytecodeCache):
    """Jinja's own, in a folder of the user's; a full disk is no error."""

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return under what a template is kept: another fastgen may compile it otherwise."""
        return super().get_cache_key(f"{fastgen.__version__} sandboxed {name}", filename)

    def load_bytecode(self, bucket: Any) -> None:
        """Read a template, if it is there."""
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Any) -> None:
        """Keep a template, if there is room."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def cache() -> FileSystemBytecodeCache | None:
    """Return the cache in the user's own folder, nothing where there is no safe place for one."""
    folder = user_folders.cache()
    if folder is None:
        return None
    try:
        # Whoever could write to it could have us run code.
        user_folders.make(folder)
    except OSError:
        return None
    return _Cache(str(folder))
