"""No log tells a secret, however much goes wrong, in production and while debugging."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from generated.logs import told
from generated.projects import Project
from generated.refusals import must_refuse
from generated.server import Answer, Server, migrated, new_source
from generated.service import GUNICORN, ME, USERS, Account, development, production
from generated.services import NewDatabase
from generated.shop import API, VALUES
from generated.sql import Sql, connected
from generated.windows import wait_for_window

pytestmark = pytest.mark.slow

REFRESH = "/api/v1/auth/refresh"
OUTAGE = 503
# Debugging says all that is said otherwise, and more.
MODES = {"production": production, "development": development}


@dataclass
class Story:
    """Somebody to whom everything happens, and what they would keep for themselves."""

    server: Server
    secrets: list[str] = field(default_factory=list)
    source: str = field(default_factory=new_source)
    token: str = ""

    def secret(self, text: str = "") -> str:
        """Return a text that must not be seen, at least eight characters of it new."""
        made = f"{text}{uuid.uuid4().hex}"
        self.secrets.append(made)
        return made

    def send(self, method: str, path: str, data: object = None, **options: Any) -> Answer:
        """Send a request with the token."""
        token = options.pop("token", self.token)
        return self.server.send(method, path, data, token=token, source=self.source, **options)

    def account(self) -> Account:
        """Make an account whose address and password are secrets."""
        email, password = f"{self.secret('ada')}@example.com", self.secret("horse ")
        account = Account(self.server, email, password, self.source)
        assert account.register().status == 201
        return account

    def tokens(self, account: Account) -> dict[str, str]:
        """Log in."""
        tokens = account.tokens()
        self.secrets += [part for token in tokens.values() for part in token.split(".")[1:]]
        return tokens

    def of_accounts(self) -> None:
        """Register, fail to, log in, fail to, and use tokens that have ended."""
        account = self.account()
        wrong = self.secret("wrong ")
        must_refuse(account.log_in(wrong), 401)
        must_refuse(account.register(), 409)
        must_refuse(self.send("POST", USERS, {"email": account.email, "password": "x"}), 422)
        must_refuse(self.send("POST", USERS, {self.secret("field"): 1}), 422)
        stranger = Account(self.server, f"{self.secret()}@example.com", source=self.source)
        must_refuse(stranger.log_in(self.secret()), 401)
        must_refuse(self.send("GET", ME, token=self.secret("not-a-token")), 401)
        must_refuse(self.send("GET", f"/nowhere?token={self.secret()}"), 404)
        must_refuse(self.send("GET", ME, headers={"Cookie": f"token={self.secret()}"}), 401)
        tokens = self.tokens(account)
        body = {"refresh_token": tokens["refresh_token"]}
        renewed = self.send("POST", REFRESH, body)
        self.secrets += [renewed.json["access_token"], renewed.json["refresh_token"]]
        must_refuse(self.send("POST", REFRESH, body), 401)
        must_refuse(self.send("POST", REFRESH, {"refresh_token": self.secret()}), 401)
        self.token = self.tokens(account)["access_token"]
        new = self.secret("battery ")
        change = {"current_password": wrong, "new_password": new}
        must_refuse(self.send("PUT", f"{ME}/password", change), 403)
        change["current_password"] = account.password
        assert self.send("PUT", f"{ME}/password", change).status == 204
        taken = {"email": self.account().email}
        must_refuse(self.send("PATCH", ME, taken | {"current_password": wrong}), 403)
        must_refuse(self.send("PATCH", ME, taken | {"current_password": new}), 409)
        assert self.send("PATCH", ME, {"full_name": self.secret("Ada ")}).status == 200
        wait_for_window()
        assert [account.log_in(wrong).status for _ in range(6)][-1] == 429

    def of_rows(self) -> None:
        """Make rows, and meet every constraint that there is."""
        category = {"name": self.secret("kind ")}
        made = self.send("POST", f"{API}/categories", category)
        must_refuse(self.send("POST", f"{API}/categories", category), 409)
        private: dict[str, Any] = {
            "name": self.secret(),
            "note": self.secret(),
            "secret": self.secret(),
        }
        private |= {"meta": {"in": self.secret()}, "tags": [self.secret()]}
        private |= {"contact": f"{self.secret()}@example.com"}
        device = VALUES | private | {"category_id": made.json["id"]}
        assert self.send("POST", f"{API}/devices", device).status == 201
        must_refuse(self.send("POST", f"{API}/devices", device), 409)
        must_refuse(self.send("POST", f"{API}/devices", device | {"category_id": 2**62}), 409)
        must_refuse(self.send("POST", f"{API}/devices", device | {"count": self.secret()}), 422)
        assert len(self.send("GET", f"{API}/devices?search={private['name']}").json["items"]) == 1

    def of_accidents(self, sql: Sql, database: str) -> list[Answer]:
        """Break the database behind the server's back, and write."""
        text = {"name": self.secret("place-")}
        answers = []
        if database == "postgresql":
            # Its complaint repeats the row.
            sql("ALTER TABLE places ADD CONSTRAINT never CHECK (length(name) < 5)")
            answers.append(self.send("POST", f"{API}/places", text))
            sql("ALTER TABLE places DROP CONSTRAINT never")
            sql("ALTER TABLE places ALTER COLUMN name TYPE varchar(4)")
            # Once in each process a statement was planned before that.
            while (answer := self.send("POST", f"{API}/places", text)).status == OUTAGE:
                pass
            answers.append(answer)
        else:
            sql(
                "CREATE TRIGGER never BEFORE INSERT ON places"
                " BEGIN SELECT RAISE(ABORT, 'never'); END"
            )
            answers.append(self.send("POST", f"{API}/places", text))
        sql(f"""UPDATE devices SET tags = '"{self.secret("tag ")}"'""")  # noqa: S608
        answers.append(self.send("GET", f"{API}/devices"))
        sql("DROP TABLE places")
        answers.append(self.send("POST", f"{API}/places", text))
        answers.append(self.send("GET", f"{API}/places"))
        sql("ALTER TABLE users RENAME COLUMN hashed_password TO gone")
        lost = Account(self.server, f"{self.secret()}@example.com", self.secret(), self.source)
        answers += [lost.register(), lost.log_in()]
        return answers


@pytest.fixture(scope="module", params=MODES)
def mode(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def story(
    mode: str,
    database: str,
    shop: Project,
    new_database: NewDatabase,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Story]:
    """Tell it once, on a server of its own, which has ended then: all is written."""
    with new_database() as url:
        # Without mail, which a developer's server prints with its address and token.
        common = {"LOG_LEVEL": "DEBUG", "WEB_CONCURRENCY": "1", "MAIL_BACKEND": "off"}
        env = MODES[mode](url) | common
        with migrated(shop, tmp_path_factory.mktemp("logs"), *GUNICORN, env=env) as server:
            story = Story(server, [env.get("SECRET_KEY") or shop.settings()["SECRET_KEY"]])
            story.of_accounts()
            story.of_rows()
            with connected(shop, url) as sql:
                accidents = story.of_accidents(sql, database)
        for answer in accidents:
            must_refuse(answer, 500)
            assert told(answer.body.decode(), story.secrets) == []
        yield story


def test_no_secret_is_told(story: Story) -> None:
    assert len(story.secrets) > 20
    assert told(story.server.output, story.secrets) == []


def test_accidents_are_told_with_their_place_in_the_code(story: Story, database: str) -> None:
    assert story.server.output.count("database_error") == (6 if database == "postgresql" else 5)
    assert "services/place.py" in story.server.output
    assert story.server.output.count("unhandled_error") == 1


def test_production_writes_json(story: Story, mode: str) -> None:
    if mode == "production":
        lines = story.server.lines()
        assert all({"event", "level", "timestamp", "logger"} <= set(line) for line in lines)
        requests = [line for line in lines if line["logger"] == "app.access"]
        assert len(requests) > 20
        assert all({"method", "path", "status", "duration_ms"} <= set(line) for line in requests)
        ids = {line["request_id"] for line in requests}
        assert len(ids) == len(requests)
        # Whatever the app says, it says of a request.
        within = [line for line in lines if line["logger"].startswith("app.")]
        assert all(line["request_id"] in ids for line in within)


def test_logins_are_told(story: Story) -> None:
    for text in ("login_succeeded", "login_failed", "INVALID_CREDENTIALS", "TOO_MANY_REQUESTS"):
        assert text in story.server.output


def test_a_request_is_found_by_its_id(served: Server, tmp_path: Path) -> None:
    unique = tmp_path.name.replace("_", "-") + uuid.uuid4().hex[:8]
    path = "/nowhere?token=in-the-query"
    answer = served.send("GET", path, headers={"X-Request-ID": unique})
    assert (answer.status, answer.json["request_id"]) == (404, unique)
    # A worker answers first and logs then.
    served.wait_for(f'"{unique}"')
    (line,) = [line for line in served.lines() if line.get("request_id") == unique]
    assert (line["path"], line["status"]) == ("/nowhere", 404)
    assert "in-the-query" not in served.output
