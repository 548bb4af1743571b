"""Registration: open to everybody at any hour; the first test waits for no confirmation."""

from __future__ import annotations

from dataclasses import dataclass

from assessment import transactions
from assessment.access import Actor
from assessment.errors import Conflict
from assessment.locale import gettext as _
from assessment.people import accounts, particulars, passwords, throttle, tickets
from assessment.people.models import Person, Purpose


@dataclass(frozen=True)
class Registration:
    """What somebody gives to open an account."""

    email: str
    display_name: str
    password: str
    language: str = "en"


def register(details: Registration, address: str) -> Person:
    """Return the new account, opened from a network `address`; a link to confirm it is mailed.

    Begins a writing transaction after the password was hashed outside of any.
    """
    email = particulars.email_address(details.email)
    name = particulars.name(details.display_name)
    language = particulars.language(details.language)
    passwords.check_choice(details.password, email)
    throttle.admit(
        throttle.from_address(throttle.REGISTER_FROM_ADDRESS, address),
        throttle.Try(throttle.MAIL_TO_ADDRESS, email),
    )
    hashed = passwords.hash_password(details.password)
    transactions.begin_writing()
    person = accounts.open_account(email, name, hashed, language)
    tickets.issue(Purpose.CONFIRMATION, email, language, person_id=person.id)
    return person


def send_confirmation(actor: Actor, address: str) -> None:
    """Mail the owner of this account a new link to confirm its address."""
    person = accounts.own_account(actor)
    if person.email_confirmed_at is not None:
        raise Conflict(_("Your e-mail address is confirmed already."))
    email, language, person_id = person.email, person.language, person.id
    throttle.admit(
        throttle.Try(throttle.MAIL_TO_ADDRESS, email),
        throttle.from_address(throttle.MAIL_FROM_ADDRESS, address),
    )
    transactions.begin_writing()
    tickets.issue(Purpose.CONFIRMATION, email, language, person_id=person_id)


def confirm(token: str, address: str) -> Person:
    """Return the account whose address this link confirms; the link is used up."""
    throttle.admit(throttle.from_address(throttle.LINK_FROM_ADDRESS, address))
    transactions.begin_writing()
    person = tickets.owner(tickets.redeem(token, Purpose.CONFIRMATION))
    accounts.confirm_email(person)
    return person
