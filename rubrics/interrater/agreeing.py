"""Agreement of raters, from their ratings."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from numpy.typing import ArrayLike

from itembank.faults import fault
from rubrics.interrater import figures
from rubrics.interrater.resampling import (
    Figure,
    acceleration,
    left_out,
    resampled,
    with_interval,
)
from rubrics.interrater.results import Agreement, Estimate, Interval, Metric, Undefined
from rubrics.interrater.tables import Patterns, patterns_of
from rubrics.interrater.totals import Shares, shares
from rubrics.rubric import checked_whole, checked_word

_MOST_RESAMPLES = 100_000


def agreement(
    ratings: ArrayLike,
    *,
    performance: ArrayLike | None = None,
    rater: ArrayLike | None = None,
    step: float = 1.0,
    metric: Metric | str = Metric.ORDINAL,
    level: float = 0.95,
    interval: Interval | str = Interval.BCA,
    n_resamples: int = 2000,
    seed: int = 0,
) -> Agreement:
    """Return how alike raters mark: proportions, kappa, alpha and intraclass correlations.

    Performances that fewer than two raters have rated are left out. A figure that these ratings
    do not define is None, with the reason.

    - Exact and adjacent: for each performance the share of its pairs of raters who agree, or differ
      by a `step` at most; then the mean over performances.
    - Kappa, of two raters: ``1 - sum (x - y)^2 / n / mean over all i, j of (x_i - y_j)^2``.
    - Alpha: ``1 - (observed disagreement) / (expected)``, each performance's pairs weighted by one
      over its number of ratings less one, so that raters may have rated some performances only.
    - ICC(A,1) and ICC(A,k), where every rater rated every performance, from the mean squares of
      performances R, raters C and error E: ``(R - E) / (R + (k - 1) E + k (C - E) / n)`` and
      ``(R - E) / (R + (C - E) / n)``. They count a rater's severity as disagreement.
    - ICC(1): ``(B - W) / (B + (k - 1) W)``, from the mean squares between and within performances.

    Agreement says how dependable marking is. It is not the probability of a level.

    Parameters
    ----------
    ratings
        Levels as numbers (ranks or points), shape (n_performances, n_raters), NaN where there is
        no rating; or, with `performance` and `rater`, one level an entry, shape (n_ratings,).
    performance, rater
        Of what and by whom each entry is: whole numbers or texts, shape (n_ratings,).
    step
        The distance of two neighbouring levels.
    metric
        How far apart levels count in alpha: "nominal", "ordinal" or "interval".
    level, interval, n_resamples, seed
        Intervals of this level by resampling performances; the raters are taken as they are. "bca"
        corrects the percentiles for bias and skewness, "percentile" does not. Without variation
        there is no interval. The same seed gives the same interval.

    Raises
    ------
    ValueError
        Ratings that are infinite or on more than 200 levels, a rater with two ratings of one
        performance, arrays that do not match, or an option that is none.

    References
    ----------
    Cohen, J. (1968). Psychological Bulletin 70, 213-220. Krippendorff, K. (2011). Computing
    Krippendorff's alpha-reliability. McGraw, K. O. & Wong, S. P. (1996). Psychological Methods 1,
    30-46. Shrout, P. E. & Fleiss, J. L. (1979). Psychological Bulletin 86, 420-428. Efron, B.
    (1987). Journal of the American Statistical Association 82, 171-185.
    """
    distance = checked_word(Metric, metric, "metric")
    kind = checked_word(Interval, interval, "interval")
    _check_between("step", step, math.inf)
    _check_between("level", level, 1.0)
    checked_whole(n_resamples, "n_resamples", 1, _MOST_RESAMPLES)
    checked_whole(seed, "seed", 0, 2**63)
    patterns = patterns_of(ratings, performance, rater)
    how = _Resampling(level, kind, n_resamples, seed)
    found = _estimates(patterns, step, distance, how)
    return Agreement(
        n_performances=patterns.n_performances,
        n_raters=patterns.n_raters,
        n_ratings=patterns.n_ratings,
        is_crossed=patterns.rows is not None,
        exact=found["exact"],
        adjacent=found["adjacent"],
        kappa=found["kappa"],
        alpha=found["alpha"],
        icc_a1=found["icc_a1"],
        icc_ak=found["icc_ak"],
        icc_1=found["icc_1"],
        metric=distance,
        interval=kind,
        level=level,
    )


@dataclass(frozen=True)
class _Resampling:
    """How intervals are had."""

    level: float
    interval: Interval
    number: int
    seed: int


def _estimates(
    patterns: Patterns, step: float, metric: Metric, how: _Resampling
) -> Mapping[str, Estimate]:
    reasons = _reasons(patterns)
    found = {name: Estimate(None, reason=why) for name, why in reasons.items()}
    figures_ = {name: each for name, each in _figures(metric).items() if name not in reasons}
    if not figures_:
        return found
    parts = shares(patterns, step)
    values = {name: float(each(parts.observed)[0]) for name, each in figures_.items()}
    undefined = [name for name, value in values.items() if math.isnan(value)]
    found |= {name: Estimate(None, reason=Undefined.CONSTANT) for name in undefined}
    defined = {name: each for name, each in figures_.items() if name not in undefined}
    return found | _with_intervals(parts, defined, values, how)


def _with_intervals(
    parts: Shares, defined: Mapping[str, Figure], values: Mapping[str, float], how: _Resampling
) -> dict[str, Estimate]:
    samples = resampled(parts, defined, how.number, how.seed)
    skews = dict.fromkeys(defined, 0.0)
    if how.interval is Interval.BCA:
        left = left_out(parts, defined)
        skews = {name: acceleration(left[name], parts.frequency) for name in defined}
    return {
        name: with_interval(values[name], samples[name], skews[name], how.level, how.interval)
        for name in defined
    }


def _figures(metric: Metric) -> dict[str, Figure]:
    return {
        "exact": figures.exact,
        "adjacent": figures.adjacent,
        "kappa": figures.kappa,
        "alpha": partial(figures.alpha, metric=metric),
        "icc_a1": figures.icc_a1,
        "icc_ak": figures.icc_ak,
        "icc_1": figures.icc_1,
    }


def _reasons(patterns: Patterns) -> dict[str, Undefined]:
    """Return why figures do not apply to a design, by the name of the figure."""
    names = list(_figures(Metric.NOMINAL))
    if patterns.n_performances < 2:
        kept = () if patterns.n_performances == 0 else ("exact", "adjacent")
        return {name: Undefined.TOO_FEW for name in names if name not in kept}
    reasons = {}
    if patterns.n_raters != 2:
        reasons["kappa"] = Undefined.NOT_TWO_RATERS
    if patterns.rows is None:
        reasons["icc_a1"] = reasons["icc_ak"] = Undefined.NOT_CROSSED
    return reasons


def _check_between(argument: str, value: object, most: float) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not (is_number and 0 < value < most):  # type: ignore[operator]  # a number, by the line above
        allowed = "above 0 and finite" if most == math.inf else f"above 0 and below {most:g}"
        raise fault(argument, allowed, value)
