"""What our pages publish, in the eyes of programs that others wrote; see test_other_verifiers."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from assessment.access import system
from assessment.credentials import service
from assessment.credentials.keyring import current_key
from assessment.credentials.places import did_of
from assessment.credentials.signing import (
    credential_in,
    published,
    sign_data_integrity,
    sign_jwt,
)
from assessment.demo.builders.credentials import build_credential
from assessment.demo.builders.people import build_institution, build_person
from assessment.extensions import db
from assessment.people import service as people

VERIFIER = os.environ.get("CREDENTIAL_VERIFIER", "")
pytestmark = pytest.mark.skipif(
    not VERIFIER, reason="CREDENTIAL_VERIFIER names no folder with the independent verifier"
)
ENDINGS = (".json", ".jwt")


@pytest.fixture
def learner_and_award(app: Flask) -> tuple[str, str]:
    """Return the learner and the award of a credential whose key was retired since."""
    with app.app_context():
        college = build_institution("northern-college")
        issued = build_credential(build_person(legal_name="Zoë Ng"), college)
        service.rotate_key(college, system("test"))
        current_key(build_institution("harbour-institute"))
        db.session.commit()
        return issued.learner_id, issued.subject_id


def fetch(client: FlaskClient, path: str, file: Path) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    file.write_bytes(answer.data)


def fetch_documents(client: FlaskClient, folder: Path) -> Path:
    """Return a folder with what a verifier may look up."""
    folder.mkdir()
    for key in ("northern-college", "harbour-institute"):
        fetch(client, f"/institutions/{key}/did.json", folder / f"{key}.json")
    fetch(client, "/status/1", folder / "status.json")
    return folder


def refusals(file: Path, documents: Path) -> list[str]:
    """Return what the verifier finds wrong."""
    ran = subprocess.run(
        ["node", Path(VERIFIER, "verify.mjs"), file, "--docs", documents],
        capture_output=True,
        check=False,
        timeout=300,
    )
    answer = json.loads(ran.stdout)
    assert answer["ok"] is (ran.returncode == 0)
    return [check["name"] for check in answer["checks"] if not check["ok"]]


def test_both_forms_are_accepted_then_refused_once_revoked(
    client: FlaskClient, app: Flask, learner_and_award: tuple[str, str], tmp_path: Path
) -> None:
    with app.app_context():
        found = service.credential_of(*learner_and_award)
        assert found is not None
        page = f"/credentials/{found.id}"
    for ending in ENDINGS:
        fetch(client, page + ending, tmp_path / f"credential{ending}")
    documents = fetch_documents(client, tmp_path / "documents")
    assert [refusals(tmp_path / f"credential{ending}", documents) for ending in ENDINGS] == [[], []]
    with app.app_context():
        service.revoke(*learner_and_award, "A reason.", system("test"))
        db.session.commit()
    refreshed = fetch_documents(client, tmp_path / "refreshed")
    assert all(refusals(tmp_path / f"credential{ending}", refreshed) for ending in ENDINGS)


def test_the_other_institutions_key_is_refused(
    client: FlaskClient, app: Flask, learner_and_award: tuple[str, str], tmp_path: Path
) -> None:
    with app.app_context():
        found = service.credential_of(*learner_and_award)
        assert found is not None
        other = people.institution_by_key("harbour-institute")
        written, key, did = credential_in(found.jwt), current_key(other), did_of(other)
        forged = sign_data_integrity(written, key, did, found.issued_at)
        (tmp_path / "forged.json").write_bytes(published(forged))
        (tmp_path / "forged.jwt").write_text(sign_jwt(written, key, did))
    documents = fetch_documents(client, tmp_path / "documents")
    assert all(refusals(tmp_path / f"forged{ending}", documents) for ending in ENDINGS)
