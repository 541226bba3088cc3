"""Starts gunicorn: `python -m app.serve`."""

import os
import runpy
import sys


def main() -> None:
    # Gunicorn fails with a traceback if it is no number.
    workers = os.environ.get("WEB_CONCURRENCY") or str(os.cpu_count() or 1)
    if not workers.isdecimal() or int(workers) < 1:
        sys.exit(f"WEB_CONCURRENCY must be a whole number of at least 1, not {workers!r}.")
    os.environ["WEB_CONCURRENCY"] = workers
    sys.argv[1:] = ["-c", "gunicorn.conf.py"]
    runpy.run_module("gunicorn", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
