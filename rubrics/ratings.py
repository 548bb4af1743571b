"""Ratings: one rater's levels for one performance, as they are handed over to be resolved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from itembank.faults import fault
from rubrics.rubric import checked_truth, checked_whole, checked_word

MOST_ROUNDS = 1_000


class Role(StrEnum):
    """As what somebody rates."""

    ASSESSOR = "assessor"
    """A trained person who scores the performance."""
    OBSERVER = "observer"
    """An employer's person who saw the work."""
    ADJUDICATOR = "adjudicator"
    """Who settles what the assessors could not, and has not scored it before."""
    REVIEWER = "reviewer"
    """Who rates criteria anew on appeal, and has rated nothing of the performance before."""


@dataclass(frozen=True, kw_only=True)
class Rating:
    """One rater's levels for one performance, by criterion; None is "not observed", never zero.

    `rater` tells raters apart and is never interpreted. A performance that is rated again after
    more evidence came in is rated in the next `round`; whoever else is asked, a third rater, an
    adjudicator or a reviewer, belongs to the round that the performance is then in. `occasions` are
    words for when the work was seen (a day, as a rule). A rating `in_conflict` of interest counts
    for nothing. `is_capped` is for observers whose ratings, however many, count as one observer's.
    """

    rater: str
    role: Role
    marks: Mapping[str, str | None]
    round: int = 1
    occasions: tuple[str, ...] = ()
    in_conflict: bool = False
    is_capped: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.rater, str) or not self.rater:
            raise fault("rater", "text that is not empty", self.rater)
        object.__setattr__(self, "role", checked_word(Role, self.role, "role", self.rater))
        object.__setattr__(self, "marks", _marks(self.marks, self.rater))
        object.__setattr__(self, "occasions", _occasions(self.occasions, self.rater))
        checked_whole(self.round, "round", 1, MOST_ROUNDS, self.rater)
        checked_truth(self.in_conflict, "in_conflict", self.rater)
        checked_truth(self.is_capped, "is_capped", self.rater)
        if self.is_capped and self.role is not Role.OBSERVER:
            raise fault("is_capped", "false for whoever is no observer", True, self.rater)

    @property
    def observed(self) -> Mapping[str, str]:
        """The levels of the criteria that were observed."""
        return {key: level for key, level in self.marks.items() if level is not None}


def _marks(value: object, where: str) -> Mapping[str, str | None]:
    if not isinstance(value, Mapping):
        raise fault("marks", "a mapping of criterion to level", value, where)
    return MappingProxyType(dict(value))


def _occasions(value: object, where: str) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise fault("occasions", "a list of texts", value, where)
    words = set(value)
    for word in words:
        if not isinstance(word, str) or not word:
            raise fault("occasions", "texts that are not empty", word, where)
    return tuple(sorted(words))
