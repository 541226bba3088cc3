"""Keeps compiled templates between runs, because compiling them is slow."""

from contextlib import suppress
from typing import Any

from jinja2 import FileSystemBytecodeCache

import fastgen
from fastgen.system import user_folders


class _Cache(FileSystemBytecodeCache):
    """Jinja's bytecode cache in the user's cache folder; a full disk is not an error."""

    def __init__(self, folder: str, kind: str) -> None:
        """Keep the `folder`, and the `kind` of environment that compiles the templates."""
        super().__init__(folder)
        self._kind = kind

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return the key of a template, which depends on the version of fastgen."""
        return super().get_cache_key(f"{fastgen.__version__} {self._kind} {name}", filename)

    def load_bytecode(self, bucket: Any) -> None:
        """Read a compiled template, if it is cached."""
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Any) -> None:
        """Store a compiled template, if there is room."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def cache(kind: str) -> FileSystemBytecodeCache | None:
    """Return the cache of a `kind` of environment in the user's folder, None without a safe one."""
    folder = user_folders.cache()
    if folder is None:
        return None
    try:
        # Anybody who can write to it could make us run code.
        user_folders.make(folder)
    except OSError:
        return None
    return _Cache(str(folder), kind)
