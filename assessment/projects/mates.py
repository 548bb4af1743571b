"""Team mates invited by mail: a link that no table holds, good for 21 days, used up by joining."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import select

from assessment import clock
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.errors import Conflict, Expired, Invalid, NoSuchRecord
from assessment.extensions import db
from assessment.ids import new_id
from assessment.jobs import service as jobs
from assessment.locale import gettext as _
from assessment.observations import service as observations
from assessment.observations.links import LIFETIME, hashed
from assessment.observations.mailboxes import canonical, known_by
from assessment.people import particulars
from assessment.people import service as people
from assessment.performances import service as performances
from assessment.performances.handling import EvidenceKind
from assessment.projects import letters
from assessment.projects.finding import (
    Joined,
    held_part,
    held_project,
    learner_name,
    own_part,
    performance_of,
    published,
    require_undelivered,
    taken,
    team_of,
)
from assessment.projects.models import Participation, Project, TeamInvitation
from assessment.upsert import insert_once

RUN_OUT = "projects.run_out"


@dataclass(frozen=True)
class Invited:
    """What a link of an invitation leads to: a project, in the team of one who joined it."""

    invitation: TeamInvitation
    project: Project
    inviter: Participation


def invite(project_id: str, email: str, language: str, actor: Actor) -> TeamInvitation:
    """Return the invitation of a team mate, whose link is on the way."""
    mailbox, code = particulars.email_address(email), particulars.language(language)
    own_part(project_id, actor)
    observations.admit(observations.Named(name="", email=mailbox), actor)
    held = _changing(project_id, actor)
    _require_somebody_else(mailbox, held.part.learner_id)
    _require_possible(held)
    held.part.team = held.part.team or new_id()
    invitation_id, token = new_id(), secrets.token_urlsafe(32)
    found = _insert(held.part, invitation_id, mailbox, token)
    name = learner_name(held.part)
    letters.mail_mate(found, letters.inviting_mate(name, _link_of(token), code), code)
    _record("team mate invited", found, actor)
    return found


def _changing(project_id: str, actor: Actor) -> Joined:
    """Return the actor's own part in a team that may still change, read under both locks."""
    held = held_part(project_id, actor)
    held_project(project_id)
    require_undelivered(held.part)
    return held


def _require_somebody_else(email: str, learner_id: str) -> None:
    person = people.person_of_learner(learner_id)
    if person is not None and canonical(person.email) == canonical(email):
        raise Invalid(_("This is your own address. Invite somebody else."), field="email")


def _require_possible(held: Joined) -> None:
    task = performance_of(held.part).task
    if EvidenceKind.TEXT not in performances.handling_of(task).evidence:
        raise Conflict(
            _("This task takes no texts, which say who did what: it is done by each alone.")
        )
    if held.project.due_at is None or held.project.due_at <= clock.now():
        raise Conflict(_("The day to deliver has passed."))
    if taken(held.project) >= held.project.seats:
        raise Conflict(_("Every place in this project is taken."))


def _insert(part: Participation, invitation_id: str, email: str, token: str) -> TeamInvitation:
    moment = clock.now()
    for each in _not_ended(part):
        if each.expires_at <= moment:
            _end(each)
    made = insert_once(
        TeamInvitation,
        learner_id=part.learner_id,
        id=invitation_id,
        participation_id=part.id,
        token_hash=hashed(token),
        mailbox=known_by(email),
        email=email,
        created_at=moment,
        expires_at=moment + LIFETIME,
    )
    if not made:
        sentence = _("This person is invited already. Take that back to send another mail.")
        raise Invalid(sentence, field="email")
    payload = {"learner_id": part.learner_id, "invitation_id": invitation_id}
    jobs.enqueue(RUN_OUT, payload, run_at=moment + LIFETIME)
    return db.session.get_one(TeamInvitation, (part.learner_id, invitation_id))


def _not_ended(part: Participation) -> Sequence[TeamInvitation]:
    rows = select(TeamInvitation).filter_by(
        learner_id=part.learner_id, participation_id=part.id, used_at=None, ended_at=None
    )
    ordered = rows.order_by(TeamInvitation.created_at, TeamInvitation.id)
    return db.session.scalars(ordered.execution_options(populate_existing=True)).all()


def _link_of(token: str) -> str:
    base = current_app.extensions["attest_settings"].base_url
    return f"{base}/teams/{token}"


def invitations_of(part: Participation) -> list[TeamInvitation]:
    """Return the invitations of a learner's own that wait, the first one first."""
    return [each for each in _not_ended(part) if each.expires_at > clock.now()]


def take_back(project_id: str, invitation_id: str, actor: Actor) -> None:
    """End an invitation of the actor's own; its link answers 410 from now on."""
    held = held_part(project_id, actor)
    held_project(project_id)
    found = next((each for each in _not_ended(held.part) if each.id == invitation_id), None)
    if found is None:
        raise NoSuchRecord("team invitation", invitation_id)
    _end(found)
    _record("team invitation taken back", found, actor)


def end_all(part: Participation) -> None:
    """End every invitation of somebody who leaves or has delivered; both locks are held."""
    for each in _not_ended(part):
        _end(each)


def _end(invitation: TeamInvitation) -> None:
    invitation.ended_at, invitation.email = clock.now(), None
    db.session.flush()


def run_out(learner_id: str, invitation_id: str) -> None:
    """Forget the address of an invitation that nobody used in time."""
    found = db.session.get(TeamInvitation, (learner_id, invitation_id), populate_existing=True)
    if found is not None and found.used_at is None and found.ended_at is None:
        _end(found)


def invited(token: str) -> Invited:
    """Return what a link leads to, open or not; NoSuchRecord for a link that is none."""
    rows = select(TeamInvitation).filter_by(token_hash=hashed(token))
    found = db.session.scalars(rows.execution_options(populate_existing=True)).first()
    if found is None:
        raise NoSuchRecord("team invitation", hashed(token)[:16])
    key = (found.learner_id, found.participation_id)
    inviter = db.session.get_one(Participation, key, populate_existing=True)
    return Invited(found, published(inviter.project_id), inviter)


def require_open(found: Invited) -> Invited:
    """Return what a link leads to; Expired, with what to do, where it is good no more."""
    closed = _why_closed(found)
    if closed:
        raise Expired(closed)
    return found


def _why_closed(found: Invited) -> str:
    if found.invitation.used_at is not None:
        return _("This invitation was used. Who used it finds the project among their own.")
    if found.invitation.expires_at <= clock.now():
        return _("This link was good for 21 days. Ask whoever invited you for another one.")
    if any(each.delivered_at is not None for each in team_of(found.inviter)):
        return _("This team has delivered; nobody joins it any more.")
    if found.invitation.ended_at is not None:
        return _("This invitation was taken back. There is nothing to do.")
    return ""


def use_up(found: Invited) -> None:
    """Use up a link by which somebody has joined; the project is locked."""
    found.invitation.used_at, found.invitation.email = clock.now(), None
    db.session.flush()


def _record(act: str, invitation: TeamInvitation, actor: Actor) -> None:
    audit.record(audit.learner_chain(invitation.learner_id), act, actor, invitation.id)
