"""Pages that come after a form or a mail, which no link leads to: each with axe, in every look."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from assessment import transactions
from assessment.access import Role
from assessment.demo.builders.people import build_person
from assessment.people import service as people
from assessment.people.models import Purpose
from tests.assessment.people.mailed import token_for
from tests.browser.conftest import Look, Site, enter
from tests.browser.test_pages import LANGUAGES, looked_at

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("language", LANGUAGES)]

ADDRESS = "127.0.0.1"
BANK = {
    "bank": {"key": "small", "title": {"en": "Small", "fr": "Petite"}},
    "areas": [{"key": "one", "title": {"en": "One", "fr": "Un"}}],
    "items": [
        {
            "id": "S-1",
            "area": "one",
            "kind": "choice",
            "stem": {"en": "Which?", "fr": "Lequel?"},
            "options": [{"en": "This", "fr": "Ceci"}, {"en": "That", "fr": "Cela"}],
            "key": [0],
        },
        {"id": "S-2", "area": "nowhere", "kind": "choice"},
    ],
}


def mailed(site: Site, purpose: Purpose, email: str) -> str:
    """Return the token of a link that was just mailed to a new person."""
    with site.app.test_request_context():
        person = build_person(email, email_confirmed_at=None)
        actor = people.actor_of(person)
        transactions.commit()
        match purpose:
            case Purpose.RESET:
                people.ask_for_reset(email, "en", ADDRESS)
            case Purpose.CONFIRMATION:
                people.send_confirmation(actor, ADDRESS)
            case Purpose.INVITATION:
                college = people.institution_by_key("lantern-bay")
                administrator = next(
                    each
                    for each in people.demo_people()
                    if any(grant.role == Role.ADMINISTRATOR for grant in each.grants)
                )
                inviting = people.actor_of(administrator)
                people.invite(email, college.id, Role.ASSESSOR, "en", inviting)
        transactions.commit()
        return token_for(email, purpose)


@pytest.mark.parametrize(
    ("purpose", "path"),
    [
        (Purpose.RESET, "/reset/"),
        (Purpose.CONFIRMATION, "/confirm/"),
        (Purpose.INVITATION, "/invitations/"),
    ],
)
def test_a_mailed_link(
    browse: Callable[..., Page], site: Site, language: str, purpose: Purpose, path: str
) -> None:
    token = mailed(site, purpose, f"{purpose}-{language}@example.org")
    page = browse(Look(language=language), for_axe=True)
    answer = page.goto(path + token)
    assert answer is not None
    assert answer.status == 200
    assert looked_at(page) == []


def send(page: Page) -> None:
    """Press the form's main button and wait for the whole page that comes, styles included."""
    with page.expect_navigation(wait_until="load"):
        page.locator("main form .btn-primary").first.click()


def test_a_reset_on_its_way(browse: Callable[..., Page], language: str) -> None:
    page = browse(Look(language=language), for_axe=True)
    page.goto("/reset")
    page.locator("main input[type=email]").fill("nobody@example.org")
    send(page)
    assert looked_at(page) == []


def test_an_accommodation(browse: Callable[..., Page], site: Site, language: str) -> None:
    page = browse(Look(language=language), for_axe=True)
    enter(page, "Colin MacIsaac", language)
    with site.app.app_context():
        (amina,) = (each for each in people.demo_people() if "Amina" in each.display_name)
        learner_id = amina.learner_id
    page.goto(f"/people/accommodations/{learner_id}")
    assert looked_at(page) == []


def test_a_checked_import(browse: Callable[..., Page], language: str) -> None:
    page = browse(Look(language=language), for_axe=True)
    enter(page, "Élise Bergeron-Tran", language)
    page.goto("/bank-imports")
    page.locator("select[name=format]").select_option("json")
    file = {"name": "b.json", "mimeType": "application/json", "buffer": json.dumps(BANK).encode()}
    page.locator("input[name=file]").set_input_files(file)
    page.locator("input[name=bank]").fill("small")
    send(page)
    expect(page.locator("main")).to_contain_text("S-2")
    assert looked_at(page) == []


def test_a_verdict(browse: Callable[..., Page], language: str) -> None:
    page = browse(Look(language=language), for_axe=True)
    page.goto("/verify")
    page.locator("textarea").fill("no credential at all")
    send(page)
    assert looked_at(page) == []
