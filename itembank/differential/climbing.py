"""The greatest likelihood of two groups that share some parameters, from near it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from itembank.arguments import FloatArray
from itembank.calibration.acceleration import Anderson
from itembank.calibration.expectation import Block, Expectation, expectation, tables
from itembank.calibration.fitting import Evaluation, Problem
from itembank.calibration.information import observed_information
from itembank.calibration.layout import Cluster
from itembank.calibration.maximisation import beta_terms, log_prior
from itembank.calibration.point import Point, Space, log_tables
from itembank.calibration.priors import Priors
from itembank.calibration.quadrature import Grid, spaced
from itembank.differential.sharing import Sharing, points

_CLOSE = 1e-6
"""Of a log-likelihood: what a further step promises, when the search ends."""
_MOST_STEPS = 60
_STEPS_OF_ONE_CURVATURE = 10
_HALVINGS = 12
_REACH = 4.0
"""Standard deviations of a group that the grid covers; it starts with six."""
_ROUNDING = 1e-11
_LEAST_CURVATURE = 1e-7


@dataclass(frozen=True, eq=False)
class Height:
    """The log-likelihood where each group has its own parameters, and its derivatives.

    `own` and `gradients` are (n_groups, n_parameters).
    """

    own: FloatArray
    points: tuple[Point, ...]
    objective: float
    gradients: FloatArray
    found: tuple[Expectation, ...]


@dataclass(frozen=True, eq=False)
class Summit:
    """Where a search ended; `converged` where nothing more is to be had."""

    at: Height
    converged: bool


@dataclass(frozen=True, eq=False)
class Landscape:
    """The likelihood of both groups' parameters.

    `space` has the means and SDs of both groups; `fixed` holds what is not free.
    """

    problem: Problem
    space: Space
    grid: Grid
    blocks: tuple[tuple[Block, ...], ...]
    wide: tuple[tuple[Block, ...], ...]
    fixed: Point

    def wider(self) -> Landscape:
        """Return the same on a grid that groups of twice the spread have room on."""
        twice = self.fixed.latent + np.array([0.0, np.log(2.0)])
        nodes = self.grid.serving(twice).nodes
        return replace(self, grid=spaced(float(nodes[0]), float(nodes[-1]), self.grid.spacing))

    def height(self, own: FloatArray) -> Height | None:
        """Return the likelihood at both groups' parameters; None where they make no model."""
        each = points(self.space, own, self.fixed)
        if not all(self.space.is_allowed(point) for point in each):
            return None
        if not self._reaches(each[0].latent):
            return None
        parts = [self._part(group, point) for group, point in enumerate(each)]
        objective = sum(part.objective for part in parts)
        gradients = np.stack([part.step for part in parts])
        return Height(own, each, objective, gradients, tuple(part.found for part in parts))

    def informations(self, at: Height) -> list[FloatArray]:
        """Return minus the second derivatives of each group's part."""
        return [
            observed_information(
                self._problem(group),
                Evaluation(point, own, found, at.objective, own),
                self.grid,
                self.wide[group],
            )
            for group, (point, own, found) in enumerate(
                zip(at.points, at.own, at.found, strict=True)
            )
        ]

    def climb(self, sharing: Sharing, start: FloatArray, curvature: FloatArray) -> Summit:
        """Return the greatest likelihood near a vector, by Newton's steps.

        One curvature, from nearby, serves many steps: it is computed again where that is far off.
        """
        fixed = self.space.vector(self.fixed)
        at, vector = self.height(sharing.spread(start, fixed)), start
        if at is None:
            raise RuntimeError("a search must start where there is a model")
        solver, memory = _Solver(curvature), Anderson()
        for n_steps in range(_MOST_STEPS):
            if n_steps and n_steps % _STEPS_OF_ONE_CURVATURE == 0:
                solver, memory = _Solver(sharing.summed(self.informations(at))), Anderson()
            gradient = sharing.gathered(at.gradients)
            step = solver.solve(gradient)
            if gradient @ step / 2 < _CLOSE:
                return Summit(at, converged=True)
            goals = [memory.propose(vector, step)]
            goals += [vector + step / 2.0**halving for halving in range(_HALVINGS)]
            moved = self._first_higher(sharing, goals, at)
            if moved is None:
                break
            at, vector = moved, sharing.vector(moved.own, np.ones_like(moved.own))
        return Summit(at, converged=False)

    def _reaches(self, latent: FloatArray) -> bool:
        """Return whether the grid still covers both groups, and is fine enough for them."""
        spread, nodes = np.exp(latent[:, 1]), self.grid.nodes
        low, high = latent[:, 0] - _REACH * spread, latent[:, 0] + _REACH * spread
        covers = bool(np.all((nodes[0] <= low) & (high <= nodes[-1])))
        return covers and bool(np.all(self.grid.spacing <= spread))

    def _first_higher(
        self, sharing: Sharing, goals: Sequence[FloatArray], at: Height
    ) -> Height | None:
        fixed = self.space.vector(self.fixed)
        for goal in goals:
            found = self.height(sharing.spread(goal, fixed))
            if found is not None and found.objective >= at.objective - _slack(at):
                return found
        return None

    def _problem(self, group: int) -> Problem:
        """Return one group's part of the problem; the priors count once."""
        own = self.problem.priors if group == 0 else Priors(guessing=None, upper=None)
        return replace(self.problem, space=self.space, priors=own)

    def _part(self, group: int, point: Point) -> Evaluation:
        """Return one group's part of likelihood and derivatives; these stand as its step."""
        problem, nodes = self._problem(group), self.grid.nodes
        clusters = problem.space.clusters
        logs = log_tables(clusters, point, nodes)
        table = tables(problem.booklets, logs, self.grid.log_density(point.latent))
        found = expectation(self.blocks[group], table, problem.apply)
        objective = found.log_likelihood + log_prior(clusters, point, problem.priors)
        each = zip(clusters, point.items, found.counts, logs, strict=True)
        items = [_gradient(own, x, counts, log, nodes) for own, x, counts, log in each]
        items = [
            _with_priors(own, x, gradient, problem.priors)
            for own, x, gradient in zip(clusters, point.items, items, strict=True)
        ]
        slopes = Point(tuple(items), _latent_gradient(point.latent, found.mass, nodes))
        vector = self.space.vector(point)
        return Evaluation(point, vector, found, objective, self.space.vector(slopes))


def _gradient(
    cluster: Cluster, x: FloatArray, counts: FloatArray, log_p: FloatArray, nodes: FloatArray
) -> FloatArray:
    score = cluster.family.gradient(x, nodes, log_p).reshape(*x.shape, -1)
    found = np.asarray((score @ counts.reshape(len(x), -1, 1))[:, :, 0])
    if cluster.is_tied:
        found[0, 0] = found[:, 0].sum()
    return found


def _with_priors(
    cluster: Cluster, x: FloatArray, gradient: FloatArray, priors: Priors
) -> FloatArray:
    if cluster.model.has_guessing:
        for place, prior in ((2, priors.guessing), (3, priors.upper)):
            if prior is not None:
                gradient[:, place] += beta_terms(prior, x[:, place])[0]
    return gradient


def _latent_gradient(latent: FloatArray, mass: FloatArray, nodes: FloatArray) -> FloatArray:
    spread = np.exp(latent[:, 1:])
    away = (nodes - latent[:, :1]) / spread
    by_mean = (mass * away).sum(axis=1) / spread[:, 0]
    return np.stack([by_mean, (mass * (away**2 - 1)).sum(axis=1)], axis=1)


def _slack(at: Height) -> float:
    return _ROUNDING * abs(at.objective)


class _Solver:
    """Solves with a curvature, made positive where it is not."""

    def __init__(self, curvature: FloatArray) -> None:
        scale = np.sqrt(np.abs(np.diag(curvature)))
        self._scale = np.where(scale > 0, scale, 1.0)
        scaled = curvature / np.outer(self._scale, self._scale)
        try:
            self._factor = cho_factor(scaled)
        except LinAlgError:
            self._factor = cho_factor(_positive(scaled))

    def solve(self, gradient: FloatArray) -> FloatArray:
        """Return the step that a gradient asks for."""
        return np.asarray(cho_solve(self._factor, gradient / self._scale) / self._scale)


def _positive(curvature: FloatArray) -> FloatArray:
    values, vectors = np.linalg.eigh(curvature)
    return np.asarray((vectors * np.maximum(np.abs(values), _LEAST_CURVATURE)) @ vectors.T)
