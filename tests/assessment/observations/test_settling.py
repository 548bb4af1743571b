"""What follows when an observer's word comes in: with the assessors' it makes the result."""

from __future__ import annotations

import secrets
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from assessment import clock, transactions
from assessment.access import Actor, Role
from assessment.awards.models import Award
from assessment.demo.builders.observations import what_was_seen
from assessment.demo.builders.people import build_institution, build_role, build_staff
from assessment.demo.builders.performances import build_rating
from assessment.errors import Expired, NoSuchRecord
from assessment.evidence import service as evidence
from assessment.extensions import db
from assessment.observations import service as observations
from assessment.observations.models import (
    CallBack,
    Ending,
    Interest,
    Nomination,
    Observation,
    Reached,
)
from assessment.people.service import actor_of
from assessment.performances import nominating, observing, service
from assessment.performances.kept_away import kept_away
from assessment.performances.models import Performance, PerformanceState, ResolutionRow
from tests.assessment.observations.conftest import AT_WORK, Scene, build_scene
from tests.conftest import DATABASES, build_app

GOOD = ("proficient",) * 3
AT_ONCE = 8


def rated(scene: Scene, *levels: str) -> None:
    """Let two assessors rate the work."""
    for actor in scene.workshop.actors[:2]:
        build_rating(actor, *(levels or GOOD))


def state(scene: Scene) -> PerformanceState:
    db.session.refresh(scene.performance)
    return PerformanceState(scene.performance.state)


def awards(scene: Scene) -> int:
    rows = select(func.count()).select_from(Award).filter_by(learner_id=scene.person.learner_id)
    return db.session.scalar(rows) or 0


def test_the_last_word_is_the_observers_and_awards_at_once(context: Flask) -> None:
    scene = build_scene(handed_in=True)
    nomination = scene.named()
    rated(scene)
    assert (state(scene), awards(scene)) == (PerformanceState.IN_MARKING, 0)
    scene.seen(nomination)
    assert (state(scene), awards(scene)) == (PerformanceState.RESOLVED, 1)
    (fact,) = evidence.facts(scene.person.learner_id).rubrics
    assert fact.by_role["observer"] == 1


def test_an_observer_alone_decides_nothing(context: Flask) -> None:
    scene = build_scene(handed_in=True)
    for number in range(3):
        scene.seen(scene.named(f"person{number}@x.example"), level="expert")
    assert state(scene) != PerformanceState.RESOLVED
    assert awards(scene) == 0


def test_who_saw_it_before_it_was_handed_in_is_heard_later(context: Flask) -> None:
    scene = build_scene(handed_in=False)
    scene.seen(scene.named())
    assert state(scene) == PerformanceState.DRAFT


def test_a_conflict_leaves_the_work_waiting_for_somebody_else(context: Flask) -> None:
    scene = build_scene(handed_in=True)
    first, second = scene.named(), scene.named("sam@x.example")
    rated(scene)
    scene.seen(first, interest=Interest.FAMILY)
    assert (state(scene), awards(scene)) == (PerformanceState.IN_MARKING, 0)
    scene.seen(second)
    assert (state(scene), awards(scene)) == (PerformanceState.RESOLVED, 1)


def test_nobody_rates_the_work_and_says_that_they_saw_it(context: Flask) -> None:
    scene = build_scene(handed_in=True)
    rated(scene)
    rater = scene.workshop.assessors[1]
    row = scene.seen(scene.named(rater.email.upper()))
    assert ("rates it" in row.signs, row.counts) == (True, False)
    assert (state(scene), awards(scene)) == (PerformanceState.IN_MARKING, 0)


def test_a_second_observer_is_another_person(context: Flask) -> None:
    scene = build_scene(handed_in=True, observers=0, safety_observers=2)
    rated(scene)
    scene.seen(scene.named())
    scene.seen(scene.named(), once="again")  # the same person on another day
    assert state(scene) == PerformanceState.IN_MARKING
    scene.seen(scene.named("sam@x.example"))
    assert state(scene) == PerformanceState.RESOLVED


def test_a_result_closes_the_links_that_are_open(context: Flask) -> None:
    scene = build_scene(handed_in=True)
    first, second = scene.named(), scene.named("sam@x.example")
    rated(scene)
    scene.seen(first)
    with pytest.raises(Expired, match="assessed or withdrawn"):
        scene.seen(second)


def test_occasions_are_days_that_observers_name(context: Flask) -> None:
    scene = build_scene(handed_in=True, occasions=2)
    rated(scene)
    today = clock.now().date()
    scene.seen(scene.named(), days=(today.isoformat(),))
    assert state(scene) != PerformanceState.RESOLVED
    long_ago = (today - timedelta(days=30)).isoformat()
    scene.seen(scene.named("sam@x.example"), days=(long_ago,))
    assert state(scene) == PerformanceState.RESOLVED


def test_a_denied_call_takes_the_evidence_back_and_no_award(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "randbelow", lambda _below: 0)
    scene = build_scene(handed_in=True)
    rated(scene)
    scene.seen(scene.named("rosa@gmail.com"), telephone="705 555 0134")
    assert awards(scene) == 1
    call = db.session.scalars(select(CallBack)).one()
    registrar = actor_of(build_staff(Role.REGISTRAR, scene.workshop.institution))
    elsewhere = actor_of(build_staff(Role.REGISTRAR, build_institution()))
    with pytest.raises(NoSuchRecord):
        nominating.keep_call(call.observation_id, Reached.DENIED, elsewhere)
    build_role(scene.person, Role.REGISTRAR, scene.workshop.institution)
    own = actor_of(scene.person)
    assert observations.calls_waiting(own) == []  # nobody confirms their own work
    with pytest.raises(NoSuchRecord):
        nominating.keep_call(call.observation_id, Reached.CONFIRMED, own)
    nominating.keep_call(call.observation_id, Reached.DENIED, registrar)
    assert evidence.facts(scene.person.learner_id).rubrics == ()
    assert awards(scene) == 1  # what rested on it is shown to the registrar, not taken away


def test_whoever_sets_an_observers_word_aside_does_not_rate_the_work(context: Flask) -> None:
    scene = build_scene(handed_in=True)
    row = scene.seen(scene.named())
    both, other = scene.workshop.actors[:2]
    assert service.queue_of(both).number == 1
    observations.void(scene.person.learner_id, row.id, "They do not work there.", both)
    assert (service.queue_of(both).number, service.claim_next(both)) == (0, None)
    assert service.queue_of(other).number == 1


def test_an_assessor_who_is_named_as_an_observer_is_not_asked_to_rate(context: Flask) -> None:
    scene = build_scene(handed_in=True)
    named, other = scene.workshop.actors[:2]
    assert service.queue_of(named).number > 0
    mailbox = scene.workshop.assessors[0].email.replace("@", "+work@")
    scene.named(mailbox)
    assert service.queue_of(named).number == 0
    assert service.claim_next(named) is None
    assert service.queue_of(other).number > 0


def keep_assessor_away() -> tuple[Scene, Actor, Nomination]:
    """Return a scene in which an assessor is named, and cannot rate."""
    scene = build_scene(handed_in=True)
    nomination = scene.named(scene.workshop.assessors[0].email)
    actor = scene.workshop.actors[0]
    assert service.queue_of(actor).number == 0
    return scene, actor, nomination


def test_a_request_that_was_taken_back_keeps_no_assessor_away(context: Flask) -> None:
    scene, actor, nomination = keep_assessor_away()
    nominating.take_back(scene.performance.id, nomination.id, scene.actor)
    assert service.queue_of(actor).number > 0


@pytest.mark.parametrize("because", [Ending.NOT_SEEN, Ending.WRONG_PERSON])
def test_a_request_that_was_declined_keeps_no_assessor_away(
    context: Flask, because: Ending
) -> None:
    _scene, actor, nomination = keep_assessor_away()
    observing.decline(observations.token_of(nomination.nonce), because, "192.0.2.8")
    assert service.queue_of(actor).number > 0


def test_a_request_that_ran_out_keeps_no_assessor_away(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    _scene, actor, nomination = keep_assessor_away()
    monkeypatch.setattr(clock, "now", lambda end=nomination.expires_at: end)
    assert service.queue_of(actor).number > 0


def test_whoever_said_what_they_saw_rates_it_never(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, actor, nomination = keep_assessor_away()
    scene.seen(nomination)
    later = nomination.expires_at + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert service.queue_of(actor).number == 0


def test_a_registrar_sees_which_assessors_were_named(context: Flask) -> None:
    scene = build_scene(handed_in=True)
    named = scene.named(scene.workshop.assessors[0].email)
    scene.named("somebody@else.example")
    registrar = actor_of(build_staff(Role.REGISTRAR, scene.workshop.institution))
    elsewhere = actor_of(build_staff(Role.REGISTRAR, build_institution()))
    assert [each.nomination.id for each in kept_away(registrar)] == [named.id]
    assert kept_away(elsewhere) == []
    nominating.take_back(scene.performance.id, named.id, scene.actor)
    assert kept_away(registrar) == []


@pytest.mark.parametrize("kind", DATABASES)
def test_forms_sent_at_once_are_one_observation_and_one_award(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    app = build_app(kind, tmp_path, request, WTF_CSRF_ENABLED=False)
    with app.app_context():
        scene = build_scene(handed_in=True)
        token = observations.token_of(scene.named().nonce)
        rated(scene)
        seen = what_was_seen(scene.performance)
        transactions.commit()
    began, answers = threading.Barrier(AT_ONCE), []

    def send(number: int) -> None:
        given = {f"level-{key}": level for key, level in seen.marks.items()}
        data = {
            **given,
            "day": list(seen.days),
            "relationship": seen.relationship,
            "interest": seen.interest,
            "name": seen.name,
            "employer": seen.employer,
            "role": seen.role,
            "confirmed": "y",
            "once": "same" if number % 2 else f"other-{number}",
        }
        began.wait()
        answers.append(app.test_client().post(f"/observe/{token}/form", data=data).status_code)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) <= {303, 410}
    with app.app_context():
        for table in (Observation, ResolutionRow, Award):
            assert db.session.scalar(select(func.count()).select_from(table)) == 1, table
        row = db.session.scalars(select(Nomination)).one()
        assert row.used_at is not None
        assert row.email == AT_WORK
        assert db.session.scalars(select(Performance)).one().state == PerformanceState.RESOLVED
