"""Credentials, tokens and their pages attacked over HTTP."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from assessment.awards.models import Award
from assessment.credentials.models import Credential
from assessment.extensions import db
from assessment.people.models import Person
from tests.attacks.rows import entries, everything
from tests.attacks.world import World

ENGLISH = {"Accept-Language": "en"}
VALID = "This credential is valid"
XINCLUDE = "http://www.w3.org/2001/XInclude"
REVOKED = {"reason": "Issued in error.", "revoked_for": "error"}


def token_of(world: World) -> str:
    """Return the signed VC-JWT of the world's credential."""
    with world.app.app_context():
        return db.session.scalars(select(Credential.jwt).filter_by(id=world.credential)).one()


def said_of(browser: FlaskClient, text: str) -> str:
    """Return what the page says of a text."""
    got = browser.post("/verify", data={"text": text}, headers=ENGLISH)
    assert got.status_code == 200
    return got.text


def part(value: object) -> str:
    """Return a value as a segment of a token."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_line_55_a_token_in_another_hand_is_not_valid(world: World) -> None:
    visitor, token = world.app.test_client(), token_of(world)
    assert VALID in said_of(visitor, token)
    header, payload, signature = token.split(".")
    kept = json.loads(base64.urlsafe_b64decode(header + "=="))
    for changed in (
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "ES256"},
        {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}},
        {"jku": "https://evil.example/keys"},
        {"x5u": "https://evil.example/chain"},
        {"crit": ["exp"], "exp": 1},
        {"typ": "JWT"},
        {"kid": "did:web:evil.example#key-1"},
    ):
        for signed in (signature, ""):
            forged = ".".join((part({**kept, **changed}), payload, signed))
            assert VALID not in said_of(visitor, forged), changed


def test_line_56_no_text_brings_the_page_down(world: World) -> None:
    visitor, token = world.app.test_client(), token_of(world)
    document = visitor.get(f"/credentials/{world.credential}.json").text
    assert VALID in said_of(visitor, document)
    for text in (
        token[:-2] + ("AA" if token[-2:] != "AA" else "BB"),
        document.replace("wiring", "wir\u0456ng"),
        document.replace("{", '{"id":"x",', 1),
        "[" * 900,
        '{"a":' * 900,
        '{"issuer": {"id": {}}, "proof": [null], "@context": 1}',
        '{"proof": NaN}',
        "\U0001f600.a.b",
        "..",
        "a.b.c",
    ):
        assert text not in (document, token)
        assert VALID not in said_of(visitor, text), text[:40]


def test_line_36_a_picture_is_no_way_into_the_server(world: World, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("canary-file")
    visitor = world.app.test_client()
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    for prologue in (
        f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file://{secret}">]><svg>&x;</svg>',
        f'<!DOCTYPE svg [<!ENTITY l0 "lol">{entities}]><svg>&l9;</svg>',
        '<!DOCTYPE svg SYSTEM "http://127.0.0.1:1/x.dtd"><svg/>',
        f'<svg xmlns:xi="{XINCLUDE}"><xi:include href="file://{secret}" parse="text"/></svg>',
    ):
        said = said_of(visitor, prologue)
        assert "We could not read this" in said
        assert "canary-file" not in said


def test_line_57_revoking_needs_the_role_and_a_reason_and_shows_at_once(world: World) -> None:
    path, page = f"/registrar/awards/{world.award}/revoke", f"/credentials/{world.credential}"
    visitor, before = world.app.test_client(), everything(world.app)
    assert world.browser(world.ada).post(path, data=REVOKED).status_code == 403
    assert world.browser(world.stranger).post(path, data=REVOKED).status_code == 404
    registrar = world.browser(world.staff)
    for missing in ({**REVOKED, "reason": " "}, {"reason": "Because."}):
        assert registrar.post(path, data=missing).status_code == 422
    assert everything(world.app) == before
    listed = visitor.get("/status/1").json
    assert registrar.post(path, data=REVOKED).status_code == 303
    shown = visitor.get(page, headers=ENGLISH).text
    assert "This credential no longer counts." in shown
    assert REVOKED["reason"] not in shown
    assert visitor.get("/status/1").json != listed
    assert VALID not in said_of(visitor, token_of(world))
    (entry,) = entries(world.app, "award revoked")
    assert entry["subject"] == world.award


@pytest.mark.usefixtures("one_window")
def test_line_58_public_pages_tell_nothing_of_the_person(world: World) -> None:
    visitor, path = world.app.test_client(), f"/credentials/{world.credential}"
    with world.app.app_context():
        ada = db.session.get_one(Person, world.ada)
        ada.legal_name, ada.student_number = "Canary Legal", "CANARY-7"
        known = (ada.email, ada.display_name, ada.learner_id, ada.id, "Canary", "CANARY")
        db.session.commit()
    for address in (path, f"{path}.json", f"{path}.jwt", f"/verify?id={world.credential}"):
        got = visitor.get(address)
        text = got.text
        if address.endswith(".jwt"):
            text += base64.urlsafe_b64decode(text.split(".")[1] + "==").decode()
        assert not any(secret in f"{got.headers}{text}" for secret in known), address
        assert address.startswith("/verify") or "noindex" in got.headers["X-Robots-Tag"]
    assert world.browser(world.ada).post(f"{path}/sharing", data={}).status_code == 303
    for closed in (path, f"{path}.json", f"{path}.jwt"):
        assert visitor.get(closed).status_code == 404
    limited = [visitor.get(path).status_code for _ in range(130)]
    assert set(limited) == {404, 429}


def test_line_59_passing_again_grants_nothing_twice(world: World) -> None:
    browser = world.browser(world.ada)
    begun = browser.post("/tests/post", data={"terms": "y"}).location
    assert browser.post(f"{begun}/submit").status_code == 303
    for _ in range(3):
        assert browser.post(f"/awards/{world.award}/accept").status_code in (303, 409)
    with world.app.app_context():
        for table in (Award, Credential):
            assert db.session.scalar(select(func.count()).select_from(table)) == 1


@pytest.mark.parametrize("path", ["/credentials/{}/sharing", "/awards/{}/decline"])
def test_line_59_nobody_takes_away_what_is_anothers(world: World, path: str) -> None:
    before = everything(world.app)
    for record in (world.credential, world.award):
        assert world.browser(world.bob).post(path.format(record)).status_code == 404
    assert everything(world.app) == before
