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
from itembank.calibration.layout import Cluster, Layout
from itembank.calibration.maximisation import beta_terms, slope_terms
from itembank.calibration.point import Point, Space, log_tables
from itembank.calibration.priors import Priors
from itembank.calibration.quadrature import Grid

BLOCK = 4_096
"""Persons in a block: enough that the products over nodes outweigh their contraction."""
_NO_MASS = 1e-13


@dataclass(frozen=True, eq=False)
class Layer:
    """Derivatives that persons have in so far as they have an indicator.

    A person's derivative in `parameter` at a node is the sum over layers of
    ``value * indicators[row]``.
    """

    parameter: IntArray
    row: IntArray
    value: FloatArray
    """(n_entries, n_nodes)."""


@dataclass(frozen=True, eq=False)
class Sums:
    """Derivatives that are ``(slope * theta + plain) @ indicators``, and a function of theta."""

    slope: csr_array
    plain: csr_array


@dataclass(frozen=True, eq=False)
class Scores:
    """Derivatives of the complete data's log-likelihood at the nodes, in the loose parameters.

    Loose are those of items that are free, a tied slope once for each item, and all means and SDs.
    """

    tables: Tables
    nodes: FloatArray
    layers: tuple[tuple[Layer, ...], ...]
    """By group."""
    size: int
    sums: Sums | None
    """Where all items are canonical and nothing is missing."""


def observed_information(
    problem: Problem, fit: Evaluation, grid: Grid, blocks: Sequence[Block]
) -> FloatArray:
    """Return minus the second derivatives of log-likelihood plus log priors, free parameters."""
    found = complete_information(problem, fit, grid)
    scores = _scores(problem, fit.point, grid)
    for each in problem.apply(partial(missing_information, at=scores), blocks):
        found -= each
    return folded(problem.space, found)


def complete_information(problem: Problem, fit: Evaluation, grid: Grid) -> FloatArray:
    """Return minus the expected second derivatives of complete data and priors, loose."""
    clusters, latent = problem.layout.clusters, fit.point.latent
    found = np.zeros((problem.space.n_loose,) * 2)
    first = 0
    for cluster, x, counts in zip(clusters, fit.point.items, fit.found.counts, strict=True):
        own = cluster.family.curvature(x, grid.nodes, counts)
        diagonal = np.arange(x.shape[1])
        own[:, diagonal, diagonal] += _prior_curvature(cluster, x, problem.priors)
        place = np.full(x.shape, -1)
        place[cluster.free] = first + np.arange(int(cluster.free.sum()))
        both = cluster.free[:, :, np.newaxis] & cluster.free[:, np.newaxis]
        item, row, column = np.nonzero(both)
        found[place[item, row], place[item, column]] = own[both]
        first += int(cluster.free.sum())
    for group, mass in enumerate(fit.found.mass):
        at = slice(first + 2 * group, first + 2 * group + 2)
        found[at, at] = _latent_curvature(latent[group], mass, grid.nodes)
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
    return np.array([[mass.sum() * scale**2, 2 * first * scale], [2 * first * scale, 2 * second]])


def _scores(problem: Problem, at: Point, grid: Grid) -> Scores:
    layout, clusters = problem.layout, problem.layout.clusters
    logs = log_tables(clusters, at, grid.nodes)
    own = tables(layout, logs, grid.log_density(at.latent))
    layers = _item_layers(layout, at, logs, grid.nodes)
    size = problem.space.n_loose
    n_items = size - at.latent.size
    by_group = []
    for group, latent in enumerate(at.latent):
        rows = np.full(2, layout.n_rows - 1)
        places = n_items + 2 * group + np.arange(2)
        by_group.append((*layers, Layer(places, rows, _latent_gradient(latent, grid.nodes))))
    canonical = all(cluster.family.is_canonical for cluster in clusters)
    sums = _sums(layout, size) if canonical and not layout.has_missing else None
    return Scores(own, grid.nodes, tuple(by_group), size, sums)


def _latent_gradient(latent: FloatArray, nodes: FloatArray) -> FloatArray:
    away = (nodes - latent[0]) / np.exp(latent[1])
    return np.stack([away / np.exp(latent[1]), away**2 - 1])


def _item_layers(
    layout: Layout, at: Point, logs: Sequence[FloatArray], nodes: FloatArray
) -> list[Layer]:
    found: list[Layer] = []
    first = item = column = 0
    for cluster, x, log_p in zip(layout.clusters, at.items, logs, strict=True):
        gradient = cluster.family.gradient(x, nodes, log_p)[cluster.free]
        owner = np.nonzero(cluster.free)[0]
        places = first + np.arange(len(owner))
        floor = layout.n_columns + item + owner if layout.has_missing else np.full_like(owner, -1)
        found.append(Layer(places, floor % layout.n_rows, gradient[:, 0]))
        for k in range(1, cluster.family.n_categories):
            rows = column + owner * (cluster.family.n_categories - 1) + k - 1
            found.append(Layer(places, rows, gradient[:, k] - gradient[:, 0]))
        first, item = first + len(owner), item + len(x)
        column += cluster.n_columns
    return found


def _sums(layout: Layout, size: int) -> Sums:
    """Which indicators a parameter's derivative counts, with ability and without."""
    entries: list[tuple[float, float, int, int]] = []
    first = column = 0
    for cluster in layout.clusters:
        steps = cluster.family.n_categories - 1
        for place, (item, which) in enumerate(np.argwhere(cluster.free), first):
            own = column + item * steps
            if which == 0:
                entries += [(k + 1.0, 0.0, place, own + k) for k in range(steps)]
            else:
                entries.append((0.0, 1.0, place, own + which - 1))
        first += int(cluster.free.sum())
        column += cluster.n_columns
    slope, plain, places, columns = zip(*entries, strict=True) if entries else ((),) * 4
    shape, at = (size, layout.n_columns), (places, columns)
    return Sums(coo_array((slope, at), shape).tocsr(), coo_array((plain, at), shape).tocsr())


def missing_information(block: Block, at: Scores) -> FloatArray:
    """Return a block's covariance of the score given what was observed, loose parameters."""
    rows = at.tables.layout.indicators(block.scores)
    posterior = _posterior(rows, at.tables.weights[block.group])
    weight = None if block.weight is None else np.sqrt(block.weight)
    layers = at.layers[block.group]
    if at.sums is None:
        expected = _expected(rows, posterior, layers, at.size)
        found = _by_node(rows, _weighted(posterior, block.weight), layers, at.size)
    else:
        floor = _floor(layers, at.size, len(at.nodes))
        expected = _expected_of_sums(rows, posterior, at, floor)
        found = _by_moments(rows, posterior, block.weight, at, floor)
    expected = _weighted(expected, weight)
    found -= expected @ expected.T
    return found


def _weighted(values: FloatArray, weight: FloatArray | None) -> FloatArray:
    return values if weight is None else values * weight


def _posterior(rows: FloatArray, weights: FloatArray) -> FloatArray:
    posterior = weights @ rows
    posterior -= posterior.max(axis=0)
    np.exp(posterior, out=posterior)
    posterior /= posterior.sum(axis=0)
    return posterior


def _expected(
    rows: FloatArray, posterior: FloatArray, layers: Sequence[Layer], size: int
) -> FloatArray:
    """Return the expected derivatives of each person, (n_loose, n_persons)."""
    found = np.zeros((size, rows.shape[1]))
    for layer in layers:
        share = layer.value @ posterior
        share *= rows[layer.row]
        found[layer.parameter] += share
    return found


def _by_node(rows: FloatArray, mass: FloatArray, layers: Sequence[Layer], size: int) -> FloatArray:
    """Return the sum of squares of derivatives over persons and nodes, product by product."""
    parameter = np.concatenate([layer.parameter for layer in layers])
    at = (parameter, np.concatenate([layer.row for layer in layers]))
    values = np.concatenate([layer.value for layer in layers]).T
    found = np.zeros((size, size))
    weighted = np.empty_like(rows)
    for own, value in zip(mass, values, strict=True):
        if own.max() < _NO_MASS:
            continue
        np.multiply(rows, np.sqrt(own), out=weighted)
        coefficients = coo_array((value, at), (size, len(rows))).tocsr()
        found += coefficients @ (coefficients @ (weighted @ weighted.T)).T
    return found


def _floor(layers: Sequence[Layer], size: int, n_nodes: int) -> FloatArray:
    """Return the derivatives of persons who scored 0 everywhere, (n_loose, n_nodes)."""
    found = np.zeros((size, n_nodes))
    last = layers[-1].row[0]
    for layer in layers:
        if layer.row[:1] == last:
            found[layer.parameter] = layer.value
    return found


def _expected_of_sums(
    rows: FloatArray, posterior: FloatArray, at: Scores, floor: FloatArray
) -> FloatArray:
    sums, indicators = _required(at), rows[:-1]
    found = floor @ posterior
    found += sums.plain @ indicators
    found += (sums.slope @ indicators) * (at.nodes @ posterior)
    return np.asarray(found)


def _by_moments(
    rows: FloatArray,
    posterior: FloatArray,
    weight: FloatArray | None,
    at: Scores,
    floor: FloatArray,
) -> FloatArray:
    """Return the same sum where derivatives are sums of indicators, once as they are and once
    times ability: two moments of ability for each person say all.

    Ability is counted from the lowest node, so that its moments are positive and have roots.
    """
    sums, indicators, above = _required(at), rows[:-1], at.nodes - at.nodes[0]
    slope, plain = sums.slope, sums.plain + at.nodes[0] * sums.slope
    moments = np.stack([np.ones_like(above), above, above**2]) @ _weighted(posterior, weight)
    none, one, two = (_squares(indicators, moment) for moment in moments)
    counts = indicators @ _weighted(posterior, weight).T
    found = slope @ (slope @ two).T + plain @ (plain @ none).T
    cross = slope @ (plain @ one).T
    cross += ((slope @ counts) * above + plain @ counts) @ floor.T
    mass = posterior @ (np.ones(rows.shape[1]) if weight is None else weight)
    return np.asarray(found + cross + cross.T + (floor * mass) @ floor.T)


def _squares(indicators: FloatArray, weight: FloatArray) -> FloatArray:
    scaled = indicators * np.sqrt(weight)
    return np.asarray(scaled @ scaled.T)


def _required(at: Scores) -> Sums:
    if at.sums is None:
        raise AssertionError
    return at.sums


def folded(space: Space, loose: FloatArray) -> FloatArray:
    """Return the rows and columns of free parameters, those of a tied slope added."""
    chosen, first = [], 0
    for cluster in space.clusters:
        place = np.full(cluster.free.shape, -1)
        place[cluster.free] = first + np.arange(int(cluster.free.sum()))
        if cluster.is_tied:
            slopes = place[:, 0]
            loose[slopes[0]] = loose[slopes].sum(axis=0)
            loose[:, slopes[0]] = loose[:, slopes].sum(axis=1)
        chosen.append(place[cluster.choices])
        first += int(cluster.free.sum())
    latent = first + np.arange(space.free_latent.size).reshape(space.free_latent.shape)
    places = np.concatenate([*chosen, latent[space.free_latent]])
    return np.asarray(loose[np.ix_(places, places)])
