"""One credential, its issuer and its keys, as the tests of this slice use them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assessment.credentials.compose import (
    AchievementType,
    Alignment,
    AwardedAchievement,
    Content,
    Evidence,
    Issuer,
    Recipient,
    Result,
    ResultType,
    compose,
)
from assessment.credentials.did import IssuerKeys, did_for, issuer_keys
from assessment.credentials.keys import InstitutionKey
from assessment.credentials.signing import sign_data_integrity, sign_jwt
from assessment.credentials.status import StatusBits, StatusEntry
from assessment.rules import Identity, Supervision

BASE = "http://localhost:8000"
AWARDED_AT = datetime(2024, 5, 1, 14, 3, 9, 250_000, tzinfo=UTC)
LATER = AWARDED_AT + timedelta(days=30)
DID = did_for(BASE, "northern-college")
OTHER_DID = did_for(BASE, "harbour-institute")
LIST_URL = f"{BASE}/status/1"
NAME = {"en": "Northern College", "fr": "Collège du Nord"}


def key(institution: str, seed: int, number: int = 1) -> InstitutionKey:
    """Return the same key every time, so that bytes can be compared."""
    return InstitutionKey(
        institution, number, Ed25519PrivateKey.from_private_bytes(bytes([seed] * 32))
    )


KEY = key("northern-college", 1)
OTHER_KEY = key("harbour-institute", 2)
ISSUER = Issuer(did=DID, name=NAME, url=f"{BASE}/institutions/northern-college")
ASSESSOR = Issuer(
    did=OTHER_DID,
    name={"en": "Harbour Institute", "fr": "Institut du Port"},
    url=f"{BASE}/institutions/harbour-institute",
)
ACHIEVEMENT = AwardedAchievement(
    id=f"{BASE}/achievements/hv-theory",
    type=AchievementType.COURSE,
    name={"en": "High-voltage safety: theory", "fr": "Sécurité haute tension : théorie"},
    description={"en": "What to know before work.", "fr": "Ce qu'il faut savoir avant."},
    criteria={"en": "80 % on the post-test.", "fr": "80 % au test final."},
    version="2",
    credit_hours=1.5,
    author=ASSESSOR,
    alignments=(
        Alignment(
            name={"en": "Automotive service technicians", "fr": "Techniciens de véhicules"},
            url="https://noc.esdc.gc.ca/Structure/NocProfile?code=72410",
            framework={"en": "NOC 2021", "fr": "CNP 2021"},
            code="72410",
        ),
    ),
)
CONTENT = Content(
    id=f"{BASE}/credentials/7h2k",
    issuer=ISSUER,
    recipient=Recipient(
        id="urn:uuid:5e8f6c1e-0f5c-4e4e-9d70-1f2b3c4d5e6f", legal_name="Zoë Tremblay-Ng"
    ),
    achievement=ACHIEVEMENT,
    status=StatusEntry(LIST_URL, 4711),
    awarded_at=AWARDED_AT,
    assessed_by=ASSESSOR,
    evidence=(
        Evidence(
            name={"en": "Post-test", "fr": "Test final"},
            narrative={"en": "30 questions.", "fr": "30 questions."},
            supervision=Supervision.INVIGILATED,
            identity=Identity.DOCUMENT,
        ),
    ),
    results=(Result(name={"en": "Grade", "fr": "Note"}, type=ResultType.LETTER_GRADE, value="A"),),
)
CREDENTIAL = compose(CONTENT)
ISSUERS = {
    DID: issuer_keys(DID, NAME, [KEY.public]),
    OTHER_DID: issuer_keys(OTHER_DID, ASSESSOR.name, [OTHER_KEY.public]),
}
LISTS = {LIST_URL: StatusBits.of([])}


def resolve(did: str) -> IssuerKeys | None:
    return ISSUERS.get(did)


def status(url: str) -> StatusBits | None:
    return LISTS.get(url)


def token(**changes: Any) -> str:
    """Return the example, changed, as a VC-JWT."""
    return sign_jwt(compose(replace(CONTENT, **changes)), KEY, DID)


def document(**changes: Any) -> dict[str, Any]:
    """Return the example, changed, with a Data Integrity proof."""
    return sign_data_integrity(compose(replace(CONTENT, **changes)), KEY, DID, AWARDED_AT)
