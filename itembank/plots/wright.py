"""Persons and items side by side on the scale that they share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from itembank.arguments import FloatArray
from itembank.parameters import ItemParameters
from itembank.plots.canvas import WIDTH, Place, Sheet, limit_of, settings, sheet
from itembank.plots.cut import CutLike, draw_across, name_across, place_of
from itembank.plots.palette import Theme, palette
from itembank.plots.persons import abilities, named_items
from itembank.plots.plot import Cell, Column, Plot, Table
from itembank.plots.words import Language, Words, words

_HEIGHT = 480
_TOP, _BOTTOM = 52, 30
_MIDDLE = 150
"""Points from the left edge to where the persons' bars begin, going left."""
_GUTTER = 34
_ROWS = 32
"""Rows of persons and items: a quarter of a logit each, where the scale is from -4 to 4."""
_ITEMS_SHARE = 0.52
"""How much of their side items may fill: the cut is named beside them."""
_LONGEST_LINE = 16
"""Characters of names in a row; where there are more, items are drawn as bars."""
_SPACE = "\N{EN SPACE}"


@dataclass(frozen=True)
class _Location:
    """Where one item, or one step of a graded item, lies."""

    name: str
    step: int
    theta: float


def wright_map(
    parameters: ItemParameters,
    theta: ArrayLike | None = None,
    *,
    cut: CutLike | None = None,
    names: Sequence[str] | None = None,
    language: str | Language = Language.ENGLISH,
    theme: str | Theme = Theme.LIGHT,
) -> Plot:
    """Return the plot of persons' abilities beside items' thresholds, on one scale.

    Both sides are in 32 rows, of a quarter of a logit each on the scale from -4 to 4. A graded item
    stands once for each of its thresholds, as ``name.step``.

    Parameters
    ----------
    parameters : ItemParameters
    theta : array_like, shape (n_persons,), optional
        Abilities, in logits; finite. Without them the items stand alone.
    cut : float or Cut, optional
        Logits; drawn with its standard error, where it has one, to either side.
    names : sequence of str, optional
        What the items are called; their numbers, from 1, unless told.
    language : {'en', 'fr'}
    theme : {'light', 'dark'}

    Raises
    ------
    ValueError
        Where a shape or a value is not as said here.

    References
    ----------
    Wilson, M. (2005). Constructing measures: An item response modeling approach. Erlbaum.
    """
    said = words(language)
    persons = np.array([]) if theta is None else abilities(theta)
    places = _locations(parameters, named_items(names, parameters))
    limit = limit_of(parameters, np.array([] if cut is None else [place_of(cut)]))
    with settings():
        drawn = sheet(_HEIGHT, palette(theme), said)
        _draw(drawn, persons, places, limit, cut)
    return Plot(
        title=said.wright_title,
        sentence=_sentence(parameters, persons, places, cut, said),
        table=_table(persons, places, said),
        figure=drawn.figure,
        palette=drawn.palette,
    )


def _locations(parameters: ItemParameters, names: Sequence[str]) -> tuple[_Location, ...]:
    """Return every threshold, from the lowest to the highest."""
    graded = parameters.is_polytomous
    found = [
        _Location(f"{name}.{step}" if graded[item] else name, step, float(where))
        for item, name in enumerate(names)
        for step, where in enumerate(parameters.threshold[item], 1)
        if np.isfinite(where)
    ]
    return tuple(sorted(found, key=lambda each: each.theta))


def _draw(
    drawn: Sheet,
    persons: FloatArray,
    places: Sequence[_Location],
    limit: float,
    cut: CutLike | None,
) -> None:
    height = drawn.height - _TOP - _BOTTOM
    left = drawn.axes(10, _BOTTOM, _MIDDLE - 10, height)
    begins = _MIDDLE + _GUTTER
    right = drawn.axes(begins, _BOTTOM, WIDTH - begins - 8, height)
    for axes in (left, right):
        _scale(drawn, axes, limit)
    left.tick_params(labelleft=False, labelright=True, pad=_GUTTER / 2)
    for text in left.get_yticklabels():
        text.set_horizontalalignment("center")
    right.tick_params(labelleft=False)
    unit = Place((1, 0), (_GUTTER / 2, -24), "axes fraction", "center")
    drawn.label(left, drawn.words.scale_side, unit)
    _draw_persons(drawn, left, persons, limit)
    named = _draw_items(drawn, right, places, limit)
    if cut is not None:
        draw_across(drawn, left, cut)
        draw_across(drawn, right, cut, begins=_ITEMS_SHARE if named else 0.0)
        name_across(drawn, right, cut)


def _scale(drawn: Sheet, axes: Axes, limit: float) -> None:
    axes.set_ylim(-limit, limit)
    step = 1 if limit <= 4 else 2
    ticks = np.arange(-(limit // step) * step, limit + 0.5, step)
    axes.set_yticks(ticks, [drawn.words.number(tick, 0) for tick in ticks])
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)


def _counts(values: FloatArray, limit: float) -> FloatArray:
    """Return how many lie in each row; the outermost rows take what lies beyond."""
    inside = np.clip(values, -limit, limit)
    return np.histogram(inside, _ROWS, (-limit, limit))[0].astype(np.float64)


def _middles(limit: float) -> FloatArray:
    """Return where the middle of each row lies, in logits."""
    return np.asarray((np.arange(_ROWS) + 0.5) * (2 * limit / _ROWS) - limit)


def _draw_persons(drawn: Sheet, axes: Axes, persons: FloatArray, limit: float) -> None:
    axes.set_xlim(1.25, 0)
    if not persons.size:
        return
    title = Place((1, 1), (0, 12), "axes fraction", "right")
    drawn.label(axes, drawn.words.persons_side, title)
    _bars(drawn, axes, _counts(persons, limit), limit, drawn.palette.persons)


def _draw_items(drawn: Sheet, axes: Axes, places: Sequence[_Location], limit: float) -> bool:
    """Draw the items by name where there is room, else as bars; say whether they are named."""
    said = drawn.words
    stepped = any(place.step > 1 for place in places)
    axes.set_xlim(0, 1 / _ITEMS_SHARE)
    title = Place((0, 1), (0, 12), "axes fraction")
    drawn.label(axes, said.thresholds_side if stepped else said.items_side, title)
    theta = np.array([place.theta for place in places])
    row = np.clip((theta + limit) * _ROWS / (2 * limit), 0, _ROWS - 1).astype(int)
    lines = [
        _SPACE.join(place.name for place, own in zip(places, row, strict=True) if own == each)
        for each in range(_ROWS)
    ]
    if max(map(len, lines)) > _LONGEST_LINE:
        _bars(drawn, axes, _counts(theta, limit), limit, drawn.palette.main)
        return False
    for middle, line in zip(_middles(limit).tolist(), lines, strict=True):
        drawn.label(axes, line, Place((0, middle), level="center_baseline"))
    return True


def _bars(drawn: Sheet, axes: Axes, counts: FloatArray, limit: float, colour: str) -> None:
    """Draw a bar for each row, and write at the longest how many it stands for."""
    share, middle = counts / counts.max(), _middles(limit)
    axes.barh(middle, share, height=2 * limit / _ROWS * 0.86, color=colour)
    longest = int(np.argmax(counts))
    leftward = axes.xaxis_inverted()
    place = Place(
        at=(1, middle[longest]),
        away=(-4 if leftward else 4, 0),
        side="right" if leftward else "left",
        level="center_baseline",
    )
    drawn.label(axes, drawn.words.number(counts[longest], 0), place)


def _sentence(
    parameters: ItemParameters,
    persons: FloatArray,
    places: Sequence[_Location],
    cut: CutLike | None,
    said: Words,
) -> str:
    theta = [place.theta for place in places]
    stepped = any(place.step > 1 for place in places)
    items = (said.thresholds_sentence if stepped else said.items_sentence).format(
        items=said.number(parameters.n_items, 0),
        steps=said.number(len(places), 0),
        lowest=said.number(theta[0]),
        highest=said.number(theta[-1]),
        middle=said.number(float(np.mean(theta))),
    )
    return " ".join([items, *_persons_sentences(persons, cut, said)])


def _persons_sentences(persons: FloatArray, cut: CutLike | None, said: Words) -> list[str]:
    if not persons.size:
        return []
    about = said.persons_sentence.format(
        persons=said.number(persons.size, 0),
        mean=said.number(float(persons.mean())),
        deviation=said.number(float(persons.std())),
    )
    if cut is None:
        return [about]
    place = place_of(cut)
    share = said.percent(float(np.mean(persons > place)))
    return [about, said.above_sentence.format(share=share, cut=said.number(place))]


def _table(persons: FloatArray, places: Sequence[_Location], said: Words) -> Table:
    columns = [Column(said.item), Column(said.location)]
    rows: list[tuple[Cell, ...]] = [(place.name, place.theta) for place in places]
    if persons.size:
        columns.append(Column(said.persons_above, 0))
        above = [int(np.sum(persons > place.theta)) for place in places]
        rows = [(*row, count) for row, count in zip(rows, above, strict=True)]
    return Table(tuple(columns), tuple(rows), said)
