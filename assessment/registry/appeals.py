"""Appeals as the registrar sees them: where each stands, and no name, neither side's."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from assessment.access import Action, Actor, institutions_for
from assessment.extensions import db
from assessment.performances.appeal_models import Appeal
from assessment.performances.concluding import resolutions_of
from assessment.performances.models import Assignment, AssignmentState, Performance
from assessment.performances.reviewers import somebody_may_take
from assessment.registry.voiding import has_part

MOST_LISTED = 100


@dataclass(frozen=True)
class AppealListed:
    """One appeal: of which task, how many criteria, and where it stands."""

    appeal: Appeal
    lacks_anybody: bool
    """Whether nobody may take it at the moment."""
    evidence_id: str | None
    """The evidence that the result is; None for whoever has a part in the work, or may take it."""

    @property
    def place(self) -> Assignment:
        """The place of whoever looks again."""
        return self.appeal.assignment

    @property
    def is_decided(self) -> bool:
        """Whether somebody has looked again."""
        return self.place.state == AssignmentState.RELEASED


def appeals_for(actor: Actor) -> list[AppealListed]:
    """Return the appeals at the actor's institutions, those first that wait, the oldest first."""
    rows = (
        select(Appeal)
        .join(Assignment, Assignment.id == Appeal.assignment_id)
        .where(Assignment.institution_id.in_(institutions_for(actor, Action.GRANT_CREDIT)))
        .order_by(Assignment.state != AssignmentState.OPEN, Appeal.made_at, Appeal.id)
        .limit(MOST_LISTED)
    )
    return [_listed(each, actor) for each in db.session.scalars(rows)]


def _listed(appeal: Appeal, actor: Actor) -> AppealListed:
    return AppealListed(
        appeal=appeal,
        lacks_anybody=not somebody_may_take(appeal.assignment),
        evidence_id=None if has_part(appeal.performance, actor) else appeal.resolution.evidence_id,
    )


def latest_evidence(performance: Performance, actor: Actor) -> str | None:
    """Return the evidence that the latest result of work is; None as in the list."""
    if has_part(performance, actor):
        return None
    return next((each.evidence_id for each in resolutions_of(performance)[-1:]), None)
