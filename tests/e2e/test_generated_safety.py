"""Generated projects on guard: unsafe settings, guessed passwords, talkative logs, SIGTERM."""

import json
import re
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from generated.projects import Done, Project
from generated.server import Client, Server, running
from generated.service import GUNICORN, ME, USERS, Account, production
from generated.services import find_redis

pytestmark = pytest.mark.slow

TRIES = 10
TIMED_OUT = 124
UNHEARD = "a password that nobody logs"
FORGED = "not-a-token"
# Whatever the words around it: Argon2's and bcrypt's hashes, and tokens.
SECRETS = re.compile(r"\$argon2|\$2[aby]\$|eyJ[\w-]+\.[\w-]+|Bearer ")
UNSAFE = {
    "all at once": (
        {"DEBUG": "true", "CORS_ORIGINS": "*", "SECRET_KEY": "changeme-" * 8},
        ["DEBUG", "CORS_ORIGINS", "SECRET_KEY"],
    ),
    "a short secret": ({"SECRET_KEY": "tR4$b9!x"}, ["SECRET_KEY"]),
    "no secret": ({"SECRET_KEY": ""}, ["SECRET_KEY"]),
    "a repetitive secret": ({"SECRET_KEY": "abcab" * 10}, ["SECRET_KEY"]),
    "replicas that migrate": ({"MIGRATE_ON_START": "true"}, ["MIGRATE_ON_START"]),
    "another driver": ({"DATABASE_URL": "mysql://a:b@127.0.0.1/c"}, ["DATABASE_URL"]),
}


def refusal(project: Project, env: dict[str, str]) -> Done:
    # Were it to start after all, it would end soon.
    return project.run("timeout", "60", "uv", "run", *GUNICORN, env=env | {"BIND": "[::1]:0"})


@pytest.mark.parametrize("case", UNSAFE)
def test_production_refuses_unsafe_settings_by_name(
    case: str, project: Project, database_url: str
) -> None:
    unsafe, named = UNSAFE[case]
    done = refusal(project, production(database_url) | unsafe)
    assert done.code not in {0, TIMED_OUT}, done.out
    for name in named:
        assert name.lower() in done.out.lower(), done.out
    secret = unsafe.get("SECRET_KEY")
    assert not secret or secret not in done.out


def test_production_refuses_the_password_of_development(project: Project, database: str) -> None:
    if database == "postgresql":
        done = refusal(project, production(project.settings()["DATABASE_URL"]))
        assert done.code not in {0, TIMED_OUT}, done.out
        assert "DATABASE_URL must not hold the development password" in done.out


def guess(account: Account, sent: Server | Client, **options: object) -> list[int]:
    """Return the answers to wrong passwords, each from elsewhere if its header were believed."""
    statuses = []
    for number in range(TRIES):
        headers = {"X-Forwarded-For": f"203.0.113.{number}"}
        answer = account.log_in(f"wrong {number}", client=sent, headers=headers, **options)
        statuses.append(answer.status)
        if answer.status == 429:
            assert int(answer.headers["retry-after"]) > 0
            assert answer.json["error_code"] == "TOO_MANY_REQUESTS"
    return statuses


def assert_throttled(statuses: list[int]) -> None:
    assert statuses[0] == 401
    assert statuses[-1] == 429
    assert statuses == sorted(statuses)


def test_guessing_a_password_is_throttled(served: Server) -> None:
    account, other = Account(served), Account(served)
    assert [account.register().status, other.register().status] == [201, 201]
    client = Client(served.port)
    assert_throttled(guess(account, client))
    # Not even the right password is looked at now, but others are not locked out.
    assert account.log_in(client=client).status == 429
    assert other.log_in(client=client).status == 200
    client.close()


def test_all_workers_count_together_in_redis(
    project: Project,
    database_url: str,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    with find_redis(project) as redis_url:
        record_property("service", redis_url.partition("//")[2].partition("/")[0])
        env = production(database_url) | {"REDIS_URL": redis_url}
        project.uv_run("alembic", "upgrade", "head", env=env).must_succeed()
        with running(project, tmp_path, *GUNICORN, env=env) as server:
            server.wait("/ready")
            assert server.send("GET", "/ready").status == 200
            account, other = Account(server), Account(server)
            assert [account.register().status, other.register().status] == [201, 201]
            # Each try is a connection of its own, which any worker may get.
            assert_throttled(guess(account, server))
            assert {account.log_in().status for _ in range(TRIES)} == {429}
            assert other.log_in().status == 200


def test_a_running_request_is_finished_before_the_server_stops(
    project: Project, database_url: str, tmp_path: Path
) -> None:
    env = production(database_url)
    project.uv_run("alembic", "upgrade", "head", env=env).must_succeed()
    body = json.dumps({"email": "ada@example.com", "password": "correct horse battery"}).encode()
    head = (
        f"POST {USERS} HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    ).encode()
    with running(project, tmp_path, *GUNICORN, env=env) as server:
        server.wait("/ready")
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
            connection.sendall(head + body[:10])
            time.sleep(0.5)  # the app waits for the rest of the body now
            server.process.terminate()
            time.sleep(1)
            connection.sendall(body[10:])
            answer = b"".join(iter(lambda: connection.recv(4096), b""))
        assert answer.startswith(b"HTTP/1.1 201 "), answer
        assert server.process.wait(30) == 0
    assert "Traceback" not in server.output


def test_production_logs_are_json_and_hold_no_secrets(served: Server) -> None:
    account = Account(served, password=UNHEARD)
    assert account.register().status == 201
    tokens = account.log_in().json
    assert account.log_in("wrong, but still not logged").status == 401
    token = tokens["access_token"]
    assert served.send("GET", ME, token=token).status == 200
    assert served.send("GET", ME, token=FORGED).status == 401
    refresh = {"refresh_token": tokens["refresh_token"]}
    assert served.send("POST", "/api/v1/auth/refresh", refresh).status == 200
    assert served.send("POST", "/api/v1/auth/refresh", refresh).status == 401
    twice = {"email": account.email, "password": account.password}
    assert served.send("POST", USERS, twice).status == 409
    assert served.send("POST", USERS, twice | {"email": "none"}).status == 422
    asked = served.send("GET", "/nowhere?token=in-the-query", headers={"X-Request-ID": "my-id"})
    assert (asked.status, asked.headers["x-request-id"]) == (404, "my-id")

    # A worker answers first and logs then.
    served.wait_for('"my-id"')
    lines = [json.loads(line) for line in served.stdout.splitlines()]
    requests = [line for line in lines if line["event"] == "request"]
    assert all({"request_id", "method", "path", "status", "timestamp"} <= set(r) for r in requests)
    (mine,) = (line for line in requests if line["request_id"] == "my-id")
    assert (mine["path"], mine["status"]) == ("/nowhere", 404)
    secret = [
        *(account.password, "wrong, but", token, tokens["refresh_token"], FORGED),
        *(served.environment["SECRET_KEY"], "in-the-query"),
    ]
    assert [text for text in secret if text in served.output] == []
    assert not SECRETS.search(served.output)
    assert [line for line in lines if line["level"] in {"error", "critical"}] == []
