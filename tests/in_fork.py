"""What a fork does to be as a process that starts Python; imports little, as servers import it."""

import atexit
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterable
from typing import NoReturn

UNWRITTEN = 120


def take_streams(descriptors: Iterable[int]) -> None:
    """Make open files its input, its output and its errors."""
    for stream, descriptor in enumerate(descriptors):
        os.dup2(descriptor, stream)
        os.close(descriptor)


def end_with(main: Callable[[], object]) -> NoReturn:
    """Call what it is for, and exit as an interpreter does."""
    code = 0
    try:
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
    except BaseException:  # noqa: BLE001 - an interpreter prints it
        traceback.print_exc()
        code = 1
    # The rest of its end is freeing memory.
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for printer in (sys.stdout, sys.stderr):
        try:
            printer.flush()
        except (OSError, ValueError):
            code = UNWRITTEN
    os._exit(code)
