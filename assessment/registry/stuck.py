"""Places that nobody may take, as registrars see them: which work, why, and what they can do."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager

from assessment import clock
from assessment.access import Action, Actor, institutions_for
from assessment.extensions import db
from assessment.performances.eligibility import waits
from assessment.performances.models import Assignment, Performance
from assessment.performances.reviewers import Why, why_nobody
from assessment.performances.stuck_models import StuckPlace

PAGE_SIZE = 50


@dataclass(frozen=True)
class StuckListed:
    """One place, and why nobody may take it; no cause where somebody may by now."""

    place: Assignment
    because: Why | None


@dataclass(frozen=True)
class StuckList:
    """One page of the places that nobody may take, those first that wait longest."""

    rows: tuple[StuckListed, ...]
    total: int
    page: int
    withheld: int
    """How many are not shown to the actor, who has a part in that work."""

    @property
    def pages(self) -> int:
        """The number of pages, at least 1."""
        return max(1, -(-self.total // PAGE_SIZE))


def stuck_for(actor: Actor, page: int = 1) -> StuckList:
    """Return what nobody may take at the actor's institutions, as it is at this moment."""
    theirs = _has_part(actor)
    total = number_for(actor)
    page = min(max(1, page), max(1, -(-total // PAGE_SIZE)))
    rows = (
        _listed(actor)
        .where(~theirs)
        .order_by(Assignment.waiting_since, Assignment.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    places = db.session.scalars(rows).all()
    causes = why_nobody(places)
    return StuckList(
        rows=tuple(StuckListed(each, causes.get(each.id)) for each in places),
        total=total,
        page=page,
        withheld=db.session.scalar(_counted(actor).where(theirs)) or 0,
    )


def number_for(actor: Actor) -> int:
    """Return how much the list has for the actor."""
    return db.session.scalar(_counted(actor).where(~_has_part(actor))) or 0


def _at(actor: Actor) -> ColumnElement[bool]:
    own = institutions_for(actor, Action.FIND_RATERS)
    return and_(StuckPlace.institution_id.in_(own), waits(clock.now()))


def _counted(actor: Actor) -> Select[int]:
    of_place = StuckPlace.assignment_id == Assignment.id
    return select(func.count()).select_from(Assignment).join(StuckPlace, of_place).where(_at(actor))


def _listed(actor: Actor) -> Select[Assignment]:
    return (
        select(Assignment)
        .join(StuckPlace, StuckPlace.assignment_id == Assignment.id)
        .join(Assignment.performance)
        .where(_at(actor))
        .options(contains_eager(Assignment.performance).joinedload(Performance.task))
    )


def _has_part(actor: Actor) -> ColumnElement[bool]:
    """Return whether work is the actor's own, or they rate it: the list would tell of others."""
    part = select(Assignment.performance_id).where(Assignment.person_id == actor.person_id)
    return or_(
        Assignment.learner_id == (actor.learner_id or ""), Assignment.performance_id.in_(part)
    )
