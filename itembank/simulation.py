"""Simulated persons and scores: what a model says would happen, drawn from a seed.

The same seed gives the same draws under one version of numpy. What the product must replay for
years stores its draws instead.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from itembank.arguments import BoolArray, FloatArray, finite, generator_of, sentence_fault, whole
from itembank.curves import category_probability
from itembank.faults import fault
from itembank.parameters import ItemParameters

_NOT_GIVEN = -1
_CELLS_AT_ONCE = 1 << 20
"""Persons by items by categories worked on together: the memory of a block, some 8 MB an array."""


def simulate_abilities(n: int, *, seed: int, mean: float = 0.0, sd: float = 1.0) -> FloatArray:
    """Return abilities drawn from a normal distribution, in logits, shape (n,).

    Parameters
    ----------
    n : int
        How many persons, 1 or more.
    seed : int
        0 or more; the same seed gives the same abilities.
    mean, sd : float
        Of the distribution, in logits; `sd` is 0 or more.

    Raises
    ------
    ValueError
        Where an argument is not as said here.
    """
    whole("n", n, 1)
    centre, spread = float(finite("mean", mean, ndim=0)), float(finite("sd", sd, ndim=0))
    if spread < 0:
        raise fault("sd", "0 or more", spread)
    return centre + spread * generator_of(seed).standard_normal(n)


def simulate_scores(
    theta: ArrayLike,
    parameters: ItemParameters,
    *,
    seed: int,
    administered: ArrayLike | None = None,
) -> NDArray[np.int8]:
    """Return scores drawn under the items' models, each answer independent given ability.

    A uniform number ``u`` is drawn for each person and item; the score is the number of ``k`` from
    1 with ``u < P(score >= k | theta)``. The draws do not depend on what was administered, so that
    the same seed with fewer items gives the same scores for those that are left.

    Parameters
    ----------
    theta : array_like, shape (n_persons,) or a number
        Ability, in logits; finite.
    parameters : ItemParameters
        Of the items, with at most 128 categories each.
    seed : int
        0 or more; the same seed gives the same scores.
    administered : array_like of truths, shape (n_persons, n_items) or (n_items,), optional
        Which items each person was given; one row serves all persons. Default: all of them.

    Returns
    -------
    ndarray of int8, shape (n_persons, n_items)
        Scores from 0, with -1 where an item was not administered. The first axis is left out
        where `theta` is a number.

    Raises
    ------
    ValueError
        Where an argument is not as said here.
    """
    points = finite("theta", theta)
    if points.ndim > 1:
        raise sentence_fault("theta", "a number or of shape (n_persons,)", f"shape {points.shape}")
    if int(parameters.n_categories.max()) > np.iinfo(np.int8).max + 1:
        raise fault("parameters", "of at most 128 categories", int(parameters.n_categories.max()))
    shape = (points.size, parameters.n_items)
    given = _given(administered, shape)
    scores = _drawn(points.ravel(), parameters, generator_of(seed))
    scores[~np.broadcast_to(given, shape)] = _NOT_GIVEN
    return np.asarray(scores[0]) if points.ndim == 0 else scores


def _given(administered: ArrayLike | None, shape: tuple[int, int]) -> BoolArray:
    if administered is None:
        return np.ones(shape[1], dtype=np.bool_)
    given = np.asarray(administered)
    if given.dtype != np.bool_:
        raise sentence_fault(
            "administered", "of truths, shape (n_persons, n_items)", given.dtype.name
        )
    if given.shape not in {shape, shape[1:]}:
        allowed = f"of shape {shape} or ({shape[1]},)"
        raise sentence_fault("administered", allowed, f"shape {given.shape}")
    return given


def _drawn(
    theta: FloatArray, parameters: ItemParameters, generator: np.random.Generator
) -> NDArray[np.int8]:
    """Return everybody's score in every item, a block of persons at a time."""
    cells = parameters.n_items * int(parameters.n_categories.max())
    step = max(1, _CELLS_AT_ONCE // cells)
    scores = np.zeros((theta.size, parameters.n_items), dtype=np.int8)
    for start in range(0, theta.size, step):
        block = scores[start : start + step]
        each = category_probability(theta[start : start + step], parameters)
        at_least = np.cumsum(each[..., :0:-1], axis=-1)
        below = generator.random(block.shape)[..., np.newaxis] < at_least
        block[:] = below.sum(axis=-1, dtype=np.int8)
    return scores
