"""What a sitting begins with: the whole form of a linear test, the first question of another."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

import itembank
from assessment.errors import Conflict
from assessment.extensions import db
from assessment.items import service as items
from assessment.items.models import Item, ItemVersion, Test, TestMode
from assessment.locale import gettext as _
from assessment.people import service as people
from assessment.sittings import adaptive
from assessment.sittings.models import Sitting, SittingItem
from assessment.sittings.withholding import Reader, withheld_from

log = logging.getLogger("attest.sittings")


@dataclass(frozen=True)
class Drawn:
    """The columns of the questions that a sitting begins with, and what else it keeps of them."""

    questions: tuple[Mapping[str, Any], ...]
    columns: Mapping[str, Any] = field(default_factory=dict)
    """Of the sitting: its scale, and what an adaptive one withholds."""


def make_ready(test: Test) -> None:
    """Read what an adaptive test chooses by, once a process: no transaction that writes waits then.

    Whether it can be delivered is for `draw` to say.
    """
    current = items.current_set(test.bank_id) if test.mode == TestMode.ADAPTIVE else None
    if current is not None:
        with suppress(items.NoDesign):
            items.design(test, current.id)


@dataclass(frozen=True)
class _Draw:
    """For whom something is drawn, and on which scale; `shared` asks for every language."""

    test: Test
    learner_id: str
    seed: int
    parameter_set_id: str | None
    shared: bool


def draw(test: Test, learner_id: str, seed: int) -> Drawn:
    """Return what a learner's sitting of `test` begins with, repeating as little as it can."""
    current = items.current_set(test.bank_id)
    begin = _first_question if test.mode == TestMode.ADAPTIVE else _form
    for shared in (True, False):
        asked = _Draw(test, learner_id, seed, None if current is None else current.id, shared)
        try:
            return begin(asked)
        except (ValueError, items.NoDesign) as fault:
            extra = {"test": test.key, "in_all_languages": shared, "fault": str(fault)}
            log.warning("form impossible", extra=extra)
    raise Conflict(_("No form of this test can be put together for you now. We have been told."))


def _first_question(of: _Draw) -> Drawn:
    """Return the first question of an adaptive test, and what the rest of it withholds."""
    design = items.design(of.test, of.parameter_set_id or "")
    reader = Reader(of.learner_id, _seen(of.learner_id, of.test.bank_id))
    withheld = withheld_from(reader, of.test, design, shared=of.shared)
    first = adaptive.asked_now(design, adaptive.begun(design, of.seed, withheld))
    columns = {"parameter_set_id": of.parameter_set_id, "withheld": asdict(withheld)}
    return Drawn(() if first is None else (asdict(first),), columns)


def _form(of: _Draw) -> Drawn:
    """Return the form: of items in all the test's languages, else of items in one of them."""
    pool, languages = items.pool(of.test), set(of.test.languages)
    form = itembank.draw(
        [item for item in pool.items if not of.shared or item.languages >= languages],
        itembank.Blueprint(of.test.blueprint),
        seen=_seen(of.learner_id, of.test.bank_id),
        seed=of.seed,
        offered=tuple(of.test.languages),
        without_sight=people.allowance(of.learner_id, of.test.institution_id).without_sight,
    )
    questions = (_columns(pool.version_ids[item.id], item.option_order) for item in form.items)
    return Drawn(tuple(questions), {"parameter_set_id": of.parameter_set_id})


def _columns(item_version_id: str, option_order: tuple[int, ...]) -> dict[str, Any]:
    return {"item_version_id": item_version_id, "option_order": list(option_order)}


def _seen(learner_id: str, bank_id: str) -> dict[str, itembank.Seen]:
    """Return how often, and when last, the learner met each item version's item."""
    rows = db.session.execute(
        select(Item.key, func.count(), func.max(Sitting.started_at))
        .select_from(SittingItem)
        .join(ItemVersion, ItemVersion.id == SittingItem.item_version_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .join(
            Sitting,
            (Sitting.learner_id == SittingItem.learner_id) & (Sitting.id == SittingItem.sitting_id),
        )
        .where(SittingItem.learner_id == learner_id, Item.bank_id == bank_id)
        .group_by(Item.key)
    )
    return {key: itembank.Seen(times, _timestamp(last)) for key, times, last in rows}


def _timestamp(moment: datetime) -> float:
    return moment.timestamp()
