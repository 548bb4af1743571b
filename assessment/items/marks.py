"""Where the marks of tests lie on a bank's scale: solved once a parameter set and test version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import itembank
from assessment.extensions import db
from assessment.items.models import CutScore, PanelStandard, Test
from assessment.items.panel_marks import NotRated, cut_of_panel
from assessment.items.panel_standards import governing
from assessment.items.placing import cut_at
from assessment.items.pools import bank_pool
from assessment.items.scales import Measured

DECIMALS = 6
PERCENT = 100
FARTHEST = 10.0
"""Logits: nobody's ability lies farther out, so that a mark there is out of reach."""


@dataclass(frozen=True)
class _Weighed:
    """The calibrated items that a test may ask, each with its share of the blueprint."""

    places: tuple[int, ...]
    weights: tuple[float, ...]


def place_marks(test: Test, parameter_set_id: str, measured: Measured) -> tuple[str, ...]:
    """Write where each mark of a test lies on a scale; return the keys of those it cannot place.

    A mark lies where the expected score over the blueprint is the mark's share. Each area counts
    as the blueprint says, spread evenly over its calibrated items; an area that has none counts
    for nothing. A share that no ability reaches, or that guessing alone does, has no place. A mark
    that a panel set lies where its raw cut does, and nowhere else.
    """
    weighed, panels = _weighed(test, measured), governing(test)
    lacking = []
    for mark in test.cuts:
        standard = panels.get(mark["key"])
        cut = _placed(test, mark, measured, weighed, standard)
        if cut is None:
            lacking.append(mark["key"])
        else:
            row = _row(test.id, parameter_set_id, mark["key"], cut)
            row.panel_standard_id = None if standard is None else standard.id
            db.session.add(row)
    db.session.flush()
    return tuple(lacking)


def _placed(
    test: Test,
    mark: Mapping[str, Any],
    measured: Measured,
    weighed: _Weighed,
    standard: PanelStandard | None,
) -> itembank.Cut | None:
    """Return the place of one mark: from the panel's raw cut where there is one."""
    if standard is None:
        return _solved(weighed, measured, mark["percent"] / PERCENT)
    try:
        return cut_of_panel(standard, test, measured)
    except NotRated:
        return None


def _row(test_id: str, parameter_set_id: str, key: str, cut: itembank.Cut) -> CutScore:
    return CutScore(
        test_id=test_id,
        parameter_set_id=parameter_set_id,
        cut_key=key,
        theta=round(float(cut.theta), DECIMALS) + 0.0,  # never -0.0
        se=round(float(cut.se), DECIMALS),
    )


def _weighed(test: Test, measured: Measured) -> _Weighed:
    areas = _areas(test, measured)
    counts = Counter(areas.values())
    weights = tuple(test.blueprint[area] / counts[area] for area in areas.values())
    return _Weighed(tuple(areas), weights)


def _areas(test: Test, measured: Measured) -> Mapping[int, str]:
    """Return the area of each item that the test may ask and the scale knows, by its place."""
    drawn = bank_pool(test.bank_id)
    found = {}
    for item in drawn.items:
        place = measured.places.get(drawn.version_ids[item.id])
        if place is not None and item.area in test.blueprint:
            found[place] = item.area
    return dict(sorted(found.items()))


def _solved(weighed: _Weighed, measured: Measured, share: float) -> itembank.Cut | None:
    if not weighed.places:
        return None
    try:
        cut = cut_at(measured, weighed.places, weighed.weights, share)
    except ValueError:  # no ability has this expected score
        return None
    return cut if abs(cut.theta) <= FARTHEST else None
