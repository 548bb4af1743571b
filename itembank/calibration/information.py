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
from scipy.sparse import coo_array, csr_array

from itembank.arguments import FloatArray, IntArray
from itembank.calibration.expectation import Block, Tables, tables
from itembank.calibration.fitting import Evaluation, Problem
from itembank.calibration.layout import Layout
from itembank.calibration.maximisation import beta_terms, slope_terms
from itembank.calibration.point import Point, Space, log_tables
from itembank.calibration.priors import Priors
from itembank.calibration.quadrature import Grid

BLOCK = 4_096
"""Persons in a block: enough that the products over nodes outweigh their contraction."""


@dataclass(frozen=True, eq=False)
class Scores:
    """Derivatives of the complete data's log-likelihood, node by node.

    At node ``q``, a person's derivatives are ``coefficients[q] @ rows``: `rows` are the indicators
    of the layout, and the parameters all that there are, free or not; means and SDs come last.
    """

    tables: Tables
    coefficients: tuple[tuple[csr_array, ...], ...]
    """By group, then by node: (n_all, n_rows)."""


def observed_information(
    problem: Problem, fit: Evaluation, grid: Grid, blocks: Sequence[Block]
) -> FloatArray:
    """Return minus the second derivatives of log-likelihood plus log priors, free parameters."""
    found = complete_information(problem, fit, grid)
    scores = _scores(problem.layout, fit.point, grid)
    for each in problem.apply(partial(missing_information, at=scores), blocks):
        found -= each
    return folded(problem.space, found)


def complete_information(problem: Problem, fit: Evaluation, grid: Grid) -> FloatArray:
    """Return minus the expected second derivatives of complete data and priors, all parameters."""
    clusters, latent = problem.layout.clusters, fit.point.latent
    size = sum(x.size for x in fit.point.items)
    found = np.zeros((size + latent.size,) * 2)
    first = 0
    for cluster, x, counts in zip(clusters, fit.point.items, fit.found.counts, strict=True):
        own = cluster.family.curvature(x, grid.nodes, counts)
        place = first + np.arange(x.size).reshape(x.shape)
        found[place[:, :, np.newaxis], place[:, np.newaxis]] = own
        found[place, place] += _prior_curvature(x, problem.priors, cluster.model.has_guessing)
        if cluster.is_tied and problem.priors.slope is not None:
            rest = place[1:, 0]
            found[rest, rest] -= slope_terms(problem.priors.slope, x[1:, 0])[1]
        first += x.size
    for group, mass in enumerate(fit.found.mass):
        at = slice(first + 2 * group, first + 2 * group + 2)
        found[at, at] = _latent_curvature(latent[group], mass, grid.nodes)
    return found


def _prior_curvature(x: FloatArray, priors: Priors, has_guessing: bool) -> FloatArray:
    found = np.zeros_like(x)
    if priors.slope is not None:
        found[:, 0] = slope_terms(priors.slope, x[:, 0])[1]
    if has_guessing:
        for place, prior in ((2, priors.guessing), (3, priors.upper)):
            if prior is not None:
                found[:, place] = beta_terms(prior, x[:, place])[1]
    return found


def _latent_curvature(latent: FloatArray, mass: FloatArray, nodes: FloatArray) -> FloatArray:
    away = (nodes - latent[0]) / np.exp(latent[1])
    first, second = mass @ away, mass @ away**2
    scale = np.exp(-latent[1])
    return np.array([[mass.sum() * scale**2, 2 * first * scale], [2 * first * scale, 2 * second]])


def _scores(layout: Layout, at: Point, grid: Grid) -> Scores:
    logs = log_tables(layout.clusters, at, grid.nodes)
    own = tables(layout, logs, grid.log_density(at.latent))
    entries = _item_entries(layout, at, logs, grid.nodes)
    by_group = tuple(
        _by_node(layout, at, entries, group, grid.nodes) for group in range(len(at.latent))
    )
    return Scores(own, by_group)


@dataclass(frozen=True, eq=False)
class Entries:
    """Coefficients of items: which parameter, which row, and the value at each node."""

    parameter: IntArray
    row: IntArray
    value: FloatArray
    """(n_entries, n_nodes)."""


def _item_entries(
    layout: Layout, at: Point, logs: Sequence[FloatArray], nodes: FloatArray
) -> Entries:
    parts: list[Entries] = []
    parameter = item = column = 0
    for cluster, x, log_p in zip(layout.clusters, at.items, logs, strict=True):
        gradient = cluster.family.gradient(x, nodes, log_p)
        n_items, width, n_categories, _ = gradient.shape
        places = parameter + np.arange(x.size).reshape(x.shape)
        columns = column + np.arange(cluster.n_columns).reshape(n_items, -1)
        floor = np.full(x.shape, layout.n_rows - 1)
        if layout.has_missing:
            floor[:] = layout.n_columns + item + np.arange(n_items)[:, np.newaxis]
        parts.append(Entries(places.ravel(), floor.ravel(), _flat(gradient[:, :, 0])))
        for k in range(1, n_categories):
            rows = np.repeat(columns[:, k - 1], width)
            above = gradient[:, :, k] - gradient[:, :, 0]
            parts.append(Entries(places.ravel(), rows, _flat(above)))
        parameter, item = parameter + x.size, item + n_items
        column += cluster.n_columns
    return _all_entries(parts)


def _flat(values: FloatArray) -> FloatArray:
    return values.reshape(-1, values.shape[-1])


def _all_entries(parts: Sequence[Entries]) -> Entries:
    return Entries(
        np.concatenate([each.parameter for each in parts]),
        np.concatenate([each.row for each in parts]),
        np.concatenate([each.value for each in parts]),
    )


def _by_node(
    layout: Layout, at: Point, items: Entries, group: int, nodes: FloatArray
) -> tuple[csr_array, ...]:
    n_items = sum(x.size for x in at.items)
    mean, log_sd = at.latent[group]
    away = (nodes - mean) / np.exp(log_sd)
    latent = Entries(
        n_items + 2 * group + np.arange(2),
        np.full(2, layout.n_rows - 1),
        np.stack([away / np.exp(log_sd), away**2 - 1]),
    )
    both = _all_entries([items, latent])
    shape = (n_items + at.latent.size, layout.n_rows)
    return tuple(
        coo_array((value, (both.parameter, both.row)), shape=shape).tocsr()
        for value in both.value.T
    )


def missing_information(block: Block, at: Scores) -> FloatArray:
    """Return a block's covariance of the score given what was observed, all parameters."""
    rows = at.tables.layout.indicators(block.scores)
    posterior = _posterior(rows, at.tables.weights[block.group])
    weight = 1.0 if block.weight is None else block.weight
    coefficients = at.coefficients[block.group]
    found = np.zeros((coefficients[0].shape[0],) * 2)
    expected = np.zeros((len(found), rows.shape[1]))
    for own, mass in zip(coefficients, posterior, strict=True):
        weighted = rows * np.sqrt(mass * weight)
        found += own @ (own @ (weighted @ weighted.T)).T
        expected += own @ (rows * mass)
    expected *= np.sqrt(weight)
    found -= expected @ expected.T
    return found


def _posterior(rows: FloatArray, weights: FloatArray) -> FloatArray:
    posterior = weights @ rows
    posterior -= posterior.max(axis=0)
    np.exp(posterior, out=posterior)
    posterior /= posterior.sum(axis=0)
    return posterior


def folded(space: Space, full: FloatArray) -> FloatArray:
    """Return the rows and columns of free parameters, those of a tied slope added."""
    chosen, first = [], 0
    for cluster in space.clusters:
        place = first + np.arange(cluster.free.size).reshape(cluster.free.shape)
        if cluster.is_tied:
            slopes = place[:, 0]
            full[slopes[0]] = full[slopes].sum(axis=0)
            full[:, slopes[0]] = full[:, slopes].sum(axis=1)
        chosen.append(place[cluster.choices])
        first += cluster.free.size
    latent = first + np.arange(space.free_latent.size).reshape(space.free_latent.shape)
    places = np.concatenate([*chosen, latent[space.free_latent]])
    return np.asarray(full[np.ix_(places, places)])
