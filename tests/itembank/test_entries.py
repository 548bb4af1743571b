from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itembank import EntryError, EntryProblem, is_accepted, parse_number

VOLTS = {"en": "V", "fr": "V"}
READ = {
    "12.5": "12.5",
    "12,5": "12.5",
    " 12.5 ": "12.5",
    "12.5 V": "12.5",
    "12,5V": "12.5",
    "-3": "-3",
    "−3,25": "-3.25",
    "– 3": "-3",
    "+3": "3",
    ".5": "0.5",
    ",5": "0.5",
    "5.": "5",
    "0,125": "0.125",
    "1.234": "1.234",
    "1234,5": "1234.5",
    "1 234": "1234",
    "1\u00a0234,5": "1234.5",
    "1\u202f234\u202f567,8": "1234567.8",
    "1,234.5": "1234.5",
    "1.234,5": "1234.5",
    "1,234,567": "1234567",
    "12 345,678": "12345.678",
    "1.5e3": "1500",
    "2E-3": "0.002",
    "999999999999999": "999999999999999",
    "007": "7",
}


@pytest.mark.parametrize(("text", "expected"), READ.items())
def test_a_number_is_read_as_people_write_it(text: str, expected: str) -> None:
    assert parse_number(text, VOLTS) == Decimal(expected)


REFUSED = {
    "": EntryProblem.NOT_A_NUMBER,
    "V": EntryProblem.NOT_A_NUMBER,
    ".": EntryProblem.NOT_A_NUMBER,
    "-": EntryProblem.NOT_A_NUMBER,
    "nan": EntryProblem.NOT_A_NUMBER,
    "NaN": EntryProblem.NOT_A_NUMBER,
    "inf": EntryProblem.NOT_A_NUMBER,
    "-Infinity": EntryProblem.NOT_A_NUMBER,
    "twelve": EntryProblem.NOT_A_NUMBER,
    "1 2": EntryProblem.NOT_A_NUMBER,
    "12,34,5": EntryProblem.NOT_A_NUMBER,
    "1,2.3,4": EntryProblem.NOT_A_NUMBER,
    "12 5": EntryProblem.NOT_A_NUMBER,
    "--3": EntryProblem.NOT_A_NUMBER,
    "3-4": EntryProblem.NOT_A_NUMBER,
    "1/2": EntryProblem.NOT_A_NUMBER,
    "0x10": EntryProblem.WRONG_UNIT,
    "12,5 mV": EntryProblem.WRONG_UNIT,
    "12.5 v": EntryProblem.WRONG_UNIT,
    "1,234": EntryProblem.AMBIGUOUS,
    "-12,345 V": EntryProblem.AMBIGUOUS,
    "1e16": EntryProblem.TOO_LARGE,
    "1e99": EntryProblem.TOO_LARGE,
    "1e308": EntryProblem.TOO_LARGE,
    "-1e9999": EntryProblem.TOO_LARGE,
    "1e99999": EntryProblem.WRONG_UNIT,
    "9" * 16: EntryProblem.TOO_LARGE,
    "9" * 65: EntryProblem.TOO_LONG,
    "1" + " " * 100: EntryProblem.TOO_LONG,
    "10²": EntryProblem.NOT_A_NUMBER,
    "１２": EntryProblem.NOT_A_NUMBER,
    "١٢": EntryProblem.NOT_A_NUMBER,
    "1_000": EntryProblem.NOT_A_NUMBER,
}


@pytest.mark.parametrize(("text", "problem"), REFUSED.items())
def test_what_is_no_one_number_is_refused_with_its_problem(
    text: str, problem: EntryProblem
) -> None:
    with pytest.raises(EntryError, match="`text` must be") as caught:
        parse_number(text, VOLTS)
    assert caught.value.problem is problem


def test_an_ambiguous_number_is_answered_with_both_meanings() -> None:
    with pytest.raises(EntryError, match=r"must be 1234 or 1\.234, whichever is meant"):
        parse_number("1,234")


def test_the_case_of_a_unit_counts() -> None:
    assert parse_number("5 mW", {"en": "mW"}) == 5
    with pytest.raises(EntryError):
        parse_number("5 MW", {"en": "mW"})


def test_both_micro_signs_and_both_ohm_signs_are_one() -> None:
    assert parse_number("5 \u00b5F", {"en": "\u03bcF"}) == 5
    assert parse_number("5 \u2126", {"en": "\u03a9"}) == 5


def test_a_unit_of_either_language_is_taken() -> None:
    assert parse_number("5 pi", {"en": "ft", "fr": "pi"}) == 5


@given(st.decimals(-(10**14), 10**14, places=3), st.sampled_from([" ", "\u00a0", "\u202f", ""]))
def test_any_number_written_with_spaces_and_either_mark_is_the_same(
    number: Decimal, space: str
) -> None:
    written = f"{number:,}".replace(",", space)
    assert parse_number(written) == number
    if not 1 <= abs(number) < 1000:  # `1,234` is ambiguous
        assert parse_number(written.replace(".", ",")) == number


@given(st.text(max_size=70))
def test_any_text_is_a_finite_number_or_an_entry_error(text: str) -> None:
    try:
        number = parse_number(text, VOLTS)
    except EntryError:
        return
    assert abs(number) <= 10**15


ACCEPTED = {"en": ["lockout", "lock-out"], "fr": ["cadenassage", "œuvre achevée", "l’été"]}


@pytest.mark.parametrize(
    "text",
    [
        "lockout",
        " LockOut ",
        "LOCK OUT",
        "lock\u2011out",
        "Cadenassage",
        "oeuvre achevee",
        "ŒUVRE  ACHEVÉE",
        "œuvre acheve\u0301e",
        "l'ete",
        "L’ÉTÉ",
        "lock\u200bout",
    ],
)
def test_a_word_matches_whatever_its_case_accents_spaces_and_dashes(text: str) -> None:
    assert is_accepted(text, ACCEPTED)


@pytest.mark.parametrize("text", ["", " ", "\u0301", "lockouts", "lock", "l.*", "x" * 10_000])
def test_another_word_does_not_match(text: str) -> None:
    assert not is_accepted(text, ACCEPTED)


def test_an_accepted_form_is_never_a_pattern() -> None:
    assert not is_accepted("lockout", {"en": ["lock.*", "(a+)+$"]})
    assert is_accepted("(A+)+$", {"en": ["(a+)+$"]})
