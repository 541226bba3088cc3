"""Ports for servers that are not started yet."""

import secrets
import socket
from contextlib import suppress

# Below the ranges from which Linux (32768) and IANA (49152) hand out ports for outgoing
# connections: between the choice and the server's start one of those could take the port.
FIRST, LAST = 20_000, 32_000
TRIES = 100


def free_port() -> int:
    """Return a port of the loopback interface that nobody uses, and that is not handed out.

    Raises OSError where none of a hundred is free.
    """
    for _ in range(TRIES):
        port = FIRST + secrets.randbelow(LAST - FIRST)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise OSError(f"none of {TRIES} ports between {FIRST} and {LAST} is free")
