"""What a person does with a running app: settings to start it with, and accounts on it."""

import secrets
import uuid
from dataclasses import dataclass, field
from typing import Any

from generated.server import Answer, Server

PASSWORD = "correct horse battery"  # noqa: S105
USERS = "/api/v1/users"
ME = f"{USERS}/me"
TOKEN = "/api/v1/auth/token"  # noqa: S105

GUNICORN = ("gunicorn", "-c", "gunicorn.conf.py")


def development(database_url: str) -> dict[str, str]:
    """Return what differs from `.env` when gunicorn runs for a developer."""
    return {
        "DATABASE_URL": database_url,
        "BIND": "127.0.0.1:{port}",
        "WEB_CONCURRENCY": "3",
    }


def production(database_url: str) -> dict[str, str]:
    """Return settings that are safe."""
    return development(database_url) | {
        "ENVIRONMENT": "production",
        "DEBUG": "false",
        "SECRET_KEY": secrets.token_urlsafe(48),
    }


@dataclass
class Account:
    """A person, and what must not be seen by others."""

    server: Server
    email: str = field(default_factory=lambda: f"{uuid.uuid4().hex}@example.com")
    password: str = PASSWORD

    def register(self) -> Answer:
        """Make the account."""
        return self.server.send("POST", USERS, {"email": self.email, "password": self.password})

    def log_in(self, password: str | None = None, **options: Any) -> Answer:
        """Ask for tokens, on a connection of its own unless `client` says which."""
        client = options.pop("client", self.server)
        form = {"username": self.email, "password": password or self.password}
        answer: Answer = client.send("POST", TOKEN, form=form, **options)
        return answer

    def token(self) -> str:
        """Return an access token."""
        answer = self.log_in()
        assert answer.status == 200, answer.body
        token: str = answer.json["access_token"]
        return token
