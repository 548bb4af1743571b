"""Roles held at an institution; read anew on every request, so a change counts on the next one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from assessment import clock
from assessment.access import Action, Actor, Role, institutions_for, require_at
from assessment.audit import service as audit
from assessment.errors import Conflict, NoSuchRecord
from assessment.extensions import db
from assessment.ids import new_id
from assessment.locale import gettext as _
from assessment.people.models import Institution, Person, RoleGrant
from assessment.upsert import insert_once


def role_name(role: Role) -> str:
    """Return the role as people call it, in the page's language."""
    names = {
        Role.ASSESSOR: _("Assessor"),
        Role.OBSERVER: _("Observer"),
        Role.AUTHOR: _("Author"),
        Role.PSYCHOMETRICIAN: _("Psychometrician"),
        Role.REGISTRAR: _("Registrar"),
        Role.ADMINISTRATOR: _("Administrator"),
    }
    return names[role]


@dataclass(frozen=True)
class StaffMember:
    """One role of one person, as the people desk lists it."""

    grant_id: str
    name: str
    email: str
    role: Role
    granted_at: datetime


def grant(person_id: str, institution_id: str, role: Role, actor: Actor) -> None:
    """Give a person a role at an institution; a role held already stays as it is."""
    require_at(actor, Action.MANAGE_PEOPLE, institution_id)
    give(person_id, institution_id, role, actor)


def give(person_id: str, institution_id: str, role: Role, actor: Actor) -> None:
    """Give the role without asking whether `actor` may: an invitation was accepted."""
    inserted = insert_once(
        RoleGrant,
        id=new_id(),
        person_id=person_id,
        institution_id=institution_id,
        role=role,
        granted_at=clock.now(),
    )
    if inserted:
        _record(institution_id, "role granted", actor, person_id, role)
        db.session.refresh(db.session.get_one(Person, person_id), ["grants"])


def revoke(grant_id: str, actor: Actor) -> None:
    """Take a role back; the last administrator of an institution stays."""
    found = _grant_within_reach(grant_id, actor)
    _lock_institution(found.institution_id)
    if found.role == Role.ADMINISTRATOR and _administrators(found.institution_id) == 1:
        raise Conflict(_("This is the last administrator. Invite another one first."))
    db.session.delete(found)
    db.session.flush()
    _record(found.institution_id, "role revoked", actor, found.person_id, Role(found.role))


def _grant_within_reach(grant_id: str, actor: Actor) -> RoleGrant:
    reach = institutions_for(actor, Action.MANAGE_PEOPLE)
    found = db.session.scalars(
        select(RoleGrant).where(RoleGrant.id == grant_id, RoleGrant.institution_id.in_(reach))
    ).one_or_none()
    if found is None:
        raise NoSuchRecord("role", grant_id)
    return found


def _lock_institution(institution_id: str) -> None:
    """Let two administrators who remove each other come one after the other."""
    db.session.execute(
        select(Institution.id).where(Institution.id == institution_id).with_for_update()
    )


def _administrators(institution_id: str) -> int:
    query = select(func.count()).where(
        RoleGrant.institution_id == institution_id, RoleGrant.role == Role.ADMINISTRATOR
    )
    return int(db.session.scalar(query) or 0)


def staff(institution_id: str, actor: Actor) -> list[StaffMember]:
    """Return who holds which role at this institution, by name."""
    require_at(actor, Action.MANAGE_PEOPLE, institution_id)
    rows = db.session.execute(
        select(
            RoleGrant.id, Person.display_name, Person.email, RoleGrant.role, RoleGrant.granted_at
        )
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.institution_id == institution_id)
        .order_by(Person.display_name, RoleGrant.role)
    )
    return [StaffMember(row[0], row[1], row[2], Role(row[3]), row[4]) for row in rows]


def holds(person_id: str, institution_id: str, role: Role) -> bool:
    """Return whether a person holds a role at an institution at this moment."""
    query = select(RoleGrant.id).where(
        RoleGrant.person_id == person_id,
        RoleGrant.institution_id == institution_id,
        RoleGrant.role == role,
    )
    return db.session.execute(query).first() is not None


def _record(institution_id: str, act: str, actor: Actor, person_id: str, role: Role) -> None:
    chain = audit.institution_chain(institution_id)
    audit.record(chain, act, actor, person_id, role=role.value)
