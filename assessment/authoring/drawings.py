"""Plots of a bank's scale, drawn once for each language and theme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

import itembank
from assessment.authoring.measurement import Measurement, PlacedMark
from assessment.errors import NoSuchRecord
from assessment.extensions import db
from assessment.items import service as items
from assessment.items.models import Bank, ParameterSet, Test, TestMode
from assessment.locale import language

if TYPE_CHECKING:
    from itembank.plots import Plot

FORM_SEED = 1
"""The form that the information is drawn for is the same each time."""

_drawing = Lock()  # matplotlib keeps its settings in one place for all threads


class Drawing(StrEnum):
    """What is drawn of a scale."""

    WRIGHT_MAP = "wright-map"
    INFORMATION = "information"


@dataclass(frozen=True)
class Drawn:
    """A plot as files and words."""

    title: str
    sentence: str
    svg: str
    csv: str


@dataclass(frozen=True)
class _Wanted:
    """All that a plot depends on: the scale, the items in use, the test whose mark is in it."""

    drawing: Drawing
    bank_id: str
    revision: str
    parameter_set_id: str
    test_id: str | None
    language: str
    theme: str


def draw(bank: Bank, found: Measurement, drawing: Drawing, test: str, theme: str) -> Drawn:
    """Return a plot of a scale with the passing mark of the test under a key, "" for the first."""
    shown = drawn_test(found, test)
    wanted = _Wanted(
        drawing=drawing,
        bank_id=bank.id,
        revision=bank.revision,
        parameter_set_id=found.parameter_set.id,
        test_id=shown.id if shown else None,
        language=language(),
        theme=theme,
    )
    with _drawing:
        return _drawn(wanted)


def passing_mark(found: Measurement, test_key: str) -> PlacedMark | None:
    """Return the first mark of a test; of the first test that has one where none is named."""
    for mark in found.marks:
        if test_key in {"", mark.test.key}:
            return mark
    if test_key:
        raise NoSuchRecord("test", test_key)
    return None


def drawn_test(found: Measurement, test_key: str) -> Test | None:
    """Return the test that plots are drawn for; None where no test has a mark."""
    mark = passing_mark(found, test_key)
    return mark.test if mark else None


@lru_cache(maxsize=64)
def _drawn(wanted: _Wanted) -> Drawn:
    plot = _PLOTS[wanted.drawing](wanted, _test(wanted))
    return Drawn(plot.title, plot.sentence, plot.svg(), plot.csv())


def _test(wanted: _Wanted) -> Test | None:
    return db.session.get_one(Test, wanted.test_id) if wanted.test_id else None


def _wright_map(wanted: _Wanted, test: Test | None) -> Plot:
    from itembank import plots  # noqa: PLC0415 - matplotlib is slow to load, and few pages draw

    measured = items.measured(wanted.parameter_set_id)
    places = _known(wanted, measured)
    return plots.wright_map(
        measured.parameters.take(places.values()),
        _abilities(wanted) or None,
        cut=_cut(wanted, test),
        names=[*places],
        language=wanted.language,
        theme=wanted.theme,
    )


def _information(wanted: _Wanted, test: Test | None) -> Plot:
    from itembank import plots  # noqa: PLC0415 - as above

    measured = items.measured(wanted.parameter_set_id)
    places = _known(wanted, measured)
    asked = _asked(wanted, test, places) if test else [*places]
    return plots.test_information(
        measured.parameters.take(places[key] for key in asked),
        cut=_cut(wanted, test),
        language=wanted.language,
        theme=wanted.theme,
    )


_PLOTS: dict[Drawing, Callable[[_Wanted, Test | None], Plot]] = {
    Drawing.WRIGHT_MAP: _wright_map,
    Drawing.INFORMATION: _information,
}


def _abilities(wanted: _Wanted) -> list[float]:
    """Return the ability of each person that the calibration saw."""
    report = items.report_of(db.session.get_one(ParameterSet, wanted.parameter_set_id))
    counted = report.abilities if report else ()
    return [each.theta for each in counted for _person in range(each.persons)]


def _known(wanted: _Wanted, measured: items.Measured) -> dict[str, int]:
    """Return the place of each item in use that has one, by its key."""
    version_ids = items.bank_pool(wanted.bank_id).version_ids
    return {
        key: measured.places[version_id]
        for key, version_id in sorted(version_ids.items())
        if version_id in measured.places
    }


def _cut(wanted: _Wanted, test: Test | None) -> itembank.Cut | None:
    if test is None or not test.cuts:
        return None
    return items.scale(wanted.parameter_set_id, test).cuts.get(test.cuts[0]["key"])


def _asked(wanted: _Wanted, test: Test, places: Mapping[str, int]) -> list[str]:
    """Return the keys of items that a sitting of a test may ask, as far as they go round."""
    pool = [item for item in items.bank_pool(wanted.bank_id).items if item.id in places]
    if test.mode == TestMode.LINEAR:
        return _form(test, pool)
    return _best(test, pool, _informative(wanted, test, places))


def _informative(wanted: _Wanted, test: Test, places: Mapping[str, int]) -> dict[str, float]:
    """Return how much each item tells at the passing mark."""
    cut = _cut(wanted, test)
    parameters = items.measured(wanted.parameter_set_id).parameters
    each = itembank.information(cut.theta if cut else 0.0, parameters)
    return {key: float(each[place]) for key, place in places.items()}


def _best(test: Test, pool: list[itembank.PoolItem], tells: Mapping[str, float]) -> list[str]:
    """Return the items of each area that tell most, as many as the blueprint asks."""
    ranked = sorted(pool, key=lambda item: (-tells[item.id], item.id))
    return [
        item.id
        for area, count in test.blueprint.items()
        for item in [each for each in ranked if each.area == area][:count]
    ]


def _form(test: Test, pool: list[itembank.PoolItem]) -> list[str]:
    available = Counter(item.area for item in pool)
    counts = {area: min(count, available[area]) for area, count in test.blueprint.items()}
    try:
        blueprint = itembank.Blueprint({area: count for area, count in counts.items() if count})
        form = itembank.draw(pool, blueprint, seen={}, seed=FORM_SEED)
    except ValueError:  # none are calibrated in its areas, or enemies stand in each other's way
        return [item.id for item in pool]
    return [item.id for item in form.items]
