"""Angoff's method: how probable it is, judges think, that a borderline person is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from itembank.arguments import FloatArray, finite, frozen, require, sentence_fault

FEWEST_JUDGES = 2


@dataclass(frozen=True)
class PanelAgreement:
    """How far judges agree about items, from the two-way analysis of variance, judges random.

    Attributes
    ----------
    single, average : float
        Intraclass correlations of absolute agreement of one judge, ICC(2,1), and of the panel's
        mean, ICC(2,k). NaN where nothing varies.
    consistency : float
        Of the panel's mean, where it does not matter that some judges are stricter: ICC(3,k).
    judges, items, residual : float
        Components of variance, of squared ratings; an estimate below 0 is 0.

    References
    ----------
    Shrout, P. E., & Fleiss, J. L. (1979). Intraclass correlations: Uses in assessing rater
    reliability. Psychological Bulletin, 86(2), 420-428.
    """

    single: float
    average: float
    consistency: float
    judges: float
    items: float
    residual: float


@dataclass(frozen=True)
class PanelRound:
    """One round of a panel: its cut, spread and error, and how far judges moved since the last.

    `moved` is the mean absolute change of a rating since the round before, NaN in the first.
    """

    cut: float
    sd: float
    se: float
    moved: float


@dataclass(frozen=True, eq=False)
class Angoff:
    """A cut on the sum of scores, as a panel sees it.

    Attributes
    ----------
    cut : float
        The mean of the judges' sums, in raw points; ratings are shares of an item's one point.
    sd, se : float
        The standard deviation of the judges' sums, and that over the root of their number: what
        another panel of as many judges would differ by. Points. Both are 0 where all sums are the
        same: the judges agree, which is no proof that they are right.
    judge_cuts : ndarray, shape (n_judges,)
        Each judge's sum.
    item_means, item_ses : ndarray, shape (n_items,)
        The mean rating of each item, and its standard error over judges.
    agreement : PanelAgreement
    rounds : tuple of PanelRound
        Every round, the first one first; the last is what the cut rests on.
    """

    cut: float
    sd: float
    se: float
    judge_cuts: FloatArray
    item_means: FloatArray
    item_ses: FloatArray
    agreement: PanelAgreement
    rounds: tuple[PanelRound, ...]

    @property
    def n_items(self) -> int:
        """How many items were rated."""
        return self.item_means.size

    @property
    def share(self) -> float:
        """The cut as a share of the greatest sum."""
        return self.cut / self.n_items


def angoff(ratings: ArrayLike, *, earlier: Sequence[ArrayLike] = ()) -> Angoff:
    """Return the cut that a panel's ratings make, with its error and the judges' agreement.

    Parameters
    ----------
    ratings : array_like, shape (n_judges, n_items)
        Probabilities from 0 to 1 that a person who is just good enough gets the item right; of the
        last round. Every judge rates every item.
    earlier : sequence of array_like, each of that shape
        The rounds before, the first one first, with judges and items in the same order.

    Returns
    -------
    Angoff

    Raises
    ------
    ValueError
        Where there are fewer than two judges, and where a rating is missing or not from 0 to 1.

    References
    ----------
    Angoff, W. H. (1971). Scales, norms, and equivalent scores. In R. L. Thorndike (Ed.),
    Educational measurement (2nd ed., pp. 508-600). American Council on Education.
    """
    last = panel_ratings("ratings", ratings)
    rounds = [panel_ratings("earlier", each) for each in earlier]
    for each in rounds:
        if each.shape != last.shape:
            raise sentence_fault("earlier", f"of shape {last.shape}", f"shape {each.shape}")
    rounds.append(last)
    sums = last.sum(axis=1)
    summary = _round(last, rounds[-2] if len(rounds) > 1 else None)
    return Angoff(
        cut=summary.cut,
        sd=summary.sd,
        se=summary.se,
        judge_cuts=frozen(sums),
        item_means=frozen(last.mean(axis=0)),
        item_ses=frozen(last.std(axis=0, ddof=1) / np.sqrt(len(last))),
        agreement=_agreement(last),
        rounds=tuple(
            _round(each, before) for each, before in zip(rounds, [None, *rounds[:-1]], strict=True)
        ),
    )


def panel_ratings(name: str, ratings: ArrayLike) -> FloatArray:
    """Return a panel's ratings as (n_judges, n_items), or say what is wrong with them."""
    found = finite(name, ratings, ndim=2, shape="(n_judges, n_items)")
    if len(found) < FEWEST_JUDGES:
        raise sentence_fault(name, f"of {FEWEST_JUDGES} judges or more", f"{len(found)}")
    if not found.shape[1]:
        raise sentence_fault(name, "of one item or more", "none")
    require((found >= 0) & (found <= 1), name, "from 0 to 1", found)
    return found


def _round(ratings: FloatArray, before: FloatArray | None) -> PanelRound:
    sums = ratings.sum(axis=1)
    sd = float(sums.std(ddof=1))
    moved = float("nan") if before is None else float(np.abs(ratings - before).mean())
    return PanelRound(float(sums.mean()), sd, sd / float(np.sqrt(len(sums))), moved)


def _agreement(ratings: FloatArray) -> PanelAgreement:
    k, n = ratings.shape
    if n == 1:
        return PanelAgreement(*[float("nan")] * 6)
    centred = ratings - ratings.mean()
    by_item, by_judge = centred.mean(axis=0), centred.mean(axis=1)
    rest = centred - by_item - by_judge[:, np.newaxis]
    items = k * float(by_item @ by_item) / (n - 1)
    judges = n * float(by_judge @ by_judge) / (k - 1)
    error = float((rest**2).sum()) / ((n - 1) * (k - 1))
    return PanelAgreement(
        single=_ratio(items - error, items + (k - 1) * error + k / n * (judges - error)),
        average=_ratio(items - error, items + (judges - error) / n),
        consistency=_ratio(items - error, items),
        judges=max(0.0, (judges - error) / n),
        items=max(0.0, (items - error) / k),
        residual=error,
    )


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else float("nan")
