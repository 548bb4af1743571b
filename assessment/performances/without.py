"""What would come of a result if one rating, or one observation, did not count: never written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import rubrics
from assessment.awards import service as awards
from assessment.errors import Conflict
from assessment.evidence import service as ledger
from assessment.locale import gettext as _
from assessment.performances.concluding import evidence_before, fact_of
from assessment.performances.models import Performance, ResolutionRow
from assessment.performances.outcomes import Outcome, outcome_from_text
from assessment.performances.publishing import rubric_of
from assessment.performances.repeating import repeats_of
from assessment.performances.settling import resolution_without


class Follows(StrEnum):
    """What would come of a result."""

    SAME = "same"
    OTHER = "other level"
    NOBODY = "somebody else is asked"
    """Too little is left for a result: somebody else is asked, or has to be named."""
    UNDECIDED = "not decided yet"
    """There is no result that it could change."""


@dataclass(frozen=True)
class Without:
    """What would follow: for the result, and for the awards that were made on it."""

    follows: Follows
    before: rubrics.Level | None = None
    after: rubrics.Level | None = None
    reruns: tuple[awards.Rerun, ...] = ()

    @property
    def seen(self) -> str:
        """What a page said would follow, to compare with when it is done."""
        return f"{self.follows}:{self.after.key if self.after else ''}:{fallen(self.reruns)}"


UNDECIDED = Without(Follows.UNDECIDED)


def fallen(reruns: Iterable[awards.Rerun]) -> str:
    """Return which awards would not be made again."""
    return ",".join(sorted(each.award.id for each in reruns if not each.stands))


def require_same(seen: str, now: str) -> None:
    """Refuse what was confirmed over a page that says something else by now."""
    if seen != now:
        sentence = _("What would follow has changed since you opened this page. Look at it again.")
        raise Conflict(sentence)


def without(performance: Performance, said_id: str, last: ResolutionRow) -> Without:
    """Return what would come of its last result if a rating, or observation, did not count."""
    before = outcome_from_text(last.outcome)
    now = resolution_without(performance, said_id)
    result = now if isinstance(now, rubrics.Resolved) else None
    instead = (fact_of(performance, result, repeats_of(performance)),) if result else ()
    return Without(
        follows=_follows(before, result),
        before=_level(performance, before.level),
        after=_level(performance, result.level if result else None),
        reruns=awards.rerun_without(last.learner_id, _evidence_of(last), instead),
    )


def _evidence_of(last: ResolutionRow) -> tuple[str, ...]:
    """Return the evidence of a result with that whose place it took; none where it fell."""
    if last.evidence_id is None:
        return ()
    if ledger.void_reason(last.learner_id, last.evidence_id) is not None:
        return ()
    return (last.evidence_id, *evidence_before(last.learner_id, last.id))


def _follows(before: Outcome, result: rubrics.Resolved | None) -> Follows:
    if result is None:
        return Follows.NOBODY
    is_same = (result.level, dict(result.criteria)) == (before.level, dict(before.levels or {}))
    return Follows.SAME if is_same else Follows.OTHER


def _level(performance: Performance, key: str | None) -> rubrics.Level | None:
    rubric = rubric_of(performance.task.rubric)
    return None if key is None else rubric.levels[rubric.rank(key)]
