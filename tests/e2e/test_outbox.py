"""A round of the sender costs the same however many mails were sent, are waiting or are old."""

import json

import pytest

from generated.projects import Project

pytestmark = pytest.mark.slow

ROWS, OLD = 30_000, 200
# Fills the table, delivers one mail, and tells how the statements found their rows.
ROUND = f"""
import asyncio, json, sys
from datetime import timedelta
from sqlalchemy import Engine, event, func, insert, select, text
from app.config import Settings
from app.database import Database
from app.migrate import upgrade
from app.models import AccountMail
from app.models.mixins import utc_now
from app.services.account_mail import AccountMailService
from app.services.mail_delivery import deliver_next

PLAN = {{"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}}

async def main(url):
    settings = Settings(database_url=url, environment="test", mail_backend="off")
    await asyncio.to_thread(upgrade, settings)
    database = Database(settings)
    now, statements, plans = utc_now(), [], []
    async with database.transaction() as session:
        for name, count, asked_at, due_at in (
            ("sent", {ROWS}, now, None),
            ("waiting", {ROWS}, now, now),
            ("old", {OLD}, now - timedelta(days=9), None),
        ):
            mail = {{"kind": "verify-email", "asked_at": asked_at, "due_at": due_at}}
            mails = [mail | {{"email": f"{{name}}-{{n}}@example.com"}} for n in range(count)]
            await session.execute(insert(AccountMail.__table__), mails)
    async with database.engine.begin() as connection:
        await connection.execute(text("ANALYZE"))

    @event.listens_for(Engine, "before_cursor_execute")
    def keep(_connection, _cursor, statement, parameters, _context, _many):
        if statement.startswith(("SELECT", "DELETE")) and "account_mails" in statement:
            statements.append((statement, parameters))

    assert await deliver_next(settings, database)
    async with database.engine.connect() as connection:
        for statement, parameters in list(statements):
            plan = PLAN[connection.dialect.name] + statement
            found = await connection.exec_driver_sql(plan, parameters)
            plans.append([str(row[-1]) for row in found])
        left = await connection.scalar(select(func.count()).select_from(AccountMail))
    print(json.dumps({{"plans": plans, "deleted": 2 * {ROWS} + {OLD} - left}}))

asyncio.run(main(sys.argv[1]))
"""


def test_a_round_finds_its_rows_by_an_index(project: Project, database_url: str) -> None:
    printed = project.uv_run("python", "-c", ROUND, database_url).must_succeed()
    told = json.loads(printed.splitlines()[-1])
    # That many at once, so that no sender keeps the others from the table for long.
    assert told["deleted"] == 100
    assert len(told["plans"]) >= 3
    for plan in told["plans"]:
        assert "Seq Scan" not in str(plan), plan
        assert "Sort" not in str(plan), plan
        assert not [step for step in plan if step.startswith("SCAN") and "INDEX" not in step], plan
    # What is old is found by both columns: of those that were sent, there are many.
    (cleaning,) = [plan for plan in told["plans"] if "asked_at" in str(plan)]
    assert "due_at" in str(cleaning)
