"""Public pages, looked at in both languages, both themes and both widths."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.conftest import Look, follow

pytestmark = pytest.mark.browser

LANGUAGES = ("en", "fr")
WIDTHS = (1280, 360)
SCHEMES = ("light", "dark")
PAGES = {"/nowhere": 404}


def looked_at(page: Page) -> list[str]:
    """Return what is wrong with the page as it stands, in either theme and at either width."""
    wrong = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            wrong += [f"{width} {scheme}: {line}" for line in axe.violations(page)]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{width}: the page scrolls sideways")
    return wrong


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible(browse: Callable[..., Page], path: str, language: str) -> None:
    page = browse(Look(language=language), for_axe=True)
    response = page.goto(path)
    assert response is not None
    assert response.status == PAGES[path]
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("h1").count() == 1
    assert looked_at(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_keeps_to_the_policy_and_the_origin(browse: Callable[..., Page], path: str) -> None:
    page = browse()
    page.goto(path)  # the fixture fails the test on any fault
    assert page.locator("main h1").is_visible()


@pytest.mark.parametrize("path", PAGES)
def test_the_first_stop_of_the_keyboard_leads_past_the_frame(
    browse: Callable[..., Page], path: str
) -> None:
    page = browse()
    page.goto(path)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/sign-in", "/register", "/verify"])
def test_a_refused_form_leads_to_its_fields(
    browse: Callable[..., Page], path: str, language: str
) -> None:
    page = browse(Look(language=language), for_axe=True)
    page.goto(path)
    follow(page.locator("main form .btn-primary").first)
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    assert looked_at(page) == []
    first = summary.locator("a").first
    field = page.locator(first.get_attribute("href") or "#none")
    first.press("Enter")
    expect(field).to_be_focused()
    assert field.get_attribute("aria-invalid") == "true"
    described = page.locator(f"#{field.get_attribute('id')}-error")
    assert first.inner_text() in described.inner_text()
