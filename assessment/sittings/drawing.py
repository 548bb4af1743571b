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
from assessment.items.models import Item, ItemVersion, ParameterSet, Test, TestMode
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
    parallel = _parallel_form(test, learner_id, seed, current)
    if parallel is not None:
        return parallel
    for shared in (True, False):
        asked = _Draw(test, learner_id, seed, None if current is None else current.id, shared)
        try:
            return begin(asked)
        except (ValueError, items.NoDesign) as fault:
            extra = {"test": test.key, "in_all_languages": shared, "fault": str(fault)}
            log.warning("form impossible", extra=extra)
    raise Conflict(_("No form of this test can be put together for you now. We have been told."))


def _parallel_form(
    test: Test, learner_id: str, seed: int, current: ParameterSet | None
) -> Drawn | None:
    """Return the test's form of which the learner has seen least.

    None where the test has no forms, or where none of them can be taken without sight.
    """
    if not items.forms_of(test):
        return None
    whole = items.whole_forms(test)
    if not whole:
        log.warning("no form is whole", extra={"test": test.key})
        raise Conflict(
            _(
                "Each form of this test holds a question that was withdrawn. We have been told; "
                "please come back later."
            )
        )
    if people.allowance(learner_id, test.institution_id).without_sight:
        whole = tuple(form for form in whole if not any(each.needs_sight for each in form.items))
    if not whole:
        return None
    place, form = itembank.choose_form(
        [each.items for each in whole], seen=_seen(learner_id, test.bank_id), seed=seed
    )
    scale = None if current is None else current.id
    columns = {"parameter_set_id": scale, "form_number": whole[place].number}
    return Drawn(_questions(form, items.pool(test)), columns)


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
    return Drawn(_questions(form, pool), {"parameter_set_id": of.parameter_set_id})


def _questions(form: itembank.Form, pool: items.Pool) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {
            "item_version_id": pool.version_ids[item.id],
            "option_order": list(item.option_order),
        }
        for item in form.items
    )


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
