"""Attacks on tokens and credentials: each is answered by a verdict, never by an exception."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from openbadgeslib import baking, ob3

from assessment.credentials.did import IssuerKeys, issuer_keys
from assessment.credentials.reading import MAX_BYTES, Form
from assessment.credentials.signing import (
    published,
    sign_data_integrity,
    sign_jwt,
    sign_status_list,
)
from assessment.credentials.status import StatusBits, StatusEntry, status_list
from assessment.credentials.verification import Reason, State, Verdict, verify
from tests.assessment.credentials.examples import (
    AWARDED_AT,
    CONTENT,
    CREDENTIAL,
    DID,
    ISSUERS,
    KEY,
    LATER,
    LIST_URL,
    NAME,
    OTHER_DID,
    OTHER_KEY,
    document,
    key,
    resolve,
    status,
    token,
)

TOKEN = token()
DOCUMENT = document()
TEXT = published(DOCUMENT)
BOTH = pytest.mark.parametrize("form", [TOKEN, TEXT], ids=["VC-JWT", "Data Integrity"])


def verdict(received: str | bytes, now: datetime = LATER) -> Verdict:
    return verify(received, resolve, status, now)


def compact(header: Any, payload: Any, sign: bool = True) -> str:
    """Return a token with any header and payload, signed by the issuer's own key."""
    segments = [header, payload]
    texts = [part if isinstance(part, str) else json.dumps(part) for part in segments]
    head = ".".join(base64url(text.encode()) for text in texts)
    return head + "." + (base64url(KEY.private.sign(head.encode())) if sign else "")


def base64url(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


HEADER = jwt.get_unverified_header(TOKEN)
PAYLOAD = CREDENTIAL.to_jwt_payload()


def changed(**members: Any) -> bytes:
    return published(DOCUMENT | members)


# --- what is valid


@BOTH
def test_valid(form: str | bytes) -> None:
    found = verdict(form)
    assert found.state is State.VALID
    assert found.issuer == ISSUERS[DID]
    assert found.claims is not None
    assert found.claims.id == CONTENT.id
    assert found.claims.recipient_name == "Zoë Tremblay-Ng"
    assert found.claims.awarded_at == AWARDED_AT.replace(microsecond=0)
    assert found.claims.status == StatusEntry(LIST_URL, 4711)


def test_form_is_told() -> None:
    assert verdict(TOKEN).form is Form.JWT
    assert verdict(TEXT).form is Form.DATA_INTEGRITY


@BOTH
def test_white_space_and_byte_order_mark_around_it_are_overlooked(form: str | bytes) -> None:
    text = form if isinstance(form, str) else form.decode()
    assert verdict("\ufeff\r\n  " + text + "\n\t").state is State.VALID
    assert verdict(b"\xef\xbb\xbf" + text.encode()).state is State.VALID


def test_proof_may_stand_alone() -> None:
    assert verdict(changed(proof=DOCUMENT["proof"][0])).state is State.VALID


def test_members_in_another_order_say_the_same() -> None:
    def reversed_members(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: reversed_members(value[name]) for name in reversed(value)}
        return [reversed_members(each) for each in value] if isinstance(value, list) else value

    found = verdict(json.dumps(reversed_members(DOCUMENT)))
    assert found == verdict(TEXT)
    assert found.state is State.VALID


def test_escapes_say_the_same() -> None:
    assert verdict(json.dumps(DOCUMENT, ensure_ascii=True)) == verdict(TEXT)


def test_retired_key_still_vouches_for_what_it_signed() -> None:
    newer = key("northern-college", 9, 2)
    rotated = issuer_keys(DID, NAME, [KEY.public, newer.public])
    for form in (TOKEN, TEXT, sign_jwt(CREDENTIAL, newer, DID)):
        assert verify(form, {DID: rotated}.get, status, LATER).state is State.VALID


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'


@BOTH
def test_baked_pictures_are_verified(form: str | bytes) -> None:
    text = form if isinstance(form, str) else form.decode()
    png = baking.bake_png(PIXEL, text, keyword=baking.ITXT_KEYWORD_OB3)
    svg = baking.bake_svg(
        SVG, text, element=baking.SVG_ELEMENT_OB3, namespace=baking.SVG_NS_OB3, as_text=True
    )
    assert verdict(png).state is State.VALID
    assert verdict(svg).state is State.VALID


# --- what stands no more, or not yet


@BOTH
def test_revoked(form: str | bytes) -> None:
    bits = {LIST_URL: StatusBits.of([4711])}
    assert verify(form, resolve, bits.get, LATER).state is State.REVOKED


@BOTH
def test_bit_of_another_credential_does_not_matter(form: str | bytes) -> None:
    bits = {LIST_URL: StatusBits.of([4710, 4712])}
    assert verify(form, resolve, bits.get, LATER).state is State.VALID


@pytest.mark.parametrize("lists", [{}, {LIST_URL: StatusBits.of([], size=8)}])
@BOTH
def test_status_that_nobody_knows_is_not_valid(
    form: str | bytes, lists: dict[str, StatusBits]
) -> None:
    assert verify(form, resolve, lists.get, LATER).state is State.STATUS_UNKNOWN


@pytest.mark.parametrize("make", [token, document])
def test_expiry(make: Any) -> None:
    made = make(expires_at=LATER)
    form = made if isinstance(made, str) else published(made)
    end = LATER.replace(microsecond=0)
    assert verdict(form, end - timedelta(seconds=1)).state is State.VALID
    assert verdict(form, end).state is State.EXPIRED
    revoked = {LIST_URL: StatusBits.of([4711])}
    assert verify(form, resolve, revoked.get, end).state is State.REVOKED


@BOTH
def test_not_yet_valid_beyond_what_clocks_may_differ(form: str | bytes) -> None:
    start = AWARDED_AT.replace(microsecond=0)
    assert verdict(form, start - timedelta(seconds=60)).state is State.VALID
    assert verdict(form, start - timedelta(seconds=61)).state is State.NOT_YET_VALID


# --- who is not the issuer


@BOTH
def test_issuer_whom_we_do_not_know(form: str | bytes) -> None:
    found = verify(form, lambda did: None, status, LATER)
    assert found == Verdict(Reason.ISSUER, found.form)


def test_resolver_that_answers_for_another_is_not_believed() -> None:
    found = verify(TOKEN, lambda did: ISSUERS[OTHER_DID], status, LATER)
    assert found.state is State.UNKNOWN_ISSUER


@pytest.mark.parametrize(
    "issuer", [None, 7, "", [DID], {}, {"id": [DID]}, DID + "\x00", "http://x"]
)
def test_issuer_that_is_no_did_is_not_even_looked_up(issuer: Any) -> None:
    def refuse(did: str) -> IssuerKeys | None:
        raise AssertionError(did)

    for received in (compact(HEADER, PAYLOAD | {"issuer": issuer}), changed(issuer=issuer)):
        assert verify(received, refuse, status, LATER).state is State.UNKNOWN_ISSUER


def test_issuer_with_a_confusable_name_is_unknown() -> None:
    cyrillic = DID.replace("o", "\N{CYRILLIC SMALL LETTER O}")
    assert verdict(changed(issuer=cyrillic)).state is State.UNKNOWN_ISSUER
    assert verdict(compact(HEADER, PAYLOAD | {"issuer": cyrillic})).state is State.UNKNOWN_ISSUER


def test_signed_by_another_institution() -> None:
    forged: list[str | bytes] = [
        sign_jwt(CREDENTIAL, OTHER_KEY, OTHER_DID),
        published(sign_data_integrity(CREDENTIAL, OTHER_KEY, OTHER_DID, AWARDED_AT)),
    ]
    for received in forged:
        assert verdict(received).reason is Reason.KEY


def test_signed_by_another_institution_under_our_key_id() -> None:
    forged: list[str | bytes] = [
        sign_jwt(CREDENTIAL, OTHER_KEY, DID),
        published(sign_data_integrity(CREDENTIAL, OTHER_KEY, DID, AWARDED_AT)),
    ]
    for received in forged:
        assert verdict(received).reason is Reason.SIGNATURE


# --- headers that are not ours


@pytest.mark.parametrize(
    "header",
    [
        HEADER | {"alg": "none"},
        HEADER | {"alg": "None"},
        HEADER | {"alg": "HS256"},
        HEADER | {"alg": "ES256"},
        HEADER | {"alg": ["EdDSA"]},
        HEADER | {"typ": "JWT"},
        HEADER | {"typ": "at+jwt"},
        HEADER | {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}},
        HEADER | {"jku": "https://evil.example/keys"},
        HEADER | {"x5u": "https://evil.example/cert"},
        HEADER | {"x5c": ["AAAA"]},
        HEADER | {"crit": ["exp"], "exp": 1},
        HEADER | {"crit": ["unknown"], "unknown": 1},
        HEADER | {"crit": []},
        HEADER | {"b64": False},
        {"alg": "EdDSA", "typ": "vc+jwt"},
        {"alg": "EdDSA", "kid": HEADER["kid"]},
        {},
    ],
)
def test_header_that_we_never_write(header: dict[str, Any]) -> None:
    assert verdict(compact(header, PAYLOAD)).reason is Reason.HEADER


def test_helper_makes_tokens_that_would_be_valid() -> None:
    # Otherwise the tests around it could not fail.
    assert verdict(compact(HEADER, PAYLOAD)).state is State.VALID


def test_no_signature_at_all() -> None:
    assert verdict(compact(HEADER | {"alg": "none"}, PAYLOAD, sign=False)).reason is Reason.HEADER
    assert verdict(compact(HEADER, PAYLOAD, sign=False)).reason is Reason.SIGNATURE


def test_public_key_as_the_secret_of_an_hmac() -> None:
    public = KEY.public.key
    for secret in (
        public.public_bytes_raw(),
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    ):
        head = compact(HEADER | {"alg": "HS256"}, PAYLOAD).rpartition(".")[0]
        forged = head + "." + base64url(hmac.digest(secret, head.encode(), sha256))
        assert verdict(forged).reason is Reason.HEADER


@pytest.mark.parametrize("kid", [f"{DID}#key-2", DID, "#key-1", "", None, 1, ["a"], {"a": 1}])
def test_key_that_the_issuer_does_not_publish(kid: Any) -> None:
    assert verdict(compact(HEADER | {"kid": kid}, PAYLOAD)).reason is Reason.KEY


@pytest.mark.parametrize(
    "claim",
    [
        {"iss": OTHER_DID},
        {"jti": CONTENT.id + "x"},
        {"sub": "urn:uuid:other"},
        {"nbf": PAYLOAD["nbf"] - 1},
        {"exp": 99_999_999_999},
        {"iss": None},
    ],
)
def test_registered_claims_that_contradict_the_credential(claim: dict[str, Any]) -> None:
    assert verdict(compact(HEADER, PAYLOAD | claim)).reason is Reason.CONTRADICTION


@pytest.mark.parametrize("name", ["iss", "sub", "jti", "nbf"])
def test_registered_claims_must_be_there(name: str) -> None:
    payload = {claim: value for claim, value in PAYLOAD.items() if claim != name}
    assert verdict(compact(HEADER, payload)).reason is Reason.CONTRADICTION


# --- proofs that are not ours


@pytest.mark.parametrize(
    "proof",
    [
        None,
        [],
        "proof",
        [DOCUMENT["proof"][0], DOCUMENT["proof"][0]],
        [DOCUMENT["proof"]],
        DOCUMENT["proof"][0] | {"type": "Ed25519Signature2020"},
        DOCUMENT["proof"][0] | {"cryptosuite": "eddsa-jcs-2022"},
        DOCUMENT["proof"][0] | {"cryptosuite": "ecdsa-sd-2023"},
        DOCUMENT["proof"][0] | {"proofPurpose": "authentication"},
        DOCUMENT["proof"][0] | {"expires": "2099-01-01T00:00:00Z"},
        DOCUMENT["proof"][0] | {"@context": "https://www.w3.org/ns/credentials/v2"},
        DOCUMENT["proof"][0] | {"created": 0},
    ],
)
def test_proof_that_we_never_write(proof: Any) -> None:
    assert verdict(changed(proof=proof)).reason is Reason.PROOF


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("proofValue", "z" + "1" * 87),
        ("proofValue", "u" + "A" * 86),
        ("proofValue", ""),
        ("created", "2024-05-01T14:03:10Z"),
        ("created", "yesterday"),
    ],
)
def test_changed_proof(member: str, value: str) -> None:
    proof = DOCUMENT["proof"][0] | {member: value}
    assert verdict(changed(proof=[proof])).reason is Reason.SIGNATURE


def test_key_in_the_proof_that_the_issuer_does_not_publish() -> None:
    proof = DOCUMENT["proof"][0] | {"verificationMethod": f"{OTHER_DID}#key-1"}
    assert verdict(changed(proof=[proof])).reason is Reason.KEY


# --- altered text


def altered(*path: str | int, value: Any) -> bytes:
    said = json.loads(TEXT)
    place = said
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return published(said)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("credentialSubject", "identifier", 0, "identityHash"), "Zoe Tremblay-Ng"),
        (("credentialSubject", "identifier", 0, "identityHash"), "Zoe\u0308 Tremblay-Ng"),
        (("credentialSubject", "achievement", "name"), "Something else"),
        (("credentialSubject", "creditsEarned"), 3),
        (("credentialStatus", "statusListIndex"), "4712"),
        (("credentialStatus", "statusListCredential"), "http://localhost:8000/status/2"),
        (("validFrom",), "2024-05-01T14:03:10Z"),
        (("validUntil",), "2099-01-01T00:00:00Z"),
        (("issuer", "name"), "Another College"),
        (("id",), "http://localhost:8000/credentials/other"),
    ],
)
def test_altered_member(path: tuple[str | int, ...], value: Any) -> None:
    assert verdict(altered(*path, value=value)).reason is Reason.SIGNATURE


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("legalName",), "Mallory"),
        (("credentialSubject", "legalName"), "Mallory"),
        (("credentialSubject", "na\u200bme"), "Mallory"),
        (("expirationDate",), "2099-01-01T00:00:00Z"),
        (("image",), {"id": "relative", "type": "Image"}),
        (("@included",), [{"id": "urn:x", "name": "Mallory"}]),
    ],
)
def test_member_that_the_proof_does_not_cover(path: tuple[str | int, ...], value: Any) -> None:
    assert verdict(altered(*path, value=value)).state is State.ALTERED


def test_every_member_is_looked_at_even_where_the_signature_holds() -> None:
    # An undefined member expands to nothing, so the signature itself still holds.
    said = json.loads(altered("legalName", value="Mallory"))
    ob3.verify_data_integrity_proof(said, KEY.public.key)
    assert verdict(published(said)).reason is Reason.SIGNATURE


@pytest.mark.parametrize("name", ["credentialStatus", "validFrom", "evidence", "proof", "@context"])
def test_member_left_out(name: str) -> None:
    said = {member: value for member, value in DOCUMENT.items() if member != name}
    assert verdict(published(said)).state in {State.ALTERED, State.UNREADABLE}


def test_context_from_elsewhere_is_never_fetched() -> None:
    contexts = [*DOCUMENT["@context"], "http://127.0.0.1:9/context.json"]
    assert verdict(changed(**{"@context": contexts})).reason is Reason.SIGNATURE
    inline = [*DOCUMENT["@context"], {"legalName": "urn:legal"}]
    assert verdict(changed(**{"@context": inline})).state is State.ALTERED


def test_status_list_is_no_achievement() -> None:
    unsigned = status_list(DID, LIST_URL, StatusBits.of([]), AWARDED_AT)
    signed = sign_status_list(unsigned, KEY, DID, AWARDED_AT)
    assert verdict(published(signed)).reason is Reason.NOT_A_CREDENTIAL


def test_every_flipped_letter_of_a_token_is_noticed() -> None:
    for place in range(len(TOKEN)):
        flipped = TOKEN[:place] + chr(ord(TOKEN[place]) ^ 1) + TOKEN[place + 1 :]
        assert verdict(flipped).state is not State.VALID, place


def test_last_letter_of_a_token_has_one_spelling() -> None:
    # Its last four bits belong to no byte, so sixteen letters decode to the same signature.
    others = {TOKEN[:-1] + letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefgwxyz0123-_"}
    spellings = [other for other in others - {TOKEN} if decoded(other) == decoded(TOKEN)]
    assert spellings
    assert {verdict(other).reason for other in spellings} == {Reason.AMBIGUOUS}


def decoded(received: str) -> bytes:
    return urlsafe_b64decode(received.rpartition(".")[2] + "==")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(TEXT) - 1), st.integers(0, 7))
def test_flipped_bit_of_a_document_never_changes_what_is_believed(place: int, bit: int) -> None:
    flipped = bytearray(TEXT)
    flipped[place] ^= 1 << bit
    found = verdict(bytes(flipped))
    assert found.state is not State.VALID or found == verdict(TEXT)


# --- what cannot be read


@pytest.mark.parametrize("twice", ['{"id": "x",', '{"n\\u0061me": "x",', '{"issuer": {},'])
def test_duplicate_members_are_refused(twice: str) -> None:
    for said in (TEXT.decode(), json.dumps(PAYLOAD)):
        assert json.loads(said.replace("{", twice, 1)) == json.loads(said)
    assert verdict(TEXT.decode().replace("{", twice, 1)).reason is Reason.AMBIGUOUS
    payload = json.dumps(PAYLOAD).replace("{", twice, 1)
    assert verdict(compact(HEADER, payload)).reason is Reason.AMBIGUOUS


def test_duplicate_members_in_the_header_are_refused() -> None:
    header = json.dumps(HEADER).replace("{", '{"alg": "none",', 1)
    assert verdict(compact(header, PAYLOAD)).reason is Reason.AMBIGUOUS


@pytest.mark.parametrize(
    ("received", "reason"),
    [
        ("", Reason.EMPTY),
        (b" \r\n\t", Reason.EMPTY),
        ("hello", Reason.NOT_A_CREDENTIAL),
        ("[]", Reason.NOT_A_CREDENTIAL),
        ("{", Reason.NOT_A_CREDENTIAL),
        ("{}", Reason.ISSUER),
        ("a.b", Reason.NOT_A_CREDENTIAL),
        ("a.b.c", Reason.NOT_A_CREDENTIAL),
        ("a.b.c.d.e", Reason.NOT_A_CREDENTIAL),
        ("..", Reason.NOT_A_CREDENTIAL),
        (b"\xff\xfe\x00", Reason.NOT_A_CREDENTIAL),
        ('{"a": NaN}', Reason.AMBIGUOUS),
        ('{"a": -Infinity}', Reason.AMBIGUOUS),
        ('{"a": 1e999}', Reason.AMBIGUOUS),
        ('{"a": "\\ud800"}', Reason.AMBIGUOUS),
        ('{"\\udfff": 1}', Reason.AMBIGUOUS),
        ("\ud800", Reason.AMBIGUOUS),
        ('{"a": ' + "1" * 10_000 + "}", Reason.NOT_A_CREDENTIAL),
        ('{"a": ' * 40 + "1" + "}" * 40, Reason.NOT_A_CREDENTIAL),
        ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", Reason.NOT_A_CREDENTIAL),
        ("x" * (MAX_BYTES + 1), Reason.TOO_LARGE),
        ("é" * (MAX_BYTES // 2 + 1), Reason.TOO_LARGE),
        (b"x" * (MAX_BYTES + 1), Reason.TOO_LARGE),
        (b"\x89PNG\r\n\x1a\n", Reason.NOT_A_CREDENTIAL),
        (PIXEL, Reason.PICTURE_WITHOUT_CREDENTIAL),
        (SVG, Reason.PICTURE_WITHOUT_CREDENTIAL),
        ("<html>", Reason.NOT_A_CREDENTIAL),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', Reason.NOT_A_CREDENTIAL),
        ("<a>" * 20_000 + "</a>" * 20_000, None),
    ],
)
def test_rubbish(received: str | bytes, reason: Reason | None) -> None:
    found = verdict(received)
    assert found.state in {State.UNREADABLE, State.UNKNOWN_ISSUER}
    assert reason in {None, found.reason}
    assert found.claims is None


def test_document_larger_than_the_library_takes_is_refused_in_time() -> None:
    subject = DOCUMENT["credentialSubject"] | {"narrative": "x" * 500_000}
    assert verdict(changed(credentialSubject=subject)).reason is Reason.SIGNATURE


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.text() | st.binary())
def test_no_input_raises(received: str | bytes) -> None:
    assert verdict(received).state is State.UNREADABLE


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(set(DOCUMENT) - {"issuer"})), JSON)
def test_no_member_of_a_document_makes_it_raise(name: str, value: Any) -> None:
    said = DOCUMENT | {name: value}
    assert said == DOCUMENT or verdict(json.dumps(said)).state is not State.VALID


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted({"header", *PAYLOAD} - {"issuer"})), JSON)
def test_nothing_that_the_issuer_signs_by_mistake_makes_it_raise(name: str, value: Any) -> None:
    header, payload = (value, PAYLOAD) if name == "header" else (HEADER, PAYLOAD | {name: value})
    verdict(compact(header, payload))


def test_signer_that_is_out_of_order_is_not_blamed_on_the_document(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: Any) -> None:
        raise ob3.OB3GuardUnavailable("out of order")

    monkeypatch.setattr(ob3, "verify_data_integrity_proof", broken)
    with pytest.raises(ob3.OB3GuardUnavailable):
        verdict(TEXT)


def test_claims_are_shown_only_where_the_signature_holds() -> None:
    forged = verdict(altered("credentialSubject", "achievement", "name", value="Forged"))
    assert forged.claims is None
    assert forged.issuer is None


def test_credential_without_a_status_is_valid_for_as_long_as_it_runs() -> None:
    said = CREDENTIAL.to_vc()
    del said["credentialStatus"]
    payload = {name: value for name, value in PAYLOAD.items() if name != "credentialStatus"}
    assert verdict(compact(HEADER, payload)).state is State.VALID


@pytest.mark.parametrize(
    "entry",
    [
        {"type": "StatusList2021Entry"},
        {"statusPurpose": "suspension"},
        {"statusListIndex": "-1"},
        {"statusListIndex": "٤"},
        {"statusListIndex": 4711},
        {"statusListCredential": None},
    ],
)
def test_status_that_we_never_write(entry: dict[str, Any]) -> None:
    payload = PAYLOAD | {"credentialStatus": PAYLOAD["credentialStatus"] | entry}
    assert verdict(compact(HEADER, payload)).reason is Reason.NOT_A_CREDENTIAL


def test_recipient_without_a_name() -> None:
    nameless = token(recipient=replace(CONTENT.recipient, legal_name=""))
    claims = verdict(nameless).claims
    assert claims is not None
    assert claims.recipient_name == ""


@pytest.mark.parametrize(
    "types",
    [
        ["VerifiableCredential", "EndorsementCredential"],
        ["VerifiableCredential"],
        "OpenBadgeCredential",
        [],
    ],
)
def test_another_kind_of_credential_is_no_achievement(types: Any) -> None:
    received = compact(HEADER, PAYLOAD | {"type": types})
    assert verdict(received).reason is Reason.NOT_A_CREDENTIAL
