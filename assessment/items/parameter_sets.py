"""Publishing a calibration: from then on, sittings that begin are scored with it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, insert, select, update

import itembank
from assessment import clock
from assessment.access import Action, Actor, require_at
from assessment.audit.service import institution_chain, record
from assessment.errors import Conflict, NoSuchRecord
from assessment.extensions import db
from assessment.items.designs import NoDesign, design
from assessment.items.marks import DECIMALS, place_marks
from assessment.items.models import (
    Bank,
    ItemParameter,
    ParameterSet,
    ParameterSource,
    Test,
    TestMode,
)
from assessment.items.scales import ItemEstimate, current_set, measured
from assessment.locale import gettext as _
from assessment.locale import ngettext


@dataclass(frozen=True, kw_only=True)
class NewSet:
    """A calibration that is to be published."""

    source: ParameterSource
    report: Mapping[str, Any]
    """What JSON can hold: models, persons, prior, grid, fit, convergence, what was refused."""
    items: Mapping[str, ItemEstimate]
    """By the id of the item version."""


def publish_parameter_set(bank_id: str, new: NewSet, actor: Actor) -> ParameterSet:
    """Return the bank's new scale, now the current one, with the marks of its tests placed on it.

    Sittings under way keep the scale that they began on.
    """
    bank = db.session.get(Bank, bank_id, with_for_update=True)
    if bank is None:
        raise NoSuchRecord("bank", bank_id)
    require_at(actor, Action.AUTHOR_ITEMS, bank.institution_id)
    _check(new)
    found = _write(bank, new, actor)
    for test in db.session.scalars(select(Test).where(Test.bank_id == bank.id, Test.is_current)):
        place_marks(test, found.id, measured(found.id))
        _require_still_adapts(test, found)
    chain, subject = institution_chain(bank.institution_id), f"bank:{bank.key}"
    details = {"number": found.number, "source": found.source, "digest": found.digest}
    record(chain, "parameters.published", actor, subject, items=len(new.items), **details)
    return found


def _check(new: NewSet) -> None:
    if not new.items:
        raise Conflict(_("Nothing to publish: no question of this bank has parameters."))
    falling = sum(each.slope <= 0 for each in new.items.values())
    if falling:
        sentence = ngettext(
            "%(num)s question is answered rightly by those who know less: it cannot be published.",
            "%(num)s questions are answered rightly by those who know less: they cannot be "
            "published.",
            falling,
        )
        raise Conflict(sentence)


def _require_still_adapts(test: Test, found: ParameterSet) -> None:
    """Refuse a set on which a published adaptive test could not go on."""
    if test.mode != TestMode.ADAPTIVE:
        return
    try:
        design(test, found.id)
    except NoDesign as refusal:
        sentence = _(
            "Not published: the adaptive test %(test)s could not go on with it. %(why)s",
            test=test.key,
            why=refusal.sentence,
        )
        raise Conflict(sentence) from refusal


def place_on_current_scale(test: Test) -> tuple[str, ...]:
    """Place the marks of a new test on its bank's scale; return the keys of those without a place.

    A bank that has no scale places none, and misses none.
    """
    found = current_set(test.bank_id)
    return () if found is None else place_marks(test, found.id, measured(found.id))


def _write(bank: Bank, new: NewSet, actor: Actor) -> ParameterSet:
    own = ParameterSet.bank_id == bank.id
    last = db.session.scalar(select(func.max(ParameterSet.number)).where(own)) or 0
    db.session.execute(
        update(ParameterSet).where(own, ParameterSet.is_current).values(is_current=False)
    )
    rows = [*_rows(new)]
    report = itembank.canonical_json(dict(new.report))
    found = ParameterSet(
        bank_id=bank.id,
        number=last + 1,
        source=new.source,
        is_current=True,
        report=report,
        digest=_digest(rows, report),
        made_by=actor.reference,
        published_at=clock.now(),
    )
    db.session.add(found)
    db.session.flush()
    db.session.execute(
        insert(ItemParameter), [{**row, "parameter_set_id": found.id} for row in rows]
    )
    return found


def _rows(new: NewSet) -> Iterator[dict[str, Any]]:
    """Yield rows in order of id, their figures at six decimals: what is shown is what is used."""
    for version_id, estimate in sorted(new.items.items()):
        figures = {name: _rounded(value) for name, value in asdict(estimate).items()}
        yield {"item_version_id": version_id, **figures}


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DECIMALS)
    return [_rounded(each) for each in value] if isinstance(value, tuple) else value


def _digest(rows: list[dict[str, Any]], report: str) -> str:
    return hashlib.sha256(itembank.canonical_json([rows, report]).encode()).hexdigest()
