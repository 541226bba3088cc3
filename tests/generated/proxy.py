"""A TCP proxy in front of a database or Redis, which can fail as networks and servers do."""

import secrets
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qs, urlsplit, urlunsplit

from generated.ports import free_port

PIECE = 65536
AT_ONCE = struct.pack("ii", 1, 0)
LONGEST_RESET_SECONDS = 0.002


@dataclass
class Proxy:
    """Forwards connections, unless told to refuse, hang, reset or cut them."""

    upstream: tuple[str, int] | str
    _url: SplitResult
    port: int = field(default_factory=free_port)
    _listener: socket.socket | None = None
    _flowing: threading.Event = field(default_factory=threading.Event)
    _resetting: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _sockets: set[socket.socket] = field(default_factory=set)

    @property
    def url(self) -> str:
        """Where a program finds the upstream through here."""
        user = f"{self._url.username}@" if self._url.username else ""
        return urlunsplit(self._url._replace(netloc=f"{user}127.0.0.1:{self.port}"))

    def forward(self) -> None:
        """Let everything pass again, on the same port."""
        self._resetting.clear()
        self._flowing.set()
        if self._listener is None:
            self._listener = socket.create_server(("127.0.0.1", self.port), backlog=512)
            threading.Thread(target=self._accept, args=[self._listener], daemon=True).start()

    def hang(self) -> None:
        """Take connections and bytes, old and new, and never answer."""
        self._flowing.clear()

    def reset(self) -> None:
        """Break all connections, and new ones at some moment while they are opened."""
        self._resetting.set()
        self.cut()

    def refuse(self) -> None:
        """Be gone, as a server that was stopped."""
        if self._listener is not None:
            # Shutting down wakes the thread that accepts; closing alone does not.
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        self.cut()

    def close(self) -> None:
        """Be gone, and let all threads end."""
        self.refuse()
        self._flowing.set()

    def cut(self) -> None:
        """Break all connections, and take new ones."""
        with self._lock:
            for end in self._sockets:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=[near], daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        self._flowing.wait()
        if self._resetting.is_set():
            with near:
                time.sleep(secrets.randbelow(100) / 100 * LONGEST_RESET_SECONDS)
                near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
            return
        with near, suppress(OSError), self._connect() as far:
            with self._lock:
                self._sockets |= {near, far}
            back = threading.Thread(target=self._pump, args=[far, near], daemon=True)
            back.start()
            self._pump(near, far)
            back.join()
            with self._lock:
                self._sockets -= {near, far}

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(PIECE):
                self._flowing.wait()
                sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _connect(self) -> socket.socket:
        if isinstance(self.upstream, str):
            far = socket.socket(socket.AF_UNIX)
            far.connect(self.upstream)
            return far
        return socket.create_connection(self.upstream)


@contextmanager
def proxied(url: str) -> Iterator[Proxy]:
    """Yield a proxy in front of the PostgreSQL or Redis of this URL."""
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    upstream: tuple[str, int] | str
    if "host" in asked:
        upstream = f"{asked['host'][0]}/.s.PGSQL.{asked['port'][0]}"
    else:
        assert parts.hostname
        assert parts.port
        upstream = parts.hostname, parts.port
    proxy = Proxy(upstream, parts._replace(query=""))
    proxy.forward()
    try:
        yield proxy
    finally:
        proxy.close()
