"""Where a likelihood, a posterior or Warm's weighted likelihood is greatest, for many persons.

All three are a root of one estimating function: the slope of the log-likelihood, plus for MAP that
of the log prior, plus for WLE ``J / (2 I)``. Its integral is looked at on a grid first, so that of
several maxima (a three-parameter item can make two) the greatest is found; Newton steps, kept
between the neighbouring nodes, do the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from itembank.ability.estimates import Method, Prior
from itembank.ability.likelihood import Likelihood, likelihood
from itembank.ability.scores import Block, ScoreMatrix
from itembank.ability.slopes import Slopes, Terms, slopes, terms
from itembank.arguments import FloatArray, IntArray, sentence_fault
from itembank.curves import derivatives
from itembank.parameters import ItemParameters

_HALF_NODES = 120
_CLOSE = 1e-10
_MOST_STEPS = 100
_TIED = 1e-9  # log-likelihoods that differ by less are the same
_SATURATED = 1e4  # at this logit a curve is at its asymptote to the last digit
_TINY = 1e-300
_BESIDE = 1e-5  # logits, for the derivative of Warm's weight


@dataclass(frozen=True, eq=False)
class Peaks:
    """Each person's estimate and its standard error, shape (n_persons,)."""

    theta: FloatArray
    se: FloatArray


def peaks(matrix: ScoreMatrix, parameters: ItemParameters, prior: Prior, method: Method) -> Peaks:
    """Return the estimates of every person by MAP, ML or WLE."""
    if method is not Method.MAP:
        _refuse_uninformed(matrix, parameters)
    search = _search(parameters, prior, method)
    found = Peaks(np.empty(len(matrix.values)), np.empty(len(matrix.values)))
    for place, block in matrix.blocks():
        found.theta[place] = search.estimates(block)
        found.se[place] = search.standard_errors(block, found.theta[place])
    return found


def _refuse_uninformed(matrix: ScoreMatrix, parameters: ItemParameters) -> None:
    tells = (parameters.slope != 0).astype(np.float64)
    for place, block in matrix.blocks():
        given = np.ones_like(block.scores) if block.given is None else block.given
        told = given @ tells > 0
        if not told.all():
            allowed = "an answer or more to items whose slope is not 0, for ml and wle"
            where = f"person {int(np.argmin(told)) + place.start}"
            raise sentence_fault("scores", allowed, "none", where)


@dataclass(frozen=True, eq=False)
class _Search:
    """What a search needs of the items, prepared once for any number of persons."""

    parameters: ItemParameters
    prior: Prior
    method: Method
    nodes: FloatArray
    curves: Likelihood
    ends: Likelihood
    terms: Terms

    def estimates(self, block: Block) -> FloatArray:
        """Return each person's estimate, infinite where ML has none that is finite."""
        heights = self._heights(block)
        theta = self._climb(block, heights.argmax(axis=1))
        if self.method is Method.ML:
            ends = self.ends.of(block)
            beyond = ends.max(axis=1) >= heights.max(axis=1) - _TIED
            theta[beyond] = np.where(ends[:, 1] >= ends[:, 0], np.inf, -np.inf)[beyond]
        return theta

    def standard_errors(self, block: Block, theta: FloatArray) -> FloatArray:
        """Return the standard error of each estimate, infinite where the estimate is."""
        finite = np.isfinite(theta)
        found = slopes(block, np.where(finite, theta, self.prior.mean), self.parameters)
        known = found.expected
        if self.method is Method.MAP:
            known = found.observed + self.prior.precision
        return np.where(finite, 1 / np.sqrt(np.maximum(known, _TINY)), np.inf)

    def _heights(self, block: Block) -> FloatArray:
        """Return the criterion at each node, (n_persons, n_nodes)."""
        height = self.curves.of(block)
        if self.method is Method.MAP:
            height -= 0.5 * self.prior.precision * (self.nodes - self.prior.mean) ** 2
        if self.method is Method.WLE:
            bias, known = (
                _over_items(part, block) for part in (self.terms.bias, self.terms.expected)
            )
            height += _integral(self.nodes, bias / (2 * np.maximum(known, _TINY)))
        return height

    def _climb(self, block: Block, top: IntArray) -> FloatArray:
        """Return the root between the neighbours of the highest node, by Newton's steps.

        A step that leaves them, as where the criterion is not concave, is halving instead.
        """
        low, high = self._bracket(block, top)
        theta = self.nodes[top]
        active = np.arange(len(theta))
        for _ in range(_MOST_STEPS):
            here = theta[active]
            step = self._step(block.take(active), here)
            low[active] = np.where(step > 0, here, low[active])
            high[active] = np.where(step > 0, high[active], here)
            moved = here + step
            inside = (moved > low[active]) & (moved < high[active])
            moved = np.where(inside, moved, (low[active] + high[active]) / 2)
            theta[active] = moved
            active = active[np.abs(moved - here) > _CLOSE * (1 + np.abs(here))]
            if not active.size:
                break
        return theta

    def _bracket(self, block: Block, top: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return two abilities with the root between them."""
        low, high = np.maximum(top - 1, 0), np.minimum(top + 1, len(self.nodes) - 1)
        if self.method is Method.WLE:  # its integral is not exact, so neither is the highest node
            low, high = self._inwards(block, low, -1), self._inwards(block, high, 1)
        return self.nodes[low], self.nodes[high]

    def _inwards(self, block: Block, ends: IntArray, by: int) -> IntArray:
        """Return nodes, moved one by one until the criterion rises from them inwards."""
        active = np.arange(len(ends))
        while active.size:
            outwards = by * self._step(block.take(active), self.nodes[ends[active]]) >= 0
            within = (ends[active] > 0) & (ends[active] < len(self.nodes) - 1)
            active = active[outwards & within]
            ends[active] += by
        return ends

    def _step(self, block: Block, theta: FloatArray) -> FloatArray:
        """Return Newton's step; enormous where the criterion is not concave."""
        found = slopes(block, theta, self.parameters)
        value, curvature = found.value, found.observed
        if self.method is Method.MAP:
            value = value - self.prior.precision * (theta - self.prior.mean)
            curvature = curvature + self.prior.precision
        if self.method is Method.WLE:
            pull = _pull(found)
            beside = _pull(slopes(block, theta + _BESIDE, self.parameters))
            value, curvature = value + pull, curvature - (beside - pull) / _BESIDE
        return np.asarray(value / np.maximum(curvature, _TINY))


def _pull(found: Slopes) -> FloatArray:
    """Return what Warm's weight adds to the slope of the log-likelihood."""
    return np.asarray(found.bias / (2 * np.maximum(found.expected, _TINY)))


def _search(parameters: ItemParameters, prior: Prior, method: Method) -> _Search:
    nodes = _search_nodes(parameters, prior)
    end = _SATURATED / _least_slope(parameters) + np.abs(nodes).max()
    return _Search(
        parameters,
        prior,
        method,
        nodes,
        likelihood(nodes, parameters),
        likelihood(np.array([-end, end]), parameters),
        terms(derivatives(nodes, parameters)),
    )


def _search_nodes(parameters: ItemParameters, prior: Prior) -> FloatArray:
    """Return nodes dense among the items, and out to where no finite maximum can be."""
    centre = float(np.median(parameters.difficulty))
    away = np.nanmax(np.abs(parameters.threshold - centre))
    slack = (10 + np.log(parameters.threshold.size)) / _least_slope(parameters)
    reach = max(float(away + slack), abs(prior.mean - centre) + 8 * prior.sd)
    turns = np.linspace(-1, 1, 2 * _HALF_NODES + 1) * np.arcsinh(reach)
    return np.asarray(centre + np.sinh(turns))


def _least_slope(parameters: ItemParameters) -> float:
    sizes = np.abs(parameters.slope[parameters.slope != 0])
    return float(max(sizes.min(initial=1.0), 1e-6))


def _over_items(part: FloatArray, block: Block) -> FloatArray:
    found = part.sum(axis=1) if block.given is None else block.given @ part.T
    return np.asarray(found)


def _integral(nodes: FloatArray, height: FloatArray) -> FloatArray:
    """Return the integral from the first node to each, by trapezoids, over the last axis."""
    means = (height[..., 1:] + height[..., :-1]) / 2
    steps = np.cumsum(means * np.diff(nodes), axis=-1)
    return np.concatenate([np.zeros((*height.shape[:-1], 1)), steps], axis=-1)
