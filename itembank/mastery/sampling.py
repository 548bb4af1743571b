"""Mastery on a test that is not calibrated: its items as a sample from a domain."""

from __future__ import annotations

import math

from scipy.special import betaincc

from itembank.faults import fault


def mastery_by_sampling(points: float, possible: float, share: float) -> float:
    """Return the probability that a learner's share of a whole domain is above a cut.

    For a test whose items are sampled from a domain and not calibrated: with Jeffreys' prior,
    ``1 - I_share(points + 1/2, possible - points + 1/2)``, I being the regularised incomplete beta
    function.

    Parameters
    ----------
    points, possible : float
        Of the learner, and the most that there were; ``0 <= points <= possible``.
    share : float
        The cut, from 0 to 1.

    Returns
    -------
    float
        From 0 to 1; without any points possible, what the prior says.

    Raises
    ------
    ValueError
        Where an argument is not as said here.

    References
    ----------
    Jeffreys, H. (1946). An invariant form for the prior probability in estimation problems.
    Proceedings of the Royal Society of London A, 186(1007), 453-461.
    """
    if not 0 <= possible < math.inf:
        raise fault("possible", "0 or more, and finite", possible)
    if not 0 <= points <= possible:
        raise fault("points", f"from 0 to {possible:g}", points)
    if not 0 <= share <= 1:
        raise fault("share", "from 0 to 1", share)
    return float(betaincc(points + 0.5, possible - points + 0.5, share))
