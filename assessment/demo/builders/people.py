"""Builders of institutions, people and their roles, for the demo and for tests; they flush."""

from __future__ import annotations

from functools import cache

from assessment import clock
from assessment.access import Role
from assessment.extensions import db
from assessment.ids import new_id
from assessment.people import learners, passwords
from assessment.people.models import Institution, Person, RoleGrant, SignIn

PASSWORD = "a good long sentence"  # noqa: S105 - of demo and test people alone


def build_institution(key: str | None = None, **columns: object) -> Institution:
    """Return a new institution; its name is its key unless `name` is given."""
    key = key or f"institution-{new_id()[:8]}"
    columns.setdefault("name", {"en": key.title(), "fr": key.title()})
    institution = Institution(key=key, created_at=clock.now(), **columns)
    db.session.add(institution)
    db.session.flush()
    return institution


def build_person(email: str | None = None, **columns: object) -> Person:
    """Return a new person with a learner of their own, whose password is PASSWORD."""
    email = email or f"{new_id()[:10]}@example.org"
    defaults = {
        "display_name": email.partition("@")[0].title(),
        "password_hash": _password_hash(),
        "email_confirmed_at": clock.now(),
        "created_at": clock.now(),
    }
    learner = learners.new_learner()
    person = Person(email=email, learner_id=learner.id, **{**defaults, **columns})
    db.session.add(person)
    db.session.flush()
    return person


def build_role(person: Person, role: Role, institution: Institution) -> RoleGrant:
    """Return the role that `person` now holds at `institution`."""
    grant = RoleGrant(
        person_id=person.id, institution_id=institution.id, role=role, granted_at=clock.now()
    )
    db.session.add(grant)
    db.session.flush()
    db.session.refresh(person, ["grants"])
    return grant


def build_staff(role: Role, institution: Institution, **columns: object) -> Person:
    """Return a new person who holds `role` at `institution`."""
    person = build_person(**columns)  # type: ignore[arg-type]  # columns may hold the e-mail
    build_role(person, role, institution)
    return person


def build_sign_in(person: Person) -> SignIn:
    """Return a sign-in of `person` on some device."""
    sign_in = SignIn(person_id=person.id, created_at=clock.now())
    db.session.add(sign_in)
    db.session.flush()
    return sign_in


@cache
def _password_hash() -> str:
    return passwords.hash_password(PASSWORD)
