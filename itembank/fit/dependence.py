"""Pairs of items whose answers go together more than ability makes them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from itembank.ability.estimates import Method, Prior
from itembank.ability.estimation import estimate_ability
from itembank.arguments import FloatArray, finite, number, sentence_fault
from itembank.calibrated import Calibrated
from itembank.curves import expected_score
from itembank.fit.subject import Subject, require_persons, subject_of

FLAGGED = 0.2
"""How far above the average a correlation is a flag, unless told (Christensen et al., 2017)."""
_NO_SPREAD = 1e-10
"""Of the mean square: less variance than that is rounding."""
FEWEST = 30
"""Persons who answered both items of a pair, below which nothing is said of it."""


@dataclass(frozen=True)
class Dependence:
    """Two items whose residuals go together: their places, Q3, Q3 less the average, and persons."""

    items: tuple[int, int]
    q3: float
    adjusted: float
    n: float


@dataclass(frozen=True, eq=False)
class LocalDependence:
    """Correlations of what ability does not explain, of each pair of items.

    Attributes
    ----------
    q3 : ndarray, shape (n_items, n_items)
        Yen's (1984) Q3, symmetric, 1 on the diagonal; NaN for pairs that fewer than thirty persons
        answered, or that have no spread.
    average : float
        Of all pairs: about ``-1 / (n_items - 1)`` where answers are independent given ability.
    adjusted : ndarray, shape (n_items, n_items)
        ``q3 - average``, NaN on the diagonal.
    n : ndarray, shape (n_items, n_items)
        Persons who answered both items, counted with their weights.
    flags : tuple of Dependence
        Pairs whose `adjusted` is above `threshold`, the highest first.
    threshold : float
    """

    q3: FloatArray
    average: float
    adjusted: FloatArray
    n: FloatArray
    flags: tuple[Dependence, ...]
    threshold: float


def local_dependence(
    scores: ArrayLike,
    calibrated: Calibrated,
    method: str | Method = Method.EAP,
    *,
    prior: Prior | None = None,
    theta: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    threshold: float = FLAGGED,
) -> LocalDependence:
    """Return Q3 of every pair of items, and the pairs that are to be looked at.

    A residual is a score less what is expected of it at the person's ability. Missing answers: each
    pair is correlated over the persons who answered both.

    Parameters
    ----------
    scores : array_like, shape (n_persons, n_items)
    calibrated : Calibration or ItemParameters
        Of two items or more.
    method : {"eap", "wle", "map", "ml"}
        How ability is estimated. Persons whose estimate is not finite are left out.
    prior : Prior, optional
        For EAP and MAP; a calibration of one group knows it.
    theta : array_like, shape (n_persons,), optional
        Abilities, in logits, instead of estimates.
    weights : array_like, shape (n_persons,), optional
        How many persons each row stands for.
    threshold : float
        How far above the average a correlation is a flag; above 0, and below 1.

    Raises
    ------
    ValueError
        Where an argument is not as said here.

    References
    ----------
    Yen, W. M. (1984). Effects of local item dependence on the fit and equating performance of the
    three-parameter logistic model. Applied Psychological Measurement, 8(2), 125-145.
    Christensen, K. B., Makransky, G., & Horton, M. (2017). Critical values for Yen's Q3:
    Identification of local dependence in the Rasch model using residual correlations. Applied
    Psychological Measurement, 41(3), 178-194.
    """
    number("threshold", threshold, "above 0 and below 1", lambda given: 0 < given < 1)
    of = subject_of(scores, calibrated, prior, weights)
    require_persons(of)
    if of.parameters.n_items < 2:
        raise sentence_fault("scores", "of two items or more", "1")
    q3, n = _correlations(of, _abilities(of, method, theta))
    pairs = np.triu_indices(len(q3), 1)
    average = float(np.nanmean(q3[pairs])) if np.isfinite(q3[pairs]).any() else math.nan
    adjusted = q3 - average
    np.fill_diagonal(adjusted, np.nan)
    return LocalDependence(q3, average, adjusted, n, _flags(q3, adjusted, n, threshold), threshold)


def _abilities(of: Subject, method: str | Method, theta: ArrayLike | None) -> FloatArray:
    values = of.matrix.values
    if theta is None:
        found = estimate_ability(values, of.parameters, method, prior=of.prior).theta
        return np.asarray(found)
    points = finite("theta", theta)
    if points.shape != (len(values),):
        raise sentence_fault("theta", f"of shape ({len(values)},)", f"shape {points.shape}")
    return points


def _correlations(of: Subject, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the correlation of residuals and the number of persons of every pair of items.

    With x the residuals of the first item and y those of the second, among those who answered both:
    sums of 1, x, x^2 and x y are four products of matrices.
    """
    n_items = of.parameters.n_items
    n, x, xx, xy = (np.zeros((n_items, n_items)) for _ in range(4))
    for place, block in of.matrix.blocks():
        points = theta[place]
        known = np.isfinite(points)
        weight = np.where(known, of.weights[place], 0.0)[:, np.newaxis]
        expected = expected_score(np.where(known, points, 0.0), of.parameters)
        given = np.ones_like(block.scores) if block.given is None else block.given
        away = (block.scores - expected) * given
        weighted = weight * away
        n += (weight * given).T @ given
        x += weighted.T @ given
        xx += (weighted * away).T @ given
        xy += weighted.T @ away
    return _from_sums(n, x, xx, xy), n


def _from_sums(n: FloatArray, x: FloatArray, xx: FloatArray, xy: FloatArray) -> FloatArray:
    size = np.maximum(n, 1.0)
    square = xx / size
    variance = np.maximum(square - (x / size) ** 2, 0.0)
    varies = variance > _NO_SPREAD * square
    spread = np.sqrt(variance * variance.T)
    known = (n >= FEWEST) & varies & varies.T
    covariance = xy / size - (x / size) * (x.T / size)
    return np.asarray(np.where(known, covariance / np.where(known, spread, 1.0), np.nan))


def _flags(
    q3: FloatArray, adjusted: FloatArray, n: FloatArray, threshold: float
) -> tuple[Dependence, ...]:
    above = np.argwhere(np.triu(np.nan_to_num(adjusted, nan=-1.0) > threshold, 1))
    found = [
        Dependence((int(a), int(b)), float(q3[a, b]), float(adjusted[a, b]), float(n[a, b]))
        for a, b in above
    ]
    return tuple(sorted(found, key=lambda each: (-each.adjusted, each.items)))
