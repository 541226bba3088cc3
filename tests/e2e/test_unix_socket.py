"""Behind a proxy that connects by a Unix socket, clients are told apart by what the proxy says."""

import json
import socket
import uuid
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import pytest

from generated.projects import Project
from generated.server import Server, running
from generated.service import GUNICORN, PASSWORD, TOKEN, USERS, production
from generated.services import NewDatabase
from generated.windows import wait_for_window

pytestmark = [pytest.mark.slow, pytest.mark.by_day("sqlite")]

FAILURES = 5


class Proxy(HTTPConnection):
    """What a proxy on this machine is to the app: a connection by a socket, and a header."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=60)
        self._path = path

    def connect(self) -> None:
        """Connect to the socket."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))

    def send_for(self, client: str, path: str, body: str, kind: str) -> int:
        """Send what `client` has sent, and return the status of the answer."""
        headers = {"X-Forwarded-For": client, "Content-Type": f"application/{kind}"}
        self.request("POST", path, body, headers)
        response = self.getresponse()
        response.read()
        return response.status

    def register(self) -> str:
        """Make an account, and return its address."""
        email = f"{uuid.uuid4().hex}@example.com"
        body = json.dumps({"email": email, "password": PASSWORD})
        assert self.send_for("192.0.2.1", USERS, body, "json") == 201
        return email

    def log_in(self, client: str, email: str, password: str) -> int:
        """Ask for tokens, and return the status of the answer."""
        body = urlencode({"username": email, "password": password})
        return self.send_for(client, TOKEN, body, "x-www-form-urlencoded")


@pytest.fixture(scope="module")
def behind_proxy(
    shop: Project, new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, Path]]:
    """Gunicorn in production, on a socket. Paths of sockets are short: 107 bytes."""
    with TemporaryDirectory() as folder, new_database() as url:
        path = Path(folder) / "app.sock"
        env = production(url) | {"BIND": f"unix:{path}", "WEB_CONCURRENCY": "1"}
        shop.python("-m", "alembic", "upgrade", "head", env=env).must_succeed()
        with running(shop, tmp_path_factory.mktemp("logs"), *GUNICORN, env=env) as server:
            server.wait_for("Booting worker")
            yield server, path


@pytest.fixture
def proxy(behind_proxy: tuple[Server, Path]) -> Iterator[Proxy]:
    with closing(Proxy(behind_proxy[1])) as proxy:
        yield proxy


def test_failed_log_ins_of_one_client_do_not_lock_out_others(
    behind_proxy: tuple[Server, Path], proxy: Proxy
) -> None:
    # Before the first request: gunicorn closes a connection that is idle for as long.
    wait_for_window()
    email = proxy.register()
    tries = [proxy.log_in("203.0.113.7", email, "wrong") for _ in range(FAILURES + 1)]
    assert tries == [401] * FAILURES + [429]
    assert proxy.log_in("203.0.113.8", email, PASSWORD) == 200
    clients = {line.get("client") for line in behind_proxy[0].lines()}
    assert clients >= {"203.0.113.7", "203.0.113.8"}


def test_a_client_cannot_choose_its_address(proxy: Proxy) -> None:
    wait_for_window()
    email = proxy.register()
    # Proxies append the address of the client to what it has sent.
    forged = [f"198.51.100.{number}, unix, 203.0.113.9" for number in range(FAILURES + 1)]
    tries = [proxy.log_in(client, email, "wrong") for client in forged]
    assert tries == [401] * FAILURES + [429]
