"""Panels' ratings of a bank's items: kept with the raw cut that they make, and found again."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import func, select

import itembank
from assessment import clock
from assessment.access import Actor
from assessment.errors import NoSuchRecord
from assessment.extensions import db
from assessment.items.models import Bank, PanelStandard, Test
from assessment.items.pools import bank_pool

Ratings = tuple[tuple[float, ...], ...]
"""A row for each judge, a column for each item: shares from 0 to 1."""


@dataclass(frozen=True, kw_only=True)
class NewStandard:
    """What a panel said of a bank, and which mark that is to set."""

    items: tuple[str, ...]
    """The keys of the rated items."""
    ratings: Ratings
    """Of the last round, which counts."""
    earlier: tuple[Ratings, ...] = ()
    """The rounds before, the first one first."""
    test_key: str | None = None
    """None: every test of the bank."""
    cut_key: str | None = None
    """None: the passing mark."""


@dataclass(frozen=True)
class RatedItem:
    """An item version that a panel rated."""

    key: str
    version_id: str
    area: str


@dataclass(frozen=True)
class Panel:
    """A panel's ratings as they were kept."""

    number: int
    items: tuple[RatedItem, ...]
    ratings: Ratings
    raw_cut: float


def panel_of(new: NewStandard) -> itembank.Angoff:
    """Return the cut that a panel's ratings make, with its error and the judges' agreement."""
    return itembank.angoff(new.ratings, earlier=new.earlier)


def write_standard(
    bank: Bank, new: NewStandard, actor: Actor, *, places_items: bool
) -> PanelStandard:
    """Return the row that keeps a panel's ratings and its raw cut."""
    found, ratings = panel_of(new), _ratings_text(bank, new)
    own = PanelStandard.bank_id == bank.id
    last = db.session.scalar(select(func.max(PanelStandard.number)).where(own)) or 0
    row = PanelStandard(
        bank_id=bank.id,
        number=last + 1,
        test_key=new.test_key,
        cut_key=new.cut_key,
        places_items=places_items,
        raw_cut=found.cut,
        se=found.se,
        sd=found.sd,
        judges=len(found.judge_cuts),
        items=found.n_items,
        agreement_of_one=_known(found.agreement.single),
        agreement_of_panel=_known(found.agreement.average),
        consistency=_known(found.agreement.consistency),
        ratings=ratings,
        digest=hashlib.sha256(ratings.encode()).hexdigest(),
        made_by=actor.reference,
        made_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row


def _ratings_text(bank: Bank, new: NewStandard) -> str:
    pool = bank_pool(bank.id)
    areas = {item.id: item.area for item in pool.items}
    items = [[key, pool.version_ids[key], areas[key]] for key in new.items]
    return itembank.canonical_json({"items": items, "rounds": [*new.earlier, new.ratings]})


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def panel(standard_id: str) -> Panel:
    """Return the ratings of a standard; they never change, so that a process reads them once."""
    return _panel(standard_id)


@lru_cache(maxsize=32)
def _panel(standard_id: str) -> Panel:
    row = db.session.get(PanelStandard, standard_id)
    if row is None:
        raise NoSuchRecord("panel standard", standard_id)
    data = json.loads(row.ratings)
    items = tuple(RatedItem(*each) for each in data["items"])
    ratings = tuple(tuple(float(value) for value in judge) for judge in data["rounds"][-1])
    return Panel(row.number, items, ratings, row.raw_cut)


def governing(test: Test) -> dict[str, PanelStandard]:
    """Return the marks of a test that a panel set, by key, each with the latest that did.

    A panel that speaks for the whole bank sets the marks of those tests that ask in no area which
    it did not rate; the others keep what they had.
    """
    found: dict[str, PanelStandard] = {}
    for key, each in _claims(test):
        if _speaks_for(each, test):
            found.setdefault(key, each)
    return found


def passed_over(test: Test) -> dict[str, PanelStandard]:
    """Return by mark the latest panel, where it is the bank's and rated too little for a test."""
    latest: dict[str, PanelStandard] = {}
    for key, each in _claims(test):
        latest.setdefault(key, each)
    return {key: each for key, each in latest.items() if not _speaks_for(each, test)}


def _claims(test: Test) -> Iterator[tuple[str, PanelStandard]]:
    """Yield the panels that may set a mark of a test, the latest first, with the mark's key."""
    keys = [str(cut["key"]) for cut in test.cuts]
    for each in _latest_first(test.bank_id):
        key = each.cut_key or next(iter(keys), None)
        if each.test_key in {None, test.key} and key in keys:
            yield str(key), each


def _speaks_for(standard: PanelStandard, test: Test) -> bool:
    rated = {item.area for item in panel(standard.id).items}
    return standard.test_key is not None or rated >= {*test.blueprint}


def placing_standard(bank_id: str) -> PanelStandard | None:
    """Return the latest standard whose ratings say where items lie before there are responses."""
    return next((each for each in _latest_first(bank_id) if each.places_items), None)


def _latest_first(bank_id: str) -> Sequence[PanelStandard]:
    query = select(PanelStandard).where(PanelStandard.bank_id == bank_id)
    return db.session.scalars(query.order_by(PanelStandard.number.desc())).all()


@dataclass(frozen=True)
class PanelPrior:
    """What a panel's placing says of item versions before the data: by id, mean and sd, logits."""

    number: int
    thresholds: dict[str, tuple[float, float]]


def panel_prior(bank_id: str) -> PanelPrior | None:
    """Return what the bank's panel believes of its items; None where none placed them."""
    row = placing_standard(bank_id)
    if row is None:
        return None
    found = panel(row.id)
    prior = itembank.place_by_panel(found.ratings).prior
    versions = (each.version_id for each in found.items)
    pairs = zip(prior.mean.tolist(), prior.sd.tolist(), strict=True)
    return PanelPrior(found.number, dict(zip(versions, pairs, strict=True)))
