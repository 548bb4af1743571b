import time
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openbadgeslib.ob3 import decode_encoded_list, set_indices, verify_data_integrity_proof

from assessment.credentials.signing import published, sign_status_list
from assessment.credentials.status import SIZE, StatusBits, StatusEntry, status_list
from tests.assessment.credentials.examples import AWARDED_AT, DID, KEY, LIST_URL


@given(st.sets(st.integers(0, SIZE - 1), max_size=50))
def test_encoded_bits_are_the_ones_that_were_set(indices: set[int]) -> None:
    bits = StatusBits.of(indices)
    decoded = decode_encoded_list(bits.encoded())
    assert len(decoded) * 8 == SIZE
    assert set_indices(decoded) == indices
    assert all(bits.is_set(index) for index in indices)
    assert not any(bits.is_set(index + 1) for index in indices if index + 1 not in indices)


def test_first_bit_is_the_highest() -> None:
    assert StatusBits.of([0, 9], size=16).data == bytes([0b1000_0000, 0b0100_0000])


@pytest.mark.parametrize("index", [-1, SIZE])
def test_index_outside_the_list(index: int) -> None:
    assert StatusBits.of([]).is_set(index) is None
    with pytest.raises(ValueError, match="`indices` must be from 0 to 131071"):
        StatusBits.of([index])


def test_signed_list_keeps_its_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    def signed() -> bytes:
        unsigned = status_list(DID, LIST_URL, StatusBits.of([3, 4711]), AWARDED_AT)
        return published(sign_status_list(unsigned, KEY, DID, AWARDED_AT))

    first = signed()
    later = time.time() + 86_400
    monkeypatch.setattr(time, "time", lambda: later)
    assert signed() == first


def test_signed_list_verifies_and_changes_with_its_bits() -> None:
    unsigned = status_list(DID, LIST_URL, StatusBits.of([3]), AWARDED_AT)
    signed = sign_status_list(unsigned, KEY, DID, AWARDED_AT)
    verify_data_integrity_proof(signed, KEY.public.key)
    assert signed["issuer"] == DID
    assert signed["id"] == LIST_URL
    assert signed["validFrom"] == signed["proof"]["created"] == "2024-05-01T14:03:09Z"
    later = AWARDED_AT + timedelta(hours=1)
    again = sign_status_list(status_list(DID, LIST_URL, StatusBits.of([]), later), KEY, DID, later)
    assert again["proof"]["proofValue"] != signed["proof"]["proofValue"]


def test_entry_names_its_list_and_index() -> None:
    assert StatusEntry(LIST_URL, 7).document() == {
        "id": LIST_URL + "#7",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": LIST_URL,
    }
