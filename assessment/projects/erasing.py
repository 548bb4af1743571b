"""Erasing who the contact of a project is: what was asked for and delivered stays."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from assessment import clock
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.extensions import db
from assessment.observations.erasing import Beside, Keeper
from assessment.projects.models import Participation, Project, ProjectState

PERSONAL = ("name", "employer", "role", "telephone", "note")
"""What of a form says who filled it in."""


def held(mailbox: str, places: frozenset[str]) -> Beside:
    """Return which projects name a mailbox as their contact; of these, whose parts are in them."""
    every = _projects(mailbox)
    here = [each for each in every if each.institution_id in places]
    parts = (part for each in here for part in _parts(each))
    return Beside(
        number=len(here),
        is_held_elsewhere=len(here) < len(every),
        learner_ids=tuple(sorted({each.learner_id for each in parts})),
    )


def _projects(mailbox: str) -> Sequence[Project]:
    rows = select(Project).where(Project.mailbox == mailbox, Project.email.is_not(None))
    return db.session.scalars(rows.order_by(Project.id)).all()


def _parts(project: Project) -> Sequence[Participation]:
    """Return all parts in a project, of those who have left too."""
    return db.session.scalars(select(Participation).filter_by(project_id=project.id)).all()


def erase(mailbox: str, places: frozenset[str], actor: Actor) -> None:
    """Erase who the contact is: their link ends, and nobody joins any more; learners are locked.

    What they said stays, by nobody. What is sealed still is opened as any other, and is no
    evidence, for nobody stands behind it.
    """
    for project in _projects(mailbox):
        if project.institution_id not in places:
            continue
        db.session.refresh(project, with_for_update=True)
        project.email = project.name = None
        project.expires_at = min(project.expires_at, clock.now())
        if project.state != ProjectState.CLOSED:
            project.state, project.closed_at = ProjectState.CLOSED, clock.now()
        for part in _parts(project):
            _forget(part)
        chain = audit.institution_chain(project.institution_id)
        audit.record(chain, "project's contact erased", actor, project.id)


def _forget(part: Participation) -> None:
    if part.employer_said is not None:
        seen = part.employer_said["seen"]
        kept = {key: "" if key in PERSONAL else value for key, value in seen.items()}
        part.employer_said = {**part.employer_said, "seen": kept}


KEEPER = Keeper(held, erase)
