"""Asks a preloaded fastgen for a run: `python client.py SOCKET ARGUMENT...`.

As it is started for each command of a shell, it imports little.
"""

import json
import os
import socket
import sys
from collections.abc import Mapping, Sequence


def start(
    path: str,
    arguments: Sequence[str],
    env: Mapping[str, str],
    folder: int,
    streams: Sequence[int],
    *,
    terminal: bool = False,
) -> tuple[int, socket.socket]:
    """Start fastgen in an open `folder` with three `streams`, the first perhaps its terminal.

    Returns the number of the process, and what `ended` takes.
    """
    umask = os.umask(0)
    os.umask(umask)
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    socket.send_fds(connection, [b"."], [folder, *streams])
    connection.sendall(json.dumps([list(arguments), dict(env), umask, terminal]).encode())
    connection.shutdown(socket.SHUT_WR)
    return number(connection), connection


def ended(connection: socket.socket) -> int:
    """Wait for the end; return the exit code, negative if a signal was the end."""
    with connection:
        return number(connection)


def number(connection: socket.socket) -> int:
    """Receive a number."""
    return int.from_bytes(connection.recv(4, socket.MSG_WAITALL), signed=True)


if __name__ == "__main__":
    # The folder may be gone, so it has no name.
    here = os.open(".", os.O_RDONLY)
    _, run = start(sys.argv[1], sys.argv[2:], os.environ, here, (0, 1, 2))
    code = ended(run)
    sys.exit(code if code >= 0 else 128 - code)
