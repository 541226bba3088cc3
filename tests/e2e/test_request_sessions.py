"""One session for each request, however it is asked for, committed before the reply."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import IncompleteRead

import pytest

from generated import variants
from generated.probes import add_router
from generated.projects import Project, Workshop
from generated.refusals import must_refuse
from generated.server import Answer, Client, Server, migrated
from generated.service import GUNICORN, production
from generated.services import NewDatabase
from generated.shop import API, Person, fastgen
from generated.sql import connected, failing_commits
from generated.windows import wait_for_window

pytestmark = pytest.mark.slow

# A second session would wait for its connection until this is over, and answer 503.
DATABASE_SECONDS = 15
ROUNDS = 20

PROBES = """
import gc
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, Security
from fastapi.responses import StreamingResponse
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.api.deps import CurrentCaller, DbSession, get_db
from app.dependencies import AppResources, rate_limit
from app.models import Place

router = APIRouter(prefix="/probes")
limited = APIRouter(prefix="/limited", dependencies=[rate_limit("4/hour")])
BareSession = Annotated[AsyncSession, Depends(get_db)]
OwnSession = Annotated[AsyncSession, Depends(get_db, use_cache=False)]
SecuredSession = Annotated[AsyncSession, Security(get_db)]


@router.post("/alias/{name}")
async def alias(name: str, session: DbSession) -> None:
    session.add(Place(name=name))


@router.post("/bare/{name}")
async def bare(name: str, session: BareSession) -> None:
    session.add(Place(name=name))


@router.post("/default/{name}")
async def default(name: str, session: AsyncSession = Depends(get_db)) -> None:
    session.add(Place(name=name))


@router.post("/both/{name}")
async def both(
    name: str, _: CurrentCaller, session: DbSession, same: BareSession
) -> None:
    assert session is same
    session.add(Place(name=name))
    assert len((await same.scalars(select(Place).where(Place.name == name))).all()) == 1


class Places:
    def __init__(self, session: DbSession) -> None:
        self.session = session


@router.post("/class/{name}")
async def class_(
    name: str, places: Annotated[Places, Depends()], own: OwnSession, secured: SecuredSession
) -> None:
    assert places.session is own is secured
    own.add(Place(name=name))


@router.post("/thread/{name}")
def thread(name: str, session: DbSession) -> None:
    session.add(Place(name=name))


def add_place_in_a_thread(name: str, session: DbSession) -> Iterator[None]:
    yield
    session.add(Place(name=name))


@router.post(
    "/thread-after/{name}", dependencies=[Depends(add_place_in_a_thread, scope="function")]
)
def thread_after() -> None: ...


@router.post("/commit/{name}")
async def commit(name: str, session: DbSession) -> int:
    place = Place(name=name)
    session.add(place)
    await session.commit()
    await session.refresh(place)
    return place.id


@router.post("/wrong-answer/{name}", response_model=int)
async def wrong_answer(name: str, session: DbSession) -> str:
    session.add(Place(name=name))
    await session.flush()
    return "no number"


@router.post("/rows/{name}")
async def rows(name: str, session: DbSession) -> None:
    values = [{"name": name} for _ in range(3)]
    session.add_all([Place(name=name) for _ in range(3)])
    await session.execute(insert(Place), values)
    await session.execute(insert(Place.__table__).values(values))
    copies = select(Place.name).where(Place.name == name).limit(1)
    await session.execute(insert(Place).from_select(["name"], copies))


@router.post("/cte/{name}")
async def add_by_cte(name: str, session: DbSession) -> int:
    added = insert(Place).values(name=name).returning(Place.id).cte()
    return (await session.execute(select(added.c.id))).scalar_one()


@router.get("/stream")
async def stream(session: DbSession) -> int:
    return len([place async for place in await session.stream_scalars(select(Place))])


async def add_place(name: str, session: BareSession) -> None:
    session.add(Place(name=name))


@router.post("/sub/{name}", dependencies=[Depends(add_place)])
async def sub() -> None: ...


async def add_place_afterwards(name: str, session: DbSession) -> AsyncIterator[None]:
    yield
    session.add(Place(name=name))


@router.post("/after/{name}", dependencies=[Depends(add_place_afterwards, scope="function")])
async def after() -> None: ...


@router.api_route("/flush", methods=["GET", "HEAD"])
async def flush(session: DbSession) -> None:
    session.add(Place(name="never"))
    await session.flush()


@router.api_route("/add", methods=["GET", "HEAD"])
async def add(session: BareSession) -> None:
    session.add(Place(name="never"))


@router.api_route("/insert", methods=["GET", "HEAD"])
async def insert_row(session: DbSession) -> None:
    await session.execute(insert(Place.__table__).values(name="never"))


@router.api_route("/returning", methods=["GET", "HEAD"])
async def insert_entity(session: DbSession) -> None:
    await session.scalars(
        select(Place).from_statement(insert(Place).values(name="never").returning(Place))
    )


@router.api_route("/update", methods=["GET", "HEAD"])
async def update_rows(session: DbSession) -> None:
    await session.execute(update(Place).values(name="never"))


@router.api_route("/delete", methods=["GET", "HEAD"])
async def delete_rows(session: DbSession) -> None:
    await session.execute(delete(Place))


@router.api_route("/text", methods=["GET", "HEAD"])
async def insert_by_text(session: DbSession) -> None:
    moments = "CURRENT_TIMESTAMP, CURRENT_TIMESTAMP"
    values = f"(name, created_at, updated_at) VALUES ('never', {moments})"
    await session.execute(text(f"INSERT INTO places {values}"))


@router.api_route("/cte", methods=["GET", "HEAD"])
async def delete_by_text(session: DbSession) -> None:
    await session.execute(text("WITH one AS (SELECT 1) DELETE FROM places"))


@router.api_route("/raw", methods=["GET", "HEAD"])
async def delete_by_text_for_entities(session: DbSession) -> None:
    raw = text("DELETE FROM places RETURNING *")
    await session.scalars(select(Place).from_statement(raw))


@router.api_route("/connection", methods=["GET", "HEAD"])
async def insert_by_connection(session: DbSession) -> None:
    await (await session.connection()).execute(insert(Place).values(name="never"))


@router.api_route("/bulk", methods=["GET", "HEAD"])
async def insert_in_bulk(session: DbSession) -> None:
    await session.run_sync(lambda sync: sync.bulk_save_objects([Place(name="never")]))


@router.get("/select")
async def select_by_text(session: DbSession) -> int | None:
    return await session.scalar(text("SELECT count(*) FROM places"))


async def add_too_late(name: str, session: BareSession) -> AsyncIterator[None]:
    yield
    session.add(Place(name=name))


@router.post("/late/{name}", dependencies=[Depends(add_too_late)])
async def late() -> None: ...


async def add_in_background(session: AsyncSession, name: str) -> None:
    session.add(Place(name=name))


@router.post("/background/{name}")
async def background(name: str, session: DbSession, tasks: BackgroundTasks) -> None:
    await session.execute(select(Place.id))
    tasks.add_task(add_in_background, session, name)


@router.post("/body/{name}")
async def body(name: str, session: DbSession) -> StreamingResponse:
    async def rows() -> AsyncIterator[str]:
        yield "first"
        await session.execute(insert(Place).values(name=name))
        yield "second"

    return StreamingResponse(rows())


@router.post("/lines/{name}")
async def lines(name: str, session: DbSession) -> AsyncIterable[str]:
    yield "first"
    await session.execute(insert(Place).values(name=name))
    yield "second"


@router.get("/garbage")
async def garbage() -> int:
    collected = gc.collect()
    gc.disable()
    return collected


@router.get("/pool")
async def pool(resources: AppResources) -> int:
    return resources.database.engine.pool.checkedout()


@limited.get("/same", dependencies=[rate_limit("4/hour")])
async def limited_alike() -> None: ...


@limited.get("/stricter", dependencies=[rate_limit("2/hour")])
async def limited_more() -> None: ...


router.include_router(limited)
"""
# As AGENTS.md says.
MOUNT = """
    from app.api.v1.endpoints.probes import router as probes

    sub = FastAPI(exception_handlers=EXCEPTION_HANDLERS)
    sub.state = app.state
    sub.include_router(probes)
    app.mount("/sub", sub)
"""

WRITES = [
    *("flush", "add", "insert", "returning", "update", "delete", "text"),
    *("cte", "raw", "connection", "bulk"),
]
OF_THE_REQUEST = [
    *("alias", "bare", "default", "both", "sub", "after"),
    *("class", "thread", "thread-after"),
]
WRITERS = [*OF_THE_REQUEST, "commit"]


@pytest.fixture(scope="module")
def probed(database: str, workshop: Workshop) -> Project:
    project = workshop.project(f"sessions-{database}", variants.default() | {"database": database})
    with workshop.only_one_process(f"sessions-{database}-added"):
        if not (project.path / "src/app/models/place.py").exists():
            fastgen(project, "add", "resource", "place", "name:str:100", "--access", "shared")
        add_router(project, "probes", PROBES)
        main = project.path / "src/app/main.py"
        source = main.read_text("utf-8")
        if MOUNT not in source:
            main.write_text(
                source.replace("    return app\n", f"{MOUNT}    return app\n", 1), "utf-8"
            )
    return project


@pytest.fixture(scope="module")
def server(
    probed: Project, new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """One worker with one connection: a request that needs two gets none."""
    with new_database() as url:
        env = production(url) | {
            "WEB_CONCURRENCY": "1",
            "DATABASE_POOL_SIZE": "1",
            "DATABASE_MAX_OVERFLOW": "0",
            "DATABASE_TIMEOUT_SECONDS": str(DATABASE_SECONDS),
        }
        with migrated(probed, tmp_path_factory.mktemp("logs"), *GUNICORN, env=env) as server:
            yield server


@pytest.fixture(scope="module")
def person(server: Server) -> Person:
    return Person(server)


def named(name: str) -> str:
    return f"SELECT count(*) FROM places WHERE name = '{name}'"  # noqa: S608


@pytest.mark.parametrize("writer", WRITERS)
def test_what_is_answered_is_committed(
    writer: str, probed: Project, server: Server, person: Person
) -> None:
    client = Client(server.port)
    with connected(probed, server.environment["DATABASE_URL"]) as sql:
        for number in range(ROUNDS):
            name = f"{writer}-{number}"
            answer = client.send("POST", f"{API}/probes/{writer}/{name}", token=person.token)
            assert (answer.status, sql.value(named(name))) == (200, 1)
    client.close()


@pytest.mark.parametrize("writer", OF_THE_REQUEST)
def test_a_commit_that_fails_is_no_success(
    writer: str, probed: Project, server: Server, person: Person
) -> None:
    with connected(probed, server.environment["DATABASE_URL"]) as sql:
        with failing_commits(sql, "places"):
            answer = person.send("POST", f"/probes/{writer}/failed-{writer}")
        assert (answer.status, answer.json["error_code"]) == (409, "CONFLICT")
        assert sql.value(named(f"failed-{writer}")) == 0
    assert person.send("POST", f"/probes/{writer}/then-{writer}").status == 200


def test_a_mounted_app_has_the_same_session_and_errors(
    probed: Project, server: Server, person: Person
) -> None:
    def send(name: str) -> Answer:
        return server.send("POST", f"/sub/probes/both/{name}", token=person.token)

    with connected(probed, server.environment["DATABASE_URL"]) as sql:
        assert send("mounted").status == 200
        assert sql.value(named("mounted")) == 1
        with failing_commits(sql, "places"):
            must_refuse(send("mounted-failed"), 409)
        assert sql.value(named("mounted-failed")) == 0
    must_refuse(server.send("POST", "/sub/probes/both/nobody"), 401)
    must_refuse(server.send("GET", "/sub/nowhere"), 404)


def test_an_answer_that_is_wrong_is_rolled_back(
    probed: Project, server: Server, person: Person
) -> None:
    assert person.send("POST", "/probes/wrong-answer/wrong").status == 500
    with connected(probed, server.environment["DATABASE_URL"]) as sql:
        assert sql.value(named("wrong")) == 0


def test_a_new_row_has_one_time_however_it_is_inserted(
    database: str, probed: Project, server: Server, person: Person
) -> None:
    assert person.send("POST", "/probes/rows/timed").status == 200
    # SQLite has no INSERT inside of a SELECT.
    if database == "postgresql":
        assert person.send("POST", "/probes/cte/timed").status == 200
    made = 11 if database == "postgresql" else 10
    with connected(probed, server.environment["DATABASE_URL"]) as sql:
        assert sql.value(named("timed")) == made
        assert sql.value(f"{named('timed')} AND created_at = updated_at") == made


def test_a_cursor_of_the_database_needs_a_transaction_and_the_log_says_so(
    database: str, server: Server, person: Person
) -> None:
    answer = person.send("GET", "/probes/stream")

    if database == "postgresql":
        assert answer.status == 500
        server.wait_for("cursor cannot be created outside of a transaction")
    else:
        assert answer.status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("write", WRITES)
def test_a_request_that_reads_cannot_write(
    write: str, method: str, probed: Project, server: Server, person: Person
) -> None:
    person.make("/places", {"name": f"kept-{write}-{method}"})
    before = server.output.count("their session is read-only")
    answer = person.send(method, f"/probes/{write}")

    assert answer.status == 500
    assert server.output.count("their session is read-only") > before
    assert person.send("GET", "/probes/select").status == 200
    with connected(probed, server.environment["DATABASE_URL"]) as sql:
        assert sql.value(named("never")) == 0
        assert sql.value(named(f"kept-{write}-{method}")) == 1


@pytest.mark.parametrize("late", ["late", "background", "body", "lines"])
def test_a_session_that_is_over_stays_over(
    late: str, probed: Project, server: Server, person: Person
) -> None:
    said = "This Session has been permanently closed"
    before = server.output.count(said)

    def send(number: int) -> None:
        # The answer has begun: it is cut off, or complete.
        try:
            answer = person.send("POST", f"/probes/{late}/{late}-{number}")
        except IncompleteRead:
            return
        assert answer.status == 200

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send, range(ROUNDS)))

    server.wait_for(said, before + ROUNDS)
    with connected(probed, server.environment["DATABASE_URL"]) as sql:
        assert sql.value(f"SELECT count(*) FROM places WHERE name LIKE '{late}-%'") == 0  # noqa: S608
    assert person.send("GET", "/probes/pool").json == 0
    assert person.send("GET", "/places").status == 200


@pytest.mark.parametrize(("path", "allowed"), [("same", 4), ("stricter", 2)])
def test_a_limit_of_a_router_and_of_its_route(path: str, allowed: int, person: Person) -> None:
    wait_for_window()
    statuses = [person.send("GET", f"/probes/limited/{path}").status for _ in range(allowed + 1)]
    assert statuses == [*[200] * allowed, 429]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/places", None, 200),
        ("GET", "/places/1", None, 200),
        ("GET", "/places/999999", None, 404),
        ("GET", "/places?limit=x", None, 422),
        ("POST", "/places", {"name": "lake"}, 201),
    ],
)
def test_requests_leave_no_reference_cycles(
    method: str, path: str, body: dict[str, str] | None, status: int, person: Person
) -> None:
    person.make("/places", {"name": "sea"})
    assert person.send(method, path, body).status == status
    person.send("GET", "/probes/garbage")
    for _ in range(ROUNDS):
        assert person.send(method, path, body).status == status

    # A cycle would have some forty objects: the scope, the headers, the exit stacks.
    assert person.send("GET", "/probes/garbage").json < 10 * ROUNDS


IMPORTS = """
from collections.abc import AsyncIterator
from typing import Annotated
from fastapi import APIRouter, Depends
from app.api.deps import DbSession
async def audit(session: DbSession) -> AsyncIterator[None]:
    yield
router = APIRouter()
@router.post("/audited", dependencies=[Depends(audit)])
async def audited() -> None: ...
"""


def test_a_dependency_that_outlives_the_session_fails_at_import(probed: Project) -> None:
    done = probed.uv_run("python", "-c", IMPORTS)

    assert done.code == 1
    assert 'DependencyScopeError: The dependency "audit" has a scope of "request"' in done.out
