"""Runs fastgen and writes down which lines gave hints: `python traced.py NOTES ARGUMENT...`."""

import sys
from pathlib import Path
from typing import Any

import fastgen
from fastgen import errors
from fastgen.__main__ import main
from fastgen.commands.check import difference

HOME = Path(fastgen.__file__).parent
MINE = {str(Path(__file__)), errors.__file__}


def _noting(notes: Path, init: Any) -> Any:
    def noted(self: Any, *args: Any, **kwargs: Any) -> None:
        init(self, *args, **kwargs)
        frame = sys._getframe(1)
        while frame.f_back is not None and (
            frame.f_code.co_filename in MINE or frame.f_code.co_filename.startswith("<")
        ):
            frame = frame.f_back
        file = Path(frame.f_code.co_filename)
        if file.is_relative_to(HOME):
            module = file.relative_to(HOME).with_suffix("").as_posix()
            with notes.open("a") as told:
                told.write(f"{module} {frame.f_lineno}\n")

    return noted


notes = Path(sys.argv.pop(1))
for kind in (errors.FastgenError, difference.Difference):
    kind.__init__ = _noting(notes, kind.__init__)  # type: ignore[method-assign]
main()
