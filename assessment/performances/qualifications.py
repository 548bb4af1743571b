"""Who may rate on which rubric: where one has a gate, those alone who are through it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_, select

from assessment import clock
from assessment.extensions import db
from assessment.performances.trust_models import Gate, Qualification, QualificationState


@dataclass(frozen=True)
class Standing:
    """Where somebody stands at the gate of a rubric, now."""

    state: QualificationState
    because: str = ""
    since: datetime | None = None
    until: datetime | None = None
    ratings_left: int | None = None
    retry_at: datetime | None = None

    @property
    def may_rate(self) -> bool:
        """Whether live work may be rated."""
        return self.state is QualificationState.QUALIFIED


def closed_rubrics(person_id: str) -> frozenset[str]:
    """Return the rubrics that have a gate which a person is not through, or is no longer."""
    asked = {"person": person_id, "moment": clock.now()}
    return frozenset(db.session.scalars(_closed(), asked))


@cache
def _closed() -> Select[str]:
    """Return the query, built once: building it costs more than running it."""
    return select(Gate.rubric_key).where(~_through())


def _through() -> ColumnElement[bool]:
    return exists().where(
        Qualification.rubric_key == Gate.rubric_key,
        Qualification.person_id == bindparam("person"),
        in_force(bindparam("moment")),
    )


def shut(rubric_key: ColumnElement[str]) -> ColumnElement[bool]:
    """Return whether a rubric has a gate which :person is not through at :moment."""
    return exists().where(Gate.rubric_key == rubric_key, ~_through())


def in_force(moment: ColumnElement[datetime] | None = None) -> ColumnElement[bool]:
    """Return the condition that a qualification holds now, or at `moment`."""
    when = clock.now() if moment is None else moment
    return and_(
        Qualification.state == QualificationState.QUALIFIED,
        or_(Qualification.until.is_(None), Qualification.until > when),
        or_(Qualification.ratings_left.is_(None), Qualification.ratings_left > 0),
    )


def may_rate(person_id: str, rubric_key: str) -> bool:
    """Return whether a person may rate live work on a rubric."""
    return rubric_key not in closed_rubrics(person_id)


def gate_of(rubric_key: str) -> Gate | None:
    """Return the gate of a rubric, None where any assessor may rate on it."""
    return db.session.get(Gate, rubric_key)


def seed_share(rubric_key: str) -> float | None:
    """Return the share of exemplars among live work on a rubric, None where it has no gate."""
    found: float | None = db.session.scalar(_SEED_SHARE, {"rubric": rubric_key})
    return found


_gate: Any = Gate.__table__  # its table alone: each claim asks
_SEED_SHARE = select(_gate.c.seed_share).where(_gate.c.rubric_key == bindparam("rubric"))


def standing_at(person_id: str, rubric_key: str) -> Standing:
    """Return where a person stands at the gate of a rubric; it is asked only where there is one."""
    row = db.session.get(Qualification, (person_id, rubric_key))
    return Standing(QualificationState.TRAINING) if row is None else standing_of_row(row)


def standing_of_row(row: Qualification) -> Standing:
    """Return where a qualification stands now: what has run out is expired."""
    state, because = QualificationState(row.state), row.because
    if state is QualificationState.QUALIFIED and _ran_out(row):
        state = QualificationState.EXPIRED
        because = "months" if row.ratings_left is None or row.ratings_left > 0 else "ratings"
    return Standing(
        state=state,
        because=because,
        since=row.since,
        until=row.until,
        ratings_left=row.ratings_left,
        retry_at=row.retry_at,
    )


def _ran_out(row: Qualification) -> bool:
    is_over = row.until is not None and row.until <= clock.now()
    return is_over or (row.ratings_left is not None and row.ratings_left <= 0)


def qualified(rubric_key: str) -> list[str]:
    """Return the people who may rate live work on a rubric with a gate."""
    rows = select(Qualification.person_id).where(Qualification.rubric_key == rubric_key)
    return list(db.session.scalars(rows.where(in_force())))
