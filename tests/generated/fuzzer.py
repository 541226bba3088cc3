"""Who schemathesis is while it fuzzes: its hooks, in a process of their own.

Fuzzing logs out, changes passwords and deletes its account, so these operations get an account of
their own each time; and an administrator who took its own rights away gets them back. Requests come
from one client after another, or rate limits would soon answer all of them.
"""

import json
import os
import subprocess
import uuid
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import schemathesis

from generated.known_failures import is_known
from generated.server import Answer, Client
from generated.service import ME, PASSWORD, TOKEN, USERS

ROLE = os.environ["FUZZED_AS"]
PORT = int(os.environ["FUZZED_PORT"])
CREATE_ADMIN: list[str] = json.loads(os.environ["FUZZED_CREATE_ADMIN"])
ENDING = {
    "POST /api/v1/auth/logout",
    "PUT /api/v1/users/me/password",
    "DELETE /api/v1/users/me",
}
REFUSED = {401, 403}
REQUESTS_OF_A_CLIENT = 20

requests = count()


def client() -> dict[str, str]:
    """Return the header that says, to a server that believes it, whose the next request is."""
    number = next(requests) // REQUESTS_OF_A_CLIENT
    return {"X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}


def send(method: str, path: str, data: object = None, **options: Any) -> Answer:
    """Send a request that is none of the fuzzer's."""
    connection = Client(PORT)
    try:
        return connection.send(method, path, data, headers=client(), **options)
    finally:
        connection.close()


@dataclass
class Account:
    """Whom requests are sent as."""

    email: str = field(default_factory=lambda: f"{uuid.uuid4().hex}@example.com")
    token: str = ""

    def register(self) -> "Account":
        """Make the account as anybody may."""
        made = send("POST", USERS, {"email": self.email, "password": PASSWORD})
        assert made.status == 201, made.body
        return self.log_in()

    def register_as_admin(self) -> "Account":
        """Make the account as operators do: there may be no administrator left."""
        subprocess.run([*CREATE_ADMIN, self.email], input=f"{PASSWORD}\n".encode(), check=True)
        return self.log_in()

    def log_in(self) -> "Account":
        form = {"username": self.email, "password": PASSWORD}
        answer = send("POST", TOKEN, form=form)
        assert answer.status == 200, answer.body
        self.token = answer.json["access_token"]
        return self

    def give_rights(self, user_id: int) -> str:
        """Make an account an active administrator; return its address."""
        rights = {"is_active": True, "is_admin": True}
        answer = send("PATCH", f"{USERS}/{user_id}", rights, token=self.token)
        assert answer.status == 200, answer.body
        email: str = answer.json["email"]
        return email

    def me(self) -> Answer:
        return send("GET", ME, token=self.token)


class Fuzzer:
    """The account of most requests, and a new one for each that would end it."""

    def __init__(self) -> None:
        self.account = Account()
        self.account = (
            self.account.register_as_admin() if ROLE == "admin" else self.account.register()
        )
        self.id: int = self.account.me().json["id"]

    def token_for(self, label: str) -> str:
        if label not in ENDING:
            return self.account.token
        other = Account().register()
        if ROLE == "admin":
            self.recover()
            self.account.give_rights(other.me().json["id"])
        return other.token

    def recover(self) -> None:
        """Give the account back what it has taken from itself."""
        me = self.account.me()
        if me.status == 200 and me.json["is_admin"] is (ROLE == "admin"):
            return
        if ROLE == "admin":
            self.account.email = Account().register_as_admin().give_rights(self.id)
        self.account.log_in()


if ROLE != "nobody":
    fuzzer = Fuzzer()

    @schemathesis.auth(refresh_interval=None)
    class Session:
        """Tells schemathesis that its requests have a token."""

        def get(self, _case: Any, _context: Any) -> str:
            return fuzzer.account.token

        def set(self, case: Any, token: str, _context: Any) -> None:
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}

    @schemathesis.hook
    def after_call(_context: Any, _case: Any, response: Any) -> None:
        if response.status_code in REFUSED:
            fuzzer.recover()


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
    case.headers = {**(case.headers or {}), **client()}
    if ROLE != "nobody" and case._has_explicit_auth and "Authorization" in case.headers:
        case.headers["Authorization"] = f"Bearer {fuzzer.token_for(case.operation.label)}"


@schemathesis.hook
def filter_failure(_context: Any, failure: Any, case: Any, response: Any) -> bool:
    return not is_known(failure, case, response)
