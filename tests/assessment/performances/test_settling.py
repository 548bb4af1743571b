"""What follows from ratings: places that are called for, conclusions, and later ones instead."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from assessment import clock, mail
from assessment.access import Actor, system
from assessment.audit import service as audit
from assessment.awards.models import Award
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.performances import (
    CRITERIA,
    Workshop,
    build_performance,
    build_rating,
    build_task,
    build_workshop,
    claimed,
    given,
)
from assessment.errors import Conflict, Invalid
from assessment.evidence import service as evidence
from assessment.evidence.models import EvidenceVoid
from assessment.evidence.service import VoidCause
from assessment.extensions import db
from assessment.jobs.models import Job
from assessment.performances import service
from assessment.performances.handling import Handling
from assessment.performances.losing import Loss, loss_of
from assessment.performances.models import (
    AnotherLook,
    Assignment,
    AssignmentRole,
    AssignmentState,
    Closing,
    Performance,
    PerformanceState,
    RatingRow,
    Task,
)
from assessment.performances.places import open_places
from assessment.performances.settling import SETTLE_AGAIN, released, settle, settle_again
from tests.assessment.people.browser import sign_in

GOOD = ("proficient",) * 3
SYSTEM = system("test")


@pytest.fixture
def workshop(context: Flask) -> Workshop:
    return build_workshop(assessors=6)


@pytest.fixture
def learner(context: Flask) -> Actor:
    return build_learner()[1]


def places(shown: Performance, state: str = AssignmentState.OPEN) -> list[tuple[str, list[str]]]:
    rows = select(Assignment).filter_by(performance_id=shown.id, state=state)
    found = db.session.scalars(rows.order_by(Assignment.round, Assignment.role, Assignment.slot))
    return [(str(each.role), each.criteria) for each in found]


def reviewed(shown: Performance, actor: Actor, level: str, criterion: str = "tidies") -> None:
    """Let somebody look at one criterion anew, as on appeal."""
    open_places(shown, AssignmentRole.REVIEWER, 1, [criterion])
    said = service.Given({criterion: level}, {criterion: "Looked at again."})
    released = service.release(claimed(actor).id, said, actor)
    assert isinstance(released, service.Released)


def levels(learner: Actor) -> list[str]:
    return [each.level for each in evidence.facts(learner.learner_id or "").rubrics]


def test_a_third_who_sees_nothing_leaves_nobody_waiting(workshop: Workshop, learner: Actor) -> None:
    shown = build_performance(workshop.task, learner)
    one, two, three, *_rest = workshop.actors
    build_rating(one, *GOOD)
    build_rating(two, None, *GOOD[1:])
    assert places(shown) == [("third", list(CRITERIA))]
    build_rating(three, None, *GOOD[1:])
    assert shown.state == PerformanceState.MORE_EVIDENCE
    assert places(shown) == []


def test_a_new_round_asks_only_what_was_not_seen(workshop: Workshop, learner: Actor) -> None:
    shown = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, "expert", None, "proficient")
    service.add_text(shown.id, "The lock.", {"isolates": ""}, learner)
    service.submit(shown.id, learner)
    assert places(shown) == [("assessor", ["isolates"])] * 2
    for actor in workshop.actors[2:4]:
        build_rating(actor, None, "proficient")
    assert shown.state == PerformanceState.RESOLVED
    (fact,) = evidence.facts(learner.learner_id or "").rubrics
    assert fact.criteria["prepares"].level == "expert"  # of the round before
    assert fact.raters == 2


def test_a_review_takes_the_place_of_what_was_concluded(workshop: Workshop, learner: Actor) -> None:
    shown = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, *GOOD[:2], "beginning")
    assert levels(learner) == ["beginning"]
    reviewed(shown, workshop.actors[2], "proficient")
    first, second = service.resolutions_of(shown)
    assert (first.number, second.number) == (1, 2)
    assert levels(learner) == ["proficient"]  # and not both
    voided = db.session.scalars(select(EvidenceVoid)).one()
    assert (voided.evidence_id, voided.cause) == (first.evidence_id, VoidCause.SUPERSEDED)
    assert len(db.session.scalars(select(Award)).all()) == 1
    assert shown.state == PerformanceState.RESOLVED


def test_of_two_reviews_the_last_word_stands(workshop: Workshop, learner: Actor) -> None:
    shown = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, *GOOD)
    reviewed(shown, workshop.actors[2], "developing")
    reviewed(shown, workshop.actors[3], "expert")
    assert levels(learner) == ["proficient"]
    assert service.outcome_from_text(shown.outcome or "").levels == {
        "prepares": "proficient",
        "isolates": "proficient",
        "tidies": "expert",
    }


def test_nobody_reviews_what_they_have_rated(workshop: Workshop, learner: Actor) -> None:
    shown = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, *GOOD)
    open_places(shown, AssignmentRole.REVIEWER, 1, ["tidies"])
    for actor in workshop.actors[:2]:
        assert service.queue_of(actor).number == 0
        assert service.claim_next(actor) is None
    assert claimed(workshop.actors[2]).role == AssignmentRole.REVIEWER


def test_a_reviewer_has_to_say_why(workshop: Workshop, learner: Actor) -> None:
    shown = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, *GOOD)
    open_places(shown, AssignmentRole.REVIEWER, 1, ["tidies"])
    place = claimed(workshop.actors[2])
    said = service.release(place.id, service.Given({"tidies": "expert"}, {}), workshop.actors[2])
    assert isinstance(said, service.Unfinished)
    assert said.without_comment == ("tidies",)


def test_a_rating_set_aside_is_asked_for_again(workshop: Workshop, learner: Actor) -> None:
    shown = build_performance(workshop.task, learner)
    one, two, three, *_rest = workshop.actors
    first = build_rating(one, "beginning", *GOOD[1:])
    service.void_rating(service.own_rating(first.id, one), "Seen to be careless.", SYSTEM)
    assert places(shown) == [("assessor", list(CRITERIA))] * 2
    assert service.claim_next(one) is None  # who has rated it does not rate it again
    build_rating(two, *GOOD)
    build_rating(three, *GOOD)
    assert levels(learner) == ["proficient"]


def test_setting_aside_what_a_result_rests_on_lets_it_fall(
    workshop: Workshop, learner: Actor
) -> None:
    shown = build_performance(workshop.task, learner)
    one, two, three, *_rest = workshop.actors
    place = build_rating(one, *GOOD)
    build_rating(two, *GOOD)
    rating = service.own_rating(place.id, one)
    for _ in range(2):
        service.void_rating(rating, "Seen to be careless.", SYSTEM)
    assert levels(learner) == []
    assert [each.cause for each in db.session.scalars(select(EvidenceVoid))] == [VoidCause.FALLEN]
    (award,) = db.session.scalars(select(Award)).all()
    assert award.state != "revoked"  # that is for a registrar to say
    assert (shown.state, shown.ended_at) == (PerformanceState.IN_MARKING, None)
    assert service.standing_of(shown).sentence.startswith("Being looked at again")
    page = service.performance_page(shown)
    assert {each.level.key for each in page.lines if each.level} == {"proficient"}  # found before
    build_rating(three, *GOOD)
    assert service.standing_of(shown).shape == "met"
    assert levels(learner) == ["proficient"]
    assert [each.number for each in service.resolutions_of(shown)] == [1, 2]


def fallen(workshop: Workshop, learner: Actor, task: Task | None = None) -> Performance:
    """Return work whose result fell with one of its two ratings."""
    shown = build_performance(task or workshop.task, learner)
    one, two, *_rest = workshop.actors
    place = build_rating(one, *GOOD)
    build_rating(two, *GOOD)
    service.void_rating(service.own_rating(place.id, one), "Seen to be careless.", SYSTEM)
    return shown


def test_a_result_that_fell_goes_on_where_more_is_asked_for(app: Flask, workshop: Workshop) -> None:
    person, learner = build_learner()
    task = build_task(workshop.institution, "once", handling=Handling(attempts=1, wait_days=30))
    shown = fallen(workshop, learner, task)
    three, four, five, six = workshop.actors[2:]
    browser, at = sign_in(app.test_client(), person), f"/performances/{shown.id}"
    assert "You need to do nothing" in browser.get(at).text
    assert loss_of(shown) is Loss.LOOKED_AT
    for actor in (three, four):
        build_rating(actor, None, *GOOD[1:])
    assert (shown.state, places(shown)) == (PerformanceState.MORE_EVIDENCE, [])
    assert loss_of(shown) is Loss.WANTS_EVIDENCE
    page = browser.get(at).text
    assert "More evidence, please: something that the result rested on was set aside." in page
    assert "Add what is missing, and hand it in again." in page
    assert "Result, which counts no more" in page
    assert ">Begin anew</a>" not in page
    assert service.begin(task, learner).id == shown.id  # and it is no attempt
    service.add_text(shown.id, "How I prepare.", {"prepares": ""}, learner)
    service.submit(shown.id, learner)
    assert loss_of(shown) is Loss.LOOKED_AT
    for actor in (five, six):
        build_rating(actor, *GOOD)
    assert (shown.state, loss_of(shown)) == (PerformanceState.RESOLVED, Loss.NONE)
    assert [each.number for each in service.resolutions_of(shown)] == [1, 2]
    assert levels(learner) == ["proficient"]
    assert len(db.session.scalars(select(Award)).all()) == 1
    subjects = [mail._unseal(each.payload["sealed"]).subject for each in mails_waiting()]
    assert subjects.count("A result of yours counts no more") == 1
    assert subjects.count("More evidence, please") == 1
    with pytest.raises(Conflict):
        service.begin(task, learner)


def test_who_began_anew_goes_on_there(app: Flask, workshop: Workshop) -> None:
    person, learner = build_learner()
    task = build_task(workshop.institution, "twice", handling=Handling(attempts=2))
    shown = build_performance(task, learner)
    one, two, three, four, *_rest = workshop.actors
    place = build_rating(one, *GOOD)
    build_rating(two, *GOOD)
    other = service.begin(task, learner)
    service.void_rating(service.own_rating(place.id, one), "Seen to be careless.", SYSTEM)
    assert (shown.state, loss_of(shown)) == (PerformanceState.RESOLVED, Loss.LOOKED_AT)
    for actor in (three, four):
        build_rating(actor, None, *GOOD[1:])
    assert (shown.state, loss_of(shown)) == (PerformanceState.RESOLVED, Loss.ELSEWHERE)
    page = sign_in(app.test_client(), person).get(f"/performances/{shown.id}").text
    assert "You have begun this task anew meanwhile: go on there." in page
    assert f'href="/performances/{other.id}">Go on there</a>' in page
    assert service.performance_page(other).loss is Loss.NONE
    service.withdraw(other.id, learner)
    assert loss_of(shown) is Loss.UNHELD
    assert service.begin(task, learner).number == 3  # nothing of it was an attempt


def test_withdrawing_what_fell_keeps_what_was_concluded(workshop: Workshop) -> None:
    _person, learner = build_learner()
    task = build_task(workshop.institution, "once", handling=Handling(attempts=1))
    shown = fallen(workshop, learner, task)
    service.withdraw(shown.id, learner, forget=True)
    assert (shown.state, places(shown)) == (PerformanceState.WITHDRAWN, [])
    assert {each.artefact.given_back_at for each in shown.shown} == {None}
    assert loss_of(shown) is Loss.UNHELD
    settle(shown, SYSTEM)
    assert shown.state == PerformanceState.WITHDRAWN
    assert service.begin(task, learner).id != shown.id


def test_what_a_registrar_set_aside_is_not_looked_at_again(app: Flask, workshop: Workshop) -> None:
    person, learner = build_learner()
    shown = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, *GOOD)
    (last,) = service.resolutions_of(shown)
    evidence.void(shown.learner_id, last.evidence_id or "", "Somebody else's work.", SYSTEM)
    service.void_rating(next(iter(released(shown))), "Seen to be careless.", SYSTEM)
    assert (shown.state, places(shown)) == (PerformanceState.RESOLVED, [])
    page = sign_in(app.test_client(), person).get(f"/performances/{shown.id}").text
    assert "That is final for this work." in page


def test_a_rating_set_aside_while_more_is_asked_for_asks_nobody_once_more(
    workshop: Workshop, learner: Actor
) -> None:
    shown = build_performance(workshop.task, learner)
    one, two, three, four, *_rest = workshop.actors
    place = build_rating(one, None, *GOOD[1:])
    build_rating(two, None, *GOOD[1:])
    assert shown.state == PerformanceState.MORE_EVIDENCE
    service.void_rating(service.own_rating(place.id, one), "Seen to be careless.", SYSTEM)
    service.add_text(shown.id, "How I prepare.", {"prepares": ""}, learner)
    service.submit(shown.id, learner)
    assert places(shown) == [("assessor", list(CRITERIA))] * 2
    for actor in (three, four):
        build_rating(actor, *GOOD)
    assert shown.state == PerformanceState.RESOLVED


def divided(workshop: Workshop, learner: Actor) -> tuple[Performance, RatingRow]:
    """Return work on which three differ, so that somebody has to decide; and the third rating."""
    shown = build_performance(workshop.task, learner)
    levels = ("beginning", "expert", "developing")
    for actor, level in zip(workshop.actors, levels, strict=False):
        place = build_rating(actor, *GOOD[:1], level, *GOOD[2:])
    assert places(shown) == [("adjudicator", ["isolates"])]
    return shown, service.own_rating(place.id, workshop.actors[2])


def test_nobody_decides_what_another_assessor_is_asked_first(
    workshop: Workshop, learner: Actor
) -> None:
    shown, third = divided(workshop, learner)
    service.void_rating(third, "Seen to be careless.", SYSTEM)
    assert places(shown) == [("third", list(CRITERIA))]
    assert places(shown, AssignmentState.CLOSED) == [("adjudicator", ["isolates"])]
    (closed,) = db.session.scalars(select(Assignment).filter_by(state=AssignmentState.CLOSED))
    assert closed.closed_because == Closing.NOT_CALLED


def test_who_decides_already_has_their_time(
    workshop: Workshop, learner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, third = divided(workshop, learner)
    held = claimed(workshop.actors[3])
    service.void_rating(third, "Seen to be careless.", SYSTEM)
    assert ("adjudicator", ["isolates"]) in places(shown)
    (job,) = db.session.scalars(select(Job).filter_by(kind=SETTLE_AGAIN))
    assert job.run_at == held.leased_until
    later = held.leased_until
    monkeypatch.setattr(clock, "now", lambda: later)
    settle_again(**job.payload)
    assert places(shown) == [("third", list(CRITERIA))]


def mails_waiting() -> list[Job]:
    return list(db.session.scalars(select(Job).filter_by(kind="mail.send")))


def test_a_result_that_a_registrar_set_aside_says_so(app: Flask, workshop: Workshop) -> None:
    person, learner = build_learner()
    shown = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, *GOOD)
    (last,) = service.resolutions_of(shown)
    evidence.void(shown.learner_id, last.evidence_id or "", "Somebody else's work.", SYSTEM)
    page = sign_in(app.test_client(), person).get(f"/performances/{shown.id}").text
    assert "This result counts no more: the institution set it aside." in page
    assert ">Begin anew</a>" in page


def test_setting_aside_wants_a_reason_and_a_released_rating(
    workshop: Workshop, learner: Actor
) -> None:
    build_performance(workshop.task, learner)
    one = workshop.actors[0]
    place = claimed(one)
    rating = service.own_rating(place.id, one)
    with pytest.raises(Invalid):
        service.void_rating(rating, " ", SYSTEM)
    service.void_rating(rating, "Nothing to set aside.", SYSTEM)
    assert isinstance(service.release(place.id, given(*GOOD), one), service.Released)
    assert places(db.session.scalars(select(Performance)).one()) == [("assessor", list(CRITERIA))]


def test_what_a_registrar_set_aside_is_not_concluded_again(
    workshop: Workshop, learner: Actor
) -> None:
    shown = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, *GOOD)
    (row,) = service.resolutions_of(shown)
    evidence.void(row.learner_id, row.evidence_id or "", "Somebody else's work.", SYSTEM)
    settle(shown, SYSTEM)
    assert levels(learner) == []
    assert len(service.resolutions_of(shown)) == 1


def test_settling_again_changes_nothing(workshop: Workshop, learner: Actor) -> None:
    shown = build_performance(workshop.task, learner)
    build_rating(workshop.actors[0], *GOOD)
    settle(shown, SYSTEM)
    assert len(places(shown)) == 1
    build_rating(workshop.actors[1], *GOOD)
    settle(shown, SYSTEM)
    assert len(service.resolutions_of(shown)) == 1
    assert len(evidence.facts(learner.learner_id or "").rubrics) == 1


def test_places_that_nobody_needs_are_closed(workshop: Workshop, learner: Actor) -> None:
    shown = build_performance(workshop.task, learner)
    one, two, three, four, *_rest = workshop.actors
    place = build_rating(one, *GOOD)
    build_rating(two, "beginning", *GOOD[1:])
    claimed(three)  # the third has begun
    service.void_rating(service.own_rating(place.id, one), "A mistake.", SYSTEM)
    assert places(shown) == [("third", list(CRITERIA))]  # who stands in for the assessor missing
    other = build_rating(three, "beginning", *GOOD[1:])
    assert other.role == AssignmentRole.THIRD
    assert shown.state == PerformanceState.RESOLVED
    assert service.queue_of(four).number == 0
    withdrawn = build_performance(build_task(workshop.institution, "another"), learner)
    service.withdraw(withdrawn.id, learner)
    rows = select(Assignment.closed_because).filter_by(performance_id=withdrawn.id)
    assert set(db.session.scalars(rows)) == {Closing.WITHDRAWN}


def test_the_same_work_again_is_one_occasion_and_is_told(
    workshop: Workshop, learner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, *GOOD)
    later = clock.now() + timedelta(days=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    again = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, *GOOD)
    other = build_performance(workshop.task, learner, text="I did another one.")
    for actor in workshop.actors[:2]:
        build_rating(actor, *GOOD)
    days = [each.occasions for each in evidence.facts(learner.learner_id or "").rubrics]
    assert len(days) == 3
    assert len(set(days)) == 2
    assert service.resolutions_of(again)[0].repeats == [first.id]
    assert service.resolutions_of(other)[0].repeats == []
    told = [each.body for each in db.session.info[audit.PENDING]]
    assert any(f'"repeats":["{first.id}"]' in each for each in told)


def test_the_day_is_that_of_the_institution(
    workshop: Workshop, learner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    midnight = clock.now().replace(month=1, hour=3, minute=0)  # still the evening in Toronto
    monkeypatch.setattr(clock, "now", lambda: midnight)
    build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, *GOOD)
    (fact,) = evidence.facts(learner.learner_id or "").rubrics
    assert fact.occasions == ((midnight.date() - timedelta(days=1)).isoformat(),)


def looked_behind(workshop: Workshop, learner: Actor, *said: str) -> Performance:
    shown = build_performance(workshop.task, learner)
    build_rating(workshop.actors[0], *GOOD)
    build_rating(workshop.actors[1], *(said or GOOD))
    return shown


@pytest.mark.parametrize(
    ("handling", "said", "drawn", "why"),
    [
        (Handling(), GOOD, 0, AnotherLook.NONE),
        (Handling(read_behind=0.25), GOOD, 2_499, AnotherLook.DRAWN),
        (Handling(read_behind=0.25), GOOD, 2_500, AnotherLook.NEW_ASSESSOR),
        (Handling(near=True), GOOD, 0, AnotherLook.NONE),
        (Handling(near=True), ("expert", *GOOD[1:]), 0, AnotherLook.NEAR),
    ],
)
def test_somebody_looks_again_after_the_award(
    context: Flask,
    learner: Actor,
    monkeypatch: pytest.MonkeyPatch,
    handling: Handling,
    said: tuple[str, ...],
    drawn: int,
    why: AnotherLook,
) -> None:
    workshop = build_workshop()
    build_task(workshop.institution, handling=handling)
    task = service.current_task("show-isolation")
    assert task is not None
    monkeypatch.setattr("assessment.performances.concluding.drawn", lambda: drawn)
    shown = looked_behind(
        Workshop(workshop.institution, task, workshop.achievement, workshop.assessors),
        learner,
        *said,
    )
    (row,) = service.resolutions_of(shown)
    assert (row.draw, row.another_look) == (drawn, why)
    assert len(db.session.scalars(select(Award)).all()) == 1  # nothing waits for it
    if why is AnotherLook.NONE:
        assert places(shown) == []
        return
    assert places(shown) == [("read behind", list(CRITERIA))]
    assert service.claim_next(workshop.actors[0]) is None
    place = build_rating(workshop.actors[2], *("beginning",) * 3)
    assert place.role == AssignmentRole.READ_BEHIND
    assert levels(learner) == ["proficient"]  # and changes nothing by itself
    assert len(service.resolutions_of(shown)) == 1
    assert len(db.session.scalars(select(RatingRow)).all()) == 3
