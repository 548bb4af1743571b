"""How an item fits: what persons of each total score had, beside what the model expects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from itembank.arguments import FloatArray, IntArray, sentence_fault
from itembank.plots.canvas import Sheet, settings, sheet
from itembank.plots.curves import explain_marks
from itembank.plots.groups import Interval, interval
from itembank.plots.palette import Theme, palette
from itembank.plots.plot import Column, Plot, Table
from itembank.plots.words import Language, Words, words

if TYPE_CHECKING:
    from itembank.fit import ItemFit, ScoreGroups

_HEIGHT = 260
_MOST_GROUPS = 12
_TINY = 1e-12


@dataclass(frozen=True, eq=False)
class _Observed:
    """Neighbouring total scores together: what was seen and expected, each (n_groups,)."""

    lowest_total: IntArray
    highest_total: IntArray
    middle: FloatArray
    n: FloatArray
    share: FloatArray
    expected: FloatArray
    ends: Interval

    @property
    def inside(self) -> int:
        """How many observed shares have the expected one in their interval."""
        above = self.ends.lowest <= self.expected
        return int(np.sum(above & (self.expected <= self.ends.highest)))


def item_fit(
    fit: ItemFit,
    *,
    name: str | None = None,
    language: str | Language = Language.ENGLISH,
    theme: str | Theme = Theme.LIGHT,
) -> Plot:
    """Return the plot of an item's fit: observed and expected, by groups of total scores.

    Neighbouring total scores are drawn together so that there are up to twelve groups of about as
    many persons. Each observed share of points has its 95 % interval (Wilson, 1927); of a graded
    item, for as many persons as give its variance.

    Parameters
    ----------
    fit : ItemFit
        Of persons some of whom answered every item.
    name : str, optional
        What the item is called; its number, from 1, unless told.
    language : {'en', 'fr'}
    theme : {'light', 'dark'}

    Raises
    ------
    ValueError
        Where nobody answered every item, or everybody who did had all points or none.
    """
    groups, said = _groups_of(fit), words(language)
    called = str(fit.item + 1) if name is None else name
    observed = _observed(groups)
    with settings():
        drawn = sheet(_HEIGHT, palette(theme), said)
        _draw(drawn, observed, is_graded=groups.observed.shape[1] > 2)
    return Plot(
        title=said.fit_title.format(name=called),
        sentence=_sentence(fit, observed, called, said),
        table=_table(observed, said),
        figure=drawn.figure,
        palette=drawn.palette,
    )


def _groups_of(fit: ItemFit) -> ScoreGroups:
    if fit.groups is None or not fit.groups.total.size:
        allowed = "of persons who answered every item, some but not all of them right"
        raise sentence_fault("fit", allowed, "of none")
    return fit.groups


def _observed(groups: ScoreGroups) -> _Observed:
    starts = _starts(groups.n)
    last = np.append(starts[1:], groups.total.size) - 1
    seen, meant = (
        np.add.reduceat(each, starts, axis=0) for each in (groups.observed, groups.expected)
    )
    n = seen.sum(axis=1)
    points = np.linspace(0, 1, seen.shape[1])
    share, expected = seen @ points / n, meant @ points / n
    variance = np.maximum(meant @ points**2 / n - expected**2, _TINY)
    size = np.maximum(n * expected * (1 - expected) / variance, 1.0)
    return _Observed(
        lowest_total=groups.total[starts],
        highest_total=groups.total[last],
        middle=np.add.reduceat(groups.total * groups.n, starts) / n,
        n=n,
        share=share,
        expected=expected,
        ends=interval(share, size),
    )


def _starts(n: FloatArray) -> IntArray:
    """Return where groups of about as many persons begin, at most twelve of them."""
    before = (np.cumsum(n) - n / 2) / n.sum()
    place = np.floor(before * min(_MOST_GROUPS, n.size)).astype(np.int64)
    return np.flatnonzero(np.diff(place, prepend=-1))


def _draw(drawn: Sheet, observed: _Observed, *, is_graded: bool) -> None:
    axes, said = drawn.whole(), drawn.words
    drawn.shares(axes)
    drawn.titled(axes, said.points_axis if is_graded else said.right_axis)
    _totals(drawn, axes, observed)
    axes.plot(observed.middle, observed.expected, color=drawn.palette.main, linewidth=2.2)
    ends = observed.share - observed.ends.lowest, observed.ends.highest - observed.share
    axes.errorbar(
        observed.middle,
        observed.share,
        yerr=np.maximum(ends, 0),
        fmt="o",
        markersize=4.5,
        color=drawn.palette.ink,
        elinewidth=1.1,
        zorder=3,
    )
    explain_marks(drawn, axes)


def _totals(drawn: Sheet, axes: Axes, observed: _Observed) -> None:
    """Make the horizontal axis that of total scores."""
    low, high = float(observed.middle[0]), float(observed.middle[-1])
    room = max(0.04 * (high - low), 0.5)
    axes.set_xlim(low - room, high + room)
    places = MaxNLocator(6, integer=True).tick_values(low, high)
    ticks = [each for each in np.asarray(places).tolist() if low - room <= each <= high + room]
    axes.set_xticks(ticks, [drawn.words.number(each, 0) for each in ticks])
    axes.set_xlabel(drawn.words.total, color=drawn.palette.muted, fontsize=11)


def _sentence(fit: ItemFit, observed: _Observed, name: str, said: Words) -> str:
    text = said.fit_sentence.format(name=name, groups=observed.n.size, inside=observed.inside)
    if not np.isfinite(fit.p):
        return f"{text} {said.no_chi_square_sentence}"
    tested = said.chi_square_sentence.format(
        statistic=said.number(fit.statistic), df=fit.df, p=said.number(fit.p, 3)
    )
    return f"{text} {tested}"


def _table(observed: _Observed, said: Words) -> Table:
    columns = (
        Column(said.lowest_total, 0),
        Column(said.highest_total, 0),
        Column(said.persons, 0),
        *(Column(title, 3) for title in (said.observed, said.lowest, said.highest, said.expected)),
    )
    totals = np.column_stack([observed.lowest_total, observed.highest_total]).tolist()
    parts = (observed.share, observed.ends.lowest, observed.ends.highest, observed.expected)
    shares = np.column_stack([observed.n, *parts]).tolist()
    rows = tuple((*total, *share) for total, share in zip(totals, shares, strict=True))
    return Table(columns, rows, said)
