import pytest

from app.api.http_client import get_http_client
from app.config import Settings
from app.resources import open_resources


async def test_is_opened_once_when_first_used(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No client can be created with this proxy.
    monkeypatch.setenv("ALL_PROXY", "unknown://proxy.test")
    async with open_resources(settings) as resources:
        monkeypatch.delenv("ALL_PROXY")
        http = await get_http_client(resources)
        assert await get_http_client(resources) is http
    assert http.is_closed
