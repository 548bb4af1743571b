"""What a many-facet model is asked to be."""

from __future__ import annotations

from enum import StrEnum


class Scale(StrEnum):
    """Whether the steps from category to category are the same for every criterion."""

    RATING_SCALE = "rating scale"
    """One set of steps."""
    PARTIAL_CREDIT = "partial credit"
    """Each level of one facet, as a rule each criterion, has its own steps."""


class Estimation(StrEnum):
    """How the persons are treated while the other facets are estimated."""

    MARGINAL = "marginal"
    """Persons are drawn from a normal population: consistent, and the default."""
    JOINT = "joint"
    """Each person is a parameter: biased outwards where each has few ratings; for reference."""
