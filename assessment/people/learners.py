"""Learners: locking one before evidence is made, and finding the account that points at one."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, select

from assessment import clock
from assessment.errors import NoSuchRecord
from assessment.extensions import Model, db
from assessment.people.models import Learner, Person

_learners = Model.metadata.tables[Learner.__tablename__]
_hold = (
    select(_learners.c.id)
    .where(_learners.c.id == bindparam("learner_id"))
    .with_for_update(key_share=True)
)


def new_learner() -> Learner:
    """Return a new, opaque subject of the ledger; flushed."""
    learner = Learner(created_at=clock.now())
    db.session.add(learner)
    db.session.flush()
    return learner


def lock_learner(learner_id: str) -> None:
    """Hold this learner until the transaction ends; the first statement of all that makes evidence.

    On PostgreSQL this is FOR NO KEY UPDATE, which lets rows that refer to the learner be inserted
    by others; on SQLite the writing transaction is the lock.
    """
    if db.session.execute(_hold, {"learner_id": learner_id}).first() is None:
        raise NoSuchRecord("learner", learner_id)


def lock_learners(learner_ids: Iterable[str]) -> None:
    """Hold several learners, in order of their ids, so that two callers cannot wait in a ring."""
    for learner_id in sorted(set(learner_ids)):
        lock_learner(learner_id)


def person_of_learner(learner_id: str) -> Person | None:
    """Return the account that points at this learner; None once it is erased."""
    return db.session.scalars(select(Person).where(Person.learner_id == learner_id)).one_or_none()


def legal_name_of(learner_id: str) -> str:
    """Return the legal name of the account that points at this learner; "" where there is none."""
    named = select(Person.legal_name).where(Person.learner_id == learner_id)
    return db.session.scalar(named) or ""
