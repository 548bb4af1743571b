"""The pages of projects: a walk over HTTP by all three sides, and what they refuse."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from assessment import clock
from assessment.access import Role
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.people import build_institution, build_staff
from assessment.demo.builders.performances import CRITERIA
from assessment.extensions import db
from assessment.observations.models import Observation
from assessment.observations.service import token_of
from assessment.projects.models import Participation, Project
from tests.assessment.people.browser import sign_in
from tests.assessment.projects.conftest import build_yard

HOSTILE = "<img src=x onerror=alert(1)>"
SAID = "Careful, and quick at it."
OF_EMPLOYER = "They took time to explain."


class Walk:
    """The browsers of an administrator and of a learner, and the employer's, who has no account."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            yard = build_yard()
            self.task_key = yard.task.key
            self.keeper = sign_in(app.test_client(), yard.keeper)
            self.learner = sign_in(app.test_client(), yard.learner)
            self.other = sign_in(app.test_client(), build_learner()[0])
            elsewhere = build_staff(Role.ADMINISTRATOR, build_institution("elsewhere"))
            self.stranger = sign_in(app.test_client(), elsewhere)
        self.employer = app.test_client()

    def invited(self, **changes: str) -> TestResponse:
        """Return the answer to inviting an employer."""
        given = {
            "task": self.task_key,
            "employer": "Lantern Bay Motors",
            "name": "Rosa Delgado",
            "email": "rosa@lantern-motors.example",
            "language": "en",
            **changes,
        }
        return self.keeper.post("/registrar/projects", data=given)

    def project(self) -> Project:
        with self.app.app_context():
            return db.session.scalars(select(Project)).one()

    def link(self) -> str:
        with self.app.app_context():
            return f"/briefs/{token_of(self.project().nonce)}"

    def briefed(self, **changes: str) -> TestResponse:
        """Return the answer to a brief."""
        due = (clock.now() + timedelta(days=10)).date().isoformat()
        given = {
            "title": "Make a van safe",
            "text": "Isolate its battery.",
            "due": due,
            "seats": "1",
            "languages": "en fr",
            **changes,
        }
        return self.employer.post(self.link(), data=given)

    def published(self, **changes: str) -> str:
        """Return the address of a project that learners may join."""
        self.invited()
        self.briefed(**changes)
        answer = {"answer": "publish"}
        self.keeper.post(f"/registrar/projects/{self.project().id}", data=answer)
        return f"/projects/{self.project().id}"

    def delivered(self) -> str:
        """Return the address of a project of which the learner has delivered their part."""
        at = self.published()
        self.learner.post(at)
        self.learner.post(f"{at}/delivery", data={"text": "I isolated it so."})
        return at

    def rating(self) -> str:
        """Return the address at which the employer says what they saw."""
        with self.app.app_context():
            part_id = db.session.scalars(select(Participation.id)).one()
        return f"{self.link()}/{part_id}"

    def seen(self, **changes: str) -> dict[str, str]:
        """Return a form of the employer's that is complete."""
        return {
            **{f"level-{key}": "proficient" for key in CRITERIA},
            "day": clock.now().date().isoformat(),
            "interest": "none",
            "name": "Rosa Delgado",
            "employer": "Lantern Bay Motors",
            "role": "Shop supervisor",
            "confirmed": "y",
            "once": "first",
            "feedback": SAID,
            **changes,
        }

    def observed(self) -> list[Observation]:
        with self.app.app_context():
            return list(db.session.scalars(select(Observation)))


@pytest.fixture
def walk(app: Flask) -> Walk:
    return Walk(app)


def test_a_project_from_the_invitation_to_the_evidence(walk: Walk) -> None:
    assert walk.invited().status_code == 303
    assert "Make a van safe" not in walk.learner.get("/projects").text
    assert walk.briefed().status_code == 303
    project = walk.project()
    assert "Isolate its battery." in walk.keeper.get(f"/registrar/projects/{project.id}").text
    assert walk.learner.get(f"/projects/{project.id}").status_code == 404
    answer = walk.keeper.post(f"/registrar/projects/{project.id}", data={"answer": "publish"})
    assert answer.status_code == 303
    assert "Make a van safe" in walk.learner.get("/projects").text
    at = f"/projects/{project.id}"
    assert walk.learner.post(at).location == f"{at}/mine"
    sent = walk.learner.post(f"{at}/delivery", data={"text": "I isolated it so."})
    assert sent.status_code == 303
    assert "I isolated it so." in walk.employer.get(walk.rating()).text
    assert walk.employer.post(walk.rating(), data=walk.seen()).status_code == 303
    assert walk.observed() == []
    assert walk.learner.post(f"{at}/feedback", data={"text": OF_EMPLOYER}).status_code == 303
    assert SAID in walk.learner.get(f"{at}/mine").text
    assert OF_EMPLOYER in walk.employer.get(walk.rating()).text
    (observation,) = walk.observed()
    assert observation.is_capped


def test_neither_side_reads_what_is_sealed(walk: Walk) -> None:
    at = walk.delivered()
    walk.employer.post(walk.rating(), data=walk.seen())
    with walk.app.app_context():
        performance_id = db.session.scalars(select(Participation.performance_id)).one()
    for path in (f"{at}/mine", at, f"/performances/{performance_id}", "/me"):
        assert SAID not in walk.learner.get(path).text, path
    assert walk.observed() == []


def test_an_employer_does_not_read_what_the_learner_sealed(walk: Walk) -> None:
    at = walk.delivered()
    walk.learner.post(f"{at}/feedback", data={"text": OF_EMPLOYER})
    for path in (walk.link(), walk.rating()):
        page = walk.employer.get(path)
        assert page.status_code == 200
        assert OF_EMPLOYER not in page.text


def test_anothers_part_and_anothers_project_are_none(walk: Walk) -> None:
    at = walk.delivered()
    assert walk.other.get(f"{at}/mine").status_code == 404
    for part, text in (("delivery", "Mine."), ("feedback", "Mine."), ("leave", "")):
        assert walk.other.post(f"{at}/{part}", data={"text": text}).status_code == 404, part
    desk = f"/registrar/projects/{walk.project().id}"
    assert walk.stranger.get(desk).status_code == 404
    assert walk.stranger.post(desk, data={"answer": "close"}).status_code == 404
    assert walk.project().state == "open"
    assert "Lantern Bay Motors" not in walk.stranger.get("/registrar/projects").text


def test_a_link_that_was_made_up_leads_nowhere(walk: Walk) -> None:
    walk.delivered()
    made_up = "/briefs/" + "x" * 43
    _link, _slash, part_id = walk.rating().rpartition("/")
    for path in (made_up, f"{made_up}/{part_id}", f"{walk.link()}/another"):
        assert walk.employer.get(path).status_code == 404, path
        assert walk.employer.post(path, data=walk.seen()).status_code == 404, path


def test_what_employers_and_learners_write_is_text(walk: Walk) -> None:
    at = walk.published(title=f"Van {HOSTILE}", text=HOSTILE)
    walk.learner.post(at)
    walk.learner.post(f"{at}/delivery", data={"text": HOSTILE})
    walk.employer.post(walk.rating(), data=walk.seen(feedback=HOSTILE, name=HOSTILE))
    walk.learner.post(f"{at}/feedback", data={"text": HOSTILE})
    for browser, path in (
        (walk.learner, "/projects"),
        (walk.learner, at),
        (walk.learner, f"{at}/mine"),
        (walk.keeper, "/registrar/projects"),
        (walk.keeper, f"/registrar/projects/{walk.project().id}"),
        (walk.employer, walk.link()),
        (walk.employer, walk.rating()),
    ):
        text = browser.get(path).text
        assert HOSTILE not in text, path
        assert html.escape(HOSTILE) in text, path


def test_a_mail_takes_no_header_and_few_invitations(walk: Walk) -> None:
    bad = walk.invited(email="rosa@lantern-motors.example\r\nBcc: all@example.org")
    assert bad.status_code == 422
    assert [walk.invited().status_code for _ in range(7)].count(303) < 7


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"due": "2020-01-01"}, "Choose a day from tomorrow on"),
        ({"due": "soon"}, "is a day like 2026-05-31."),
        ({"seats": "1e9"}, "Enter a number of people"),
        ({"seats": "-1"}, "Enter a number of people from 1 to 12."),
        ({"title": " "}, "Enter a title"),
    ],
)
def test_a_brief_that_cannot_be_used_is_kept_in_the_form(
    walk: Walk, changes: dict[str, str], sentence: str
) -> None:
    walk.invited()
    page = walk.briefed(**changes)
    assert page.status_code == 422
    assert sentence in page.text
    assert "Isolate its battery." in page.text
    assert walk.project().state == "invited"


def test_what_an_employer_typed_is_kept_where_something_is_missing(walk: Walk) -> None:
    walk.delivered()
    page = walk.employer.post(walk.rating(), data=walk.seen(confirmed=""))
    assert page.status_code == 422
    assert SAID in page.text
    assert page.text.count(" checked") == len(CRITERIA) + 1
    assert walk.observed() == []


def test_a_delivery_without_words_is_asked_for_again(walk: Walk) -> None:
    at = walk.published()
    walk.learner.post(at)
    page = walk.learner.post(f"{at}/delivery", data={"text": " "})
    assert page.status_code == 422
    assert "Write what you deliver, in at most" in page.text


def test_the_last_place_is_gone_with_a_sentence(walk: Walk) -> None:
    at = walk.published()
    walk.learner.post(at)
    sent = walk.other.post(at, follow_redirects=True)
    assert "Every place in this project is taken." in sent.text
    walk.learner.post(f"{at}/leave")
    assert walk.other.post(at).location == f"{at}/mine"


def test_a_brief_is_given_back_with_a_reason(walk: Walk) -> None:
    walk.invited()
    walk.briefed()
    desk = f"/registrar/projects/{walk.project().id}"
    assert walk.keeper.post(desk, data={"answer": "return", "because": ""}).status_code == 422
    sent = walk.keeper.post(desk, data={"answer": "return", "because": "Which van?"})
    assert sent.status_code == 303
    page = walk.employer.get(walk.link()).text
    assert "Which van?" in page
    assert "Isolate its battery." in page


def test_a_form_from_the_learners_browser_does_not_count(walk: Walk) -> None:
    at = walk.delivered()
    walk.learner.post(walk.rating(), data=walk.seen())
    walk.learner.post(f"{at}/feedback", data={"text": OF_EMPLOYER})
    (observation,) = walk.observed()
    assert not observation.counts
