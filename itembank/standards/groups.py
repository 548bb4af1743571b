"""Standards from people of whom something else is known: borderline, or masters and others."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from itembank.arguments import (
    BoolArray,
    FloatArray,
    finite,
    generator_of,
    number,
    numbers,
    require,
    sentence_fault,
    whole,
)
from itembank.regression import logistic_regression

FEWEST_BORDERLINE = 10
FEWEST_OF_EACH = 5
_MOST_DRAWS = 100_000


@dataclass(frozen=True)
class BorderlineGroup:
    """The cut that people make who are just good enough: their median score.

    `se` is the standard deviation of the median over resamples of them; `mean`, `sd` and
    `n_persons` say who they were. In the unit of the scores.
    """

    cut: float
    se: float
    mean: float
    sd: float
    n_persons: int


def borderline_group(scores: ArrayLike, *, draws: int = 2_000, seed: int = 0) -> BorderlineGroup:
    """Return the median score of a borderline group, with its error by the bootstrap.

    Parameters
    ----------
    scores : array_like, shape (n_persons,)
        Of persons who were judged to be borderline; ten or more.
    draws, seed : int
        How many resamples are drawn, and from which seed.

    Raises
    ------
    ValueError
        Where an argument is not as said here.

    References
    ----------
    Zieky, M. J., & Livingston, S. A. (1977). Manual for setting standards on the Basic Skills
    Assessment tests. Educational Testing Service.
    """
    values = finite("scores", scores, ndim=1, shape="(n_persons,)")
    if values.size < FEWEST_BORDERLINE:
        raise sentence_fault("scores", f"of {FEWEST_BORDERLINE} persons or more", f"{values.size}")
    whole("draws", draws, 2, _MOST_DRAWS)
    rng, ordered = generator_of(seed), np.sort(values)
    medians = [np.median(rng.choice(ordered, values.size)) for _ in range(draws)]
    return BorderlineGroup(
        cut=float(np.median(values)),
        se=float(np.std(medians, ddof=1)),
        mean=float(values.mean()),
        sd=float(values.std(ddof=1)),
        n_persons=values.size,
    )


@dataclass(frozen=True)
class ContrastingGroups:
    """The cut between people who are known to be masters, and people who are known not to be.

    Attributes
    ----------
    cut : float
        The score at which somebody is a master with the probability at which both errors cost the
        same; by logistic regression. In the unit of the scores.
    se : float
        By the delta method; NaN where the groups do not overlap, and where the regression did not
        converge: then nothing is known of how sure `cut` is.
    least_loss_cut : float
        The score that, were it the cut, would have cost least here: who reaches it passes.
    false_passes, false_fails : float
        The share of others who reach `cut`, and of masters who do not.
    overlap : bool
        Whether some master has a lower score than some other. Where not, `cut` is half-way between
        the groups: where they touch, the score that is both the worst master's and the best
        other's.
    n_masters, n_others : int
    """

    cut: float
    se: float
    least_loss_cut: float
    false_passes: float
    false_fails: float
    overlap: bool
    n_masters: int
    n_others: int


def contrasting_groups(
    scores: ArrayLike, is_master: ArrayLike, *, cost_of_false_pass: float = 1.0
) -> ContrastingGroups:
    """Return the cut that tells masters from others.

    Parameters
    ----------
    scores : array_like, shape (n_persons,)
    is_master : array_like of bool or 0 and 1, shape (n_persons,)
        What is known of each person otherwise.
    cost_of_false_pass : float
        What passing somebody who is no master costs, where failing a master costs 1; positive.

    Raises
    ------
    ValueError
        Where there are fewer than five of either, where masters do not score higher on average, and
        where another argument is not as said here.

    References
    ----------
    Livingston, S. A., & Zieky, M. J. (1982). Passing scores: A manual for setting standards of
    performance on educational and occupational tests. Educational Testing Service.
    Albert, A., & Anderson, J. A. (1984). On the existence of maximum likelihood estimates in
    logistic regression models. Biometrika, 71(1), 1-10.
    """
    values = finite("scores", scores, ndim=1, shape="(n_persons,)")
    masters = _masters(is_master, values)
    allowed = "positive and finite"
    number("cost_of_false_pass", cost_of_false_pass, allowed, lambda cost: 0 < cost < math.inf)
    own, others = values[masters], values[~masters]
    cut, se = _cut(values, masters, cost_of_false_pass)
    return ContrastingGroups(
        cut=cut,
        se=se,
        least_loss_cut=_least_loss(own, others, cost_of_false_pass),
        false_passes=float(np.mean(others >= cut)),
        false_fails=float(np.mean(own < cut)),
        overlap=bool(own.min() < others.max()),
        n_masters=own.size,
        n_others=others.size,
    )


def _masters(is_master: ArrayLike, scores: FloatArray) -> BoolArray:
    given = numbers("is_master", is_master)
    if given.shape != scores.shape:
        raise sentence_fault("is_master", f"of shape {scores.shape}", f"shape {given.shape}")
    require((given == 0) | (given == 1), "is_master", "0 or 1", given)
    masters = given == 1
    fewest = min(int(masters.sum()), int((~masters).sum()))
    if fewest < FEWEST_OF_EACH:
        allowed = f"true of {FEWEST_OF_EACH} persons or more, and not of as many"
        raise sentence_fault("is_master", allowed, f"{fewest} of one kind")
    if scores[masters].mean() <= scores[~masters].mean():
        allowed = "true of people who score higher on average"
        raise sentence_fault("is_master", allowed, "the other way round")
    return np.asarray(masters)


def _cut(scores: FloatArray, masters: BoolArray, cost: float) -> tuple[float, float]:
    """Return where ``P(master) = cost / (1 + cost)``, and its standard error.

    Without overlap there is no curve of greatest likelihood: the steeper, the likelier (Albert &
    Anderson, 1984). A tie of the groups' ends is no overlap.
    """
    low, high = scores[~masters].max(), scores[masters].min()
    if low <= high:
        return float(low + high) / 2, math.nan
    centre, spread = scores.mean(), scores.std()
    design = np.stack([np.ones(scores.size), (scores - centre) / spread], axis=1)
    found = logistic_regression(design, masters)
    constant, slope = found.coefficients
    place = (math.log(cost) - constant) / slope
    gradient = np.array([-1.0, -place]) / slope
    variance = float(gradient @ found.covariance @ gradient) if found.converged else math.nan
    return float(centre + spread * place), float(spread) * math.sqrt(variance)


def _least_loss(masters: FloatArray, others: FloatArray, cost: float) -> float:
    """Return the score that costs least as a cut; of several, the one in the middle."""
    places = np.unique(np.concatenate([masters, others]))
    failed = np.searchsorted(np.sort(masters), places)
    passed = others.size - np.searchsorted(np.sort(others), places)
    loss = failed + cost * passed
    best = places[loss == loss.min()]
    return float(best[(best.size - 1) // 2])
