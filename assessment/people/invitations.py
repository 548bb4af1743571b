"""Invitations of staff by mail: one person, one institution, one role, one use, 24 hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from assessment import clock, transactions
from assessment.access import Action, Actor, Role, institutions_for, require_at
from assessment.audit import service as audit
from assessment.errors import Forbidden, NoSuchRecord
from assessment.extensions import db
from assessment.locale import gettext as _
from assessment.people import accounts, particulars, passwords, roles, throttle, tickets
from assessment.people.institutions import institution
from assessment.people.models import Institution, Person, Purpose, Ticket
from assessment.people.registration import Registration


@dataclass(frozen=True)
class Invitation:
    """What a link of an invitation offers, and to whom."""

    email: str
    role: Role
    institution: Institution
    has_account: bool


@dataclass(frozen=True)
class Pending:
    """An invitation that waits for its reader, as the people desk lists it."""

    ticket_id: str
    email: str
    role: Role
    expires_at: datetime


def invite(email: str, institution_id: str, role: Role, language: str, actor: Actor) -> None:
    """Mail somebody a link to a role at an institution; an earlier one to them is withdrawn."""
    require_at(actor, Action.MANAGE_PEOPLE, institution_id)
    mailbox = particulars.email_address(email)
    code = particulars.language(language)
    throttle.admit(
        throttle.Try(throttle.INVITATION_BY_PERSON, actor.reference),
        throttle.Try(throttle.MAIL_TO_ADDRESS, mailbox),
    )
    transactions.begin_writing()
    tickets.void(Purpose.INVITATION, mailbox, institution_id)
    ticket = tickets.issue(
        Purpose.INVITATION,
        mailbox,
        code,
        institution_id=institution_id,
        role=role,
        issued_by_id=actor.person_id,
    )
    _record(ticket, "staff invited", actor)


def withdraw(ticket_id: str, actor: Actor) -> None:
    """Make an invitation unusable before its reader accepts."""
    found = db.session.scalars(
        select(Ticket).where(
            Ticket.id == ticket_id,
            Ticket.purpose == Purpose.INVITATION,
            Ticket.institution_id.in_(institutions_for(actor, Action.MANAGE_PEOPLE)),
        )
    ).one_or_none()
    if found is None:
        raise NoSuchRecord("invitation", ticket_id)
    found.used_at = found.used_at or clock.now()
    db.session.flush()
    _record(found, "invitation withdrawn", actor)


def pending(institution_id: str, actor: Actor) -> list[Pending]:
    """Return the invitations of an institution that can still be accepted, by address."""
    require_at(actor, Action.MANAGE_PEOPLE, institution_id)
    open_ones = db.session.scalars(
        select(Ticket)
        .where(
            Ticket.purpose == Purpose.INVITATION,
            Ticket.institution_id == institution_id,
            Ticket.used_at.is_(None),
            Ticket.expires_at > clock.now(),
        )
        .order_by(Ticket.email)
    )
    return [Pending(one.id, one.email, _role(one), one.expires_at) for one in open_ones]


def read(token: str) -> Invitation:
    """Return what the link offers; looking at it uses nothing up."""
    ticket = _standing(tickets.find(token, Purpose.INVITATION))
    return Invitation(
        email=ticket.email,
        role=_role(ticket),
        institution=institution(ticket.institution_id or ""),
        has_account=accounts.account_with(ticket.email) is not None,
    )


def accept(token: str, actor: Actor, address: str) -> Person:
    """Return one's account with the role; the link must have come to this account's address."""
    throttle.admit(throttle.from_address(throttle.LINK_FROM_ADDRESS, address))
    transactions.begin_writing()
    ticket = _standing(tickets.redeem(token, Purpose.INVITATION))
    person = accounts.own_account(actor)
    if person.email != ticket.email:
        raise Forbidden(_("This invitation was sent to another address. Sign in with that one."))
    return _join(person, ticket)


def accept_with_new_account(token: str, name: str, password: str, address: str) -> Person:
    """Return the new account of the invitation's reader, with the role."""
    throttle.admit(throttle.from_address(throttle.LINK_FROM_ADDRESS, address))
    ticket = _standing(tickets.find(token, Purpose.INVITATION))
    details = Registration(ticket.email, particulars.name(name), password, ticket.language)
    passwords.check_choice(password, details.email)
    transactions.rollback()  # nothing is held while the password is hashed
    hashed = passwords.hash_password(password)
    transactions.begin_writing()
    ticket = _standing(tickets.redeem(token, Purpose.INVITATION))
    person = accounts.open_account(details.email, details.display_name, hashed, details.language)
    return _join(person, ticket)


def _join(person: Person, ticket: Ticket) -> Person:
    accounts.confirm_email(person)
    actor = accounts.actor_of(person)
    roles.give(person.id, ticket.institution_id or "", _role(ticket), actor)
    _record(ticket, "invitation accepted", actor)
    return person


def _standing(ticket: Ticket) -> Ticket:
    """Return the ticket, unless whoever sent it may no longer invite."""
    sender, place = ticket.issued_by_id, ticket.institution_id or ""
    if sender is not None and not roles.holds(sender, place, Role.ADMINISTRATOR):
        raise tickets.LinkSpent(
            _("Whoever sent this invitation may no longer invite. Ask the institution for another.")
        )
    return ticket


def _role(ticket: Ticket) -> Role:
    return Role(ticket.role or "")


def _record(ticket: Ticket, act: str, actor: Actor) -> None:
    chain = audit.institution_chain(ticket.institution_id or "")
    audit.record(chain, act, actor, ticket.id, role=_role(ticket).value)
