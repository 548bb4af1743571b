"""How far a total score can be relied on: alpha, its interval, and the error of measurement."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.stats import f

from itembank.arguments import FloatArray, number


@dataclass(frozen=True)
class Reliability:
    """Of the total score, among persons who answered every item.

    Attributes
    ----------
    alpha : float
        Cronbach's alpha; of items that are right or wrong, KR-20. NaN with fewer than two items or
        two persons, or where totals do not differ.
    lower, upper : float
        The ends of its interval (Feldt, 1965).
    confidence : float
        Of that interval.
    se_measurement : float
        ``sd sqrt(1 - alpha)``, in points.
    mean, sd : float
        Of the total, in points.
    n_items, n : int
        How many items, and how many persons.

    References
    ----------
    Cronbach, L. J. (1951). Coefficient alpha and the internal structure of tests. Psychometrika,
    16(3), 297-334.
    Feldt, L. S. (1965). The approximate sampling distribution of Kuder-Richardson reliability
    coefficient twenty. Psychometrika, 30(3), 357-370.
    """

    alpha: float
    lower: float
    upper: float
    confidence: float
    se_measurement: float
    mean: float
    sd: float
    n_items: int
    n: int


def reliability_of(complete: FloatArray, confidence: float) -> Reliability:
    """Return the reliability of the total of scores (n_persons, n_items) without gaps."""
    number("confidence", confidence, "above 0 and below 1", lambda share: 0 < share < 1)
    n, n_items = complete.shape
    total = complete.sum(axis=1)
    sd = float(total.std(ddof=1)) if n > 1 else math.nan
    alpha = alpha_of(covariance_of(complete))
    lower, upper = _interval(alpha, n, n_items, confidence)
    return Reliability(
        alpha=alpha,
        lower=lower,
        upper=upper,
        confidence=confidence,
        se_measurement=sd * math.sqrt(1 - alpha) if alpha <= 1 else math.nan,
        mean=float(total.mean()) if n else math.nan,
        sd=sd,
        n_items=n_items,
        n=n,
    )


def covariance_of(complete: FloatArray) -> FloatArray:
    """Return the covariance of items (n_items, n_items); NaN with fewer than two persons."""
    n, n_items = complete.shape
    if n < 2:
        return np.full((n_items, n_items), np.nan)
    away = complete - complete.mean(axis=0)
    return np.asarray(away.T @ away / (n - 1))


def alpha_of(covariance: FloatArray) -> float:
    """``k / (k - 1) (1 - sum of variances / variance of the total)``."""
    k, total = len(covariance), float(covariance.sum())
    if k < 2 or not total > 0:
        return math.nan
    return k / (k - 1) * (1 - float(np.trace(covariance)) / total)


def alphas_without(covariance: FloatArray) -> FloatArray:
    """Return alpha of all items but one, for each one; NaN where two are all there are."""
    k = len(covariance) - 1
    own = np.diag(covariance)
    total = covariance.sum() - 2 * covariance.sum(axis=1) + own
    known = (total > 0) & (k > 1)
    share = np.divide(own.sum() - own, total, where=known, out=np.full(len(own), np.nan))
    return np.asarray(k / max(k - 1, 1) * (1 - share))


def _interval(alpha: float, n: int, n_items: int, confidence: float) -> tuple[float, float]:
    if math.isnan(alpha):
        return math.nan, math.nan
    tail = (1 - confidence) / 2
    free = n - 1, (n - 1) * (n_items - 1)
    low, high = (float(f.ppf(share, *free)) for share in (tail, 1 - tail))
    return 1 - (1 - alpha) * high, 1 - (1 - alpha) * low
