"""Whether the grid is fine enough for what was found on it: refined, or refused."""

from __future__ import annotations

from functools import partial

import numpy as np

from itembank.arguments import FloatArray, sentence_fault
from itembank.calibration.expectation import narrowest, tables
from itembank.calibration.fitting import Fit, Problem, Search
from itembank.calibration.point import log_tables
from itembank.faults import fault

NODES = 61
"""Nodes of the grid to begin with, over six standard deviations either way."""
FEWEST_NODES, MOST_NODES = 11, 2_001
WIDEST = 1.25
"""Largest spacing in posterior standard deviations: the integral's relative error is below 1e-5."""
STEEPEST = 2.0
"""Largest product of spacing and slope: a logistic curve is then integrated to 1e-4."""


def checked_nodes(n_nodes: int | None) -> int:
    """Return how many nodes to begin with."""
    if n_nodes is None:
        return NODES
    if not isinstance(n_nodes, int | np.integer) or not FEWEST_NODES <= n_nodes <= MOST_NODES:
        raise fault("n_nodes", f"a whole number from {FEWEST_NODES} to {MOST_NODES}", n_nodes)
    return int(n_nodes)


def refined(search: Search, *, may_refine: bool) -> Fit:
    """Return where the search ends, on grids made finer until one is fine enough."""
    while True:
        fit = search.run()
        needed = spacing_needed(search.problem, fit)
        if fit.grid.spacing <= needed or not fit.converged:
            return fit
        finer = fit.grid.finer(max(needed, fit.grid.spacing / 3))
        if not may_refine or finer.nodes.size > MOST_NODES:
            allowed = f"enough for a spacing of {needed:.3g} logits"
            raise sentence_fault("n_nodes", allowed, f"{fit.grid.nodes.size}")
        search.regrid(finer)


def spacing_needed(problem: Problem, fit: Fit) -> float:
    """Return how far apart nodes may be, from the steepest curve and the narrowest posterior.

    A posterior is at least as wide as the curvature of its logarithm lets it be: where that bound
    is good enough, no posterior is computed.
    """
    nodes, point = fit.grid.nodes, fit.at.point
    logs = log_tables(problem.space.clusters, point, nodes)
    steepest = max(float(np.abs(x[:, 0]).max()) for x in point.items)
    by_slope = STEEPEST / max(steepest, 1e-9)
    sharpness = _sharpest(logs, fit.grid.spacing) + np.exp(-2 * _tightest(fit))
    bound = WIDEST / float(np.sqrt(sharpness))
    if bound >= fit.grid.spacing:
        return min(bound, by_slope)
    at = tables(problem.booklets, logs, fit.grid.log_density(point.latent))
    widths = problem.apply(partial(narrowest, at=at, nodes=nodes), problem.blocks)
    return min(WIDEST * min(widths), by_slope)


def _sharpest(logs: list[FloatArray], spacing: float) -> float:
    """The largest curvature that any pattern of answers to all items has at any node."""
    total = sum(-np.diff(log, n=2, axis=2).min(axis=1).sum(axis=0) for log in logs)
    return float(np.max(total)) / spacing**2


def _tightest(fit: Fit) -> float:
    """The log SD of the narrowest group."""
    return float(fit.at.point.latent[:, 1].min())
