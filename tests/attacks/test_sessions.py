"""Sign-ins, cookies, forms from elsewhere, links and addresses that lead away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from assessment import mail, transactions
from assessment.app import create_app
from assessment.demo.builders.people import PASSWORD, build_institution, build_person
from assessment.extensions import db
from assessment.jobs.models import Job
from assessment.operation import schema
from assessment.people import duties, tickets
from assessment.people.models import Person, Purpose, RoleGrant
from tests.assessment.people.browser import sign_in
from tests.assessment.people.mailed import token_for
from tests.attacks.rows import everything
from tests.attacks.world import World
from tests.conftest import settings_for

HTTPS = "https://attest.example"
ELSEWHERE = (
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https://evil.example/me",
    "/%2fevil.example",
    "/%5cevil.example",
    "/\t/evil.example",
    "/me\r\nLocation: https://evil.example",
    "javascript:alert(1)",
)
WRITES = re.compile(r"\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+(\w+)", re.IGNORECASE)
PLAIN = 'csrf_token={"display_name": "Eve"}'


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[Flask]:
    """Return an installation that people reach over HTTPS."""
    settings = settings_for(f"sqlite:///{tmp_path / 'attest.db'}", tmp_path, ATTEST_BASE_URL=HTTPS)
    app = create_app(settings, WTF_CSRF_ENABLED=False)
    with app.app_context():
        schema.upgrade(db.engine)
        build_person("ada@example.org")
        db.session.commit()
    yield app
    with app.app_context():
        db.engine.dispose()


def test_line_44_over_https_the_cookie_is_bound_to_this_host(secure: Flask) -> None:
    given = {"email": "ada@example.org", "password": PASSWORD}
    entered = secure.test_client().post("/sign-in", data=given, base_url=HTTPS)
    (cookie,) = entered.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-attest=")
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"secure", "httponly", "path=/", "samesite=lax"} <= parts
    assert not any(part.startswith("domain") for part in parts)
    assert entered.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_line_45_another_person_on_the_same_machine_sees_nothing(world: World) -> None:
    browser = world.browser(world.ada)
    place = f"/sittings/{world.sitting}/questions/3"
    browser.post(f"/sittings/{world.sitting}/questions/2", data={"choice": "1", "go": "next"})
    browser.post("/sign-out")
    asked = browser.get(place)
    assert asked.location == f"/sign-in?next={place}"
    with world.app.app_context():
        bob = db.session.get_one(Person, world.bob).email
        ada = db.session.get_one(Person, world.ada).email
    browser.post("/sign-in", data={"email": bob, "password": PASSWORD})
    assert browser.get(place).status_code == 404
    assert world.sitting not in browser.get("/me").text
    browser.post("/sign-out")
    back = browser.post("/sign-in", data={"email": ada, "password": PASSWORD, "next": place})
    assert back.location == place
    resumed = browser.get(f"/sittings/{world.sitting}")
    assert resumed.location == place
    assert "2 of 4 answered" in browser.get(place).text


@pytest.mark.parametrize(
    ("body", "kind"), [("", "text/plain"), (PLAIN, "text/plain"), ("{}", "application/json")]
)
def test_line_46_no_form_is_taken_without_its_token(
    world: World, monkeypatch: pytest.MonkeyPatch, body: str, kind: str
) -> None:
    monkeypatch.setitem(world.app.config, "WTF_CSRF_ENABLED", True)
    browser, before, refused = world.browser(world.staff), everything(world.app), 0
    for path in world.forms():
        for headers in ({}, {"Origin": "https://evil.example", "X-CSRFToken": "made up"}):
            sent = browser.post(path, data=body, content_type=kind, headers=headers)
            assert sent.status_code == 400, path
            refused += 1
    assert refused > 50
    assert everything(world.app) == before
    assert browser.get("/account").status_code == 200  # nor was anybody signed out


def test_line_46_a_token_of_another_browser_is_none(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(world.app.config, "WTF_CSRF_ENABLED", True)
    page = world.browser(world.bob).get("/account/name").text
    stolen = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[0]
    victim = world.browser(world.ada)
    sent = victim.post("/account/name", data={"display_name": "Eve", "csrf_token": stolen})
    assert sent.status_code == 400


def test_line_46_looking_writes_nothing(world: World) -> None:
    written: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        written.extend(WRITES.findall(statement))

    browser, before, missing = world.browser(world.staff), everything(world.app), 0
    with world.app.app_context():
        engine = db.engine
    for path in world.pages():
        event.listen(engine, "before_cursor_execute", note)
        missing += browser.get(path).status_code == 404
        event.remove(engine, "before_cursor_execute", note)
        browser.head(path)
    assert missing == 2  # two figures that are not there, whose refusal is recorded
    assert all(table.startswith("audit_") for table in written), set(written)
    assert everything(world.app) == before


def test_line_47_only_our_own_host_is_answered_for(client: FlaskClient) -> None:
    for host in ("evil.example", "localhost.evil.example", "localhost@evil", "evil:80", "a b"):
        for path in ("/", "/reset", "/health", "/nowhere", "//evil.example/me"):
            asked = client.get(path, headers={"Host": host})
            assert asked.status_code == 400, path
            assert "evil.example" not in asked.text
            assert "@evil" not in asked.text
            assert "evil:80" not in asked.text
        sent = client.post("/reset", data={"email": "a@example.org"}, headers={"Host": host})
        assert sent.status_code == 400
        assert sent.headers["Content-Security-Policy"]


def test_line_47_links_begin_with_the_configured_address(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        email = build_person().email
        db.session.commit()
    forged = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Port": "444",
        "X-Forwarded-Prefix": "/evil",
        "Forwarded": "host=evil.example",
        "X-Original-URL": "/evil",
        "X-Rewrite-URL": "/evil",
    }
    asked = client.post("/reset", data={"email": email}, headers=forged)
    assert asked.location == "/reset/sent"
    with app.app_context():
        found = db.session.scalars(select(Job).filter_by(kind=tickets.MAIL_TICKET)).one()
        payload, sent = dict(found.payload), list[str]()
        transactions.rollback()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(mail, "send", lambda to, subject, text, **named: sent.append(text))
            duties.mail_ticket(payload)
        token = token_for(email, Purpose.RESET)
    assert f"http://localhost:8000/reset/{token}" in sent[0]
    assert "evil.example" not in sent[0]
    for path in ("/", "/sign-in", "/catalogue"):
        page = client.get(path, headers=forged)
        assert "evil.example" not in f"{page.headers}{page.text}"


def test_line_49_no_next_leads_away(app: Flask) -> None:
    with app.app_context():
        email = build_person().email
        db.session.commit()
    visitor = app.test_client()
    for number, wanted in enumerate(ELSEWHERE):
        fields = {"next": wanted, "email": email, "password": PASSWORD}
        new = {**fields, "email": f"new{number}@example.org", "display_name": "New"}
        for path, sent in (
            ("/sign-in", fields),
            ("/language", {**fields, "language": "fr"}),
            ("/account/claim", {**fields, "legal_name": "Ada"}),
            ("/register", new),
        ):
            asked = visitor.get(path, query_string={"next": wanted})
            assert "evil.example" not in asked.headers.get("Location", "")
            led = visitor.post(path, data=sent)
            assert led.status_code == 302, path
            assert led.location in ("/", "/me", "/account", "/catalogue"), (path, led.location)


def test_line_53_a_role_that_was_taken_counts_no_more_on_any_address(world: World) -> None:
    browser = world.browser(world.staff)
    assert browser.get("/registrar").status_code == 200
    with world.app.app_context():
        for grant in db.session.scalars(select(RoleGrant).filter_by(person_id=world.staff)):
            db.session.delete(grant)
        db.session.commit()
    before = everything(world.app)
    for path in ("/registrar", "/banks", "/people", "/registrar/codes", "/registrar/awards.csv"):
        assert browser.get(path).status_code == 403, path
    for path in (f"/registrar/awards/{world.award}/revoke", "/people/invite", "/bank-imports"):
        assert browser.post(path, data={"reason": "x", "revoked_for": "error"}).status_code == 403
    assert everything(world.app) == before
    asked = browser.get(f"/invitations/{world.values['people.invitation:token']}")
    assert asked.status_code == 410  # what they had sent ends with the role


def test_line_53_a_closed_account_is_out_at_once(app: Flask) -> None:
    with app.app_context():
        build_institution()
        person = build_person()
        person_id = person.id
        browser = sign_in(app.test_client(), person)
    assert browser.get("/me").status_code == 200
    with app.app_context():
        person = db.session.get_one(Person, person_id)
        person.disabled_at = person.created_at
        db.session.commit()
    assert browser.get("/me").location.startswith("/sign-in")


@pytest.mark.parametrize("name", ["A\r\nBcc: all@example.org", "A\nB", "A\x1b[31m", "A\u2028B"])
def test_line_54_a_name_stays_on_its_line(app: Flask, name: str) -> None:
    with app.app_context():
        browser = sign_in(app.test_client(), build_person())
    for path, field in (("/account/name", "display_name"), ("/account/claim", "legal_name")):
        assert browser.post(path, data={field: name}).status_code == 422, path
    given = {"email": f"a@example.org{name[1:]}", "password": "another long sentence"}
    refused = app.test_client().post("/register", data={**given, "display_name": "A"})
    assert refused.status_code == 422
