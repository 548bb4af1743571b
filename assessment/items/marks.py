"""Where the marks of tests lie on a bank's scale: solved once a parameter set and test version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import itembank
from assessment.extensions import db
from assessment.items.models import CutScore, PanelStandard, Test
from assessment.items.panel_marks import cut_of_panel
from assessment.items.panel_standards import governing
from assessment.items.pools import bank_pool
from assessment.items.scales import ItemEstimate, Measured, nan_of, padded, parameters_of

if TYPE_CHECKING:
    from itembank.calibration.estimated import StandardErrors

DECIMALS = 6
PERCENT = 100
FARTHEST = 10.0
"""Logits: nobody's ability lies farther out, so that a mark there is out of reach."""


@dataclass(frozen=True)
class _Weighed:
    """The calibrated items that a test may ask, each with its share of the blueprint."""

    items: tuple[ItemEstimate, ...]
    weights: tuple[float, ...]
    persons: float | None
    """How many the scale was set by: an error that all of its items have in common."""


def place_marks(test: Test, parameter_set_id: str, measured: Measured) -> tuple[str, ...]:
    """Write where each mark of a test lies on a scale; return the keys of those it cannot place.

    A mark lies where the expected score over the blueprint is the mark's share. Each area counts
    as the blueprint says, spread evenly over its calibrated items; an area that has none counts
    for nothing. A share that no ability reaches, or that guessing alone does, has no place. A mark
    that a panel set lies where its raw cut does; NotRated where that has no place.
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
        return _solved(weighed, mark["percent"] / PERCENT)
    return cut_of_panel(standard, test, measured)


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
    items = tuple(measured.estimates[place] for place in areas)
    weights = tuple(test.blueprint[area] / counts[area] for area in areas.values())
    return _Weighed(items, weights, measured.persons)


def _areas(test: Test, measured: Measured) -> Mapping[int, str]:
    """Return the area of each item that the test may ask and the scale knows, by its place."""
    drawn = bank_pool(test.bank_id)
    found = {}
    for item in drawn.items:
        place = measured.places.get(drawn.version_ids[item.id])
        if place is not None and item.area in test.blueprint:
            found[place] = item.area
    return dict(sorted(found.items()))


def _solved(weighed: _Weighed, share: float) -> itembank.Cut | None:
    if not weighed.items:
        return None
    try:
        cut = itembank.theta_cut(
            parameters_of(weighed.items),
            share,
            weights=weighed.weights,
            standard_errors=_standard_errors(weighed.items),
            persons=weighed.persons,
        )
    except ValueError:  # no ability has this expected score
        return None
    return cut if abs(cut.theta) <= FARTHEST else None


def _standard_errors(items: Sequence[ItemEstimate]) -> StandardErrors:
    import numpy as np  # noqa: PLC0415 - slow to load, and few requests publish

    from itembank.calibration.estimated import StandardErrors  # noqa: PLC0415 - as above

    return StandardErrors(
        slope=np.array([nan_of(each.slope_se) for each in items]),
        threshold=np.array(padded(each.threshold_ses for each in items)),
        guessing=np.array([nan_of(each.guessing_se) for each in items]),
        upper=np.array([nan_of(each.upper_se) for each in items]),
    )
