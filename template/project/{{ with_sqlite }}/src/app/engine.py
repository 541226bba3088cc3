"""Connections, transactions and errors of SQLite."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from os.path import samestat
from pathlib import Path
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Connection, NullPool, PoolResetState, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from app.config import Settings

UNREACHABLE_HINT = (
    "DATABASE_URL must name a file in a writable folder; `alembic upgrade head` makes it."
)
LONGEST_MIGRATION_SECONDS = 300
# Execution options of sessions; those that only read take no write lock.
WRITING: dict[str, Any] = {}
READING = {"read_only": True}
# Raised if the file is locked, full, read-only or broken, and with SQLITE_ERROR for wrong statements.
OUTAGES = {sqlite3.OperationalError, sqlite3.DatabaseError}


def open_engine(settings: Settings) -> AsyncEngine:
    """Return an engine with a pool of connections to the file, which must exist."""
    file = Path(make_url(settings.database_url).database or "")
    engine = create_async_engine(
        settings.database_url,
        pool_size=settings.database_pool_size,
        max_overflow=settings.database_max_overflow,
        pool_timeout=settings.database_timeout_seconds,
        connect_args={"timeout": settings.database_timeout_seconds},
        json_deserializer=from_json,
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "connect", _prepare_connection)
    event.listen(engine.sync_engine, "begin", _begin)
    event.listen(engine.sync_engine, "reset", _undo_failed_commit)

    @event.listens_for(engine.sync_engine, "do_connect")
    def refuse_missing_file(_: object, record: ConnectionPoolEntry, *_arguments: object) -> None:
        # Only migrations may create it: an empty file would hide that the database is gone.
        try:
            record.info["file"] = file.stat()
        except OSError as error:
            raise ConnectionError(*error.args) from None

    @event.listens_for(engine.sync_engine, "connect")
    def enforce_foreign_keys(connection: Any, _: object) -> None:  # noqa: ANN401
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine.sync_engine, "checkout")
    def refuse_replaced_file(_: object, record: ConnectionPoolEntry, _pooled: object) -> None:
        # SQLite would go on with the file that it opened, although that was deleted.
        with suppress(OSError):
            if samestat(file.stat(), record.info["file"]):
                return
        raise DisconnectionError

    return engine


@asynccontextmanager
async def migration_connection(settings: Settings) -> AsyncGenerator[AsyncConnection]:
    """Connect as the only process that migrates, and without foreign keys: tables are replaced."""
    engine = create_async_engine(settings.database_url, poolclass=NullPool, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _prepare_connection)
    event.listen(engine.sync_engine, "begin", _begin)
    # The lock is on another file, since migrations may end transactions.
    url = make_url(f"{settings.database_url}-migration").set(drivername="sqlite")
    options = {"timeout": LONGEST_MIGRATION_SECONDS, "check_same_thread": False}
    with create_engine(url, poolclass=NullPool, connect_args=options).connect() as lock:
        await asyncio.to_thread(lock.exec_driver_sql, "BEGIN IMMEDIATE")
        async with engine.connect() as connection:
            yield connection


def is_outage(error: DBAPIError) -> bool:
    """Return True if the database is unreachable or busy, and the statement may be right."""
    code = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    return error.connection_invalidated or (
        type(error.orig) in OUTAGES and code != sqlite3.SQLITE_ERROR
    )


def diagnosis(error: DBAPIError) -> dict[str, str]:
    """Return what may be logged of a failed statement: SQLite names columns, but no values."""
    return {"sqlite_error": getattr(error.orig, "sqlite_errorname", ""), "message": str(error.orig)}


def violation(error: IntegrityError, _metadata: object) -> tuple[str, list[str]] | None:
    """Return the kind of the violated constraint and its columns, which SQLite names if unique."""
    kind, _, columns = str(error.orig).partition(" constraint failed")
    if kind == "UNIQUE":
        return "unique", [column.strip(": ").split(".")[-1] for column in columns.split(",")]
    if kind == "FOREIGN KEY":
        return "foreign_key", []
    return None


def _prepare_connection(connection: Any, _record: object) -> None:  # noqa: ANN401
    # The driver would begin transactions too late, which breaks savepoints.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


def _begin(connection: Connection) -> None:
    # A transaction that first reads and then writes fails if another one wrote in between; one
    # that takes the write lock first waits instead.
    options = connection.get_execution_options()
    if options.get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN" if options.get("read_only") else "BEGIN IMMEDIATE")


def _undo_failed_commit(connection: Any, _record: object, state: PoolResetState) -> None:  # noqa: ANN401
    # After a failed COMMIT, SQLAlchemy takes the transaction for ended, but SQLite does not and
    # would keep the write lock.
    if state.transaction_was_reset and connection.driver_connection.in_transaction:
        connection.rollback()
