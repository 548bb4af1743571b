"""What people change of their own account."""

from __future__ import annotations

from assessment import transactions
from assessment.access import Actor
from assessment.extensions import db
from assessment.people import accounts, particulars, passwords, recovery, sign_ins
from assessment.people.models import Person


def change_name(name: str, actor: Actor) -> Person:
    """Return one's account under the name that pages use."""
    person = accounts.own_account(actor)
    person.display_name = particulars.name(name)
    db.session.flush()
    accounts.record(person, "name changed", actor)
    return person


def choose_language(language: str, actor: Actor) -> None:
    """Keep the language in which one's pages and mails are written."""
    person = accounts.own_account(actor)
    person.language = particulars.language(language)
    db.session.flush()


def change_password(current: str, chosen: str, actor: Actor, address: str) -> Person:
    """Return one's account with a new password; every sign-in ends, this device's too."""
    email = accounts.own_account(actor).email
    passwords.check_choice(chosen, email)
    sign_ins.authenticate(email, current, address)
    transactions.commit()  # the tries that were right are forgiven; nothing is held while hashing
    hashed = passwords.hash_password(chosen)
    transactions.begin_writing()
    person = accounts.own_account(actor)
    recovery.replace_password(person, hashed)
    return person


def has_claim_details(person: Person) -> bool:
    """Return whether the name that credit is claimed under is known."""
    return bool(person.legal_name)


def claim_details(person: Person, legal_name: str, student_number: str, actor: Actor) -> None:
    """Keep the legal name, which may be a single one, and the student number, if there is one."""
    accounts.require_own(person, actor)
    person.legal_name = particulars.name(legal_name, "legal_name")
    person.student_number = particulars.student_number(student_number)
    db.session.flush()
    accounts.record(person, "claim details given", actor)
