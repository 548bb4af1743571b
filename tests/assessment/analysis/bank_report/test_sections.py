"""What a report's tables print of numbers that are none, and of those without end."""

from __future__ import annotations

import json

import pytest

from assessment.analysis.bank_report.sections import UNKNOWN, a_table


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_infinite_number_is_printed_and_no_number_is_a_dash(language: str) -> None:
    numbers = [float("inf"), float("-inf"), float("nan"), None, -0.5]
    table = a_table([("Delta", 2)], [(each,) for each in numbers], language)
    shown = [text for (text,) in table.texts]
    assert shown[:4] == ["∞", "\u2212∞", UNKNOWN, UNKNOWN]
    json.dumps(table.rows, allow_nan=False)
