"""Messages between a learner and those who rate: what is missing, and what was meant.

Nobody is named. A learner is never told which assessor wrote, and an assessor reads what they
wrote themselves, what the learner answered to it, and what the learner wrote to everybody: never
what another assessor asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from assessment import clock
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.errors import Conflict, Invalid, TooMany
from assessment.extensions import db
from assessment.locale import gettext as _
from assessment.performances.appeal_letters import tell_assessor, tell_learner
from assessment.performances.appeal_models import Appeal, Message, Side
from assessment.performances.models import (
    COUNTED,
    LEARNING,
    Assignment,
    AssignmentRole,
    AssignmentState,
    Performance,
    PerformanceState,
    RatingRow,
)
from assessment.performances.rating import held_rating, own_rating
from assessment.performances.showing import held_performance

LONGEST = 2_000
MOST_A_DAY = 20
A_DAY = timedelta(days=1)
HANDED_IN = frozenset(
    {PerformanceState.SUBMITTED, PerformanceState.IN_MARKING, PerformanceState.MORE_EVIDENCE}
)
UNSENT = frozenset({AssignmentRole.SEEDED, AssignmentRole.READ_BEHIND})
"""Roles whose marks change no result: what they write is kept and not sent, as their page says."""
WRITING = COUNTED | UNSENT
"""Whoever rates among live work may ask about it: every place looks the same."""


@dataclass(frozen=True)
class Line:
    """One message as one side reads it; `number` counts what this side sees, from 1."""

    number: int
    key: int
    """By which an answer names it."""
    is_mine: bool
    text: str
    at: datetime
    answers: int | None


@dataclass(frozen=True)
class Thread:
    """What one side reads of the messages on a performance, and whether they may write."""

    lines: tuple[Line, ...]
    may_write: bool

    @property
    def to_answer(self) -> tuple[Line, ...]:
        """The messages of the other side, the latest first."""
        return tuple(reversed([each for each in self.lines if not each.is_mine]))


def thread_of(performance: Performance) -> Thread:
    """Return the messages on a performance as its learner reads them."""
    found = _sent(performance)
    return Thread(_lines(found, Side.LEARNER), _learner_may_write(performance))


def _sent(performance: Performance) -> list[Message]:
    """Return the messages on a performance without those that are kept from its learner."""
    places = select(Assignment.id).where(
        Assignment.performance_id == performance.id, Assignment.role.in_(UNSENT)
    )
    unsent = set(db.session.scalars(places))
    found = _messages(performance.learner_id, performance.id)
    return [each for each in found if each.assignment_id not in unsent]


def assessor_thread(assignment_id: str, actor: Actor) -> Thread:
    """Return the messages on an assignment that is, or was, the actor's, as far as they see it."""
    return rater_thread(own_rating(assignment_id, actor))


def rater_thread(rating: RatingRow) -> Thread:
    """Return the messages that whoever gave a rating reads."""
    found = _messages(rating.learner_id, rating.performance_id)
    own = {each.number for each in found if each.person_id == rating.person_id}
    seen = [each for each in found if each.number in own or _is_for(each, own)]
    return Thread(_lines(seen, Side.ASSESSOR), _assessor_may_write(rating))


def _is_for(message: Message, own: set[int]) -> bool:
    """Return whether a message is the learner's, to everybody or in answer to one of these."""
    return message.side == Side.LEARNER and (message.answers is None or message.answers in own)


def _messages(learner_id: str, performance_id: str) -> list[Message]:
    rows = select(Message).filter_by(learner_id=learner_id, performance_id=performance_id)
    return list(db.session.scalars(rows.order_by(Message.number)))


def _lines(messages: list[Message], side: Side) -> tuple[Line, ...]:
    places = {each.number: place for place, each in enumerate(messages, 1)}
    return tuple(
        Line(
            number=places[each.number],
            key=each.number,
            is_mine=each.side == side,
            text=each.text,
            at=each.written_at,
            answers=places.get(each.answers or 0),
        )
        for each in messages
    )


def _learner_may_write(performance: Performance) -> bool:
    """Return whether it is looked at, or looked at again on appeal."""
    return performance.state in HANDED_IN or _appeal_runs(performance)


def _appeal_runs(performance: Performance) -> bool:
    rows = (
        select(Appeal.id)
        .join(Assignment, Assignment.id == Appeal.assignment_id)
        .where(
            Appeal.learner_id == performance.learner_id,
            Appeal.performance_id == performance.id,
            Assignment.state == AssignmentState.OPEN,
        )
    )
    return db.session.scalar(rows.limit(1)) is not None


def _assessor_may_write(rating: RatingRow) -> bool:
    """Return whether the place is theirs and nobody else took it."""
    place = rating.assignment
    return (
        place.role in WRITING
        and place.state == AssignmentState.OPEN
        and place.person_id == rating.person_id
        and rating.released_at is None
    )


def write_as_learner(
    performance_id: str, text: str, actor: Actor, answers: int | None = None
) -> Message:
    """Return the learner's message, kept; whoever it is for is told that there is one."""
    performance = held_performance(performance_id, actor)
    if not _learner_may_write(performance):
        raise Conflict(_("Nobody looks at this work at the moment, so nobody would read it."))
    found = _messages(performance.learner_id, performance.id)
    if answers is not None and answers not in _asked(_sent(performance)):
        raise Invalid(_("There is no such message to answer."), field="answers")
    written = _write(found, performance, Side.LEARNER, text, answers=answers)
    audit.record(
        audit.learner_chain(performance.learner_id),
        "message written",
        actor,
        performance.id,
        number=written.number,
    )
    for place in _readers(performance, _author(found, answers)):
        tell_assessor(place)
    return written


def is_told(message: Message) -> bool:
    """Return whether somebody has the work now who is told of a learner's message."""
    key = (message.learner_id, message.performance_id)
    author = _author(_messages(*key), message.answers)
    return bool(_readers(db.session.get_one(Performance, key), author))


def _asked(messages: list[Message]) -> set[int]:
    return {each.number for each in messages if each.side == Side.ASSESSOR}


def _author(messages: list[Message], number: int | None) -> str | None:
    return next((each.person_id for each in messages if each.number == number), None)


def _readers(performance: Performance, person_id: str | None) -> list[Assignment]:
    """Return the places that are somebody's: those of one person, or all for None."""
    rows = select(Assignment).where(
        Assignment.learner_id == performance.learner_id,
        Assignment.performance_id == performance.id,
        Assignment.state == AssignmentState.OPEN,
        Assignment.role.in_(WRITING),
        Assignment.person_id.is_not(None),
    )
    found = db.session.scalars(rows.order_by(Assignment.id))
    return [each for each in found if person_id in {None, each.person_id}]


def write_as_assessor(assignment_id: str, text: str, actor: Actor) -> Message:
    """Return the assessor's message, kept; the learner is told that there is one if it is sent."""
    rating = held_rating(assignment_id, actor)
    if not _assessor_may_write(rating):
        raise Conflict(_("This is no longer yours to rate, so you can write no more about it."))
    performance = rating.assignment.performance
    found = _messages(rating.learner_id, rating.performance_id)
    written = _write(found, performance, Side.ASSESSOR, text, rating=rating)
    audit.record(_chain(rating), "message written", actor, assignment_id, number=written.number)
    if rating.role not in UNSENT:
        tell_learner(performance)
    return written


def _chain(rating: RatingRow) -> str:
    """Return whose log it belongs to: an exemplar is of no learner's."""
    if rating.role in LEARNING:
        return audit.institution_chain(rating.assignment.institution_id)
    return audit.learner_chain(rating.learner_id)


def _write(
    found: list[Message],
    performance: Performance,
    side: Side,
    text: str,
    *,
    rating: RatingRow | None = None,
    answers: int | None = None,
) -> Message:
    """Return a new message, or the last one where the very same was just sent again."""
    said = checked_text(text, LONGEST)
    author = rating.person_id if rating else None
    own = [each for each in found if (each.side, each.person_id) == (side, author)]
    if (
        found
        and own
        and found[-1] is own[-1]
        and (own[-1].text, own[-1].answers) == (said, answers)
    ):
        return own[-1]
    _admit(own)
    message = Message(
        learner_id=performance.learner_id,
        performance_id=performance.id,
        number=1 + len(found),
        side=side,
        assignment_id=rating.assignment_id if rating else None,
        person_id=author,
        answers=answers,
        text=said,
        written_at=clock.now(),
    )
    db.session.add(message)
    db.session.flush()
    return message


def checked_text(text: str, longest: int, field: str = "text") -> str:
    """Return what was written, a line's end as one character; Invalid where it cannot be kept."""
    said = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not said:
        raise Invalid(_("Write something first."), field=field)
    if len(said) > longest:
        sentence = _(
            "Write at most %(n)s characters; these are %(found)s.", n=longest, found=len(said)
        )
        raise Invalid(sentence, field=field)
    return said


def _admit(own: list[Message]) -> None:
    """Refuse one more message of one side within a day than there may be."""
    recent = [each for each in own if each.written_at > clock.now() - A_DAY]
    if len(recent) >= MOST_A_DAY:
        wait = recent[-MOST_A_DAY].written_at + A_DAY - clock.now()
        raise TooMany(
            _("You wrote %(n)s messages within a day. Write again tomorrow.", n=MOST_A_DAY),
            retry_after=int(wait.total_seconds()) + 1,
        )
