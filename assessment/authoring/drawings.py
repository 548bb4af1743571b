"""Plots of a bank's scale, drawn once for each language and theme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
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
from assessment.items.models import Bank, ParameterSet, Test
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
    mark = passing_mark(found, test)
    wanted = _Wanted(
        drawing=drawing,
        bank_id=bank.id,
        revision=bank.revision,
        parameter_set_id=found.parameter_set.id,
        test_id=mark.test.id if mark else None,
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
    report = items.report_of(db.session.get_one(ParameterSet, wanted.parameter_set_id))
    return plots.wright_map(
        measured.parameters.take(places.values()),
        report.abilities if report and report.abilities else None,
        cut=_cut(wanted, test),
        names=[*places],
        language=wanted.language,
        theme=wanted.theme,
    )


def _information(wanted: _Wanted, test: Test | None) -> Plot:
    from itembank import plots  # noqa: PLC0415 - as above

    measured = items.measured(wanted.parameter_set_id)
    places = _known(wanted, measured)
    asked = _form(wanted, test, frozenset(places)) if test else [*places]
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


def _form(wanted: _Wanted, test: Test, known: frozenset[str]) -> list[str]:
    """Return the keys of one form of a test, as far as calibrated items go round."""
    pool = [item for item in items.bank_pool(wanted.bank_id).items if item.id in known]
    available = Counter(item.area for item in pool)
    counts = {area: min(count, available[area]) for area, count in test.blueprint.items()}
    try:
        blueprint = itembank.Blueprint({area: count for area, count in counts.items() if count})
        form = itembank.draw(pool, blueprint, seen={}, seed=FORM_SEED)
    except ValueError:  # none are calibrated in its areas, or enemies stand in each other's way
        return sorted(known)
    return [item.id for item in form.items]
