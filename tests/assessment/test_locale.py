"""Figures are written as the page's language writes them, and never better than they are."""

import pytest
from flask import Flask

from assessment.locale import percent


@pytest.mark.parametrize(
    ("value", "words"),
    [(79.96, "79.9 %"), (96.66, "96.6 %"), (80.0, "80 %"), (70.1, "70.1 %"), (100.0, "100 %")],
)
def test_a_percentage_is_never_rounded_up(context: Flask, value: float, words: str) -> None:
    assert percent(value).replace("\N{NO-BREAK SPACE}", " ") == words
