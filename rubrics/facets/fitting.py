"""The model fitted to what can be estimated from, persons integrated over or as parameters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from itembank.arguments import FloatArray, IntArray
from rubrics.facets.clouds import Clouds
from rubrics.facets.design import Design
from rubrics.facets.extremes import Estimable
from rubrics.facets.information import Rows
from rubrics.facets.joint import JointAt
from rubrics.facets.layout import Layout
from rubrics.facets.marginal import Marginal, MarginalAt, cells_of
from rubrics.facets.newton import Climb, Peak
from rubrics.facets.origin import Origin
from rubrics.facets.results import Population
from rubrics.facets.scores import Scores, scores_of
from rubrics.facets.starting import starting_point
from rubrics.facets.variances import DENSE, Variances


@dataclass(frozen=True)
class Search:
    """How long is searched, and which facet's mean is left free; persons are facet 0."""

    floating: int
    tolerance: float
    max_iterations: int


@dataclass(frozen=True, eq=False)
class Fitted:
    """The fit: parameters as searched and as reported, and where the persons may be.

    `clouds` has every person of the whole design: those without a rating that was estimated from
    are anywhere in the population, or NaN where persons are parameters.
    """

    layout: Layout
    origin: Origin
    point: FloatArray
    errors: FloatArray
    clouds: Clouds
    population: Population
    log_likelihood: float
    n_parameters: int
    n_iter: int
    converged: bool
    spacing: float

    @property
    def reported(self) -> FloatArray:
        """The parameters as they are reported."""
        return self.origin(self.point)

    def shift(self, facet: int) -> float:
        """Return what is added to a measure of a facet of the design; persons are facet 0."""
        if facet:
            return float(self.origin.shift(facet - 1) @ self.point)
        persons = len(self.layout.sizes) - 1 if np.isnan(self.spacing) else None
        sign = -1
        return sign * float(self.origin.shift(persons) @ self.point)


def fit_marginal(design: Design, found: Estimable, owner: int | None, search: Search) -> Fitted:
    """Return the fit with persons integrated over."""
    scores, part = scores_of(found), found.part.design
    sizes = tuple(part.size(facet) for facet in range(1, len(part.names)))
    layout = Layout(sizes, scores.gains, None if owner is None else owner - 1, 1)
    start = starting_point(layout, part.levels[1:], scores.share, scores.counts)
    evaluate = Marginal(cells_of(part, scores, layout))
    peak = _climb(evaluate, layout, search).run(start)
    origin = Origin(layout, search.floating - 1 if search.floating else None)
    variances = Variances(layout, peak.information, origin)
    return Fitted(
        layout,
        origin,
        peak.at.point,
        variances.errors(),
        _clouds(peak.at, design.size(0), found.part.where[0]),
        _population(peak.at, origin, variances),
        peak.at.log_likelihood,
        layout.n_parameters - layout.n_shifts,
        peak.n_iter,
        peak.converged,
        float(peak.at.nodes[1] - peak.at.nodes[0]),
    )


def _climb(evaluate: Marginal, layout: Layout, search: Search) -> Climb[MarginalAt]:
    return Climb(evaluate, Origin(layout, 0), search.tolerance, search.max_iterations)


def _clouds(at: MarginalAt, n_persons: int, where: IntArray) -> Clouds:
    density = np.exp(-((at.nodes / at.sd) ** 2) / 2)
    weights = np.tile(density / density.sum(), (n_persons, 1))
    weights[where] = at.posterior
    return Clouds(at.nodes[np.newaxis], weights)


def _population(at: MarginalAt, origin: Origin, variances: Variances) -> Population:
    shift = origin.shift(None)
    last = np.zeros(at.point.size)
    last[-1] = 1.0
    return Population(
        float(-shift @ at.point),
        at.sd,
        variances.error_of(shift),
        float("nan") if at.is_bounded else at.sd * variances.error_of(last),
    )


def fit_joint(design: Design, found: Estimable, owner: int | None, search: Search) -> Fitted:
    """Return the fit with persons as parameters, and errors as if all else were known."""
    scores, part = scores_of(found), found.part.design
    levels = np.roll(part.levels, -1, axis=0)
    sizes = tuple(part.size(facet) for facet in (*range(1, len(part.names)), 0))
    layout = Layout(sizes, scores.gains, None if owner is None else owner - 1)
    peak = _peak_of_joint(Rows(layout, levels, scores.group), scores, search)
    origin = Origin(layout, search.floating - 1 if search.floating else len(sizes) - 1)
    own = layout.of_facet(len(sizes) - 1)
    theta = np.full((design.size(0), 1), np.nan)
    theta[found.part.where[0], 0] = -peak.at.point[own]
    ability = -origin(peak.at.point)[own]
    return Fitted(
        layout,
        origin,
        peak.at.point,
        _errors_alone(Variances(layout, peak.information, origin)),
        Clouds(theta, np.ones_like(theta)),
        Population(float(ability.mean()), float(ability.std())),
        peak.at.log_likelihood,
        layout.n_parameters - layout.n_shifts,
        peak.n_iter,
        peak.converged,
        float("nan"),
    )


def _peak_of_joint(rows: Rows, scores: Scores, search: Search) -> Peak[JointAt]:
    observed = rows.totals(scores.score, scores.gained)
    start = starting_point(rows.layout, rows.levels, scores.share, scores.counts)
    settle = Origin(rows.layout, 0)
    climb = Climb(
        lambda point: JointAt(rows, observed, point),
        settle,
        search.tolerance,
        search.max_iterations,
    )
    return climb.run(start)


def _errors_alone(variances: Variances) -> FloatArray:
    """The errors as if all else were known, which do not show what stands in for what."""
    if variances.narrow.size <= DENSE:
        variances.require_apart()
    return np.asarray(1 / np.sqrt(variances.information.diagonal()))
