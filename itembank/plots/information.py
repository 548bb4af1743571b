"""How much a test tells at each ability, and how exactly it measures at the cut."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from itembank.arguments import FloatArray
from itembank.curves import information
from itembank.parameters import ItemParameters
from itembank.plots.canvas import BOTTOM, LEFT, RIGHT, WIDTH, Sheet, limit_of, settings, sheet
from itembank.plots.cut import CutLike, draw_upright, place_of
from itembank.plots.palette import Theme, palette
from itembank.plots.plot import Cell, Column, Plot, Table
from itembank.plots.words import Language, Words, words

_HEIGHT = 380
_UPPER, _LOWER = 152, 88
"""Points of height of the two panels."""
_MOST_ERROR = 1.5
"""Logits: where a test measures worse than that, how much worse does not matter."""


def test_information(
    parameters: ItemParameters,
    *,
    cut: CutLike | None = None,  # noqa: PT028 - a plot, no test
    language: str | Language = Language.ENGLISH,  # noqa: PT028 - a plot, no test
    theme: str | Theme = Theme.LIGHT,  # noqa: PT028 - a plot, no test
) -> Plot:
    """Return the plot of a test's information, and of the standard error that follows from it.

    Information is the sum over items, in 1 / logits squared; the standard error of a maximum
    likelihood estimate is ``1 / sqrt(information)``, in logits.

    Parameters
    ----------
    parameters : ItemParameters
        Of the items of one test.
    cut : float or Cut, optional
        Logits; drawn with its standard error, where it has one, to either side.
    language : {'en', 'fr'}
    theme : {'light', 'dark'}

    Raises
    ------
    ValueError
        Where the cut is not finite.

    References
    ----------
    Embretson, S. E., & Reise, S. P. (2000). Item response theory for psychologists. Erlbaum.
    """
    said = words(language)
    places = np.array([] if cut is None else [place_of(cut)])
    limit = limit_of(parameters, places)
    with settings():
        drawn = sheet(_HEIGHT, palette(theme), said)
        _draw(drawn, parameters, limit, cut)
    return Plot(
        title=said.information_title,
        sentence=_sentence(parameters, limit, places, said),
        table=_table(parameters, limit, places, said),
        figure=drawn.figure,
        palette=drawn.palette,
    )


def _total(theta: ArrayLike, parameters: ItemParameters) -> FloatArray:
    return np.asarray(information(theta, parameters).sum(axis=-1))


def _error(total: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore"):
        return np.asarray(1 / np.sqrt(total))


def _draw(drawn: Sheet, parameters: ItemParameters, limit: float, cut: CutLike | None) -> None:
    width = WIDTH - LEFT - RIGHT
    upper = drawn.axes(LEFT, BOTTOM + _LOWER + 40, width, _UPPER)
    lower = drawn.axes(LEFT, BOTTOM, width, _LOWER)
    theta = np.linspace(-limit, limit, 241)
    total = _total(theta, parameters)
    _draw_panel(drawn, upper, theta, total)
    upper.fill_between(theta, total, color=drawn.palette.main, alpha=0.12, linewidth=0)
    _draw_panel(drawn, lower, theta, _error(total))
    drawn.ability(upper, limit, named=False)
    drawn.ability(lower, limit)
    upper.set_ylim(0, 1.08 * float(total.max()))
    lower.set_ylim(0, min(_MOST_ERROR, 1.05 * float(_error(total).max())))
    upper.tick_params(labelbottom=False)
    drawn.titled(upper, drawn.words.information_axis)
    drawn.note(lower, drawn.words.standard_error_axis, (-(LEFT - 6), 10), colour=drawn.palette.ink)
    if cut is not None:
        draw_upright(drawn, upper, cut)
        draw_upright(drawn, lower, cut, named=False)


def _draw_panel(drawn: Sheet, axes: Axes, theta: FloatArray, height: FloatArray) -> None:
    axes.plot(theta, height, color=drawn.palette.main, linewidth=2.2)
    axes.yaxis.set_major_locator(drawn.few_ticks())
    axes.yaxis.set_major_formatter(drawn.tick_words())


def _sentence(parameters: ItemParameters, limit: float, places: FloatArray, said: Words) -> str:
    theta = np.linspace(-limit, limit, 801)
    total = _total(theta, parameters)
    best = int(np.argmax(total))
    text = said.information_sentence.format(
        best=said.number(float(theta[best])),
        information=said.number(float(total[best])),
        error=said.number(float(_error(total[best]))),
    )
    for place in places.tolist():
        error = float(_error(_total(place, parameters)))
        at_cut = said.cut_sentence.format(cut=said.number(place), error=said.number(error))
        text = f"{text} {at_cut}"
    return text


def _table(parameters: ItemParameters, limit: float, places: FloatArray, said: Words) -> Table:
    columns = (
        Column(said.ability),
        Column(said.information),
        Column(said.standard_error),
        Column(said.cut),
    )
    steps = np.arange(-limit, limit + 0.25, 0.5)
    theta = np.sort(np.concatenate([steps, places]))
    total = _total(theta, parameters)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (at, amount, error, said.cut if at in places else "")
        for at, amount, error in np.column_stack([theta, total, _error(total)]).tolist()
    )
    return Table(columns, rows, said)
