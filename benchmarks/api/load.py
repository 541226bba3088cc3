"""Loads one HTTP operation and prints what it took, as JSON; needs nothing but Python.

Raw sockets and one process: it must cost less than the server that it measures.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

HEAD_END = b"\r\n\r\n"
LENGTH = b"content-length:"


@dataclass
class Tally:
    """What the clients have seen."""

    seconds: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)


class Client(asyncio.Protocol):
    """One connection that sends its next request when it has the answer to the last."""

    def __init__(self, requests: Sequence[bytes], tally: Tally, until: float) -> None:
        """Prepare to send `requests` in turn until the moment `until`."""
        self.requests, self.tally, self.until = requests, tally, until
        self.done = asyncio.get_running_loop().create_future()
        self.sent = 0
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        # uvloop's transports are of no class of asyncio's.
        self.transport = cast("asyncio.Transport", transport)
        self.send()

    def send(self) -> None:
        """Send the next request, or close."""
        if time.perf_counter() >= self.until:
            self.transport.close()
            return
        self.started = time.perf_counter()
        self.transport.write(self.requests[self.sent % len(self.requests)])
        self.sent += 1

    def data_received(self, data: bytes) -> None:
        """Read on; when the answer is whole, count it."""
        self.buffer += data
        head, found, body = self.buffer.partition(HEAD_END)
        if not found:
            return
        lowered = head.lower()
        at = lowered.find(LENGTH)
        length = int(lowered[at + len(LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(body) < length:
            return
        self.buffer = b""
        self.tally.seconds.append(time.perf_counter() - self.started)
        status = int(head[9:12])
        self.tally.statuses[status] = self.tally.statuses.get(status, 0) + 1
        self.send()

    def connection_lost(self, _error: Exception | None) -> None:
        """Tell that this client has ended."""
        if not self.done.done():
            self.done.set_result(None)


async def run(options: argparse.Namespace) -> dict[str, object]:
    """Load the operation with all clients, and return the figures."""
    body = (options.body or "").encode()
    headers = "".join(f"{line}\r\n" for line in options.header)
    if body:
        headers += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    requests = [
        f"{options.method} {path} HTTP/1.1\r\nHost: {options.host}\r\n{headers}\r\n".encode() + body
        for path in options.path
    ]
    tally = Tally()
    began = time.perf_counter()
    loop = asyncio.get_running_loop()
    clients = [
        (
            await loop.create_connection(
                lambda: Client(requests, tally, began + options.seconds),
                options.host,
                options.port,
            )
        )[1]
        for _ in range(options.clients)
    ]
    await asyncio.gather(*(client.done for client in clients))
    taken = sorted(tally.seconds)
    return {
        "per_second": len(taken) / (time.perf_counter() - began),
        "p50_ms": taken[len(taken) // 2] * 1000,
        "p99_ms": taken[len(taken) * 99 // 100] * 1000,
        "max_ms": taken[-1] * 1000,
        "statuses": tally.statuses,
    }


def main() -> None:
    """Read the command line and print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--method", default="GET")
    parser.add_argument("--path", action="append", required=True)
    parser.add_argument("--header", action="append", default=[])
    parser.add_argument("--body")
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=3)
    options = parser.parse_args()
    try:
        import uvloop  # noqa: PLC0415
    except ImportError:
        result = asyncio.run(run(options))
    else:
        result = uvloop.run(run(options))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
