"""The posterior of ability on a grid, and the expectations under it.

The grid is uniform, so that its sums converge faster than any power of the spacing. The spacing is
at most the standard deviation of the narrowest posterior that the test's information lets one
expect, and at most one over the steepest slope (the curves' poles are that near). A person whose
posterior turns out narrower than the spacing is looked at again at half of it, and one whose
posterior leans on an end of the grid, on a grid of twice the range.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from itembank.ability.estimates import Prior
from itembank.ability.likelihood import likelihood
from itembank.ability.scores import ROWS, ScoreMatrix
from itembank.arguments import FloatArray, IntArray, sentence_fault
from itembank.curves import information
from itembank.parameters import ItemParameters

_MOST_NODES = 40_000
_FIRST_STEPS = 1_000
_FEWEST_STEPS = 12
_LOOK = 61
_LEAST_PEAK = -600.0  # the exponential of less loses digits


@dataclass(frozen=True)
class Precision:
    """How fine and how wide a grid must be, and when it is too coarse or too narrow.

    `fineness` divides the spacing, `reach` is in standard deviations of the prior, and `leaning` is
    the most of a posterior that may lie on an outermost node.
    """

    fineness: float = 1.0
    reach: float = 6.0
    leaning: float = 1e-7


ORDINARY = Precision()
"""Means and standard deviations to about seven digits."""


@dataclass(frozen=True)
class Grid:
    """Uniform nodes around a centre, `spacing` apart, `steps` of them to each side."""

    centre: float
    spacing: float
    steps: int

    @property
    def offsets(self) -> FloatArray:
        """The nodes' distances from the centre, shape (2 steps + 1,)."""
        return self.spacing * np.arange(-self.steps, self.steps + 1, dtype=np.float64)

    @property
    def nodes(self) -> FloatArray:
        """The nodes, in logits."""
        return self.centre + self.offsets

    def finer(self) -> Grid:
        """Return the same range at half the spacing."""
        return replace(self, spacing=self.spacing / 2, steps=self.steps * 2)

    def wider(self) -> Grid:
        """Return twice the range at the same spacing."""
        return replace(self, steps=self.steps * 2)


def grid_for(parameters: ItemParameters, prior: Prior, precision: Precision) -> Grid:
    """Return the grid that is fine enough for the posteriors that these items let one expect."""
    span = precision.reach * prior.sd
    look = prior.mean + np.linspace(-span, span, _LOOK)
    most = float(information(look, parameters).sum(axis=1).max())
    turns = np.maximum(1.0, parameters.n_categories / 2)  # poles draw nearer with categories
    steepest = float((np.abs(parameters.slope) * turns).max())
    narrowest = max(np.sqrt(prior.precision + most), steepest)
    steps = int(np.ceil(span * narrowest * precision.fineness))
    steps = min(max(steps, _FEWEST_STEPS), _FIRST_STEPS)
    return Grid(prior.mean, span / steps, steps)


Integrands = Callable[[Grid], FloatArray]
"""Functions of ability at the nodes of a grid, shape (n_nodes, n_functions)."""


def expectations(
    matrix: ScoreMatrix,
    parameters: ItemParameters,
    prior: Prior,
    integrands: Integrands | None = None,
    precision: Precision = ORDINARY,
) -> FloatArray:
    """Return each person's posterior expectations, shape (n_persons, 2 + n_functions).

    The first two are of the distance from the prior's mean, and of its square.
    """
    posterior = _Posterior(matrix, parameters, prior, integrands)
    first = grid_for(parameters, prior, precision)
    everyone = np.arange(len(matrix.values))
    look = posterior.look(first, everyone)
    found, waiting = look.means, _again(look, first, everyone, precision)
    while waiting:
        grid, rows = waiting.pop()
        look = posterior.look(grid, rows)
        found[rows] = look.means
        waiting += _again(look, grid, rows, precision)
    return found


def _again(
    look: _Look, grid: Grid, rows: IntArray, precision: Precision
) -> list[tuple[Grid, IntArray]]:
    """Return on which grids which persons are to be looked at once more."""
    leans = look.edge > precision.leaning  # first: a posterior beyond the end looks narrow
    coarse = ~leans & (_sd(look.means) < grid.spacing * precision.fineness)
    tasks = ((grid.wider(), rows[leans]), (grid.finer(), rows[coarse]))
    return [(next_grid, those) for next_grid, those in tasks if those.size]


@dataclass(frozen=True, eq=False)
class Moments:
    """Each person's posterior mean and standard deviation, shape (n_persons,)."""

    mean: FloatArray
    sd: FloatArray


def moments(matrix: ScoreMatrix, parameters: ItemParameters, prior: Prior) -> Moments:
    """Return the mean and the standard deviation of each person's posterior."""
    means = expectations(matrix, parameters, prior)
    return Moments(prior.mean + means[:, 0], _sd(means))


def _sd(means: FloatArray) -> FloatArray:
    return np.asarray(np.sqrt(np.maximum(means[:, 1] - means[:, 0] ** 2, 0.0)))


@dataclass(frozen=True, eq=False)
class _Look:
    """Expectations on one grid, and how much of each posterior lies on an outermost node."""

    means: FloatArray
    edge: FloatArray


@dataclass(frozen=True, eq=False)
class _Posterior:
    """The posteriors of persons, and the functions that are integrated over them."""

    matrix: ScoreMatrix
    parameters: ItemParameters
    prior: Prior
    integrands: Integrands | None

    def look(self, grid: Grid, rows: IntArray) -> _Look:
        """Return the expectations of some persons on one grid."""
        _refuse_endless(grid, rows)
        columns = _columns(grid, self.integrands)
        sums, edge = np.empty((len(rows), columns.shape[1])), np.empty(len(rows))
        for place, density in self._densities(grid, rows):
            sums[place] = density @ columns
            edge[place] = np.maximum(density[:, 0], density[:, -1])
        return _Look(sums[:, 1:] / sums[:, :1], edge / sums[:, 0])

    def _densities(self, grid: Grid, rows: IntArray) -> Iterator[tuple[slice, FloatArray]]:
        """Return posteriors by blocks, up to a factor each; good until the next is asked for."""
        curves = likelihood(grid.nodes, self.parameters)
        log_prior = -0.5 * self.prior.precision * grid.offsets**2
        underflows = (curves.least + log_prior).max() < _LEAST_PEAK
        room = np.empty((min(ROWS, len(rows)), curves.n_theta))
        everyone = len(rows) == len(self.matrix.values)
        for place, block in self.matrix.blocks(None if everyone else rows):
            density = curves.of(block, room[: place.stop - place.start])
            density += log_prior
            if underflows:
                density -= density.max(axis=1, keepdims=True)
            yield place, np.exp(density, out=density)


def _columns(grid: Grid, integrands: Integrands | None) -> FloatArray:
    x = grid.offsets
    columns = np.stack([np.ones_like(x), x, x**2], axis=1)
    return columns if integrands is None else np.hstack([columns, integrands(grid)])


def _refuse_endless(grid: Grid, rows: IntArray) -> None:
    if 2 * grid.steps + 1 > _MOST_NODES:
        allowed = f"such that {_MOST_NODES} nodes can hold every posterior"
        raise sentence_fault("parameters", allowed, "a narrower one", f"person {rows[0]}")
