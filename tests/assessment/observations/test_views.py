"""The pages of learners and of observers: a walk over HTTP, and what links refuse."""

from __future__ import annotations

import html
import logging
import re
import secrets

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from assessment import clock
from assessment.access import Role
from assessment.demo.builders.exemplars import build_gate
from assessment.demo.builders.people import build_institution, build_person, build_staff
from assessment.demo.builders.performances import CRITERIA
from assessment.extensions import db
from assessment.observations.claiming import claim
from assessment.observations.models import (
    Nomination,
    Observation,
    ObservationVoid,
    Particulars,
)
from assessment.observations.service import token_of
from assessment.people.models import Institution, Person
from assessment.people.service import actor_of
from assessment.performances import service as performances
from assessment.performances.models import AssignmentRole, AssignmentState
from assessment.performances.seen_by_others import circumstances_for
from tests.assessment.observations.conftest import AT_WORK, build_scene
from tests.assessment.people.browser import sign_in

HOSTILE = "<img src=x onerror=alert(1)>"


class Walk:
    """A learner's browser, and a phone that belongs to nobody."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            scene = build_scene()
            self.at = f"/performances/{scene.performance.id}"
            self.learner_id = scene.person.learner_id
            self.learner = sign_in(app.test_client(), scene.person)
        self.phone = app.test_client()

    def named(self, email: str = AT_WORK, **fields: str) -> TestResponse:
        """Return the answer to naming somebody."""
        given = {"name": "Rosa Delgado", "email": email, "language": "fr", **fields}
        return self.learner.post(f"{self.at}/observers", data=given)

    def link(self) -> str:
        """Return the address in the latest mail to an observer."""
        with self.app.app_context():
            latest = select(Nomination.nonce).order_by(Nomination.created_at.desc())
            return f"/observe/{token_of(db.session.scalars(latest).all()[0])}"

    def form(self, **changes: object) -> dict[str, object]:
        """Return a form that is complete."""
        with self.app.app_context():
            day = clock.now().date().isoformat()
        return {
            **{f"level-{key}": "proficient" for key in CRITERIA},
            "day": [day, "", ""],
            "relationship": "supervisor",
            "interest": "none",
            "name": "Rosa Delgado",
            "employer": "Lantern Bay Motors",
            "role": "Shop supervisor",
            "confirmed": "y",
            "once": "first",
            **changes,
        }

    def rows(self, table: type[Observation] | type[Nomination]) -> int:
        with self.app.app_context():
            return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def walk(app: Flask) -> Walk:
    return Walk(app)


def test_from_naming_to_thanks(walk: Walk) -> None:
    assert "Name somebody at your workplace" in walk.learner.get(f"{walk.at}/observers").text
    assert walk.named().location == f"{walk.at}/observers"
    listed = walk.learner.get(f"{walk.at}/observers").text
    assert "Asked; not answered yet" in listed
    link = walk.link()
    first = walk.phone.get(link)
    assert first.status_code == 200
    assert '<html lang="fr">' in first.text  # the link's language
    assert "Léa Fontaine" in first.text
    opened = walk.phone.post(link, data={"answer": "seen"})
    assert opened.location == f"{link}/form"
    page = walk.phone.get(opened.location).text
    assert html.escape("This is how isolates looks when expert.") in page or "Expert" in page
    assert "Rosa Delgado" in page
    sent = walk.phone.post(f"{link}/form", data=walk.form(note="Only for assessors"))
    assert sent.location == f"{link}/thanks"
    assert walk.phone.get(sent.location).status_code == 200
    listed = walk.learner.get(f"{walk.at}/observers").text
    assert "Sent on" in listed
    assert "Only for assessors" not in listed
    assert walk.rows(Observation) == 1


def test_opening_a_link_uses_nothing_up(walk: Walk) -> None:
    walk.named()
    link = walk.link()
    for _time in range(3):
        assert walk.phone.get(link).status_code == 200
        assert walk.phone.get(f"{link}/form").status_code == 200
        assert walk.phone.head(link).status_code == 200
    with walk.app.app_context():
        row = db.session.scalars(select(Nomination)).one()
        assert (row.opened_at, row.used_at) == (None, None)
    assert walk.phone.post(f"{link}/form", data=walk.form()).status_code == 303


def test_a_form_that_is_sent_again_is_sent_once(walk: Walk) -> None:
    walk.named()
    link = walk.link()
    for _time in range(2):
        assert walk.phone.post(f"{link}/form", data=walk.form()).location == f"{link}/thanks"
    another = walk.app.test_client().post(f"{link}/form", data=walk.form(once="second"))
    assert another.status_code == 410
    assert walk.phone.get(link).status_code == 410
    assert walk.phone.get(f"{link}/form").status_code == 410
    assert walk.rows(Observation) == 1


@pytest.mark.parametrize(
    ("answer", "standing"),
    [("not-seen", "Did not see it"), ("wrong-person", "Is the wrong person")],
)
def test_one_tap_says_no(walk: Walk, answer: str, standing: str) -> None:
    walk.named()
    link = walk.link()
    for _time in range(2):  # a second tap is the first
        assert walk.phone.post(link, data={"answer": answer}).status_code == 200
    assert standing in walk.learner.get(f"{walk.at}/observers").text
    assert walk.phone.get(link).status_code == 410
    assert walk.phone.post(f"{link}/form", data=walk.form()).status_code == 410
    assert walk.rows(Observation) == 0


def test_a_link_that_was_taken_back_sends_nothing(walk: Walk) -> None:
    walk.named()
    link = walk.link()
    assert walk.phone.get(f"{link}/form").status_code == 200  # it lies open
    revoke = re.findall(r'action="([^"]+/revoke)"', walk.learner.get(f"{walk.at}/observers").text)
    assert walk.learner.post(revoke[0]).status_code == 303
    refused = walk.phone.post(f"{link}/form", data=walk.form())
    assert refused.status_code == 410
    assert walk.rows(Observation) == 0


def test_an_unknown_link_is_no_page(walk: Walk) -> None:
    for path in ("/observe/nothing", "/observe/nothing/form", "/observe/nothing/thanks"):
        assert walk.phone.get(path).status_code == 404
    assert walk.phone.post("/observe/nothing/form", data=walk.form()).status_code == 404


def test_a_link_that_was_not_copied_whole_says_what_to_do(walk: Walk) -> None:
    walk.named()
    cut = walk.link()[:-1]
    for path in (cut, f"{cut}/form", cut.replace("observe", "who-saw")):
        page = walk.phone.get(path, headers={"Accept-Language": "en"})
        assert page.status_code == 404
        assert "Copy the whole link from the mail" in page.text
    french = walk.phone.get(cut, headers={"Accept-Language": "fr"}).text
    assert "Copiez le lien entier du courriel" in french


def test_what_was_typed_is_kept_where_something_is_missing(walk: Walk) -> None:
    walk.named()
    link = walk.link()
    form = walk.form(note="A note\r\nof two lines", interest="", confirmed="")
    form |= {f"comment-{CRITERIA[0]}": HOSTILE}
    again = walk.phone.post(f"{link}/form", data=form)
    assert again.status_code == 422
    assert "A note\nof two lines" in again.text
    assert html.escape(HOSTILE) in again.text
    assert HOSTILE not in again.text
    assert again.text.count("checked") == len(CRITERIA) + 1
    assert 'href="#interest-1"' in again.text
    assert 'href="#confirmed"' in again.text
    assert walk.rows(Observation) == 0


def test_fields_that_the_form_does_not_have_change_nothing(walk: Walk) -> None:
    walk.named()
    extra = {"counts": "0", "learner_id": "x", "signs": "[]", "email": "other@example.org"}
    sent = walk.phone.post(f"{walk.link()}/form", data=walk.form(**extra))
    assert sent.status_code == 303
    with walk.app.app_context():
        row = db.session.scalars(select(Observation)).one()
        said = db.session.scalars(select(Particulars)).one()
        assert row.counts is True
        assert row.learner_id == walk.learner_id
        assert said.email == AT_WORK


def test_a_learners_own_device_is_known_after_signing_out(walk: Walk) -> None:
    walk.named()
    walk.learner.post("/sign-out")
    walk.learner.post(f"{walk.link()}/form", data=walk.form())
    with walk.app.app_context():
        row = db.session.scalars(select(Observation)).one()
        assert "own device" in row.signs
        assert row.counts is False


def test_another_device_on_another_network_is_nobodys(walk: Walk) -> None:
    walk.named()
    walk.phone.post(
        f"{walk.link()}/form", data=walk.form(), environ_base={"REMOTE_ADDR": "192.0.2.9"}
    )
    with walk.app.app_context():
        row = db.session.scalars(select(Observation)).one()
        assert (row.signs, row.counts) == ([], True)


def test_the_same_network_and_browser_is_worth_a_look_and_counts(walk: Walk) -> None:
    walk.named()
    walk.phone.post(f"{walk.link()}/form", data=walk.form())
    with walk.app.app_context():
        row = db.session.scalars(select(Observation)).one()
        assert (row.signs, row.counts) == (["same network"], True)


def test_anothers_performance_has_no_observers(walk: Walk, app: Flask) -> None:
    with app.app_context():
        other = sign_in(app.test_client(), build_person())
    walk.named()
    given = {"name": "A", "email": "a@b.example", "language": "en"}
    assert other.get(f"{walk.at}/observers").status_code == 404
    assert other.post(f"{walk.at}/observers", data=given).status_code == 404
    paths = re.findall(
        r'action="([^"]+/(?:again|revoke))"', walk.learner.get(f"{walk.at}/observers").text
    )
    assert len(paths) == 2
    for path in paths:
        assert other.post(path).status_code == 404


@pytest.mark.parametrize(
    "address",
    ["rosa", "rosa@x.example\r\nBcc: all@x.example", "a@x.example, b@x.example", "<a@x.example>"],
)
def test_an_address_that_is_none_names_nobody(walk: Walk, address: str) -> None:
    refused = walk.named(address)
    assert refused.status_code == 422
    assert walk.rows(Nomination) == 0


def test_a_name_with_a_line_break_is_refused(walk: Walk) -> None:
    assert walk.named(name="Rosa\nBcc: x@y.example").status_code == 422
    assert walk.rows(Nomination) == 0


def test_ones_own_address_is_nobody_elses(walk: Walk) -> None:
    for own in ("lea@example.org", "LEA+work@example.org", "l.e.a@example.org"):
        refused = walk.named(own)
        assert refused.status_code == 422
        assert "your own address" in refused.text
    assert walk.rows(Nomination) == 0


def test_tokens_stand_in_no_log_and_no_referrer(
    walk: Walk, caplog: pytest.LogCaptureFixture
) -> None:
    walk.named()
    link = walk.link()
    token = link.rpartition("/")[2]
    caplog.set_level(logging.DEBUG)
    for answer in (
        walk.phone.get(link),
        walk.phone.post(link, data={"answer": "seen"}),
        walk.phone.post(f"{link}/form", data=walk.form()),
        walk.phone.get(link),
        walk.phone.get(f"{link}x"),
    ):
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"
    said = "".join(f"{record.getMessage()}{record.__dict__}" for record in caplog.records)
    assert "request" in said
    assert token not in said
    with walk.app.app_context():
        row = db.session.scalars(select(Nomination)).one()
        kept = {str(getattr(row, each.key)) for each in Nomination.__table__.c}
    assert token not in kept


def test_the_account_of_an_observer_is_claimed_later(walk: Walk, app: Flask) -> None:
    walk.named()
    link = walk.link()
    walk.phone.post(f"{link}/form", data=walk.form())
    assert "next=" in walk.phone.get(f"{link}/thanks").text
    assert walk.phone.post(f"{link}/account").status_code == 403
    assert walk.learner.post(f"{link}/account").status_code == 403
    with app.app_context():
        rosa = sign_in(app.test_client(), build_person("rosa@example.org"))
        other = sign_in(app.test_client(), build_person())
        before = db.session.scalars(select(Observation)).one().received_at
    for _time in range(2):
        assert rosa.post(f"{link}/account").location == f"{link}/thanks"
    assert other.post(f"{link}/account").status_code == 409
    assert "Isolate a battery" in rosa.get("/me/observations").text
    assert "Isolate a battery" not in other.get("/me/observations").text
    with app.app_context():
        assert db.session.scalars(select(Observation)).one().received_at == before


def test_the_form_is_protected_from_other_sites(walk: Walk) -> None:
    walk.named()
    link = walk.link()
    walk.app.config["WTF_CSRF_ENABLED"] = True
    try:
        for path, data in ((link, {"answer": "seen"}), (f"{link}/form", walk.form())):
            assert walk.phone.post(path, data=data).status_code == 400
    finally:
        walk.app.config["WTF_CSRF_ENABLED"] = False
    assert walk.rows(Observation) == 0


def test_a_registrar_keeps_what_a_call_found(
    walk: Walk, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "randbelow", lambda _below: 0)
    walk.named("rosa@gmail.com")
    form = walk.form(telephone="705 555 0134", name=HOSTILE)
    assert walk.phone.post(f"{walk.link()}/form", data=form).status_code == 303
    with app.app_context():
        row = db.session.scalars(select(Observation)).one()
        here = db.session.get_one(Institution, row.institution_id)
        registrar, elsewhere = (
            sign_in(app.test_client(), build_staff(Role.REGISTRAR, place))
            for place in (here, build_institution())
        )
        path = f"/registrar/call-backs/{row.id}"
    page = registrar.get("/registrar/call-backs").text
    assert path in page
    assert "705 555 0134" in page
    assert HOSTILE not in page
    assert html.escape(HOSTILE) in page
    assert path not in elsewhere.get("/registrar/call-backs").text
    assert elsewhere.post(path, data={"found": "denied"}).status_code == 404
    assert walk.learner.post(path, data={"found": "confirmed"}).status_code == 403
    assert registrar.post(path, data={"found": "perhaps"}).status_code == 303
    assert path in registrar.get("/registrar/call-backs").text
    assert "Calls made" not in registrar.get("/registrar/call-backs").text
    asked = registrar.post(path, data={"found": "denied"})
    assert asked.status_code == 200
    assert "There is no result yet. It will be made without this observation." in asked.text
    with app.app_context():
        assert db.session.scalars(select(ObservationVoid)).all() == []
    stale = registrar.post(path, data={"found": "denied", "seen": "same:expert:"})
    assert stale.status_code == 409
    assert "What would follow has changed" in stale.text
    sure = {"found": "denied", "seen": asked.text.partition('name="seen" value="')[2].split('"')[0]}
    assert registrar.post(path, data=sure).status_code == 303
    page = registrar.get("/registrar/call-backs").text
    assert path not in page
    assert "Calls made" in page
    assert registrar.post(path, data={"found": "denied"}).status_code == 409
    with app.app_context():
        assert db.session.scalars(select(ObservationVoid)).one().observation_id == row.id


def test_nobody_reads_what_is_not_for_them(app: Flask) -> None:
    """Assessors learn nothing of who the observer is; the learner nothing of the note, ever."""
    with app.app_context():
        scene = build_scene(handed_in=True)
        nomination = scene.named()
        note, comment = "A note for assessors.", f"Seen {HOSTILE}"
        comments = {CRITERIA[0]: comment}
        scene.seen(
            nomination,
            note=note,
            comments=comments,
            employer="Canary Garage",
            relationship="mentor",
            name="Rosa Fontaine",
            marks=dict.fromkeys(CRITERIA, "expert"),
        )
        assessors = [sign_in(app.test_client(), each) for each in scene.workshop.assessors[:2]]
        learner = sign_in(app.test_client(), scene.person)
        at = f"/performances/{scene.performance.id}"
    said = ""
    for browser in assessors:
        said += browser.get("/assessor").text
        place = browser.post("/assessor/next").location
        page = browser.get(place).text
        said += page
        assert note in page
        assert "mentor or trainer" in page
        assert "the same family name" in page
        assert html.escape(comment) not in page
        assert not re.search(r'name="level-[^>]* checked', page)  # no level of theirs
        revision = re.findall(r'name="revision" value="(\d+)"', page)
        marks = {f"level-{key}": "proficient" for key in CRITERIA}
        data = {**marks, "go": "release", "revision": revision[0] if revision else "0"}
        before = learner.get(at).text + learner.get(f"{at}/observers").text
        assert html.escape(comment) not in before  # not before it is decided
        assert browser.post(place, data=data).status_code == 303
    for canary in ("Rosa Delgado", "Rosa Fontaine", AT_WORK, "Canary Garage", "Shop supervisor"):
        assert canary not in said
    decided = learner.get(f"{at}/observers").text
    assert html.escape(comment) in decided
    everything = decided + learner.get(at).text + learner.get("/me").text
    assert note not in everything
    assert HOSTILE not in everything


def test_where_exemplars_are_handed_out_nobody_who_rates_learns_that_it_was_seen(
    app: Flask,
) -> None:
    """An exemplar has no observers: to read of one would tell that this is live work."""
    with app.app_context():
        scene = build_scene(handed_in=True, raters=2)
        scene.seen(scene.named(), note="A note for assessors.")
        assignment = performances.claim_next(scene.workshop.actors[0])
        assert assignment is not None
        assert [each.note for each in circumstances_for(assignment)] == ["A note for assessors."]
        build_gate(scene.workshop.task, seed_share=0.1)
        assert circumstances_for(assignment) == ()
        assignment.role = AssignmentRole.ADJUDICATOR
        assert len(circumstances_for(assignment)) == 1
        assignment.state = AssignmentState.RELEASED
        assert circumstances_for(assignment) == ()


def test_names_of_learners_are_text_on_an_observers_pages(walk: Walk, app: Flask) -> None:
    with app.app_context():
        person = db.session.scalars(select(Person).filter_by(learner_id=walk.learner_id)).one()
        person.display_name = HOSTILE
        db.session.commit()
    walk.named(name=HOSTILE)
    link = walk.link()
    for path in (link, f"{link}/form"):
        page = walk.phone.get(path).text
        assert html.escape(HOSTILE) in page
        assert HOSTILE not in page
    assert HOSTILE not in walk.learner.get(f"{walk.at}/observers").text


def test_whoever_observes_comes_in_where_they_find_what_they_sent(app: Flask) -> None:
    with app.app_context():
        scene = build_scene()
        observer = build_staff(Role.OBSERVER, scene.workshop.institution)
        nomination = scene.named(observer.email)
        browser = sign_in(app.test_client(), observer)
        assert "has a link mailed to you" in browser.get("/me").text
        scene.seen(nomination)
        claim(nomination, actor_of(observer))
        db.session.commit()
    page = browser.get("/me").text
    assert "You told us of 1 piece of work that you saw." in page
    assert 'href="/me/observations"' in page
    assert "Isolate a battery" in browser.get("/me/observations").text
    browser.post("/language", data={"language": "fr"})
    assert "Vous nous avez parlé de 1 travail que vous avez vu." in browser.get("/me").text
