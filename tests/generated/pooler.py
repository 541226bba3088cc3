"""A PgBouncer in transaction mode, between a generated project and its PostgreSQL."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from socket import create_connection
from urllib.parse import parse_qs, urlsplit

from generated.ports import free_port
from generated.services import give_up

# Where Debian's package puts it, which is on root's PATH only.
PROGRAM = shutil.which("pgbouncer", path=os.pathsep.join([os.environ["PATH"], "/usr/sbin"]))
START_SECONDS = 30
CERTIFICATE = (
    *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
    *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
    *("-keyout", "server.key", "-out", "server.crt"),
)
SETTINGS = """
[databases]
* = {upstream}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {connections}
max_client_conn = 300
client_tls_sslmode = allow
client_tls_key_file = {folder}/server.key
client_tls_cert_file = {folder}/server.crt
{privileges}
"""


@dataclass(frozen=True)
class Pooler:
    """Where it listens, and the certificate that it shows to those who ask for TLS."""

    port: int
    certificate: Path

    def url(self, database_url: str, scheme: str = "postgresql+asyncpg", query: str = "") -> str:
        """Return the URL of a database through here, as a platform might give it."""
        name = urlsplit(database_url).path
        return f"{scheme}://app:a%2Fpassword@localhost:{self.port}{name}{query}"


@contextmanager
def pooled(database_url: str, *, connections: int = 4) -> Iterator[Pooler]:
    """Run a PgBouncer that shares a few connections to the server of this URL among all."""
    if PROGRAM is None:
        give_up("No pgbouncer, neither on PATH nor in /usr/sbin; see .ci/install-container-tools.")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="pgbouncer-") as name:
        folder = Path(name)
        subprocess.run(CERTIFICATE, cwd=folder, check=True, capture_output=True)
        file = folder / "pgbouncer.ini"
        file.write_text(
            SETTINGS.format(
                upstream=_upstream(database_url),
                port=port,
                connections=connections,
                folder=folder,
                privileges="user = nobody" if os.geteuid() == 0 else "",
            )
        )
        if os.geteuid() == 0:
            for path in (folder, *folder.iterdir()):
                shutil.chown(path, "nobody")
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen([PROGRAM, file], stdin=subprocess.DEVNULL, stderr=log)
        try:
            _wait(port, process, folder / "log")
            yield Pooler(port, folder / "server.crt")
        finally:
            process.terminate()
            process.wait()


def _upstream(url: str) -> str:
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    host = query.get("host", [parts.hostname])[0]
    port = query.get("port", [parts.port or 5432])[0]
    return f"host={host} port={port} user={parts.username}"


def _wait(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    give_up_at = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up_at and process.poll() is None:
        with suppress(OSError), create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError(f"pgbouncer does not answer:\n{log.read_text('utf-8')}")
