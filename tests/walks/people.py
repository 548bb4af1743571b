"""Browsers for walks over HTTP: signed in, with forms that carry their tokens."""

from __future__ import annotations

import re
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from assessment.demo.builders.people import build_sign_in
from assessment.extensions import db
from assessment.people.models import Person

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def signed_in(app: Flask, person_id: str) -> FlaskClient:
    """Return a new browser of this person."""
    with app.app_context():
        row = build_sign_in(db.session.get_one(Person, person_id))
        sign_in_id = row.id
        db.session.commit()
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = sign_in_id
        session["_fresh"] = True
        session.permanent = True
    return client


def token(page: TestResponse) -> str:
    """Return the token that a page's form carries."""
    found = TOKEN.search(page.text)
    assert found is not None, page.text[:500]
    return unescape(found.group(1))
