"""What a person does with a running app: settings to start it with, and accounts on it."""

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from generated.projects import Project
from generated.server import Answer, Server, new_source

PASSWORD = "correct horse battery"  # noqa: S105
USERS = "/api/v1/users"
ME = f"{USERS}/me"
TOKEN = "/api/v1/auth/token"  # noqa: S105

ORIGIN = "https://app.example.com"
GUNICORN = ("gunicorn", "-c", "gunicorn.conf.py")
# What a shell has for other programs: neither the app nor its tests fetch anything.
SHELL = {
    "ALL_PROXY": "socks5://127.0.0.1:1",
    "https_proxy": "socks5://127.0.0.1:1",
    "SSL_CERT_FILE": "/no/such/file",
    "SSL_CERT_DIR": "/no/such/folder",
}


# Hashes of passwords are most of what many requests cost: as cheap as they may be.
CHEAP = {"PASSWORD_HASHING__MEMORY_KIB": "64", "PASSWORD_HASHING__ITERATIONS": "1"}
SAFE = {"PASSWORD_HASHING__MEMORY_KIB": "19456", "PASSWORD_HASHING__ITERATIONS": "2"}


def development(database_url: str) -> dict[str, str]:
    """Return what differs from `.env` when gunicorn runs for a developer."""
    return {
        "DATABASE_URL": database_url,
        "BIND": "127.0.0.1:{port}",
        "WEB_CONCURRENCY": "3",
        **CHEAP,
    }


def production(database_url: str, hashing: Mapping[str, str] = SAFE) -> dict[str, str]:
    """Return settings that are safe; those of hashing are the defaults if there are none."""
    common = {name: value for name, value in development(database_url).items() if name not in CHEAP}
    return {
        **common,
        **hashing,
        "ENVIRONMENT": "production",
        "DEBUG": "false",
        "MAIL_BACKEND": "off",
        "SECRET_KEY": secrets.token_urlsafe(48),
    }


@dataclass
class Account:
    """A person with a computer, and what must not be seen by others."""

    server: Server
    email: str = field(default_factory=lambda: f"{uuid.uuid4().hex}@example.com")
    password: str = PASSWORD
    source: str = field(default_factory=new_source)

    def register(self) -> Answer:
        """Make the account."""
        body = {"email": self.email, "password": self.password}
        return self.server.send("POST", USERS, body, source=self.source)

    def log_in(self, password: str | None = None, **options: Any) -> Answer:
        """Ask for tokens, on a connection of its own unless `client` says which."""
        client = options.pop("client", None)
        if client is None:
            client, options["source"] = self.server, options.get("source", self.source)
        form = {"username": self.email, "password": password or self.password}
        answer: Answer = client.send("POST", TOKEN, form=form, **options)
        return answer

    def tokens(self) -> dict[str, str]:
        """Return a pair of tokens."""
        answer = self.log_in()
        assert answer.status == 200, answer.body
        return {name: answer.json[name] for name in ("access_token", "refresh_token")}

    def token(self) -> str:
        """Return an access token."""
        return self.tokens()["access_token"]


def make_admin(project: Project, server: Server) -> Account:
    """Make an administrator as the README says, with the settings of a server."""
    account = Account(server)
    command = ("-m", "app", "create-admin", account.email)
    project.python(*command, env=server.environment, given=f"{account.password}\n").must_succeed()
    return account
