"""Maximisation of the marginal likelihood: EM, accelerated, and never downhill."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from itembank.arguments import FloatArray
from itembank.calibration.acceleration import Anderson
from itembank.calibration.expectation import Block, Expectation, Mapping, expectation, tables
from itembank.calibration.layout import Booklet
from itembank.calibration.maximisation import Tabled, log_prior, step
from itembank.calibration.persons import named
from itembank.calibration.point import Point, Space, log_tables
from itembank.calibration.priors import Priors
from itembank.calibration.quadrature import Grid
from itembank.calibration.recentring import recentred
from itembank.faults import fault

_ROUNDING = 1e-10
_HALVINGS = 12
VANISHED = 0.05
"""A standard deviation of ability below which there is none."""
RUNAWAY = 25.0
"""A slope beyond which the likelihood rises for ever: the item is a step."""


@dataclass(frozen=True)
class Progress:
    """How far a calibration is: iterations done, the log-likelihood, the last change."""

    n_iter: int
    log_likelihood: float
    change: float


@dataclass(frozen=True, eq=False)
class Problem:
    """What is maximised: persons, items, priors."""

    blocks: Sequence[Block]
    booklets: tuple[Booklet, ...]
    space: Space
    priors: Priors
    apply: Mapping


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The likelihood at a point, and the plain EM step from there."""

    point: Point
    vector: FloatArray
    found: Expectation
    objective: float
    step: FloatArray


@dataclass(frozen=True, eq=False)
class Fit:
    """Where the search ended, and how."""

    at: Evaluation
    grid: Grid
    n_iter: int
    n_evaluations: int
    converged: bool
    message: str


@dataclass(frozen=True)
class Patience:
    """When to stop: at changes below `tolerance`, or after so many iterations."""

    tolerance: float
    max_iterations: int
    on_progress: Callable[[Progress], None] | None

    def __post_init__(self) -> None:
        if not 0 < self.tolerance < 1:
            raise fault("tolerance", "above 0 and below 1", self.tolerance)
        if not isinstance(self.max_iterations, int) or self.max_iterations < 1:
            raise fault("max_iterations", "a whole number of 1 or more", self.max_iterations)


def evaluate(problem: Problem, at: Point, grid: Grid) -> Evaluation:
    """Return the log-likelihood at a point with the EM step from it."""
    clusters, nodes = problem.space.clusters, grid.nodes
    logs = log_tables(clusters, at, nodes)
    density = grid.log_density(at.latent)
    found = expectation(problem.blocks, tables(problem.booklets, logs, density), problem.apply)
    space = problem.space
    change = step(space, Tabled(at, logs, nodes), found, problem.priors)
    objective = found.log_likelihood + log_prior(clusters, at, problem.priors)
    vector = space.vector(at)
    return Evaluation(
        at, vector, found, objective, _on_scale(problem, at, vector + space.vector(change)) - vector
    )


def _on_scale(problem: Problem, at: Point, reached: FloatArray) -> FloatArray:
    """Return where a step leads, on the scale that the priors like best."""
    if problem.priors.threshold is None:
        return reached
    point = problem.space.point(reached, at)
    return problem.space.vector(recentred(problem.space, point, problem.priors))


class Search:
    """One maximisation: its grid, its memory of steps, and its count of E-steps."""

    def __init__(self, problem: Problem, start: Point, grid: Grid, patience: Patience) -> None:
        self.problem = problem
        self.grid = grid
        self.patience = patience
        self.memory = Anderson()
        self.n_iter = 0
        self.n_evaluations = 0
        self.at = self._evaluate(start)

    def run(self) -> Fit:
        """Return where the search ends, from where it stands."""
        message = f"stopped after {self.patience.max_iterations} iterations before it converged"
        converged = False
        while self.n_iter < self.patience.max_iterations:
            candidate = self._candidate()
            resolution = self.problem.space.resolution(self.at.point)
            change = _largest(resolution * (candidate - self.at.vector))
            self._report(change)
            if max(change, _largest(resolution * self.at.step)) < self.patience.tolerance:
                converged, message = True, f"converged in {self.n_iter} iterations"
                break
            self.n_iter += 1
            if not self._move(candidate):
                message = "stopped where no step raised the likelihood, before it converged"
                break
            if hopeless := self._hopeless():
                message = f"stopped because {hopeless}"
                break
        return Fit(self.at, self.grid, self.n_iter, self.n_evaluations, converged, message)

    def regrid(self, grid: Grid) -> None:
        """Go on from here on another grid."""
        self.grid = grid
        self.memory.forget()
        self.at = self._evaluate(self.at.point)

    def _candidate(self) -> FloatArray:
        """The accelerated point, or the plain one where that makes no model."""
        plain = self.at.vector + self.at.step
        proposed = self.memory.propose(self.at.vector, self.at.step)
        if self._is_allowed(proposed):
            return proposed
        self.memory.forget()
        return plain

    def _move(self, candidate: FloatArray) -> bool:
        """Go to a candidate, or as far along the plain step as the likelihood rises."""
        if self._try(candidate):
            return True
        self.memory.forget()
        factor = 1.0
        for _ in range(_HALVINGS):
            if self._try(self.at.vector + factor * self.at.step):
                return True
            factor /= 2
        return False

    def _try(self, vector: FloatArray) -> bool:
        point = self._point(vector)
        if not self.problem.space.is_allowed(point):
            return False
        if not self.grid.serves(point.latent):
            self.regrid(self.grid.serving(point.latent))
        reached = self._evaluate(point)
        slack = _ROUNDING * abs(self.at.objective)
        if not reached.objective >= self.at.objective - slack:
            return False
        self.at = reached
        return True

    def _hopeless(self) -> str:
        """Name what runs to a bound of the parameters: a slope, or the spread of a group."""
        if np.any(self.at.point.latent[:, 1] < np.log(VANISHED)):
            return "a group's spread of ability shrinks to nothing: its items share too little"
        found = [
            int(item)
            for cluster, x in zip(self.problem.space.clusters, self.at.point.items, strict=True)
            for item in cluster.items[cluster.free[:, 0] & (np.abs(x[:, 0]) > RUNAWAY)]
        ]
        if not found:
            return ""
        return f"the slope of {named('item', found)} grows without end: a prior would hold it"

    def _point(self, vector: FloatArray) -> Point:
        return self.problem.space.point(vector, self.at.point)

    def _is_allowed(self, vector: FloatArray) -> bool:
        return self.problem.space.is_allowed(self._point(vector))

    def _evaluate(self, point: Point) -> Evaluation:
        self.n_evaluations += 1
        return evaluate(self.problem, point, self.grid)

    def _report(self, change: float) -> None:
        if self.patience.on_progress is not None:
            reached = self.at.found.log_likelihood
            self.patience.on_progress(Progress(self.n_iter, reached, change))


def _largest(change: FloatArray) -> float:
    return float(np.max(np.abs(change), initial=0.0))
