"""Chromium without a window, which tells what its pages fetched and what it complained about."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from selenium.common import StaleElementReferenceException
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from generated.services import give_up

PROGRAM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
# Browsers give pages of the loopback interface more rights than those of other hosts.
HOST = "api.example.test"
WAIT_SECONDS = 60
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    f"--host-resolver-rules=MAP {HOST} 127.0.0.1, MAP * ~NOTFOUND",
)


@dataclass
class Browser:
    """A browser on the pages of one server."""

    driver: Chrome
    port: int
    _events: list[dict[str, Any]] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Go to a page of the server."""
        self.driver.get(f"http://{HOST}:{self.port}{path}")

    def find(self, selector: str, text: str = "") -> WebElement:
        """Wait until an element of this selector that contains a text is shown, and return it."""

        def shown(driver: Chrome) -> WebElement | Literal[False]:
            elements = driver.find_elements(By.CSS_SELECTOR, selector)
            fitting = (one for one in elements if one.is_displayed() and text in one.text)
            return next(fitting, False)

        ignored = [StaleElementReferenceException]
        wait = WebDriverWait(self.driver, WAIT_SECONDS, ignored_exceptions=ignored)
        return wait.until(shown, f"no {selector} with {text!r}")

    def show(self, selector: str) -> None:
        """Scroll an element to the top of the window."""
        self.driver.execute_script("arguments[0].scrollIntoView()", self.find(selector))

    def click(self, selector: str, text: str = "") -> None:
        """Click on an element, which the window must have room for."""
        self.find(selector, text).click()

    def fill(self, selector: str, text: str) -> None:
        """Replace the text of a field."""
        element = self.find(selector)
        element.clear()
        element.send_keys(text)

    def fetched(self) -> dict[str, list[str]]:
        """Return the paths that pages have asked for so far, by the host that was asked."""
        self._events += [json.loads(text)["message"] for _, text in self._log("performance")]
        refused = {
            event["params"]["requestId"]
            for event in self._events
            if event["method"] == "Network.loadingFailed"
            and event["params"].get("blockedReason") == "csp"
        }
        hosts: dict[str, list[str]] = {}
        for event in self._events:
            if event["method"] == "Network.requestWillBeSent":
                parts = urlsplit(event["params"]["request"]["url"])
                own = parts.scheme in {"chrome", "chrome-untrusted", "data", "blob"}
                if not own and event["params"]["requestId"] not in refused:
                    hosts.setdefault(parts.netloc, []).append(parts.path)
        return hosts

    def complaints(self) -> list[str]:
        """Return what the console got since the last call, warnings and errors."""
        return [text for level, text in self._log("browser") if level in {"WARNING", "SEVERE"}]

    def _log(self, name: str) -> list[tuple[str, str]]:
        entries = self.driver.get_log(name)  # type: ignore[no-untyped-call]
        return [(entry["level"], entry["message"]) for entry in entries]


@contextmanager
def browsing(port: int) -> Iterator[Browser]:
    """Start a browser with nothing remembered; skip the test where there is none."""
    if PROGRAM is None or DRIVER is None:
        give_up("No chromium or no chromedriver on PATH; see .ci/install-container-tools.")
    options = ChromeOptions()
    options.binary_location = PROGRAM
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    with tempfile.TemporaryDirectory(prefix="chromium-") as folder:
        for flag in (*FLAGS, f"--user-data-dir={folder}", "--window-size=1000,1500"):
            options.add_argument(flag)
        driver = Chrome(options, ChromeService(DRIVER))
        try:
            yield Browser(driver, port)
        finally:
            driver.quit()
