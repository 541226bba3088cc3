"""What a generated API does is what its contract says, whatever is sent: fuzzing finds nothing.

Schemathesis reads the OpenAPI document of a project with resources of all types and accesses, and
sends what the document allows and what it does not, as an administrator, a user and nobody. To go
deeper: `FASTGEN_FUZZ_EXAMPLES=200 FASTGEN_FUZZ_SEEDS=3,4,5 uv run pytest -m "" -k contract`.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from generated.fuzzing import PHASES, SETTINGS, fuzz
from generated.openapi import Contract
from generated.projects import Project
from generated.server import Server, migrated, running
from generated.service import GUNICORN, development
from generated.services import NewDatabase

pytestmark = pytest.mark.slow

EXAMPLES = os.environ.get("FASTGEN_FUZZ_EXAMPLES", "10")
SEEDS = os.environ.get("FASTGEN_FUZZ_SEEDS", "1,2").split(",")
V1 = "/api/v1"
# No fuzzer knows passwords and tokens.
LUCK = {
    f"POST {V1}/auth/token",
    f"POST {V1}/auth/refresh",
    f"POST {V1}/auth/password-reset/confirm",
    f"POST {V1}/auth/verify-email/confirm",
    f"PUT {V1}/users/me/password",
}
FOR_ADMINISTRATORS = {
    f"GET {V1}/users",
    f"GET {V1}/users/stats",
    f"GET {V1}/users/{{user_id}}",
    f"PATCH {V1}/users/{{user_id}}",
    f"POST {V1}/notices",
    f"PATCH {V1}/notices/{{notice_id}}",
    f"DELETE {V1}/notices/{{notice_id}}",
}
FOR_ALL = {
    "GET /health",
    "GET /ready",
    # With the examples of the document, which are those of registration.
    f"POST {V1}/auth/token",
    f"POST {V1}/auth/refresh",
    f"POST {V1}/auth/password-reset",
    f"POST {V1}/auth/verify-email",
    f"POST {V1}/users",
    f"GET {V1}/reviews",
    f"GET {V1}/reviews/{{review_id}}",
}
BROKEN = """
from fastapi import Response

from app.main import get_app

app = get_app()


@app.get("/broken/crash/{number}")
async def crash(number: int) -> float:
    return 1 / (number // 100)


@app.get("/broken/status")
async def status(number: int) -> Response:
    return Response(status_code=418 if number % 2 else 200)


@app.get("/broken/schema")
async def schema(number: int) -> int:
    return Response("1" if number else "true", media_type="application/json")
"""
# Server error, undocumented status, answer that breaks its schema.
FOUND = {
    "GET /broken/crash/{number}": "ST101",
    "GET /broken/status": "ST103",
    "GET /broken/schema": "ST108",
}


@pytest.fixture(scope="module")
def target(
    shop: Project, new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    with new_database() as url:
        env = development(url) | SETTINGS | {"WEB_CONCURRENCY": "2"}
        with migrated(shop, tmp_path_factory.mktemp("logs"), *GUNICORN, env=env) as server:
            yield server


def allowed(role: str, every: set[str]) -> set[str]:
    """Return what a role may do, apart from what takes luck."""
    may = {"admin": every, "user": every - FOR_ADMINISTRATORS, "nobody": FOR_ALL}
    return may[role] - LUCK


@pytest.mark.parametrize(
    "seed", [SEEDS[0], *(pytest.param(seed, marks=pytest.mark.nightly) for seed in SEEDS[1:])]
)
@pytest.mark.parametrize(
    "role",
    [
        pytest.param("admin", marks=pytest.mark.nightly),
        pytest.param("user", marks=pytest.mark.by_day("sqlite")),
        pytest.param("nobody", marks=pytest.mark.nightly),
    ],
)
def test_fuzzing_finds_nothing(
    role: str, seed: str, shop: Project, target: Server, tmp_path: Path
) -> None:
    # What covers all limits is the same for every seed.
    phases = [phase for phase in PHASES if seed == SEEDS[0] or phase != "coverage"]
    options = ("--phases", ",".join(phases), "--max-examples", EXAMPLES, "--seed", seed)
    run = fuzz(shop, target, role, tmp_path, *options)
    assert run.code == 0, run.printed
    assert "Traceback" not in target.output

    every = {one.name for one in Contract(target).operations}
    assert {phase for phase in PHASES if run.tried(phase)} == set(phases)
    for phase in {"coverage", "fuzzing"}.intersection(phases):
        assert run.tried(phase) >= every, phase
    if role == "nobody":
        assert run.successful <= FOR_ALL
    else:
        assert run.share(401) < 0.05
    if "coverage" in phases:
        may = allowed(role, every)
        # Not all, for it takes luck to find a row before it is deleted, or to name oneself.
        assert len(may & run.successful) > len(may) * 0.6, may - run.successful


@pytest.mark.by_day("sqlite")
def test_fuzzing_finds_what_is_broken(shop: Project, database_url: str, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text(BROKEN, "utf-8")
    env = development(database_url) | SETTINGS | {"PYTHONPATH": str(tmp_path)}
    command = ("uvicorn", "broken:app", "--port", "{port}", "--log-level", "warning")
    with running(shop, tmp_path / "logs", *command, env=env) as server:
        server.wait("/ready")
        only = ("--include-path-regex", "^/broken/", "--max-examples", 10, "--seed", 1)
        run = fuzz(shop, server, "user", tmp_path / "report", *only)
    assert run.code == 1, run.printed
    for name, code in FOUND.items():
        assert code in run.findings[name], run.printed
