"""Where a panel's raw cut lies on a scale, for one test: solved anew for each parameter set."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import itembank
from assessment.errors import Conflict
from assessment.items.models import PanelStandard, ParameterSource, Test
from assessment.items.panel_standards import Panel, panel
from assessment.items.placing import cut_at
from assessment.items.scales import Measured
from assessment.locale import gettext as _


class NotRated(Conflict):
    """A panel's cut that has no place in a test; the sentence names the areas."""

    code = "not_rated"


@dataclass(frozen=True)
class PanelShare:
    """A panel's raw cut as a share of what a test asks, from the items that have parameters."""

    places: tuple[int, ...]
    """Of the items, in the parameter set."""
    weights: tuple[float, ...]
    """Of each item: its area's count in the blueprint, spread evenly over the area's items here."""
    means: tuple[float, ...]
    """What the judges say of each item on average."""
    share: float
    se: float


def cut_of_panel(standard: PanelStandard, test: Test, measured: Measured) -> itembank.Cut:
    """Return where a panel's cut lies in a test: ``sum w_j P_j(cut) = share``.

    Its error is the share's over the slope, with that of the items beside the learners: see
    `cut_at`. NotRated where the test asks in an area none of whose items was rated and has
    parameters, and where no ability has this expected score.
    """
    found = share_of_panel(panel(standard.id), test, measured)
    try:
        return cut_at(measured, found.places, found.weights, _share(found, measured), found.se)
    except ValueError as fault:
        sentence = _(
            "The cut of panel %(number)s has no place in the test %(test)s: %(fault)s",
            number=standard.number,
            test=test.key,
            fault=fault,
        )
        raise NotRated(sentence) from fault


def _share(found: PanelShare, measured: Measured) -> float:
    """Return the share to solve: on items that a panel placed, of ratings as near to 0 and 1 as
    those have a place, so that its mark lies at 0; on all others, the panel's own. All or nothing
    has no place on either.
    """
    if measured.source != ParameterSource.PANEL or found.share in {0.0, 1.0}:
        return found.share
    from itembank.standards import NEAREST  # noqa: PLC0415 - slow to load, and few requests publish

    rated = [min(max(mean, NEAREST), 1 - NEAREST) for mean in found.means]
    return _weighted(rated, found.weights)


def why_unplaced(standard: PanelStandard, test: Test, measured: Measured) -> str | None:
    """Return why a panel's cut has no place in a test, and what helps; None where it has one."""
    try:
        cut_of_panel(standard, test, measured)
    except NotRated as fault:
        return fault.sentence
    return None


def share_of_panel(found: Panel, test: Test, measured: Measured) -> PanelShare:
    """Return what share of a test's points the panel expects of somebody just good enough.

    Each judge's ratings are averaged within an area, and the areas weigh as the blueprint says: the
    share is the mean over judges, its error their standard deviation over the root of their number.
    """
    columns = _columns(found, test, measured)
    counts = Counter(found.items[column].area for column in columns)
    weights = [test.blueprint[area] / counts[area] for area in _areas(found, columns)]
    shares = [_weighted([judge[n] for n in columns], weights) for judge in found.ratings]
    return PanelShare(
        places=tuple(measured.places[found.items[column].version_id] for column in columns),
        weights=tuple(weights),
        means=tuple(statistics.fmean(judge[n] for judge in found.ratings) for n in columns),
        share=statistics.fmean(shares),
        se=statistics.stdev(shares) / math.sqrt(len(shares)),
    )


def _columns(found: Panel, test: Test, measured: Measured) -> list[int]:
    """Return the rated items, by column, that the test may ask and that have parameters."""
    asked = [n for n, each in enumerate(found.items) if each.area in test.blueprint]
    _require(found, test, _areas(found, asked), unrated=True)
    columns = [n for n in asked if found.items[n].version_id in measured.places]
    _require(found, test, _areas(found, columns), unrated=False)
    return columns


def _areas(found: Panel, columns: Sequence[int]) -> list[str]:
    return [found.items[column].area for column in columns]


def _weighted(rated: Sequence[float], weights: Sequence[float]) -> float:
    return math.fsum(w * each for w, each in zip(weights, rated, strict=True)) / math.fsum(weights)


def _require(found: Panel, test: Test, areas: Collection[str], *, unrated: bool) -> None:
    lacking = sorted(set(test.blueprint) - set(areas))
    if not lacking:
        return
    named = {"number": found.number, "test": test.key, "areas": ", ".join(lacking)}
    if unrated:
        sentence = _(
            "Panel %(number)s rated no question of these areas, in which the test %(test)s asks: "
            "%(areas)s. Have it rate some of each, and publish that (attest bank standard).",
            **named,
        )
    else:
        sentence = _(
            "No question that panel %(number)s rated is on the scale in these areas, in which the "
            "test %(test)s asks: %(areas)s. Have a panel rate some that are, and publish that "
            "(attest bank standard).",
            **named,
        )
    raise NotRated(sentence, areas=lacking)
