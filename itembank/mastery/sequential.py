"""The sequential probability ratio test of an ability against a cut."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from itembank.ability.likelihood import likelihood
from itembank.ability.scores import score_matrix
from itembank.arguments import sentence_fault
from itembank.faults import fault
from itembank.mastery.cuts import Cut, Verdict
from itembank.parameters import ItemParameters


@dataclass(frozen=True, slots=True)
class SprtState:
    """Where a sequential test stands: its log likelihood ratio, the bounds, and the verdict.

    The verdict is "not enough evidence" while the ratio lies between the bounds: go on.
    """

    log_ratio: float
    lower: float
    upper: float
    verdict: Verdict


def sprt(
    scores: ArrayLike,
    parameters: ItemParameters,
    cut: float | Cut,
    delta: float,
    *,
    alpha: float = 0.05,
    beta: float = 0.05,
) -> SprtState:
    """Return where one person's sequential test of an ability against a cut stands.

    The ratio is ``log L(cut + delta) - log L(cut - delta)``; "above" from
    ``log((1 - beta) / alpha)``, "below" from ``log(beta / (1 - alpha))``: plus and minus log 19
    where both are 0.05. The error rates hold for a test that may go on for ever; one that is cut
    short errs more.

    Parameters
    ----------
    scores : array_like, shape (n_items,)
        NaN (or -1 among integers) where not administered.
    parameters : ItemParameters
    cut : float or Cut
        In logits; its standard error plays no part.
    delta : float
        Half the width of the indifference region, in logits; positive.
    alpha, beta : float
        The rates of wrongly saying "above" at ``cut - delta`` and "below" at ``cut + delta``; each
        above 0, together below 1.

    Raises
    ------
    ValueError
        Where an argument is not as said here.

    References
    ----------
    Wald, A. (1947). Sequential analysis. Wiley.
    """
    mark = cut if isinstance(cut, Cut) else Cut(float(cut))
    lower, upper = sprt_bounds(alpha, beta)
    if not 0 < delta < math.inf:
        raise fault("delta", "positive and finite", delta)
    matrix = score_matrix(scores, parameters)
    if not matrix.is_one_person:
        raise sentence_fault("scores", "of shape (n_items,)", f"shape {matrix.values.shape}")
    curves = likelihood(np.array([mark.theta - delta, mark.theta + delta]), parameters)
    below, above = (float(each) for _, block in matrix.blocks() for each in curves.of(block)[0])
    ratio = above - below
    return SprtState(ratio, lower, upper, _verdict(ratio, lower, upper))


def sprt_bounds(alpha: float, beta: float) -> tuple[float, float]:
    """Return the log likelihood ratios at and below, and at and above which a test is decided."""
    for name, rate in (("alpha", alpha), ("beta", beta)):
        if not 0 < rate < 1:
            raise fault(name, "above 0 and below 1", rate)
    if alpha + beta >= 1:
        raise fault("alpha", f"below 1 - beta, {1 - beta:g}", alpha)
    return math.log(beta / (1 - alpha)), math.log((1 - beta) / alpha)


def _verdict(ratio: float, lower: float, upper: float) -> Verdict:
    if ratio >= upper:
        return Verdict.ABOVE
    return Verdict.BELOW if ratio <= lower else Verdict.UNCLEAR
