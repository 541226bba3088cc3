"""Asks a preloaded fastgen for a run: `python client.py SOCKET ARGUMENT...`.

As it is started for each command of a shell, it imports little.
"""

import json
import os
import socket
import sys
from collections.abc import Mapping, Sequence


def run(
    path: str,
    arguments: Sequence[str],
    env: Mapping[str, str],
    folder: int,
    streams: Sequence[int],
) -> int:
    """Run fastgen in an open `folder` with three `streams`; return its exit code.

    The code is negative if a signal ended it, as `subprocess` has it.
    """
    umask = os.umask(0)
    os.umask(umask)
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        socket.send_fds(connection, [b"."], [folder, *streams])
        connection.sendall(json.dumps([list(arguments), dict(env), umask]).encode())
        connection.shutdown(socket.SHUT_WR)
        answer = connection.recv(100)
    return int(answer)


if __name__ == "__main__":
    # The folder may be gone, so it has no name.
    here = os.open(".", os.O_RDONLY)
    code = run(sys.argv[1], sys.argv[2:], os.environ, here, (0, 1, 2))
    sys.exit(code if code >= 0 else 128 - code)
