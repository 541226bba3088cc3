"""Bytes as they go over the wire, for what no HTTP library would send."""

import socket
from http.client import HTTPResponse

from generated.server import LOOPBACK, Answer, new_source

SECONDS = 10


def exchange(port: int, sent: bytes) -> Answer:
    """Send bytes, and no more of them, and return the answer."""
    [answer] = exchanges(port, sent)
    return answer


def exchanges(port: int, *requests: bytes) -> list[Answer]:
    """Send requests on one connection, each when the one before is answered."""
    answers = []
    with socket.create_connection(
        (LOOPBACK, port), timeout=SECONDS, source_address=(new_source(), 0)
    ) as connection:
        for sent in requests:
            connection.sendall(sent)
            response = HTTPResponse(connection)
            response.begin()
            headers = {name.lower(): value for name, value in response.getheaders()}
            answers.append(Answer(response.status, headers, response.read()))
    return answers
