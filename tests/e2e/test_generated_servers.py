"""Generated projects serve: their two servers, real sockets, both databases."""

import json
import re
from pathlib import Path

import pytest

from generated import variants
from generated.ports import free_port
from generated.projects import Project, Workshop
from generated.server import Server, running
from generated.service import ME, SHELL, USERS, Account

pytestmark = pytest.mark.slow


def assert_serves(server: Server) -> None:
    """Register, log in, read and change oneself, and be refused without a good token."""
    account = Account(server)
    created = account.register()
    assert (created.status, created.json["email"]) == (201, account.email)
    token = account.token()
    assert server.send("GET", ME, token=token).json["email"] == account.email
    changed = server.send("PATCH", ME, {"full_name": "Ada Lovelace"}, token=token)
    assert (changed.status, changed.json["full_name"]) == (200, "Ada Lovelace")
    assert server.send("GET", ME, token=token).json["full_name"] == "Ada Lovelace"
    for bad in (None, "nonsense", token[:-4] + "AAAA", token.rpartition(".")[0] + "."):
        refused = server.send("GET", ME, token=bad)
        assert (refused.status, refused.headers["www-authenticate"]) == (401, "Bearer")
    for path in ("/health", "/ready"):
        for method in ("GET", "HEAD"):
            assert server.send(method, path).status == 200


def test_fastapi_dev_serves_at_once(
    project: Project, database: str, database_url: str, tmp_path: Path
) -> None:
    # On SQLite there is nothing to set: this is the line of the README.
    env = {"DATABASE_URL": database_url} if database == "postgresql" else {}
    env |= SHELL
    with running(project, tmp_path, "fastapi", "dev", "--port", "{port}", env=env) as server:
        server.wait()
        assert_serves(server)
        assert f"http://127.0.0.1:{server.port}/docs" in server.output
        docs = server.send("GET", "/docs")
        assert (docs.status, docs.headers["location"]) == (307, "api/docs")
        assert server.send("GET", "/api/docs").status == 200
        assert USERS in server.send("GET", "/api/v1/openapi.json").json["paths"]
    assert "Traceback" not in server.output
    assert project.run("git", "status", "--porcelain").must_succeed() == ""


def test_fastapi_dev_without_a_postgresql_says_which_command_starts_one(
    workshop: Workshop, tmp_path: Path
) -> None:
    answers = variants.default() | {"database": "postgresql"}
    project = workshop.project("served-postgresql", answers)
    env = {"DATABASE_URL": f"postgresql+asyncpg://shop_api@127.0.0.1:{free_port()}/shop_api"}
    readme = (project.path / "README.md").read_text("utf-8")
    (command,) = re.findall(r"^.*docker compose .*up.* database$", readme, re.MULTILINE)
    with running(project, tmp_path, "fastapi", "dev", "--port", "{port}", env=env) as server:
        server.wait_for(command)


def test_gunicorn_serves_with_several_workers(served: Server) -> None:
    assert_serves(served)
    assert len(set(re.findall(r"Booting worker with pid: (\d+)", served.output))) == 3


def test_an_admin_is_made_from_a_pipe(shop: Project, served: Server) -> None:
    admin, other = Account(served), Account(served)
    assert other.register().status == 201
    command = ("python", "-m", "app", "create-admin", admin.email)
    made = shop.uv_run(*command, env=served.environment, given=f"{admin.password}\n")
    assert admin.password not in made.must_succeed()
    users = served.send("GET", f"{USERS}?search={other.email}", token=admin.token())
    assert [user["email"] for user in users.json["items"]] == [other.email]
    assert served.send("GET", USERS, token=other.token()).status == 403
    again = shop.uv_run(*command, env=served.environment, given=f"{admin.password}\n")
    assert (again.code, "Traceback" in again.out) == (1, False)


@pytest.mark.by_day("sqlite")
def test_an_account_is_promoted_once_that_is_confirmed(shop: Project, served: Server) -> None:
    account = Account(served)
    assert account.register().status == 201
    token = account.token()
    command = ("python", "-m", "app", "create-admin", account.email.upper())
    for answer, code, status in (("n\n", 1, 403), ("", 1, 403), ("y\n", 0, 200)):
        done = shop.uv_run(*command, env=served.environment, given=answer)
        assert (done.code, "Traceback" in done.out) == (code, False), done.out
        assert served.send("GET", USERS, token=token).status == status


@pytest.mark.by_day("sqlite")
def test_the_document_is_written_without_a_configuration(
    shop: Project, shop_server: Server, tmp_path: Path
) -> None:
    python = str(shop.path / ".venv" / "bin" / "python")
    document = tmp_path / "openapi.json"
    document.write_text(
        shop.run("env", "-C", str(tmp_path), python, "-m", "app", "openapi").must_succeed(), "utf-8"
    )
    served = shop_server.send("GET", "/api/v1/openapi.json").json
    assert json.loads(document.read_text("utf-8")) == served
