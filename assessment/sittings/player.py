"""What the pages of a sitting show: never a key, a rationale, or an option's original place."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

import itembank
from assessment import clock
from assessment.access import Actor
from assessment.errors import NoSuchRecord
from assessment.extensions import db
from assessment.items import service as items
from assessment.items.models import TestMode
from assessment.sittings import timing
from assessment.sittings.answering import AsShown, as_shown
from assessment.sittings.models import Response, Sitting, SittingItem, SittingState

OWNER_LENGTH = 24


@dataclass(frozen=True)
class Clock:
    """The time of a sitting, as the page shows it."""

    seconds_left: int | None
    minutes_standard: int | None
    minutes_allowed: int | None
    given_back_minutes: int

    @property
    def extended(self) -> bool:
        """Whether an accommodation extends the time."""
        return self.minutes_allowed != self.minutes_standard


@dataclass(frozen=True)
class Option:
    """One option at the place where it is shown."""

    place: int
    wording: Mapping[str, str]
    chosen: bool


@dataclass(frozen=True)
class QuestionPage:
    """One question, as the learner sees it."""

    sitting_id: str
    owner: str
    title: Mapping[str, str]
    languages: tuple[str, ...]
    position: int
    total: int
    kind: itembank.ItemKind
    stem: Mapping[str, str]
    options: tuple[Option, ...]
    text: str
    unit: Mapping[str, str]
    figure_description: Mapping[str, str] | None
    revision: int
    flagged: bool
    saved_at: datetime | None
    answered: int
    clock: Clock

    @property
    def last(self) -> bool:
        """Whether this is the last question."""
        return self.position == self.total


@dataclass(frozen=True)
class Line:
    """One question in the review."""

    position: int
    answered: bool
    flagged: bool


@dataclass(frozen=True)
class ReviewPage:
    """All questions of a sitting, before it is submitted."""

    sitting_id: str
    owner: str
    title: Mapping[str, str]
    lines: tuple[Line, ...]
    clock: Clock

    @property
    def unanswered(self) -> int:
        """How many questions have no answer yet."""
        return sum(not line.answered for line in self.lines)

    @property
    def flagged(self) -> int:
        """How many questions are flagged."""
        return sum(line.flagged for line in self.lines)


@dataclass(frozen=True)
class StopPage:
    """How far an adaptive test is when its learner thinks of stopping it."""

    sitting_id: str
    owner: str
    title: Mapping[str, str]
    answered: int
    lacking: int
    """How many answers it takes at least until there can be enough evidence."""
    clock: Clock


def own_sitting(sitting_id: str, actor: Actor) -> Sitting:
    """Return the actor's own sitting; NoSuchRecord for anybody else's."""
    found = db.session.get(Sitting, (actor.learner_id or "", sitting_id))
    if found is None:
        raise NoSuchRecord("sitting", sitting_id)
    return found


def question_page(sitting: Sitting, position: int) -> QuestionPage:
    """Return the page of one question of an open sitting."""
    question = _question(sitting, position)
    item = items.content(question.item_version_id)
    response = db.session.get(Response, (sitting.learner_id, sitting.id, position))
    answer = itembank.read_answer(response.answer) if response else itembank.BLANK
    shown = as_shown(answer, question.option_order)
    return QuestionPage(
        sitting_id=sitting.id,
        owner=owner_of(sitting),
        title=sitting.test.title,
        languages=tuple(sitting.test.languages),
        position=position,
        total=sum(sitting.test.blueprint.values()),
        kind=item.kind,
        stem=item.stem,
        options=_options(item, question, shown),
        text=shown.text,
        unit=item.unit,
        figure_description=item.figure.description if item.figure else None,
        revision=response.revision if response else 0,
        flagged=response.flagged if response else False,
        saved_at=response.saved_at if response else None,
        answered=sum(line.answered for line in _lines(sitting)),
        clock=clock_of(sitting),
    )


def review_page(sitting: Sitting) -> ReviewPage:
    """Return what is answered, flagged and unanswered."""
    return ReviewPage(
        sitting.id, owner_of(sitting), sitting.test.title, _lines(sitting), clock_of(sitting)
    )


def stop_page(sitting: Sitting) -> StopPage:
    """Return what stopping an adaptive sitting now would mean."""
    return StopPage(
        sitting.id,
        owner_of(sitting),
        sitting.test.title,
        sitting.position - 1,
        max(0, sitting.terms["fewest_questions"] - (sitting.position - 1)),
        clock_of(sitting),
    )


def is_adaptive(sitting: Sitting) -> bool:
    """Return whether each question of the sitting follows from the answers before it."""
    return sitting.test.mode == TestMode.ADAPTIVE


def owner_of(sitting: Sitting) -> str:
    """Return whose answers a browser keeps while they are not saved: one-way, not the learner's id.

    Another person who signs in on the same machine has another value, so that their page neither
    sends nor shows what is not theirs.
    """
    digest = hashlib.sha256(f"answers kept for {sitting.learner_id}".encode())
    return digest.hexdigest()[:OWNER_LENGTH]


def clock_of(sitting: Sitting) -> Clock:
    """Return the time of a sitting, by the server."""
    return Clock(
        seconds_left=timing.seconds_left(sitting, clock.now()),
        minutes_standard=sitting.minutes_standard,
        minutes_allowed=sitting.minutes_allowed,
        given_back_minutes=-(-sitting.given_back_seconds // 60),
    )


def is_running(sitting: Sitting) -> bool:
    """Return whether the sitting is open and its time has not run out."""
    return sitting.state == SittingState.OPEN and not timing.is_over(sitting, clock.now())


def nearest(sitting: Sitting, position: int) -> int:
    """Return `position`, or the first or last question where it lies outside the test."""
    last: int = sum(sitting.test.blueprint.values())
    return max(1, min(position, last))


def shown_options(sitting: Sitting, position: int, answer: AsShown) -> tuple[Option, ...]:
    """Return the options of a question with those of `answer` chosen."""
    question = _question(sitting, position)
    return _options(items.content(question.item_version_id), question, answer)


def figure(sitting: Sitting, position: int) -> items.FigureFile:
    """Return the picture that belongs to a question."""
    return items.figure(_question(sitting, position).item_version_id)


def _question(sitting: Sitting, position: int) -> SittingItem:
    found = db.session.get(SittingItem, (sitting.learner_id, sitting.id, position))
    if found is None:
        raise NoSuchRecord("question", f"{sitting.id}/{position}")
    return found


def _options(item: itembank.Item, question: SittingItem, shown: AsShown) -> tuple[Option, ...]:
    return tuple(
        Option(place, item.options[original], place in shown.chosen)
        for place, original in enumerate(question.option_order)
    )


def _lines(sitting: Sitting) -> tuple[Line, ...]:
    rows = db.session.execute(
        select(Response.position, Response.answer, Response.flagged).filter_by(
            learner_id=sitting.learner_id, sitting_id=sitting.id
        )
    )
    saved = {position: (answer, flagged) for position, answer, flagged in rows}
    blank = (itembank.BLANK.canonical, False)
    return tuple(
        Line(
            position,
            saved.get(position, blank)[0] != itembank.BLANK.canonical,
            saved.get(position, blank)[1],
        )
        for position in range(1, sum(sitting.test.blueprint.values()) + 1)
    )
