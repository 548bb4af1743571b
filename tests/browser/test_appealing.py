"""Messages, appeals, complaints and what is set aside, as they look; and an appeal by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from assessment import transactions
from assessment.access import Actor, Role
from assessment.awards import service as awards
from assessment.demo.builders.examinations import build_achievement, build_learner
from assessment.demo.builders.people import PASSWORD, build_institution, build_staff
from assessment.demo.builders.performances import (
    BUILDER,
    CRITERIA,
    a_rubric,
    build_performance,
    build_rating,
    build_task,
)
from assessment.evidence.models import Evidence
from assessment.extensions import db
from assessment.people.models import Person
from assessment.people.service import actor_of
from assessment.performances import appealing, complaining, service, threads
from assessment.performances.appeal_models import Complaint
from assessment.performances.models import RatingRow
from assessment.registry import voiding
from tests.browser import axe
from tests.browser.conftest import Look, Site, follow

pytestmark = pytest.mark.browser

LOOKS = (
    Look(1280, "en", "light"),
    Look(360, "en", "dark"),
    Look(1280, "fr", "dark"),
    Look(360, "fr", "light"),
)
GOOD = ("proficient",) * 3
NUMBERS = count(1)
Browse = Callable[..., Page]


@dataclass(frozen=True)
class Cast:
    """The addresses of people in a case, and of its pages by whom they are for."""

    emails: dict[str, str]
    pages: dict[str, tuple[str, ...]]


def cast(look: Look) -> Cast:
    """Return a case: two results, one appealed and written about, one whose evidence was void."""
    key = f"case-{next(NUMBERS)}"
    college = build_institution(key)
    service.publish_rubric(a_rubric(key), key, BUILDER)
    task = build_task(college, f"{key}-task", rubric=key)
    build_achievement(college, f"{key}-award", {"rubric": key, "level": "proficient"})
    raters = [build_staff(Role.ASSESSOR, college, language=look.language) for _ in range(3)]
    registrar = build_staff(Role.REGISTRAR, college, language=look.language)
    person, learner = build_learner(language=look.language)
    first = build_performance(task, learner)
    for each in raters[:2]:
        build_rating(actor_of(each), *GOOD)
    second = build_performance(task, learner, text="I did it again.")
    for each in raters[:2]:
        build_rating(actor_of(each), "expert", "expert", "developing")
    appealing.appeal(second.id, {"tidies": "The bench is clean at 1:30."}, learner)
    place = service.claim_next(actor_of(raters[2]))
    assert place is not None
    threads.write_as_assessor(place.id, "Which bench is it?", actor_of(raters[2]))
    threads.write_as_learner(second.id, "The one on the left.", learner, 1)
    complaint = complaining.complain(second.id, "delay", "It took three weeks.", learner)
    pages = {
        "learner": tuple(
            f"/performances/{second.id}{each}"
            for each in ("", "/messages", "/appeal", "/complaint")
        ),
        "reviewer": (f"/assessor/{place.id}", f"/assessor/{place.id}/messages"),
        "registrar": _registrars(actor_of(registrar), person, complaint, first.id),
    }
    emails = {"learner": person.email, "reviewer": raters[2].email, "registrar": registrar.email}
    return Cast(emails, pages)


def _registrars(
    registrar: Actor, person: Person, complaint: Complaint, first: str
) -> tuple[str, ...]:
    rows = select(Evidence).filter_by(learner_id=person.learner_id).order_by(Evidence.recorded_at)
    void, stands = db.session.scalars(rows)
    seen = voiding.evidence_page(void.id, registrar).seen
    voiding.set_aside(void.id, "It is somebody else's.", seen, registrar)
    ratings = select(RatingRow.id).where(
        RatingRow.performance_id != first,
        RatingRow.learner_id == person.learner_id,
        RatingRow.released_at.is_not(None),
    )
    (award,) = awards.awards_of(person.learner_id)
    return (
        f"/registrar/evidence?learner={person.email}",
        f"/registrar/evidence/{void.id}",
        f"/registrar/evidence/{stands.id}",
        f"/registrar/ratings/{db.session.scalars(ratings).first()}",
        f"/registrar/awards/{award.id}/evidence",
        "/registrar/doubts",
        f"/registrar/doubts/{award.id}",
        "/registrar/appeals",
        "/registrar/second-looks",
        "/registrar/complaints",
        f"/registrar/complaints/{complaint.id}",
    )


def made(site: Site, look: Look) -> Cast:
    """Return a case, committed."""
    with site.app.app_context(), transactions.writing():
        found = cast(look)
        return found


def signed_in(browse: Browse, look: Look, email: str, **how: object) -> Page:
    """Return a page of somebody who is signed in."""
    page = browse(look, **how)
    page.goto("/sign-in?next=/me")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    follow(page.locator("main form .btn-primary").first)
    return page


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_is_in_order(browse: Browse, site: Site, look: Look) -> None:
    case = made(site, look)
    for who, paths in case.pages.items():
        page = signed_in(browse, look, case.emails[who], for_axe=True)
        for path in paths:
            page.goto(path)
            page.wait_for_load_state()
            assert axe.violations(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= look.width, path


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_an_appeal_is_made_by_keyboard(browse: Browse, site: Site, scripts: bool) -> None:
    look = Look(360, "en", scripts=scripts)
    case = made(site, look)
    page = signed_in(browse, look, case.emails["learner"], expected=("console: Failed to load",))
    page.goto(case.pages["learner"][2])
    send = page.get_by_role("button", name="Send the appeal")
    send.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_contain_text("Say for at least one criterion")
    page.wait_for_load_state()
    assert page.locator("textarea").count() == len(CRITERIA) - 1
    page.locator("textarea").first.focus()
    page.keyboard.type("The gloves are seen on evidence 1.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".flashes")).to_contain_text("Sent.")
    expect(page.locator("main")).to_contain_text("The gloves are seen on evidence 1.")
