"""The real app on a real port, and a real Chromium that looks at it."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    Route,
    expect,
    sync_playwright,
)
from werkzeug.serving import WSGIRequestHandler, make_server

from assessment import transactions
from assessment.demo import loading
from tests.browser.watching import Watch
from tests.conftest import build_app

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 60_000
"""Milliseconds: a loaded machine is slow, not wrong."""
LOOK_AGAIN = 50
expect.set_options(timeout=PATIENCE)


@dataclass(frozen=True)
class Look:
    """How somebody looks at a page."""

    width: int = 1280
    language: str = "en"
    scheme: str = "light"
    scripts: bool = True

    def __str__(self) -> str:
        """Return the look as a test's name."""
        return f"{self.language}-{self.scheme}-{self.width}" + ("" if self.scripts else "-plain")


@dataclass(frozen=True)
class Site:
    """The app as it answers on a port of this machine."""

    app: Flask
    url: str


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing: the tests read the pages, not the log."""


@contextmanager
def serving(app: Flask) -> Iterator[Site]:
    """Serve `app` from threads of this process for as long as the block runs."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(app, f"http://127.0.0.1:{server.port}")
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def launched() -> Iterator[Browser]:
    """Run the system's Chromium; without it a developer's tests are skipped, and CI fails."""
    if CHROMIUM is None:
        reason = "There is no Chromium on this machine: apt-get install chromium."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=list(FLAGS), timeout=3 * PATIENCE
        )
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Return a Chromium that all tests of this folder share."""
    with launched() as browser:
        yield browser


def new_context(
    browser: Browser, site: Site, look: Look, *, for_axe: bool = False
) -> BrowserContext:
    """Return a browser of somebody new, with a look."""
    context = browser.new_context(
        base_url=site.url,
        viewport={"width": look.width, "height": 800},
        locale=f"{look.language}-CA",
        color_scheme=look.scheme,
        java_script_enabled=look.scripts or for_axe,
        bypass_csp=for_axe,
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    return context


@pytest.fixture(scope="package")
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Return the demo on a database of its own, served."""
    folder: Path = tmp_path_factory.mktemp("site")
    app = build_app("sqlite", folder, request)
    with app.app_context():
        loading.load(with_past=False)
        transactions.commit()
    with serving(app) as site:
        yield site


Opener = Callable[..., Page]


@pytest.fixture
def browse(chromium: Browser, site: Site) -> Iterator[Opener]:
    """Return a function that opens a page for a look; any fault that it shows fails the test.

    The content security policy holds, save with `for_axe`: axe puts a script into the page.
    Faults that begin as `expected` says are the test's own doing.
    """
    opened = []

    def open_page(
        look: Look | None = None, *, for_axe: bool = False, expected: tuple[str, ...] = ()
    ) -> Page:
        context = new_context(chromium, site, look or Look(), for_axe=for_axe)
        opened.append((context, Watch(context, site.url, expected)))
        return context.new_page()

    yield open_page
    for context, _watch in opened:
        context.close()
    faults = [fault for _context, watch in opened for fault in watch.faults]
    assert not faults, "\n".join(faults)


def follow(target: Locator) -> None:
    """Click on a link or a button, and wait for the whole page that comes.

    A click alone waits at most until the next page begins: what is read at once, or pressed before
    its scripts have run, may find half a document.
    """
    with target.page.expect_navigation():
        target.click()


@contextmanager
def held(page: Page, pattern: str) -> Iterator[None]:
    """Hold what the page asks for at such an address until the block ends, so it can be read."""
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)

    page.route(pattern, hold)
    yield
    page.unroute(pattern)
    for route in asked:
        route.continue_()


def until(page: Page, question: str) -> None:
    """Wait until the answer to a question in JavaScript is yes."""
    for _look in range(PATIENCE // LOOK_AGAIN):
        if page.evaluate(question):
            return
        page.wait_for_timeout(LOOK_AGAIN)
    pytest.fail(f"Never so on {page.url}: {question}")


def enter(page: Page, person: str, language: str) -> None:
    """Come in as one of the demo's people, and choose the language."""
    page.goto("/sign-in")
    follow(page.locator("main form", has_text=person).get_by_role("button"))
    if page.locator("html").get_attribute("lang") != language:
        follow(page.locator(f"button[name=language][value={language}]"))
