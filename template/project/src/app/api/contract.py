"""Completes FastAPI's OpenAPI document: shared errors and headers, public operations."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from app.api.deps import LOGIN_PATH, oauth2_scheme
from app.api.errors import status_name
from app.core.exceptions import AppException
from app.schemas.error import ErrorResponse

SCHEMA_REF = "#/components/schemas/{model}"
HEADERS = {
    "X-Request-ID": ("Identifies the request in the logs", "string"),
    "Location": ("The path of what was created", "string"),
    "Link": ('The next page, with `rel="next"`, if there is one', "string"),
    "WWW-Authenticate": ("The scheme to authenticate with", "string"),
    "RateLimit-Limit": ("How many requests a window allows", "integer"),
    "RateLimit-Remaining": ("How many requests are left in this window", "integer"),
    "RateLimit-Reset": ("Seconds until the window ends", "integer"),
    "RateLimit-Policy": ("The limit and the seconds of its window", "string"),
    "Retry-After": ("Seconds to wait before retrying", "integer"),
}
RATE_LIMIT_HEADERS = [name for name in HEADERS if name.startswith("RateLimit-")]
HEADERS_OF_STATUS = {
    "201": ["Location"],
    "401": ["WWW-Authenticate"],
    "429": [*RATE_LIMIT_HEADERS, "Retry-After"],
    "503": ["Retry-After"],
}


def complete_contract(document: dict[str, Any], prefix: str) -> dict[str, Any]:
    """Add what FastAPI leaves out: shared errors, headers, and which operations are public."""
    errors = {}
    for operation in chain.from_iterable(path.values() for path in document["paths"].values()):
        operation.setdefault("security", [])
        for status, response in operation["responses"].items():
            if reference := response.get("$ref"):
                response.pop("description", None)
                errors[reference.rpartition("/")[2]] = describe_error(status)
            else:
                response["headers"] = header_references(status, operation)
    components = document["components"]
    # Tools resolve it against the origin, not against the server.
    flows = components["securitySchemes"][oauth2_scheme.scheme_name]["flows"]
    flows["password"]["tokenUrl"] = prefix + LOGIN_PATH
    schema = ErrorResponse.model_json_schema(ref_template=SCHEMA_REF)
    components["schemas"] |= {**schema.pop("$defs"), "ErrorResponse": schema}
    components["responses"] = errors
    components["headers"] = {
        name: {"description": description, "schema": {"type": kind}}
        for name, (description, kind) in HEADERS.items()
    }
    return document


def describe_error(status: str) -> dict[str, Any]:
    """Return the documentation of an error status: an example for each `error_code`."""
    name = status_name(int(status))
    description = name.replace("_", " ").capitalize()
    details = {
        error.error_code: error.default_detail
        for error in reversed([*app_exceptions()])
        if str(error.status_code) == status
    } or {name: description}
    field = {"loc": ["body", "email"], "msg": "Field required", "type": "missing"}
    shared = {"request_id": "5f0c", "errors": [field] if status == "422" else []}
    examples = {
        code: {"value": {"detail": detail, "error_code": code, **shared}}
        for code, detail in details.items()
    }
    content = {"schema": {"$ref": SCHEMA_REF.format(model="ErrorResponse")}, "examples": examples}
    return {
        "description": description,
        "headers": header_references(status),
        "content": {"application/json": content},
    }


def app_exceptions(base: type[AppException] = AppException) -> Iterator[type[AppException]]:
    yield base
    for error in base.__subclasses__():
        yield from app_exceptions(error)


def header_references(status: str, operation: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return references to the headers of a response with this status."""
    names = ["X-Request-ID", *HEADERS_OF_STATUS.get(status, [])]
    if operation and "429" in operation["responses"]:
        names += RATE_LIMIT_HEADERS
    if operation and "cursor" in [one["name"] for one in operation.get("parameters", [])]:
        names += ["Link"]
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
