"""Promise 11: while Redis or a table is away it is said so in time, and all is well after."""

import pytest

from generated.projects import Project
from generated.service import Account
from generated.site import (
    LONGEST_SECONDS,
    READY_SECONDS,
    SOON,
    WORKERS,
    Site,
    assert_alive_but_not_ready,
    assert_all_is_well,
    assert_unavailable,
    timed,
)
from generated.sql import connected, locked

pytestmark = pytest.mark.slow

RESETS = 200
PLACE = {"name": "Oulu"}


def test_a_table_that_others_have_locked(shop: Project, site: Site) -> None:
    with connected(shop, site.database_url) as sql, locked(sql, "places"):
        write = timed(lambda: site.person.send("POST", "/places", PLACE), LONGEST_SECONDS)
        assert_unavailable(write)
        read = timed(lambda: site.person.send("GET", "/places"), LONGEST_SECONDS)
        assert read.status == (200 if sql.on_sqlite else 503)
        # The database itself is there.
        assert timed(lambda: site.server.send("GET", "/ready"), READY_SECONDS).status == 200
    assert_all_is_well(site)


@pytest.mark.parametrize("outage", ["refuse", "hang"])
def test_a_redis_that_is_away(outage: str, site: Site) -> None:
    assert_all_is_well(site)
    getattr(site.redis, outage)()
    try:
        assert_alive_but_not_ready(site)
        # Guesses that cannot be counted are not allowed; all else goes on.
        assert_unavailable(timed(Account(site.server).log_in, LONGEST_SECONDS))
        for _ in range(WORKERS):
            assert timed(lambda: site.person.send("GET", "/places"), SOON).status == 200
            write = timed(lambda: site.person.send("POST", "/places", PLACE), SOON)
            assert write.status == 201
    finally:
        site.redis.forward()
    assert_all_is_well(site)


def test_a_redis_whose_connections_are_reset(site: Site) -> None:
    site.redis.reset()
    try:
        for _ in range(RESETS):
            assert_unavailable(timed(Account(site.server).log_in, SOON))
            assert_unavailable(timed(lambda: site.server.send("GET", "/ready"), SOON))
    finally:
        site.redis.forward()
    assert_all_is_well(site)


def test_a_redis_that_ends_its_connections(site: Site) -> None:
    assert_all_is_well(site)
    site.redis.cut()
    assert_all_is_well(site)
