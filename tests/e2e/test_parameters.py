"""Query parameters: what people declare is honoured, and what a list does not know is refused."""

from collections.abc import Iterator

import pytest

from generated import variants
from generated.probes import ROUTER, add_router
from generated.projects import Project, Workshop
from generated.refusals import must_refuse
from generated.server import Server, migrated
from generated.service import GUNICORN, development
from generated.services import NewDatabase
from generated.shop import API, Person, fastgen

pytestmark = [pytest.mark.slow, pytest.mark.by_day("sqlite")]

ENDPOINTS = "src/app/api/v1/endpoints/places.py"
# What people add to the list of places: a parameter, and dependencies with parameters of their own.
EDITS = {
    "request: Request, response: Response\n) -> Page[PlaceResponse]": (
        "request: Request, response: Response, verbose: bool = False\n) -> Page[PlaceResponse]"
    ),
    '@router.get("", ': '@router.get("", dependencies=[Depends(read_language)], ',
    "\nrouter = ": (
        "\nasync def read_language(lang: Annotated[str, Query(max_length=5)] = 'en') -> None:\n"
        "    pass\n\nrouter = "
    ),
}
PROBES = """
from typing import Annotated, Self

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field, field_validator, model_validator

from app.dependencies import refuse_unknown_parameters
from app.schemas.page import ListQuery

router = APIRouter(prefix="/probes")


class Between(ListQuery):
    first: int = Field(default=1, alias="from")
    last: int = Field(default_factory=lambda: 9, validation_alias="to")
    word: str = "none"

    @field_validator("word")
    @classmethod
    def in_capitals(cls, word: str) -> str:
        return word.upper()

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if self.first > self.last:
            raise ValueError("`from` is after `to`")
        return self


@router.get("/between")
async def between(query: Annotated[Between, Query()], request: Request) -> list[int | str]:
    refuse_unknown_parameters(request)
    return [query.first, query.last, query.word, query.limit]


@router.get("/plain")
async def plain(a: int = 1) -> int:
    return a
"""


@pytest.fixture(scope="module")
def edited(database: str, workshop: Workshop) -> Project:
    project = workshop.project(
        f"parameters-{database}", variants.default() | {"database": database}
    )
    with workshop.only_one_process(f"parameters-{database}-added"):
        if not (project.path / ENDPOINTS).exists():
            fastgen(
                project, "add", "resource", "place", "name:str:100:filter", "--access", "shared"
            )
            file = project.path / ENDPOINTS
            source = file.read_text("utf-8")
            for old, new in EDITS.items():
                assert source.count(old) == 1, old
                source = source.replace(old, new)
            file.write_text(source, "utf-8")
            add_router(project, "probes", PROBES)
            wiring = project.path / ROUTER
            source = wiring.read_text("utf-8")
            wiring.write_text(
                source.replace("    places_router,\n", "    zoned,\n").replace(
                    "ROUTERS = ",
                    "\nasync def read_zone(zone: str = 'UTC') -> None: ...\n\n\n"
                    "zoned = APIRouter()\n"
                    "zoned.include_router(places_router, dependencies=[Depends(read_zone)])\n"
                    "ROUTERS = ",
                ),
                "utf-8",
            )
            wiring.write_text(
                f"from fastapi import APIRouter, Depends\n{wiring.read_text('utf-8')}", "utf-8"
            )
    return project


@pytest.fixture(scope="module")
def server(
    edited: Project, new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    with new_database() as url:
        env = development(url)
        with migrated(edited, tmp_path_factory.mktemp("logs"), *GUNICORN, env=env) as server:
            yield server


@pytest.fixture(scope="module")
def person(server: Server) -> Person:
    return Person(server)


@pytest.mark.parametrize(
    "query",
    [
        "limit=5", "total=true", "sort=-created_at", "name=x", "name=x&name=y",
        "verbose=true", "lang=de", "zone=CET", "verbose=1&lang=fr&zone=UTC&limit=1&name=x",
    ],
)  # fmt: skip
def test_a_list_knows_all_parameters_of_its_route(query: str, person: Person) -> None:
    answer = person.send("GET", f"/places?{query}")

    assert (answer.status, answer.json["items"]) == (200, [])


@pytest.mark.parametrize("query", ["nane=x", "Name=x", "verbose=true&offset=5", "query=x", "=x"])
def test_a_list_refuses_what_it_does_not_know(query: str, person: Person) -> None:
    answer = person.send("GET", f"/places?{query}")

    must_refuse(answer, 422)
    unknown = query.rpartition("&")[2].partition("=")[0]
    (error,) = answer.json["errors"]
    assert (error["loc"], error["type"]) == (["query", unknown], "extra_forbidden")


@pytest.mark.parametrize("query", ["verbose=maybe", "lang=toolong"])
def test_parameters_that_people_add_are_checked(query: str, person: Person) -> None:
    answer = person.send("GET", f"/places?{query}")

    must_refuse(answer, 422)
    assert answer.json["errors"][0]["loc"] == ["query", query.partition("=")[0]]


@pytest.mark.parametrize("path", ["/probes/plain?a=1&b=2", "/users/me?b=2"])
def test_other_routes_ignore_what_they_do_not_know(path: str, person: Person) -> None:
    assert person.send("GET", path).status == 200


def test_all_that_people_add_is_documented(server: Server) -> None:
    listed = server.send("GET", f"{API}/openapi.json").json["paths"][f"{API}/places"]["get"]

    assert {"verbose", "lang", "zone", "name", "limit"} <= {
        parameter["name"] for parameter in listed["parameters"]
    }


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("", [1, 9, "none", 20]),
        ("?from=3&to=4&word=abc&limit=7", [3, 4, "ABC", 7]),
    ],
)
def test_a_query_model_has_all_that_pydantic_offers(
    query: str, answer: list[object], person: Person
) -> None:
    assert person.send("GET", f"/probes/between{query}").json == answer


@pytest.mark.parametrize("query", ["from=5&to=4", "first=3", "to=x"])
def test_a_query_model_refuses(query: str, person: Person) -> None:
    must_refuse(person.send("GET", f"/probes/between?{query}"), 422)


QUERY_MODELS = """
import asyncio
from typing import Annotated
from fastapi import FastAPI, Query
from httpx2 import ASGITransport, AsyncClient
from pydantic import create_model
{imports}
app = FastAPI()
def add(number):
    model = create_model(f"Query{{number}}", **{{f"of_{{number}}": (int, number)}})
    async def read(query: Annotated[model, Query()]) -> int:
        return getattr(query, f"of_{{number}}")
    app.get(f"/{{number}}")(read)
for number in range(200):
    add(number)
async def ask():
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        for number in range(200):
            assert (await client.get(f"/{{number}}")).json() == number
            assert (await client.get(f"/{{number}}?of_{{number}}=-1")).json() == -1
asyncio.run(ask())
assert len(app.openapi()["paths"]) == 200
"""


def test_an_app_may_have_hundreds_of_query_models(edited: Project) -> None:
    program = QUERY_MODELS.format(imports="import app.main")

    edited.uv_run("python", "-c", program).must_succeed()


def test_fastapi_still_needs_its_cache_of_query_models_rebound(edited: Project) -> None:
    """Where this fails, `app/main.py` need not rebind `get_cached_model_fields` any more."""
    done = edited.uv_run("python", "-c", QUERY_MODELS.format(imports=""))

    assert done.code == 1
    assert "KeyError" in done.out
