from __future__ import annotations

import json

import pytest

from itembank.adaptive import Choice, Stop


@pytest.mark.parametrize(
    "choice",
    [
        Choice(0, 7, 0.0, 1.0, (7,)),
        Choice(12, 3, -0.123456, 0.333333, (5, 3, 1), 0.123456789, 1),
    ],
)
def test_a_choice_survives_json(choice: Choice) -> None:
    assert Choice.from_json(choice.to_json()) == choice
    assert json.loads(choice.to_json())["candidates"] == list(choice.candidates)


def test_equal_choices_have_equal_text() -> None:
    text = Choice(1, 2, 0.5, 0.25, (2, 4), 0.5, 0).to_json()
    assert text == (
        '{"candidates":[2,4],"draw":0.5,"item":2,"position":1,"score":0,"se":0.25,"theta":0.5}'
    )


def test_reasons_are_words() -> None:
    assert [*map(str, Stop)] == ["length", "precision", "classified", "sprt", "exhausted"]
