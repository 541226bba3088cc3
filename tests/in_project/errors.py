"""Readiness and errors of a project; run inside of a generated project."""

from collections.abc import Iterator
from typing import Any

import pytest
import test_errors
from app.config import Settings
from app.resources import open_resources
from app.schemas.page import Page
from app.schemas.user import UserResponse
from databases import Databases
from fastapi import FastAPI
from httpx2 import AsyncClient
from pydantic import BaseModel, ValidationError
from sqlalchemy import text
from test_errors import HASH, SHAPE

from conftest import make_settings, serve

broken_app, failing = test_errors.broken_app, test_errors.failing


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (UserResponse, {"email": [HASH]}),
        (Page[UserResponse], {"items": [{"email": [HASH]}]}),
    ],
)
def test_values_that_cannot_be_shown_are_not_repeated(
    model: type[BaseModel], values: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError, match="email") as error:
        model.model_validate(values)
    assert HASH not in str(error.value)


@pytest.mark.parametrize("value", ["NaN", "-Infinity", '"\\ud800"', "null", "{}"])
async def test_hostile_json_is_refused(failing: AsyncClient, value: str) -> None:
    headers = {"Content-Type": "application/json"}
    content = f'{{"value": {value}, "password": "private"}}'
    response = await failing.post("/number", content=content, headers=headers)

    assert response.status_code == 422
    assert set(response.json()) == SHAPE
    assert "private" not in response.text


@pytest.fixture
def empty_settings(databases: Databases) -> Iterator[Settings]:
    with databases.empty() as url:
        yield make_settings(url)


async def test_not_ready_on_an_empty_database(
    running_app: FastAPI, empty_settings: Settings
) -> None:
    async with serve(running_app, empty_settings) as client:
        assert (await client.get("/ready")).status_code == 503


async def test_ready_on_the_schema_of_a_newer_release(
    running_app: FastAPI, committed_settings: Settings
) -> None:
    async with (
        open_resources(committed_settings) as resources,
        resources.database.transaction() as session,
    ):
        await session.execute(text("UPDATE alembic_version SET version_num = 'from the future'"))

    async with serve(running_app, committed_settings) as client:
        assert (await client.get("/ready")).status_code == 200
