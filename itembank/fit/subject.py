"""What is tested: scores, the parameters that they are held against, and where those come from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from itembank.ability.estimates import STANDARD, Prior
from itembank.ability.scores import ScoreMatrix, score_matrix
from itembank.arguments import FloatArray, IntArray, numbers, require, sentence_fault
from itembank.calibrated import Calibrated, parameters_of
from itembank.calibration.persons import checked_weights
from itembank.calibration.results import Calibration
from itembank.parameters import ItemParameters, Model

"""Parameters, or the calibration that found them."""


_MOST_FREE = 1_000


@dataclass(frozen=True, eq=False)
class Subject:
    """Scores, checked, with the parameters and the distribution of ability that they test.

    `weight` says how many persons each row stands for; None where it is one each.
    """

    matrix: ScoreMatrix
    parameters: ItemParameters
    prior: Prior
    weight: FloatArray | None

    @property
    def weights(self) -> FloatArray:
        """How many persons each row stands for, shape (n_rows,)."""
        return np.ones(len(self.matrix.values)) if self.weight is None else self.weight


def subject_of(
    scores: ArrayLike,
    calibrated: Calibrated,
    prior: Prior | None = None,
    weights: ArrayLike | None = None,
) -> Subject:
    """Return scores with what they test, recoded where the calibration recoded them.

    The distribution of ability is the calibration's own unless one is given; of parameters alone,
    standard normal.
    """
    parameters = parameters_of(calibrated)
    if isinstance(calibrated, Calibration) and calibrated.collapsed:
        scores = calibrated.recode(scores)
    matrix = score_matrix(scores, parameters)
    weight = checked_weights(weights, len(matrix.values))
    return Subject(matrix, parameters, prior or _prior_of(calibrated), weight)


def require_persons(of: Subject) -> None:
    """Refuse scores of nobody."""
    if not len(of.matrix.values):
        raise sentence_fault("scores", "of one person or more", "none")
    if not np.any(of.matrix.values >= 0):
        raise sentence_fault("scores", "of one answer or more", "none")


def require_variety(of: Subject) -> None:
    """Refuse items whose answers are all alike: no curve can be held against them."""
    values = of.matrix.values if of.weight is None else of.matrix.values[of.weight > 0]
    given = values >= 0  # neither NaN nor -1
    low = np.where(given, values, np.inf).min(axis=0, initial=np.inf)
    high = np.where(given, values, -np.inf).max(axis=0, initial=-np.inf)
    alike = np.flatnonzero(low == high)
    if alike.size:
        allowed = "of two categories or more in each item that anybody answered"
        raise sentence_fault("scores", allowed, f"only {low[alike[0]]:g}", f"item {alike[0]}")


def _prior_of(calibrated: Calibrated) -> Prior:
    if not isinstance(calibrated, Calibration):
        return STANDARD
    if len(calibrated.latent) > 1:
        allowed = "given where a calibration has several groups: that of the group tested"
        raise sentence_fault("prior", allowed, "none")
    return Prior(calibrated.latent[0].mean, calibrated.latent[0].sd)


def free_parameters(calibrated: Calibrated, given: ArrayLike | None) -> IntArray:
    """Return how many parameters of each item were estimated, shape (n_items,).

    They are the item's own. What items share is left out: a common slope, the mean and the spread
    of ability. Of items with one slope, how many persons of a total have an item right depends on
    none of these, for the total is sufficient; estimating them takes no degree from any item.
    """
    parameters = parameters_of(calibrated)
    if given is not None:
        return _checked(given, parameters.n_items)
    if isinstance(calibrated, Calibration):
        return _counted(calibrated)
    return np.array(
        [_of_model(*each) for each in zip(parameters.model, parameters.n_categories, strict=True)]
    )


def _checked(given: ArrayLike, n_items: int) -> IntArray:
    counts = numbers("n_free", given)
    if counts.shape not in {(), (n_items,)}:
        raise sentence_fault(
            "n_free", f"a number, or of shape ({n_items},)", f"shape {counts.shape}"
        )
    fits = (counts >= 0) & (counts == np.floor(counts)) & (counts <= _MOST_FREE)
    require(fits, "n_free", f"whole, from 0 to {_MOST_FREE}", counts)
    return np.broadcast_to(counts, n_items).astype(np.int64)


def _counted(calibration: Calibration) -> IntArray:
    own = [place.item for place in calibration.places if place.item is not None]
    return np.bincount(np.array(own, dtype=np.int64), minlength=calibration.parameters.n_items)


def _of_model(model: Model, n_categories: int) -> int:
    asymptotes = model.has_guessing + model.has_upper
    has_slope = not model.has_unit_slope and model is not Model.ONE_PL
    return int(n_categories) - 1 + has_slope + asymptotes
