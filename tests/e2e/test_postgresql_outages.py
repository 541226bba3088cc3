"""Promise 11: while PostgreSQL is away it is said so in time, and all is well after."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from generated.load import LOST, Request, load
from generated.projects import Project
from generated.shop import API
from generated.site import (
    LONGEST_SECONDS,
    Site,
    assert_alive_but_not_ready,
    assert_all_is_well,
    assert_unavailable,
)
from generated.sql import connected, locked

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("database", ["postgresql"], indirect=True, scope="session"),
]

PLACES = f"{API}/places"
CROWD = 30
OTHERS = "pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@pytest.mark.parametrize("outage", ["refuse", "hang"])
def test_a_database_that_is_away(outage: str, site: Site) -> None:
    assert_all_is_well(site)
    getattr(site.database, outage)()
    try:
        # On connections that were there, and then on new ones.
        for _ in range(2):
            began = time.monotonic()
            with ThreadPoolExecutor(1) as pool:
                asked = pool.submit(site.ask)
                assert_alive_but_not_ready(site)
                for answer in asked.result():
                    assert_unavailable(answer)
            assert time.monotonic() - began < LONGEST_SECONDS
    finally:
        site.database.forward()
    assert_all_is_well(site)


def test_connections_that_are_cut(site: Site) -> None:
    assert_all_is_well(site)
    site.database.cut()
    assert_all_is_well(site)


def test_connections_that_the_database_ends(shop: Project, site: Site) -> None:
    read = Request("GET", PLACES, site.person.token)
    assert {reply.status for reply in load(site.server.port, read, clients=CROWD)} == {200}
    with connected(shop, site.database_url) as sql:
        assert sql(f"SELECT pg_terminate_backend(pid) FROM {OTHERS}")  # noqa: S608
    assert_all_is_well(site)


def test_clients_that_give_up_leave_nothing_behind(shop: Project, site: Site) -> None:
    write = Request("POST", PLACES, site.person.token, {"name": "Pori"})

    def give_up() -> None:
        replies = load(site.server.port, write, clients=CROWD, patience=0.5)
        assert {reply.status for reply in replies} == {LOST}

    site.database.hang()
    give_up()
    site.database.forward()
    with connected(shop, site.database_url) as sql:
        with locked(sql, "places"):
            give_up()
        give_up_at = time.monotonic() + LONGEST_SECONDS
        while sql(f"SELECT state, query FROM {OTHERS} AND state <> 'idle'"):  # noqa: S608
            assert time.monotonic() < give_up_at
            time.sleep(0.1)
    assert_all_is_well(site)
