"""The slope of persons' log-likelihoods in ability, with the informations that go with it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from itembank.ability.scores import Block
from itembank.arguments import FloatArray
from itembank.curves import Derivatives, derivatives
from itembank.parameters import ItemParameters


@dataclass(frozen=True, eq=False)
class Slopes:
    """At each person's own ability, over the items that the person answered, (n_persons,).

    `value` is the slope of the log-likelihood and `observed` minus its second derivative;
    `expected` is the Fisher information I, and `bias` is Warm's ``J = sum_jk P'_jk P''_jk / P_jk``.
    """

    value: FloatArray
    observed: FloatArray
    expected: FloatArray
    bias: FloatArray


@dataclass(frozen=True, eq=False)
class Terms:
    """Each item's Fisher information and Warm's J at each ability, (n_theta, n_items)."""

    expected: FloatArray
    bias: FloatArray


def slopes(block: Block, theta: FloatArray, parameters: ItemParameters) -> Slopes:
    """Return the slopes of the persons of a block, one ability each."""
    curves = derivatives(theta, parameters)
    first, second = (_observed(curves, part, block) for part in (curves.first, curves.second))
    own = terms(curves)
    return Slopes(
        _answered(first, block),
        _answered(first**2 - second, block),
        _answered(own.expected, block),
        _answered(own.bias, block),
    )


def terms(curves: Derivatives) -> Terms:
    """Return what each item adds to the information and to Warm's J."""
    first = _share(curves.first, curves.probability)
    return Terms(
        np.einsum("tjk,tjk->tj", first, curves.first),
        np.einsum("tjk,tjk->tj", first, curves.second),
    )


def _observed(curves: Derivatives, part: FloatArray, block: Block) -> FloatArray:
    """Return a derivative over the probability, of the category that each person scored."""
    place = block.scores.astype(np.intp)[..., np.newaxis]
    taken = (np.take_along_axis(each, place, axis=2) for each in (part, curves.probability))
    return _share(*taken)[..., 0]


def _answered(each: FloatArray, block: Block) -> FloatArray:
    counted = each if block.given is None else each * block.given
    return np.asarray(counted.sum(axis=1))


def _share(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Return a quotient that is 0 where a probability is too small for a number to hold."""
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
