"""The observed information of the marginal likelihood, by matrix products over persons.

Louis, T. A. (1982). Finding the observed information matrix when using the EM algorithm. Journal of
the Royal Statistical Society B, 44(2), 226-233: the expected information of the complete data, less
the covariance of its score given what was observed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from itembank.arguments import FloatArray, IntArray
from itembank.calibration.covariances import by_moments, by_node, by_person
from itembank.calibration.derivatives import Derivatives, derivatives
from itembank.calibration.expectation import Block, posterior
from itembank.calibration.fitting import Evaluation, Problem
from itembank.calibration.layout import Cluster
from itembank.calibration.maximisation import beta_terms, slope_terms, threshold_terms
from itembank.calibration.point import Space
from itembank.calibration.priors import Priors
from itembank.calibration.quadrature import Grid

BLOCK = 4_096
"""Persons in a block: enough that the products over nodes outweigh what is done with them."""
_PER_PERSON = 1e5
_PER_PAIR = 5.0
_PER_PRODUCT = 0.02


@dataclass(frozen=True, eq=False)
class Share:
    """A block's part of the information, and which of the loose parameters it is about."""

    places: IntArray
    values: FloatArray


def observed_information(
    problem: Problem, fit: Evaluation, grid: Grid, blocks: Sequence[Block]
) -> FloatArray:
    """Return minus the second derivatives of log-likelihood plus log priors, free parameters."""
    found = complete_information(problem, fit, grid)
    at = derivatives(problem, fit.point, grid)
    for each in problem.apply(partial(missing_information, at=at), blocks):
        found[np.ix_(each.places, each.places)] -= each.values
    return folded(problem.space, found)


def complete_information(problem: Problem, fit: Evaluation, grid: Grid) -> FloatArray:
    """Return minus the expected second derivatives of complete data and priors, loose."""
    space = problem.space
    found = np.zeros((space.n_loose,) * 2)
    own = zip(space.clusters, fit.point.items, fit.found.counts, space.places, strict=True)
    for cluster, x, counts, place in own:
        curvature = cluster.family.curvature(x, grid.nodes, counts)
        diagonal = np.arange(x.shape[1])
        curvature[:, diagonal, diagonal] += _prior_curvature(cluster, x, problem.priors)
        if problem.priors.threshold is not None and cluster.is_dichotomous:
            terms = threshold_terms(cluster, x, problem.priors.threshold)
            curvature[:, :2, :2] += terms.outer + terms.bend
        both = cluster.free[:, :, np.newaxis] & cluster.free[:, np.newaxis]
        item, row, column = np.nonzero(both)
        found[place[item, row], place[item, column]] = curvature[both]
    for latent, mass, at in zip(fit.point.latent, fit.found.mass, space.latent_places, strict=True):
        found[np.ix_(at, at)] = _latent_curvature(latent, mass, grid.nodes)
    return found


def _prior_curvature(cluster: Cluster, x: FloatArray, priors: Priors) -> FloatArray:
    found = np.zeros_like(x)
    if priors.slope is not None:
        found[:, 0] = slope_terms(priors.slope, x[:, 0])[1]
        found[1:, 0] *= not cluster.is_tied
    if cluster.model.has_guessing:
        for place, prior in ((2, priors.guessing), (3, priors.upper)):
            if prior is not None:
                found[:, place] = beta_terms(prior, x[:, place])[1]
    return found


def _latent_curvature(latent: FloatArray, mass: FloatArray, nodes: FloatArray) -> FloatArray:
    away = (nodes - latent[0]) / np.exp(latent[1])
    first, second = mass @ away, mass @ away**2
    scale = np.exp(-latent[1])
    cross = 2 * first * scale
    return np.array([[mass.sum() * scale**2, cross], [cross, 2 * second]])


def missing_information(block: Block, at: Derivatives) -> Share:
    """Return a block's covariance of the score given what was observed, and whose it is."""
    rows = at.tables.rows(block)
    mass = posterior(block, at.tables, rows)
    own = at.of(block)
    layout = at.tables.booklets[block.booklet].layout
    if own.sums is not None:
        return Share(own.places, by_moments(rows, mass, block.weight, own, at.nodes))
    given = float(np.mean(block.scores >= 0))
    in_one = _PER_PRODUCT * len(at.nodes) * len(rows) ** 2
    if layout.has_missing and _PER_PERSON + _PER_PAIR * (given * own.size) ** 2 < in_one:
        return Share(own.places, by_person(rows, mass, block.weight, own))
    return Share(own.places, by_node(rows, mass, block.weight, own))


def folded(space: Space, loose: FloatArray) -> FloatArray:
    """Return the rows and columns of free parameters, those of a tied slope added."""
    for cluster, place in zip(space.clusters, space.places, strict=True):
        if cluster.is_tied:
            slopes = place[:, 0]
            loose[slopes[0]] = loose[slopes].sum(axis=0)
            loose[:, slopes[0]] = loose[:, slopes].sum(axis=1)
    chosen = [
        place[cluster.choices] for cluster, place in zip(space.clusters, space.places, strict=True)
    ]
    chosen.append(space.latent_places[space.free_latent])
    kept = np.concatenate(chosen)
    return np.asarray(loose[np.ix_(kept, kept)])
