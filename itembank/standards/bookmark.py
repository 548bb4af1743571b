"""The bookmark method: where judges put a mark in a booklet of items ordered by difficulty."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logit

from itembank.arguments import FloatArray, finite, frozen, number, require, sentence_fault
from itembank.faults import chosen, fault
from itembank.parameters import ItemParameters, require_items

MEDIAN_OVER_MEAN = math.sqrt(math.pi / 2)
"""The standard error of a median over that of a mean, where judges are normally distributed."""
_TWO_THIRDS = 2 / 3


class Reading(StrEnum):
    """Which ability a bookmark stands for."""

    BOOKMARKED = "bookmarked"
    """The location of the item that was marked."""
    BEFORE = "before"
    """The location of the item before it: the last one that was mastered."""
    BETWEEN = "between"
    """Half-way between the two."""


@dataclass(frozen=True, eq=False)
class Bookmark:
    """A cut in logits, from the bookmarks of a panel.

    Attributes
    ----------
    cut : float
        The median of the judges' places.
    mean, sd, se : float
        Their mean, their standard deviation, and the standard error of the mean.
    median_se : float
        The standard error of the median, were judges normally distributed.
    judge_cuts : ndarray, shape (n_judges,)
        The place of each judge's bookmark, in logits.
    locations : ndarray, shape (n_items,)
        The booklet: where each item, in order, is got right with the response probability.
    order : ndarray of int, shape (n_items,)
        Which item stands on each page.
    response_probability : float
    reading : Reading
    """

    cut: float
    mean: float
    sd: float
    se: float
    median_se: float
    judge_cuts: FloatArray
    locations: FloatArray
    order: FloatArray
    response_probability: float
    reading: Reading


def bookmark(
    parameters: ItemParameters,
    bookmarks: ArrayLike,
    *,
    response_probability: float = _TWO_THIRDS,
    reading: str | Reading = Reading.BOOKMARKED,
) -> Bookmark:
    """Return the cut that the bookmarks of a panel make.

    The booklet holds the items in the order of the ability at which each is got right with the
    response probability; ties keep the order of the items.

    Parameters
    ----------
    parameters : ItemParameters
        Of dichotomous items.
    bookmarks : array_like, shape (n_judges,)
        Pages from 1; with the reading "before" or "between", from 2.
    response_probability : float
        Above 0 and below 1, and within every item's asymptotes; two thirds where not given.
    reading : str or Reading

    Returns
    -------
    Bookmark

    Raises
    ------
    ValueError
        Where there are fewer than two judges, where a page is not in the booklet, and where another
        argument is not as said here.

    References
    ----------
    Mitzel, H. C., Lewis, D. M., Patz, R. J., & Green, D. R. (2001). The bookmark procedure. In
    G. J. Cizek (Ed.), Setting performance standards (pp. 249-281). Erlbaum.
    """
    kind = chosen("reading", Reading, reading)
    each = response_locations(parameters, response_probability)
    order = np.argsort(each, kind="stable")
    places = _places(each[order], _pages(bookmarks, parameters.n_items, kind), kind)
    sd = float(places.std(ddof=1))
    se = sd / math.sqrt(places.size)
    return Bookmark(
        cut=float(np.median(places)),
        mean=float(places.mean()),
        sd=sd,
        se=se,
        median_se=MEDIAN_OVER_MEAN * se,
        judge_cuts=frozen(places),
        locations=frozen(each[order]),
        order=frozen(order),
        response_probability=response_probability,
        reading=kind,
    )


def response_locations(parameters: ItemParameters, response_probability: float) -> FloatArray:
    """Return the ability at which each item is got right with a probability, shape (n_items,).

    ``b + logit((RP - c) / (d - c)) / a``, in logits. ValueError where an item is polytomous, has no
    positive slope, or never has that probability.
    """
    require_items(parameters)
    own, allowed = parameters, "above 0 and below 1"
    rp = number("response_probability", response_probability, allowed, lambda share: 0 < share < 1)
    if own.is_polytomous.any():
        place = int(np.flatnonzero(own.is_polytomous)[0])
        raise fault("parameters", "of dichotomous items", own.model[place].value, str(place))
    require(own.slope > 0, "parameters", "of positive slopes", own.slope)
    reached = (own.guessing < rp) & (rp < own.upper)
    allowed = f"of items whose asymptotes lie around {rp:.3g}"
    require(reached, "parameters", allowed, own.guessing)
    share = (rp - own.guessing) / (own.upper - own.guessing)
    return np.asarray(own.threshold[:, 0] + logit(share) / own.slope)


def _pages(bookmarks: ArrayLike, n_items: int, kind: Reading) -> FloatArray:
    pages = finite("bookmarks", bookmarks, ndim=1, shape="(n_judges,)")
    if pages.size < 2:
        raise sentence_fault("bookmarks", "of 2 judges or more", f"{pages.size}")
    first = 1 if kind is Reading.BOOKMARKED else 2
    allowed = f"pages from {first} to {n_items}"
    require((pages % 1 == 0) & (pages >= first) & (pages <= n_items), "bookmarks", allowed, pages)
    return pages


def _places(locations: FloatArray, pages: FloatArray, kind: Reading) -> FloatArray:
    index = pages.astype(np.int64) - 1
    if kind is Reading.BOOKMARKED:
        return np.asarray(locations[index])
    before = locations[index - 1]
    return np.asarray(before if kind is Reading.BEFORE else (before + locations[index]) / 2)
