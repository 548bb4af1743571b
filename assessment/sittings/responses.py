"""The rows behind one question, read and written by statements that are built once.

Building a statement costs several times what running it costs, and this is done for every answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, select

from assessment.extensions import Model, db
from assessment.sittings.models import Response, Sitting, SittingItem

_sittings = Model.metadata.tables[Sitting.__tablename__]
_items = Model.metadata.tables[SittingItem.__tablename__]
_responses = Model.metadata.tables[Response.__tablename__]

_of_sitting = and_(
    _items.c.learner_id == _sittings.c.learner_id, _items.c.sitting_id == _sittings.c.id
)
_of_item = and_(
    _responses.c.learner_id == _items.c.learner_id,
    _responses.c.sitting_id == _items.c.sitting_id,
    _responses.c.position == _items.c.position,
)
_read = (
    select(
        _sittings.c.state,
        _sittings.c.deadline,
        _items.c.item_version_id,
        _items.c.option_order,
        _items.c.choice.is_not(None).label("adaptive"),
        _responses.c.answer,
        _responses.c.revision,
        _responses.c.flagged,
        _responses.c.saved_at,
    )
    .join(_items, _of_sitting)
    .outerjoin(_responses, _of_item)
    .where(
        _sittings.c.learner_id == bindparam("of_learner"),
        _sittings.c.id == bindparam("of_sitting"),
        _items.c.position == bindparam("at_position"),
    )
)
_insert = _responses.insert()
_update = _responses.update().where(
    _responses.c.learner_id == bindparam("of_learner"),
    _responses.c.sitting_id == bindparam("of_sitting"),
    _responses.c.position == bindparam("at_position"),
)


@dataclass(frozen=True)
class Place:
    """One question of one learner's sitting."""

    learner_id: str
    sitting_id: str
    position: int


@dataclass(frozen=True)
class Question:
    """What stands at a place: the sitting's state, the item, and the answer saved last."""

    state: str
    deadline: datetime | None
    item_version_id: str
    option_order: Sequence[int]
    adaptive: bool
    answer: str | None
    revision: int | None
    flagged: bool | None
    saved_at: datetime | None


def read(place: Place) -> Question | None:
    """Return what stands at `place`; None where this learner has no such question."""
    row = db.session.execute(_read, _bound(place)).first()
    return None if row is None else Question(*row)


def write(place: Place, answer: str, revision: int, flagged: bool, saved_at: datetime) -> None:
    """Save the answer at `place`; its first revision makes the row."""
    values = {"answer": answer, "revision": revision, "flagged": flagged, "saved_at": saved_at}
    if revision == 1:
        db.session.execute(_insert, {**vars(place), **values})
    else:
        db.session.execute(_update, {**_bound(place), **values})


def _bound(place: Place) -> dict[str, str | int]:
    return {
        "of_learner": place.learner_id,
        "of_sitting": place.sitting_id,
        "at_position": place.position,
    }
