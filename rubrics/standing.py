"""Standing: which of the ratings of a criterion count, of all that were given in all rounds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rubrics.ratings import Rating, Role

DECIDING = frozenset((Role.ADJUDICATOR, Role.REVIEWER))
"""Those whose mark is final. They mark only what assessors have marked, and count as none."""


@dataclass(frozen=True)
class Standing:
    """The ratings of one criterion that count, and how often it was asked about.

    `assessors` are those of the last round in which any of them observed it, if one ever did: a
    round in which nobody could takes nothing away from the round before, and a round that did not
    ask about it leaves it as it was. Observers saw the work, not a round of it: theirs are always
    there.
    """

    assessors: tuple[Rating, ...]
    observers: tuple[Rating, ...]
    asked: int
    """How many assessors have rated it in the last round that asks about it."""
    asked_since: int
    """How many have in the round that stands and in all that came after."""
    final: Rating | None
    """The mark that is final: the last one since the round that stands, a review before others."""
    is_returned: bool
    """Whether the adjudicator looked, and there was nothing to judge."""


def standing(criterion: str, ratings: Iterable[Rating], asked_in: int = 0) -> Standing:
    """Return which ratings of a criterion count; `asked_in` is the last round that asks about it.

    Without it, that is the last round in which an assessor has rated it.
    """
    asked = [each for each in ratings if criterion in each.marks]
    assessors = [each for each in asked if each.role is Role.ASSESSOR]
    rounds = [each.round for each in assessors]
    seen = [each.round for each in assessors if each.marks[criterion] is not None]
    stands, last = max(seen or rounds, default=0), max((asked_in, *rounds))
    deciding = [each for each in asked if each.role in DECIDING and each.round >= stands]
    final = _final(criterion, deciding)
    return Standing(
        assessors=tuple(each for each in assessors if each.round == stands),
        observers=tuple(each for each in asked if each.role is Role.OBSERVER),
        asked=rounds.count(last),
        asked_since=sum(each >= stands for each in rounds),
        final=final,
        is_returned=final is None and any(each.role is Role.ADJUDICATOR for each in deciding),
    )


def _final(criterion: str, deciding: Sequence[Rating]) -> Rating | None:
    """Return the deciding mark of the last round; a reviewer who observed nothing has none."""
    marked = [each for each in deciding if each.marks[criterion] is not None]
    return max(marked, key=lambda each: (each.round, each.role is Role.REVIEWER), default=None)
