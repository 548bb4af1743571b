import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from openbadgeslib.ob3 import multikey_from_pem

from assessment.credentials.did import did_document, did_for, from_multibase, to_multibase
from tests.assessment.credentials.examples import DID, KEY, key


@pytest.mark.parametrize(
    ("base_url", "did"),
    [
        ("http://localhost:8000", "did:web:localhost%3A8000:institutions:nc"),
        ("http://localhost:8000/", "did:web:localhost%3A8000:institutions:nc"),
        ("https://Attest.example", "did:web:attest.example:institutions:nc"),
        ("https://host.example/credit/", "did:web:host.example:credit:institutions:nc"),
        ("http://[::1]:8000", "did:web:%5B%3A%3A1%5D%3A8000:institutions:nc"),
    ],
)
def test_did_stands_below_the_base_url(base_url: str, did: str) -> None:
    assert did_for(base_url, "nc") == did


@pytest.mark.parametrize("base_url", ["", "localhost:8000", "ftp://host", "https://a:b@host"])
def test_did_needs_an_address(base_url: str) -> None:
    with pytest.raises(ValueError, match="`base_url` must be"):
        did_for(base_url, "nc")


def test_document_lists_every_key_with_a_multikey() -> None:
    former, current = key("northern-college", 1, 1), key("northern-college", 2, 2)
    document = did_document(DID, [former.public, current.public])
    ids = [f"{DID}#key-1", f"{DID}#key-2"]
    assert document["id"] == DID
    assert document["assertionMethod"] == ids
    assert [method["id"] for method in document["verificationMethod"]] == ids
    for method, private in zip(document["verificationMethod"], (former, current), strict=True):
        assert method["type"] == "Multikey"
        assert method["controller"] == DID
        published = from_multibase(method["publicKeyMultibase"])
        assert published.public_bytes_raw() == private.private.public_key().public_bytes_raw()


def test_multibase_of_another_kind_of_key_is_refused() -> None:
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    text = multikey_from_pem(other.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    with pytest.raises(ValueError, match="`text` must be an Ed25519 key"):
        from_multibase(text)


def test_multibase_begins_as_the_standard_says() -> None:
    assert to_multibase(KEY.public.key).startswith("z6Mk")
