"""Anderson's acceleration of a fixed-point iteration, which EM is."""

from __future__ import annotations

import numpy as np

from itembank.arguments import FloatArray

_DEPTH = 6
_CONDITION = 1e-8


class Anderson:
    """Proposes the next point from the last steps: a quasi-Newton method with several secants.

    Walker, H. F., & Ni, P. (2011). Anderson acceleration for fixed-point iterations. SIAM Journal
    on Numerical Analysis, 49(4), 1715-1735.
    """

    def __init__(self) -> None:
        self._points: list[FloatArray] = []
        self._steps: list[FloatArray] = []

    def forget(self) -> None:
        """Start again: what was learnt does not hold here."""
        self._points.clear()
        self._steps.clear()

    def propose(self, point: FloatArray, step: FloatArray) -> FloatArray:
        """Return the next point, given the plain step from this one."""
        self._points.append(point)
        self._steps.append(step)
        del self._points[: -_DEPTH - 1], self._steps[: -_DEPTH - 1]
        if len(self._points) == 1:
            return point + step
        secants = np.diff(np.array(self._steps), axis=0)
        moves = np.diff(np.array(self._points), axis=0)
        share = np.linalg.lstsq(secants.T, step, rcond=_CONDITION)[0]
        return np.asarray(point + step - share @ (moves + secants))
