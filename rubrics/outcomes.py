"""Outcomes: a level, or what is needed before there is one, each with its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from rubrics.reasons import Cause, Reason


class _Outcome:
    """What every outcome can be asked, whichever it is."""

    reasons: tuple[Reason, ...]

    @property
    def needs_assessors(self) -> int:
        """How many more assessors are to rate its `criteria`."""
        return self._missing(Cause.ASSESSORS)

    @property
    def needs_observers(self) -> int:
        """How many more observers must have seen the work, whatever else is needed."""
        return self._missing(Cause.OBSERVERS)

    @property
    def needs_occasions(self) -> int:
        """On how many more occasions the work must be seen, whatever else is needed."""
        return self._missing(Cause.OCCASIONS)

    def _missing(self, cause: Cause) -> int:
        return max((each.missing for each in self.reasons if each.cause is cause), default=0)


@dataclass(frozen=True, kw_only=True)
class Resolved(_Outcome):
    """The level of a performance, and of each criterion, by the ratings that count.

    `is_reached` is whether it is the required level or above. `levels` is the rubric's scale,
    lowest first. `raters_by` says of each criterion how many assessors observed it in the round
    that stands, and `raters` is the lowest of these numbers: every criterion was marked by that
    many. `by_role` is the same of assessors and of observers, over the criteria that observers may
    rate; capped observers count as one, and who decides counts as neither. `reasons` say what was
    decisive and, below the required level, what was short.
    """

    level: str
    levels: tuple[str, ...]
    is_reached: bool
    criteria: Mapping[str, str]
    raters: int
    raters_by: Mapping[str, int]
    by_role: Mapping[str, int]
    occasions: tuple[str, ...]
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class _Unresolved(_Outcome):
    """All the reasons why there is no level yet, what comes first standing first.

    `criteria` are those to be rated next, or to be shown better, in the rubric's order.
    """

    reasons: tuple[Reason, ...]
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True)
class NeedsRating(_Unresolved):
    """Assessors (`needs_assessors`) or observers (`needs_observers`) are still to rate.

    `criteria` are the assessors' while one of them is missing, and else those that too few
    observers saw.
    """


@dataclass(frozen=True)
class NeedsThirdRater(_Unresolved):
    """The first raters disagree: somebody else is to rate, who has not seen their marks."""

    @property
    def needs_assessors(self) -> int:
        """How many more assessors are to rate its `criteria`: one."""
        return 1


@dataclass(frozen=True)
class NeedsAdjudication(_Unresolved):
    """Further ratings did not settle it, or safety is in doubt: the adjudicator is to decide."""


@dataclass(frozen=True)
class MoreEvidence(_Unresolved):
    """What was shown is not enough to rate; nothing is held against the learner.

    `criteria` are to be shown and rated anew, and none else. It is empty where the work has only to
    be seen on a further occasion.
    """


Unresolved: TypeAlias = NeedsRating | NeedsThirdRater | NeedsAdjudication | MoreEvidence
"""What is needed before ratings say anything together."""
Resolution: TypeAlias = Resolved | Unresolved
"""What ratings say together."""
