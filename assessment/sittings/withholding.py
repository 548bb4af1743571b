"""What an adaptive sitting leaves out of its scale: settled once, when it begins."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from assessment.extensions import db
from assessment.items import service as items
from assessment.items.models import Test
from assessment.items.service import Design
from assessment.people import service as people
from assessment.sittings.models import Sitting, SittingItem

LATEST = 200
"""How many of the latest sittings of a test the share of a question is taken of."""


@dataclass(frozen=True)
class Withheld:
    """Item versions that a sitting never asks, and those that it asks when no other is left."""

    never: tuple[str, ...] = ()
    last: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reader:
    """Who begins, and the keys of the items that they met before."""

    learner_id: str
    seen: Collection[str]


def withheld_from(reader: Reader, test: Test, design: Design, *, shared: bool) -> Withheld:
    """Return what a sitting that begins now leaves out.

    Never asked: what was retired or reworded since the scale was made, and what is not for this
    learner's eyes, or not in all languages of the test (`shared`) or in any. Asked last: what the
    learner met before, and what more than the test's share of the latest sittings held.
    """
    open_to, crowded = _open_to(reader, test, design, shared=shared), _crowded(test)
    last = {each for each, key in open_to.items() if key in reader.seen or each in crowded}
    return Withheld(
        never=tuple(each for each in design.version_ids if each not in open_to),
        last=tuple(each for each in design.version_ids if each in last),
    )


def _open_to(reader: Reader, test: Test, design: Design, *, shared: bool) -> dict[str, str]:
    """Return the item versions that may be asked of a learner, each with its item's key."""
    pool = items.calibrated(items.bank_pool(test.bank_id), design.places)
    without_sight = people.allowance(reader.learner_id, test.institution_id).without_sight
    languages = set(test.languages)
    return {
        pool.version_ids[item.id]: item.id
        for item in pool.items
        if not (without_sight and item.needs_sight)
        and (item.languages >= languages if shared else item.languages & languages)
    }


def _crowded(test: Test) -> set[str]:
    """Return the item versions that more than the test's share of its latest sittings held."""
    share = items.adaptivity_of(test).exposure
    if share is None:
        return set()
    latest = (
        select(Sitting.learner_id, Sitting.id)
        .where(Sitting.test_id == test.id)
        .order_by(Sitting.started_at.desc())
        .limit(LATEST)
        .subquery()
    )
    held = select(SittingItem.item_version_id, func.count()).join(
        latest,
        (latest.c.learner_id == SittingItem.learner_id) & (latest.c.id == SittingItem.sitting_id),
    )
    times = db.session.execute(held.group_by(SittingItem.item_version_id)).all()
    sittings = db.session.scalar(select(func.count()).select_from(latest)) or 0
    return {version_id for version_id, count in times if count > share * sittings}
