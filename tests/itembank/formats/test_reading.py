from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itembank import BankFormat, read_bank
from itembank.formats import intake, reading


@pytest.mark.parametrize("bank_format", list(BankFormat))
@pytest.mark.parametrize(
    ("source", "message"),
    [
        (b"", "`source` must be a file with something in it"),
        (b"\xef\xbb\xbf \r\n", "`source` must be a file with something in it"),
        (b"PK\x03\x04\xff\xfe", r"text in UTF-8; got another encoding \(byte 0xff\) at line 1"),
        ("id\nété".encode("latin-1"), r"`source` must be text in UTF-8.*0xe9\) at line 2"),
        ("id;question".encode("utf-16"), "`source` must be text in UTF-8"),
        (b"\x00\x01\x02", "`text` must be"),
        (b"<html><body>404</body></html>", "`text` must be"),
    ],
)
def test_a_file_of_another_nature_is_refused_in_one_sentence(
    bank_format: BankFormat, source: bytes, message: str
) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        read_bank(source, bank_format)
    assert "\n" not in str(caught.value)


def test_a_format_may_be_named_in_text() -> None:
    with pytest.raises(ValueError, match="`text` must be an ISED bank"):
        read_bank("x", "ised")
    with pytest.raises(ValueError, match="`format` must be one of ised, ncvec, json, csv"):
        read_bank("x", "xlsx")


def test_a_file_that_is_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(ValueError, match="`source` must be at most 32,000,000 bytes"):
        read_bank(bytes(reading.MOST_BYTES + 1), BankFormat.CSV)


def test_a_million_rows_are_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "MOST_ITEMS", 3)
    text = "id,area,kind\n" + "x,y,z\n" * 4
    with pytest.raises(ValueError, match="`text` must be a bank of 3 items at most"):
        read_bank(text, BankFormat.CSV)
    assert len(read_bank("id,area,kind\n" + "x,y,z\n" * 3, BankFormat.CSV).refused) == 3


def test_quotes_left_open_on_every_line_take_no_longer_than_their_length_warrants() -> None:
    text = "id,area,kind\n" + '"open,' * 1 + '\n"open,\n' * 3_000
    started = time.process_time()
    assert len(read_bank(text, BankFormat.CSV).refused) > 1_000
    assert time.process_time() - started < 5


@given(st.text(max_size=200) | st.binary(max_size=200), st.sampled_from(list(BankFormat)))
def test_any_file_gives_a_bank_or_a_value_error(
    source: str | bytes, bank_format: BankFormat
) -> None:
    try:
        bank = read_bank(source, bank_format)
    except ValueError:
        return
    assert bank.items == ()


HEADERS = {
    BankFormat.ISED: "question_id;question_english;correct_answer_english;"
    "incorrect_answer_1_english;incorrect_answer_2_english;incorrect_answer_3_english;"
    "question_french;correct_answer_french;incorrect_answer_1_french;"
    "incorrect_answer_2_french;incorrect_answer_3_french\n",
    BankFormat.CSV: "id,area,kind,stem_en,option_1_en,option_2_en,key\n",
}
PIECES = st.sampled_from(['"', ";", ",", "\n", "\r", "a", "B-001-001-001", "choice", "1", "é"])


@given(st.sampled_from(list(HEADERS)), st.lists(PIECES, max_size=60).map("".join))
def test_any_lines_after_a_header_are_taken_or_refused_one_by_one(
    bank_format: BankFormat, body: str
) -> None:
    bank = read_bank(HEADERS[bank_format] + body, bank_format)
    lines = [refusal.line for refusal in bank.refused]
    assert lines == sorted(set(lines))
    assert len(bank.items) + len(lines) <= body.count("\n") + body.count("\r") + 1
