"""Messages between a learner and assessors: who reads what, who may write, and who is told."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from assessment import clock, mail
from assessment.access import Actor
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.performances import (
    Workshop,
    build_performance,
    build_rating,
    build_workshop,
    claimed,
)
from assessment.errors import Conflict, Invalid, NoSuchRecord, TooMany
from assessment.extensions import db
from assessment.jobs.models import Job
from assessment.people import service as people
from assessment.performances import service, threads
from assessment.performances.appeal_models import Message
from assessment.performances.models import Assignment, AssignmentRole, Performance, RatingRow
from tests.assessment.performances.test_service import GOOD


@pytest.fixture
def workshop(context: Flask) -> Workshop:
    return build_workshop()


@pytest.fixture
def learner(context: Flask) -> Actor:
    return build_learner()[1]


@pytest.fixture
def shown(workshop: Workshop, learner: Actor) -> Performance:
    return build_performance(workshop.task, learner)


def address_of(actor: Actor) -> str:
    person = people.person_of_learner(actor.learner_id or "")
    assert person is not None
    return person.email


def texts(thread: threads.Thread) -> list[str]:
    return [each.text for each in thread.lines]


def test_an_assessor_asks_and_the_learner_answers(
    workshop: Workshop, learner: Actor, shown: Performance
) -> None:
    one = workshop.actors[0]
    place = claimed(one)
    threads.write_as_assessor(place.id, "Is the lock on?\r\nI cannot see it.", one)
    (line,) = threads.thread_of(shown).lines
    assert (line.text, line.is_mine) == ("Is the lock on?\nI cannot see it.", False)
    threads.write_as_learner(shown.id, "It is behind the cover.", learner, line.key)
    mine = threads.assessor_thread(place.id, one)
    assert texts(mine) == ["Is the lock on?\nI cannot see it.", "It is behind the cover."]
    assert [each.answers for each in mine.lines] == [None, 1]
    assert [each.is_mine for each in mine.lines] == [True, False]


def test_an_assessor_reads_nothing_of_another(
    workshop: Workshop, learner: Actor, shown: Performance
) -> None:
    one, two, *_rest = workshop.actors
    first, second = claimed(one), claimed(two)
    asked = threads.write_as_assessor(first.id, "The lock is missing.", one)
    threads.write_as_learner(shown.id, "The lock is there.", learner, asked.number)
    threads.write_as_learner(shown.id, "My camera is old.", learner)
    threads.write_as_assessor(second.id, "Which tool is it?", two)
    seen = threads.assessor_thread(second.id, two)
    assert texts(seen) == ["My camera is old.", "Which tool is it?"]
    assert [each.number for each in seen.lines] == [1, 2]  # and not that there were others
    assert len(threads.thread_of(shown).lines) == 4
    with pytest.raises(NoSuchRecord):
        threads.assessor_thread(first.id, two)


def test_assessors_cannot_be_told_apart(workshop: Workshop, shown: Performance) -> None:
    for actor in workshop.actors[:2]:
        threads.write_as_assessor(claimed(actor).id, "What is this?", actor)
    one, two = threads.thread_of(shown).lines
    known = {"number", "key", "at"}
    same = {name: getattr(one, name) for name in vars(one) if name not in known}
    assert same == {name: getattr(two, name) for name in vars(two) if name not in known}


@pytest.mark.parametrize("role", [AssignmentRole.READ_BEHIND, AssignmentRole.SEEDED])
def test_what_changes_no_result_looks_the_same_and_is_not_sent(
    workshop: Workshop, learner: Actor, shown: Performance, role: AssignmentRole
) -> None:
    one, two, *_rest = workshop.actors
    live, other = claimed(one), claimed(two)
    other.role = role
    db.session.query(RatingRow).filter_by(assignment_id=other.id).update({"role": role})
    assert threads.assessor_thread(other.id, two) == threads.assessor_thread(live.id, one)
    threads.write_as_learner(shown.id, "My camera is old.", learner)
    kept = threads.write_as_assessor(other.id, "Which tool is it?", two)
    assert texts(threads.assessor_thread(other.id, two)) == ["My camera is old.", kept.text]
    assert texts(threads.thread_of(shown)) == ["My camera is old."]
    told = f"message:{shown.id}:learner"
    assert not [each for each in db.session.scalars(select(Job.once_key)) if told in (each or "")]
    with pytest.raises(Invalid):
        threads.write_as_learner(shown.id, "A torque wrench.", learner, kept.number)
    threads.write_as_assessor(live.id, "Which tool is it?", one)
    assert len(threads.thread_of(shown).lines) == 2
    assert [each for each in db.session.scalars(select(Job.once_key)) if told in (each or "")]


def test_whoever_has_no_place_writes_nothing(
    workshop: Workshop, learner: Actor, shown: Performance
) -> None:
    one, two, *_rest = workshop.actors
    place = claimed(one)
    with pytest.raises(NoSuchRecord):
        threads.write_as_assessor(place.id, "Hello?", two)
    stranger = build_learner(email="other@example.org")[1]
    with pytest.raises(NoSuchRecord):
        threads.write_as_learner(shown.id, "Hello?", stranger)
    db.session.execute(text("UPDATE assignment SET person_id = NULL"))
    db.session.expire_all()
    with pytest.raises(Conflict):
        threads.write_as_assessor(place.id, "Hello?", one)
    assert db.session.scalars(select(Message)).all() == []


def test_what_was_written_stays_readable_after_the_end(
    workshop: Workshop, learner: Actor, shown: Performance
) -> None:
    one, two, *_rest = workshop.actors
    place = claimed(one)
    threads.write_as_assessor(place.id, "Which tool is it?", one)
    build_rating(one, *GOOD)
    with pytest.raises(Conflict):
        threads.write_as_assessor(place.id, "And this one?", one)
    build_rating(two, *GOOD)
    thread = threads.thread_of(shown)
    assert (texts(thread), thread.may_write) == (["Which tool is it?"], False)
    with pytest.raises(Conflict):
        threads.write_as_learner(shown.id, "A torque wrench.", learner)
    assert texts(threads.assessor_thread(place.id, one)) == ["Which tool is it?"]


def test_nothing_is_written_before_it_is_handed_in(workshop: Workshop, learner: Actor) -> None:
    begun = service.begin(workshop.task, learner)
    with pytest.raises(Conflict):
        threads.write_as_learner(begun.id, "Hello?", learner)


@pytest.mark.parametrize("said", ["", "  \r\n ", "a" * 2_001])
def test_what_cannot_be_kept_is_refused(learner: Actor, shown: Performance, said: str) -> None:
    with pytest.raises(Invalid):
        threads.write_as_learner(shown.id, said, learner)


def test_only_a_message_of_an_assessor_is_answered(learner: Actor, shown: Performance) -> None:
    own = threads.write_as_learner(shown.id, "Hello?", learner)
    for number in (own.number, 7):
        with pytest.raises(Invalid):
            threads.write_as_learner(shown.id, "Me again.", learner, number)


def test_the_same_sent_again_is_one_message(learner: Actor, shown: Performance) -> None:
    for _time in range(2):
        threads.write_as_learner(shown.id, "Hello?", learner)
    assert texts(threads.thread_of(shown)) == ["Hello?"]


def test_so_many_messages_a_day(
    learner: Actor, shown: Performance, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = clock.now()
    for number in range(threads.MOST_A_DAY):
        threads.write_as_learner(shown.id, f"Message {number}", learner)
    with pytest.raises(TooMany):
        threads.write_as_learner(shown.id, "One more", learner)
    monkeypatch.setattr(clock, "now", lambda: begun + timedelta(days=1, minutes=5))
    threads.write_as_learner(shown.id, "One more", learner)


def test_a_message_is_never_changed(learner: Actor, shown: Performance) -> None:
    threads.write_as_learner(shown.id, "Hello?", learner)
    for statement in ("UPDATE message SET text = 'no'", "DELETE FROM message"):
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.execute(text(statement))


def test_one_mail_a_day_without_a_word_of_it(
    workshop: Workshop,
    learner: Actor,
    shown: Performance,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: dict[str, tuple[str, str, str]] = {}

    def send(to: str, subject: str, text: str, *, language: str, once_key: str) -> None:
        sent.setdefault(once_key, (to, subject, text))

    monkeypatch.setattr(mail, "send", send)
    one, two, *_rest = workshop.actors
    place = claimed(one)
    claimed(two)
    asked = threads.write_as_assessor(place.id, "Canary question?", one)
    threads.write_as_assessor(place.id, "Canary question, again?", one)
    threads.write_as_learner(shown.id, "Canary answer.", learner, asked.number)
    threads.write_as_learner(shown.id, "Canary answer, again.", learner, asked.number)
    assert [to for to, _subject, _text in sent.values()] == [
        address_of(learner),
        workshop.assessors[0].email,  # and not the other one, who does not see it
    ]
    assert "anary" not in json.dumps(list(sent.values()))
    threads.write_as_learner(shown.id, "To everybody.", learner)
    assert [to for to, *_mail in sent.values()][2:] == [workshop.assessors[1].email]


def test_an_assignment_that_was_not_theirs_is_none(workshop: Workshop, shown: Performance) -> None:
    place = db.session.scalars(select(Assignment)).first()
    assert place is not None
    with pytest.raises(NoSuchRecord):
        threads.assessor_thread(place.id, workshop.actors[0])
