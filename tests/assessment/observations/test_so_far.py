"""What a learner is told of those who answered: one count, what they did not see, what fell."""

from __future__ import annotations

import html
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from assessment import mail, transactions
from assessment.access import Role
from assessment.demo.builders.observations import what_was_seen
from assessment.demo.builders.people import build_staff
from assessment.demo.builders.performances import build_rating
from assessment.extensions import db
from assessment.jobs.models import Job
from assessment.observations import words
from assessment.observations.models import CallBack, Interest, Reached
from assessment.observations.service import Circumstances
from assessment.people.service import actor_of
from assessment.performances import nominating, observing, service
from assessment.performances.timeline import Progress
from tests.assessment.observations.conftest import Scene, build_scene
from tests.assessment.people.browser import sign_in

GOOD = ("proficient",) * 3
MAILED = "Somebody else who saw your work has to be named"


def awaited(scene: Scene) -> list[tuple[Progress, str]]:
    """Return the step about observers in the timeline."""
    steps = service.performance_page(scene.performance).steps
    return [(each.progress, each.text) for each in steps if "saw the work" in each.title]


def rated(scene: Scene) -> None:
    """Let the assessors be done."""
    for actor in scene.workshop.actors[:2]:
        build_rating(actor, *GOOD)


def mails() -> list[str]:
    rows = db.session.scalars(select(Job).filter_by(kind="mail.send"))
    return [mail._unseal(each.payload["sealed"]).subject for each in rows]


@pytest.fixture
def scene(context: Flask) -> Scene:
    return build_scene(handed_in=True, observers=2)


def test_the_timeline_and_the_list_count_the_same_before_any_rating(scene: Scene) -> None:
    assert awaited(scene) == [(Progress.NOW, "2 people are still awaited.")]
    scene.seen(scene.named())
    naming = nominating.naming_of(scene.performance)
    assert (naming.needed, naming.counted, naming.unseen) == (2, 1, ())
    assert awaited(scene) == [(Progress.NOW, "1 person is still awaited.")]


def test_what_nobody_who_answered_saw_is_named(scene: Scene) -> None:
    marks = dict(what_was_seen(scene.performance).marks)
    first, *_others = marks
    scene.seen(scene.named(), marks={**marks, first: None})
    rated(scene)
    naming = nominating.naming_of(scene.performance)
    assert [each.key for each in naming.unseen] == [first]
    assert naming.counted == 0
    assert awaited(scene) == [(Progress.NOW, "2 people are still awaited.")]
    scene.seen(scene.named("ben@lantern-motors.example", name="Ben Ito"), once="second")
    assert nominating.naming_of(scene.performance).counted == 1
    assert awaited(scene) == [(Progress.NOW, "1 person is still awaited.")]


def test_the_page_names_what_somebody_else_has_to_have_seen(app: Flask) -> None:
    with app.app_context():
        scene = build_scene(handed_in=True)
        marks = dict(what_was_seen(scene.performance).marks)
        first, *_others = marks
        scene.seen(scene.named(), marks={**marks, first: None})
        rated(scene)
        transactions.commit()
        at = f"/performances/{scene.performance.id}"
        browser = sign_in(app.test_client(), scene.person)
    for page in (at, f"{at}/observers"):
        text = html.unescape(browser.get(page).text)
        assert "Whoever answered has not seen these. Name somebody else who has:" in text
        assert "0 have." in text


@pytest.mark.parametrize("is_rated", [True, False])
@pytest.mark.parametrize(
    ("interest", "sent"),
    [
        (Interest.FRIEND, Circumstances()),
        (Interest.NONE, Circumstances(device_of=frozenset({"theirs"}))),
    ],
)
def test_what_does_not_count_is_said_and_mailed(
    scene: Scene, interest: Interest, sent: Circumstances, *, is_rated: bool
) -> None:
    if is_rated:
        rated(scene)
    nomination = scene.named()
    of = frozenset({scene.person.learner_id}) if sent.device_of else frozenset()
    row = scene.seen(nomination, replace(sent, device_of=of), interest=interest)
    assert not row.counts
    naming = nominating.naming_of(scene.performance)
    standing = words.standing_of(nomination, is_told=naming.is_told)
    if not is_rated:  # whoever learns at once that a sign was seen asks somebody without it
        assert (standing.sentence, naming.counted, MAILED in mails()) == ("Sent", 1, False)
        rated(scene)
        assert mails().count(MAILED) == 1
        return
    assert naming.counted == 0
    assert standing.shape == "not_yet"
    assert standing.sentence.endswith("something speaks for a conflict of interest.")
    assert standing.next_step == "Name somebody else who saw you do it."
    assert MAILED in mails()
    assert awaited(scene) == [(Progress.NOW, "2 people are still awaited.")]


def test_what_a_workplace_denied_is_said_and_mailed(scene: Scene) -> None:
    nomination = scene.named()
    row = scene.seen(nomination)
    call = CallBack(
        learner_id=row.learner_id,
        observation_id=row.id,
        institution_id=row.institution_id,
        due_at=row.received_at,
    )
    db.session.add(call)
    db.session.flush()
    assert words.standing_of(nomination).sentence == "Sent"
    registrar = actor_of(build_staff(Role.REGISTRAR, scene.workshop.institution))
    nominating.keep_call(row.id, Reached.DENIED, registrar)
    assert words.standing_of(nomination).sentence.endswith("it could not be confirmed.")
    assert mails().count(MAILED) == 1


def test_nobody_is_mailed_where_enough_others_have_seen_it(context: Flask) -> None:
    scene = build_scene(handed_in=True)
    scene.seen(scene.named())
    other = scene.named("ben@lantern-motors.example", name="Ben Ito")
    said = what_was_seen(scene.performance, interest=Interest.FAMILY, once="second")
    observing.observe(observing.observations.token_of(other.nonce), said, Circumstances(), "::1")
    assert MAILED not in mails()
