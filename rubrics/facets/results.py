"""What a many-facet model found: measures with their errors, and how well the ratings fit."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from itembank.arguments import BoolArray, FloatArray, IntArray
from itembank.faults import fault
from rubrics.facets.scales import Estimation, Scale
from rubrics.facets.shrinking import Shrunken, shrunken

FEWEST_PERSONS = 10
"""Performances that a severity must rest on to be shown."""
LARGEST_SE = 0.5
"""The largest standard error of a severity that is shown, in logits."""


@dataclass(frozen=True, eq=False)
class Facet:
    """The levels of one facet, in the order of `labels`.

    Attributes
    ----------
    measure, se : ndarray
        In logits: ability of persons; of other facets severity or difficulty, which lower ratings.
        NaN where a level could not be placed.
    infit, outfit : ndarray
        Mean squares, 1 where the ratings are as the model has them; NaN for extremes.
    observed, fair : ndarray
        The mean category, and the one expected where all other facets are at their mean.
    n_ratings, n_persons : ndarray
        How many ratings, and of how many different persons.
    extreme : ndarray
        Whether all ratings were lowest or highest, so that the level was placed afterwards.
    """

    name: str
    labels: tuple[Hashable, ...]
    measure: FloatArray
    se: FloatArray
    infit: FloatArray
    outfit: FloatArray
    observed: FloatArray
    fair: FloatArray
    n_ratings: IntArray
    n_persons: IntArray
    extreme: BoolArray

    @cached_property
    def shrunken(self) -> Shrunken:
        """The measures drawn to their mean by as much as their errors make of their spread."""
        return shrunken(self.measure, self.se, ~self.extreme)

    @property
    def showable(self) -> BoolArray:
        """Which measures rest on enough to be shown to anyone."""
        enough = (self.n_persons >= FEWEST_PERSONS) & ~self.extreme
        return np.asarray(enough & (np.nan_to_num(self.se, nan=np.inf) <= LARGEST_SE))

    def place(self, label: Hashable) -> int:
        """Return where a level stands."""
        if label not in self.labels:
            raise fault("label", f"a {self.name} that was rated with", label)
        return self.labels.index(label)


@dataclass(frozen=True, eq=False)
class Thresholds:
    """The steps of a set: where a category becomes likelier than the one below.

    `categories` are those in use, ascending; `measure` and `se` are of the step into each but the
    first, with mean 0. `label` is the level that the set belongs to, None where all share it.
    """

    label: Hashable | None
    categories: tuple[int, ...]
    measure: FloatArray
    se: FloatArray


@dataclass(frozen=True)
class Population:
    """The normal distribution of ability; of persons as parameters, their mean and SD."""

    mean: float
    sd: float
    mean_se: float = float("nan")
    sd_se: float = float("nan")

    @property
    def variance(self) -> float:
        """The square of the standard deviation."""
        return self.sd**2


@dataclass(frozen=True, eq=False)
class Bias:
    """How much more severe each pair of levels is than its two measures say.

    Attributes
    ----------
    facets : tuple of str
        The two facets, most often rater and criterion.
    first, second : ndarray
        Places of the levels in their facets, of each pair that met.
    size, se : ndarray
        In logits, positive where ratings are lower than expected: the first step of a search from
        0, with all measures held fixed and persons integrated over.
    n_ratings, observed, expected : ndarray
        How many ratings, their mean category, and the one that the model expects.
    """

    facets: tuple[str, str]
    first: IntArray
    second: IntArray
    size: FloatArray
    se: FloatArray
    n_ratings: IntArray
    observed: FloatArray
    expected: FloatArray

    @property
    def z(self) -> FloatArray:
        """The size in standard errors."""
        return np.asarray(self.size / self.se)


@dataclass(frozen=True, eq=False)
class Facets:
    """A many-facet Rasch model fitted to ratings.

    Attributes
    ----------
    persons : Facet
        Abilities: posterior means and standard deviations; maximum likelihood where joint.
    others : tuple of Facet
        Raters, criteria and what else there is.
    bias : Bias or None
        Of the pair of facets that was asked for.
    biased : bool
        Whether the estimates are known to be too far out: so of joint estimation.
    spacing : float
        Between the nodes of the grid, in logits; NaN where there is none.
    """

    scale: Scale
    method: Estimation
    persons: Facet
    others: tuple[Facet, ...]
    thresholds: tuple[Thresholds, ...]
    population: Population
    bias: Bias | None
    log_likelihood: float
    n_parameters: int
    n_iter: int
    converged: bool
    spacing: float

    @property
    def biased(self) -> bool:
        """Whether the estimates are known to be too far out: so of joint estimation."""
        return self.method is Estimation.JOINT

    @property
    def deviance(self) -> float:
        """Minus twice the log-likelihood."""
        return -2 * self.log_likelihood

    def facet(self, name: str) -> Facet:
        """Return a facet by its name."""
        found = {each.name: each for each in (self.persons, *self.others)}
        if name not in found:
            raise fault("name", f"one of {', '.join(found)}", name)
        return found[name]

    @property
    def raters(self) -> Facet:
        """The raters and their severity."""
        return self.facet("rater")

    @property
    def criteria(self) -> Facet:
        """The criteria and their difficulty."""
        return self.facet("criterion")

    def publishable(self) -> Facets:
        """Return this, or raise a ValueError where it is biased or did not converge."""
        if self.biased or not self.converged:
            got = "joint estimates" if self.biased else f"no end after {self.n_iter} steps"
            raise fault("facets", "marginal and converged to be shown", got)
        return self
