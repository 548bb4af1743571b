"""Cells that a spreadsheet never calculates, and that come back as they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from assessment.cells import BEGINS_A_FORMULA, plain, safe

FORMULAS = ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", " =1", "'=1", "''@a"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_gets_an_apostrophe(text: str) -> None:
    assert safe(text) == "'" + text
    assert plain(safe(text)) == text


@pytest.mark.parametrize("text", ["", "Zoë", "O'Brien", "'t Hooft", "3.0", "a=b", "2026-05-01"])
def test_other_text_stays(text: str) -> None:
    assert safe(text) == plain(text) == text


@given(some.text(alphabet=some.sampled_from("'=+-@ \t\r\nab"), max_size=8))
def test_every_text_comes_back(text: str) -> None:
    assert plain(safe(text)) == text
    assert not safe(text).startswith(BEGINS_A_FORMULA)
