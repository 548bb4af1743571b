"""Places that nobody may take: found, shared with partners, noted, and noted no more."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from assessment import clock
from assessment.access import system
from assessment.audit import service as audit
from assessment.extensions import db
from assessment.performances.eligibility import waits
from assessment.performances.models import Assignment, AssignmentState, Performance, TaskPartner
from assessment.performances.notices import work_waits
from assessment.performances.reviewers import Pool, Stuck, Why, pools_waiting, stuck_in, why_nobody
from assessment.performances.stuck_models import StuckPlace
from assessment.upsert import insert_each_once

GRACE = timedelta(hours=1)
"""What has waited for less is not looked at."""
AT_ONCE = 500
"""So many places change in one transaction, so that others can write in between."""
WATCHER = system("watch over places that nobody may take")


@dataclass(frozen=True)
class Change:
    """Places of one institution of which the same is to be noted, in one transaction."""

    institution_id: str
    rubric_key: str
    because: Why | None
    """Why nobody may take them; None where that is over."""
    places: tuple[str, ...]
    is_new: bool = True
    """Whether nothing was noted of them before."""


def to_share() -> list[Stuck]:
    """Return what nobody may take at its own institution, where the task names partners."""
    pools = (each for each in pools_waiting(_before()) if not each.is_shared)
    lent = [each for each in pools if _has_partners(each)]
    return [each for each in _stuck(lent) if each.places]


def _before() -> datetime:
    return clock.now() - GRACE


def _stuck(pools: Collection[Pool]) -> Iterator[Stuck]:
    return (stuck_in(each, _before()) for each in pools)


def _has_partners(pool: Pool) -> bool:
    named = select(TaskPartner.task_id).filter_by(task_id=pool.task_id).limit(1)
    return db.session.scalar(named) is not None


def share_stuck(found: Stuck) -> None:
    """Let partners take what nobody may take at its own institution, and tell them of it."""
    pool = found.pool
    for ids in _batches(found.places):
        shared = update(Assignment).where(
            Assignment.id.in_(ids), Assignment.state == AssignmentState.OPEN
        )
        db.session.execute(
            shared.values(is_shared=True).execution_options(synchronize_session="fetch")
        )
    chain = audit.institution_chain(pool.institution_id)
    audit.record(chain, "places shared", WATCHER, pool.task_id, number=len(found.places))
    work_waits(pool.institution_id, pool.rubric_key, "shared")


def _batches(places: Collection[str]) -> Iterator[tuple[str, ...]]:
    ordered = sorted(places)
    for start in range(0, len(ordered), AT_ONCE):
        yield tuple(ordered[start : start + AT_ONCE])


def changes() -> list[Change]:
    """Return what is to be noted anew: what nobody may take, and what somebody may by now."""
    noted = {each.assignment_id: each.because for each in db.session.execute(_NOTED)}
    found = [each for each in _stuck(pools_waiting(_before())) if each.places]
    still = {place for each in found for place in each.places}
    return [*_begun(found, noted), *_over(noted.keys() - still)]


_NOTED = select(StuckPlace.assignment_id, StuckPlace.because)


def _begun(found: Collection[Stuck], noted: dict[str, Why]) -> Iterator[Change]:
    for each in found:
        pool, fresh = each.pool, each.places - noted.keys()
        changed = {place for place in each.places & noted.keys() if noted[place] != each.because}
        for ids in _batches(fresh):
            yield Change(pool.institution_id, pool.rubric_key, each.because, ids)
        for ids in _batches(changed):
            yield Change(pool.institution_id, pool.rubric_key, each.because, ids, is_new=False)


def _over(gone: Collection[str]) -> Iterator[Change]:
    """Yield what is not stuck any more, by institution and rubric."""
    groups: dict[tuple[str, str], list[str]] = {}
    for ids in _batches(gone):
        columns = (Assignment.institution_id, Assignment.rubric_key, Assignment.id)
        for *key, place in db.session.execute(select(*columns).where(Assignment.id.in_(ids))):
            groups.setdefault((key[0], key[1]), []).append(place)
    for (institution, rubric), places in groups.items():
        for ids in _batches(places):
            yield Change(institution, rubric, None, ids)


def note(change: Change) -> None:
    """Write down that nobody may take these, or that it is over."""
    if change.because is None:
        gone = delete(StuckPlace).where(StuckPlace.assignment_id.in_(change.places))
        db.session.execute(gone.execution_options(synchronize_session="fetch"))
    else:
        _note_stuck(change, change.because)
    audit.record(
        audit.institution_chain(change.institution_id),
        "places without anybody" if change.because else "places with somebody again",
        WATCHER,
        change.institution_id,
        rubric=change.rubric_key,
        number=len(change.places),
        because=change.because or "",
    )


def _note_stuck(change: Change, because: Why) -> None:
    if not change.is_new:
        anew = update(StuckPlace).where(StuckPlace.assignment_id.in_(change.places))
        now = anew.values(because=because)
        db.session.execute(now.execution_options(synchronize_session="fetch"))
        return
    row = {
        "institution_id": change.institution_id,
        "because": because,
        "found_at": clock.now(),
        "told_at": None,
    }
    insert_each_once(StuckPlace, [{"assignment_id": each, **row} for each in change.places])


def institutions_concerned() -> list[str]:
    """Return the institutions with places that nobody may take."""
    return list(db.session.scalars(select(StuckPlace.institution_id).distinct()))


def is_known_to_lack_anybody(performance: Performance) -> bool:
    """Return whether nobody may take something of a performance now, and its institution knows."""
    rows = (
        select(Assignment)
        .join(StuckPlace, StuckPlace.assignment_id == Assignment.id)
        .where(
            Assignment.learner_id == performance.learner_id,
            Assignment.performance_id == performance.id,
            StuckPlace.told_at.is_not(None),
            waits(clock.now()),
        )
    )
    return bool(why_nobody(db.session.scalars(rows).all()))
