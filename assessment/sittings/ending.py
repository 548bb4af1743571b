"""End a sitting: score what was saved, record the evidence, consider awards; one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from assessment import clock
from assessment.access import Actor, system
from assessment.audit import service as audit
from assessment.awards import service as awards
from assessment.awards.models import Award
from assessment.errors import NoSuchRecord
from assessment.evidence import service as evidence
from assessment.extensions import db
from assessment.people import service as people
from assessment.sittings import scoring, timing
from assessment.sittings.models import Ending, Sitting, SittingState


@dataclass(frozen=True)
class Ended:
    """A scored sitting, and the awards that it earned at once."""

    sitting: Sitting
    awards: list[Award]


def submit(sitting_id: str, actor: Actor) -> Ended:
    """Return the scored sitting; submitting it again returns the same one."""
    learner_id = actor.learner_id or ""
    people.lock_learner(learner_id)
    found = db.session.get(Sitting, (learner_id, sitting_id), populate_existing=True)
    if found is None:
        raise NoSuchRecord("sitting", sitting_id)
    late = timing.is_over(found, clock.now())
    return conclude(found, Ending.TIME if late else Ending.SUBMITTED, actor)


def expired() -> list[tuple[str, str]]:
    """Return the learner and id of every open sitting whose time has run out."""
    due = clock.now() - timing.GRACE
    rows = select(Sitting.learner_id, Sitting.id).where(
        Sitting.state == SittingState.OPEN, Sitting.deadline < due
    )
    return [(learner_id, sitting_id) for learner_id, sitting_id in db.session.execute(rows)]


def expire(learner_id: str, sitting_id: str) -> Ended:
    """Return a sitting whose time has run out, scored with what was saved."""
    people.lock_learner(learner_id)
    found = db.session.get_one(Sitting, (learner_id, sitting_id), populate_existing=True)
    if found.state == SittingState.OPEN and not timing.is_over(found, clock.now()):
        return Ended(found, [])  # its deadline was moved meanwhile
    return conclude(found, Ending.TIME, system("deadline"))


def conclude(sitting: Sitting, ending: Ending, actor: Actor) -> Ended:
    """Return the scored sitting of a locked learner, with its evidence recorded and awards made."""
    if not _claim(sitting, ending):
        return Ended(sitting, [])
    score = scoring.score_of(sitting)
    sitting.score = scoring.score_to_text(score)
    db.session.flush()
    chain = audit.learner_chain(sitting.learner_id)
    audit.record(chain, "sitting scored", actor, sitting.id, percent=score.percent, ending=ending)
    evidence.record(
        sitting.learner_id,
        evidence.Origin(
            source_id=sitting.id,
            measure_key=sitting.test_key,
            measure_version=sitting.test.version,
            occurred_at=sitting.ended_at or clock.now(),
        ),
        scoring.fact_of(sitting, score),
        actor,
    )
    return Ended(sitting, awards.consider(sitting.learner_id, actor))


def _claim(sitting: Sitting, ending: Ending) -> bool:
    """Whether this call is the one that ends the sitting."""
    moment = clock.now()
    if sitting.deadline is not None:
        moment = min(moment, sitting.deadline + timing.GRACE)
    claimed = db.session.execute(
        update(Sitting)
        .where(Sitting.learner_id == sitting.learner_id, Sitting.id == sitting.id)
        .where(Sitting.state == SittingState.OPEN)
        .values(state=SittingState.SCORED, ending=ending, ended_at=moment)
        .returning(Sitting.id)
    ).first()
    db.session.refresh(sitting)
    return claimed is not None
