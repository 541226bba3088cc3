"""A person at a real pseudo-terminal."""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path

import pexpect

from support import Cli

DOWN, ENTER, SPACE, CTRL_C, CTRL_D, CLEAR = "\x1b[B", "\r", " ", "\x03", "\x04", "\x15"
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
STYLE = re.compile(r"\x1b\[[0-9;]*m")


def pasted(text: str) -> str:
    """Return the keys that put `text` there at once: what is wrong with its parts is not told."""
    return f"\x1b[200~{text}\x1b[201~"


class Terminal:
    """Runs fastgen there, its standard output perhaps in the file `out`."""

    def __init__(
        self,
        cli: Cli,
        *arguments: str,
        out: Path | None = None,
        env: Mapping[str, str] | None = None,
        columns: int = 200,
    ) -> None:
        # A terminal that does not answer where its cursor is costs a question two seconds.
        settings = {"TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1", **(env or {})}
        elsewhere = "" if out is None else f" > {shlex.quote(str(out))}"
        self.child: pexpect.spawn[str] = pexpect.spawn(
            "/bin/sh",
            ["-c", f"exec {shlex.join([*cli.command, *arguments])}{elsewhere}"],
            cwd=str(cli.cwd),
            env={**cli.env, **settings},
            encoding="utf-8",
            dimensions=(45, columns),
            timeout=20,
        )
        # Whoever types waits for the question, at which the terminal is ready.
        self.child.delaybeforesend = None
        self.raw = ""

    def sees(self, text: str) -> None:
        self.child.expect_exact(text)
        self.raw += (self.child.before or "") + str(self.child.after)

    def types(self, *keys: str) -> None:
        for key in keys:
            self.child.send(key)

    def ends(self) -> tuple[int | None, str]:
        """Return the exit code, and what was on the screen, its lines ended as in a file."""
        self.child.expect(pexpect.EOF)
        self.raw += self.child.before or ""
        self.child.wait()
        self.child.ptyproc.delayafterclose = 0  # type: ignore[attr-defined]
        self.child.close()
        return self.child.exitstatus, ANSI.sub("", self.raw).replace("\r\n", "\n")
