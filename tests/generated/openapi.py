"""What an API offers, read from its OpenAPI document: operations, resources, bodies they take."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from generated.server import Server

DOCUMENT = "/api/v1/openapi.json"
METHODS = {"get", "post", "put", "patch", "delete", "head", "options", "trace"}
REFERENCE = re.compile("The id of an? ([a-z ]+)")
# Of types that have no examples.
PLAIN = {"boolean": True, "integer": 1, "string": "words"}


@dataclass(frozen=True)
class Operation:
    """A method of a path."""

    method: str
    path: str
    found: dict[str, Any]

    @property
    def name(self) -> str:
        """How tests call it."""
        return f"{self.method} {self.path}"

    @property
    def has_body(self) -> bool:
        """Whether it takes a body."""
        return "requestBody" in self.found

    @property
    def is_open(self) -> bool:
        """Whether it says that no token is needed."""
        return not self.found.get("security")


@dataclass(frozen=True)
class Resource:
    """A list of rows, and the rows."""

    path: str
    parameter: str

    @property
    def item(self) -> str:
        """The path of a row."""
        return f"{self.path}/{{{self.parameter}}}"


class Contract:
    """An OpenAPI document."""

    def __init__(self, server: Server) -> None:
        answer = server.send("GET", DOCUMENT)
        assert answer.status == 200, "the contract is not published"
        self._document: dict[str, Any] = answer.json
        self.operations = [
            Operation(method.upper(), path, found)
            for path, methods in self._document["paths"].items()
            for method, found in methods.items()
            if method in METHODS
        ]

    def of(self, path: str) -> list[Operation]:
        """Return the operations of a path."""
        return [operation for operation in self.operations if operation.path == path]

    def operation(self, method: str, path: str) -> Operation:
        """Return the operation that must be there."""
        (found,) = (one for one in self.of(path) if one.method == method)
        return found

    @cached_property
    def resources(self) -> dict[str, Resource]:
        """Return what has a list, by the last part of its path; accounts are no resource."""
        posts = {one.path for one in self.operations if one.method == "POST"}
        found = {}
        for path in self._document["paths"]:
            parent, _, last = path.rpartition("/")
            if parent in posts and last.startswith("{") and not parent.endswith("/users"):
                found[parent.rpartition("/")[2]] = Resource(parent, last.strip("{}"))
        return found

    def properties(self, operation: Operation) -> dict[str, dict[str, Any]]:
        """Return what may stand in the body of an operation."""
        properties: dict[str, dict[str, Any]] = self._body(operation).get("properties", {})
        return properties

    def body(self, operation: Operation) -> dict[str, Any]:
        """Make a body of all that is asked for, but for what refers to other rows."""
        wanted = self.required(operation) - self.references(operation).keys()
        return {
            name: self._example(field)
            for name, field in self.properties(operation).items()
            if name in wanted
        }

    def references(self, operation: Operation) -> dict[str, str]:
        """Return which fields of the body refer to rows, and by which path parameter those go."""
        found = {}
        for name, field in self.properties(operation).items():
            for part in (field, *field.get("anyOf", ())):
                if said := REFERENCE.match(part.get("description", "")):
                    found[name] = f"{said[1].replace(' ', '_')}_id"
        return found

    def required(self, operation: Operation) -> set[str]:
        """Return which fields the body must have."""
        return set(self._body(operation).get("required", ()))

    def parameters(self, path: str) -> dict[str, dict[str, Any]]:
        """Return the parameters of a list, each with its schema."""
        listing = self.operation("GET", path)
        return {one["name"]: self._resolved(one["schema"]) for one in listing.found["parameters"]}

    def _body(self, operation: Operation) -> dict[str, Any]:
        content = operation.found.get("requestBody", {}).get("content", {})
        schemas = [media["schema"] for media in content.values()]
        return self._resolved(schemas[0]) if schemas else {}

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        name = schema.get("$ref", "").rpartition("/")[2]
        return self._document["components"]["schemas"][name] | schema if name else schema

    def _example(self, field: dict[str, Any]) -> Any:
        field = self._resolved(field)
        for candidate in (field, *field.get("anyOf", ())):
            if candidate.get("examples"):
                return candidate["examples"][0]
        if field.get("enum"):
            return field["enum"][0]
        if field.get("format") == "email":
            return "grace@example.com"
        return PLAIN[field["type"]]
