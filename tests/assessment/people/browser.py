"""A browser that is signed in, without the form: for tests of what comes after."""

from __future__ import annotations

from flask.testing import FlaskClient

from assessment.demo.builders.people import build_sign_in
from assessment.extensions import db
from assessment.people.models import Person


def sign_in(client: FlaskClient, person: Person) -> FlaskClient:
    """Return `client`, signed in as `person`."""
    row = build_sign_in(person)
    db.session.commit()
    with client.session_transaction() as session:
        session["_user_id"] = row.id
        session.permanent = True
    return client
