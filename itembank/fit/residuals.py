"""Infit, outfit and the distance of curves, with each person spread as the posterior says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from itembank.ability.likelihood import likelihood
from itembank.ability.posterior import ORDINARY, grid_for
from itembank.ability.scores import Block
from itembank.arguments import FloatArray, IntArray
from itembank.curves import Derivatives, derivatives
from itembank.fit.subject import Subject
from itembank.parameters import ItemParameters, Model

_TINY = 1e-300
_NO_SPREAD = 1e-12


@dataclass(frozen=True, eq=False)
class Residuals:
    """How far answers lie from what the model expects, by item, each of shape (n_items,)."""

    infit: FloatArray
    infit_z: FloatArray
    outfit: FloatArray
    outfit_z: FloatArray
    rmsd: FloatArray
    n: FloatArray


def residuals(of: Subject, free: IntArray) -> Residuals:
    """Return the mean squares of all items, with their standardised values, and their RMSD.

    `free` is how many parameters of each item were estimated from these answers.

    Nobody's ability is put in the stead of an unknown one: a mean square is the expectation of the
    squared residual under each person's posterior, so that it is 1 on average where the model
    holds, however short the test.
    """
    nodes = grid_for(of.parameters, of.prior, ORDINARY).nodes
    tables = _tables(nodes, derivatives(nodes, of.parameters))
    sums = _empty(tables, of.parameters.n_items)
    for block, posterior, weight in _blocks(of, nodes):
        sums.add(_terms(tables, block, posterior), block, posterior, weight)
    return sums.results(tables, _bent(of.parameters, free, tables))


def _blocks(of: Subject, nodes: FloatArray) -> Iterator[tuple[Block, FloatArray, FloatArray]]:
    """Return persons in blocks, with each one's posterior, (n_persons, n_nodes), and weight."""
    curves = likelihood(nodes, of.parameters)
    log_prior = -0.5 * of.prior.precision * (nodes - of.prior.mean) ** 2
    for place, block in of.matrix.blocks():
        density = curves.of(block) + log_prior
        density -= density.max(axis=1, keepdims=True)
        np.exp(density, out=density)
        density /= density.sum(axis=1, keepdims=True)
        yield block, density, of.weights[place]


@dataclass(frozen=True, eq=False)
class _Tables:
    """Functions of ability at the nodes, as columns: one for each item, kind by kind.

    `of_score`, of shape (n_nodes, 3 n_categories n_items), is by the score that a person has: the
    squared residual less its variance, the same over the variance, and the slope of the logarithm
    of the probability, times ability. `of_all`, (n_nodes, n_categories n_items), is the
    probability of reaching each score, and then the variance.
    """

    of_score: FloatArray
    of_all: FloatArray
    expected: FloatArray
    tops: FloatArray
    n_categories: int

    @property
    def n_terms(self) -> int:
        """How many terms a person has for an item."""
        return self.n_categories + 2


def _tables(nodes: FloatArray, curves: Derivatives) -> _Tables:
    each, scores = curves.probability, np.arange(curves.probability.shape[2])
    expected = each @ scores
    away = (scores - expected[..., np.newaxis]) ** 2
    variance = np.maximum((each * away).sum(axis=2), _TINY)[..., np.newaxis]
    slope = np.divide(curves.first, each, out=np.zeros_like(each), where=each > 0)
    by_score = [away - variance, away / variance - 1, nodes[:, np.newaxis, np.newaxis] * slope]
    reached = np.cumsum(each[..., :0:-1], axis=2)[..., ::-1]
    return _Tables(
        np.concatenate([_flat(table) for table in by_score], axis=1),
        np.concatenate([_flat(reached), variance[..., 0]], axis=1),
        expected,
        (each.max(axis=0) > 0).sum(axis=1) - 1.0,
        len(scores),
    )


def _flat(table: FloatArray) -> FloatArray:
    """Return (n_nodes, n_items, n_categories) as (n_nodes, n_categories n_items)."""
    return np.ascontiguousarray(np.moveaxis(table, 2, 1)).reshape(len(table), -1)


def _terms(tables: _Tables, block: Block, posterior: FloatArray) -> FloatArray:
    """Return what each answer adds, (n_terms, n_persons, n_items); 0 where there is none.

    First the squared residual less its variance, then the same over the variance; the rest are
    slopes of the log-likelihood in what the item's curve has that can bend: each step, and the
    slope. The last term is the variance.
    """
    n_persons, n_items = block.scores.shape
    shape = (n_persons, -1, tables.n_categories, n_items)
    mine = (posterior @ tables.of_score).reshape(shape)
    all_ = (posterior @ tables.of_all).reshape(n_persons, -1, n_items)
    found = np.zeros((tables.n_terms + 1, n_persons, n_items))
    for score in range(tables.n_categories):
        has = block.scores == score
        for place, row in ((0, 0), (1, 1), (tables.n_terms - 1, 2)):
            found[place] += has * mine[:, row, score]
    for step in range(1, tables.n_categories):
        found[step + 1] = (block.scores >= step) - all_[:, step - 1]
    found[-1] = all_[:, -1]
    if block.given is not None:
        found *= block.given
    return found


@dataclass(frozen=True, eq=False)
class _Sums:
    """Sums over persons, by item: of the terms, of their products, and of answers by ability."""

    totals: FloatArray
    products: FloatArray
    points: FloatArray
    persons: FloatArray
    n: FloatArray

    def add(
        self, terms: FloatArray, block: Block, posterior: FloatArray, weight: FloatArray
    ) -> None:
        """Take in a block of persons."""
        weighted = terms * weight[:, np.newaxis]
        self.totals[...] += weighted.sum(axis=1)
        self.products[...] += np.einsum("mpj,npj->jmn", weighted[:-1], terms[:-1])
        mass = posterior * weight[:, np.newaxis]
        self.points[...] += mass.T @ block.scores
        given = np.ones_like(block.scores) if block.given is None else block.given
        self.persons[...] += mass.T @ given
        self.n[...] += weight @ given

    def results(self, tables: _Tables, bent: FloatArray) -> Residuals:
        """Return the statistics of all items; NaN of those without any answer."""
        n = self.n
        with np.errstate(invalid="ignore", divide="ignore"):
            infit, outfit = 1 + self.totals[0] / self.totals[-1], 1 + self.totals[1] / n
            away = self.points / self.persons - tables.expected
            square = np.nansum(self.persons * away**2, axis=0) / n
        z = [self._standardised(place, bent) for place in (0, 1)]
        return Residuals(infit, z[0], outfit, z[1], np.sqrt(square) / tables.tops, n)

    def _standardised(self, place: int, bent: FloatArray) -> FloatArray:
        """Return a sum over its standard error, both free of the slopes of the log-likelihood.

        What the item's own estimated parameters bend away, (n_items, n_terms - 2), is taken out of
        it, so that estimating them from the same answers does not make it too small (Neyman's
        C(alpha)).
        """
        slopes = self.products[:, 2:, 2:] * bent[:, :, np.newaxis] * bent[:, np.newaxis, :]
        cross = self.products[:, place, 2:] * bent
        share = np.einsum("jmn,jn->jm", np.linalg.pinv(slopes, hermitian=True), cross)
        total = self.totals[place] - np.einsum("jm,mj->j", share, self.totals[2:-1])
        square = self.products[:, place, place]
        left = square - np.einsum("jm,jm->j", share, cross)
        known = left > _NO_SPREAD * square
        spread = np.sqrt(np.where(known, left, 1.0))
        return np.asarray(np.where(known, total / spread, np.nan))


def _bent(parameters: ItemParameters, free: IntArray, tables: _Tables) -> FloatArray:
    """Return 1 for each slope of the log-likelihood in what was estimated of an item, else 0.

    Of an item of which nothing was estimated, none; the slope's only where the item has its own.
    """
    found = np.zeros((parameters.n_items, tables.n_terms - 2))
    found[free > 0] = 1.0
    shared = [model.has_unit_slope or model is Model.ONE_PL for model in parameters.model]
    found[shared, -1] = 0.0
    return found


def _empty(tables: _Tables, n_items: int) -> _Sums:
    n_nodes = len(tables.expected)
    return _Sums(
        np.zeros((tables.n_terms + 1, n_items)),
        np.zeros((n_items, tables.n_terms, tables.n_terms)),
        np.zeros((n_nodes, n_items)),
        np.zeros((n_nodes, n_items)),
        np.zeros(n_items),
    )
