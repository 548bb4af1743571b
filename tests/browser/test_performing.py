"""A learner shows work, by keyboard alone, from the achievement to what becomes of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from assessment import transactions
from assessment.access import Role
from assessment.demo.builders.people import PASSWORD, build_person
from assessment.demo.builders.performances import build_rating, build_workshop
from assessment.extensions import db
from assessment.people.models import Person, RoleGrant
from assessment.people.service import actor_of
from tests.assessment.artefacts.files import picture
from tests.browser import axe
from tests.browser.conftest import Look, Site, follow, serving
from tests.browser.test_journey import Hands
from tests.conftest import build_app

pytestmark = pytest.mark.browser

LOOKS = (
    Look(1280, "en"),
    Look(360, "fr", "dark"),
    Look(360, "en", "dark", scripts=False),
    Look(1280, "fr", scripts=False),
)
PICTURES = os.environ.get("ATTEST_TEST_PICTURES")
"""Where to keep pictures of the pages, for whoever wants to look at them."""


@pytest.fixture(scope="module")
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Return a workshop with one task, served; without the demo."""
    app = build_app("sqlite", tmp_path_factory.mktemp("performing"), request)
    with app.app_context():
        build_workshop()
        for look in LOOKS:
            build_person(f"learner-{look}@example.org")
            build_person(f"axe-{look}@example.org")
        transactions.commit()
    with serving(app) as served:
        yield served


def enter(page: Page, email: str, language: str) -> None:
    """Sign in, and choose the language of the pages."""
    page.goto("/sign-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    follow(page.locator("main form .btn-primary"))
    if page.locator("html").get_attribute("lang") != language:
        follow(page.locator(f"button[name=language][value={language}]"))


def look_at(page: Page, name: str, look: Look) -> None:
    """Keep a picture of the page, where somebody wants to see it."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}-{look}.png", full_page=True)


def rated(site: Site, *levels: str | None) -> None:
    """Let two assessors rate what waits, in the same way."""
    with site.app.app_context():
        assessors = select(Person.id).join(RoleGrant).where(RoleGrant.role == Role.ASSESSOR)
        ids = db.session.scalars(assessors.order_by(Person.id).limit(2)).all()
    for person_id in ids:
        with site.app.app_context(), transactions.writing():
            build_rating(actor_of(db.session.get_one(Person, person_id)), *levels)


def write_text(hands: Hands, text: str, criterion: str, place: str) -> None:
    """Add a text that shows one criterion."""
    hands.follow("a[href$='/texts']")
    hands.write("text", text)
    hands.reach(hands.page.locator(f"#criterion-{criterion}"))
    hands.page.keyboard.press("Space")
    hands.write(f"place-{criterion}", place)
    hands.follow("main form .btn-primary")


def send_picture(hands: Hands, criteria: tuple[str, ...]) -> None:
    """Send a picture, and say what it shows."""
    hands.follow("a[href$='/files']")
    chosen = {"name": "locks.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    hands.page.locator("[name=file]").set_input_files([chosen])  # the system's own window
    hands.page.locator("[name=file]").focus()
    hands.reach(hands.page.locator("main form .btn-primary"))
    hands.page.keyboard.press("Enter")
    hands.page.wait_for_url("**/criteria")
    hands.page.wait_for_load_state()
    for criterion in criteria:
        hands.reach(hands.page.locator(f"#criterion-{criterion}"))
        hands.page.keyboard.press("Space")
    hands.follow("main form .btn-primary")


def hand_in(hands: Hands, look: Look, name: str) -> None:
    """Check it, declare, and hand it in."""
    hands.follow("a.btn-primary[href$='/submit']")
    look_at(hands.page, name, look)
    hands.tick("declared")
    hands.tick("others")
    hands.follow("main form .btn-primary")


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_work_is_shown_by_keyboard_alone(
    browse: Callable[..., Page], site: Site, look: Look
) -> None:
    page = browse(look)
    hands = Hands(page, site)
    enter(page, f"learner-{look}@example.org", look.language)
    page.goto("/tasks/show-isolation")
    look_at(page, "1-task", look)
    hands.follow("main form .btn-primary")
    assert page.locator(".step-now").count() == 1
    write_text(hands, "First I look.\nThen I lock.", "prepares", "line 1")
    send_picture(hands, ("isolates", "tidies"))
    assert page.locator("section.piece").count() == 2
    look_at(page, "2-draft", look)
    hand_in(hands, look, "3-check")
    assert page.locator(".step-done").count() == 2
    look_at(page, "4-handed-in", look)
    rated(site, "proficient", None, "expert")
    page.reload()
    expect(page.locator(".criterion-wanted blockquote").first).to_have_text("Show me more of it.")
    look_at(page, "5-more", look)
    write_text(hands, "Here is the lock.", "isolates", "")
    hand_in(hands, look, "6-check-again")
    rated(site, "proficient", "expert", "expert")
    page.reload()
    expect(page.locator(".status-met").first).to_be_visible()
    look_at(page, "7-result", look)
    page.goto("/me")
    look_at(page, "8-record", look)
    hands.follow("a[href^='/awards/']")
    look_at(page, "9-award", look)


@pytest.mark.parametrize("look", LOOKS[:2], ids=str)
def test_what_is_wrong_is_said_where_it_is_and_nothing_typed_is_lost(
    browse: Callable[..., Page], site: Site, look: Look
) -> None:
    page = browse(look, for_axe=True, expected=("Failed to load resource",))
    enter(page, f"axe-{look}@example.org", look.language)
    page.goto("/tasks/show-isolation")
    wrong = axe.violations(page)
    follow(page.locator("main form .btn-primary"))
    wrong += axe.violations(page)
    follow(page.locator("a[href$='/texts']"))
    wrong += axe.violations(page)
    page.fill("[name=text]", "Kept.\nAll of it.")
    page.fill("[name=place-tidies]", "line 2")
    follow(page.locator("main form .btn-primary"))
    expect(page.locator("[name=text]")).to_have_value("Kept.\nAll of it.")
    expect(page.locator("[name=place-tidies]")).to_have_value("line 2")
    expect(page.locator(".error-summary a")).to_have_count(1)
    page.locator(".error-summary a[href='#place-tidies']").click()
    expect(page.locator("[name=place-tidies]")).to_be_focused()
    wrong += axe.violations(page)
    look_at(page, "e1-text", look)
    page.click("#criterion-tidies")
    expect(page.locator("#criterion-tidies")).to_be_checked()
    follow(page.locator("main form .btn-primary"))
    follow(page.locator("a.btn[href$='/files']"))
    wrong += axe.violations(page)
    look_at(page, "e2-files", look)
    page.go_back()
    follow(page.locator("a[href$='/submit']"))
    follow(page.locator("main form .btn-primary"))
    expect(page.locator(".error-summary a")).to_have_count(1)
    wrong += axe.violations(page)
    look_at(page, "e3-check", look)
    page.go_back()
    page.go_back()
    follow(page.locator("a[href$='/remove']"))
    wrong += axe.violations(page)
    look_at(page, "e4-remove", look)
    page.go_back()
    follow(page.locator("a[href$='/withdraw']"))
    wrong += axe.violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= look.width
    assert wrong == []
