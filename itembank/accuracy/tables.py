"""What follows from each ability's probabilities of being put into each category."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from itembank.arguments import FloatArray, IntArray, frozen

_LEAST_ROOM = 1e-12  # what rounding leaves where nobody is put elsewhere


@dataclass(frozen=True)
class CutAccuracy:
    """How well one cut parts those below it from those above it; shares of all persons.

    Attributes
    ----------
    cut : float
        As it was given.
    accuracy, consistency : float
        Put on the side where they truly are; put on the same side twice.
    kappa : float
        Consistency beyond chance; NaN where everybody is put on one side.
    false_positive, false_negative : float
        Put above while truly below; put below while truly above.
    """

    cut: float
    accuracy: float
    consistency: float
    kappa: float
    false_positive: float
    false_negative: float


@dataclass(frozen=True, eq=False)
class ClassificationAccuracy:
    """How well cuts put persons into categories, counted from the lowest; shares of all persons.

    Attributes
    ----------
    accuracy : float
        Put into the category where they truly are.
    consistency : float
        Put into the same category by two tests alike.
    kappa : float
        Consistency beyond what chance gives to those who are put into each category as often; NaN
        where everybody is put into one.
    false_positive, false_negative : float
        Put higher than they truly are, and lower.
    table : ndarray, shape (n_categories, n_categories)
        The share of persons who truly are in the category of the row and are put into that of the
        column.
    repeated : ndarray, shape (n_categories, n_categories)
        The share put into one category by one test and another by another.
    by_category : ndarray, shape (n_categories,)
        Of those who truly are in a category, the share put into it; NaN where nobody is.
    by_cut : tuple of CutAccuracy
        Each cut as if it were the only one.
    theta, conditional_accuracy, conditional_consistency : ndarray, shape (n_theta,)
        At each ability, in logits.
    """

    accuracy: float
    consistency: float
    kappa: float
    false_positive: float
    false_negative: float
    table: FloatArray
    repeated: FloatArray
    by_category: FloatArray
    by_cut: tuple[CutAccuracy, ...]
    theta: FloatArray
    conditional_accuracy: FloatArray
    conditional_consistency: FloatArray

    @property
    def n_categories(self) -> int:
        """How many categories there are: one more than cuts."""
        return len(self.table)


@dataclass(frozen=True, eq=False)
class Chances:
    """At each ability, its weight, its true category, and the chance of each (n_theta, n)."""

    theta: FloatArray
    weight: FloatArray
    truth: IntArray
    chance: FloatArray


def accuracy_of(found: Chances, cuts: FloatArray) -> ClassificationAccuracy:
    """Return all that follows from the chances."""
    table, repeated = _tables(found.truth, found.weight, found.chance)
    there = table.sum(axis=1)
    with np.errstate(invalid="ignore"):
        by_category = np.diag(table) / there
    return ClassificationAccuracy(
        accuracy=float(np.trace(table)),
        consistency=float(np.trace(repeated)),
        kappa=_kappa(repeated),
        false_positive=float(np.triu(table, 1).sum()),
        false_negative=float(np.tril(table, -1).sum()),
        table=frozen(table),
        repeated=frozen(repeated),
        by_category=frozen(by_category),
        by_cut=tuple(_at_cut(float(cut), place, found) for place, cut in enumerate(cuts, start=1)),
        theta=frozen(found.theta),
        conditional_accuracy=frozen(found.chance[np.arange(found.truth.size), found.truth]),
        conditional_consistency=frozen((found.chance**2).sum(axis=1)),
    )


def _tables(
    truth: IntArray, weight: FloatArray, chance: FloatArray
) -> tuple[FloatArray, FloatArray]:
    weighted = weight[:, np.newaxis] * chance
    is_truth = truth[:, np.newaxis] == np.arange(chance.shape[1])
    return is_truth.T.astype(np.float64) @ weighted, chance.T @ weighted


def _kappa(repeated: FloatArray) -> float:
    share = repeated.sum(axis=1)
    room = float(share @ (share.sum() - share))
    if room < _LEAST_ROOM:
        return float("nan")
    return 1.0 - float(repeated.sum() - np.trace(repeated)) / room


def _at_cut(cut: float, place: int, found: Chances) -> CutAccuracy:
    """Return how well the cut below the category at a place does."""
    below = found.chance[:, :place].sum(axis=1)
    sides = np.stack([below, found.chance[:, place:].sum(axis=1)], axis=1)
    table, repeated = _tables((found.truth >= place).astype(np.int64), found.weight, sides)
    return CutAccuracy(
        cut=cut,
        accuracy=float(np.trace(table)),
        consistency=float(np.trace(repeated)),
        kappa=_kappa(repeated),
        false_positive=float(table[0, 1]),
        false_negative=float(table[1, 0]),
    )
