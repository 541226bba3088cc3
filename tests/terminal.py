"""A person at a real pseudo-terminal."""

import os
import pty
import re
import shlex
import termios
from collections.abc import Mapping, Sequence
from pathlib import Path

import pexpect
from pexpect.fdpexpect import fdspawn

import preloaded
from preloaded import Preloaded, opened
from preloaded.client import ended, start
from support import FASTGEN, Cli

LINES = 45
LONGEST_ANSWER_SECONDS = 20

DOWN, ENTER, SPACE, CTRL_C, CTRL_D, CLEAR = "\x1b[B", "\r", " ", "\x03", "\x04", "\x15"
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
STYLE = re.compile(r"\x1b\[[0-9;]*m")


def pasted(text: str) -> str:
    """Return the keys that put `text` there at once: what is wrong with its parts is not told."""
    return f"\x1b[200~{text}\x1b[201~"


class Forked(fdspawn):  # type: ignore[type-arg]
    """A preloaded fastgen that has a pseudo-terminal as its own."""

    def __init__(
        self,
        ready: Preloaded,
        arguments: Sequence[str],
        cwd: Path,
        env: Mapping[str, str],
        out: Path | None,
        columns: int,
    ) -> None:
        ours, theirs = pty.openpty()
        super().__init__(ours, encoding="utf-8", timeout=LONGEST_ANSWER_SECONDS)
        termios.tcsetwinsize(theirs, (LINES, columns))
        with (
            open(theirs, "rb", buffering=0) as given,  # noqa: PTH123 - a descriptor
            Path(out or os.devnull).open("w") as elsewhere,
            opened(cwd) as folder,
        ):
            streams = (given.fileno(), (elsewhere if out else given).fileno(), given.fileno())
            path = str(ready.socket)
            self.process, self.run = start(path, arguments, env, folder, streams, terminal=True)

    def kill(self, number: int) -> None:
        os.kill(self.process, number)

    def wait(self) -> None:
        self.exitstatus = ended(self.run)


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
        environment = {**cli.env, **settings}
        ready = preloaded.of(environment) if cli.command == FASTGEN else None
        self.child: pexpect.spawn[str] | Forked
        if ready:
            self.child = Forked(ready, arguments, cli.cwd, environment, out, columns)
        else:
            elsewhere = "" if out is None else f" > {shlex.quote(str(out))}"
            self.child = pexpect.spawn(
                "/bin/sh",
                ["-c", f"exec {shlex.join([*cli.command, *arguments])}{elsewhere}"],
                cwd=str(cli.cwd),
                env=environment,
                encoding="utf-8",
                dimensions=(LINES, columns),
                timeout=LONGEST_ANSWER_SECONDS,
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
        self.child.close()
        return self.child.exitstatus, ANSI.sub("", self.raw).replace("\r\n", "\n")
