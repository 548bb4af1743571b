"""Which options persons of each ability choose: the key should rise, the others fall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from itembank.arguments import FloatArray, IntArray, numbers, require, sentence_fault
from itembank.faults import fault
from itembank.plots.canvas import BOTTOM, LEFT, TOP, WIDTH, Place, Sheet, settings, sheet
from itembank.plots.groups import Groups, groups_by, interval
from itembank.plots.palette import Theme, palette
from itembank.plots.persons import NOT_GIVEN, abilities
from itembank.plots.plot import Cell, Column, Plot, Table
from itembank.plots.words import Language, Words, words

_HEIGHT = 280
_LABELS = 74
"""Points at the right, where each curve is named at its end."""
_APART = 0.075
"""How far two names keep from one another, as a share of the axis."""
_DASHES = ((0, (4, 1.5)), (0, (1.5, 1.2)), (0, (5, 1.2, 1.5, 1.2)), (0, (8, 1.5)))
_MOST_TELLING = 4
_LEAST_TELLING = 0.1
"""An option that so few of every group choose is not told apart from others of the kind."""


@dataclass(frozen=True)
class _Look:
    """How a line is drawn."""

    colour: str
    dashes: str | tuple[int, tuple[float, ...]]
    width: float


@dataclass(frozen=True, eq=False)
class _Chosen:
    """How often each option was chosen in each group, shape (n_groups, n_options)."""

    names: tuple[str, ...]
    key: int
    groups: Groups
    share: FloatArray

    @cached_property
    def telling(self) -> tuple[int, ...]:
        """The distractors that are told apart: the most chosen, where some group chooses them."""
        most = self.share.max(axis=0)
        order = [each for each in np.argsort(-most, kind="stable").tolist() if each != self.key]
        return tuple(sorted(each for each in order[:_MOST_TELLING] if most[each] > _LEAST_TELLING))

    @property
    def rising(self) -> tuple[int, ...]:
        """Options, other than the key, that the ablest choose more often than the least able.

        Their intervals lie apart, so that chance alone seldom makes one.
        """
        ends = interval(self.share, self.groups.size[:, np.newaxis])
        rises = ends.lowest[-1] > ends.highest[0]
        return tuple(each for each in np.flatnonzero(rises).tolist() if each != self.key)


def option_curves(
    theta: ArrayLike,
    options: ArrayLike,
    key: int,
    *,
    names: Sequence[str] | None = None,
    title: str | None = None,
    language: str | Language = Language.ENGLISH,
    theme: str | Theme = Theme.LIGHT,
) -> Plot:
    """Return the plot of how often each option of an item is chosen, by ability.

    Persons are in up to ten groups of about equal size and rising ability. An option that is no key
    and rises with ability is named: the key may be wrong, or the option defensible.

    Parameters
    ----------
    theta : array_like, shape (n_persons,)
        Abilities, in logits; finite. Best from a test without this item, or a long one.
    options : array_like of int, shape (n_persons,)
        The option that each chose, from 0; -1 or NaN where none was.
    key : int
        The right option.
    names : sequence of str, optional
        What the options are called; letters unless told.
    title : str, optional
        What the plot is called.
    language : {'en', 'fr'}
    theme : {'light', 'dark'}

    Raises
    ------
    ValueError
        Where a shape or a value is not as said here.

    References
    ----------
    Ramsay, J. O. (1991). Kernel smoothing approaches to nonparametric item characteristic curve
    estimation. Psychometrika, 56(4), 611-630.
    """
    said = words(language)
    chosen = _chosen(theta, options, key, names)
    with settings():
        drawn = sheet(_HEIGHT, palette(theme), said)
        _draw(drawn, chosen)
    return Plot(
        title=title or said.option_title,
        sentence=_sentence(chosen, said),
        table=_table(chosen, said),
        figure=drawn.figure,
        palette=drawn.palette,
    )


def _chosen(theta: ArrayLike, options: ArrayLike, key: int, names: Sequence[str] | None) -> _Chosen:
    picked = _picked(options)
    points = abilities(theta, len(picked))
    if not (picked != NOT_GIVEN).any():
        raise sentence_fault("options", "chosen by one person or more", "none")
    called = _names(names, int(max(picked.max(), key)) + 1)
    if not 0 <= key < len(called):
        raise fault("key", f"an option, from 0 to {len(called) - 1}", key)
    groups = groups_by(points[picked != NOT_GIVEN])
    taken = picked[picked != NOT_GIVEN]
    share = [groups.share((taken == option) * 1.0) for option in range(len(called))]
    return _Chosen(called, key, groups, np.column_stack(share))


def _picked(options: ArrayLike) -> IntArray:
    given = numbers("options", options, ndim=1, shape="(n_persons,)")
    picked = np.where(np.isnan(given), NOT_GIVEN, given)
    whole = (picked == np.floor(picked)) & (picked >= NOT_GIVEN)
    require(whole & np.isfinite(picked), "options", "whole, from 0, or -1 or NaN for none", picked)
    return picked.astype(np.int64)


def _names(names: Sequence[str] | None, needed: int) -> tuple[str, ...]:
    if names is None:
        return tuple(
            chr(ord("A") + each) if needed <= 26 else str(each + 1) for each in range(needed)
        )
    if len(names) < needed:
        raise sentence_fault("names", f"one for each of {needed} options", f"{names}")
    return tuple(names)


def _draw(drawn: Sheet, chosen: _Chosen) -> None:
    axes = drawn.axes(LEFT, BOTTOM, WIDTH - LEFT - _LABELS, drawn.height - TOP - BOTTOM + 14)
    ability = chosen.groups.ability
    spread = 0.06 * (ability[-1] - ability[0]) or 0.5
    axes.set_xlim(ability[0] - spread, ability[-1] + spread)
    axes.xaxis.set_major_locator(drawn.few_ticks())
    axes.xaxis.set_major_formatter(drawn.tick_words())
    axes.set_xlabel(drawn.words.ability_axis, color=drawn.palette.muted, fontsize=11)
    drawn.shares(axes)
    drawn.note(axes, drawn.words.share_axis, (6 - LEFT, 14), colour=drawn.palette.ink)
    for option in range(len(chosen.names)):
        _draw_option(drawn, axes, chosen, option)
    _name_ends(drawn, axes, chosen)


def _look(drawn: Sheet, chosen: _Chosen, option: int) -> _Look:
    """Return how an option's line looks: the key stands out, what hardly anyone chooses recedes."""
    if option == chosen.key:
        return _Look(drawn.palette.main, "-", 3.0)
    if option not in chosen.telling:
        return _Look(drawn.palette.edge, "-", 0.9)
    others = [each for each in drawn.palette.series if each != drawn.palette.main]
    rank = chosen.telling.index(option)
    return _Look(others[rank % len(others)], _DASHES[rank % len(_DASHES)], 1.8)


def _draw_option(drawn: Sheet, axes: Axes, chosen: _Chosen, option: int) -> None:
    share, size = chosen.share[:, option], chosen.groups.size
    look, ability = _look(drawn, chosen, option), chosen.groups.ability
    axes.plot(ability, share, color=look.colour, linestyle=look.dashes, linewidth=look.width)
    if option == chosen.key:
        ends = interval(share, size)
        axes.fill_between(
            ability, ends.lowest, ends.highest, color=look.colour, alpha=0.15, linewidth=0
        )


def _name_ends(drawn: Sheet, axes: Axes, chosen: _Chosen) -> None:
    """Write each option's name at the end of its curve, no two on one another."""
    called = {chosen.key: f"{chosen.names[chosen.key]} ({drawn.words.key})"}
    called |= {option: chosen.names[option] for option in chosen.telling}
    rest = [option for option in range(len(chosen.names)) if option not in called]
    if rest:
        called[rest[0]] = drawn.words.others if len(rest) > 1 else chosen.names[rest[0]]
    ends = chosen.share[-1]
    order = sorted(called, key=lambda option: float(ends[option]))
    for option, height in zip(order, _apart(ends[order]), strict=True):
        look = _look(drawn, chosen, option)
        place = Place((1, height), (27, 0), ("axes fraction", "data"), level="center_baseline")
        drawn.label(axes, called[option], place, bold=option == chosen.key)
        axes.plot(
            [1.02, 1.09],
            [height, height],
            color=look.colour,
            linestyle=look.dashes,
            linewidth=look.width,
            clip_on=False,
            transform=axes.get_yaxis_transform(),
        )


def _apart(heights: FloatArray) -> list[float]:
    """Return rising heights moved as little as keeps them apart, and within the axis."""
    step = min(_APART, 1.0 / max(1, len(heights) - 1))
    ranks = np.arange(len(heights)) * step
    moved = np.clip(np.maximum.accumulate(heights - ranks), 0, 1 - ranks[-1])
    return [float(height) for height in moved + ranks]


def _sentence(chosen: _Chosen, said: Words) -> str:
    share = chosen.share[:, chosen.key]
    text = said.key_sentence.format(
        key=chosen.names[chosen.key],
        least=said.percent(float(share[0])),
        most=said.percent(float(share[-1])),
    )
    if not chosen.rising:
        return text
    rising = ", ".join(chosen.names[option] for option in chosen.rising)
    return f"{text} {said.rising_sentence.format(options=rising)}"


def _table(chosen: _Chosen, said: Words) -> Table:
    columns = [Column(said.ability), Column(said.persons, 0)]
    for option, name in enumerate(chosen.names):
        mark = f" ({said.key})" if option == chosen.key else ""
        columns.append(Column(f"{said.option} {name}{mark}", 3))
    parts = [chosen.groups.ability, chosen.groups.size, chosen.share]
    rows: list[tuple[Cell, ...]] = [tuple(row) for row in np.column_stack(parts).tolist()]
    return Table(tuple(columns), tuple(rows), said)
