import pytest
from fastapi import FastAPI

from app.api.features import require_feature
from app.config import Features, Settings
from conftest import USERS, registration, serve


async def test_a_feature_can_be_switched_off(running_app: FastAPI, settings: Settings) -> None:
    closed = settings.model_copy(update={"features": Features(registration=False)})
    async with serve(running_app, closed) as client:
        response = await client.post(USERS, json=registration())
        assert response.status_code == 403
        assert response.json()["error_code"] == "FEATURE_DISABLED"


def test_a_misspelled_feature_is_refused() -> None:
    with pytest.raises(ValueError, match="regstration"):
        require_feature("regstration")
