"""The limit: the item endpoints with nothing between ASGI and asyncpg but the same checks.

Runs on the database of a generated project with the slice of `fastgen add resource item`, in its
environment: `uvicorn limit:app`, with DATABASE_URL, DATABASE_POOL_SIZE and SECRET_KEY in it.
"""

import json
import os
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import asyncpg
import jwt

KEY = os.environ["SECRET_KEY"]
URL = os.environ["DATABASE_URL"].replace("postgresql+asyncpg://", "postgresql://")
COLUMNS = "id, title, description, created_at, updated_at"
CALLER = (
    "SELECT u.id FROM users u JOIN sessions s ON s.user_id = u.id"
    " WHERE u.id = $1 AND u.is_active AND s.id = $2"
)
ONE = f"SELECT {COLUMNS} FROM items WHERE owner_id = $1 AND id = $2"  # noqa: S608
MANY = f"SELECT {COLUMNS} FROM items WHERE owner_id = $1 ORDER BY created_at, id LIMIT $2"  # noqa: S608
COUNT = "SELECT count(*) FROM (SELECT FROM items WHERE owner_id = $1 LIMIT 10001) counted"
COUNTED = MANY.replace(" FROM", f", ({COUNT}) AS total FROM", 1)
INSERT = (
    "INSERT INTO items (owner_id, title, description, created_at, updated_at)"  # noqa: S608
    f" VALUES ($1, $2, $3, $4, $4) RETURNING {COLUMNS}"
)
JSON = (b"content-type", b"application/json")


class App:
    """One pool, three operations."""

    pool: asyncpg.Pool

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer a request, or follow the lifespan."""
        if scope["type"] == "lifespan":
            await self.live(receive, send)
            return
        async with self.pool.acquire() as connection:
            status, content = await self.answer(scope, receive, connection)
        body = json.dumps(content, default=datetime.isoformat).encode()
        headers = [JSON, (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def live(self, receive: Any, send: Any) -> None:
        """Open the pool, and close it at the end."""
        await receive()
        self.pool = await asyncpg.create_pool(
            URL, min_size=5, max_size=int(os.environ["DATABASE_POOL_SIZE"])
        )
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.pool.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def answer(
        self, scope: dict[str, Any], receive: Any, connection: Any
    ) -> tuple[int, object]:
        """Check the token, ask the database."""
        token = dict(scope["headers"])[b"authorization"].removeprefix(b"Bearer ")
        claims = jwt.decode(
            token, KEY, ["HS256"], options={"require": ["exp", "iat", "sub", "type"]}
        )
        caller = await connection.fetchval(CALLER, int(claims["sub"]), claims["sid"])
        if caller is None:
            return 401, {"detail": "no"}
        if scope["method"] == "POST":
            sent = json.loads((await receive())["body"])
            row = await connection.fetchrow(
                INSERT, caller, sent["title"], sent["description"], datetime.now(UTC)
            )
            return 201, dict(row)
        if scope["path"].endswith("/items"):
            query = parse_qs(scope["query_string"].decode())
            limit = int(query["limit"][0])
            counted = "total" in query
            rows = await connection.fetch(COUNTED if counted else MANY, caller, limit + 1)
            items = [dict(row) for row in rows[:limit]]
            totals = [item.pop("total") for item in items] if counted else []
            return 200, {"items": items} | ({"total": totals[0]} if totals else {})
        row = await connection.fetchrow(ONE, caller, int(scope["path"].rsplit("/", 1)[1]))
        return 200, dict(row)


app = App()
