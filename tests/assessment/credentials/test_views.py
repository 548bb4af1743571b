"""What the world reads of credentials: pages, signed forms, keys and lists."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from assessment.access import Role, system
from assessment.credentials import forms, reading, service
from assessment.credentials.models import Credential, RevokedFor
from assessment.credentials.pictures import qr_code
from assessment.credentials.verification import State
from assessment.demo.builders.credentials import build_credential
from assessment.demo.builders.people import build_institution, build_person, build_staff
from assessment.extensions import db
from assessment.people import service as people
from tests.assessment.people.browser import sign_in

ENGLISH = {"Accept-Language": "en"}
FRENCH = {"Accept-Language": "fr"}
STORY = "Canary story of what happened."


@dataclass(frozen=True)
class Stage:
    """An app with one credential; no context is held, for requests would share what it keeps."""

    app: Flask
    id: str
    learner_id: str
    subject_id: str
    jwt: str
    json: str

    @property
    def page(self) -> str:
        """Return the path of the credential's page."""
        return f"/credentials/{self.id}"

    def holder(self) -> FlaskClient:
        """Return the browser of whoever was awarded it."""
        with self.app.app_context():
            person = people.person_of_learner(self.learner_id)
            assert person is not None
            return sign_in(self.app.test_client(), person)

    def stranger(self) -> FlaskClient:
        """Return the browser of somebody else who has an account."""
        with self.app.app_context():
            return sign_in(self.app.test_client(), build_person())

    def registrar(self) -> FlaskClient:
        """Return the browser of the institution's registrar."""
        with self.app.app_context():
            college = people.institution_by_key("northern-college")
            return sign_in(self.app.test_client(), build_staff(Role.REGISTRAR, college))

    def revoke(self) -> None:
        """Revoke the credential, for a reason that is not the public's."""
        with self.app.app_context():
            service.revoke(
                self.learner_id, self.subject_id, STORY, system("test"), RevokedFor.EVIDENCE
            )
            db.session.commit()

    def state(self, form: str | bytes) -> State:
        """Return what verification says."""
        with self.app.app_context():
            return service.check(form).state


@pytest.fixture
def stage(app: Flask) -> Stage:
    """Return the app with a credential of somebody whose particulars nobody else may read."""
    with app.app_context():
        college = build_institution(
            "northern-college", name={"en": "Northern College", "fr": "Collège du Nord"}
        )
        holder = build_person(
            "canary-address@example.org",
            display_name="Canary Display",
            legal_name="Canary Légale-Nom",
            student_number="CANARY-NUMBER",
        )
        issued = build_credential(holder, college)
        db.session.commit()
        return Stage(
            app,
            issued.id,
            issued.learner_id,
            issued.subject_id,
            issued.jwt,
            service.document_for(issued),
        )


def test_the_page_says_what_was_shown(client: FlaskClient, stage: Stage) -> None:
    answer = client.get(stage.page, headers=ENGLISH)
    for words in (
        "High-voltage safety: theory",
        "Northern College",
        "80 % on the post-test.",
        "An invigilator supervised it.",
        "An identity document was seen.",
        "Valid",
        "data:image/svg+xml",
    ):
        assert words in answer.text
    assert answer.headers["X-Robots-Tag"].startswith("noindex")
    assert answer.headers["Cache-Control"] == "no-store"
    assert 'class="layout-document"' in answer.text


def test_the_page_speaks_french(client: FlaskClient, stage: Stage) -> None:
    answer = client.get(stage.page, headers=FRENCH)
    assert "Sécurité haute tension : théorie" in answer.text
    assert "Une personne en assurait la surveillance." in answer.text
    assert 'lang="fr"' in answer.text
    assert "80 % on the post-test." not in answer.text


def test_the_public_reads_nothing_about_the_person(client: FlaskClient, stage: Stage) -> None:
    stage.revoke()
    secrets = (stage.learner_id, stage.subject_id, "anary", "CANARY")
    for path in (stage.page, stage.page + ".json", stage.page + ".jwt", "/status/1"):
        text = client.get(path).text
        assert not [secret for secret in secrets if secret in text], path


def test_the_name_appears_when_the_holder_says_so(client: FlaskClient, stage: Stage) -> None:
    own = stage.holder()
    assert (
        own.post(stage.page + "/sharing", data={"shared": "y", "shows_name": "y"}).status_code
        == 303
    )
    assert "Canary Légale-Nom" in client.get(stage.page).text
    assert own.post(stage.page + "/sharing", data={"shared": "y"}).status_code == 303
    assert "Canary" not in client.get(stage.page).text


def test_a_closed_credential_is_not_there(client: FlaskClient, stage: Stage) -> None:
    registrar = stage.registrar()
    own = stage.holder()
    own.post(stage.page + "/sharing", data={})
    nowhere = client.get("/credentials/aaaaaaaaaaaaaaaaaaaaaaaaaa", headers=ENGLISH)
    for path in (stage.page, stage.page + ".json", stage.page + ".jwt"):
        answer = client.get(path, headers=ENGLISH)
        assert answer.status_code == nowhere.status_code == 404
        assert own.get(path).status_code == registrar.get(path).status_code == 200
    assert client.get(stage.page, headers={"Accept": "application/json"}).status_code == 404


def test_nobody_closes_anothers(stage: Stage) -> None:
    stranger = stage.stranger()
    assert stranger.post(stage.page + "/sharing", data={}).status_code == 404
    assert stage.app.test_client().post(stage.page + "/sharing", data={}).status_code == 401
    assert stage.app.test_client().get(stage.page).status_code == 200


def test_a_revoked_credential_says_so_at_once(
    client: FlaskClient, app: Flask, stage: Stage
) -> None:
    own = stage.holder()
    stage.revoke()
    public = client.get(stage.page, headers=ENGLISH).text
    assert "Revoked on" in public
    assert "The evidence behind it no longer stands." in public
    assert "Canary story" not in public
    assert STORY in own.get(stage.page, headers=ENGLISH).text


@pytest.mark.parametrize("accept", ["application/json", "application/vc", "application/ld+json"])
def test_programs_get_the_signed_json(client: FlaskClient, stage: Stage, accept: str) -> None:
    answer = client.get(stage.page, headers={"Accept": accept})
    assert answer.mimetype == accept
    assert "Accept" in answer.headers["Vary"]
    assert answer.data == client.get(stage.page + ".json").data
    assert stage.state(answer.data) is State.VALID


def test_programs_get_the_jwt(client: FlaskClient, stage: Stage) -> None:
    answer = client.get(stage.page, headers={"Accept": "application/vc+jwt"})
    assert answer.mimetype == "application/vc+jwt"
    assert answer.text == client.get(stage.page + ".jwt").text
    assert stage.state(answer.text) is State.VALID


def test_the_files_are_downloads(client: FlaskClient, stage: Stage) -> None:
    for ending, mimetype in ((".json", "application/json"), (".jwt", "text/plain")):
        answer = client.get(stage.page + ending)
        assert answer.mimetype == mimetype
        name = f"credential-{stage.id}{ending}"
        assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"


def test_looking_writes_nothing(client: FlaskClient, stage: Stage) -> None:
    for path in (stage.page, stage.page + ".json", stage.page + ".jwt", "/status/1"):
        assert client.get(path).status_code == 200
    with stage.app.app_context():
        kept = db.session.scalars(select(Credential).filter_by(id=stage.id)).one()
        assert kept.data_integrity is None


def test_the_status_list_is_kept_for_moments_and_asked_for_by_tag(
    client: FlaskClient, stage: Stage
) -> None:
    first = client.get("/status/1")
    assert first.headers["Cache-Control"] == "public, max-age=30"
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    tag = first.headers["ETag"]
    again = client.get("/status/1", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    stage.revoke()
    changed = client.get("/status/1", headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert (
        json.loads(changed.data)["credentialSubject"]["encodedList"]
        != (json.loads(first.data)["credentialSubject"]["encodedList"])
    )


def test_a_compressed_status_list_is_known_by_its_tag(client: FlaskClient, stage: Stage) -> None:
    packed = {"Accept-Encoding": "gzip"}
    tag = client.get("/status/1", headers=packed).headers["ETag"]
    assert client.get("/status/1", headers={**packed, "If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("number", ["0", "2", "999999999", "99999999999999999999", "-1", "1.0"])
def test_there_is_no_such_list(client: FlaskClient, stage: Stage, number: str) -> None:
    assert client.get(f"/status/{number}").status_code == 404


def test_the_did_document_is_published(client: FlaskClient, stage: Stage) -> None:
    answer = client.get("/institutions/northern-college/did.json")
    assert answer.json is not None
    assert answer.json["id"] == "did:web:localhost%3A8000:institutions:northern-college"
    assert "public" in answer.headers["Cache-Control"]
    again = client.get(
        "/institutions/northern-college/did.json", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304
    assert client.get("/institutions/nowhere/did.json").status_code == 404


def test_an_institution_that_never_signed_has_a_document(client: FlaskClient, app: Flask) -> None:
    with app.app_context():
        build_institution("new-house")
        db.session.commit()
    answer = client.get("/institutions/new-house/did.json")
    assert answer.json is not None
    assert answer.json["assertionMethod"] == []


def test_the_qr_code_is_a_picture_of_the_address() -> None:
    assert qr_code("http://localhost/a") != qr_code("http://localhost/b")
    assert qr_code("http://localhost/a").startswith("data:image/svg+xml")


# --- verification


def verify(client: FlaskClient, text: str, name: str = "", language: str = "en") -> str:
    answer = client.post(
        "/verify", data={"text": text, "name": name}, headers={"Accept-Language": language}
    )
    assert answer.status_code == 200
    return answer.text


def test_anybody_verifies_what_they_paste(client: FlaskClient, stage: Stage) -> None:
    for form in (stage.jwt, stage.json):
        page = verify(client, form)
        assert "This credential is valid" in page
        assert "Northern College" in page
    assert "Canary" not in page


def test_a_verdict_in_french(client: FlaskClient, stage: Stage) -> None:
    assert "Collège du Nord" in verify(client, stage.jwt, language="fr")


def test_anybody_verifies_what_they_upload(client: FlaskClient, stage: Stage) -> None:
    file = (io.BytesIO(stage.json.encode()), "credential.json")
    answer = client.post("/verify", data={"file": file}, headers=ENGLISH)
    assert "This credential is valid" in answer.text


def test_a_revoked_one(client: FlaskClient, stage: Stage) -> None:
    stage.revoke()
    assert "This credential has been revoked" in verify(client, stage.jwt)


def test_an_altered_one(client: FlaskClient, stage: Stage) -> None:
    changed = stage.json.replace("theory", "practice")
    assert "This is not what the institution signed" in verify(client, changed)


def payload_of(token: str, **changes: object) -> str:
    """Return a JWT whose payload says something else."""
    header, payload, signature = token.split(".")
    said = json.loads(base64.urlsafe_b64decode(payload + "=="))
    packed = base64.urlsafe_b64encode(json.dumps(said | changes).encode()).decode().rstrip("=")
    return ".".join((header, packed, signature))


@pytest.mark.parametrize(
    "did",
    [
        "did:web:elsewhere.example:institutions:northern-college",
        "did:web:localhost%3A8000:institutions:nowhere",
        "did:web:localhost%3A8000:institutions:northern%2Dcollege",
    ],
)
def test_an_unknown_issuer(client: FlaskClient, stage: Stage, did: str) -> None:
    issuer = {"id": did, "type": ["Profile"], "name": "Elsewhere"}
    assert "We do not know who issued this" in verify(client, payload_of(stage.jwt, issuer=issuer))


@pytest.mark.parametrize("text", ["{", "a.b.c", "<svg></svg>", '{"a": 1, "a": 2}', "?"])
def test_an_unreadable_one(client: FlaskClient, stage: Stage, text: str) -> None:
    assert "We could not read this" in verify(client, text)


def test_a_list_that_is_not_ours_leaves_the_status_unknown(
    client: FlaskClient, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assessment.credentials.checking.status_bits", lambda url: None)
    assert "We cannot tell whether" in verify(client, stage.jwt)


def test_nothing_to_verify(client: FlaskClient) -> None:
    assert client.get("/verify").status_code == 200
    answer = client.post("/verify", data={"text": "  "}, headers=ENGLISH)
    assert answer.status_code == 422
    assert "Choose the file, or paste its text below." in answer.text


def test_a_file_that_is_too_large(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (forms, reading):
        monkeypatch.setattr(module, "MAX_BYTES", 1000)
    file = (io.BytesIO(b"{" + b" " * 1000), "large.json")
    answer = client.post("/verify", data={"file": file}, headers=ENGLISH)
    assert "It is larger than any credential." in answer.text


def test_a_name_is_compared(client: FlaskClient, stage: Stage) -> None:
    assert "under this name" in verify(client, stage.jwt, "Canary Légale-Nom")
    assert "under another name" in verify(client, stage.jwt, "Somebody Else")


@pytest.mark.usefixtures("one_window")
def test_programs_are_asked_to_wait(client: FlaskClient, stage: Stage) -> None:
    codes = [client.post("/verify", data={"text": "?"}).status_code for _ in range(31)]
    assert codes == [200] * 30 + [429]
    assert client.get("/verify").status_code == 200


@pytest.mark.usefixtures("one_window")
def test_guessing_is_slowed_down(client: FlaskClient) -> None:
    paths = [f"/credentials/guess{number}" for number in range(121)]
    assert [client.get(path).status_code for path in paths] == [404] * 120 + [429]


@pytest.mark.parametrize(
    "path", ["/credentials/a%00b", "/credentials/a%00b.json", "/institutions/a%00b/did.json"]
)
def test_an_address_that_no_record_can_have_is_refused_in_a_page(
    client: FlaskClient, stage: Stage, path: str
) -> None:
    answer = client.get(path, headers=ENGLISH)
    assert answer.status_code in (404, 422)
    assert "<h1>" in answer.text
