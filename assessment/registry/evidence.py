"""Evidence as the registrar sees it: what it says, where it comes from, and whether it counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select

from assessment.access import Action, Actor, institutions_for
from assessment.awards import service as awards
from assessment.catalogue import service as catalogue
from assessment.catalogue.models import Measure, MeasureKind
from assessment.errors import NoSuchRecord
from assessment.evidence.models import Evidence, EvidenceKind, EvidenceVoid
from assessment.evidence.recording import fact_from_text
from assessment.extensions import db
from assessment.languages import LANGUAGES, wording
from assessment.locale import language, percent
from assessment.people import service as people
from assessment.people.models import Person
from assessment.performances.models import Performance, ResolutionRow, Task
from assessment.registry.holding import learner_called
from assessment.rules import RubricFact, TestFact

Text = dict[str, str]


@dataclass(frozen=True)
class Piece:
    """One row of evidence: what it is called, what it says, and why it counts no more, if so."""

    row: Evidence
    title: Text
    says: str
    void: EvidenceVoid | None
    may_be_set_aside: bool
    """Whether the actor's institution is the one that stands for it."""

    @property
    def occurred_at(self) -> datetime:
        """When it was shown."""
        return self.row.occurred_at


def person_of(piece: Piece) -> Person | None:
    """Return whose evidence it is; None once the account is erased."""
    return people.person_of_learner(piece.row.learner_id)


def evidence_of_award(award_id: str, actor: Actor) -> list[Piece]:
    """Return the evidence that an award of one of the actor's institutions rests on."""
    award = awards.institution_award(award_id, actor)
    rows = select(Evidence).filter_by(learner_id=award.learner_id)
    used = rows.where(Evidence.id.in_(awards.evidence_of(award)))
    return _pieces(db.session.scalars(used.order_by(Evidence.occurred_at, Evidence.id)), actor)


def evidence_of_learner(reference: str, actor: Actor) -> list[Piece]:
    """Return the evidence of somebody for which one of the actor's institutions stands."""
    learner_id = learner_called(reference, actor)
    rows = select(Evidence).filter_by(learner_id=learner_id).where(_within_reach(actor))
    latest = rows.order_by(Evidence.occurred_at.desc(), Evidence.id)
    return _pieces(db.session.scalars(latest), actor)


def evidence_piece(evidence_id: str, actor: Actor) -> Piece:
    """Return evidence for which one of the actor's institutions stands; else NoSuchRecord."""
    rows = select(Evidence).where(Evidence.id == evidence_id, _within_reach(actor))
    found = db.session.scalar(rows)
    if found is None:
        raise NoSuchRecord("evidence", evidence_id)
    return _piece(found, may_be_set_aside=True)


def _pieces(rows: Iterable[Evidence], actor: Actor) -> list[Piece]:
    found = list(rows)
    own = select(Evidence.id).where(
        Evidence.id.in_([each.id for each in found]), _within_reach(actor)
    )
    ids = set(db.session.scalars(own))
    return [_piece(each, may_be_set_aside=each.id in ids) for each in found]


def _within_reach(actor: Actor) -> ColumnElement[bool]:
    """Return whether an institution of the actor's keeps the test or rubric, or has it rated."""
    own = institutions_for(actor, Action.GRANT_CREDIT)
    kept = exists().where(
        Measure.kind == Evidence.kind,
        Measure.key == Evidence.measure_key,
        Measure.version == Evidence.measure_version,
        Measure.institution_id.in_(own),
    )
    rated = exists().where(
        ResolutionRow.learner_id == Evidence.learner_id,
        ResolutionRow.id == Evidence.source_id,
        Performance.learner_id == ResolutionRow.learner_id,
        Performance.id == ResolutionRow.performance_id,
        Task.id == Performance.task_id,
        Task.institution_id.in_(own),
    )
    return or_(kept, rated)


def _piece(row: Evidence, *, may_be_set_aside: bool) -> Piece:
    kind = MeasureKind(row.kind.value if isinstance(row.kind, EvidenceKind) else row.kind)
    measure = catalogue.measure_version(kind, row.measure_key, row.measure_version)
    return Piece(
        row=row,
        title=measure.title if measure else dict.fromkeys(LANGUAGES, row.measure_key),
        says=_says(row, measure),
        void=db.session.get(EvidenceVoid, (row.learner_id, row.id), populate_existing=True),
        may_be_set_aside=may_be_set_aside,
    )


def _says(row: Evidence, measure: Measure | None) -> str:
    """Return the share of points, or the level, that evidence tells."""
    match fact_from_text(row.fact):
        case TestFact(points=points, possible=possible) if possible:
            return percent(100 * float(points) / float(possible))
        case RubricFact(level=level):
            levels = {each["key"]: each["title"] for each in (measure.levels if measure else ())}
            return wording(levels[level], language()) if level in levels else level
    return ""
