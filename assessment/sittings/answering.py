"""Save one answer: committed before anybody is told that it is saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import update

import itembank
from assessment import clock
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.errors import Conflict, Invalid, NoSuchRecord
from assessment.extensions import db
from assessment.items import service as items
from assessment.locale import gettext as _
from assessment.people import service as people
from assessment.sittings import adaptive, responses, timing
from assessment.sittings.ending import Ended
from assessment.sittings.models import Sitting, SittingState
from assessment.sittings.responses import Place, Question


@dataclass(frozen=True)
class Given:
    """What the learner sent for one question: positions as shown, or a text."""

    chosen: tuple[str, ...] = ()
    text: str = ""
    revision: int = 0
    """The revision that the page last knew; 0 for none."""
    flagged: bool | None = None
    """None leaves the flag as it is."""
    unsure: bool = False
    """Whether the learner says not to know, in an adaptive test: an answer without content."""


@dataclass(frozen=True)
class Saved:
    """An answer that is on disk once the transaction is committed."""

    revision: int
    saved_at: datetime
    blank: bool
    flagged: bool
    committed: bool = False
    """Whether it can no longer be changed: an adaptive test goes on from it."""
    ended: Ended | None = None
    """What the sitting came to, where this answer was the last that an adaptive test needed."""


class TimeOver(Conflict):
    """The answer came after the deadline; what was saved before counts."""

    code = "expired"


class AlreadyEnded(Conflict):
    """The sitting has been submitted; nothing in it changes any more."""

    code = "ended"


@dataclass(frozen=True)
class AsShown:
    """An answer in the terms of the page: options by the place where they are shown."""

    chosen: tuple[int, ...]
    text: str


def as_shown(answer: itembank.Answer, order: Sequence[int]) -> AsShown:
    """Return an answer as the page knows it; original places never leave the server."""
    places = {original: shown for shown, original in enumerate(order)}
    return AsShown(tuple(sorted(places[index] for index in answer.chosen)), answer.text)


class AnswerStands(Conflict):
    """An adaptive test has gone on from another answer to this question."""

    code = "committed"


class OtherAnswer(Conflict):
    """Another tab or device saved a different answer meanwhile; both are shown."""

    code = "stale"

    def __init__(self, revision: int, saved: AsShown, yours: AsShown) -> None:
        super().__init__(
            _("This question was answered in another window. Choose which answer to keep."),
            revision=revision,
            saved=asdict(saved),
            yours=asdict(yours),
        )
        self.revision = revision
        self.saved = saved
        self.yours = yours


def save_answer(sitting_id: str, position: int, given: Given, actor: Actor) -> Saved:
    """Return the saved answer; the same answer sent again is the same answer, saved once."""
    learner_id = actor.learner_id or ""
    people.lock_learner(learner_id)
    place = Place(learner_id, sitting_id, position)
    question = _asked(place)
    if question.adaptive:
        return _commit(place, question, given, actor)
    moment = clock.now()
    _must_be_open(question, moment)
    answer = _parsed(question, given)
    flagged = bool(question.flagged) if given.flagged is None else given.flagged
    known = question.revision or 0
    if question.answer == answer.canonical and bool(question.flagged) == flagged:
        return Saved(known, question.saved_at or moment, answer.is_blank, flagged)
    if question.answer != answer.canonical and given.revision != known:
        raise _other(question, answer, known)
    revision = known + 1
    responses.write(place, answer.canonical, revision, flagged, moment)
    chain = audit.learner_chain(learner_id)
    audit.record(chain, "answer saved", actor, sitting_id, position=position, revision=revision)
    return Saved(revision, moment, answer.is_blank, flagged)


def _commit(place: Place, question: Question, given: Given, actor: Actor) -> Saved:
    """Take an answer once and for all: with it comes the next question, or the end."""
    answer = itembank.BLANK if given.unsure else _parsed(question, given)
    if question.answer is not None:
        return _standing(question, answer)
    moment = clock.now()
    _must_be_open(question, moment)
    if answer.is_blank and not given.unsure:
        raise Invalid(_("Give an answer first, or press “I do not know”."))
    responses.write(place, answer.canonical, 1, flagged=False, saved_at=moment)
    chain, of_question = audit.learner_chain(place.learner_id), {"position": place.position}
    audit.record(chain, "answer saved", actor, place.sitting_id, **of_question, revision=1)
    ended = adaptive.go_on(place.learner_id, place.sitting_id, actor)
    return Saved(1, moment, answer.is_blank, flagged=False, committed=True, ended=ended)


def _standing(question: Question, answer: itembank.Answer) -> Saved:
    """Return an answer that came before; refused where it was another one."""
    if question.answer != answer.canonical:
        raise AnswerStands(
            _("Your answer to this question is in; it cannot be changed in this kind of test.")
        )
    saved_at = question.saved_at or clock.now()
    return Saved(1, saved_at, answer.is_blank, flagged=False, committed=True)


def _other(question: Question, yours: itembank.Answer, revision: int) -> OtherAnswer:
    saved = itembank.read_answer(question.answer) if question.answer else itembank.BLANK
    order = question.option_order
    return OtherAnswer(revision, as_shown(saved, order), as_shown(yours, order))


def move_to(sitting_id: str, position: int, actor: Actor) -> None:
    """Remember the question that the learner is at, so that another device resumes there."""
    db.session.execute(
        update(Sitting)
        .where(Sitting.learner_id == actor.learner_id, Sitting.id == sitting_id)
        .where(Sitting.state == SittingState.OPEN)
        .values(position=position)
    )


def _asked(place: Place) -> Question:
    question = responses.read(place)
    if question is None:
        raise NoSuchRecord("sitting", place.sitting_id)
    return question


def _must_be_open(question: Question, moment: datetime) -> None:
    if question.state != SittingState.OPEN:
        raise AlreadyEnded(_("This test has been submitted. Your submitted answers are unchanged."))
    if question.deadline is not None and moment > question.deadline + timing.GRACE:
        raise TimeOver(_("The time is up. Every answer saved before the end counts."))


def _parsed(question: Question, given: Given) -> itembank.Answer:
    item = items.content(question.item_version_id)
    order = question.option_order or None
    try:
        return itembank.parse_answer(item, chosen=given.chosen, text=given.text, option_order=order)
    except itembank.EntryError as error:
        raise Invalid(entry_sentence(item, error)) from error
    except ValueError as error:
        raise Invalid(
            _("That is not one of the answers to this question. Choose again.")
        ) from error


def entry_sentence(item: itembank.Item, error: Exception) -> str:
    """Return what the learner can do about an entry that cannot be used."""
    if item.kind is itembank.ItemKind.NUMERIC:
        return _("Enter a number, such as 12.5 or 12,5.")
    return _("This answer is too long. Shorten it and save again.")
