"""Our credentials in the eyes of programs that others wrote.

The independent verifier runs on Node with packages from npm, so it is installed by whoever runs
the checks (see the CI script), who names its folder in CREDENTIAL_VERIFIER.
"""

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assessment.credentials.did import did_document
from assessment.credentials.signing import (
    published,
    sign_data_integrity,
    sign_jwt,
    sign_status_list,
)
from assessment.credentials.status import StatusBits, status_list
from tests.assessment.credentials.examples import (
    ACHIEVEMENT,
    AWARDED_AT,
    CREDENTIAL,
    DID,
    ISSUER,
    KEY,
    LIST_URL,
    OTHER_DID,
    OTHER_KEY,
    document,
    key,
    token,
)

VERIFIER = os.environ.get("CREDENTIAL_VERIFIER", "")
pytestmark = pytest.mark.skipif(
    not VERIFIER, reason="CREDENTIAL_VERIFIER names no folder with the independent verifier"
)


def publish(folder: Path, revoked: tuple[int, ...] = ()) -> None:
    """Write what the verifier may look up: both institutions' documents, and the status list."""
    newer = key("northern-college", 9, 2)
    bits = StatusBits.of(revoked)
    files = {
        "did": did_document(DID, [KEY.public, newer.public]),
        "other-did": did_document(OTHER_DID, [OTHER_KEY.public]),
        "status": sign_status_list(
            status_list(DID, LIST_URL, bits, AWARDED_AT), newer, DID, AWARDED_AT
        ),
    }
    for name, content in files.items():
        (folder / f"{name}.json").write_bytes(published(content))


def checks(form: str | dict[str, Any], folder: Path, revoked: tuple[int, ...] = ()) -> Any:
    """Return what the verifier answers."""
    docs = folder / "docs"
    docs.mkdir()
    publish(docs, revoked)
    file = folder / "credential"
    file.write_bytes(form.encode() if isinstance(form, str) else published(form))
    ran = subprocess.run(
        ["node", Path(VERIFIER, "verify.mjs"), file, "--docs", docs],
        capture_output=True,
        check=False,
        timeout=300,
    )
    return json.loads(ran.stdout)


VARIANTS: dict[str, dict[str, Any]] = {
    "bilingual": {},
    "French": {"languages": ("fr",)},
    "bare": {"assessed_by": None, "evidence": (), "results": ()},
    "one institution": {"assessed_by": ISSUER, "achievement": replace(ACHIEVEMENT, author=ISSUER)},
}


@pytest.mark.parametrize("make", [token, document])
@pytest.mark.parametrize("changes", VARIANTS.values(), ids=VARIANTS.keys())
def test_accepted_with_schema_and_status(make: Any, changes: Any, tmp_path: Path) -> None:
    answer = checks(make(**changes), tmp_path)
    assert [check for check in answer["checks"] if not check["ok"]] == []
    names = " ".join(check["name"] for check in answer["checks"])
    assert "JSON schema" in names
    assert "bit 4711 not set" in names


@pytest.mark.parametrize("make", [token, document])
def test_revoked_is_refused(make: Any, tmp_path: Path) -> None:
    answer = checks(make(), tmp_path, revoked=(4711,))
    refused = [check["name"] for check in answer["checks"] if not check["ok"]]
    assert any("bit 4711" in name or "proof" in name for name in refused)


def test_signed_by_the_other_institution_is_refused(tmp_path: Path) -> None:
    forged: list[str | dict[str, Any]] = [
        sign_jwt(CREDENTIAL, OTHER_KEY, OTHER_DID),
        sign_data_integrity(CREDENTIAL, OTHER_KEY, OTHER_DID, AWARDED_AT),
    ]
    for number, form in enumerate(forged):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert checks(form, folder)["ok"] is False
