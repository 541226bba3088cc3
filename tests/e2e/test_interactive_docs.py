"""The interactive documentation in a browser: it works, and asks no other host for anything."""

import json
from collections.abc import Iterator

import pytest

from generated.browser import HOST, Browser, browsing
from generated.openapi import DOCUMENT
from generated.server import Server
from generated.service import TOKEN, Account
from generated.shop import API
from support import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.by_day("sqlite"),
    pytest.mark.parametrize("database", ["sqlite"], indirect=True, scope="session"),
]

SCREENSHOT = ROOT / "docs" / "swagger.png"
CREATE = "#operations-categories-create_category"
LOGO = "https://cdn.redoc.ly/redoc/logo-mini.svg"


@pytest.fixture
def browser(shop_server: Server) -> Iterator[Browser]:
    with browsing(shop_server.port) as browser:
        yield browser


def create(browser: Browser, status: int, said: str, name: str | None = None) -> None:
    """Send a category from the page of `create_category`, and wait for the response.

    Without a name, it is the category that the page proposes.
    """
    if name is not None:
        browser.fill(f"{CREATE} .body-param__text", json.dumps({"name": name}))
    browser.click(f"{CREATE} .execute")
    browser.find(f"{CREATE} .live-responses-table .response-col_status", str(status))
    browser.find(f"{CREATE} .live-responses-table .highlight-code", said)


def test_a_person_logs_in_creates_a_row_and_sees_errors(
    shop_server: Server, browser: Browser, pytestconfig: pytest.Config
) -> None:
    account = Account(shop_server)
    account.register()

    browser.open("/docs")
    browser.click(".scheme-container .authorize")
    browser.fill("#oauth_username", account.email)
    browser.fill("#oauth_password", account.password)
    browser.click(".auth-btn-wrapper .authorize")
    browser.find(".auth-container", "Authorized")
    browser.click(".btn-done")

    browser.click(f"{CREATE} .opblock-summary-control")
    browser.click(f"{CREATE} .try-out__btn")
    create(browser, 201, '"parent_id": null')
    create(browser, 201, '"name": "Tea"', "Tea")
    if pytestconfig.getoption("--accept"):
        browser.show(CREATE)
        browser.driver.save_screenshot(SCREENSHOT)
    create(browser, 409, '"error_code": "CONFLICT"', "Tea")
    create(browser, 422, '"error_code": "VALIDATION_ERROR"', "")

    fetched = browser.fetched()
    assert fetched.keys() == {f"{HOST}:{shop_server.port}"}
    (paths,) = fetched.values()
    assert {DOCUMENT, TOKEN, f"{API}/categories"} <= set(paths)
    # Chromium tells of each error of a request, also of those that were asked for.
    assert [line for line in browser.complaints() if "the server responded with" not in line] == []


def test_redoc_shows_the_contract(shop_server: Server, browser: Browser) -> None:
    browser.open("/api/redoc")
    browser.find(".menu-content", "categories")
    browser.find(".api-content", "Create a category")

    assert browser.fetched().keys() == {f"{HOST}:{shop_server.port}"}
    # Its policy keeps ReDoc from its logo, which is elsewhere.
    (complaint,) = browser.complaints()
    assert LOGO in complaint
    assert "img-src" in complaint
