"""Importing through the desk: looked at first, confirmed by whoever sent it, and forgotten."""

from __future__ import annotations

import html
import io
import json
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from assessment import clock, storage
from assessment.access import Role
from assessment.authoring import duties, uploads
from assessment.demo.builders.people import build_institution, build_person, build_staff
from assessment.extensions import db
from assessment.items.models import Bank, ItemVersion
from assessment.jobs.models import Job
from assessment.people.models import Person
from tests.assessment.people.browser import sign_in

PNG = b"\x89PNG\r\n\x1a\nrest"
ITEMS = [
    {
        "id": "A-1",
        "area": "a",
        "kind": "numeric",
        "stem": {"en": "How many?"},
        "answer": 3,
        "figure": {"file": "a.png"},
    },
    {"id": "A-2", "area": "a", "kind": "essay", "stem": {"en": "<script>alert(1)</script>"}},
]
BANK = {
    "bank": {"title": {"en": "Small"}},
    "areas": [{"key": "a", "title": {"en": "A"}}],
    "items": ITEMS,
}


@pytest.fixture
def author_id(app: Flask, client: FlaskClient) -> str:
    with app.app_context():
        college = build_institution("college")
        author = build_staff(Role.AUTHOR, college)
        sign_in(client, author)
        return college.id


def send(client: FlaskClient, institution_id: str, data: object = BANK, **fields: object) -> str:
    file = (io.BytesIO(json.dumps(data).encode()), "bank.json")
    form = {
        "format": "json",
        "bank": "small",
        "institution": institution_id,
        "file": file,
        "figures": [(io.BytesIO(PNG), "a.png")],
        **fields,
    }
    return client.post("/bank-imports", data=form, content_type="multipart/form-data").text


def ticket(page: str) -> str:
    found = re.search(r'name="ticket"[^>]*value="([^"]+)"', page)
    assert found is not None
    return html.unescape(found[1])


def count(app: Flask, table: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_file_is_looked_at_and_then_imported(
    app: Flask, client: FlaskClient, author_id: str
) -> None:
    page = send(client, author_id)
    assert "Line 2, A-2" in page
    assert "<script>alert" not in page
    assert count(app, Bank) == 0
    answer = client.post("/bank-imports/confirm", data={"ticket": ticket(page)})
    assert answer.headers["Location"] == "/banks/small"
    assert "Imported: 1 new" in client.get("/banks/small").text
    assert client.get("/banks/small/items/A-1/figures/1").data == PNG
    again = client.post("/bank-imports/confirm", data={"ticket": ticket(page)})
    assert again.status_code == 303
    assert count(app, ItemVersion) == 1


def test_what_is_not_what_it_claims_is_refused_in_a_sentence(
    app: Flask, client: FlaskClient, author_id: str
) -> None:
    assert "must be a bank in the native JSON" in html.unescape(send(client, author_id, data=[1]))
    assert "Choose the bank’s file" in send(client, author_id, file=(io.BytesIO(b""), ""))
    assert "Not a valid choice" in send(client, author_id, format="exe")
    assert "Not a valid choice" in send(client, "nobody")
    assert "a key of letters" in send(client, author_id, bank="../etc")
    assert count(app, Bank) == 0
    assert count(app, Job) == 0


def test_a_ticket_is_its_senders_alone_and_cannot_be_made(
    app: Flask, client: FlaskClient, author_id: str
) -> None:
    sent = ticket(send(client, author_id))
    assert client.post("/bank-imports/confirm", data={"ticket": sent + "x"}).status_code == 410
    assert client.post("/bank-imports/confirm", data={}).status_code == 410
    other = app.test_client()
    with app.app_context():
        sign_in(other, build_staff(Role.AUTHOR, build_institution()))
    assert other.post("/bank-imports/confirm", data={"ticket": sent}).status_code == 403
    assert count(app, Bank) == 0


def test_a_role_that_was_taken_away_confirms_nothing(
    app: Flask, client: FlaskClient, author_id: str
) -> None:
    sent = ticket(send(client, author_id))
    with app.app_context():
        person = db.session.scalars(select(Person)).one()
        db.session.delete(person.grants[0])
        db.session.commit()
    assert client.post("/bank-imports/confirm", data={"ticket": sent}).status_code == 403
    assert count(app, Bank) == 0


def test_uploads_are_forgotten_after_a_day(app: Flask, client: FlaskClient, author_id: str) -> None:
    sent = ticket(send(client, author_id))
    with app.app_context():
        job = db.session.scalars(select(Job).where(Job.kind == uploads.FORGET)).one()
        assert clock.now() + timedelta(hours=23) < job.run_at
        assert [storage.exists(name) for name in job.payload["files"]] == [True, True]
        duties.forget_upload(job.payload)
        duties.forget_upload(job.payload)
        assert not any(storage.exists(name) for name in job.payload["files"])
    assert client.post("/bank-imports/confirm", data={"ticket": sent}).status_code == 410


def test_learners_and_visitors_import_nothing(app: Flask, client: FlaskClient) -> None:
    assert client.get("/bank-imports").status_code == 302
    assert client.post("/bank-imports").status_code == 401
    with app.app_context():
        sign_in(client, build_person())
    assert client.get("/bank-imports").status_code == 403
    assert client.post("/bank-imports").status_code == 403
    assert client.post("/bank-imports/confirm").status_code == 403
