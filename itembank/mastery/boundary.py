"""A cut as a boundary of integration, wherever it lies between the nodes of a grid."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from scipy.special import ndtr, roots_legendre, sici

from itembank.arguments import FloatArray

_GAUSSIAN_REACH = 9.0  # exp(-9^2 / 2) is below the last digit
_STEP = 32
_BLOCK = 256


def beyond(distance: FloatArray, error: float = 0.0) -> FloatArray:
    """Return the weight of each node in the mass beyond a cut.

    With posterior values ``f_k`` at uniform nodes, ``sum f_k w_k / sum f_k`` is the integral of the
    posterior's band-limited interpolant ``sum f_k sinc(x - x_k)`` from the cut upwards, averaged
    over a normal error of the cut::

        w(t) = 1/2 + (1/pi) integral_0^pi sin(u t) / u exp(-(u s)^2 / 2) du

    Without error that is ``1/2 + Si(pi t) / pi``; a large error makes it the normal distribution
    function of ``t / s``. Its own error falls as fast as that of the grid's plain sums: faster than
    any power of the spacing.

    Parameters
    ----------
    distance : ndarray, shape (n_nodes,)
        t: how far each node lies above the cut, in spacings of the grid.
    error : float
        s: the cut's standard error, in spacings.

    References
    ----------
    Kearfott, R. B. (1983). A sinc approximation for the indefinite integral. Mathematics of
    Computation, 41(164), 559-572.
    """
    if not error:
        return np.asarray(0.5 + sici(math.pi * distance)[0] / math.pi)
    if error * math.pi >= _GAUSSIAN_REACH:
        return np.asarray(ndtr(distance / error))
    parts = (distance[start : start + _BLOCK] for start in range(0, distance.size, _BLOCK))
    return np.concatenate([_blurred(part, error) for part in parts])


def _blurred(distance: FloatArray, error: float) -> FloatArray:
    size = int(math.pi / 2 * np.abs(distance).max()) + _STEP  # enough for the fastest sine
    roots, weights = _legendre(-(-size // _STEP) * _STEP)
    u = math.pi * (roots + 1) / 2
    density = weights / 2 * np.exp(-0.5 * (u * error) ** 2) / u
    return np.asarray(0.5 + np.sin(np.outer(distance, u)) @ density)


@lru_cache(maxsize=64)
def _legendre(size: int) -> tuple[FloatArray, FloatArray]:
    roots, weights = roots_legendre(size)
    return roots, weights
