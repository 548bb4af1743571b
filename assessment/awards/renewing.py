"""What counts as shown since an award ended: new work, and what a fall had kept from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from assessment.awards.models import Award, AwardState
from assessment.awards.standing import awards_of, evidence_of, has_run_out
from assessment.credentials.models import RevokedFor
from assessment.evidence import works

NONE: frozenset[str] = frozenset()


def last_use(award: Award) -> datetime:
    """Return when an award used up what was shown: as it was made, so that it can be renewed before
    it runs out; where it was revoked, declined or not answered, as it ended.
    """
    ended = None if award.state == AwardState.EXPIRED else award.ended_at
    return ended or _made_at(award)


def _made_at(award: Award) -> datetime:
    return award.awarded_at or award.created_at


def concluded_since(lost: Award) -> frozenset[str]:
    """Return the evidence by which the same work earns an award again; none where it does not.

    It does where an award was lost only because its work had fallen: it was revoked for that, or
    was an offer that ran out meanwhile. It does not where the award would have run out by now.
    """
    if lost.ended_at is None or not _may_come_back(lost) or has_run_out(lost):
        return NONE
    used = _underneath(lost, awards_of(lost.learner_id))
    return works.concluded_after_falling(lost.learner_id, used, lost.ended_at)


def _may_come_back(lost: Award) -> bool:
    if lost.state == AwardState.REVOKED:
        return lost.revoked_for == RevokedFor.EVIDENCE
    return lost.state == AwardState.LAPSED


def _underneath(award: Award, awards: Iterable[Award]) -> frozenset[str]:
    """Return all the evidence that an award rests on, through other awards as well."""
    by_id = {each.id: each for each in awards}
    found: set[str] = set()
    waiting = set(evidence_of(award))
    while waiting:
        each = waiting.pop()
        found.add(each)
        if each in by_id:
            waiting |= evidence_of(by_id[each]) - found
    return frozenset(found - by_id.keys())


def nothing_new(
    awards: Sequence[Award], since: datetime, also: frozenset[str] = NONE
) -> frozenset[str]:
    """Return the awards that rest on nothing that was shown after `since`, nor on any of `also`.

    One that was made later on work from before is nothing new: the work is the same.
    """
    if not awards:
        return NONE
    shown = works.times_shown(awards[0].learner_id)
    return frozenset(
        each.id
        for each in awards
        if _made_at(each) <= since or not _rests_on_new(each, awards, since, also, shown)
    )


def _rests_on_new(
    award: Award,
    awards: Sequence[Award],
    since: datetime,
    also: frozenset[str],
    shown: Mapping[str, datetime],
) -> bool:
    used = _underneath(award, awards)
    return not used or any(each in also or shown.get(each, since) > since for each in used)
