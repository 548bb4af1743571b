"""Reading observations: for whoever settles, rates, decides, and watches how strict raters are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, or_, select, union

from assessment.extensions import db
from assessment.observations.conflicts import is_conflict
from assessment.observations.models import (
    Acquaintance,
    Nomination,
    Observation,
    ObservationVoid,
    Observer,
    Particulars,
    Relationship,
    Sign,
)


@dataclass(frozen=True)
class ObservationFact:
    """One observation as a result is made from it.

    `observer` tells observers apart and names nobody; `days` are the occasions. One that does not
    `counts` counts for nothing: in a conflict of interest where the task says so, or voided.
    """

    id: str
    observer: str
    marks: Mapping[str, str | None]
    days: tuple[str, ...]
    counts: bool
    in_conflict: bool
    is_capped: bool
    received_at: datetime
    is_void: bool = False
    pieces: tuple[str, ...] = ()
    """The ids of the artefacts that it is about; none where the work itself was seen."""


@dataclass(frozen=True)
class Seeing:
    """One observation as assessors and registrars read it: by whom is not said.

    `note` is "" where there is none, or it was erased.
    """

    number: int
    marks: Mapping[str, str | None]
    comments: Mapping[str, str]
    days: tuple[str, ...]
    relationship: Relationship
    signs: tuple[Sign, ...]
    counts: bool
    is_void: bool
    is_capped: bool
    note: str
    received_at: datetime


class Fate(StrEnum):
    """Whether what somebody sent counts, as far as the learner is told why."""

    COUNTS = "counts"
    SET_ASIDE = "set aside"
    FLAGGED = "flagged"
    """By which sign is not said: it could tell who rates the work, or how not to be seen."""


@dataclass(frozen=True)
class LongRating:
    """One level that one observer saw, for those who study how strict observers are."""

    performance_id: str
    observer: str
    employer: str
    criterion: str
    level: str
    received_at: datetime


_voided = and_(
    ObservationVoid.learner_id == Observation.learner_id,
    ObservationVoid.observation_id == Observation.id,
)


def _rows(*which: ColumnElement[bool]) -> Iterator[tuple[Observation, bool]]:
    query = (
        select(Observation, ObservationVoid.observation_id)
        .outerjoin(ObservationVoid, _voided)
        .where(*which)
        .order_by(Observation.received_at, Observation.id)
    )
    for row, void in db.session.execute(query):
        yield row, void is not None


def _of(learner_id: str, performance_id: str) -> Iterator[tuple[Observation, bool]]:
    yield from _rows(
        Observation.learner_id == learner_id, Observation.performance_id == performance_id
    )


def fate_of(nomination: Nomination) -> Fate:
    """Return whether what was sent by a link counts."""
    of_link = (
        Observation.learner_id == nomination.learner_id,
        Observation.nomination_id == nomination.id,
    )
    for row, is_void in _rows(*of_link):
        if is_void:
            return Fate.SET_ASIDE
        if not row.counts:
            return Fate.FLAGGED
    return Fate.COUNTS


def observations_of(learner_id: str, performance_id: str) -> list[ObservationFact]:
    """Return what observers said of a performance, in the order in which it came in."""
    return [
        ObservationFact(
            id=row.id,
            observer=row.counted_as,
            marks=dict(row.marks),
            days=tuple(row.days),
            counts=row.counts and not is_void,
            in_conflict=is_conflict(tuple(Sign(each) for each in row.signs)),
            is_capped=row.is_capped,
            received_at=row.received_at,
            is_void=is_void,
            pieces=tuple(row.pieces),
        )
        for row, is_void in _of(learner_id, performance_id)
    ]


def seeings_of(learner_id: str, performance_id: str) -> list[Seeing]:
    """Return the same for whoever reads them, numbered, with the notes and without names."""
    notes = {
        each.observation_id: each.note
        for each in db.session.scalars(select(Particulars).filter_by(learner_id=learner_id))
    }
    return [
        Seeing(
            number=number,
            marks=dict(row.marks),
            comments=dict(row.comments),
            days=tuple(row.days),
            relationship=Relationship(row.relationship),
            signs=tuple(Sign(each) for each in row.signs),
            counts=row.counts and not is_void,
            is_void=is_void,
            is_capped=row.is_capped,
            note=notes.get(row.id, ""),
            received_at=row.received_at,
        )
        for number, (row, is_void) in enumerate(_of(learner_id, performance_id), 1)
    ]


def long_ratings(rubric_key: str) -> list[LongRating]:
    """Return every level that observers saw on a rubric, of those that count."""
    return [
        LongRating(
            performance_id=row.performance_id,
            observer=row.observer_id,
            employer=row.employer_id,
            criterion=criterion,
            level=level,
            received_at=row.received_at,
        )
        for row, is_void in _rows(Observation.rubric_key == rubric_key)
        for criterion, level in row.marks.items()
        if level is not None and row.counts and not is_void
    ]


def performances_seen_by(person_id: Any, mailbox: Any, moment: Any) -> CompoundSelect[str]:
    """Return the ids of performances that a person observed, or is asked about at their mailbox.

    With those that are delivered to that mailbox, for a project.
    Nobody asks them to rate these: whoever is named knows whose work it is. A request that was
    taken back, was declined or has run out keeps nobody away.
    """
    own = or_(Observer.person_id == person_id, Observer.known_by == mailbox)
    seen = select(Observation.performance_id).join(
        Observer, and_(Observer.id == Observation.observer_id, own)
    )
    is_asked = and_(Nomination.ended_at.is_(None), Nomination.expires_at > moment)
    named = select(Nomination.performance_id).where(
        Nomination.mailbox == mailbox, or_(Nomination.used_at.is_not(None), is_asked)
    )
    delivered = select(Acquaintance.performance_id).where(Acquaintance.mailbox == mailbox)
    return union(seen, named, delivered)


def performances_ruled_on_by(reference: Any) -> Select[str]:
    """Return the ids of performances of which somebody set an observation aside."""
    rows = select(Observation.performance_id).join(ObservationVoid, _voided)
    return rows.where(ObservationVoid.voided_by == reference)
