"""The OpenAPI document of a project."""

from typing import Any

import pytest
from app.config import Settings
from app.main import create_app
from httpx2 import AsyncClient

from conftest import ME, TOKEN, USERS, bearer


@pytest.fixture(scope="module")
def contract(settings: Settings) -> dict[str, Any]:
    return create_app(settings).openapi()


@pytest.fixture
def operations(contract: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in contract["paths"].items()
        for method, operation in methods.items()
    }


def test_operation_ids_are_the_names_of_functions(operations: dict[str, dict[str, Any]]) -> None:
    ids = [operation["operationId"] for operation in operations.values()]

    assert operations[f"GET {ME}"]["operationId"] == "read_own_account"
    assert len(set(ids)) == len(ids)


def test_public_operations_say_so(operations: dict[str, dict[str, Any]]) -> None:
    assert operations[f"POST {USERS}"]["security"] == []
    assert operations[f"GET {ME}"]["security"] == [{"OAuth2PasswordBearer": []}]


def test_errors_are_documented_once(
    contract: dict[str, Any], operations: dict[str, dict[str, Any]]
) -> None:
    shared = contract["components"]["responses"]
    for name, operation in operations.items():
        responses = operation["responses"]
        assert {"400", "408", "413", "422", "500", "503"} <= set(responses), name
        for status, response in responses.items():
            if not status.startswith("2"):
                assert response.keys() == {"$ref"}, (name, status)
                assert response["$ref"].removeprefix("#/components/responses/") in shared


def test_each_error_code_has_an_example(contract: dict[str, Any]) -> None:
    shared = contract["components"]["responses"]
    codes = {
        name: set(response["content"]["application/json"]["examples"])
        for name, response in shared.items()
    }

    assert codes["NotFound"] == {"NOT_FOUND"}
    assert codes["Unauthorized"] == {"UNAUTHORIZED", "INVALID_CREDENTIALS"}
    assert codes["UnprocessableContent"] == {"VALIDATION_ERROR"}
    assert codes["InternalServerError"] == {"INTERNAL_SERVER_ERROR"}
    for response in shared.values():
        content = response["content"]["application/json"]
        assert content["schema"] == {"$ref": "#/components/schemas/ErrorResponse"}
        for code, example in content["examples"].items():
            assert example["value"]["error_code"] == code


def test_headers_are_documented(
    contract: dict[str, Any], operations: dict[str, dict[str, Any]]
) -> None:
    created = operations[f"POST {USERS}"]["responses"]["201"]["headers"]
    refused = contract["components"]["responses"]["TooManyRequests"]["headers"]

    assert {"X-Request-ID", "Location", "RateLimit-Limit"} <= created.keys()
    assert "Retry-After" not in created
    assert {"X-Request-ID", "Retry-After", "RateLimit-Limit"} <= refused.keys()
    for header in (created | refused).values():
        assert (
            header["$ref"].removeprefix("#/components/headers/")
            in contract["components"]["headers"]
        )


def test_password_hashes_are_not_documented(contract: dict[str, Any]) -> None:
    assert "hashed_password" not in str(contract)


async def test_examples_can_be_sent_one_after_the_other(
    contract: dict[str, Any], operations: dict[str, dict[str, Any]], client: AsyncClient
) -> None:
    def example(name: str) -> Any:
        [content] = operations[name]["requestBody"]["content"].values()
        return content.get("example") or _example(content["schema"], contract)

    assert (await client.post(USERS, json=example(f"POST {USERS}"))).status_code == 201
    response = await client.post(TOKEN, data=example(f"POST {TOKEN}"))
    assert response.status_code == 200
    headers = bearer(response.json()["access_token"])
    for method, path in (("PATCH", ME), ("PUT", f"{ME}/password")):
        body = example(f"{method} {path}")
        response = await client.request(method, path, json=body, headers=headers)
        assert response.is_success, (method, path, response.text)


def _example(schema: dict[str, Any], contract: dict[str, Any]) -> Any:
    """Return what Swagger UI would send."""
    if "examples" in schema:
        return schema["examples"][0]
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/components/schemas/")
        return _example(contract["components"]["schemas"][name], contract)
    if "anyOf" in schema:
        return _example(schema["anyOf"][0], contract)
    return {name: _example(field, contract) for name, field in schema["properties"].items()}
