"""How far a performance is: the steps that its learner sees, in each state."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask_babel import force_locale

from assessment import clock
from assessment.access import Actor
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.performances import (
    Workshop,
    build_performance,
    build_rating,
    build_task,
    build_workshop,
)
from assessment.performances import appealing, service
from assessment.performances.handling import Handling
from assessment.performances.models import Performance, PerformanceState
from assessment.performances.timeline import Progress
from tests.assessment.performances.test_service import GOOD

LOW = ("proficient", "developing", "proficient")

DONE, NOW, AHEAD = Progress.DONE, Progress.NOW, Progress.AHEAD


@pytest.fixture
def workshop(context: Flask) -> Workshop:
    return build_workshop()


@pytest.fixture
def learner(context: Flask) -> Actor:
    return build_learner()[1]


def steps(performance: Performance) -> list[tuple[Progress, str]]:
    return [(each.progress, each.title) for each in service.performance_page(performance).steps]


def said(performance: Performance) -> str:
    return " ".join(each.text for each in service.performance_page(performance).steps)


TWO = "2 assessors look at it, each without knowing of the other"


def test_a_draft_says_what_comes(workshop: Workshop, learner: Actor) -> None:
    begun = service.begin(workshop.task, learner)
    assert steps(begun) == [
        (DONE, "Begun"),
        (NOW, "Collect your evidence"),
        (AHEAD, "Hand it in"),
        (AHEAD, TWO),
        (AHEAD, "Result"),
    ]
    assert "within 10 days" in said(begun)


def test_it_says_how_many_ratings_are_in_and_when_the_others_are_expected(
    workshop: Workshop, learner: Actor
) -> None:
    shown = build_performance(workshop.task, learner)
    assert steps(shown)[1:] == [(DONE, "Handed in"), (NOW, TWO), (AHEAD, "Result")]
    assert "0 of 2 ratings are in. Expected by" in said(shown)
    build_rating(workshop.actors[0], *GOOD)
    assert "1 of 2 ratings are in." in said(shown)


def test_what_takes_longer_is_said(
    workshop: Workshop, learner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = build_performance(workshop.task, learner)
    later = clock.now() + timedelta(days=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "takes longer. You need to do nothing." in said(shown)


def test_a_third_and_somebody_who_decides_are_steps(workshop: Workshop, learner: Actor) -> None:
    shown = build_performance(workshop.task, learner)
    one, two, three, _four = workshop.actors
    build_rating(one, "beginning", *GOOD[1:])
    build_rating(two, "expert", *GOOD[1:])
    assert (NOW, "Another assessor looks at it") in steps(shown)
    assert "2 of 2 ratings are in." in said(shown)
    build_rating(three, None, *GOOD[1:])
    assert "beginning" not in said(shown)


def test_what_nobody_could_see_is_told_while_they_differ_about_the_rest(
    workshop: Workshop, learner: Actor
) -> None:
    made = build_performance(workshop.task, learner)
    build_rating(workshop.actors[0], "expert", "proficient", None)
    assert "Add more evidence" not in dict(reversed(each) for each in steps(made))
    build_rating(workshop.actors[1], "developing", "proficient", None)
    assert steps(made)[-3:] == [
        (NOW, "Another assessor looks at it"),
        (AHEAD, "Add more evidence"),
        (AHEAD, "Result"),
    ]
    assert "could not see enough of this: Tidies." in said(made)
    with force_locale("fr"):
        assert "Ajouter d’autres preuves" in [each for _progress, each in steps(made)]
    build_rating(workshop.actors[2], "expert", "proficient", "proficient")
    assert made.state == PerformanceState.MORE_EVIDENCE
    assert service.performance_page(made).wanted[0].criterion.key == "tidies"


def test_more_evidence_runs_no_clock(workshop: Workshop, learner: Actor) -> None:
    shown = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, "proficient", None, "proficient")
    assert steps(shown)[2:4] == [(NOW, "Add what is asked for"), (AHEAD, "Hand it in again")]
    assert "no date runs" in said(shown)


def test_a_result_can_be_appealed_until_a_day(workshop: Workshop, learner: Actor) -> None:
    shown = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, *LOW)
    assert steps(shown)[-2:] == [(DONE, "Result"), (NOW, "You can ask for another look")]


def test_what_the_task_asks_for_ends_with_the_result(workshop: Workshop, learner: Actor) -> None:
    shown = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, *GOOD)
    assert steps(shown)[-1] == (DONE, "Result")


def test_an_appeal_under_way_is_a_step(workshop: Workshop, learner: Actor) -> None:
    made = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, *GOOD)
    appealing.appeal(made.id, {"tidies": "Look at the bench."}, learner)
    assert (NOW, "Another assessor looks at it") in steps(made)
    assert "Expected by " in said(made)
    build_rating(workshop.actors[2], *GOOD, comments={"tidies": "It is tidy."})
    assert (NOW, "Another assessor looks at it") not in steps(made)


def test_without_appeals_the_result_is_the_end(workshop: Workshop, learner: Actor) -> None:
    task = build_task(workshop.institution, "final", handling=Handling(appeal_days=0))
    shown = build_performance(task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, *LOW)
    assert steps(shown)[-1] == (DONE, "Result")


def test_withdrawn_ends_it(workshop: Workshop, learner: Actor) -> None:
    shown = build_performance(workshop.task, learner)
    service.withdraw(shown.id, learner)
    assert steps(shown)[-1] == (DONE, "Withdrawn")


def test_who_looks_again_on_appeal_fills_no_place_of_an_assessor(
    workshop: Workshop, learner: Actor
) -> None:
    made = build_performance(workshop.task, learner)
    rows = [build_rating(actor, *GOOD) for actor in workshop.actors[:2]]
    appealing.appeal(made.id, {"tidies": "Look at the bench."}, learner)
    build_rating(workshop.actors[2], *GOOD, comments={"tidies": "It is tidy."})
    fallen = service.own_rating(rows[0].id, workshop.actors[0])
    service.void_rating(fallen, "The assessor knew the learner.", workshop.actors[3])
    assert (NOW, TWO) in steps(made)
    assert "1 of 2 ratings are in." in said(made)
