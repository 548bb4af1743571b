"""How far those who rated a performance agree: counted, and never taken for a probability."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import rubrics
from assessment.performances.models import AssignmentRole, RatingRow

INDEPENDENT = frozenset({AssignmentRole.ASSESSOR, AssignmentRole.THIRD})
"""The roles that rate without knowing of another's marks."""


@dataclass(frozen=True)
class Likeness:
    """Of how many criteria independent marks are alike, one step apart, or further apart."""

    alike: int
    one_step: int
    further: int

    @property
    def criteria(self) -> int:
        """The criteria that at least two marked."""
        return self.alike + self.one_step + self.further


def likeness_of(ratings: Iterable[RatingRow], policy: rubrics.Policy) -> Likeness:
    """Return how far ratings agree on what a task asks, each criterion in its latest round."""
    given = [each for each in ratings if each.role in INDEPENDENT]
    spreads = [_spread(given, each.key, policy.rubric) for each in policy.shown]
    known = [each for each in spreads if each is not None]
    return Likeness(
        alike=sum(each == 0 for each in known),
        one_step=sum(each == 1 for each in known),
        further=sum(each > 1 for each in known),
    )


def _spread(ratings: list[RatingRow], criterion: str, rubric: rubrics.Rubric) -> int | None:
    """Return the steps between the lowest and the highest mark; None with fewer than two."""
    ranks: dict[int, list[int]] = {}
    for each in ratings:
        level = each.marks.get(criterion)
        if level is not None:
            ranks.setdefault(each.round, []).append(rubric.rank(level))
    latest = ranks[max(ranks)] if ranks else []
    return max(latest) - min(latest) if len(latest) > 1 else None
