"""A mail server for generated projects, which can be away, hang, be slow, or break off."""

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

LONGEST_SECONDS = 40
HANGS_SECONDS = 20


@dataclass
class Mailbox:
    """What has arrived, and how the server behaves.

    That is well, hangs, holds, slow, cut or refuses; it always refuses addresses with `nobody`.
    """

    port: int = 0
    behaves: str = "well"
    received: list[EmailMessage] = field(default_factory=list)
    connections: int = 0

    def sent_to(self, email: str) -> list[EmailMessage]:
        """Return the mails to an address."""
        return [mail for mail in self.received if mail["To"] == email]

    def wait_for(self, email: str, count: int = 1) -> EmailMessage:
        """Return the last mail to an address, once there are so many."""
        give_up_at = time.monotonic() + LONGEST_SECONDS
        while len(self.sent_to(email)) < count:
            assert time.monotonic() < give_up_at, [str(mail["To"]) for mail in self.received]
            time.sleep(0.05)
        return self.sent_to(email)[-1]

    def wait_for_connections(self, count: int) -> None:
        """Wait until the app has connected so often."""
        give_up_at = time.monotonic() + LONGEST_SECONDS
        while self.connections < count:
            assert time.monotonic() < give_up_at, self.connections
            time.sleep(0.05)


def text_of(mail: EmailMessage) -> str:
    """Return the plain text of a mail."""
    part = mail.get_body(("plain",))
    assert part
    return str(part.get_content())


class Listener(socketserver.ThreadingTCPServer):
    """Listens on the loopback interface, and shares its mailbox with all connections."""

    daemon_threads = True

    def __init__(self, mailbox: Mailbox) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.mailbox = mailbox
        mailbox.port = self.socket.getsockname()[1]


class Handler(socketserver.StreamRequestHandler):
    """Talks to one client."""

    server: Listener

    def handle(self) -> None:
        """Behave as the mailbox says."""
        self.mailbox = self.server.mailbox
        self.mailbox.connections += 1
        if self.mailbox.behaves == "hangs":
            time.sleep(HANGS_SECONDS)
            return
        with suppress(OSError):
            self.reply("220 ready")
            while (line := self.rfile.readline()) and self.answer(line):
                pass

    def reply(self, line: str) -> None:
        """Send a line."""
        if self.mailbox.behaves == "slow":
            time.sleep(0.3)
        self.wfile.write(f"{line}\r\n".encode())

    def answer(self, line: bytes) -> bool:
        """Do what a line says; return whether to go on."""
        match line[:4].upper():
            case b"DATA":
                self.reply("354 go on")
                if self.mailbox.behaves == "cut":
                    self.rfile.readline()
                    return False
                self.take()
            case b"RCPT" if self.mailbox.behaves == "refuses" or b"nobody" in line:
                self.reply(f"550 {line.decode().strip()} is unknown here")
            case b"QUIT":
                self.reply("221 bye")
                return False
            case _:
                self.reply("250 fine")
        return True

    def take(self) -> None:
        """Receive a mail."""
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        mail = message_from_bytes(b"".join(lines), EmailMessage, policy=policy.default)
        self.mailbox.received.append(mail)
        while self.mailbox.behaves == "holds":
            time.sleep(0.05)
        self.reply("250 taken")


@contextmanager
def serving_mail() -> Iterator[Mailbox]:
    """Serve SMTP on the loopback interface."""
    mailbox = Mailbox()
    with Listener(mailbox) as listener:
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        yield mailbox
        listener.shutdown()
