"""Independence: ratings that cannot stand beside each other are refused, with who gave them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from itembank.faults import fault, sentence
from rubrics.policy import Policy
from rubrics.ratings import MOST_ROUNDS, Rating, Role
from rubrics.rubric import checked_whole
from rubrics.standing import DECIDING

_SCORED_BEFORE: Mapping[Role, Collection[Role]] = {
    Role.ADJUDICATOR: (Role.ASSESSOR,),
    Role.REVIEWER: (Role.ASSESSOR, Role.ADJUDICATOR),
}
"""As what nobody may have rated before, who is to decide."""


def checked(ratings: Iterable[Rating], policy: Policy) -> tuple[Rating, ...]:
    """Return ratings that are on the rubric and independent of each other; refuse any others."""
    given = tuple(ratings)
    for each in given:
        _check_marks(each, policy)
    _check_rounds([each for each in given if each.role is not Role.OBSERVER])
    _check_independence(given)
    _check_deciding([each for each in given if each.role in DECIDING and not each.in_conflict])
    return given


def checked_rounds(asked: Mapping[str, int], policy: Policy) -> Mapping[str, int]:
    """Return the last rounds that ask about criteria; refuse what is no criterion or no round."""
    for key, number in asked.items():
        policy.rubric.criterion(key, "asked")
        checked_whole(number, f"asked.{key}", 1, MOST_ROUNDS)
    return asked


def _check_marks(rating: Rating, policy: Policy) -> None:
    for key, level in rating.marks.items():
        criterion = policy.rubric.criterion(key, rating.rater)
        if level is not None:
            policy.rubric.rank(level, f"{rating.rater}, {key}")
        if rating.role is Role.OBSERVER and not criterion.observers_may_rate:
            raise fault("marks", "of criteria that observers may rate", key, rating.rater)


def _check_rounds(ratings: Sequence[Rating]) -> None:
    """Refuse a second rating in a round; an observer may well have seen the work twice."""
    seen: set[tuple[str, int]] = set()
    for each in ratings:
        if (each.rater, each.round) in seen:
            raise fault("ratings", "one of each rater in a round", each.round, each.rater)
        seen.add((each.rater, each.round))


def _check_independence(ratings: Sequence[Rating]) -> None:
    """Refuse who observed and also scored, and who decides on what they have scored."""
    first = {role: _first_rounds(ratings, role) for role in Role}
    scorers = {rater for role in Role if role is not Role.OBSERVER for rater in first[role]}
    for rater in sorted(scorers & first[Role.OBSERVER].keys()):
        raise fault("ratings", "by observers who score nothing", rater)
    for each in ratings:
        scored = [first[role].get(each.rater) for role in _SCORED_BEFORE.get(each.role, ())]
        if any(number is not None and number < each.round for number in scored):
            raise fault("ratings", "settled by who has not scored them", each.rater)


def _first_rounds(ratings: Sequence[Rating], role: Role) -> Mapping[str, int]:
    """Return the first round in which each rater of a role has rated."""
    rounds: dict[str, int] = {}
    for each in ratings:
        if each.role is role:
            rounds[each.rater] = min(each.round, rounds.get(each.rater, each.round))
    return rounds


def _check_deciding(ratings: Sequence[Rating]) -> None:
    """Refuse two who decide on the same criterion in the same round, in the same role."""
    seen: set[tuple[Role, str, int]] = set()
    for each in ratings:
        for key in each.marks:
            if (each.role, key, each.round) in seen:
                got = f"two for {key}"
                raise ValueError(sentence("ratings", f"of one {each.role}", got, each.rater))
            seen.add((each.role, key, each.round))
