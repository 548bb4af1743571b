"""End a sitting: score what was saved, record the evidence, consider awards; one transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select, update

import itembank
from assessment import clock
from assessment.access import Actor, system
from assessment.audit import service as audit
from assessment.awards import service as awards
from assessment.awards.models import Award
from assessment.errors import NoSuchRecord
from assessment.evidence import service as evidence
from assessment.extensions import db
from assessment.items import service as items
from assessment.items.models import Area
from assessment.people import service as people
from assessment.rules import AreaFact, Identity, Supervision, TestFact
from assessment.sittings import timing
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
    score = score_of(sitting)
    sitting.score = score_to_text(score)
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
        _fact(sitting, score),
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


def score_of(sitting: Sitting) -> itembank.Score:
    """Return the score of what was saved, by the test's scoring model."""
    model: itembank.ScoringModel = itembank.PercentScoring(parents(sitting.test.bank_id))
    saved = {response.position: response.answer for response in sitting.responses}
    contents = items.contents(question.item_version_id for question in sitting.questions)
    responses = []
    for question in sitting.questions:
        item = contents[question.item_version_id]
        stored = saved.get(question.position)
        answer = itembank.read_answer(stored) if stored else itembank.BLANK
        responses.append(
            itembank.ScoredResponse(
                item_id=item.id,
                area=item.area,
                points=itembank.score_item(item, answer),
                answered=not answer.is_blank,
            )
        )
    return model.score(responses)


def parents(bank_id: str) -> dict[str, str]:
    """Return each area of a bank that lies within another, with that other."""
    rows = db.session.execute(
        select(Area.key, Area.parent).where(Area.bank_id == bank_id, Area.parent.is_not(None))
    )
    return {key: str(parent) for key, parent in rows}


def score_to_text(score: itembank.Score) -> str:
    """Return a score as the sitting keeps it."""
    data = {
        "points": score.points,
        "possible": score.possible,
        "answered": score.answered,
        "percent": score.percent,
        "areas": {
            key: [area.points, area.possible, area.answered, area.percent]
            for key, area in score.areas.items()
        },
        "theta": score.theta,
        "se": score.se,
        "mastery_probability": score.mastery_probability,
    }
    return json.dumps(data, sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=1024)
def score_from_text(text: str) -> itembank.Score:
    """Return the score that a sitting kept."""
    data = json.loads(text)
    areas = {key: itembank.AreaScore(*values) for key, values in data.pop("areas").items()}
    return itembank.Score(**data, areas=areas)


def _fact(sitting: Sitting, score: itembank.Score) -> TestFact:
    return TestFact(
        evidence_id="",
        test=sitting.test_key,
        test_version=sitting.test.version,
        points=evidence.exact(score.points),
        possible=evidence.exact(score.possible),
        occurred_on=sitting.ended_at or clock.now(),
        areas={
            key: AreaFact(evidence.exact(area.points), evidence.exact(area.possible), area.answered)
            for key, area in score.areas.items()
        },
        mastery=score.mastery_probability,
        supervision=Supervision(sitting.supervision),
        identity=Identity(sitting.identity),
    )
