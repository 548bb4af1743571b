"""How probable it is that an ability is above a cut, and what that supports saying."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from itembank.ability.estimates import Ability, Prior
from itembank.ability.posterior import Grid, Precision, expectations
from itembank.ability.scores import score_matrix
from itembank.arguments import FloatArray
from itembank.faults import fault
from itembank.mastery.boundary import beyond
from itembank.mastery.cuts import Cut, Verdict
from itembank.parameters import ItemParameters

_PRECISION = Precision(fineness=2.5, reach=7.0, leaning=1e-11)
_FAR = 40.0  # spacings, or errors of a cut, after which its weights are 0 or 1
_VERDICTS = np.array([Verdict.UNCLEAR, Verdict.ABOVE, Verdict.BELOW], dtype=object)


@dataclass(frozen=True, eq=False)
class Classification:
    """How probable it is that each ability is above a cut, and the verdict that this supports.

    `probability` is under the prior itself; `lowest` and `highest` are under the prior with its
    mean moved down and up. All have shape (n_persons,), or no dimension for one person; so has
    `verdict`, an array of `Verdict`.
    """

    probability: FloatArray
    lowest: FloatArray
    highest: FloatArray
    verdict: NDArray[Any]


def classify(
    ability: Ability,
    cut: float | Cut,
    *,
    cut_se: float = 0.0,
    required: float = 0.9,
    prior: Prior | None = None,
    shift: float = 1.0,
) -> Classification:
    """Return how probable each ability is above a cut, and whether that is sure enough.

    The probability is the posterior's integral ``integral p(theta) Phi((theta - cut) / SE) dtheta``
    with the cut's standard error SE; without one, the posterior's mass above the cut. The verdict
    is "above" where it is at least `required`, "below" where it is at most one minus that, and "not
    enough evidence" otherwise, and wherever moving the prior's mean by `shift` either way would
    change it. A probability of exactly a half is "above" where no more is required.

    Parameters
    ----------
    ability : Ability
        As `estimate_ability` returns it, by any method: the posterior is integrated anew from its
        evidence. Without evidence the posterior is taken as normal, with `theta` and `se`.
    cut : float or Cut
        In logits.
    cut_se : float
        The cut's standard error, in logits, where `cut` is a number.
    required : float
        From 0.5, below 1.
    prior : Prior, optional
        In place of the one that the ability was estimated with.
    shift : float
        How far the prior's mean is moved, in logits; 0 or more.

    Returns
    -------
    Classification
        Arrays of shape (n_persons,), or without a dimension for one person.

    Raises
    ------
    ValueError
        Where an argument is not as said here.

    References
    ----------
    Lewis, C., & Sheehan, K. (1990). Using Bayesian decision theory to design a computerized mastery
    test. Applied Psychological Measurement, 14(4), 367-386: the posterior's mass above a cut.
    """
    mark = cut if isinstance(cut, Cut) else Cut(float(cut), cut_se)
    if not 0.5 <= required < 1:
        raise fault("required", "from 0.5, below 1", required)
    if not 0 <= shift < math.inf:
        raise fault("shift", "0 or more, and finite", shift)
    own = prior or (ability.evidence.prior if ability.evidence else Prior())
    middle, low, high = (_mass_above(ability, mark, own, by) for by in (0.0, -shift, shift))
    verdict = _verdicts(np.minimum(low, middle), np.maximum(high, middle), required)
    return Classification(middle, low, high, verdict)


def _verdicts(least: FloatArray, most: FloatArray, required: float) -> NDArray[Any]:
    place = np.where(least >= required, 1, 2 * (most <= 1 - required))
    return np.asarray(_VERDICTS[np.atleast_1d(place)].reshape(np.shape(place)))


def _mass_above(ability: Ability, cut: Cut, prior: Prior, by: float) -> FloatArray:
    if ability.evidence is None:
        return _normal_mass(ability, cut, prior, by)
    moved = replace(prior, mean=prior.mean + by)
    found = mass_above(ability.evidence.scores, ability.evidence.parameters, cut, moved)
    return found.reshape(np.shape(ability.theta))


def _normal_mass(ability: Ability, cut: Cut, prior: Prior, by: float) -> FloatArray:
    """A normal posterior's mean moves with the prior's as its variance is to the prior's."""
    moved = ability.theta + by * np.minimum(ability.se**2 * prior.precision, 1.0)
    return np.asarray(ndtr((moved - cut.theta) / np.sqrt(ability.se**2 + cut.se**2)))


def mass_above(scores: ArrayLike, parameters: ItemParameters, cut: Cut, prior: Prior) -> FloatArray:
    """Return the mass of each person's posterior above a cut, shape (n_persons,).

    Arguments as in `classify` and `estimate_ability`.
    """
    matrix = score_matrix(scores, parameters)
    means = expectations(
        matrix, parameters, prior, lambda grid: cut_weights(grid, cut)[:, np.newaxis], _PRECISION
    )
    return np.clip(means[:, 2], 0.0, 1.0)


def cut_weights(grid: Grid, cut: Cut) -> FloatArray:
    """Return the weights with which a sum over a grid is the mass above a cut, shape (n_nodes,).

    `beyond` gives the formula.
    """
    room = 2 * (grid.spacing * grid.steps + _FAR * (cut.se + grid.spacing))
    away = float(np.clip(grid.centre - cut.theta, -room, room))
    return beyond((away + grid.offsets) / grid.spacing, cut.se / grid.spacing)
