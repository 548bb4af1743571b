"""Resolution: what ratings of one performance say together, or what is needed before they do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType
from typing import TypeAlias

from itembank.faults import fault, sentence
from rubrics.policy import Decision, Policy
from rubrics.ratings import Rating, Role
from rubrics.reasons import Cause, Reason
from rubrics.rubric import Criterion
from rubrics.settling import Settled, current, settle


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """The level of a performance, and of each criterion, by the ratings that count.

    `is_reached` is whether it is the required level or above. `levels` is the rubric's scale,
    lowest first. `raters` and `by_role` count those whose ratings count; capped observers count as
    one. `reasons` say what was decisive and, below the required level, what was short.
    """

    level: str
    levels: tuple[str, ...]
    is_reached: bool
    criteria: Mapping[str, str]
    raters: int
    by_role: Mapping[str, int]
    occasions: tuple[str, ...]
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class _Unresolved:
    """All the reasons why there is no level yet, what comes first standing first."""

    reasons: tuple[Reason, ...]

    @property
    def criteria(self) -> tuple[str, ...]:
        """The criteria concerned, in the order of the reasons; none where all are."""
        return tuple(dict.fromkeys(each.criterion for each in self.reasons if each.criterion))


@dataclass(frozen=True)
class NeedsRating(_Unresolved):
    """Assessors or observers are still to rate."""


@dataclass(frozen=True)
class NeedsThirdRater(_Unresolved):
    """The first raters disagree: somebody else is to rate, who has not seen their marks."""


@dataclass(frozen=True)
class NeedsAdjudication(_Unresolved):
    """Further ratings did not settle it, or safety is in doubt: the adjudicator is to decide."""


@dataclass(frozen=True)
class MoreEvidence(_Unresolved):
    """What was shown is not enough to rate; nothing is held against the learner."""


Resolution: TypeAlias = Resolved | NeedsRating | NeedsThirdRater | NeedsAdjudication | MoreEvidence
"""What ratings say together."""

_CALLS: Mapping[Cause, type[NeedsRating | NeedsThirdRater | NeedsAdjudication | MoreEvidence]] = {
    Cause.ASSESSORS: NeedsRating,
    Cause.DISCREPANCY: NeedsThirdRater,
    Cause.SEEN_BY_SOME: NeedsThirdRater,
    Cause.UNSETTLED: NeedsAdjudication,
    Cause.SAFETY_DIVIDED: NeedsAdjudication,
    Cause.OBSERVER_BELOW: NeedsAdjudication,
    Cause.NOT_OBSERVED: MoreEvidence,
    Cause.OBSERVERS: NeedsRating,
    Cause.OCCASIONS: MoreEvidence,
}
"""What each reason calls for."""


def resolve(ratings: Iterable[Rating], policy: Policy) -> Resolution:
    """Return the level that ratings make together, or what is needed before they make one.

    Hand over the ratings that stand: none that is superseded or void. Their order never matters.

    The rules, criterion by criterion:

    - Assessors alone set a level. Observers are counted, and heard where safety is at stake: an
      observer's mark below a safety-critical criterion's level sends it to the adjudicator. An
      observer alone never decides. A rating in conflict of interest counts for nothing.
    - Assessors agree when all lie within the policy's steps of each other; their level is the
      median, of two the lower unless the policy says the higher, and the lowest of all for a
      safety-critical criterion.
    - Beyond, a further rater is called, whose mark counts like the others'. It is settled when
      more than half of the marks, and no fewer than first rated, lie within the steps; the level is
      the median of all, which is always one of those that lie together. (The mean of the two
      closest is no rule here: raising the third mark can lower it.) Otherwise, and wherever marks
      divide at a safety-critical criterion's level, the adjudicator's mark is final.
    - What some observed and others did not, a further rater looks at; what too few could observe
      needs more evidence. "Not observed" is never a low mark.
    - Of several rounds the last in which a criterion was observed counts.
    - An appeal's mark is an adjudicator's, handed over in place of any earlier adjudicator's.

    The whole: with a safety-critical criterion below its level, the lowest level of the scale.
    Otherwise, conjunctive: the lowest level of any criterion, raised to the required level where
    every criterion reaches its minimum. Compensatory: the highest level whose points the weighted
    mean of the criteria's points reaches. Either is below the required level while a criterion is
    below its minimum.

    Raters' agreement says how dependable marking is; it is not the probability of the level.
    """
    given = _checked(ratings, policy)
    standing = [each for each in given if not each.in_conflict]
    found = {each.key: settle(each, standing, policy) for each in policy.shown}
    pending = [each for each in found.values() if isinstance(each, Reason)]
    crowd = _Crowd.of(standing, policy)
    short = sorted(
        (*_first(pending, len(found)), *_short(crowd, policy)), key=lambda each: each.place
    )
    notes = tuple(_discounted(given))
    if short:
        return _CALLS[short[0].cause]((*short, *notes))
    settled = {key: each for key, each in found.items() if isinstance(each, Settled)}
    return _resolved(settled, crowd, notes, policy)


def _first(pending: Sequence[Reason], n_shown: int) -> Sequence[Reason]:
    """Return what may be said now: while a rating is outstanding, nothing of the others'."""
    missing = [each for each in pending if each.cause is Cause.ASSESSORS]
    numbers = {each.found for each in missing}
    if len(missing) == n_shown and len(numbers) == 1:  # one reason, and not one for each criterion
        return [replace(missing[0], criterion="")]
    return missing or pending


def _checked(ratings: Iterable[Rating], policy: Policy) -> tuple[Rating, ...]:
    given = tuple(ratings)
    for each in given:
        _check_marks(each, policy)
    _check_rounds([each for each in given if each.role is not Role.OBSERVER])
    _check_independence(given)
    _check_adjudicators([each for each in given if not each.in_conflict])
    return given


def _check_rounds(ratings: Sequence[Rating]) -> None:
    """Refuse a second rating in a round; an observer may well have seen the work twice."""
    seen: set[tuple[str, int]] = set()
    for each in ratings:
        if (each.rater, each.round) in seen:
            raise fault("ratings", "one of each rater in a round", each.round, each.rater)
        seen.add((each.rater, each.round))


def _check_independence(ratings: Sequence[Rating]) -> None:
    """Refuse who observed and also scored, and who settles what they have scored."""
    first = {role: _first_rounds(ratings, role) for role in Role}
    scorers = {*first[Role.ASSESSOR], *first[Role.ADJUDICATOR]}
    for rater in sorted(scorers & first[Role.OBSERVER].keys()):
        raise fault("ratings", "by observers who score nothing", rater)
    for each in ratings:
        scored = first[Role.ASSESSOR].get(each.rater, each.round)
        if each.role is Role.ADJUDICATOR and scored < each.round:
            raise fault("ratings", "settled by who has not scored them", each.rater)


def _first_rounds(ratings: Sequence[Rating], role: Role) -> Mapping[str, int]:
    """Return the first round in which each rater of a role has rated."""
    rounds: dict[str, int] = {}
    for each in ratings:
        if each.role is role:
            rounds[each.rater] = min(each.round, rounds.get(each.rater, each.round))
    return rounds


def _check_marks(rating: Rating, policy: Policy) -> None:
    for key, level in rating.marks.items():
        criterion = policy.rubric.criterion(key, rating.rater)
        if level is not None:
            policy.rubric.rank(level, f"{rating.rater}, {key}")
        if rating.role is Role.OBSERVER and not criterion.observers_may_rate:
            raise fault("marks", "of criteria that observers may rate", key, rating.rater)


def _check_adjudicators(ratings: Sequence[Rating]) -> None:
    seen: set[tuple[str, int]] = set()
    for each in ratings:
        if each.role is Role.ADJUDICATOR:
            for key in each.marks:
                if (key, each.round) in seen:
                    got = f"two for {key}"
                    raise ValueError(sentence("ratings", "of one adjudicator", got, each.rater))
                seen.add((key, each.round))


@dataclass(frozen=True)
class _Crowd:
    """Who counts, by role, and when they saw the work."""

    by_role: Mapping[str, int]
    occasions: tuple[str, ...]

    @classmethod
    def of(cls, ratings: Sequence[Rating], policy: Policy) -> _Crowd:
        counting = [each for each in ratings if _counts(each, ratings, policy.shown)]
        raters = {role: _number(each for each in counting if each.role is role) for role in Role}
        occasions = {word for each in counting for word in each.occasions}
        by_role = {str(role): number for role, number in raters.items() if number}
        return cls(MappingProxyType(by_role), tuple(sorted(occasions)))


def _counts(rating: Rating, ratings: Sequence[Rating], shown: Sequence[Criterion]) -> bool:
    """Return whether a rating observed something that the task shows, in a round that stands."""
    keys = [each.key for each in shown if each.key in rating.observed]
    return any(rating in current(key, ratings) for key in keys)


def _number(ratings: Iterable[Rating]) -> int:
    """Return how many raters these are; all that are capped are one."""
    raters = {("capped", "") if each.is_capped else ("", each.rater) for each in ratings}
    return len(raters)


def _short(crowd: _Crowd, policy: Policy) -> Iterator[Reason]:
    observers, occasions = crowd.by_role.get(Role.OBSERVER, 0), max(1, len(crowd.occasions))
    if observers < policy.observers_needed:
        yield Reason(Cause.OBSERVERS, needed=policy.observers_needed, found=observers)
    if occasions < policy.occasions:
        yield Reason(Cause.OCCASIONS, needed=policy.occasions, found=occasions)


def _discounted(ratings: Sequence[Rating]) -> Iterator[Reason]:
    conflicts = sum(each.in_conflict for each in ratings)
    capped = {each.rater for each in ratings if each.is_capped and not each.in_conflict}
    if conflicts:
        yield Reason(Cause.CONFLICT, found=conflicts)
    if len(capped) > 1:
        yield Reason(Cause.CAPPED, needed=1, found=len(capped))


def _resolved(
    settled: Mapping[str, Settled], crowd: _Crowd, notes: Sequence[Reason], policy: Policy
) -> Resolved:
    scale, ranks = policy.rubric.scale, {key: each.rank for key, each in settled.items()}
    level = _level(ranks, policy)
    decisive = [note for each in settled.values() for note in each.notes]
    reasons = (*decisive, *notes, *_shortfalls(ranks, policy))
    return Resolved(
        level=scale[level],
        levels=scale,
        is_reached=level >= policy.rubric.rank(policy.required),
        criteria=MappingProxyType({key: scale[rank] for key, rank in ranks.items()}),
        raters=sum(crowd.by_role.values()),
        by_role=crowd.by_role,
        occasions=crowd.occasions,
        reasons=tuple(sorted(reasons, key=lambda each: each.place)),
    )


def _level(ranks: Mapping[str, int], policy: Policy) -> int:
    causes = {each.cause for each in _shortfalls(ranks, policy)}
    if Cause.SAFETY_LEVEL in causes:
        return 0
    required, is_conjunctive = (
        policy.rubric.rank(policy.required),
        policy.decision is Decision.CONJUNCTIVE,
    )
    level = min(ranks.values()) if is_conjunctive else _by_points(ranks, policy)
    if Cause.MINIMUM in causes:
        return min(level, required - 1)
    return max(level, required) if is_conjunctive else level


def _by_points(ranks: Mapping[str, int], policy: Policy) -> int:
    mean = Fraction(_points(ranks, policy), _weights(policy))
    return sum(level.points <= mean for level in policy.rubric.levels) - 1


def _points(ranks: Mapping[str, int], policy: Policy) -> int:
    levels = policy.rubric.levels
    return sum(each.weight * levels[ranks[each.key]].points for each in policy.shown)


def _weights(policy: Policy) -> int:
    return sum(each.weight for each in policy.shown)


def _shortfalls(ranks: Mapping[str, int], policy: Policy) -> Iterator[Reason]:
    rubric = policy.rubric
    for each in policy.shown:
        rank, minimum = ranks[each.key], policy.minimum(each.key)
        if each.is_safety_critical and rank < (safe := rubric.rank(each.safety_level)):
            yield Reason(Cause.SAFETY_LEVEL, each.key, safe, rank)
        if rank < minimum:
            yield Reason(Cause.MINIMUM, each.key, minimum, rank)
    if policy.decision is Decision.COMPENSATORY:
        needed = rubric.levels[rubric.rank(policy.required)].points * _weights(policy)
        if (found := _points(ranks, policy)) < needed:
            yield Reason(Cause.POINTS, needed=needed, found=found)
