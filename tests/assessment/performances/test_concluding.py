"""One conclusion in the place of another: what awards rest on, and what earns none twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from assessment import clock
from assessment.access import Actor, Role, system
from assessment.awards import service as awards
from assessment.awards.models import Award, AwardDoubt, AwardState
from assessment.credentials.models import RevokedFor
from assessment.demo.builders.catalogue import build_achievement
from assessment.demo.builders.examinations import build_achievement as build_examined
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.people import build_staff
from assessment.demo.builders.performances import (
    Workshop,
    build_performance,
    build_rating,
    build_workshop,
    claimed,
    given,
)
from assessment.errors import Conflict
from assessment.evidence import service as evidence
from assessment.evidence.models import Evidence
from assessment.extensions import db
from assessment.people.service import actor_of
from assessment.performances import appealing, service
from assessment.performances.concluding import evidence_before
from assessment.performances.losing import Loss, loss_of
from assessment.performances.models import Performance, PerformanceState
from assessment.performances.settling import released, settle
from assessment.registry import voiding
from tests.assessment.people.clocks import StoppedClock

GOOD = ("proficient",) * 3
SYSTEM = system("test")
OFFERED: dict[str, object] = {"rubric": "isolation", "level": "proficient", "raters": 2}


@pytest.fixture
def workshop(context: Flask) -> Workshop:
    return build_workshop(assessors=6)


@pytest.fixture
def learner(context: Flask) -> Actor:
    return build_learner()[1]


@pytest.fixture
def registrar(workshop: Workshop) -> Actor:
    return actor_of(build_staff(Role.REGISTRAR, workshop.institution))


def shown(workshop: Workshop, learner: Actor) -> Performance:
    """Return work on which two agreed, and which earned an award."""
    made = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, *GOOD)
    assert [each.state for each in held(learner)] == [AwardState.AWARDED]
    return made


def held(learner: Actor) -> list[Award]:
    rows = select(Award).filter_by(learner_id=learner.learner_id)
    return list(db.session.scalars(rows.order_by(Award.created_at, Award.id)))


def looked_at(made: Performance, learner: Actor, actor: Actor, level: str = "proficient") -> None:
    """Let somebody look at one criterion again, on appeal."""
    appealing.appeal(made.id, {"isolates": "It is better than that."}, learner)
    place = service.claim_next(actor)
    assert place is not None
    said = service.Given({"isolates": level}, {"isolates": "I looked."})
    assert isinstance(service.release(place.id, said, actor), service.Released)


def set_aside(made: Performance, number: int = 0) -> None:
    """Let one of the ratings count no more."""
    given = sorted(released(made), key=lambda each: (each.released_at, each.id))
    service.void_rating(given[number], "Seen to be careless.", SYSTEM)


def doubts(learner: Actor) -> set[str]:
    rows = select(AwardDoubt.award_id).filter_by(learner_id=learner.learner_id)
    return set(db.session.scalars(rows))


def test_an_award_on_what_was_replaced_is_in_doubt_when_the_later_one_falls(
    workshop: Workshop, learner: Actor, registrar: Actor
) -> None:
    build_achievement("mechanic", workshop.institution, {"achievement": "isolating"})
    made = shown_with(workshop, learner)
    looked_at(made, learner, workshop.actors[2])
    assert doubts(learner) == set()
    set_aside(made)
    assert doubts(learner) == {each.id for each in held(learner)}
    assert len(doubts(learner)) == 2
    assert {awards.rerun_of(each).stands for each in held(learner)} == {False}


def shown_with(workshop: Workshop, learner: Actor) -> Performance:
    """Return work that earned an award, and another award that rests on this one."""
    made = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, *GOOD)
    assert len(held(learner)) == 2
    return made


def test_setting_the_later_evidence_aside_shows_the_award_first(
    workshop: Workshop, learner: Actor, registrar: Actor
) -> None:
    made = shown(workshop, learner)
    looked_at(made, learner, workshop.actors[2])
    later = service.resolutions_of(made)[-1].evidence_id or ""
    page = voiding.evidence_page(later, registrar)
    (award,) = held(learner)
    assert [(each.award.id, each.stands) for each in page.reruns] == [(award.id, False)]
    assert voiding.set_aside(later, "Somebody else's work.", page.seen, registrar) == [award]
    assert voiding.evidence_page(later, registrar).in_doubt == (award,)
    assert awards.doubts_for(registrar, 10) == [award]


def test_what_no_other_took_the_place_of_comes_alone(workshop: Workshop, learner: Actor) -> None:
    made = shown(workshop, learner)
    looked_at(made, learner, workshop.actors[2])
    first, second = service.resolutions_of(made)
    assert evidence_before(made.learner_id, first.id) == ()
    assert evidence_before(made.learner_id, second.id) == (first.evidence_id,)
    assert evidence_before(made.learner_id, "none") == ()


def test_an_award_that_was_revoked_is_not_earned_again_by_the_same_work(
    workshop: Workshop, learner: Actor, registrar: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = StoppedClock(monkeypatch)
    made = shown(workshop, learner)
    stopped.moment += timedelta(days=1)
    awards.revoke(held(learner)[0].id, "It was not their own.", registrar)
    stopped.moment += timedelta(days=1)
    looked_at(made, learner, workshop.actors[2])
    assert len(service.resolutions_of(made)) == 2
    assert [each.state for each in held(learner)] == [AwardState.REVOKED]
    first, second = db.session.scalars(select(Evidence).order_by(Evidence.recorded_at)).all()
    since = [evidence.counts_from(made.learner_id, each.id) for each in (first, second)]
    assert since == [first.recorded_at] * 2
    assert second.recorded_at == service.resolutions_of(made)[-1].resolved_at == clock.now()


def test_an_award_revoked_because_its_evidence_fell_is_earned_when_somebody_else_rates_it(
    workshop: Workshop, learner: Actor, registrar: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = StoppedClock(monkeypatch)
    made = shown(workshop, learner)
    set_aside(made)
    stopped.moment += timedelta(days=1)
    awards.revoke(held(learner)[0].id, "Nothing holds it up.", registrar, RevokedFor.EVIDENCE)
    stopped.moment += timedelta(days=1)
    build_rating(workshop.actors[2], *GOOD)
    assert [each.state for each in held(learner)] == [AwardState.REVOKED, AwardState.AWARDED]


def lost(
    workshop: Workshop, learner: Actor, registrar: Actor, stopped: StoppedClock
) -> Performance:
    """Return work that fell, over which a registrar revoked the award."""
    made = shown(workshop, learner)
    set_aside(made)
    stopped.move(days=1)
    for each in held(learner):
        awards.revoke(each.id, "Nothing holds it up.", registrar, RevokedFor.EVIDENCE)
    stopped.move(days=1)
    return made


def states(learner: Actor) -> list[AwardState]:
    return [each.state for each in held(learner)]


def test_one_fall_gives_an_award_back_once(
    workshop: Workshop, learner: Actor, registrar: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = StoppedClock(monkeypatch)
    made = lost(workshop, learner, registrar, stopped)
    build_rating(workshop.actors[2], *GOOD)
    assert states(learner) == [AwardState.REVOKED, AwardState.AWARDED]
    stopped.move(days=1)
    awards.revoke(held(learner)[-1].id, "It was not their own.", registrar)
    stopped.move(days=1)
    looked_at(made, learner, workshop.actors[3])
    set_aside(made)
    build_rating(workshop.actors[4], *GOOD)
    assert len(service.resolutions_of(made)) == 4
    assert states(learner) == [AwardState.REVOKED, AwardState.REVOKED]


def test_each_fall_gives_back_what_was_revoked_over_it(
    workshop: Workshop, learner: Actor, registrar: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = StoppedClock(monkeypatch)
    made = lost(workshop, learner, registrar, stopped)
    build_rating(workshop.actors[2], *GOOD)
    stopped.move(days=1)
    set_aside(made)
    stopped.move(days=1)
    awards.revoke(held(learner)[-1].id, "Nothing.", registrar, RevokedFor.EVIDENCE)
    stopped.move(days=1)
    build_rating(workshop.actors[3], *GOOD)
    assert states(learner) == [AwardState.REVOKED, AwardState.REVOKED, AwardState.AWARDED]


@pytest.mark.parametrize("because", sorted(set(RevokedFor) - {RevokedFor.EVIDENCE}))
def test_what_is_revoked_for_something_else_while_its_work_is_fallen_stays_so(
    workshop: Workshop,
    learner: Actor,
    registrar: Actor,
    monkeypatch: pytest.MonkeyPatch,
    because: RevokedFor,
) -> None:
    stopped = StoppedClock(monkeypatch)
    made = shown(workshop, learner)
    set_aside(made)
    stopped.move(days=1)
    awards.revoke(held(learner)[0].id, "It was copied.", registrar, because)
    stopped.move(days=1)
    build_rating(workshop.actors[2], *GOOD)
    assert len(service.resolutions_of(made)) == 2
    assert states(learner) == [AwardState.REVOKED]


def test_what_is_revoked_once_its_work_stands_again_stays_so(
    workshop: Workshop, learner: Actor, registrar: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = StoppedClock(monkeypatch)
    made = shown(workshop, learner)
    set_aside(made)
    stopped.move(days=1)
    build_rating(workshop.actors[2], *GOOD)
    stopped.move(days=1)
    awards.revoke(held(learner)[0].id, "It was copied.", registrar, RevokedFor.EVIDENCE)
    stopped.move(days=1)
    set_aside(made)
    build_rating(workshop.actors[3], *GOOD)
    assert states(learner) == [AwardState.REVOKED]


def test_what_rests_on_an_award_that_comes_back_does_not_come_back_with_it(
    workshop: Workshop, learner: Actor, registrar: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_achievement("mechanic", workshop.institution, {"achievement": "isolating"})
    stopped = StoppedClock(monkeypatch)
    made = shown_with(workshop, learner)
    stopped.move(days=1)
    of = {each.achievement.key: each.id for each in held(learner)}
    awards.revoke(of["mechanic"], "It was copied.", registrar)
    stopped.move(days=1)
    set_aside(made)
    awards.revoke(of["isolating"], "Nothing.", registrar, RevokedFor.EVIDENCE)
    stopped.move(days=1)
    build_rating(workshop.actors[2], *GOOD)
    standing = [each.achievement.key for each in held(learner) if each.state == AwardState.AWARDED]
    assert standing == ["isolating"]


def test_what_was_lost_with_the_award_that_it_rests_on_comes_back_with_it(
    workshop: Workshop, learner: Actor, registrar: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_achievement("mechanic", workshop.institution, {"achievement": "isolating"})
    stopped = StoppedClock(monkeypatch)
    made = shown_with(workshop, learner)
    stopped.move(days=1)
    set_aside(made)
    for each in held(learner):
        awards.revoke(each.id, "Nothing.", registrar, RevokedFor.EVIDENCE)
    stopped.move(days=1)
    build_rating(workshop.actors[2], *GOOD)
    standing = [each.achievement.key for each in held(learner) if each.state == AwardState.AWARDED]
    assert sorted(standing) == ["isolating", "mechanic"]


def test_an_award_that_comes_back_ends_when_the_lost_one_would_have(
    workshop: Workshop, learner: Actor, registrar: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = StoppedClock(monkeypatch)
    made = shown(workshop, learner)
    (first,) = held(learner)
    first.expires_on = (stopped.moment + timedelta(days=30)).date()
    set_aside(made)
    stopped.move(days=1)
    awards.revoke(first.id, "Nothing.", registrar, RevokedFor.EVIDENCE)
    stopped.move(days=1)
    build_rating(workshop.actors[2], *GOOD)
    assert held(learner)[-1].expires_on == first.expires_on
    assert states(learner) == [AwardState.REVOKED, AwardState.AWARDED]
    stopped.move(days=400)
    set_aside(made)
    build_rating(workshop.actors[3], *GOOD)
    assert states(learner) == [AwardState.REVOKED, AwardState.EXPIRED]


def test_what_would_have_run_out_does_not_come_back(
    workshop: Workshop, learner: Actor, registrar: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = StoppedClock(monkeypatch)
    made = shown(workshop, learner)
    held(learner)[0].expires_on = (stopped.moment + timedelta(days=30)).date()
    set_aside(made)
    stopped.move(days=1)
    awards.revoke(held(learner)[0].id, "Nothing.", registrar, RevokedFor.EVIDENCE)
    stopped.move(days=400)
    build_rating(workshop.actors[2], *GOOD)
    assert states(learner) == [AwardState.REVOKED]


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_the_very_same_work_handed_in_again_earns_nothing_that_was_revoked(
    workshop: Workshop,
    learner: Actor,
    registrar: Actor,
    monkeypatch: pytest.MonkeyPatch,
    is_withdrawn: bool,
) -> None:
    stopped = StoppedClock(monkeypatch)
    made = shown(workshop, learner)
    stopped.move(days=1)
    awards.revoke(held(learner)[0].id, "It was copied.", registrar)
    stopped.move(days=1)
    if is_withdrawn:
        set_aside(made)
        service.withdraw(made.id, learner)
    again = build_performance(workshop.task, learner)
    for actor in workshop.actors[2:4]:
        build_rating(actor, *GOOD)
    assert service.resolutions_of(again)[-1].repeats == [made.id]
    assert states(learner) == [AwardState.REVOKED]
    stopped.move(days=1)
    build_performance(workshop.task, learner, text="This is my own.")
    for actor in workshop.actors[2:4]:
        build_rating(actor, *GOOD)
    assert states(learner) == [AwardState.REVOKED, AwardState.AWARDED]


def test_work_that_fell_and_is_handed_in_anew_earns_what_was_revoked_over_it(
    workshop: Workshop, learner: Actor, registrar: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = StoppedClock(monkeypatch)
    made = lost(workshop, learner, registrar, stopped)
    service.withdraw(made.id, learner)
    build_performance(workshop.task, learner)
    for actor in workshop.actors[3:5]:
        build_rating(actor, *GOOD)
    assert states(learner) == [AwardState.REVOKED, AwardState.AWARDED]


def test_a_registrar_stops_work_that_fell_for_good(
    workshop: Workshop, learner: Actor, registrar: Actor
) -> None:
    made = shown(workshop, learner)
    set_aside(made)
    fallen = service.resolutions_of(made)[-1].evidence_id or ""
    page = voiding.evidence_page(fallen, registrar)
    assert page.may_end
    voiding.set_aside(fallen, "Somebody else's work.", page.seen, registrar)
    assert evidence.void_reason(made.learner_id, fallen) == "Somebody else's work."
    assert not voiding.evidence_page(fallen, registrar).may_end
    assert (made.state, loss_of(made)) == (PerformanceState.RESOLVED, Loss.SET_ASIDE)
    assert service.claim_next(workshop.actors[2]) is None
    settle(made, SYSTEM)
    assert len(service.resolutions_of(made)) == 1
    with pytest.raises(Conflict):
        voiding.set_aside(fallen, "Once more.", page.seen, registrar)


def test_an_award_that_was_kept_is_in_doubt_again_when_its_work_is_set_aside_for_good(
    workshop: Workshop, learner: Actor, registrar: Actor
) -> None:
    made = shown(workshop, learner)
    set_aside(made)
    (award,) = held(learner)
    awards.keep(award.id, "Another rates it.", registrar)
    assert not awards.is_in_doubt(award)
    fallen = service.resolutions_of(made)[-1].evidence_id or ""
    page = voiding.evidence_page(fallen, registrar)
    voiding.set_aside(fallen, "Somebody else's work.", page.seen, registrar)
    assert awards.is_in_doubt(award)


def test_work_that_was_set_aside_for_good_counts_for_nothing_when_it_is_handed_in_again(
    workshop: Workshop, learner: Actor, registrar: Actor
) -> None:
    made = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, "beginning", "proficient", "proficient")
    first = service.resolutions_of(made)[-1].evidence_id or ""
    page = voiding.evidence_page(first, registrar)
    voiding.set_aside(first, "Somebody else's work.", page.seen, registrar)
    again = build_performance(workshop.task, learner)
    for actor in workshop.actors[2:4]:
        build_rating(actor, *GOOD)
    assert (held(learner), loss_of(again)) == ([], Loss.SET_ASIDE)


@pytest.mark.parametrize("has_begun_anew", [False, True])
def test_a_new_rating_is_shown_when_the_others_are_in(
    workshop: Workshop, learner: Actor, has_begun_anew: bool
) -> None:
    made = shown(workshop, learner)
    before = service.performance_page(made).likeness
    if has_begun_anew:
        service.begin(workshop.task, learner)
    set_aside(made)
    said = given("beginning", "beginning", "beginning", comments={"isolates": "I saw no lock."})
    service.release(claimed(workshop.actors[2]).id, said, workshop.actors[2])
    page = service.performance_page(made)
    assert before.criteria == 3
    assert page.likeness.criteria == 0
    assert all("I saw no lock." not in repr(each.comments) for each in page.lines)


@pytest.mark.parametrize("is_lost_first", [True, False])
def test_an_offer_that_ran_out_while_its_evidence_had_fallen_is_made_again(
    workshop: Workshop, learner: Actor, monkeypatch: pytest.MonkeyPatch, is_lost_first: bool
) -> None:
    build_examined(workshop.institution, "isolating", OFFERED, learner_chooses=True)
    stopped = StoppedClock(monkeypatch)
    made = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, *GOOD)
    assert [each.state for each in held(learner)] == [AwardState.OFFERED]
    acts = [lambda: set_aside(made), awards.lapse_offers]
    for act in acts if is_lost_first else reversed(acts):
        stopped.move(days=awards.OFFER_DAYS + 1)
        act()
    stopped.move(days=1)
    build_rating(workshop.actors[2], *GOOD)
    again = [AwardState.OFFERED] if is_lost_first else []
    assert [each.state for each in held(learner)] == [AwardState.LAPSED, *again]
