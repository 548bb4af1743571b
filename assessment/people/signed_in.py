"""Who is signed in: Flask-Login's user, found through the row of this device's sign-in."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g
from flask_login import AnonymousUserMixin
from sqlalchemy.exc import OperationalError

from assessment.access import Actor, ActorKind, Role
from assessment.extensions import db, login
from assessment.people.models import SignIn


@dataclass(frozen=True)
class SignedIn:
    """A person on one device, as Flask-Login sees them."""

    sign_in_id: str
    person_id: str
    learner_id: str
    display_name: str
    language: str
    roles: frozenset[tuple[Role, str]]

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Return what the cookie carries: the sign-in, never the person."""
        return self.sign_in_id

    def as_actor(self) -> Actor:
        """Return this person as whoever calls a service."""
        return Actor(
            ActorKind.PERSON,
            person_id=self.person_id,
            learner_id=self.learner_id,
            roles=self.roles,
        )


@login.user_loader  # type: ignore[untyped-decorator]  # Flask-Login has no types
def load(sign_in_id: str) -> SignedIn | None:
    """Return who signed in under this id, unless it was revoked or the account is closed.

    Roles are read anew on every request, so that taking one away works at once.
    """
    found = _sign_in(sign_in_id)
    if found is None or found.revoked_at is not None or found.person.disabled_at is not None:
        return None
    person = found.person
    return SignedIn(
        sign_in_id=found.id,
        person_id=person.id,
        learner_id=person.learner_id,
        display_name=person.display_name,
        language=person.language,
        roles=frozenset((Role(grant.role), grant.institution_id) for grant in person.grants),
    )


def _sign_in(sign_in_id: str) -> SignIn | None:
    try:
        return db.session.get(SignIn, sign_in_id)
    except OperationalError:
        g._login_user = AnonymousUserMixin()  # the page that says so must not ask again
        raise
