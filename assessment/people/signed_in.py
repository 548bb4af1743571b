"""Who is signed in: Flask-Login's user, found through the row of this device's sign-in.

The cookie carries the id of that row and nothing else. It is made anew at each sign-in, so that a
cookie planted before is worth nothing after; it runs out after 2 hours without a request (the
cookie's own time stamp) and 12 hours after signing in (the row's). Roles are never in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import g, session
from flask_login import current_user, login_user
from sqlalchemy import Row, bindparam, select

from assessment import clock
from assessment.access import Actor, ActorKind, Role
from assessment.extensions import Model, db, login
from assessment.locale import LANGUAGE_KEY
from assessment.people.models import Person, RoleGrant, SignIn

LONGEST_SIGN_IN = timedelta(hours=12)

# Asked by every request of somebody who is signed in: built once, one statement, a row a role.
_sign_ins = Model.metadata.tables[SignIn.__tablename__]
_persons = Model.metadata.tables[Person.__tablename__]
_grants = Model.metadata.tables[RoleGrant.__tablename__]
_who = (
    select(
        _sign_ins.c.created_at,
        _sign_ins.c.revoked_at,
        _persons.c.id.label("person_id"),
        _persons.c.learner_id,
        _persons.c.display_name,
        _persons.c.language,
        _persons.c.disabled_at,
        _grants.c.role,
        _grants.c.institution_id,
    )
    .join(_persons, _persons.c.id == _sign_ins.c.person_id)
    .outerjoin(_grants, _grants.c.person_id == _persons.c.id)
    .where(_sign_ins.c.id == bindparam("sign_in_id"))
)


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
    """Return who signed in under this id, unless that ended or the account is closed.

    Roles are read anew on every request, so that taking one away works at once.
    """
    rows = db.session.execute(_who, {"sign_in_id": sign_in_id}).all()
    if not rows or not _stands(rows[0]):
        return None
    return SignedIn(
        sign_in_id=sign_in_id,
        person_id=rows[0].person_id,
        learner_id=rows[0].learner_id,
        display_name=rows[0].display_name,
        language=rows[0].language,
        roles=frozenset((Role(row.role), row.institution_id) for row in rows if row.role),
    )


def _stands(row: Row[*tuple[Any, ...]]) -> bool:
    if row.revoked_at is not None or row.disabled_at is not None:
        return False
    began: datetime = row.created_at
    return clock.now() < began + LONGEST_SIGN_IN


def remember(sign_in: SignIn) -> None:
    """Make this browser the one that `sign_in` was made on; what it carried before is dropped."""
    forget()
    login_user(load(sign_in.id))
    session.permanent = True
    g.pop("actor", None)


def forget() -> None:
    """Drop all that this browser carries, but for the language that was chosen on it."""
    chosen = session.get(LANGUAGE_KEY)
    session.clear()
    if chosen is not None:
        session[LANGUAGE_KEY] = chosen


def this_sign_in() -> str | None:
    """Return the id of the sign-in that this request came with."""
    return current_user.sign_in_id if current_user.is_authenticated else None
