"""The doors as a browser meets them: sign-in, cookies, language, the demo."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import TimestampSigner
from sqlalchemy import select
from werkzeug.test import TestResponse

from assessment import installation
from assessment.access import Role
from assessment.demo.builders.people import PASSWORD, build_institution, build_person, build_staff
from assessment.extensions import db
from assessment.people.models import Person, SignIn
from tests.assessment.people.browser import sign_in
from tests.assessment.people.clocks import StoppedClock


def person(app: Flask, email: str = "ada@example.org", **columns: object) -> str:
    """Return the id of a new person, committed."""
    with app.app_context():
        built = build_person(email, **columns)
        db.session.commit()
        return built.id


def enter(client: FlaskClient, password: str = PASSWORD, **fields: str) -> TestResponse:
    data = {"email": "ada@example.org", "password": password, **fields}
    return client.post("/sign-in", data=data)


def cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("attest")
    return cookie.value if cookie else ""


def text_of(response: TestResponse) -> str:
    return response.get_data(as_text=True)


def without_tokens(response: TestResponse) -> str:
    return re.sub(r'name="csrf_token" value="[^"]*"', "", text_of(response))


def test_signing_in_leads_on(app: Flask, client: FlaskClient) -> None:
    person(app)
    assert enter(client).location == "/me"
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [("/catalogue?page=2", "/catalogue?page=2"), ("//evil.example", "/me"), ("/\\evil", "/me")],
)
def test_next_leads_to_our_own_pages(
    app: Flask, client: FlaskClient, wanted: str, led_to: str
) -> None:
    person(app)
    assert enter(client, next=wanted).location == led_to


def test_a_page_that_asks_for_a_sign_in_is_reached_after_it(
    app: Flask, client: FlaskClient
) -> None:
    person(app)
    asked = client.get("/account/claim?next=/me")
    assert asked.location.startswith("/sign-in?next=")
    form = text_of(client.get(asked.location))
    wanted = re.search(r'id="next"[^>]*value="([^"]*)"', form)
    assert wanted
    assert enter(client, next=wanted[1]).location == "/account/claim?next=/me"


def test_wrong_and_unknown_get_the_same_page(app: Flask, client: FlaskClient) -> None:
    person(app)
    wrong = client.post("/sign-in", data={"email": "ada@example.org", "password": "not this one"})
    unknown = client.post("/sign-in", data={"email": "eve@example.org", "password": "not this one"})
    assert wrong.status_code == unknown.status_code == 422
    assert without_tokens(wrong).replace("ada@", "eve@") == without_tokens(unknown)
    assert "password is not right" in text_of(wrong)


def test_a_cookie_planted_before_is_worth_nothing_after(app: Flask, client: FlaskClient) -> None:
    person(app)
    with client.session_transaction() as planted:
        planted["_user_id"] = "planted"
        planted["anything"] = "planted"
        planted["csrf_token"] = "planted"
    before = cookie_of(client)
    enter(client)
    assert cookie_of(client) != before
    with client.session_transaction() as after:
        assert after["_user_id"] != "planted"
        assert "anything" not in after
        assert after.get("csrf_token") != "planted"


def test_each_sign_in_is_a_row_of_its_own(app: Flask, client: FlaskClient) -> None:
    person(app)
    enter(client)
    enter(client)
    with app.app_context():
        assert len(db.session.scalars(select(SignIn)).all()) == 2


def test_a_copied_cookie_is_worth_nothing_after_signing_out(
    app: Flask, client: FlaskClient
) -> None:
    person(app)
    enter(client)
    thief = app.test_client()
    thief.set_cookie("attest", cookie_of(client))
    assert thief.get("/account").status_code == 200
    assert client.post("/sign-out").status_code == 302
    assert thief.get("/account").location.startswith("/sign-in")
    assert client.get("/account").location.startswith("/sign-in")


def test_the_cookie_is_kept_from_scripts_and_other_sites(app: Flask, client: FlaskClient) -> None:
    person(app)
    header = enter(client).headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Expires=" in header


def test_two_hours_without_a_request_sign_out(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    person(app)
    enter(client)
    real = TimestampSigner.get_timestamp
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: real(self) + 2 * 3600 - 60)
    assert client.get("/account").status_code == 200  # and the cookie begins anew
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: real(self) + 4 * 3600)
    assert client.get("/account").location.startswith("/sign-in")


def test_twelve_hours_sign_out_whoever_is_busy(
    app: Flask, client: FlaskClient, stopped_clock: StoppedClock
) -> None:
    person(app)
    enter(client)
    stopped_clock.move(hours=11)
    assert client.get("/account").status_code == 200
    stopped_clock.move(hours=1)
    assert client.get("/account").location.startswith("/sign-in")


def test_whoever_is_signed_out_meanwhile_is_told_so(client: FlaskClient) -> None:
    refused = client.post("/account/name", data={"display_name": "Ada"})
    assert refused.status_code == 401
    assert "Sign in, then do this again" in text_of(refused)


def test_too_many_tries_are_told_to_wait(
    app: Flask, client: FlaskClient, stopped_clock: StoppedClock
) -> None:
    person(app)
    for _ in range(10):
        enter(client, "not this one")
    refused = enter(client)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert client.get("/account").location.startswith("/sign-in")


def test_registering_signs_in_and_leads_to_the_first_step(app: Flask, client: FlaskClient) -> None:
    data = {"email": "new@example.org", "display_name": "Suharto", "password": "a tidal river"}
    assert client.post("/register", data=data).location == "/catalogue"
    assert "Not confirmed yet" in text_of(client.get("/account"))


def test_a_form_that_was_sent_twice_opens_one_account(app: Flask, client: FlaskClient) -> None:
    data = {"email": "new@example.org", "display_name": "Suharto", "password": "a tidal river"}
    assert client.post("/register", data=data).location == "/catalogue"
    assert client.post("/register", data=data).location == "/catalogue"
    with app.app_context():
        assert len(db.session.scalars(select(Person)).all()) == 1


def test_an_address_that_is_taken_is_told_at_its_field(app: Flask, client: FlaskClient) -> None:
    person(app)
    data = {"email": "ada@example.org", "display_name": "Eve", "password": "a tidal river"}
    refused = client.post("/register", data=data)
    assert refused.status_code == 422
    assert '<a href="#email">There is an account with this address already' in text_of(refused)


def test_fields_say_what_browsers_may_fill_in(client: FlaskClient) -> None:
    register, enter_page = text_of(client.get("/register")), text_of(client.get("/sign-in"))
    assert 'autocomplete="new-password"' in register
    assert 'autocomplete="email"' in register
    assert 'autocomplete="current-password"' in enter_page
    assert 'autocomplete="username"' in enter_page
    assert "onpaste" not in register + enter_page


def test_empty_forms_say_what_to_enter(client: FlaskClient) -> None:
    for path in ("/register", "/sign-in", "/reset"):
        refused = client.post(path, data={})
        assert refused.status_code == 422
        assert "Enter an e-mail address like name@example.org." in text_of(refused)


def test_the_language_stays_chosen(app: Flask, client: FlaskClient) -> None:
    person(app)
    enter(client)
    switched = client.post("/language", data={"language": "fr", "next": "/account"})
    assert switched.location == "/account"
    assert '<html lang="fr">' in text_of(client.get("/account"))
    other_device = app.test_client()
    enter(other_device)
    assert '<html lang="fr">' in text_of(other_device.get("/account"))


def test_a_language_that_there_is_not_is_refused(client: FlaskClient) -> None:
    assert client.post("/language", data={"language": "xx"}).status_code == 422
    assert client.post("/language", data={"language": "fr", "next": "//evil"}).location == "/"


def test_one_click_signs_demo_people_in_on_the_demo(app: Flask, client: FlaskClient) -> None:
    story = {"en": "Repairs cars.", "fr": "Répare des voitures."}
    shown = person(app, demo_order=1, demo_story=story, display_name="Ada")
    other = person(app, "other@example.org")
    with app.app_context():
        installation.record(installation.Fact.DEMO)
        db.session.commit()
    page = text_of(client.get("/sign-in"))
    assert "Repairs cars." in page
    assert "Sign in as Ada" in page
    assert "other@example.org" not in page
    assert client.post(f"/demo/sign-in/{other}").status_code == 404
    assert client.post(f"/demo/sign-in/{shown}").location == "/me"
    assert client.get("/account").status_code == 200


def test_there_is_no_click_anywhere_else(app: Flask, client: FlaskClient) -> None:
    shown = person(app, demo_order=1, demo_story={"en": "Repairs cars."})
    assert "Repairs cars." not in text_of(client.get("/sign-in"))
    assert client.post(f"/demo/sign-in/{shown}").status_code == 404
    assert client.get("/account").location.startswith("/sign-in")


def test_a_role_that_was_taken_is_gone_on_the_next_page(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        place = build_institution()
        staff = build_staff(Role.ADMINISTRATOR, place)
        sign_in(client, staff)
        staff_id = staff.id
    assert client.get("/people").status_code == 200
    with app.app_context():
        db.session.delete(db.session.get_one(Person, staff_id).grants[0])
        db.session.commit()
    assert client.get("/people").status_code == 403


def test_the_terms_say_their_version(client: FlaskClient) -> None:
    assert "Version 2026-11" in text_of(client.get("/terms"))
