"""Resolution: what ratings of one performance say together, or what is needed before they do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from rubrics.counting import Crowd, crowd_of, discounted, short_of, together
from rubrics.deciding import level_of, shortfalls
from rubrics.independence import checked, checked_rounds
from rubrics.outcomes import (
    MoreEvidence,
    NeedsAdjudication,
    NeedsRating,
    NeedsThirdRater,
    Resolution,
    Resolved,
    Unresolved,
)
from rubrics.policy import Policy
from rubrics.ratings import Rating
from rubrics.reasons import Cause, Reason
from rubrics.settling import Settled, settle
from rubrics.standing import standing

_CALLS: Mapping[Cause, type[Unresolved]] = {
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

_OF_THE_WORK = frozenset((Cause.OBSERVERS, Cause.OCCASIONS))
"""What concerns those who saw the work, and no assessor."""


def resolve(
    ratings: Iterable[Rating], policy: Policy, asked: Mapping[str, int] | None = None
) -> Resolution:
    """Return the level that ratings make together, or what is needed before they make one.

    Hand over the ratings that stand: none that is superseded or void. Their order never matters.
    `asked` is the last round in which assessors are asked about each criterion: while nobody has
    rated in a new round, the ratings do not say that it has begun. Left out, there is no such.

    The rules, criterion by criterion:

    - Assessors alone set a level. Observers are counted, and heard where safety is at stake: an
      observer's mark below a safety-critical criterion's level sends it to the adjudicator. An
      observer alone never decides. A rating in conflict of interest counts for nothing.
    - Assessors agree when all lie within the policy's steps of each other; their level is the
      median, of two the lower unless the policy says the higher, and the lowest of all for a
      safety-critical criterion.
    - Beyond, a further rater is called, once, whose mark counts like the others'. It is settled
      when more than half of the marks, and no fewer than first rated, lie within the steps; the
      level is the median of all, which is always one of those that lie together. (The mean of the
      two closest is no rule here: raising the third mark can lower it.) Otherwise, and wherever
      marks divide at a safety-critical criterion's level, the adjudicator's mark is final.
    - What all but one observed, a further rater looks at, once; what too few could observe needs
      more evidence, and nobody decides it. "Not observed" is never a low mark.
    - Of several rounds the last in which a criterion was observed counts; a round that did not ask
      about it leaves it as it was.
    - A reviewer's mark, on appeal, is final over all marks of the rounds up to its own.

    The whole: with a safety-critical criterion below its level, the lowest level of the scale.
    Otherwise, conjunctive: the lowest level of any criterion, raised to the required level where
    every criterion reaches its minimum. Compensatory: the highest level whose points the weighted
    mean of the criteria's points reaches. Either is below the required level while a criterion is
    below its minimum.

    Raters' agreement says how dependable marking is; it is not the probability of the level.
    """
    given = checked(ratings, policy)
    counting = [each for each in given if not each.in_conflict]
    last = checked_rounds(asked or {}, policy)
    standings = {key: standing(key, counting, last.get(key, 0)) for key in policy.criteria}
    found = {each.key: settle(each, standings[each.key], policy) for each in policy.shown}
    crowd, notes = crowd_of(standings, policy), tuple(discounted(given))
    short = [*_first(tuple(found.values())), *short_of(crowd, policy)]
    if short:
        return _unresolved(sorted(short, key=lambda each: each.place), notes, policy)
    settled = {key: each for key, each in found.items() if isinstance(each, Settled)}
    return _resolved(settled, crowd, notes, policy)


def _first(found: Sequence[Settled | Reason]) -> Sequence[Reason]:
    """Return what may be said now: while a rating is outstanding, nothing of the others'."""
    pending = [each for each in found if isinstance(each, Reason)]
    missing = [each for each in pending if each.cause is Cause.ASSESSORS]
    return together(missing, len(found)) or pending


def _unresolved(short: Sequence[Reason], notes: Sequence[Reason], policy: Policy) -> Unresolved:
    first = short[0]
    return _CALLS[first.cause]((*short, *notes), _concerned(first, short, policy))


def _concerned(first: Reason, short: Sequence[Reason], policy: Policy) -> tuple[str, ...]:
    """Return the criteria about which whoever is called first is to be asked."""
    if not first.criterion:
        whole = {Cause.ASSESSORS: policy.shown, Cause.OBSERVERS: policy.observable}
        return tuple(each.key for each in whole.get(first.cause, ()))
    keys = {each.criterion for each in short if _asks_with(first, each)}
    return tuple(key for key in policy.criteria if key in keys)


def _asks_with(first: Reason, other: Reason) -> bool:
    """Return whether one who answers a reason can answer another as well."""
    is_same_call = _CALLS[first.cause] is _CALLS[other.cause]
    return is_same_call and (first.cause in _OF_THE_WORK) == (other.cause in _OF_THE_WORK)


def _resolved(
    settled: Mapping[str, Settled], crowd: Crowd, notes: Sequence[Reason], policy: Policy
) -> Resolved:
    scale, ranks = policy.rubric.scale, {key: each.rank for key, each in settled.items()}
    level = level_of(ranks, policy)
    decisive = [note for each in settled.values() for note in each.notes]
    reasons = (*decisive, *notes, *shortfalls(ranks, policy))
    return Resolved(
        level=scale[level],
        levels=scale,
        is_reached=level >= policy.rubric.rank(policy.required),
        criteria=MappingProxyType({key: scale[rank] for key, rank in ranks.items()}),
        raters=min(crowd.assessors.values()),
        raters_by=crowd.assessors,
        by_role=crowd.by_role,
        occasions=crowd.occasions,
        reasons=tuple(sorted(reasons, key=lambda each: each.place)),
    )
