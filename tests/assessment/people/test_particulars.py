"""What an account says of its owner."""

from __future__ import annotations

import pytest
from flask import Flask

from assessment.errors import Invalid
from assessment.people import particulars


def test_an_address_is_trimmed_and_folded(context: Flask) -> None:
    assert particulars.email_address("  Ada.Lovelace@Example.ORG ") == "ada.lovelace@example.org"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "ada@example",
        "ada@@example.org",
        "ada@example.org\r\nBcc: all@example.org",
        "ada@example.org, eve@example.org",
        "Ada <ada@example.org>",
        "ada\x00@example.org",
        "ada@exam\u202eple.org",
        "a" * 65 + "@example.org",
        "ada@" + "a" * 250 + ".org",
    ],
)
def test_what_is_no_address_is_refused(context: Flask, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        particulars.email_address(text)
    assert refused.value.details == {"field": "email"}


@pytest.mark.parametrize("name", ["Suharto", "Zoë O'Neill-Tremblay", "王秀英", "نگار‌بانو"])
def test_names_are_kept_as_people_write_them(context: Flask, name: str) -> None:
    assert particulars.name(f" {name} ") == name


@pytest.mark.parametrize(
    "name", ["", "   ", "Ada\nBcc: x", "Ada\x1b[31m", "\u202eadA", "A" * 101, "Ada\u2028x"]
)
def test_names_stay_on_one_line(context: Flask, name: str) -> None:
    with pytest.raises(Invalid):
        particulars.name(name)


def test_people_without_a_student_number_are_served(context: Flask) -> None:
    assert particulars.student_number("  ") == ""
    assert particulars.student_number(" A-17/b ") == "A-17/b"
    with pytest.raises(Invalid):
        particulars.student_number("9" * 41)
