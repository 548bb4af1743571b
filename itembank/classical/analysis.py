"""Classical item analysis: difficulty, discrimination, reliability and the options chosen."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from itembank.arguments import (
    FloatArray,
    IntArray,
    ScoreArray,
    numbers,
    require,
    scores_given,
    sentence_fault,
)
from itembank.calibration.persons import score_array
from itembank.classical.correlating import correlation, rest_shares
from itembank.classical.options import Choices, OptionStatistics, checked_choices, options_of
from itembank.classical.reliability import (
    Reliability,
    alphas_without,
    covariance_of,
    reliability_of,
)

_HIGHEST = 127
_MOST = f"whole, from 1 to {_HIGHEST}"


@dataclass(frozen=True)
class ItemStatistics:
    """What classical theory says of one item.

    Attributes
    ----------
    item : int
        Its place among the items.
    difficulty : float
        The mean score as a share of the highest: of items that are right or wrong, the share of
        right answers. High where an item is easy.
    mean, sd : float
        Of the score, in points.
    item_rest : float
        The correlation of the score with the share of points on the other items that the person
        was given: where everybody was given everything, the corrected item-total correlation. NaN
        where everybody scored alike.
    alpha_if_deleted : float
        Alpha of the other items, of the persons who answered every item.
    n : int
        Persons who were given the item.
    options : tuple of OptionStatistics
        Empty where no choices were given.
    """

    item: int
    difficulty: float
    mean: float
    sd: float
    item_rest: float
    alpha_if_deleted: float
    n: int
    options: tuple[OptionStatistics, ...] = ()


@dataclass(frozen=True)
class ItemAnalysis:
    """The statistics of each item, in order, and the reliability of their total."""

    items: tuple[ItemStatistics, ...]
    reliability: Reliability


def item_analysis(
    scores: ArrayLike,
    *,
    highest: ArrayLike | None = None,
    choices: ArrayLike | None = None,
    keys: ArrayLike | None = None,
    confidence: float = 0.95,
) -> ItemAnalysis:
    """Return difficulty, discrimination, options and reliability, without any model.

    Missing answers: an item's own statistics are of the persons who were given it, and the rest
    that it is correlated with is of the other items that each was given. Alpha needs totals, and is
    of the persons who answered every item: `reliability.n` says how many.

    Parameters
    ----------
    scores : array_like, shape (n_persons, n_items)
        Whole, from 0; NaN, or -1 in integers, where not administered.
    highest : array_like of int, shape (n_items,) or a number, optional
        The most points of each item; the most that anybody has, unless told.
    choices : array_like, shape (n_persons, n_items), optional
        The option that each person chose, from 0; -1 or NaN for none.
    keys : array_like, shape (n_items,), optional
        The right option of each item; -1 or NaN where there is none. Needed with `choices`.
    confidence : float
        Of alpha's interval.

    Raises
    ------
    ValueError
        Where an argument is not as said here.

    References
    ----------
    Lord, F. M., & Novick, M. R. (1968). Statistical theories of mental test scores. Addison-Wesley.
    """
    given = scores_given(scores)
    if given.ndim != 2 or not given.size:
        allowed = "of shape (n_persons, n_items), neither of them 0"
        raise sentence_fault("scores", allowed, f"shape {given.shape}")
    if not np.any(given >= 0):
        raise sentence_fault("scores", "of one answer or more", "none")
    tops = _tops(given, highest)
    values = score_array(given, tops).T.astype(np.float64)
    values[values < 0] = np.nan
    shape = (len(values), values.shape[1])
    chosen = None if choices is None else checked_choices(choices, keys, shape)
    return _analysed(values, tops.astype(np.float64), chosen, confidence)


def _tops(given: ScoreArray, highest: ArrayLike | None) -> IntArray:
    """Return the highest score of each item, as whole numbers."""
    n_items = given.shape[1]
    if highest is None:
        known = np.where(np.isfinite(given), given, 0).max(axis=0)
        return np.asarray(np.clip(np.floor(known), 1, _HIGHEST), dtype=np.int64)
    tops = numbers("highest", highest)
    if tops.shape not in {(), (n_items,)}:
        wanted = f"of shape (n_persons, {tops.size}), as `highest` is"
        raise sentence_fault("scores", wanted, f"shape {given.shape}")
    require((tops >= 1) & (tops <= _HIGHEST) & (tops == np.floor(tops)), "highest", _MOST, tops)
    return np.broadcast_to(tops, n_items).astype(np.int64)


@dataclass(frozen=True, eq=False)
class _Table:
    """Scores with NaN where not given, and what each item is held against."""

    values: FloatArray
    tops: FloatArray
    rest: FloatArray
    without: FloatArray
    chosen: Choices | None


def _analysed(
    values: FloatArray, tops: FloatArray, chosen: Choices | None, confidence: float
) -> ItemAnalysis:
    complete = values[np.isfinite(values).all(axis=1)]
    without = alphas_without(covariance_of(complete))
    table = _Table(values, tops, rest_shares(values, tops), without, chosen)
    items = tuple(_item(table, item) for item in range(len(tops)))
    return ItemAnalysis(items, reliability_of(complete, confidence))


def _item(table: _Table, item: int) -> ItemStatistics:
    own, rest = table.values[:, item], table.rest[:, item]
    given = np.isfinite(own)
    n = int(given.sum())
    mean = float(own[given].mean()) if n else math.nan
    return ItemStatistics(
        item=item,
        difficulty=mean / float(table.tops[item]),
        mean=mean,
        sd=float(own[given].std(ddof=1)) if n > 1 else math.nan,
        item_rest=correlation(own, rest),
        alpha_if_deleted=float(table.without[item]),
        n=n,
        options=() if table.chosen is None else options_of(table.chosen, item, given, rest),
    )
