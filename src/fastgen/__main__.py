"""The entry point: `fastgen` and `python -m fastgen`."""

import gc
import sys


def main() -> None:
    """Run the command line and exit with its code."""
    if sys.platform == "win32":
        sys.exit("error: fastgen runs on Linux and macOS\nhint: on Windows, run it inside WSL")
    # A command ends soon: collecting garbage would cost more than it frees.
    gc.disable()
    from fastgen.system import interrupts  # noqa: PLC0415 - it needs signals that Windows has not

    # Before the slow imports, so that Ctrl-C never prints a traceback.
    interrupts.install()
    try:
        from fastgen.cli.terminal import terminal  # noqa: PLC0415

        terminal.guard()
        from fastgen.cli.app import run  # noqa: PLC0415

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        sys.stderr.write("error: interrupted: nothing was written\n")
        code = interrupts.EXIT_CODE
    # Python removes our handlers before it exits, and another Ctrl-C would change the exit code.
    interrupts.ignore()
    sys.exit(code)


if __name__ == "__main__":
    main()
