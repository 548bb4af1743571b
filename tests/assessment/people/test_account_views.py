"""One's own account, and what a transcript says."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from assessment.demo.builders.people import PASSWORD, build_person
from assessment.extensions import db
from assessment.people.models import Person
from tests.assessment.people.browser import sign_in

EMAIL = "ada@example.org"


@pytest.fixture
def ada(app: Flask, client: FlaskClient) -> FlaskClient:
    """Return a browser in which Ada is signed in."""
    with app.app_context():
        return sign_in(client, build_person(EMAIL, display_name="Ada", email_confirmed_at=None))


def stored(app: Flask) -> Person:
    with app.app_context():
        return db.session.scalars(select(Person).where(Person.email == EMAIL)).one()


def test_the_account_shows_what_is_known(ada: FlaskClient) -> None:
    page = ada.get("/account").get_data(as_text=True)
    for words in ("Ada", EMAIL, "Not confirmed yet", "Asked when you first claim credit"):
        assert words in page


def test_the_name_changes(app: Flask, ada: FlaskClient) -> None:
    assert ada.post("/account/name", data={"display_name": " Countess "}).status_code == 302
    assert stored(app).display_name == "Countess"
    assert ada.post("/account/name", data={"display_name": "A\nB"}).status_code == 422
    assert stored(app).display_name == "Countess"


def test_the_password_changes_and_other_devices_are_signed_out(
    app: Flask, ada: FlaskClient
) -> None:
    other = app.test_client()
    other.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
    assert other.get("/account").status_code == 200
    data = {"current": PASSWORD, "password": "another long sentence"}
    assert ada.post("/account/password", data=data).status_code == 302
    assert ada.get("/account").status_code == 200
    assert other.get("/account").location.startswith("/sign-in")
    data = {"email": EMAIL, "password": "another long sentence"}
    assert other.post("/sign-in", data=data).location == "/me"


@pytest.mark.parametrize(
    ("current", "chosen", "field"),
    [("not this one", "another long sentence", "current"), (PASSWORD, "short", "password")],
)
def test_a_refused_password_changes_nothing(
    app: Flask, ada: FlaskClient, current: str, chosen: str, field: str
) -> None:
    before = stored(app).password_hash
    refused = ada.post("/account/password", data={"current": current, "password": chosen})
    assert refused.status_code == 422
    assert f'href="#{field}"' in refused.get_data(as_text=True)
    assert stored(app).password_hash == before


@pytest.mark.usefixtures("one_window")
def test_guessing_the_present_password_is_throttled(ada: FlaskClient) -> None:
    data = {"current": "not this one", "password": "another long sentence"}
    statuses = [ada.post("/account/password", data=data).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


def test_credit_is_claimed_with_a_single_name(app: Flask, ada: FlaskClient) -> None:
    asked = ada.get("/account/claim?next=/me")
    assert 'value="/me"' in asked.get_data(as_text=True)
    data = {"legal_name": "Suharto", "student_number": "", "next": "/me"}
    assert ada.post("/account/claim", data=data).location == "/me"
    assert stored(app).legal_name == "Suharto"
    assert stored(app).student_number == ""


def test_a_claim_leads_nowhere_else(ada: FlaskClient) -> None:
    data = {"legal_name": "Suharto", "student_number": "17", "next": "//evil.example"}
    assert ada.post("/account/claim", data=data).location == "/account"


def test_a_claim_needs_a_name(app: Flask, ada: FlaskClient) -> None:
    refused = ada.post("/account/claim", data={"legal_name": " ", "student_number": "17"})
    assert refused.status_code == 422
    assert stored(app).student_number == ""


def test_a_new_link_to_confirm_is_sent(ada: FlaskClient) -> None:
    assert ada.post("/account/confirmation").location == "/account"
    assert "on its way" in ada.get("/account").get_data(as_text=True)


def test_signing_out_everywhere(app: Flask, ada: FlaskClient) -> None:
    other = app.test_client()
    other.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
    assert ada.post("/account/sign-out-everywhere").location == "/sign-in"
    for browser in (ada, other):
        assert browser.get("/account").location.startswith("/sign-in")


def test_names_are_shown_as_text(app: Flask, ada: FlaskClient) -> None:
    ada.post("/account/name", data={"display_name": "<script>alert(1)</script>"})
    assert "<script>alert" not in ada.get("/account").get_data(as_text=True)
