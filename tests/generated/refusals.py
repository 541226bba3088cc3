"""What every answer has, and what every refusal looks like."""

from generated.server import Answer

SHAPE = {"detail", "error_code", "request_id", "errors"}
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
}


def must_guard(answer: Answer, cached: str = "no-store") -> None:
    """Check the headers that protect browsers and proxies, and that nothing tells the server."""
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, answer
    assert answer.headers["cache-control"] == cached, answer
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], answer
    assert answer.headers["x-request-id"], answer
    assert not {"server", "x-powered-by"} & answer.headers.keys(), answer


def must_refuse(answer: Answer, *statuses: int) -> None:
    """Check that the answer is an error of the client's, or one of these, in the one shape."""
    assert answer.status in (statuses or range(400, 500)), answer
    must_guard(answer)
    assert answer.headers["content-type"] == "application/json", answer
    assert set(answer.json) == SHAPE, answer
    assert answer.json["request_id"] == answer.headers["x-request-id"], answer
    if answer.status == 401:
        assert answer.headers["www-authenticate"] == "Bearer", answer
    if answer.status in {429, 503}:
        assert int(answer.headers["retry-after"]) > 0, answer
