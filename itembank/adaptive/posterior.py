"""The posterior of one examinee on fixed nodes: a product of rows, and sums over the nodes.

The nodes are uniform and fine against the narrowest posterior that the test can reach, so that
their sums equal the integrals for all purposes (the error falls faster than any power of the
spacing). That holds for the mass beyond a cut as well: the weights of the nodes are the integral of
the band-limited interpolation of the posterior from the cut on, so that the cut is a boundary of
integration wherever it lies between the nodes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from itembank.ability.estimates import Prior
from itembank.arguments import FloatArray
from itembank.curves import information, log_probability
from itembank.faults import fault
from itembank.mastery.boundary import beyond
from itembank.parameters import ItemParameters

REACH = 6.0  # standard deviations of the prior to each side
PER_WIDTH = 2.0  # nodes per standard deviation of the narrowest posterior
FEWEST = 60
MOST = 600
LEAST_LIKELIHOOD = 1e-30  # so that no answer, nor any two, can make every node impossible
_BLOCK = 256  # items whose rows are computed at once, so that memory is bounded


@dataclass(frozen=True, slots=True)
class PassMark:
    """The ability that counts as a pass, the error of its placing, and how far to move the prior.

    `shift` is by how many logits the prior's mean is moved either way to see whether the verdict
    rests on it; 0 looks at the prior alone.
    """

    theta: float
    se: float = 0.0
    shift: float = 1.0


@dataclass(frozen=True, eq=False)
class Nodes:
    """Uniform nodes of ability with what each examinee's posterior is summed by.

    Attributes
    ----------
    theta : ndarray, shape (n_nodes,)
        Logits.
    prior : ndarray, shape (n_nodes,)
        The prior's mass at each node.
    rows : ndarray, shape (n_items, n_categories, n_nodes)
        The probability of each score at each node.
    sums : ndarray, shape (3 or 8, n_nodes)
        Weights that give the mass, and the first two moments about the prior's mean; where there
        is a cut the mass above it, then mass and mass above it with the prior moved down, and up.
    """

    centre: float
    theta: FloatArray
    prior: FloatArray
    rows: FloatArray
    sums: FloatArray

    @property
    def spacing(self) -> float:
        """The distance of neighbouring nodes, in logits."""
        return float(self.theta[1] - self.theta[0])


def nodes_for(
    parameters: ItemParameters, prior: Prior, most_items: int, cut: PassMark | None
) -> Nodes:
    """Return nodes fine enough for any posterior after so many of the items."""
    reach = REACH * prior.sd
    width = _narrowest(parameters, prior, most_items)
    steps = math.ceil(min(max(2 * reach * PER_WIDTH / width, FEWEST), MOST) / 2)
    offsets = (reach / steps) * np.arange(-steps, steps + 1, dtype=np.float64)
    mass = np.exp(-0.5 * (offsets / prior.sd) ** 2)
    theta = prior.mean + offsets
    return Nodes(
        prior.mean,
        theta,
        mass / mass.sum(),
        _rows(theta, parameters),
        np.stack([np.ones_like(offsets), offsets, offsets**2, *_above(offsets, prior, cut)]),
    )


def _narrowest(parameters: ItemParameters, prior: Prior, most_items: int) -> float:
    """Return a bound below the posterior's standard deviation after so many items."""
    reach = REACH * prior.sd
    points = np.linspace(prior.mean - reach, prior.mean + reach, 25)
    blocks = range(0, parameters.n_items, _BLOCK)
    found = [information(points, _block(parameters, at)) for at in blocks]
    most = np.sort(np.concatenate(found, axis=1), axis=1)[:, -most_items:]
    return 1 / math.sqrt(prior.precision + float(most.sum(axis=1).max()))


def _block(parameters: ItemParameters, start: int) -> ItemParameters:
    return parameters.take(range(start, min(start + _BLOCK, parameters.n_items)))


def _rows(theta: FloatArray, parameters: ItemParameters) -> FloatArray:
    shape = (parameters.n_items, int(parameters.n_categories.max()), theta.size)
    rows = np.zeros(shape)
    for start in range(0, parameters.n_items, _BLOCK):
        logs = log_probability(theta, _block(parameters, start))
        found = np.exp(logs).transpose(1, 2, 0)
        rows[start : start + found.shape[0], : found.shape[1]] = found
    return np.maximum(rows, LEAST_LIKELIHOOD, out=rows)


def _above(offsets: FloatArray, prior: Prior, cut: PassMark | None) -> list[FloatArray]:
    if cut is None:
        return []
    spacing = offsets[1] - offsets[0]
    above = beyond((offsets - (cut.theta - prior.mean)) / spacing, cut.se / spacing)
    moved = []
    for shift in (-cut.shift, cut.shift):
        tilt = np.exp(prior.precision * shift * (offsets - shift / 2))
        moved += [tilt, tilt * above]
    return [above, *moved]


def checked_cut(cut: PassMark | None) -> None:
    """Refuse a cut that is not finite or whose error or shift is negative."""
    if cut is None:
        return
    if not math.isfinite(cut.theta):
        raise fault("cut", "finite", cut.theta)
    if not (math.isfinite(cut.se) and cut.se >= 0):
        raise fault("cut_se", "0 or more", cut.se)
    if not (math.isfinite(cut.shift) and cut.shift >= 0):
        raise fault("shift", "0 or more", cut.shift)
