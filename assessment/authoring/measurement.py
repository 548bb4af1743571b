"""What a bank's page says of its scale: the items on it, the marks of tests, and what is pilot."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import itembank
from assessment.items import service as items
from assessment.items.models import Bank, PanelStandard, ParameterSet, ParameterSource, Test

PAGE_SIZE = 50
COLUMNS = (
    *("item", "area", "model", "difficulty", "difficulty_se", "slope", "slope_se"),
    *("guessing", "upper", "responses", "thresholds", "set", "source"),
)
"""Names for programs, in no language; one row an item."""


class Order(StrEnum):
    """How the list of calibrated items is sorted."""

    AREA = "area"
    ITEM = "item"
    DIFFICULTY = "difficulty"
    SLOPE = "slope"


@dataclass(frozen=True)
class ScaledItem:
    """An item in use that has a place on the scale."""

    key: str
    area: str
    estimate: items.ItemEstimate

    @property
    def difficulty(self) -> float:
        """The mean of its thresholds, in logits."""
        return sum(self.estimate.thresholds) / len(self.estimate.thresholds)

    @property
    def difficulty_se(self) -> float | None:
        """The standard error of a single threshold; None where there are several."""
        (first, *others) = self.estimate.threshold_ses
        return None if others else first


@dataclass(frozen=True)
class ScaledPage:
    """One page of calibrated items."""

    lines: tuple[ScaledItem, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """The number of pages, at least 1."""
        return max(1, -(-self.total // PAGE_SIZE))


@dataclass(frozen=True)
class PlacedMark:
    """A mark of a current test, and where it lies on the scale."""

    test: Test
    title: Mapping[str, str]
    percent: float
    cut: itembank.Cut | None
    """None where no ability reaches it, or guessing alone does; nor what its panel rated."""
    panel: PanelStandard | None = None
    """Whose raw cut it was solved from; None where the percentage says where it lies."""


@dataclass(frozen=True)
class Measurement:
    """The scale of a bank as it stands."""

    parameter_set: ParameterSet
    report: items.CalibrationReport | None
    """None where the parameters were made elsewhere."""
    calibrated: tuple[ScaledItem, ...]
    pilot: int
    """How many items in use are asked without being scored on the scale."""
    marks: tuple[PlacedMark, ...]

    @property
    def is_judged(self) -> bool:
        """Whether a panel placed the items, and no response stands behind them yet."""
        return self.parameter_set.source == ParameterSource.PANEL

    @property
    def panels(self) -> list[PanelStandard]:
        """The panels that set a mark, the latest first."""
        found = {mark.panel.number: mark.panel for mark in self.marks if mark.panel is not None}
        return [found[number] for number in sorted(found, reverse=True)]


def measurement(bank: Bank) -> Measurement | None:
    """Return how a bank measures; None before its first calibration."""
    found = items.current_set(bank.id)
    if found is None:
        return None
    pool = items.bank_pool(bank.id)
    calibrated = _calibrated(pool, items.measured(found.id))
    marks = [
        mark
        for test in items.current_tests(bank.id)
        for mark in _marks(test, items.scale(found.id, test))
    ]
    return Measurement(
        parameter_set=found,
        report=items.report_of(found),
        calibrated=calibrated,
        pilot=len(pool.items) - len(calibrated),
        marks=tuple(marks),
    )


def _calibrated(pool: items.Pool, measured: items.Measured) -> tuple[ScaledItem, ...]:
    areas = {item.id: item.area for item in pool.items}
    return tuple(
        ScaledItem(key, areas[key], measured.estimates[measured.places[version_id]])
        for key, version_id in sorted(pool.version_ids.items())
        if version_id in measured.places
    )


def _marks(test: Test, scale: items.Scale) -> list[PlacedMark]:
    panels = items.governing(test)
    return [
        PlacedMark(
            test=test,
            title=cut["title"],
            percent=cut["percent"],
            cut=scale.cuts.get(cut["key"]),
            panel=panels.get(cut["key"]),
        )
        for cut in test.cuts
    ]


_BY: Mapping[Order, Callable[[ScaledItem], object]] = {
    Order.AREA: lambda each: (each.area, each.key),
    Order.ITEM: lambda each: each.key,
    Order.DIFFICULTY: lambda each: (each.difficulty, each.key),
    Order.SLOPE: lambda each: (each.estimate.slope, each.key),
}


def ordered(found: Measurement, order: Order) -> list[ScaledItem]:
    """Return the calibrated items in an order."""
    return sorted(found.calibrated, key=_BY[order])  # type: ignore[arg-type]  # each key compares with its like


def page_of(found: Measurement, order: Order, page: int) -> ScaledPage:
    """Return a page of the calibrated items, in an order."""
    lines = ordered(found, order)
    page = min(max(1, page), max(1, -(-len(lines) // PAGE_SIZE)))
    start = (page - 1) * PAGE_SIZE
    return ScaledPage(tuple(lines[start : start + PAGE_SIZE]), len(lines), page)


def csv_of(found: Measurement) -> str:
    """Return the parameters of all calibrated items as CSV text with a header."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    rests_on = [str(found.parameter_set.number), found.parameter_set.source]
    for each in ordered(found, Order.ITEM):  # keys begin with a letter or digit: none calculates
        writer.writerow([*_cells(each), *rests_on])
    return text.getvalue()


def _cells(each: ScaledItem) -> list[str]:
    figures = each.estimate
    return [
        each.key,
        each.area,
        figures.model,
        _figure(each.difficulty),
        _figure(each.difficulty_se),
        _figure(figures.slope),
        _figure(figures.slope_se),
        _figure(figures.guessing),
        _figure(figures.upper),
        str(figures.responses),
        " ".join(_figure(threshold) for threshold in figures.thresholds),
    ]


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"
