"""Makes terminal.svg from a real run of `fastgen new`: `uv run python docs/picture.py`.

The run makes a whole project in a temporary folder, for which uv needs the package index or its
cache. A test compares what the picture says with a run.
"""

import io
import os
import re
import sys
import tempfile
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path

import pexpect
import pyte
from pyte.screens import Char
from rich.console import Console
from rich.style import Style
from rich.text import Text

FILE = Path(__file__).with_name("terminal.svg")
COLUMNS, LINES = 101, 40
ARGUMENTS = ("new", "shop-api")
DOWN, ENTER, CLEAR = "\x1b[B", "\r", "\x15"
# Each question, and the keys that answer it.
DIALOGUE = (
    ("What the project is for", CLEAR + "Sells tea" + ENTER),
    ("Database to build on", DOWN + ENTER),
    ("How the project is deployed", ENTER),
    ("Continuous integration", ENTER),
    ("Reset of forgotten passwords", ENTER),
)
# Where a picture would fetch its fonts from another server.
FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
# What uv needs to find packages here.
OF_UV = re.compile(r"(SSL|UV)_(?!RUN_RECURSION_DEPTH)\w+")
COLOURS = {"default": None, "brown": "yellow"}


def main() -> None:
    """Write the picture."""
    FILE.write_text(picture(), encoding="utf-8")


def picture() -> str:
    """Return the picture of a run."""
    screen = pyte.Screen(COLUMNS, LINES)
    pyte.Stream(screen).feed(recorded())
    text = Text("\n").join(line(screen.buffer[number]) for number in range(LINES))
    text.rstrip()
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(text)
    title = " ".join(("fastgen", *ARGUMENTS))
    return FONTS.sub("", console.export_svg(title=title))


def recorded() -> str:
    """Run the command on a terminal, and return what it printed there below the command line.

    Raises `RuntimeError` when the project is not complete.
    """
    with tempfile.TemporaryDirectory() as folder:
        home = os.path.realpath(folder)
        (Path(home) / ".gitconfig").write_text("[user]\nname = Ada\nemail = ada@example.org\n")
        child = pexpect.spawn(
            str(Path(sys.executable).with_name("fastgen")),
            [*ARGUMENTS],
            cwd=home,
            env=person(home),
            encoding="utf-8",
            dimensions=(LINES, COLUMNS),
            timeout=600,
        )
        log = child.logfile_read = io.StringIO()
        for question, keys in DIALOGUE:
            child.expect_exact(question)
            child.send(keys)
        child.expect(pexpect.EOF)
        child.close()
        if child.exitstatus:
            raise RuntimeError(log.getvalue())
        typed = f"$ {' '.join(('fastgen', *ARGUMENTS))}\r\n"
        return typed + log.getvalue().replace(home, "~") + "$ "


def person(home: str) -> dict[str, str]:
    """Return the environment of somebody who has installed fastgen and lives in `home`."""
    return {
        "HOME": home,
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.defpath)),
        "TERM": "xterm-256color",
        "PROMPT_TOOLKIT_NO_CPR": "1",
        "GIT_CONFIG_NOSYSTEM": "1",
        "UV_CACHE_DIR": str(Path.home() / ".cache" / "uv"),
        **{key: value for key, value in os.environ.items() if OF_UV.fullmatch(key)},
    }


def line(chars: Mapping[int, Char]) -> Text:
    """Return a line of the screen for Rich."""
    told = groupby((chars[column] for column in range(COLUMNS)), style)
    return Text.assemble(*(("".join(char.data for char in run), common) for common, run in told))


def style(char: Char) -> Style:
    """Return the style of a character of the screen for Rich."""
    hexadecimal = re.fullmatch(r"[0-9a-f]{6}", char.fg)
    colour = f"#{char.fg}" if hexadecimal else COLOURS.get(char.fg, char.fg)
    return Style(color=colour, bold=char.bold)


if __name__ == "__main__":
    main()
