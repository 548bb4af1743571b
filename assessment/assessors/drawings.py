"""Plots of a rubric's dashboard: severity, agreement by the month, and drift."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from enum import StrEnum
from threading import Lock
from typing import TYPE_CHECKING

from assessment.assessors.agreements import Drift
from assessment.assessors.dashboards import Figures
from assessment.assessors.marks_given import Rater
from assessment.assessors.severities import Severity
from assessment.errors import NoSuchRecord
from assessment.locale import format_month, language, ngettext, percent
from assessment.locale import gettext as _

if TYPE_CHECKING:
    from itembank.plots.plot import Cell, Plot

MOST_DRAWN = 6
"""More lines than these are told apart by nobody; the table has them all."""
MOST_ROWS = 40
NAME_LINE = 22
"""So many characters stand in one line beside a drawing."""
NAME_LINES = 2
_drawing = Lock()  # matplotlib keeps its settings in one place for all threads

Names = Mapping[Rater, str]


class Drawing(StrEnum):
    """What is drawn of a rubric's raters."""

    SEVERITY = "severity"
    AGREEMENT = "agreement"
    DRIFT = "drift"


def draw(figures: Figures, names: Names, drawing: str, theme: str = "") -> Plot:
    """Return a plot; NoSuchRecord where there is none of that name, or nothing to draw."""
    if drawing not in set(Drawing) or not can_be_drawn(figures, Drawing(drawing)):
        raise NoSuchRecord("plot", drawing)
    shade = "dark" if theme == "dark" else "light"
    with _drawing:
        match Drawing(drawing):
            case Drawing.SEVERITY:
                return _severity(figures.severities.shown, names, shade)
            case Drawing.AGREEMENT:
                return _agreement(figures, shade)
            case Drawing.DRIFT:
                return _drift(figures.drifts, names, shade)


def can_be_drawn(figures: Figures, drawing: Drawing) -> bool:
    """Return whether there is something to draw."""
    match drawing:
        case Drawing.SEVERITY:
            return bool(figures.severities.shown)
        case Drawing.AGREEMENT:
            return bool(figures.months)
        case Drawing.DRIFT:
            return bool(figures.drifts)


def _severity(shown: Sequence[Severity], names: Names, theme: str) -> Plot:
    from assessment.assessors import plotting  # noqa: PLC0415 - matplotlib is slow

    sentence = ngettext(
        "One rater rests on enough to be shown, with an interval of %(level)s.",
        "%(num)s raters rest on enough to be shown, each with an interval of %(level)s.",
        len(shown),
        level=percent(95),
    )
    columns = (
        *((_("Rater"), 0), (_("Performances"), 0), (_("Severity"), 2)),
        *((_("Lower end"), 2), (_("Upper end"), 2), (_("Infit"), 2)),
    )
    table: list[tuple[Cell, ...]] = [
        (names[each.rater], each.performances, *_numbers(each)) for each in shown
    ]
    said = plotting.Said(
        title=_("Severity of raters"),
        sentence=sentence,
        columns=columns,
        rows=table,
        axis=_("Severity, in logits"),
        language=language(),
        theme=theme,
    )
    drawn = [plotting.Row(_beside(names[each.rater]), *_numbers(each)[:3]) for each in shown]
    return plotting.rows_with_intervals(drawn[:MOST_ROWS], said)


def _numbers(line: Severity) -> tuple[float, float, float, float]:
    value, lower, upper, infit = (
        0.0 if each is None else each for each in (line.value, line.lower, line.upper, line.infit)
    )
    return value, lower, upper, infit


def _agreement(figures: Figures, theme: str) -> Plot:
    from assessment.assessors import plotting  # noqa: PLC0415 - matplotlib is slow

    months = figures.months
    last = months[-1]
    sentence = _(
        "In %(month)s, %(exact)s of pairs of marks were alike, and %(adjacent)s lay one level apart"
        " at most.",
        month=format_month(last.month),
        exact=percent(100 * last.exact),
        adjacent=percent(100 * last.adjacent),
    )
    columns = ((_("Month"), 0), (_("Pairs of marks"), 0), (_("Alike"), 3), (_("Close"), 3))
    rows = [(each.month, each.pairs, each.exact, each.adjacent) for each in months]
    said = plotting.Said(
        title=_("Agreement by the month"),
        sentence=sentence,
        columns=columns,
        rows=rows,
        axis=_("Share of pairs"),
        language=language(),
        theme=theme,
    )
    places = range(len(months))
    lines = [
        plotting.Line(_("alike"), places, [each.exact for each in months]),
        plotting.Line(_("close"), places, [each.adjacent for each in months]),
    ]
    return plotting.lines_over_months([each.month for each in months], lines, said, shares=True)


def _drift(drifts: Sequence[Drift], names: Names, theme: str) -> Plot:
    from assessment.assessors import plotting  # noqa: PLC0415 - matplotlib is slow

    months = sorted({each.month for each in drifts})
    columns = ((_("Rater"), 0), (_("Month"), 0), (_("Pairs of marks"), 0), (_("Difference"), 2))
    rows = [(names[each.rater], each.month, each.marks, each.difference) for each in drifts]
    said = plotting.Said(
        title=_("Drift over time"),
        sentence=_drift_sentence(drifts, names),
        columns=columns,
        rows=rows,
        axis=_("Levels above the others"),
        language=language(),
        theme=theme,
    )
    lines = [
        plotting.Line(
            _beside(names[rater]),
            [months.index(each.month) for each in drifts if each.rater == rater],
            [each.difference for each in drifts if each.rater == rater],
        )
        for rater in _busiest(drifts)
    ]
    return plotting.lines_over_months(months, lines, said)


def _drift_sentence(drifts: Sequence[Drift], names: Names) -> str:
    widest = max(drifts, key=lambda each: abs(each.difference))
    farthest = _(
        "The widest difference is that of %(name)s in %(month)s.",
        name=names[widest.rater],
        month=format_month(widest.month),
    )
    above = _("A rater above 0 gave higher levels than others did to the same work.")
    return f"{above} {farthest}"


def _busiest(drifts: Sequence[Drift]) -> list[Rater]:
    """Return the raters to draw: those of whom most marks can be compared."""
    totals: dict[Rater, int] = {}
    for each in drifts:
        totals[each.rater] = totals.get(each.rater, 0) + each.marks
    return sorted(totals, key=lambda each: (-totals[each], each.id))[:MOST_DRAWN]


def _beside(name: str) -> str:
    """Return a name in the lines beside a drawing; more is cut, and whole in the table."""
    return textwrap.fill(name, NAME_LINE, max_lines=NAME_LINES, placeholder=" …")
