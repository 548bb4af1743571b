"""Reasons: why ratings resolve as they do, or not yet, in numbers; the words are the caller's."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """What stands in the way, or what was decisive; in the order in which it is dealt with."""

    ASSESSORS = "assessors"
    """Fewer assessors have rated than are needed."""
    DISCREPANCY = "discrepancy"
    """Marks lie further apart (`found`) than agreement allows (`needed`), in steps."""
    SEEN_BY_SOME = "seen by some"
    """All assessors but one observed the criterion that must; one more may do."""
    UNSETTLED = "unsettled"
    """Further marks did not settle it: too few lie within `needed` steps; `found` is the span."""
    SAFETY_DIVIDED = "safety divided"
    """Of three marks or more, some are at the safety level and some below it."""
    OBSERVER_BELOW = "observer below"
    """An observer saw less than the safety level, and the assessors did not."""
    NOT_OBSERVED = "not observed"
    """Too few assessors could observe the criterion, or the adjudicator could not."""
    OBSERVERS = "observers"
    """Fewer observers saw the criterion than are needed."""
    OCCASIONS = "occasions"
    """The work was seen on fewer occasions than are needed."""
    ADJUDICATED = "adjudicated"
    """The adjudicator's mark stands."""
    REVIEWED = "reviewed"
    """The mark of a reviewer stands, who was asked on appeal."""
    CONFLICT = "conflict"
    """Ratings in conflict of interest, which count for nothing."""
    CAPPED = "capped"
    """Observers whose ratings count as those of one."""
    SAFETY_LEVEL = "safety level"
    """A safety-critical criterion is below its level; nothing else compensates."""
    MINIMUM = "minimum"
    """A criterion is below the level that it must reach."""
    POINTS = "points"
    """The weighted points are below those of the required level."""


_ORDER = {cause: place for place, cause in enumerate(Cause)}


@dataclass(frozen=True)
class Reason:
    """One reason: its cause, the criterion, what is needed and what was found.

    `criterion` is empty where the reason concerns the whole, or every criterion alike.

    Levels are given by their rank on the rubric's scale, from 0 for the lowest.
    """

    cause: Cause
    criterion: str = ""
    needed: int | None = None
    found: int | None = None

    @property
    def missing(self) -> int:
        """How much less was found than is needed."""
        return max(0, (self.needed or 0) - (self.found or 0))

    @property
    def place(self) -> int:
        """The place in the order in which causes are dealt with."""
        return _ORDER[self.cause]
