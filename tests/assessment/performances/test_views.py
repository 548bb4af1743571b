"""The pages of learners and assessors: small walks over HTTP, and what no page may say."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from assessment.artefacts.models import Artefact
from assessment.artefacts.reasons import WhyNot
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.performances import (
    BUILDER,
    CRITERIA,
    a_rubric,
    build_task,
    build_workshop,
)
from assessment.extensions import db
from assessment.performances import service
from assessment.performances.models import Assignment, Attachment, Performance, RatingRow
from tests.assessment.people.browser import sign_in
from tests.assessment.performances.test_service import picture

ALL = {"criterion": list(CRITERIA)}
GOOD = {f"level-{key}": "proficient" for key in CRITERIA}
LEARNER = "Canary Learner"
DECLARED = {"declared": "y", "others": "y"}
HOSTILE = "<script>alert('canary')</script>"


class Walk:
    """A workshop, a learner and two assessors, each with a browser; remembers all that is said."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            made = build_workshop()
            person, actor = build_learner(display_name=LEARNER, email="canary@example.org")
            self.learner_ids = (person.id, actor.learner_id or "")
            self.assessor_ids = tuple(each.id for each in made.assessors)
            self.assessor_names = tuple(each.display_name for each in made.assessors)
            self.learner = sign_in(app.test_client(), person)
            self.assessors = [sign_in(app.test_client(), each) for each in made.assessors]

    def begun(self) -> str:
        """Return the address of a performance that has just begun."""
        location: str = self.learner.post("/tasks/show-isolation").location
        return location

    def handed_in(self) -> str:
        """Return the address of a performance that was handed in: a text, a picture and a PDF."""
        at = self.begun()
        sent = self.learner.post(f"{at}/texts", data={"text": f"I did {HOSTILE}", **ALL})
        assert sent.status_code == 303
        for name, data in (("canary-name.png", picture()), ("canary-name.pdf", b"%PDF-1.7")):
            file = (BytesIO(data), name)
            sent = self.learner.post(f"{at}/files", data={"file": file, **ALL})
            assert sent.status_code == 303
        assert self.learner.post(f"{at}/submit", data=DECLARED).status_code == 303
        return at

    def taken(self, place: int) -> str:
        """Return the address of the page on which an assessor rates what waited longest."""
        location: str = self.assessors[place].post("/assessor/next").location
        assert location != "/assessor"
        return location


@pytest.fixture
def walk(app: Flask) -> Walk:
    return Walk(app)


def test_from_the_achievement_to_the_award(walk: Walk) -> None:
    page = walk.learner.get("/achievements/isolating")
    assert "/achievements/isolating/tasks" in page.text
    assert "/tasks/show-isolation" in walk.learner.get("/achievements/isolating/tasks").text
    assert (
        "This is how isolates looks when expert." in walk.learner.get("/tasks/show-isolation").text
    )
    at = walk.handed_in()
    assert "each without knowing of the other" in walk.learner.get(at).text
    for place in (0, 1):
        page_of = walk.taken(place)
        released = walk.assessors[place].post(page_of, data={**GOOD, "go": "release"})
        assert released.location == "/assessor"
        expected = "1 of 2 ratings are in." if place == 0 else "Shown: level Proficient"
        assert expected in walk.learner.get(at).text
    record = walk.learner.get("/me").text
    assert "Achievement isolating" in record
    assert at in record
    explanation = walk.learner.get(_links(record, "/awards/", "")[0]).text
    for said in (
        "2 assessors rated every criterion, each without knowing of the other.",
        "Isolates",
        "Prepares",
        "Tidies",
    ):
        assert said in explanation


def test_nobody_learns_who_the_other_is(walk: Walk) -> None:
    at = walk.handed_in()
    said_to_assessors, said_to_learner = "", ""
    for place in (0, 1):
        browser = walk.assessors[place]
        said_to_assessors += browser.get("/assessor").text.replace(walk.assessor_names[place], "")
        page_of = walk.taken(place)
        for language in ("en", "fr"):
            browser.post("/language", data={"language": language, "next": page_of})
            page = browser.get(page_of)
            said_to_assessors += page.text.replace(walk.assessor_names[place], "")
        files = _links(page.text, "/assessor/")
        assert len(files) == 2  # the picture and the PDF
        for path in files:
            got = browser.get(path)
            said_to_assessors += f"{got.headers}{got.data!r}"
        marks = {**GOOD, f"comment-{CRITERIA[0]}": f"canary comment {place}"}
        saved = browser.post(page_of, data={**marks, "go": "save"}, follow_redirects=True)
        assert saved.status_code == 200
        if place == 1:  # the first one's are in, the second one's are not
            assert "canary comment 0" not in saved.text
        said_to_learner += walk.learner.get(at).text + walk.learner.get("/me").text
        assert "canary comment" not in said_to_learner
        browser.post(page_of, data={**marks, "go": "release"})
        assert "canary comment 0" not in browser.get(page_of).text or place == 0
    seen = walk.learner.get(at).text
    assert "canary comment 0" in seen  # once all are in
    said_to_learner += seen
    for secret in (LEARNER, "canary@example.org", "canary-name", *walk.learner_ids, at):
        assert secret not in said_to_assessors, secret
    for secret in (*walk.assessor_ids, *walk.assessor_names, "/assessor/"):
        assert secret not in said_to_learner, secret
    assert "canary camera" not in said_to_assessors


def _links(text: str, start: str, inside: str = "s/") -> list[str]:
    parts = text.split('"')
    return sorted(
        {each for each in parts if each.startswith(start) and inside in each[len(start) :]}
    )


def test_what_others_wrote_is_inert(walk: Walk) -> None:
    at = walk.handed_in()
    page_of = walk.taken(0)
    browser = walk.assessors[0]
    browser.post(page_of, data={f"comment-{CRITERIA[0]}": HOSTILE})
    for page in (walk.learner.get(at), browser.get(page_of)):
        assert HOSTILE not in page.text
        assert "&lt;script&gt;" in page.text


def test_files_leave_as_attachments_under_a_name_of_ours(walk: Walk) -> None:
    at = walk.handed_in()
    with walk.app.app_context():
        text, image, document = db.session.scalars(
            select(Attachment.artefact_id).order_by(Attachment.position)
        )
    for artefact in (text, image, document):
        got = walk.learner.get(f"{at}/artefacts/{artefact}")
        assert got.headers["Content-Disposition"].startswith('attachment; filename="evidence-')
        assert "canary" not in str(got.headers)
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in got.headers["Content-Security-Policy"]
    page_of = walk.taken(0)
    browser = walk.assessors[0]
    assert browser.get(f"{page_of}/artefacts/{document}").status_code == 404  # never itself
    assert browser.get(f"{page_of}/pictures/{image}").content_type == "image/jpeg"
    for path in (f"artefacts/{image}", f"pictures/{document}", "pictures/nowhere"):
        assert browser.get(f"{page_of}/{path}").status_code == 404
    with walk.app.app_context():
        other = build_learner()[0]
        stranger = sign_in(walk.app.test_client(), other)
    assert stranger.get(f"{at}/artefacts/{image}").status_code == 404
    assert walk.assessors[1].get(f"{page_of}/pictures/{image}").status_code == 404
    assert walk.learner.get(f"{page_of}/pictures/{image}").status_code == 403


def test_a_form_that_cannot_be_used_says_why_and_keeps_what_was_typed(walk: Walk) -> None:
    at = walk.begun()
    for data, sentence in (
        ({"text": ""}, "Write something first."),
        ({"text": "Kept <b>"}, "Tick at least one criterion"),
        ({"text": "So.", "criterion": "sings"}, "no such criterion"),
    ):
        refused = walk.learner.post(f"{at}/texts", data=data)
        assert refused.status_code == 422
        assert sentence in refused.text
    kept = walk.learner.post(
        f"{at}/texts", data={"text": "Kept <b>", "criterion": "sings", "place-tidies": "page 2"}
    )
    assert "Kept &lt;b&gt;" in kept.text
    for data, sentence in (
        (ALL, "not empty"),
        ({"file": (BytesIO(b"GIF89a"), "a.png"), **ALL}, "no picture"),
    ):
        refused = walk.learner.post(f"{at}/files", data=data)
        assert refused.status_code == 422
        assert sentence in refused.text
    undeclared = walk.learner.post(f"{at}/submit")
    assert undeclared.status_code == 422
    assert "this is your own work" in undeclared.text
    empty = walk.learner.post(f"{at}/submit", data=DECLARED)
    assert empty.status_code == 422
    assert "nothing to look at yet" in empty.text
    with walk.app.app_context():
        assert db.session.scalars(select(Artefact)).all() == []


def test_what_was_typed_too_late_is_not_lost(walk: Walk) -> None:
    at = walk.handed_in()
    late = walk.learner.post(f"{at}/texts", data={"text": "Typed\r\ntoo late", **ALL})
    assert late.status_code == 409
    assert "it can be changed no more" in late.text
    assert "Typed\r\ntoo late" in late.text
    assert "Copy it from here" in late.text


def test_a_text_that_is_too_long_is_kept_whole(walk: Walk) -> None:
    at = walk.begun()
    long = "é" * 20_001
    refused = walk.learner.post(f"{at}/texts", data={"text": long, **ALL})
    assert refused.status_code == 422
    assert long in refused.text
    assert "maxlength" not in refused.text  # a browser would cut what is pasted


def test_a_file_is_kept_whatever_is_said_of_it(walk: Walk) -> None:
    at = walk.begun()
    file = (BytesIO(picture()), "canary-name.png")
    refused = walk.learner.post(
        f"{at}/files", data={"file": file, "criterion": "tidies", "place-prepares": "left"}
    )
    assert refused.status_code == 422
    assert "Tick it, or empty the field" in refused.text
    assert "canary-name.png" in walk.learner.get(f"{at}/files").text
    assert 'value="left"' in refused.text
    sent = walk.learner.post(f"{at}/files", data={"file": (BytesIO(picture()), "b.png")})
    assert sent.location.endswith("/criteria")
    chosen = walk.learner.post(sent.location, data={"criterion": "tidies", "place-tidies": "left"})
    assert chosen.status_code == 303
    assert "(left)" in walk.learner.get(at).text


def test_pages_that_change_something_are_closed_once_it_is_handed_in(walk: Walk) -> None:
    at = walk.handed_in()
    with walk.app.app_context():
        artefact = db.session.scalars(select(Attachment.artefact_id)).first()
    for path in ("texts", "files", "submit", f"artefacts/{artefact}/criteria"):
        assert walk.learner.get(f"{at}/{path}").status_code == 303
    assert walk.learner.get(f"{at}/artefacts/{artefact}/remove").status_code == 303
    assert walk.learner.get(f"{at}/withdraw").status_code == 200
    for path in (f"artefacts/{artefact}/remove", f"artefacts/{artefact}/back"):
        assert walk.learner.post(f"{at}/{path}").status_code == 409
    walk.learner.post(f"{at}/withdraw")
    assert walk.learner.get(f"{at}/withdraw").status_code == 303


def test_another_learners_pages_are_none(walk: Walk) -> None:
    at = walk.handed_in()
    with walk.app.app_context():
        artefact = db.session.scalars(select(Attachment.artefact_id)).first()
        stranger = sign_in(walk.app.test_client(), build_learner()[0])
    own = stranger.post("/tasks/show-isolation").location
    one = f"artefacts/{artefact}"
    for path in ("", "/texts", "/files", "/submit", "/withdraw", f"/{one}/remove"):
        assert stranger.get(f"{at}{path}").status_code == 404, path
    for path in (f"{at}/texts", f"{at}/files", f"{at}/submit", f"{at}/{one}/back"):
        data = {"text": "Mine.", "file": (BytesIO(picture()), "a.png"), **ALL}
        assert stranger.post(path, data=data).status_code == 404, path
    for path in (f"{own}/{one}/criteria", f"{own}/{one}/remove", f"{own}/{one}/back"):
        assert stranger.post(path, data=ALL).status_code == 404, path
    foreign = stranger.post(f"{own}/files", data={"artefact": artefact, **ALL})
    assert foreign.status_code == 404


def test_what_was_added_is_taken_out_again_with_its_file(walk: Walk) -> None:
    at = walk.begun()
    walk.learner.post(f"{at}/texts", data={"text": "So.", **ALL})
    with walk.app.app_context():
        artefact = db.session.scalars(select(Artefact)).one()
        path = f"{at}/artefacts/{artefact.id}"
    assert walk.learner.get(path).data == b"So."
    assert walk.learner.post(f"{path}/remove").status_code == 303
    assert walk.learner.get(path).status_code == 404


def test_withdrawing_ends_it(walk: Walk) -> None:
    at = walk.handed_in()
    assert walk.learner.post(f"{at}/withdraw").status_code == 303
    assert "Begin anew" in walk.learner.get(at).text
    nothing = walk.assessors[0].post("/assessor/next", follow_redirects=True)
    assert "Nothing waits for you" in nothing.text
    assert walk.begun() != at


def test_withdrawing_gives_room_back_only_when_asked(walk: Walk) -> None:
    def kept() -> list[bool]:
        with walk.app.app_context():
            rows = select(Artefact.storage_key).order_by(Artefact.id)
            return [each is not None for each in db.session.scalars(rows)]

    walk.learner.post(f"{walk.handed_in()}/withdraw")
    assert all(kept())
    before = len(kept())
    walk.learner.post(f"{walk.handed_in()}/withdraw", data={"forget": "y"})
    assert (kept().count(True), len(kept())) == (before, 2 * before)


def test_what_nobody_could_look_at_is_not_handed_in(walk: Walk) -> None:
    at = walk.begun()
    walk.learner.post(f"{at}/texts", data={"text": "So.", **ALL})
    with walk.app.app_context():
        for each in db.session.scalars(select(Artefact)):
            each.readiness, each.why_not = "cannot be shown", WhyNot.UNREADABLE
        db.session.commit()
    refused = walk.learner.post(f"{at}/submit", data=DECLARED)
    assert refused.status_code == 422
    assert "could not look at evidence 1" in refused.text


def test_more_evidence_is_asked_for_kindly(walk: Walk) -> None:
    at = walk.handed_in()
    for place in (0, 1):
        page_of = walk.taken(place)
        marks = {**GOOD, "level-tidies": "?", "go": "release"}
        unsaid = walk.assessors[place].post(page_of, data=marks)
        assert unsaid.status_code == 422
        assert "Give the reason in a comment" in unsaid.text
        marks["comment-tidies"] = "Where are the tools?"
        walk.assessors[place].post(page_of, data=marks)
    page = walk.learner.get(at).text
    assert "More evidence, please" in page
    assert "Where are the tools?" in page
    walk.learner.post(f"{at}/texts", data={"text": "Here they are.", "criterion": "tidies"})
    walk.learner.post(f"{at}/submit", data=DECLARED)
    anew = walk.assessors[2].get(walk.taken(2)).text
    assert anew.count("New in this version") == 1


def test_a_mark_that_there_is_not_is_refused(walk: Walk) -> None:
    walk.handed_in()
    page_of = walk.taken(0)
    browser = walk.assessors[0]
    for wrong in (
        {"level-tidies": "NaN"},
        {"level-tidies": "9" * 5000},
        {"level-sings": "expert"},
        {"comment-sings": "Well."},
        {"level-tidies": "true", "go": "release"},
    ):
        assert browser.post(page_of, data=wrong).status_code == 422, wrong
    with walk.app.app_context():
        assert db.session.scalars(select(RatingRow.marks)).all() == [{}]


def test_made_up_facts_are_ignored(walk: Walk) -> None:
    at = walk.handed_in()
    page_of = walk.taken(0)
    extra = {"person_id": "x", "learner_id": "x", "state": "resolved", "released_at": "2026-01-01"}
    walk.assessors[0].post(page_of, data={**GOOD, **extra, "round": "9", "role": "adjudicator"})
    with walk.app.app_context():
        assert db.session.scalars(select(RatingRow.released_at)).all() == [None]
        assert set(db.session.scalars(select(Assignment.role))) == {"assessor"}
        assert db.session.scalars(select(Performance.state)).all() == ["submitted"]
    assert walk.learner.get(at).status_code == 200


def test_desks_are_closed_to_others(walk: Walk, client: FlaskClient) -> None:
    walk.handed_in()
    page_of = walk.taken(0)
    for path in ("/assessor", page_of):
        assert walk.learner.get(path).status_code == 403
        assert client.get(path).location.startswith("/sign-in")
    for path in ("/assessor/next", page_of):
        assert walk.learner.post(path).status_code == 403
    assert walk.assessors[1].get(page_of).status_code == 404
    assert walk.assessors[1].post(page_of, data=GOOD).status_code == 404


def test_what_there_is_not(client: FlaskClient) -> None:
    for path in ("/tasks/nowhere", "/achievements/nowhere/tasks"):
        assert client.get(path).status_code == 404


def test_an_achievement_without_a_task_says_so(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        made = build_workshop()
        service.publish_rubric(a_rubric("other"), made.institution.key, BUILDER)
        build_task(made.institution, rubric="other")  # what was for this rubric is for another
        db.session.commit()
    assert "No task is open yet" in client.get("/achievements/isolating/tasks").text


@pytest.mark.parametrize("path", ["/tasks/show-isolation", "/achievements/isolating/tasks"])
def test_visitors_read_what_is_asked_in_either_language(walk: Walk, path: str) -> None:
    for language, word in (("en", "en"), ("fr", "fr")):
        page = walk.app.test_client().get(path, headers={"Accept-Language": language})
        assert page.status_code == 200
        assert f'<html lang="{word}">' in page.text


def test_the_pages_speak_french(walk: Walk) -> None:
    at = walk.handed_in()
    french = {"Accept-Language": "fr"}
    walk.learner.post("/language", data={"language": "fr", "next": at})
    assert "Remis" in walk.learner.get(at, headers=french).text
    walk.assessors[0].post("/language", data={"language": "fr", "next": "/assessor"})
    page = walk.assessors[0].get(walk.taken(0)).text
    assert "Non observé" in page
    assert "when expert. (fr)" in page
