"""What a calibration found, and what it rests on."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from math import log

import numpy as np
from numpy.typing import ArrayLike

from itembank.arguments import FloatArray, numbers, scores_given, sentence_fault
from itembank.calibration.adequacy import ItemAdequacy, Standing
from itembank.calibration.estimated import Latent, Place, StandardErrors
from itembank.calibration.priors import Priors
from itembank.calibration.quadrature import Grid
from itembank.calibration.scale_error import ScaleError, errors_at, scale_error
from itembank.parameters import ItemParameters


class Concern(StrEnum):
    """Why an item could not be placed well on the scale."""

    SLOPE_NEAR_ZERO = "slope near zero"
    SLOPE_NEGATIVE = "slope negative"
    OUTSIDE_DATA = "difficulty outside the data"
    SLOPE_VERY_STEEP = "slope very steep"
    CATEGORY_COLLAPSED = "category collapsed"
    NO_STANDARD_ERROR = "no standard error"
    IMPRECISE = "standard error too large"


@dataclass(frozen=True)
class Flag:
    """An item, by its place, that should be looked at, and why."""

    item: int
    concern: Concern
    detail: str


@dataclass(frozen=True)
class Collapsed:
    """Categories of an item that were put together: `scores[old]` is the new score."""

    item: int
    scores: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Calibration:
    """Item parameters by marginal maximum likelihood, with all that is needed to judge them.

    Attributes
    ----------
    parameters : ItemParameters
        In the order of the items, on the logistic metric with D = 1.
    standard_errors : StandardErrors or None
        From the observed information of the log-likelihood plus the priors' logarithm; of
        thresholds, by the delta method. Where priors on thresholds say where the scale lies, they
        hold the error of its origin and unit: see `errors_on_scale`.
    covariance : ndarray, shape (n_parameters, n_parameters), or None
        Of the free parameters as they are reported; `places` says which is which.
    places : tuple of Place, shape (n_parameters,)
        Which parameter each row and column of the covariance is about.
    latent : tuple of Latent
        One for each group, in the order of `groups`.
    groups : tuple
        The labels, sorted; ``(None,)`` where no groups were given.
    prior : Priors
        What was believed of item parameters before the data.
    grid : Grid
        The nodes, in logits, on which ability was integrated in the end.
    log_likelihood : float
        Without the priors.
    n_parameters, n_persons, n_patterns : int
        Free parameters; persons, counted with their weights; rows that were computed with, after
        identical ones were put together where that paid.
    n_iter, n_evaluations : int
        Steps, and E-steps, of which each is two matrix products.
    converged : bool
    message : str
        How the search ended.
    adequacy : tuple of ItemAdequacy, shape (n_items,)
        How many answers each item has, and what they support.
    flags : tuple of Flag
        Items to look at, and why.
    collapsed : tuple of Collapsed
        Where scores were recoded before they were fitted: see `recode`.
    item_ids : tuple or None
        The names of the items, as they were given.

    References
    ----------
    Louis, T. A. (1982). Finding the observed information matrix when using the EM algorithm.
    Journal of the Royal Statistical Society B, 44(2), 226-233.
    """

    parameters: ItemParameters
    standard_errors: StandardErrors | None
    covariance: FloatArray | None
    places: tuple[Place, ...]
    latent: tuple[Latent, ...]
    groups: tuple[Hashable, ...]
    prior: Priors
    grid: Grid
    log_likelihood: float
    n_parameters: int
    n_persons: float
    n_patterns: int
    n_iter: int
    n_evaluations: int
    converged: bool
    message: str
    adequacy: tuple[ItemAdequacy, ...]
    flags: tuple[Flag, ...] = ()
    collapsed: tuple[Collapsed, ...] = ()
    item_ids: tuple[Hashable, ...] | None = field(default=None)

    @property
    def aic(self) -> float:
        """Akaike's criterion, ``2 p - 2 log L``."""
        return 2 * self.n_parameters - 2 * self.log_likelihood

    @property
    def bic(self) -> float:
        """Schwarz's criterion, ``p log N - 2 log L``."""
        return self.n_parameters * log(self.n_persons) - 2 * self.log_likelihood

    @cached_property
    def scale_error(self) -> ScaleError | None:
        """The error of origin and unit as such, or None where the scale has none of its own."""
        return scale_error(self.places, self.parameters, self.latent, self.prior)

    @cached_property
    def covariance_on_scale(self) -> FloatArray | None:
        """The covariance with the error of the scale itself taken out.

        Where priors on thresholds, such as a panel's, say where the scale lies, its origin and its
        unit are known no better than they say, and everything moves with them. This is of each
        parameter beside the first group, as if that had set the scale: what it does, and what
        `covariance` then is, without such priors.
        """
        if self.covariance is None or self.scale_error is None:
            return self.covariance
        return self.scale_error.taken_from(self.covariance)

    @cached_property
    def errors_on_scale(self) -> StandardErrors | None:
        """Standard errors with the error of the scale itself taken out: what items are judged by.

        As `standard_errors`, but where priors on thresholds say where the scale lies.
        """
        if self.scale_error is None or self.covariance_on_scale is None:
            return self.standard_errors
        return errors_at(self.places, self.covariance_on_scale, self.parameters)

    @cached_property
    def standing(self) -> tuple[Standing, ...]:
        """What each item may be used for: by its counts, then by its errors on the scale."""
        flagged = {flag.item for flag in self.flags if flag.concern in _HOLDS_BACK}
        return tuple(
            min(each.standing, Standing.PROVISIONAL) if place in flagged else each.standing
            for place, each in enumerate(self.adequacy)
        )

    def recode(self, scores: ArrayLike) -> FloatArray:
        """Return scores (n_persons, n_items) in the categories that the parameters are for.

        NaN, and -1 in integers, become NaN. ValueError where the shape is not that of the items.
        """
        given = scores_given(scores)
        found = numbers("scores", given, ndim=2, shape="(n_persons, n_items)").copy()
        if found.shape[1] != self.parameters.n_items:
            allowed = f"of shape (n_persons, {self.parameters.n_items})"
            raise sentence_fault("scores", allowed, f"shape {found.shape}")
        if np.issubdtype(given.dtype, np.integer):
            found[given == -1] = np.nan
        for each in self.collapsed:
            own = found[:, each.item]
            known = np.isfinite(own)
            own[known] = np.array(each.scores)[own[known].astype(np.int64)]
        return found

    def publishable(self) -> Calibration:
        """Return this calibration, or raise a ValueError where it did not converge."""
        if not self.converged:
            raise sentence_fault("calibration", "converged before it is published", self.message)
        return self


_HOLDS_BACK = {
    Concern.SLOPE_NEAR_ZERO,
    Concern.SLOPE_NEGATIVE,
    Concern.OUTSIDE_DATA,
    Concern.SLOPE_VERY_STEEP,
    Concern.NO_STANDARD_ERROR,
    Concern.IMPRECISE,
}
