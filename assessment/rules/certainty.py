"""How sure a whole rule is, from how sure its leaves are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from assessment.rules.language import AllOf, AnyOf, NoneOf
from assessment.rules.outcomes import Outcome

SUREST, UNSUREST = Fraction("0.999"), Fraction("0.001")
"""No evidence of ours tells probabilities apart that are nearer to 1 or to 0."""


@dataclass(frozen=True)
class Bounds:
    """The least and the greatest probability that leaves of unknown dependence allow."""

    lower: float
    upper: float


def certainty_bounds(probabilities: Sequence[float]) -> Bounds:
    """Return the bounds of the probability that all of several requirements are truly met.

    They are ``[max(0, sum p - k + 1), min p]`` for k probabilities, whatever their dependence. The
    product of the probabilities would hold only for independent leaves, which leaves on one learner
    are not.

    Raises
    ------
    ValueError
        Where there is no probability, or one outside 0 to 1.

    References
    ----------
    Fréchet, M. (1935). Généralisations du théorème des probabilités totales. Fundamenta
    Mathematicae, 25, 379-387.
    """
    _require_probabilities(probabilities)
    lower = max(0.0, 1.0 - math.fsum(1.0 - each for each in probabilities))
    return Bounds(lower, min(probabilities))


def certainty_of(outcome: Outcome) -> Bounds | None:
    """Return the bounds of the probability that what a rule asks is truly so.

    None where a leaf gives no probability, or where the rule has a joint other than ``all`` and
    ``any``. A veto that does not apply changes nothing.
    """
    if not outcome.children:
        known = outcome.certainty
        return None if known is None else Bounds(known, known)
    if not isinstance(outcome.rule, AllOf | AnyOf):
        return None
    counted = [child for child in outcome.children if not _idle_veto(child)]
    bounds = [each for each in map(certainty_of, counted) if each is not None]
    if not bounds or len(bounds) < len(counted):
        return None
    return _all(bounds) if isinstance(outcome.rule, AllOf) else _any(bounds)


def _idle_veto(outcome: Outcome) -> bool:
    return isinstance(outcome.rule, NoneOf) and outcome.met


def _all(bounds: Sequence[Bounds]) -> Bounds:
    lower = certainty_bounds([each.lower for each in bounds]).lower
    return Bounds(lower, min(each.upper for each in bounds))


def _any(bounds: Sequence[Bounds]) -> Bounds:
    upper = min(1.0, math.fsum(each.upper for each in bounds))
    return Bounds(max(each.lower for each in bounds), upper)


def _require_probabilities(probabilities: Sequence[float]) -> None:
    if not probabilities:
        raise ValueError("`probabilities` must be one or more; got none at certainty_bounds.")
    for index, each in enumerate(probabilities):
        if not 0 <= each <= 1:
            raise ValueError(f"`probabilities` must be from 0 to 1; got {each!r} at {index}.")
