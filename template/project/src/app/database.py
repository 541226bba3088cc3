import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, ClassVar, NoReturn

from sqlalchemy import Connection, Engine, MetaData, Table, TextClause, event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.orm.exc import StaleDataError

from app.columns.utc_datetime import UtcDateTime
from app.config import Settings
from app.core.exceptions import ConflictError
from app.engine import READING, WRITING, open_engine, violation

# A closed session stays closed: code that runs after the commit cannot write by accident.
SESSION_OPTIONS: dict[str, Any] = {"expire_on_commit": False, "close_resets_only": False}
READS_ONLY = re.compile(r"(?is)[\s(]*(SELECT|SHOW|WITH)\b(?!.*\b(INSERT|UPDATE|DELETE|MERGE)\b)")


class Base(DeclarativeBase):
    __table__: ClassVar[Table]

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {datetime: UtcDateTime}


class ReadOnlySession(Session):
    """The session of a request that only reads; it may have no transaction to roll back."""

    def get_bind(self, *args: Any, clause: Any = None, **options: Any) -> Engine | Connection:  # noqa: ANN401
        # For `connection()` and bulk operations it is None; `from_statement()` may have a `text()`.
        sql = getattr(clause, "element", clause)
        raw_write = isinstance(sql, TextClause) and not READS_ONLY.match(sql.text)
        if clause is None or clause.is_dml or raw_write:
            refuse_to_write()
        return super().get_bind(*args, clause=clause, **options)


@event.listens_for(ReadOnlySession, "before_flush")
def refuse_to_write(*_: object) -> NoReturn:
    raise RuntimeError("GET and HEAD requests cannot write: their session is read-only")


class Database:
    """The engine, and the factories of sessions that write and of sessions that only read."""

    def __init__(self, settings: Settings) -> None:
        engine = open_engine(settings)
        self.writers = async_sessionmaker(engine, execution_options=WRITING, **SESSION_OPTIONS)
        self.readers = async_sessionmaker(
            engine, sync_session_class=ReadOnlySession, execution_options=READING, **SESSION_OPTIONS
        )
        # Only for code without a session: this engine runs event listeners for every statement.
        self.engine = engine.execution_options(**WRITING)

    @asynccontextmanager
    async def transaction(self, *, read_only: bool = False) -> AsyncGenerator[AsyncSession]:
        """Commit once when the block ends; roll back when it raises.

        Raises ConflictError for a violated constraint; RuntimeError if a read-only session writes.
        """
        session = self.readers() if read_only else self.writers()
        try:
            yield session
            if read_only:
                session.sync_session.flush()
            else:
                await session.commit()
        except IntegrityError as error:
            conflict = self._conflict(error)
            if conflict is None:
                raise
            # Not chained: the driver's message repeats the values of the row.
            raise conflict from None
        except StaleDataError:
            raise ConflictError("was deleted in the meantime") from None
        finally:
            await session.close()

    @staticmethod
    def _conflict(error: IntegrityError) -> ConflictError | None:
        match violation(error, Base.metadata):
            case ("unique", columns):
                # The owner is the caller, and not a field of the request.
                fields = [column for column in columns if column != "owner_id"]
                return ConflictError(f"{' and '.join(fields)} already taken", fields=fields)
            case ("foreign_key", _) if (error.statement or "").startswith("DELETE"):
                # The columns are those of another table.
                return ConflictError("is still in use")
            case ("foreign_key", fields):
                return ConflictError("refers to a row that does not exist", fields=fields)
            case _:
                return None
