"""Calls an ASGI app in this process, without sockets: what remains is the app's own work."""

import argparse
import asyncio
import importlib
import os
import sys
from typing import Any


async def call(app: Any, scope: dict[str, Any], body: bytes) -> int:
    """Send one request and return the status of the answer."""
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        statuses.extend([message["status"]] if "status" in message else [])

    await app({**scope, "state": {}}, receive, send)
    return statuses[0]


async def drive(app: Any, options: argparse.Namespace) -> None:
    """Start the app, send the requests one after the other, and stop it."""
    started, ended = asyncio.Event(), asyncio.Event()

    async def receive() -> dict[str, str]:
        if not started.is_set():
            return {"type": "lifespan.startup"}
        await ended.wait()
        return {"type": "lifespan.shutdown"}

    async def send(_message: dict[str, str]) -> None:
        started.set()

    life = asyncio.create_task(app({"type": "lifespan", "state": {}}, receive, send))
    await started.wait()
    body = (options.body or "").encode()
    headers = [tuple(part.strip() for part in line.split(":", 1)) for line in options.header]
    if body:
        headers += [("content-type", "application/json"), ("content-length", str(len(body)))]
    path, _, query = options.path[0].partition("?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http",
        "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 50000), "root_path": "",
        "method": options.method, "path": path, "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers],
    }  # fmt: skip
    for _ in range(options.requests):
        status = await call(app, scope, body)
        if status not in {200, 201}:
            sys.exit(f"{path} answered {status}")
    ended.set()
    await life


def main() -> None:
    """Read the command line: that of `load.py`, and which app."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--app", required=True, help="module:name")
    parser.add_argument("--method", default="GET")
    parser.add_argument("--path", action="append", required=True)
    parser.add_argument("--header", action="append", default=[])
    parser.add_argument("--body")
    parser.add_argument("--requests", type=int, required=True)
    options = parser.parse_args()
    sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - the log of the app
    module, _, name = options.app.partition(":")
    app = getattr(importlib.import_module(module), name)
    try:
        import uvloop  # noqa: PLC0415
    except ImportError:
        asyncio.run(drive(app, options))
    else:
        uvloop.run(drive(app, options))


if __name__ == "__main__":
    main()
