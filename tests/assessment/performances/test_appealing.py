"""Appeals: what can be appealed and until when, who looks again, and what comes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError

from assessment import clock, mail
from assessment.access import Actor, Role
from assessment.awards.models import Award, AwardState
from assessment.awards.service import explain_award
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.people import build_institution, build_role, build_staff
from assessment.demo.builders.performances import (
    CRITERIA,
    Workshop,
    build_performance,
    build_rating,
    build_task,
    build_workshop,
    claimed,
)
from assessment.errors import Conflict, Invalid, NoSuchRecord
from assessment.evidence import service as evidence
from assessment.extensions import db
from assessment.jobs.models import Job
from assessment.people.service import actor_of
from assessment.performances import appeal_pages, appealing, concluding, service, threads
from assessment.performances.appeal_days import is_in_time, last_day
from assessment.performances.appeal_models import Appeal, AppealedCriterion
from assessment.performances.handling import Handling
from assessment.performances.models import Assignment, Performance, PerformanceState, Skip
from assessment.performances.settling import released
from tests.assessment.people.browser import sign_in
from tests.assessment.people.clocks import StoppedClock
from tests.assessment.performances.test_service import GOOD

LOW = ("proficient", "developing", "proficient")
REASONS = {"isolates": "The lock is seen at 1:30."}


@pytest.fixture
def workshop(context: Flask) -> Workshop:
    return build_workshop()


@pytest.fixture
def learner(context: Flask) -> Actor:
    return build_learner()[1]


@pytest.fixture
def shown(workshop: Workshop, learner: Actor) -> Performance:
    """Return work that two assessors found unsafe."""
    made = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, *LOW)
    assert made.state == PerformanceState.RESOLVED
    return made


def decide(actor: Actor, level: str | None, said: str = "I see the lock.") -> Assignment:
    """Return the place on which somebody looked again at `isolates`, released."""
    place = claimed(actor)
    assert (place.role, place.criteria) == ("reviewer", ["isolates"])
    entered = service.Given({"isolates": level}, {"isolates": said})
    assert isinstance(service.release(place.id, entered, actor), service.Released)
    return place


def awards_of(actor: Actor) -> list[Award]:
    return list(db.session.scalars(select(Award).filter_by(learner_id=actor.learner_id)))


def test_an_appeal_that_is_right_makes_a_new_result_and_an_award(
    workshop: Workshop, learner: Actor, shown: Performance
) -> None:
    assert awards_of(learner) == []
    appealing.appeal(shown.id, REASONS, learner)
    decide(workshop.actors[2], "proficient")
    first, second = concluding.resolutions_of(shown)
    assert concluding.cause_of(first) == evidence.VoidCause.SUPERSEDED
    (fact,) = evidence.facts(shown.learner_id).rubrics
    assert (fact.evidence_id, fact.criteria["isolates"].level) == (second.evidence_id, "proficient")
    assert [each.achievement.key for each in awards_of(learner)] == ["isolating"]
    (made,) = appeal_pages.appealing_of(shown).appeals
    (found,) = made.criteria
    assert made.decided_at is not None
    assert (found.before.key, found.found and found.found.key) == ("developing", "proficient")
    assert (found.reason, found.said) == (REASONS["isolates"], "I see the lock.")


def test_an_appeal_that_lowers_a_level_revokes_nothing(workshop: Workshop, learner: Actor) -> None:
    made = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, *GOOD)
    appealing.appeal(made.id, {"isolates": "It was better than that."}, learner)
    decide(workshop.actors[2], "developing")
    (fact,) = evidence.facts(made.learner_id).rubrics
    assert fact.criteria["isolates"].level == "developing"
    assert [each.state for each in awards_of(learner)] == [AwardState.AWARDED]


def test_the_page_of_an_award_says_that_a_later_result_took_the_place_of_its_own(
    app: Flask, workshop: Workshop
) -> None:
    person, learner = build_learner()
    made = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, *GOOD)
    (award,) = awards_of(learner)
    browser = sign_in(app.test_client(), person)
    later = "a later result of this work took its place"
    assert later not in browser.get(f"/awards/{award.id}").text
    appealing.appeal(made.id, {"isolates": "It was better than that."}, learner)
    decide(workshop.actors[2], "expert")
    (work,) = explain_award(award).works
    assert work.superseded_at is not None
    assert "Expert" not in {each.level for each in work.criteria}
    assert later in browser.get(f"/awards/{award.id}").text


def test_what_was_said_on_appeal_is_marked_and_comes_last(
    workshop: Workshop, learner: Actor
) -> None:
    made = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        said = service.Given(dict(zip(CRITERIA, LOW, strict=True)), {"isolates": "No lock."})
        service.release(claimed(actor).id, said, actor)
    appealing.appeal(made.id, REASONS, learner)
    decide(workshop.actors[2], "proficient")
    (line,) = (
        each for each in service.performance_page(made).lines if each.criterion.key == "isolates"
    )
    said_of_it = [(each.text, each.on_appeal) for each in line.comments]
    assert said_of_it == [("No lock.", False), ("No lock.", False), ("I see the lock.", True)]


def test_the_learner_is_told_that_their_appeal_was_decided(
    workshop: Workshop, learner: Actor, shown: Performance
) -> None:
    assert "Your work has been assessed" in subjects()
    appealing.appeal(shown.id, REASONS, learner)
    assert "Your appeal was decided" not in subjects()
    before = subjects()
    decide(workshop.actors[2], None, "The lock is out of sight.")
    assert subjects() == sorted([*before, "Your appeal was decided"])


def test_what_follows_without_an_appeal_is_no_decision_on_one(
    workshop: Workshop, learner: Actor, shown: Performance
) -> None:
    rating = next(iter(released(shown)))
    service.void_rating(rating, "Seen to be careless.", workshop.actors[0])
    build_rating(workshop.actors[2], *LOW)
    assert len(concluding.resolutions_of(shown)) == 2
    assert subjects().count("Your work has been assessed") == 2
    assert "Your appeal was decided" not in subjects()


def test_what_cannot_be_seen_again_leaves_the_level(
    workshop: Workshop, learner: Actor, shown: Performance
) -> None:
    appealing.appeal(shown.id, REASONS, learner)
    decide(workshop.actors[2], None, "The lock is out of sight.")
    (fact,) = evidence.facts(shown.learner_id).rubrics
    assert fact.criteria["isolates"].level == "developing"
    (made,) = appeal_pages.appealing_of(shown).appeals
    assert (made.criteria[0].found, made.criteria[0].said) == (None, "The lock is out of sight.")


def test_whoever_looks_again_sees_the_reason_and_the_level_and_no_marks(
    workshop: Workshop, learner: Actor, shown: Performance
) -> None:
    appealing.appeal(shown.id, REASONS, learner)
    place = claimed(workshop.actors[2])
    page = service.marking_page(place.id, workshop.actors[2])
    assert page.others == ()
    (asked,) = appeal_pages.to_review(place).values()
    assert (asked.level.key, asked.reason) == ("developing", REASONS["isolates"])


def test_nobody_who_rated_it_reaches_the_appeal(
    workshop: Workshop, learner: Actor, shown: Performance
) -> None:
    made = appealing.appeal(shown.id, REASONS, learner)
    given = service.Given({"isolates": "expert"}, {"isolates": "Mine."})
    for actor in workshop.actors[:2]:
        assert service.queue_of(actor).number == 0
        assert service.claim_next(actor) is None
        with pytest.raises(NoSuchRecord):
            service.marking_page(made.assignment_id, actor)
        with pytest.raises(NoSuchRecord):
            service.release(made.assignment_id, given, actor)
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.execute(
                text("UPDATE assignment SET person_id = :person WHERE id = :place"),
                {"person": actor.person_id, "place": made.assignment_id},
            )


def test_whoever_only_skipped_or_looked_behind_does_not_look_again(
    workshop: Workshop, learner: Actor
) -> None:
    made = build_performance(workshop.task, learner)
    one, two, three, four = workshop.actors
    place = claimed(three)
    service.skip(place.id, service.SkipReason.LANGUAGE, "", three)
    for actor in (one, two):
        build_rating(actor, *LOW)
    appealing.appeal(made.id, REASONS, learner)
    assert db.session.scalars(select(Skip)).all() != []
    assert service.claim_next(three) is None
    assert service.claim_next(four) is not None


def test_nobody_decides_their_own_appeal(workshop: Workshop) -> None:
    person, actor = build_learner()
    build_role(person, Role.ASSESSOR, workshop.institution)
    made = build_performance(workshop.task, actor)
    for each in workshop.actors[:2]:
        build_rating(each, *LOW)
    appealing.appeal(made.id, REASONS, actor)
    assert service.claim_next(actor_of(person)) is None


def test_a_criterion_is_appealed_once(
    workshop: Workshop, learner: Actor, shown: Performance
) -> None:
    appealing.appeal(shown.id, REASONS, learner)
    with pytest.raises(Conflict):
        appealing.appeal(shown.id, REASONS, learner)
    open_now = [each.criterion.key for each in appeal_pages.appealing_of(shown).criteria]
    assert open_now == ["prepares", "tidies"]
    (row,) = db.session.scalars(select(AppealedCriterion))
    columns = (each.key for each in row.__table__.columns)
    again = {name: getattr(row, name) for name in columns} | {"position": 2}
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(insert(AppealedCriterion).values(again))
    for statement in (
        "UPDATE appealed_criterion SET reason = 'x'",
        "UPDATE appealed_criterion SET reason = 'x', withdrawn_at = '2026-01-01'",
        "DELETE FROM appealed_criterion",
        "DELETE FROM appeal",
    ):
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.execute(text(statement))


def test_a_decision_on_appeal_is_the_last_word_on_its_criterion(
    workshop: Workshop, learner: Actor, shown: Performance
) -> None:
    appealing.appeal(shown.id, REASONS, learner)
    decide(workshop.actors[2], "beginning")
    with pytest.raises(Conflict):
        appealing.appeal(shown.id, REASONS, learner)
    appealing.appeal(shown.id, {"tidies": "The bench is clean."}, learner)  # of the new result
    assert claimed(workshop.actors[3]).criteria == ["tidies"]


def test_two_appeals_at_once_go_to_two_people(
    workshop: Workshop, learner: Actor, shown: Performance
) -> None:
    appealing.appeal(shown.id, REASONS, learner)
    appealing.appeal(shown.id, {"tidies": "The bench is clean."}, learner)
    one, two = (claimed(each) for each in workshop.actors[2:])
    assert sorted([one.criteria, two.criteria]) == [["isolates"], ["tidies"]]
    for place, actor in ((one, workshop.actors[2]), (two, workshop.actors[3])):
        (key,) = place.criteria
        service.release(place.id, service.Given({key: "expert"}, {key: "I see it."}), actor)
    (fact,) = evidence.facts(shown.learner_id).rubrics
    assert {each.level for each in fact.criteria.values()} == {"proficient", "expert"}
    assert len(concluding.resolutions_of(shown)) == 3


@pytest.mark.parametrize(
    "reasons", [{}, {"isolates": "  "}, {"isolates": "a" * 2_001}, {"nothing": "Because."}]
)
def test_what_is_no_appeal_is_refused(
    learner: Actor, shown: Performance, reasons: dict[str, str]
) -> None:
    with pytest.raises(Invalid):
        appealing.appeal(shown.id, reasons, learner)
    assert db.session.scalars(select(Appeal)).all() == []


def test_another_learners_result_is_none(shown: Performance) -> None:
    stranger = build_learner(email="other@example.org")[1]
    with pytest.raises(NoSuchRecord):
        appealing.appeal(shown.id, REASONS, stranger)


def test_there_is_nothing_to_appeal_before_a_result(workshop: Workshop, learner: Actor) -> None:
    made = build_performance(workshop.task, learner)
    with pytest.raises(Conflict):
        appealing.appeal(made.id, REASONS, learner)
    page = appeal_pages.appealing_of(made)
    assert (page.last_day, page.criteria) == (None, ())


def test_the_last_day_is_whole_where_the_institution_is(
    learner: Actor, shown: Performance, monkeypatch: pytest.MonkeyPatch
) -> None:
    (resolution,) = concluding.resolutions_of(shown)
    zone = "America/Toronto"
    last = last_day(shown)
    assert last == clock.local_date(resolution.resolved_at, zone) + timedelta(days=30)
    after = resolution.resolved_at
    while clock.local_date(after, zone) <= last:
        after += timedelta(minutes=30)
    monkeypatch.setattr(clock, "now", lambda: after - timedelta(minutes=30))
    assert is_in_time(shown)
    monkeypatch.setattr(clock, "now", lambda: after)
    with pytest.raises(Conflict):
        appealing.appeal(shown.id, REASONS, learner)


def test_a_task_without_appeal_has_none(workshop: Workshop, learner: Actor) -> None:
    task = build_task(workshop.institution, "other", handling=Handling(appeal_days=0))
    made = build_performance(task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, *LOW)
    with pytest.raises(Conflict):
        appealing.appeal(made.id, REASONS, learner)


def test_where_nobody_is_left_the_registrar_is_told(context: Flask, learner: Actor) -> None:
    workshop = build_workshop(assessors=2)
    build_staff(Role.REGISTRAR, workshop.institution)
    made = build_performance(workshop.task, learner)
    for actor in workshop.actors:
        build_rating(actor, *LOW)
    before = mails()
    appealing.appeal(made.id, REASONS, learner)
    (row,) = appeal_pages.appealing_of(made).appeals
    assert row.lacks_anybody
    assert mails() == before + 1
    build_staff(Role.ASSESSOR, workshop.institution)
    (row,) = appeal_pages.appealing_of(made).appeals
    assert not row.lacks_anybody


def subjects() -> list[str]:
    """Return the subjects of the mails that wait to be sent, in order."""
    rows = db.session.scalars(select(Job).filter_by(kind="mail.send"))
    return sorted(mail._unseal(each.payload["sealed"]).subject for each in rows)


def mails() -> int:
    return len(db.session.scalars(select(Job.id).filter_by(kind="mail.send")).all())


def test_where_nobody_is_left_a_partner_looks(context: Flask, learner: Actor) -> None:
    workshop = build_workshop(assessors=2)
    partner = build_institution("partner")
    helper = build_staff(Role.ASSESSOR, partner)
    task = build_task(workshop.institution, "shared", handling=Handling(partners=("partner",)))
    made = build_performance(task, learner)
    for actor in workshop.actors:
        build_rating(actor, *LOW)
    appealing.appeal(made.id, REASONS, learner)
    (row,) = appeal_pages.appealing_of(made).appeals
    assert not row.lacks_anybody
    assert claimed(actor_of(helper)).role == "reviewer"


def test_a_decision_that_is_set_aside_is_made_by_somebody_else(
    workshop: Workshop, learner: Actor, shown: Performance
) -> None:
    appealing.appeal(shown.id, REASONS, learner)
    place = decide(workshop.actors[2], "proficient")
    rating = service.own_rating(place.id, workshop.actors[2])
    service.void_rating(rating, "A conflict of interest.", workshop.actors[0])
    appealing.look_anew(rating)
    (fact,) = evidence.facts(shown.learner_id).rubrics
    assert fact.criteria["isolates"].level == "developing"
    (made,) = appeal_pages.appealing_of(shown).appeals
    assert made.decided_at is None
    assert service.claim_next(workshop.actors[2]) is None
    decide(workshop.actors[3], "expert")


def test_the_learner_and_whoever_looks_again_write_to_each_other(
    workshop: Workshop, learner: Actor, shown: Performance
) -> None:
    assert not threads.thread_of(shown).may_write
    appealing.appeal(shown.id, REASONS, learner)
    assert threads.thread_of(shown).may_write
    place = claimed(workshop.actors[2])
    threads.write_as_assessor(place.id, "At which minute?", workshop.actors[2])
    threads.write_as_learner(shown.id, "At 1:30.", learner, 1)
    seen = threads.assessor_thread(place.id, workshop.actors[2])
    assert [each.text for each in seen.lines] == ["At which minute?", "At 1:30."]


def test_not_observed_on_appeal_begins_no_new_days(
    workshop: Workshop, learner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = StoppedClock(monkeypatch)
    made = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, *LOW)
    until = last_day(made)
    stopped.move(days=20)
    appealing.appeal(made.id, REASONS, learner)
    stopped.move(days=5)
    decide(workshop.actors[2], None, "It is not to be seen.")
    assert len(concluding.resolutions_of(made)) == 2
    assert last_day(made) == until
    assert {each.criterion.key for each in appealing.appealable(made)} == set(CRITERIA)
    stopped.move(days=6)
    assert appealing.appealable(made) == ()
    with pytest.raises(Conflict, match="last day"):
        appealing.appeal(made.id, REASONS, learner)


def test_others_who_rate_what_fell_begin_new_days(
    workshop: Workshop, learner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = StoppedClock(monkeypatch)
    made = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, *LOW)
    until = last_day(made)
    stopped.move(days=20)
    service.void_rating(released(made)[0], "Seen to be careless.", learner)
    build_rating(workshop.actors[2], *LOW)
    assert until is not None
    assert last_day(made) == until + timedelta(days=20)
