"""The papers are those that the credential names, and nothing else is taken for them."""

import json
from pathlib import Path
from typing import Any

import pytest

from assessment.demo.tour import papers
from assessment.demo.tour.visitor import StepFailed, Visitor, checked_site

SITE = "http://localhost:8000"
DID = "did:web:localhost%3A8000:institutions:lantern-bay"
CREDENTIAL = {
    "issuer": {"id": DID, "name": "Lantern Bay"},
    "validFrom": "2026-11-23T13:00:00Z",
    "credentialSubject": {"achievement": {"name": "Theory"}},
    "credentialStatus": {"statusListCredential": f"{SITE}/status/1"},
}


class Answered:
    """An answer with a body."""

    def __init__(self, data: object) -> None:
        self.body = json.dumps(data).encode()


def serve(monkeypatch: pytest.MonkeyPatch, documents: dict[str, object]) -> None:
    """Let a visitor find these documents at their paths."""

    def get(_visitor: Visitor, path: str) -> Answered:
        return Answered(documents[path])

    monkeypatch.setattr(Visitor, "get", get)


@pytest.mark.parametrize(
    ("did", "path"),
    [
        (DID, "/institutions/lantern-bay/did.json"),
        ("did:web:example.org:credit:institutions:a", "/credit/institutions/a/did.json"),
    ],
)
def test_a_did_names_the_path_of_its_document(did: str, path: str) -> None:
    assert papers.did_path(did) == path


@pytest.mark.parametrize("did", ["did:key:z6Mk", "did:web:example.org", "https://example.org/a"])
def test_a_did_that_is_not_ours_is_refused(did: str) -> None:
    with pytest.raises(StepFailed, match="did:web"):
        papers.did_path(did)


@pytest.mark.parametrize("name", [*CREDENTIAL])
def test_a_credential_that_lacks_something_is_refused(name: str) -> None:
    lacking: dict[str, Any] = {key: value for key, value in CREDENTIAL.items() if key != name}
    with pytest.raises(StepFailed, match="not a credential"):
        papers.read_claims(json.dumps(lacking).encode())


def test_refreshing_asks_the_site_that_the_credential_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / papers.DOCUMENT).write_text(json.dumps(CREDENTIAL))
    issuer, status = {"id": DID}, {"id": f"{SITE}/status/1"}
    serve(monkeypatch, {"/institutions/lantern-bay/did.json": issuer, "/status/1": status})
    assert papers.refresh(tmp_path).site == SITE
    assert json.loads((tmp_path / papers.ISSUER).read_text()) == issuer
    assert json.loads((tmp_path / papers.STATUS).read_text()) == status


def test_another_document_is_not_taken_for_the_one_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / papers.DOCUMENT).write_text(json.dumps(CREDENTIAL))
    other = {"id": "did:web:localhost%3A8000:institutions:tamarack-cove"}
    serve(monkeypatch, {"/institutions/lantern-bay/did.json": other, "/status/1": {}})
    with pytest.raises(StepFailed, match="is not the document of"):
        papers.refresh(tmp_path)
    assert not (tmp_path / papers.ISSUER).exists()


def test_refreshing_without_papers_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match="Run `attest tour` first"):
        papers.refresh(tmp_path)


@pytest.mark.parametrize("address", ["localhost:8000", "file:///etc/passwd", "http://", "http://["])
def test_an_address_that_is_no_site_is_refused(address: str) -> None:
    with pytest.raises(StepFailed, match="must look like"):
        checked_site(address)


def test_the_commands_name_both_forms() -> None:
    assert papers.commands(Path("tour")) == (
        "node ../shared/verify/verify.mjs tour/credential.json --docs tour/docs",
        "node ../shared/verify/verify.mjs tour/credential.jwt --docs tour/docs",
    )
