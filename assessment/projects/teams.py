"""Teams in projects: joined by a link, and left, until one of them has delivered."""

from __future__ import annotations

from assessment.access import Actor
from assessment.audit import service as audit
from assessment.errors import Conflict, Forbidden
from assessment.extensions import db
from assessment.locale import gettext as _
from assessment.people import service as people
from assessment.projects import mates
from assessment.projects.briefs import admit
from assessment.projects.finding import (
    held_part,
    held_project,
    part_or_none,
    require_undelivered,
    team_of,
)
from assessment.projects.joining import join
from assessment.projects.models import Participation, Project


def accept(token: str, actor: Actor, address: str) -> Project:
    """Return the project that somebody has joined by a link, in the team of who invited them.

    The link is used up by that alone; who is in that team already changes nothing.
    """
    if actor.learner_id is None:
        raise Forbidden(_("Sign in to join a project."))
    admit(address)
    people.lock_learner(actor.learner_id)
    project = held_project(mates.invited(token).project.id)
    found, there = mates.invited(token), part_or_none(project.id, actor)
    if there is not None and there.team is not None and there.team == found.inviter.team:
        return project
    mates.require_open(found)
    part = join(project.id, actor)
    _enter(part, found.inviter.team)
    mates.use_up(found)
    chain = audit.learner_chain(part.learner_id)
    audit.record(chain, "team joined", actor, part.id, invitation=found.invitation.id)
    return project


def _enter(part: Participation, team: str | None) -> None:
    if part.delivered_at is not None:
        raise Conflict(_("You have delivered already; it changes no more."))
    if len(team_of(part)) > 1:
        raise Conflict(_("You are in another team of this project. Leave that one first."))
    mates.end_all(part)
    part.team = team
    db.session.flush()


def leave_team(project_id: str, actor: Actor) -> None:
    """Let a learner go on alone in a project; their invitations end."""
    part = held_part(project_id, actor).part
    held_project(project_id)
    require_undelivered(part)
    mates.end_all(part)
    part.team = None
    db.session.flush()
    audit.record(audit.learner_chain(part.learner_id), "team left", actor, part.id)
