"""A new password for whoever reads the account's mailbox."""

from __future__ import annotations

from assessment import transactions
from assessment.extensions import db
from assessment.people import accounts, particulars, passwords, sign_ins, throttle, tickets
from assessment.people.models import Person, Purpose


def ask_for_reset(email: str, language: str, address: str) -> None:
    """Have a link mailed to this address if it has an account; the work is the same if not.

    The ticket of an unknown address is deleted by the job that would have mailed it.
    """
    mailbox = particulars.email_address(email)
    throttle.admit(
        throttle.Try(throttle.MAIL_TO_ADDRESS, mailbox),
        throttle.from_address(throttle.MAIL_FROM_ADDRESS, address),
    )
    transactions.begin_writing()
    person = accounts.account_with(mailbox)
    known = person if person is not None and person.disabled_at is None else None
    tickets.issue(
        Purpose.RESET,
        mailbox,
        known.language if known else language,
        person_id=known.id if known else None,
    )


def reset_password(token: str, password: str, address: str) -> Person:
    """Return the account with its new password; every sign-in ends, and the link is used up."""
    throttle.admit(throttle.from_address(throttle.LINK_FROM_ADDRESS, address))
    email = tickets.owner(tickets.find(token, Purpose.RESET)).email
    passwords.check_choice(password, email)
    transactions.rollback()  # nothing is held while the password is hashed
    hashed = passwords.hash_password(password)
    transactions.begin_writing()
    person = tickets.owner(tickets.redeem(token, Purpose.RESET))
    tickets.void(Purpose.RESET, person.email)
    accounts.confirm_email(person)
    replace_password(person, hashed)
    return person


def replace_password(person: Person, hashed: str) -> None:
    """Keep a new password hash, and end every sign-in made with the old password."""
    actor = accounts.actor_of(person)
    person.password_hash = hashed
    db.session.flush()  # the account is held from here: no sign-in with the old password follows
    accounts.record(person, "password changed", actor)
    sign_ins.sign_out_everywhere(person, actor)
    throttle.forget(throttle.Try(throttle.SIGN_IN_TO_ACCOUNT, person.email))
