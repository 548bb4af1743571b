"""Why something was set aside reaches whoever showed it: on each page that tells of it."""

from __future__ import annotations

import html

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from assessment import mail, transactions
from assessment.access import Role
from assessment.awards import service as awards
from assessment.demo.builders.examinations import build_achievement, build_examination
from assessment.demo.builders.people import build_person, build_staff
from assessment.evidence.models import Evidence, EvidenceKind
from assessment.extensions import db
from assessment.jobs.models import Job
from assessment.me.record import record_of
from assessment.people.service import actor_of
from assessment.registry import voiding
from tests.assessment.people.browser import sign_in
from tests.assessment.registry.test_voiding import build_case
from tests.assessment.sittings.answers import sit

REASON = "Somebody else sat this test <for you>."


class Story:
    """Somebody passed a test and was awarded on it; then a registrar set the result aside."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            made = build_examination()
            build_achievement(made.institution, "plain", {"test": "pre", "percent": 70})
            build_achievement(made.institution, "above", {"achievement": "plain"})
            person = build_person("ana@example.org")
            self.registrar = actor_of(build_staff(Role.REGISTRAR, made.institution))
            self.learner_id = person.learner_id
            sit("pre", actor_of(person))
            self.browser = sign_in(app.test_client(), person)
            found = awards.awards_of(self.learner_id)
            self.awards = {each.achievement.key: each.id for each in found}
            rows = select(Evidence).filter_by(learner_id=self.learner_id, kind=EvidenceKind.TEST)
            row = db.session.scalars(rows).one()
            self.evidence_id, self.sitting_id = row.id, row.source_id
            transactions.commit()

    def set_aside(self) -> None:
        with self.app.app_context():
            page = voiding.evidence_page(self.evidence_id, self.registrar)
            voiding.set_aside(self.evidence_id, REASON, page.seen, self.registrar)
            transactions.commit()

    def page(self, address: str) -> str:
        found = self.browser.get(address)
        assert found.status_code == 200
        return html.unescape(found.text)


@pytest.fixture
def story(app: Flask) -> Story:
    return Story(app)


def test_the_page_of_a_test_says_why_its_result_counts_no_more(story: Story) -> None:
    before = story.page(f"/sittings/{story.sitting_id}")
    assert "Shown: 100" in before
    assert REASON not in before
    story.set_aside()
    after = story.page(f"/sittings/{story.sitting_id}")
    assert "this result counts no more." in after
    assert f"Reason given by the registrar: {REASON}" in after
    assert "Shown: 100" not in after
    assert "is open to you now" not in after


def test_the_record_and_the_gaps_say_so(story: Story) -> None:
    assert REASON not in story.page("/me")
    story.set_aside()
    assert f"Reason given by the registrar: {REASON}" in story.page("/me")
    with story.app.app_context():
        (line,) = record_of(story.learner_id).sittings
        assert not line.reached
    gaps = story.page("/me/gaps/pre")
    assert "A result of this test was set aside on " in gaps
    assert f"/sittings/{story.sitting_id}" in gaps
    assert "You need not take this test again." not in story.page("/tests/pre")


@pytest.mark.parametrize("key", ["plain", "above"])
def test_an_award_in_doubt_says_what_fell_and_why(story: Story, key: str) -> None:
    address = f"/awards/{story.awards[key]}"
    assert "was set aside" not in story.page(address)
    story.set_aside()
    page = story.page(address)
    assert f"and counts no more. Reason: {REASON}" in page
    assert "In doubt: a registrar decides whether this award stays." in page
    with story.app.app_context():
        awards.keep(story.awards["plain"], "Shown to me in person.", story.registrar)
        transactions.commit()
    kept = story.page(address)
    assert "a registrar decided that it stays all the same." in kept
    assert "Shown to me in person." not in kept


def test_the_mail_leads_to_the_reason(story: Story) -> None:
    story.set_aside()
    assert was_mailed(story.app, f"/sittings/{story.sitting_id}\n\nIf you think")


def was_mailed(app: Flask, text: str) -> bool:
    with app.app_context():
        rows = db.session.scalars(select(Job).filter_by(kind="mail.send"))
        return any(text in mail._unseal(each.payload["sealed"]).text for each in rows)


def test_work_that_was_set_aside_says_why(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        case = build_case()
        page = voiding.evidence_page(case.evidence.id, case.registrar)
        voiding.set_aside(case.evidence.id, REASON, page.seen, case.registrar)
        transactions.commit()
        address = f"/performances/{case.performance.id}"
        browser = sign_in(client, case.learner)
    assert f"Reason given by the registrar: {REASON}" in html.unescape(browser.get(address).text)
    assert was_mailed(app, f"{address}\n\nIf you think")
