import json
import time
from base64 import urlsafe_b64decode
from dataclasses import replace
from typing import Any

import jwt
import pytest
from openbadgeslib import ob3

from assessment.credentials.compose import compose
from assessment.credentials.signing import credential_in, published, sign_data_integrity
from tests.assessment.credentials.examples import (
    ACHIEVEMENT,
    AWARDED_AT,
    CONTENT,
    CREDENTIAL,
    DID,
    ISSUER,
    KEY,
    LATER,
    document,
    token,
)


def test_jwt_header_names_the_key_and_embeds_none() -> None:
    assert jwt.get_unverified_header(token()) == {
        "alg": "EdDSA",
        "kid": f"{DID}#key-1",
        "typ": "vc+jwt",
    }


def test_jwt_payload_is_the_credential_with_its_registered_claims() -> None:
    segment = token(expires_at=LATER).split(".")[1]
    payload = json.loads(urlsafe_b64decode(segment + "=="))
    assert payload["iss"] == DID
    assert payload["jti"] == payload["id"] == CONTENT.id
    assert payload["sub"] == CONTENT.recipient.id
    assert payload["nbf"] == int(AWARDED_AT.timestamp())
    assert payload["exp"] == int(LATER.timestamp())


def test_jwt_keeps_its_bytes() -> None:
    assert token() == token()


def test_data_integrity_keeps_its_bytes_at_any_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    first = published(document())
    hour = time.time() + 3_600
    monkeypatch.setattr(time, "time", lambda: hour)
    assert published(document()) == first


def test_proof_stands_in_a_list_and_was_created_at_the_award() -> None:
    (proof,) = document()["proof"]
    assert proof["cryptosuite"] == "eddsa-rdfc-2022"
    assert proof["verificationMethod"] == f"{DID}#key-1"
    assert proof["created"] == "2024-05-01T14:03:09Z"


def test_data_integrity_form_can_be_made_from_the_kept_jwt() -> None:
    later = sign_data_integrity(credential_in(token(expires_at=LATER)), KEY, DID, AWARDED_AT)
    assert published(later) == published(document(expires_at=LATER))


def test_openbadgeslib_verifies_our_data_integrity_form() -> None:
    credential = ob3.OB3LdpVerifier(KEY.public.key, DID).verify(document())
    assert credential.id == CONTENT.id


@pytest.mark.parametrize(
    "changes",
    [
        {"languages": ("fr",)},
        {"assessed_by": ISSUER, "achievement": replace(ACHIEVEMENT, author=ISSUER)},
        {"assessed_by": None, "evidence": (), "results": ()},
        {"achievement": replace(ACHIEVEMENT, credit_hours=3.0)},
        {
            "achievement": replace(
                ACHIEVEMENT, name={"en": 'A "quoted" \\ name\n<b>', "fr": "\u202ex"}
            )
        },
    ],
    ids=["one language", "one institution", "bare", "whole credit hours", "odd characters"],
)
def test_every_member_of_a_data_integrity_form_is_signed(changes: dict[str, Any]) -> None:
    # The library's verifier refuses a document with a member that its proof does not cover.
    ob3.OB3LdpVerifier(KEY.public.key, DID).verify(published(document(**changes)))


def test_published_bytes_do_not_depend_on_the_order_of_members() -> None:
    said = CREDENTIAL.to_vc()
    assert published(dict(reversed(said.items()))) == published(said)
    assert json.loads(published(said)) == said


def test_composing_again_signs_the_same() -> None:
    assert compose(CONTENT).to_vc() == CREDENTIAL.to_vc()
