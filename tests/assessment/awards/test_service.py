"""Awards: decided at once, in cascade; offered, accepted, declined, lapsed, revoked, replayed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from assessment import clock
from assessment.access import Actor, ActorKind, Role, system
from assessment.awards import service
from assessment.awards.models import Award, AwardState, Decision
from assessment.catalogue import service as catalogue
from assessment.catalogue.models import AchievementKind, MeasureKind
from assessment.credentials import service as credentials
from assessment.demo.builders.examinations import (
    Examination,
    build_achievement,
    build_examination,
    build_learner,
)
from assessment.demo.builders.people import build_institution
from assessment.errors import Conflict, Expired, Forbidden, Invalid, NoSuchRecord
from assessment.evidence import service as evidence
from assessment.extensions import db
from assessment.people.models import Institution
from tests.assessment.sittings.answers import sit

SYSTEM = system("test")


@pytest.fixture
def examination(context: Flask) -> Examination:
    return build_examination()


@pytest.fixture
def learner(examination: Examination) -> Actor:
    return build_learner()[1]


def registrar(institution: Institution) -> Actor:
    """Return a registrar of an institution."""
    person, _ = build_learner()
    return Actor(
        ActorKind.PERSON,
        person_id=person.id,
        learner_id=person.learner_id,
        roles=frozenset({(Role.REGISTRAR, institution.id)}),
    )


def keys(awards: list[Award]) -> list[str]:
    return [award.achievement.key for award in awards]


def pass_both(learner: Actor) -> list[Award]:
    sit("pre", learner)
    return sit("post", learner).awards


def test_one_award_earns_the_next_in_the_same_transaction(
    examination: Examination, learner: Actor
) -> None:
    college = examination.institution
    build_achievement(college, "z-programme", {"credits": 3, "from": ["wiring-course"]})
    build_achievement(
        college,
        "a-certificate",
        {"all": [{"achievement": "z-programme"}, {"achievement": "wiring-course"}]},
        kind=AchievementKind.CERTIFICATE,
    )
    assert keys(pass_both(learner)) == ["wiring-course", "z-programme", "a-certificate"]


def test_a_veto_holds_every_award_back_until_it_is_lifted(
    examination: Examination, learner: Actor
) -> None:
    rule = {"all": [{"test": "post", "percent": 75}, {"none": [{"hold": "integrity"}]}]}
    build_achievement(examination.institution, "honest", rule)
    hold = evidence.place_hold(learner.learner_id, "integrity", "under review", SYSTEM)
    assert keys(pass_both(learner)) == ["wiring-course"]
    evidence.lift_hold(learner.learner_id, hold.id, SYSTEM)
    assert keys(service.consider(learner.learner_id, SYSTEM)) == ["honest"]


def test_every_decision_replays_to_the_same_bytes(examination: Examination, learner: Actor) -> None:
    pass_both(learner)
    db.session.expire_all()
    decisions = list(db.session.scalars(select(Decision)))
    assert decisions
    assert all(service.replays_the_same(decision) for decision in decisions)


def test_a_decision_that_was_tampered_with_does_not_replay(
    examination: Examination, learner: Actor
) -> None:
    decision = pass_both(learner)[0].decision
    decision.facts = decision.facts.replace('"points":"4"', '"points":"3"')
    assert not service.replays_the_same(decision)


@pytest.fixture
def offer(examination: Examination, learner: Actor) -> Award:
    build_achievement(
        examination.institution, "chosen", {"test": "post", "percent": 75}, learner_chooses=True
    )
    (found,) = [each for each in pass_both(learner) if each.achievement.key == "chosen"]
    return found


def test_an_offer_is_unsigned_and_no_fact_until_it_is_accepted(
    offer: Award, examination: Examination, learner: Actor
) -> None:
    build_achievement(examination.institution, "after", {"achievement": "chosen"})
    assert offer.state == AwardState.OFFERED
    assert credentials.credential_of(learner.learner_id, offer.id) is None
    assert service.consider(learner.learner_id, SYSTEM) == []
    assert keys(service.accept(offer.id, learner)) == ["chosen", "after"]
    assert credentials.credential_of(learner.learner_id, offer.id) is not None


@pytest.mark.parametrize("what", ["hold", "void"])
def test_an_offer_whose_grounds_are_gone_is_not_accepted(
    what: str, examination: Examination, learner: Actor
) -> None:
    rule = {"all": [{"test": "post", "percent": 75}, {"none": [{"hold": "integrity"}]}]}
    build_achievement(examination.institution, "chosen", rule, learner_chooses=True)
    (found,) = [each for each in pass_both(learner) if each.achievement.key == "chosen"]
    if what == "hold":
        hold = evidence.place_hold(learner.learner_id, "integrity", "under review", SYSTEM)
    else:
        for row in evidence.evidence_rows(learner.learner_id):
            evidence.void(learner.learner_id, row.id, "It was not hers.", SYSTEM)
    with pytest.raises(Conflict):
        service.accept(found.id, learner)
    assert found.state == AwardState.OFFERED
    assert credentials.credential_of(learner.learner_id, found.id) is None
    if what == "hold":
        evidence.lift_hold(learner.learner_id, hold.id, SYSTEM)
        assert keys(service.accept(found.id, learner)) == ["chosen"]


def test_an_offer_is_answered_once(offer: Award, learner: Actor) -> None:
    service.decline(offer.id, learner)
    with pytest.raises(Conflict):
        service.accept(offer.id, learner)
    assert service.consider(learner.learner_id, SYSTEM) == []  # the same evidence offers no more


def test_an_offer_ends_after_thirty_days_without_a_word(
    offer: Award, learner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = clock.now() + timedelta(days=30, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(Expired):
        service.accept(offer.id, learner)
    assert service.lapse_offers() == 1
    db.session.refresh(offer)
    assert offer.state == AwardState.LAPSED
    assert service.lapse_offers() == 0


def test_nobody_answers_the_offer_of_another(offer: Award) -> None:
    other = build_learner()[1]
    with pytest.raises(NoSuchRecord):
        service.accept(offer.id, other)
    with pytest.raises(NoSuchRecord):
        service.decline(offer.id, other)


def test_a_registrar_revokes_with_a_reason_and_nothing_comes_back_by_itself(
    examination: Examination, learner: Actor
) -> None:
    (award,) = pass_both(learner)
    actor = registrar(examination.institution)
    with pytest.raises(Invalid):
        service.revoke(award.id, "  ", actor)
    service.revoke(award.id, "The identity was not hers.", actor)
    assert award.state == AwardState.REVOKED
    credential = credentials.credential_of(learner.learner_id, award.id)
    assert credential is not None
    assert credential.revoked_at is not None
    assert service.consider(learner.learner_id, SYSTEM) == []
    with pytest.raises(Conflict):
        service.revoke(award.id, "again", actor)


def test_new_evidence_earns_it_again_and_says_what_it_replaces(
    examination: Examination, learner: Actor
) -> None:
    (award,) = pass_both(learner)
    service.revoke(award.id, "A mistake in the form.", registrar(examination.institution))
    (again,) = sit("post", learner).awards
    assert again.supersedes_id == award.id


def test_what_was_shown_before_a_revocation_earns_nothing_back(
    examination: Examination, learner: Actor
) -> None:
    either = {"any": [{"test": "pre", "percent": 100}, {"test": "post", "percent": 75}]}
    build_achievement(examination.institution, "either", either)
    (award,) = sit("pre", learner).awards
    sit("post", learner)
    service.revoke(award.id, "It was not her work.", registrar(examination.institution))
    assert service.consider(learner.learner_id, SYSTEM) == []
    version = award.achievement_version
    assert service.gap_report(learner.learner_id, version).explanation.progress == 0
    assert keys(sit("post", learner).awards) == ["either"]


def test_what_is_left_of_the_old_evidence_does_not_fill_a_new_award(
    examination: Examination, learner: Actor
) -> None:
    both = {"all": [{"test": "pre", "percent": 75}, {"test": "post", "percent": 75}]}
    build_achievement(examination.institution, "both", both)
    award = next(each for each in pass_both(learner) if each.achievement.key == "both")
    service.revoke(award.id, "The pre-test was not hers.", registrar(examination.institution))
    assert sit("post", learner).awards == []
    assert keys(sit("pre", learner).awards) == ["both"]


def test_an_award_that_counts_others_is_earned_again_by_a_new_one_alone(
    examination: Examination, learner: Actor
) -> None:
    build_achievement(examination.institution, "whole", {"achievement": "wiring-course"})
    course, whole = pass_both(learner)
    actor = registrar(examination.institution)
    service.revoke(whole.id, "A mistake.", actor)
    assert service.consider(learner.learner_id, SYSTEM) == []
    service.revoke(course.id, "A mistake as well.", actor)
    assert keys(sit("post", learner).awards) == ["wiring-course", "whole"]


def test_a_registrar_elsewhere_sees_and_revokes_nothing(
    examination: Examination, learner: Actor
) -> None:

    (award,) = pass_both(learner)
    for actor in (registrar(build_institution("elsewhere")), learner):
        with pytest.raises((NoSuchRecord, Forbidden)):
            service.revoke(award.id, "none of mine", actor)
    assert award.state == AwardState.AWARDED


def test_voided_evidence_earns_nothing(examination: Examination, learner: Actor) -> None:
    sit("pre", learner)
    sit("post", learner, right=2)
    for row in evidence.evidence_rows(learner.learner_id):
        evidence.void(learner.learner_id, row.id, "The sitting was disturbed.", SYSTEM)
    facts = service.facts_of(learner.learner_id)
    assert facts.tests == ()


def test_an_award_with_an_end_is_no_fact_after_it(
    examination: Examination, learner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_achievement(
        examination.institution, "short", {"test": "post", "percent": 75}, valid_months=1
    )
    pass_both(learner)
    assert "short" in {fact.key for fact in service.facts_of(learner.learner_id).achievements}
    later = clock.now() + timedelta(days=40)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "short" not in {fact.key for fact in service.facts_of(learner.learner_id).achievements}


@pytest.fixture
def short(examination: Examination, learner: Actor) -> Award:
    build_achievement(
        examination.institution, "short", {"test": "post", "percent": 75}, valid_months=1
    )
    return next(each for each in pass_both(learner) if each.achievement.key == "short")


def test_an_award_that_ran_out_is_earned_anew_by_a_new_sitting(
    short: Award, learner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = clock.now() + timedelta(days=40)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert service.consider(learner.learner_id, SYSTEM) == []
    assert short.state == AwardState.EXPIRED
    (again,) = sit("post", learner).awards
    assert (again.achievement.key, again.supersedes_id) == ("short", short.id)
    assert credentials.credential_of(learner.learner_id, again.id) is not None


def test_a_sitting_before_the_end_renews_the_award_on_the_day_after(
    short: Award, learner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = [clock.now() + timedelta(days=20), clock.now() + timedelta(days=40)]
    monkeypatch.setattr(clock, "now", lambda: days[0])
    assert sit("post", learner).awards == []
    monkeypatch.setattr(clock, "now", lambda: days[1])
    assert service.learners_with_expired_awards() == [learner.learner_id]
    assert keys(service.consider(learner.learner_id, SYSTEM)) == ["short"]
    assert service.learners_with_expired_awards() == []


def test_an_award_that_ran_out_can_still_be_revoked(
    short: Award, examination: Examination, learner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = clock.now() + timedelta(days=40)
    monkeypatch.setattr(clock, "now", lambda: later)
    service.consider(learner.learner_id, SYSTEM)
    service.revoke(short.id, "It was not hers.", registrar(examination.institution))
    assert short.state == AwardState.REVOKED


def test_a_rule_that_is_only_a_veto_is_met_by_nothing_shown(
    examination: Examination, learner: Actor
) -> None:
    build_achievement(examination.institution, "clean", {"none": [{"hold": "integrity"}]})
    assert keys(service.consider(learner.learner_id, SYSTEM)) == ["clean"]


def test_the_gap_report_says_what_would_award_it(examination: Examination, learner: Actor) -> None:
    sit("pre", learner)
    sit("post", learner, right=2)
    report = service.gap_report(learner.learner_id, examination.course)
    assert report.explanation.progress < 1
    assert len(report.missing) == 1
    assert "75" in report.missing[0]


def test_a_gap_that_only_work_can_close_is_named_as_such(
    examination: Examination, learner: Actor
) -> None:
    catalogue.publish_measure(
        catalogue.MeasureSpec(
            kind=MeasureKind.RUBRIC,
            key="isolation",
            version=1,
            title={"en": "Isolation", "fr": "Isolement"},
            institution_id=examination.institution.id,
            levels=(catalogue.MeasureLevel("proficient", {"en": "Proficient", "fr": "Compétent"}),),
        )
    )
    rule = {
        "all": [{"test": "post", "percent": 75}, {"rubric": "isolation", "level": "proficient"}]
    }
    doing = build_achievement(examination.institution, "doing", rule)
    assert not service.gap_report(learner.learner_id, examination.course).at_work
    pass_both(learner)
    assert service.gap_report(learner.learner_id, doing).at_work
