"""Exemplars among live work: how often, to whom, and that nothing tells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from assessment import clock
from assessment.access import Actor
from assessment.assessors import seeding
from assessment.assessors.desk import desk_of
from assessment.assessors.watching import Consequence
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.exemplars import EXPECTED, build_gated, rate
from assessment.demo.builders.performances import (
    Workshop,
    build_performance,
    build_workshop,
    given,
)
from assessment.errors import AssessmentError
from assessment.extensions import db
from assessment.performances import service
from assessment.performances.eligibility import Choice
from assessment.performances.models import Assignment, AssignmentRole
from assessment.performances.rating import Released
from assessment.performances.skips import SkipReason
from assessment.performances.trust_models import Comparison, KeptBack, SeedDraw


class Drawn:
    """Chance that always says the same, and takes the first."""

    def __init__(self, draw: float) -> None:
        self.draw = draw

    def random(self) -> float:
        return self.draw

    def choice(self, found: list[object]) -> object:
        return found[0]


@pytest.fixture
def workshop(context: Flask) -> Workshop:
    made = build_workshop(assessors=2)
    build_gated(made, seeds=2, seed_share=0.25)
    return made


@pytest.fixture
def rater(workshop: Workshop) -> Actor:
    return workshop.actors[0]


def draws(monkeypatch: pytest.MonkeyPatch, draw: float) -> None:
    monkeypatch.setattr(seeding, "_chance", Drawn(draw))


def taken(actor: Actor) -> Assignment:
    found = seeding.take_next(actor)
    assert found is not None
    return found


def test_a_draw_below_the_share_hands_out_an_exemplar(
    workshop: Workshop, rater: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = build_performance(workshop.task, build_learner()[1])
    live = db.session.scalars(select(Assignment).filter_by(performance_id=shown.id)).first()
    assert live is not None
    draws(monkeypatch, 0.24)
    seed = taken(rater)
    assert seed.role == AssignmentRole.SEEDED
    same = ("institution_id", "rubric_key", "language", "due_at", "waiting_since", "turn_at")
    for name in (*same, "state", "risk", "criteria", "closed_because"):
        assert getattr(seed, name) == getattr(live, name), name
    assert seed.performance.task.title == live.performance.task.title
    assert live.person_id is None  # it waits on
    draw = db.session.get_one(SeedDraw, seed.id)
    assert (draw.draw, draw.share, draw.is_seed) == (0.24, 0.25, True)
    assert taken(rater) is seed  # asking again is no way round it


def test_a_draw_above_the_share_hands_out_what_waits(
    workshop: Workshop, rater: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_performance(workshop.task, build_learner()[1])
    draws(monkeypatch, 0.25)
    live = taken(rater)
    assert live.role == AssignmentRole.ASSESSOR
    assert db.session.get_one(SeedDraw, live.id).is_seed is False


def test_nothing_waits_and_nothing_is_handed_out(
    rater: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    draws(monkeypatch, 0.0)
    assert seeding.take_next(rater) is None


def test_nobody_meets_an_exemplar_twice(
    workshop: Workshop, rater: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    draws(monkeypatch, 0.0)
    for _number in range(3):
        build_performance(workshop.task, build_learner()[1])
    met = [taken(rater)]
    rate(met[0], rater, *EXPECTED)
    met.append(taken(rater))
    rate(met[1], rater, *EXPECTED)
    assert len({each.performance_id for each in met}) == 2
    assert {each.role for each in met} == {AssignmentRole.SEEDED}
    assert taken(rater).role == AssignmentRole.ASSESSOR  # there are only two


def test_another_language_or_another_task_would_tell(
    workshop: Workshop, rater: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    draws(monkeypatch, 0.0)
    shown = build_performance(workshop.task, build_learner()[1])
    rows = db.session.query(Assignment).filter_by(performance_id=shown.id)
    rows.update({"language": "fr"})
    assert taken(rater).role == AssignmentRole.ASSESSOR


def test_a_good_rating_of_an_exemplar_is_like_any_other(
    workshop: Workshop, rater: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    draws(monkeypatch, 0.0)
    build_performance(workshop.task, build_learner()[1])
    seed = taken(rater)
    queue = service.queue_of(rater)
    assert [each.id for each in queue.under_way] == [seed.id]
    assert isinstance(rate(seed, rater, *EXPECTED), Released)
    row = db.session.query(Comparison).one()
    assert (row.kind, row.judged, row.exact, row.safety_misses) == ("seeded", 3, 3, 0)


def test_releasing_twice_counts_once(
    workshop: Workshop, rater: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    draws(monkeypatch, 0.0)
    build_performance(workshop.task, build_learner()[1])
    seed = taken(rater)
    first = rate(seed, rater, "expert", "expert", "expert")
    assert first is Consequence.SUSPENDED
    assert isinstance(rate(seed, rater, "expert", "expert", "expert"), Released)
    assert db.session.query(Comparison).count() == 1


def test_about_one_in_four_is_an_exemplar(workshop: Workshop, rater: Actor) -> None:
    build_performance(workshop.task, build_learner()[1])
    live = db.session.scalars(select(Assignment)).first()
    assert live is not None
    seeds = 0
    for _number in range(200):
        nested = db.session.begin_nested()
        seeds += seeding.instead_for(rater)(live) is not live
        nested.rollback()
    assert 25 <= seeds <= 80  # 50, with a chance of error of 1 in 100 000


def test_without_a_gate_there_is_no_draw(context: Flask) -> None:
    made = build_workshop("plain", assessors=1)
    build_performance(made.task, build_learner()[1])
    place = seeding.take_next(made.actors[0])
    assert place is not None
    assert db.session.query(SeedDraw).count() == 0


def test_an_exemplar_is_rated_on_the_page_of_live_work(
    workshop: Workshop, rater: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    draws(monkeypatch, 0.0)
    build_performance(workshop.task, build_learner()[1])
    page = service.marking_page(taken(rater).id, rater)
    assert page.is_open
    (piece,) = page.pieces
    assert "in words" in (piece.text or "")


def test_nobody_elses_exemplar_can_be_reached(
    workshop: Workshop, rater: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    draws(monkeypatch, 0.0)
    build_performance(workshop.task, build_learner()[1])
    with pytest.raises(AssessmentError):
        service.marking_page(taken(rater).id, workshop.actors[1])


def desk(actor: Actor) -> tuple[object, ...]:
    """Return what somebody sees of their queue: never an id."""
    found = desk_of(actor, Choice()).queue
    held = [(each.performance.task.key, each.due_at) for each in found.under_way]
    drafts = [(each.rating.marks, each.is_free) for each in found.drafts]
    return held, drafts, found.waiting, found.number


def _stages(
    actor: Actor, end: str, since: datetime, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[object, ...]]:
    """Yield what somebody sees before, while they rate, and after they are done."""
    monkeypatch.setattr(clock, "now", lambda: since + timedelta(minutes=5))
    yield desk(actor)
    place = taken(actor)
    yield desk(actor)
    service.save(place.id, given(*EXPECTED), actor)
    match end:
        case "released":
            assert isinstance(rate(place, actor, *EXPECTED), Released)
        case "skipped":
            service.skip(place.id, SkipReason.UNREADABLE, "", actor)
        case "run out":
            monkeypatch.setattr(clock, "now", lambda: since + timedelta(minutes=66))
    yield desk(actor)
    monkeypatch.setattr(seeding, "_chance", Drawn(0.99))  # what follows is live for both
    following = taken(actor)
    yield following.performance.task.key, following.due_at
    yield service.own_rating(following.id, actor).marks, desk(actor)


@pytest.mark.parametrize("end", ["released", "skipped", "run out"])
def test_the_desk_is_the_same_after_an_exemplar_as_after_live_work(
    workshop: Workshop, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    since = clock.now()  # after the assessors came through the gate, whenever this file was read
    for number in range(3):
        at = since - timedelta(days=3 - number)
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        build_performance(workshop.task, build_learner()[1])
    seen = []
    for actor, draw in zip(workshop.actors, (0.0, 0.99), strict=False):
        draws(monkeypatch, draw)
        seen.append(list(_stages(actor, end, since, monkeypatch)))
        roles = {
            each.role for each in db.session.query(Assignment).filter_by(person_id=actor.person_id)
        }
        assert (AssignmentRole.SEEDED in roles) is (draw == 0.0)
    assert seen[0] == seen[1]


def test_the_work_in_whose_stead_an_exemplar_was_given_comes_back(
    workshop: Workshop, rater: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = build_performance(workshop.task, build_learner()[1])
    draws(monkeypatch, 0.0)
    rate(taken(rater), rater, *EXPECTED)
    assert desk_of(rater, Choice()).queue.number == 0
    assert taken(workshop.actors[1]).role == AssignmentRole.SEEDED  # others are offered it
    kept = db.session.query(KeptBack).filter_by(person_id=rater.person_id).one()
    assert kept.performance_id == shown.id
    assert kept.until - clock.now() <= seeding.LONGEST
    monkeypatch.setattr(clock, "now", lambda: kept.until)
    assert desk_of(rater, Choice()).queue.number == 1


@pytest.mark.parametrize(("days", "hours"), [(-1, 2), (1, 6), (10, 24)])
def test_what_is_due_soon_comes_back_sooner(
    days: int, hours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    draws(monkeypatch, 1.0)
    assert seeding._until(now + timedelta(days=days)) == now + timedelta(hours=hours)
