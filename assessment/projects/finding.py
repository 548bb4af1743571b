"""Projects and parts in them, as each side may find them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import ColumnElement, func, select

from assessment import clock
from assessment.access import Action, Actor, institutions_for
from assessment.errors import Conflict, Expired, NoSuchRecord
from assessment.extensions import db
from assessment.locale import gettext as _
from assessment.observations.links import BrokenLink, hashed, token_of
from assessment.people import service as people
from assessment.performances.models import Performance
from assessment.projects.models import Participation, Project, ProjectState

MOST_LISTED = 100


def open_projects() -> Sequence[Project]:
    """Return the projects that somebody may still join, what is due first at the top."""
    rows = select(Project).where(
        Project.state == ProjectState.OPEN, Project.due_at > clock.now(), free_seats()
    )
    return db.session.scalars(rows.order_by(Project.due_at, Project.id).limit(MOST_LISTED)).all()


def free_seats() -> ColumnElement[bool]:
    """Return the condition that a project has a seat that nobody has taken."""
    taken = select(func.count()).where(
        Participation.project_id == Project.id, Participation.left_at.is_(None)
    )
    return taken.select_from(Participation).scalar_subquery() < Project.seats


def published(project_id: str) -> Project:
    """Return a project that everybody may read; NoSuchRecord for any other."""
    found = db.session.get(Project, project_id, populate_existing=True)
    if found is None or found.published_at is None:
        raise NoSuchRecord("project", project_id)
    return found


def taken(project: Project) -> int:
    """Return how many seats are taken."""
    return len(parts_of(project))


def parts_of(project: Project) -> Sequence[Participation]:
    """Return the parts of those who have joined and not left, by their seats."""
    rows = select(Participation).filter_by(project_id=project.id, left_at=None)
    return db.session.scalars(rows.order_by(Participation.seat)).all()


def held_project(project_id: str) -> Project:
    """Return a published project, locked: its seats and teams change one after the other.

    Whoever acts has locked their learner before.
    """
    found = published(project_id)
    db.session.refresh(found, with_for_update=True)
    return found


def team_of(part: Participation) -> Sequence[Participation]:
    """Return the parts of those who deliver together, by their seats; one's own where alone."""
    if part.team is None:
        return [part]
    rows = select(Participation).filter_by(project_id=part.project_id, team=part.team, left_at=None)
    ordered = rows.order_by(Participation.seat)
    return db.session.scalars(ordered.execution_options(populate_existing=True)).all()


def mates_delivered(part: Participation) -> list[Participation]:
    """Return what the others of a team have delivered."""
    others = (each for each in team_of(part) if each.id != part.id)
    return [each for each in others if each.delivered_at is not None]


def require_undelivered(part: Participation) -> None:
    """Refuse a change of a team of which somebody has delivered: it stays as it is."""
    if any(each.delivered_at is not None for each in team_of(part)):
        raise Conflict(_("Your team has delivered; nobody joins or leaves it any more."))


@dataclass(frozen=True)
class Joined:
    """A project and one's own part in it."""

    project: Project
    part: Participation


def joined_by(actor: Actor) -> list[Joined]:
    """Return the projects that the actor has joined and not left, the latest first."""
    rows = select(Project, Participation).join(
        Participation, Participation.project_id == Project.id
    )
    own = rows.where(
        Participation.learner_id == (actor.learner_id or ""), Participation.left_at.is_(None)
    )
    latest = own.order_by(Participation.joined_at.desc(), Participation.id)
    return [Joined(*row) for row in db.session.execute(latest).all()]


def own_part(project_id: str, actor: Actor) -> Joined:
    """Return the actor's own part in a project; NoSuchRecord for anybody else's."""
    found = _part_in(project_id, actor.learner_id or "")
    if found is None:
        raise NoSuchRecord("participation", project_id)
    return Joined(published(project_id), found)


def held_part(project_id: str, actor: Actor) -> Joined:
    """Return the actor's own part, read anew once the learner is locked."""
    people.lock_learner(actor.learner_id or "")
    return own_part(project_id, actor)


def part_or_none(project_id: str, actor: Actor) -> Participation | None:
    """Return the actor's own part in a project, or None."""
    return _part_in(project_id, actor.learner_id or "")


def _part_in(project_id: str, learner_id: str) -> Participation | None:
    rows = select(Participation).filter_by(
        project_id=project_id, learner_id=learner_id, left_at=None
    )
    return db.session.scalars(rows.execution_options(populate_existing=True)).first()


def kept_by(actor: Actor) -> Sequence[Project]:
    """Return the projects of the institutions whose catalogue the actor keeps."""
    homes = institutions_for(actor, Action.MANAGE_CATALOGUE)
    rows = select(Project).where(Project.institution_id.in_(homes))
    return db.session.scalars(rows.order_by(Project.invited_at.desc(), Project.id)).all()


def kept(project_id: str, actor: Actor, *, locked: bool = False) -> Project:
    """Return a project of an institution of the actor's; NoSuchRecord for any other."""
    lock = True if locked else None
    found = db.session.get(Project, project_id, populate_existing=True, with_for_update=lock)
    homes = institutions_for(actor, Action.MANAGE_CATALOGUE)
    if found is None or found.institution_id not in homes:
        raise NoSuchRecord("project", project_id)
    return found


def by_link(token: str) -> Project:
    """Return the project of an employer's link; Expired where the link is good no more."""
    rows = select(Project).filter_by(token_hash=hashed(token))
    found = db.session.scalars(rows.execution_options(populate_existing=True)).first()
    if found is None:
        raise BrokenLink("project", token)
    if found.expires_at <= clock.now() or (found.closed_at and found.published_at is None):
        raise Expired(_("This link is good no more. Ask the institution that sent it."))
    return found


def part_by_link(token: str, part_id: str) -> Joined:
    """Return somebody's part in the project of a link; NoSuchRecord for one of another project."""
    project = by_link(token)
    rows = select(Participation).filter_by(project_id=project.id, id=part_id, left_at=None)
    found = db.session.scalars(rows.execution_options(populate_existing=True)).first()
    if found is None:
        raise NoSuchRecord("participation", part_id)
    return Joined(project, found)


def link_of(project: Project) -> str:
    """Return the address that the employer gets by mail."""
    base = current_app.extensions["attest_settings"].base_url
    return f"{base}/briefs/{token_of(project.nonce)}"


def performance_of(part: Participation) -> Performance:
    """Return the performance that a part is evidence of, read anew."""
    key = (part.learner_id, part.performance_id)
    return db.session.get_one(Performance, key, populate_existing=True)


def learner_name(part: Participation) -> str:
    """Return what a learner is called; "" for one whose account is erased."""
    person = people.person_of_learner(part.learner_id)
    return person.display_name if person is not None else ""
