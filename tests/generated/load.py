"""Many clients at once, each on a connection of its own."""

import asyncio
import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

LONGEST_SECONDS = 120
LOST = 0
BREATH_SECONDS = 0.05


@dataclass(frozen=True)
class Reply:
    """What one client got for one request; status `LOST` if the connection broke."""

    client: int
    status: int
    headers: Mapping[str, str]
    began: float
    seconds: float


@dataclass(frozen=True)
class Request:
    """A request that may be sent again and again."""

    method: str
    path: str
    token: str | None = None
    data: object = None

    @property
    def raw(self) -> bytes:
        """The request as it is sent."""
        body = b"" if self.data is None else json.dumps(self.data).encode()
        head = [f"{self.method} {self.path} HTTP/1.1", "Host: test", f"Content-Length: {len(body)}"]
        if body:
            head.append("Content-Type: application/json")
        if self.token:
            head.append(f"Authorization: Bearer {self.token}")
        return "\r\n".join([*head, "", ""]).encode() + body


def load(
    port: int,
    request: Request,
    *,
    clients: int,
    seconds: float = 0,
    patience: float = LONGEST_SECONDS,
) -> list[Reply]:
    """Let each client send the request until the time is over, but at least once.

    A client that runs out of patience closes its connection.
    """
    until = time.monotonic() + seconds
    crowd = [_Client(number, port, request.raw, patience) for number in range(clients)]
    return asyncio.run(_load(crowd, until))


def per_second(replies: list[Reply]) -> float:
    """Return how many good answers came in each second."""
    ended = max(reply.began + reply.seconds for reply in replies)
    began = min(reply.began for reply in replies)
    return sum(reply.status < 400 for reply in replies if reply.status) / (ended - began)


async def _load(crowd: list["_Client"], until: float) -> list[Reply]:
    replies = await asyncio.gather(*(client.send_until(until) for client in crowd))
    return [reply for each in replies for reply in each]


@dataclass
class _Client:
    number: int
    port: int
    raw: bytes
    patience: float
    connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send_until(self, until: float) -> list[Reply]:
        replies = [await self.send()]
        while time.monotonic() < until:
            if replies[-1].status == LOST:
                await asyncio.sleep(BREATH_SECONDS)
            replies.append(await self.send())
        await self.close()
        return replies

    async def send(self) -> Reply:
        began = time.monotonic()
        status, headers = LOST, dict[str, str]()
        with suppress(OSError, EOFError):
            async with asyncio.timeout(self.patience):
                if self.connection is None:
                    self.connection = await asyncio.open_connection("127.0.0.1", self.port)
                status, headers = await _exchange(*self.connection, self.raw)
        if status == LOST or headers.get("connection") == "close":
            await self.close()
        return Reply(self.number, status, headers, began, time.monotonic() - began)

    async def close(self) -> None:
        if self.connection:
            _, writer = self.connection
            self.connection = None
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, raw: bytes
) -> tuple[int, dict[str, str]]:
    writer.write(raw)
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.splitlines()
    pairs = [line.partition(":") for line in lines if line]
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    await reader.readexactly(int(headers.get("content-length", 0)))
    return int(first.split()[1]), headers
