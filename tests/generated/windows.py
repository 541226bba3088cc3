"""Windows of rate limits, which a server without Redis begins at full minutes."""

import time

SHORTEST = 60
NEEDED = 20


def wait_for_window() -> None:
    """Return when no window ends soon: requests of two windows are not counted together.

    Windows last whole minutes, and what is counted afterwards takes less than `NEEDED` seconds.
    """
    left = SHORTEST - time.time() % SHORTEST
    if left < NEEDED:
        time.sleep(left + 0.1)
