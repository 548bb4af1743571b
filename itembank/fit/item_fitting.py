"""Whether each item behaves as its model says: S-X2, infit, outfit and RMSD."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import chi2

from itembank.ability.estimates import Prior
from itembank.ability.scores import ScoreMatrix
from itembank.arguments import IntArray
from itembank.calibrated import Calibrated
from itembank.fit.cells import chi_square, n_cells, rows_of
from itembank.fit.residuals import Residuals, residuals
from itembank.fit.subject import (
    free_parameters,
    require_persons,
    require_variety,
    subject_of,
)
from itembank.fit.summed import ScoreGroups, score_groups


@dataclass(frozen=True, eq=False)
class ItemFit:
    """How well one item agrees with its model.

    Attributes
    ----------
    item : int
        Its place among the items.
    statistic : float
        S-X2, a chi-square where the model holds; of the persons who answered every item. NaN where
        there is nobody, or no cell is left to compare.
    df : int
        Cells that are free to differ, less the parameters that were estimated.
    p : float
        Of a chi-square as large or larger; NaN where `df` is not positive.
    rmsd : float
        The root of the mean squared distance between the item's curve as it is observed and as the
        model has it, over the persons' abilities, in shares of the highest score.
    infit, outfit : float
        Mean squared residuals, weighted by the variance and unweighted: 1 on average where the
        model holds, above it where answers are noisier, below it where they are more regular.
    infit_z, outfit_z : float
        The same, standardised, with mean about 0 where the model holds. They are no standard
        normal deviates: outfit's is skewed, so that 3 to 12 % of items lie below -1.96 and hardly
        one in a hundred above 1.96; infit's has 2 to 6 % beyond either way, and of the 3PL with
        priors 1 %. NaN where the item's own parameters leave nothing to test.
    n : float
        Persons who answered this item, for all but S-X2; counted with their weights.
    n_complete : float
        Persons who answered every item, for S-X2.
    groups : ScoreGroups or None
        What was observed and expected by total score; None where nobody answered every item.
    """

    item: int
    statistic: float
    df: int
    p: float
    rmsd: float
    infit: float
    infit_z: float
    outfit: float
    outfit_z: float
    n: float
    n_complete: float
    groups: ScoreGroups | None = field(repr=False)


def item_fit(
    scores: ArrayLike,
    calibrated: Calibrated,
    *,
    prior: Prior | None = None,
    weights: ArrayLike | None = None,
    n_free: ArrayLike | None = None,
) -> tuple[ItemFit, ...]:
    """Return how well each item fits, in order.

    S-X2 compares, among persons of the same total score, how many had each score of the item with
    how many the model expects (Orlando & Thissen, 2000; of graded scores, Kang & Chen, 2008). Cells
    that expect fewer than one person are put together: see `cells.rows_of`.

    Missing answers: S-X2 needs totals, and takes only persons who answered every item; `n_complete`
    says how many. The other statistics take every answer that there is.

    Parameters
    ----------
    scores : array_like, shape (n_persons, n_items)
        As for `calibrate`; NaN, or -1 in integers, where not administered.
    calibrated : Calibration or ItemParameters
    prior : Prior, optional
        The distribution of ability of these persons; a calibration of one group knows it, and
        parameters alone are taken to come with the standard normal one.
    weights : array_like, shape (n_persons,), optional
        How many persons each row stands for.
    n_free : array_like of int, shape (n_items,) or a number, optional
        How many parameters of each item were estimated from these scores; 0 where none was. Unless
        told: those that are the item's own, and nothing of what items share (a common slope, a free
        mean or spread of ability); of parameters alone, as many as their models have. mirt counts
        with each item what all share: of Rasch items and one group, ``n_free=2`` gives its degrees.
        Ours differ because S-X2 of items with one slope does not depend on that slope, nor on the
        distribution of ability: among persons of one total neither bends what is expected. Counted
        so, S-X2 of five Rasch items flags 4.4 % at 5 %; counted with the spread, 10 %.

    Raises
    ------
    ValueError
        Where an argument is not as said here, where all who answered an item scored alike, and
        where a calibration has several groups and no `prior` says which is tested.

    References
    ----------
    Orlando, M., & Thissen, D. (2000). Likelihood-based item-fit indices for dichotomous item
    response theory models. Applied Psychological Measurement, 24(1), 50-64.
    Kang, T., & Chen, T. T. (2008). Performance of the generalized S-X2 item fit index for
    polytomous IRT models. Journal of Educational Measurement, 45(4), 391-406.
    Wright, B. D., & Masters, G. N. (1982). Rating scale analysis. MESA Press.
    """
    of = subject_of(scores, calibrated, prior, weights)
    require_persons(of)
    require_variety(of)
    free = free_parameters(calibrated, n_free)
    complete = _complete(of.matrix)
    n_complete = float(of.weights[complete].sum())
    groups = [*score_groups(of, complete)] if n_complete else [None] * len(free)
    residual = residuals(of, free)
    return tuple(
        _fit_of(item, groups[item], int(free[item]), residual, n_complete)
        for item in range(len(free))
    )


def _complete(matrix: ScoreMatrix) -> IntArray:
    """Return the rows of those who answered every item."""
    return np.flatnonzero((matrix.values >= 0).all(axis=1))  # neither NaN nor -1


def _fit_of(
    item: int, groups: ScoreGroups | None, free: int, residual: Residuals, n_complete: float
) -> ItemFit:
    rows = [] if groups is None else rows_of(groups)
    df = n_cells(rows) - free
    statistic = chi_square(rows) if rows else float("nan")
    return ItemFit(
        item=item,
        statistic=statistic,
        df=df,
        p=float(chi2.sf(statistic, df)) if df > 0 else float("nan"),
        rmsd=float(residual.rmsd[item]),
        infit=float(residual.infit[item]),
        infit_z=float(residual.infit_z[item]),
        outfit=float(residual.outfit[item]),
        outfit_z=float(residual.outfit_z[item]),
        n=float(residual.n[item]),
        n_complete=n_complete,
        groups=groups,
    )
