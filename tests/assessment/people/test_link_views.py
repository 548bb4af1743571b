"""Pages behind links: looking changes nothing, using them twice says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from assessment.access import Role
from assessment.demo.builders.people import PASSWORD, build_institution, build_person, build_staff
from assessment.extensions import db
from assessment.people import service, tickets
from assessment.people.accounts import actor_of as actor_for
from assessment.people.models import Purpose
from tests.assessment.people.browser import sign_in
from tests.assessment.people.mailed import token_for
from tests.conftest import build_app

EMAIL = "ada@example.org"
CHOSEN = {"password": "another long sentence"}


def issued(app: Flask, purpose: Purpose, **columns: object) -> str:
    """Return the token of a new ticket of somebody with an account."""
    with app.app_context():
        person = build_person(EMAIL, **columns)
        ticket = tickets.issue(purpose, EMAIL, "en", person_id=person.id)
        token = tickets.token_of(ticket.id)
        db.session.commit()
        return token


def invited(app: Flask) -> str:
    with app.app_context():
        place = build_institution()
        administrator = actor_for(build_staff(Role.ADMINISTRATOR, place))
        service.invite(EMAIL, place.id, Role.REGISTRAR, "en", administrator)
        db.session.commit()
        return token_for(EMAIL, Purpose.INVITATION)


def test_every_address_gets_the_same_answer(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        build_person(EMAIL)
        db.session.commit()
    known = client.post("/reset", data={"email": EMAIL})
    unknown = client.post("/reset", data={"email": "nobody@example.org"})
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert "If there is an account" in client.get(known.location).get_data(as_text=True)


def test_a_password_is_reset_once(app: Flask, client: FlaskClient) -> None:
    token = issued(app, Purpose.RESET)
    for _ in range(2):
        assert EMAIL in client.get(f"/reset/{token}").get_data(as_text=True)
    assert client.post(f"/reset/{token}", data={"password": "short"}).status_code == 422
    assert client.post(f"/reset/{token}", data=CHOSEN).location == "/sign-in"
    assert client.get(f"/reset/{token}").status_code == 410
    assert client.post(f"/reset/{token}", data=CHOSEN).status_code == 410
    assert client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD}).status_code == 422
    assert client.post("/sign-in", data={"email": EMAIL, **CHOSEN}).location == "/me"


def test_a_reset_signs_every_device_out(app: Flask, client: FlaskClient) -> None:
    token = issued(app, Purpose.RESET)
    client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
    app.test_client().post(f"/reset/{token}", data=CHOSEN)
    assert client.get("/account").location.startswith("/sign-in")


def test_an_address_is_confirmed_by_a_button(app: Flask, client: FlaskClient) -> None:
    token = issued(app, Purpose.CONFIRMATION, email_confirmed_at=None)
    client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
    assert client.get(f"/confirm/{token}").status_code == 200
    assert "Not confirmed yet" in client.get("/account").get_data(as_text=True)
    assert client.post(f"/confirm/{token}").location == "/me"
    assert "Not confirmed yet" not in client.get("/account").get_data(as_text=True)
    assert client.post(f"/confirm/{token}").status_code == 410
    assert client.get(f"/confirm/{token}").status_code == 410


@pytest.mark.parametrize("path", ["/reset/made-up", "/confirm/made-up", "/invitations/made-up"])
def test_a_made_up_link_is_spent(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 410
    assert client.post(path, data={"display_name": "Eve", **CHOSEN}).status_code == 410


def test_an_invited_stranger_opens_an_account(app: Flask, client: FlaskClient) -> None:
    token = invited(app)
    path = f"/invitations/{token}"
    for _ in range(2):
        assert "Registrar" in client.get(path).get_data(as_text=True)
    joined = client.post(path, data={"display_name": "Ada", **CHOSEN})
    assert joined.location == "/account"
    assert "Registrar" in client.get("/account").get_data(as_text=True)
    assert client.post(path).status_code == 410
    assert client.get(path).status_code == 410


def test_whoever_has_an_account_signs_in_first(app: Flask, client: FlaskClient) -> None:
    token = invited(app)
    path = f"/invitations/{token}"
    with app.app_context():
        build_person(EMAIL)
        db.session.commit()
    assert f"/sign-in?next={path}" in client.get(path).get_data(as_text=True)
    assert client.post(path, data={"display_name": "Eve", **CHOSEN}).status_code == 409
    client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
    assert "Accept the role" in client.get(path).get_data(as_text=True)
    assert client.post(path).location == "/account"


def test_another_account_cannot_accept(app: Flask, client: FlaskClient) -> None:
    token = invited(app)
    with app.app_context():
        sign_in(client, build_person("eve@example.org"))
    page = client.get(f"/invitations/{token}").get_data(as_text=True)
    assert "signed in with another address" in page
    assert client.post(f"/invitations/{token}").status_code == 403
    assert app.test_client().get(f"/invitations/{token}").status_code == 200  # not used up


def test_tokens_stay_out_of_the_log(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    token = issued(app, Purpose.RESET)
    with caplog.at_level(0):
        client.get(f"/reset/{token}")
        client.post(f"/reset/{token}", data=CHOSEN)
    lines = [str(vars(record)) for record in caplog.records if record.name.startswith("attest")]
    assert lines
    assert not any(token in line or EMAIL in line for line in lines)


def test_pages_with_links_in_their_address_name_it_to_nobody(
    app: Flask, client: FlaskClient
) -> None:
    response = client.get(f"/reset/{issued(app, Purpose.RESET)}")
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cache-Control"] == "no-store"


FORMS = """
    /sign-in /register /sign-out /language /reset /reset/x /confirm/x /invitations/x
    /demo/sign-in/x /account/name /account/password /account/claim /account/confirmation
    /account/sign-out-everywhere /people/invite /people/roles/x/remove
    /people/invitations/x/withdraw /people/accommodations/x
"""


def test_nothing_is_done_without_the_form_s_token(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    app = build_app("sqlite", tmp_path, request)
    client = app.test_client()
    with app.app_context():
        sign_in(client, build_staff(Role.ADMINISTRATOR, build_institution()))
    for path in FORMS.split():
        refused = client.post(path, data='{"email": "x"}', content_type="text/plain")
        assert (path, refused.status_code) == (path, 400)
