"""The groups of constraints that can be blamed, each as a whole, where forms are impossible."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Constraint(StrEnum):
    """A kind of constraint, in the order in which it is tried whether forms are possible without.

    What is tried last is what is blamed where several could be.
    """

    DIFFERENCE = "difference"
    """Forms have much the same information."""
    ENEMIES = "enemies"
    """Two items do not meet in a form."""
    OVERLAP = "overlap"
    """Two forms share so many items at most."""
    USES = "uses"
    """An item stands in so many forms at most."""
    FIXED = "fixed"
    """Items stand in every form."""
    AREA = "area"
    """A form has so many items of an area."""


@dataclass(frozen=True, slots=True, order=True)
class Group:
    """All constraints of one kind; of one area, where it is of areas."""

    constraint: Constraint
    area: str = ""
