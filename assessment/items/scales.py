"""A bank's scale as a test uses it: the parameters of its items and where its marks lie on it.

The rows behind it never change, so that a process reads each scale once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from sqlalchemy import select

import itembank
from assessment.errors import NoSuchRecord
from assessment.extensions import db
from assessment.items.models import (
    CutScore,
    Item,
    ItemParameter,
    ItemVersion,
    ParameterSet,
    ParameterSource,
    Test,
)
from assessment.items.reports import CalibratedGroup, report_of


@dataclass(frozen=True, eq=False)
class Scale:
    """One parameter set of a bank, with the marks of one test on it.

    Item versions stand in order of their item's key, then of their version, on every machine. A
    version that has no place is pilot: it is not scored on this scale. A mark that no ability
    reaches (100 %, say) is not in `cuts`.
    """

    parameter_set_id: str
    number: int
    source: ParameterSource
    parameters: itembank.ItemParameters
    version_ids: tuple[str, ...]
    places: Mapping[str, int]
    """Where each item version stands in `parameters`."""
    cuts: Mapping[str, itembank.Cut]
    """By the key of the mark, in logits with standard errors."""


@dataclass(frozen=True, kw_only=True)
class ItemEstimate:
    """The parameters of one item version with their standard errors; None where fixed."""

    model: str
    slope: float
    thresholds: tuple[float, ...]
    threshold_ses: tuple[float | None, ...]
    """One for each threshold."""
    guessing: float = 0.0
    upper: float = 1.0
    slope_se: float | None = None
    guessing_se: float | None = None
    upper_se: float | None = None
    responses: int = 0


@dataclass(frozen=True, eq=False)
class Measured:
    """The items of one parameter set, whatever test asks them."""

    number: int
    source: ParameterSource
    estimates: tuple[ItemEstimate, ...]
    parameters: itembank.ItemParameters
    version_ids: tuple[str, ...]
    places: Mapping[str, int]
    first: CalibratedGroup | None
    """The persons beside whom its places are known; None where nothing says."""


def current_set(bank_id: str) -> ParameterSet | None:
    """Return the parameter set that sittings which begin now are scored with, or None."""
    return db.session.scalar(
        select(ParameterSet).where(ParameterSet.bank_id == bank_id, ParameterSet.is_current)
    )


def scale_of(test: Test) -> Scale | None:
    """Return the scale that a sitting of `test` is scored on if it begins now; None without one."""
    query = select(ParameterSet.id).where(
        ParameterSet.bank_id == test.bank_id, ParameterSet.is_current
    )
    found = db.session.scalar(query)
    return None if found is None else scale(found, test)


def scale(parameter_set_id: str, test: Test) -> Scale:
    """Return the scale of one parameter set, with the marks of `test` on it."""
    return _scale(parameter_set_id, test.id)


@lru_cache(maxsize=128)
def _scale(parameter_set_id: str, test_id: str) -> Scale:
    found = measured(parameter_set_id)
    return Scale(
        parameter_set_id=parameter_set_id,
        number=found.number,
        source=found.source,
        parameters=found.parameters,
        version_ids=found.version_ids,
        places=found.places,
        cuts=MappingProxyType(_cuts(parameter_set_id, test_id)),
    )


def _cuts(parameter_set_id: str, test_id: str) -> dict[str, itembank.Cut]:
    query = select(CutScore).where(
        CutScore.parameter_set_id == parameter_set_id, CutScore.test_id == test_id
    )
    return {each.cut_key: itembank.Cut(each.theta, each.se) for each in db.session.scalars(query)}


@lru_cache(maxsize=32)
def measured(parameter_set_id: str) -> Measured:
    """Return the items of a parameter set with their parameters."""
    found = db.session.get(ParameterSet, parameter_set_id)
    if found is None:
        raise NoSuchRecord("parameter set", parameter_set_id)
    estimates, report = _estimates(parameter_set_id), report_of(found)
    return Measured(
        number=found.number,
        source=found.source,
        estimates=tuple(estimates.values()),
        parameters=parameters_of([*estimates.values()]),
        version_ids=tuple(estimates),
        places=MappingProxyType({each: place for place, each in enumerate(estimates)}),
        first=None if report is None else report.groups[0],
    )


def _estimates(parameter_set_id: str) -> dict[str, ItemEstimate]:
    """Return a set by item version, in order of item and version: databases sort keys otherwise."""
    query = (
        select(ItemParameter, Item.key, ItemVersion.version)
        .join(ItemVersion, ItemVersion.id == ItemParameter.item_version_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(ItemParameter.parameter_set_id == parameter_set_id)
    )
    found = sorted(db.session.execute(query), key=lambda each: (each[1], each[2]))
    return {row.item_version_id: _estimate(row) for row, _key, _version in found}


def _estimate(row: ItemParameter) -> ItemEstimate:
    return ItemEstimate(
        model=row.model,
        slope=row.slope,
        thresholds=tuple(row.thresholds),
        guessing=row.guessing,
        upper=row.upper,
        slope_se=row.slope_se,
        threshold_ses=tuple(row.threshold_ses),
        guessing_se=row.guessing_se,
        upper_se=row.upper_se,
        responses=row.responses,
    )


def parameters_of(estimates: Sequence[ItemEstimate]) -> itembank.ItemParameters:
    """Return stored parameters as the measurement functions take them."""
    return itembank.ItemParameters(
        [each.model for each in estimates],
        [each.slope for each in estimates],
        padded(each.thresholds for each in estimates),
        [each.guessing for each in estimates],
        [each.upper for each in estimates],
    )


def padded(lists: Iterable[Sequence[float | None]]) -> list[list[float]]:
    """Return lists of one length, filled up on the right with NaN; None becomes NaN."""
    found = [[nan_of(each) for each in row] for row in lists]
    width = max(len(row) for row in found)
    return [row + [float("nan")] * (width - len(row)) for row in found]


def nan_of(value: float | None) -> float:
    """Return a stored number; NaN where nothing is stored."""
    return float("nan") if value is None else value
