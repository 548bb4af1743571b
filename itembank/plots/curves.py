"""The characteristic curve of an item, with what was observed beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from itembank.arguments import FloatArray, IntArray, numbers, sentence_fault
from itembank.curves import category_probability
from itembank.parameters import ItemParameters
from itembank.plots.canvas import Place, Sheet, limit_of, settings, sheet
from itembank.plots.groups import Groups, groups_by, groups_within, interval
from itembank.plots.palette import Theme, palette
from itembank.plots.persons import NOT_GIVEN, abilities, item_at, whole_scores
from itembank.plots.plot import Cell, Column, Plot, Table
from itembank.plots.words import Language, Words, words

_HEIGHT = 260
_NEAR_TOP = 0.93
_TABLE = np.arange(-4.0, 4.01, 0.5)


@dataclass(frozen=True, eq=False)
class _Observed:
    """What was seen of one item: by group and drawn score, shape (n_groups, n_scores)."""

    ability: FloatArray
    size: FloatArray
    share: FloatArray
    lowest: FloatArray
    highest: FloatArray
    expected: FloatArray

    @property
    def inside(self) -> int:
        """How many observed shares have the expected one in their interval."""
        return int(np.sum((self.lowest <= self.expected) & (self.expected <= self.highest)))


def item_characteristic(
    parameters: ItemParameters,
    item: int,
    *,
    scores: ArrayLike | None = None,
    theta: ArrayLike | None = None,
    name: str | None = None,
    language: str | Language = Language.ENGLISH,
    theme: str | Theme = Theme.LIGHT,
) -> Plot:
    """Return the plot of an item's curve, with observed proportions where scores are given.

    A dichotomous item has one curve, of right answers; a graded one has a curve for each score.
    Observed proportions are those of up to ten groups of persons of rising ability, each with its
    95 % interval (Wilson, 1927).

    Parameters
    ----------
    parameters : ItemParameters
    item : int
        Which item, from 0.
    scores : array_like, shape (n_persons, n_items) or (n_persons,), optional
        All scores, or this item's; NaN or -1 where an item was not given.
    theta : array_like, shape (n_persons,), optional
        Abilities, in logits, by which persons are grouped. Without them `scores` must be of all
        items, and each person counts in every group as much as the posterior says: groups by an
        estimate from a short test, of which this item is a part, look steeper than the model.
    name : str, optional
        What the item is called; its number, from 1, unless told.
    language : {'en', 'fr'}
    theme : {'light', 'dark'}

    Raises
    ------
    ValueError
        Where a shape or a value is not as said here.

    References
    ----------
    Embretson, S. E., & Reise, S. P. (2000). Item response theory for psychologists. Erlbaum.
    """
    place, said = item_at(item, parameters), words(language)
    called = str(place + 1) if name is None else name
    observed = None if scores is None else _observed(parameters, place, scores, theta)
    own = parameters.take([place])
    with settings():
        drawn = sheet(_HEIGHT, palette(theme), said)
        _draw(drawn, own, observed)
    return Plot(
        title=said.characteristic_title.format(name=called),
        sentence=_sentence(own, observed, called, said),
        table=_table(own, observed, said),
        figure=drawn.figure,
        palette=drawn.palette,
    )


def _observed(
    parameters: ItemParameters, item: int, scores: ArrayLike, theta: ArrayLike | None
) -> _Observed:
    given = numbers("scores", scores)
    if given.ndim == 2 and given.shape[1] == parameters.n_items:
        every = whole_scores("scores", given, parameters.n_categories)
        column = every[:, item]
        groups = _groups(parameters, every, column, theta)
    elif given.ndim == 1 and theta is not None:
        column = whole_scores("scores", given, int(parameters.n_categories[item]))
        groups = groups_by(abilities(theta, len(column))[column != NOT_GIVEN])
    else:
        allowed = f"of shape (n_persons, {parameters.n_items}), or (n_persons,) with `theta`"
        raise sentence_fault("scores", allowed, f"shape {given.shape}")
    return _summary(parameters.take([item]), column[column != NOT_GIVEN], groups)


def _groups(
    parameters: ItemParameters, every: IntArray, column: IntArray, theta: ArrayLike | None
) -> Groups:
    given = column != NOT_GIVEN
    if not given.any():
        raise sentence_fault("scores", "given to one person or more for this item", "none")
    if theta is None:
        return groups_within(every[given], parameters)
    return groups_by(abilities(theta, len(column))[given])


def _summary(own: ItemParameters, column: IntArray, groups: Groups) -> _Observed:
    drawn = _drawn_scores(own)
    share = np.column_stack([groups.share((column == score) * 1.0) for score in drawn])
    size = groups.size
    ends = interval(share, size[:, np.newaxis])
    expected = groups.expected(own)[:, drawn]
    return _Observed(groups.ability, size, share, ends.lowest, ends.highest, expected)


def _drawn_scores(own: ItemParameters) -> list[int]:
    """Return the scores that have a curve: of a dichotomous item, the right answer alone."""
    return list(range(int(own.n_categories[0]))) if own.is_polytomous[0] else [1]


def _draw(drawn: Sheet, own: ItemParameters, observed: _Observed | None) -> None:
    axes, said = drawn.whole(), drawn.words
    seen = np.zeros(1) if observed is None else observed.ability
    limit = limit_of(own, seen)
    drawn.ability(axes, limit)
    drawn.shares(axes)
    graded = bool(own.is_polytomous[0])
    drawn.titled(axes, said.category_axis if graded else said.right_axis)
    theta = np.linspace(-limit, limit, 161)
    curves = category_probability(theta, own)[:, 0, _drawn_scores(own)]
    colours = drawn.palette.series if graded else (drawn.palette.main,)
    for number, curve in enumerate(curves.T):
        colour = colours[number % len(colours)]
        axes.plot(theta, curve, color=colour, linewidth=2.2)
        if observed is not None:
            _draw_observed(axes, observed, number, colour if graded else drawn.palette.ink)
        if graded:
            _name_curve(drawn, axes, number, theta, curve)
    if observed is not None:
        explain_marks(drawn, axes)


def _draw_observed(axes: Axes, observed: _Observed, number: int, colour: str) -> None:
    share = observed.share[:, number]
    ends = (share - observed.lowest[:, number], observed.highest[:, number] - share)
    axes.errorbar(
        observed.ability,
        share,
        yerr=np.maximum(ends, 0),
        fmt="o",
        markersize=4.5,
        color=colour,
        elinewidth=1.1,
        zorder=3,
    )


def _name_curve(drawn: Sheet, axes: Axes, score: int, theta: FloatArray, curve: FloatArray) -> None:
    """Write a score at the top of its curve: above it, or below where it reaches the top."""
    top = int(np.argmax(curve))
    at = float(np.clip(theta[top], theta[0] * 0.95, theta[-1] * 0.95))
    away = (0, 4 if curve[top] < _NEAR_TOP else -14)
    drawn.label(axes, str(score), Place((at, curve[top]), away, side="center"), bold=True)


def explain_marks(drawn: Sheet, axes: Axes) -> None:
    """Show the mark of what was observed, and say so, in the space above the axes."""
    axes.plot(
        [0.012],
        [1.075],
        "o",
        color=drawn.palette.muted,
        markersize=4.5,
        clip_on=False,
        transform=axes.transAxes,
    )
    drawn.note(axes, drawn.words.observed_mark, (10, 8))


def _sentence(own: ItemParameters, observed: _Observed | None, name: str, said: Words) -> str:
    slope = said.number(float(own.slope[0]))
    if own.is_polytomous[0]:
        steps = own.threshold[0][np.isfinite(own.threshold[0])]
        text = said.graded_sentence.format(
            name=name,
            categories=int(own.n_categories[0]),
            thresholds=said.between.join(said.number(float(step)) for step in steps),
            slope=slope,
        )
    else:
        where = float(own.threshold[0, 0])
        share = float(category_probability(where, own)[0, 1])
        text = said.right_sentence.format(
            name=name, difficulty=said.number(where), share=said.percent(share), slope=slope
        )
    if observed is None:
        return text
    fit = said.groups_sentence.format(groups=observed.share.size, inside=observed.inside)
    return f"{text} {fit}"


def _table(own: ItemParameters, observed: _Observed | None, said: Words) -> Table:
    return _curve_table(own, said) if observed is None else _group_table(own, observed, said)


def _curve_table(own: ItemParameters, said: Words) -> Table:
    scores = _drawn_scores(own)
    expected = category_probability(_TABLE, own)[:, 0, scores]
    titles = [f"{said.score} {score}" for score in scores]
    columns = (Column(said.ability, 1), *(Column(title, 3) for title in titles))
    rows = np.column_stack([_TABLE, expected]).tolist()
    return Table(columns, tuple(map(tuple, rows)), said)


def _group_table(own: ItemParameters, observed: _Observed, said: Words) -> Table:
    titles = (said.observed, said.lowest, said.highest, said.expected)
    columns = (
        Column(said.score, 0),
        Column(said.ability),
        Column(said.persons, 0),
        *(Column(title, 3) for title in titles),
    )
    rows: list[tuple[Cell, ...]] = []
    for number, score in enumerate(_drawn_scores(own)):
        parts = (observed.share, observed.lowest, observed.highest, observed.expected)
        numbers_ = np.column_stack(
            [observed.ability, observed.size, *(p[:, number] for p in parts)]
        )
        rows += [(score, *row) for row in numbers_.tolist()]
    return Table(columns, tuple(rows), said)
