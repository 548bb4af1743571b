"""Practising without an account, in a browser, with scripts and without."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.conftest import Look, follow

pytestmark = pytest.mark.browser

LOOKS = (
    Look(1280, "en", "light"),
    Look(360, "en", "dark"),
    Look(1280, "fr", "dark"),
    Look(360, "fr", "light"),
)
QUESTIONS = 10


def begin(page: Page) -> None:
    """Go from the list of practices to the first question."""
    page.goto("/practice")
    follow(page.locator(".cards a").first)
    follow(page.locator("main form .btn-primary"))
    expect(page.locator("h1")).to_contain_text("1")


def answer(page: Page) -> None:
    """Give some answer, and check it."""
    if page.locator("#text").count():
        page.locator("#text").fill("60")
    else:
        page.locator("[name=choice]").first.click()
    follow(page.locator("[name=go][value=check]"))
    expect(page.locator(".feedback h2")).to_be_visible()


@pytest.mark.parametrize("look", [Look(), Look(360, "fr", scripts=False)], ids=str)
def test_a_visitor_practises_and_reads_what_to_look_at(
    browse: Callable[..., Page], look: Look
) -> None:
    page = browse(look)
    begin(page)
    for number in range(1, QUESTIONS + 1):
        assert page.url.endswith(f"/{number}")
        answer(page)
        follow(page.locator(".question-actions .btn-primary"))
    expect(page.locator(".areas > li")).to_have_count(5)
    expect(page.locator(".areas .status-unsure")).to_have_count(0)
    follow(page.locator(".actions .btn-primary"))
    assert page.url.endswith("/tests/bev-pre")


def test_practice_goes_by_keyboard_and_feedback_takes_the_focus(
    browse: Callable[..., Page],
) -> None:
    page = browse()
    begin(page)
    page.locator("[name=choice], #text").first.focus()
    keys = ("5", "Enter") if page.locator("#text").count() else ("Space", "Enter")
    for key in keys:
        page.keyboard.press(key)
    expect(page.locator(".feedback")).to_be_focused()
    page.wait_for_load_state()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/2")


def test_nothing_chosen_is_told_and_what_is_chosen_survives_the_language(
    browse: Callable[..., Page],
) -> None:
    page = browse()
    begin(page)
    while page.locator("[name=choice]").count() == 0:
        follow(page.get_by_role("link", name="Leave it for now"))
    follow(page.get_by_role("button", name="Check the answer"))
    expect(page.locator(".field-error")).to_contain_text("Give an answer first")
    page.locator("[name=choice]").nth(2).click()
    follow(page.get_by_role("button", name="Français"))
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator("[name=choice]").nth(2)).to_be_checked()
    expect(page.locator(".feedback")).to_have_count(0)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_of_practice_is_accessible(browse: Callable[..., Page], look: Look) -> None:
    page = browse(look, for_axe=True)
    wrong: list[str] = []

    def look_at(name: str) -> None:
        assert page.locator("html").get_attribute("lang") == look.language
        assert page.locator("h1").count() == 1
        wrong.extend(f"{name}: {line}" for line in axe.violations(page))
        if page.evaluate("document.documentElement.scrollWidth") > look.width:
            wrong.append(f"{name}: the page scrolls sideways")

    page.goto("/practice")
    look_at("list")
    follow(page.locator(".cards a").first)
    look_at("begin")
    follow(page.locator("main form .btn-primary"))
    look_at("question")
    answer(page)
    look_at("feedback")
    page.goto(page.url.rpartition("/")[0] + "/self-check")
    look_at("self-check")
    assert wrong == []
