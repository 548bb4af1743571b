from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from itembank import BankFormat, ParsedBank, read_bank
from tests.itembank.examples import GENERAL, TECHNICIAN, real_bank


def entry(**changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "id": "T6C02",
        "correct": 2,
        "refs": "[97.1, 97.3(a)]",
        "question": "What is it?",
        "answers": ["A", "B", "C", "D"],
        "figure": "",
        "correct_letter": "C",
    }
    return fields | changes


def read(*entries: object, files: tuple[str, ...] = ()) -> ParsedBank:
    return read_bank(json.dumps(entries), BankFormat.NCVEC, files=files)


def test_an_entry_is_a_choice_in_english() -> None:
    bank = read(entry())
    (item,) = bank.items
    assert (item.id, item.area, item.key, item.languages) == ("T6C02", "T6C", {2}, {"en"})
    assert item.references == ("97.1, 97.3(a)",)
    assert item.figure is None
    assert [(area.key, area.parent) for area in bank.areas] == [("T6", None), ("T6C", "T6")]


@pytest.mark.parametrize(
    "changes",
    [
        {"figure": "t-1.png"},
        {"question": "What is component 1 in figure T-1?"},
        {"question": "What is component 1 in Figure T-1?", "figure": "T-1.PNG"},
    ],
)
def test_a_figure_is_found_whatever_its_case_and_wherever_it_is_named(
    changes: dict[str, str],
) -> None:
    (item,) = read(entry(**changes), files=("readme.md", "T-1.png")).items
    assert item.figure is not None
    assert item.figure.file == "T-1.png"
    assert item.needs_sight


def test_a_question_that_speaks_of_configuring_names_no_figure() -> None:
    (item,) = read(entry(question="How is it configured to figure out T 1?")).items
    assert item.figure is None


BAD_ENTRIES: list[tuple[object, str]] = [
    (entry(figure="t-9.png"), "`figure` must be the name of a file that comes with the bank"),
    (entry(figure="t-1.png", question="See figure T-2"), "the one that the question names"),
    (entry(question="See figure T-1 and figure T-2"), "the one that the question names"),
    (entry(correct=4), "`correct` must be the index of an option, below 4; got 4"),
    (entry(correct=-1), "`correct` must be"),
    (entry(correct=True), "`correct` must be"),
    (entry(correct="2"), "`correct` must be"),
    (entry(correct=1), "`correct_letter` must be B, as `correct` says; got 'C'"),
    (entry(id="T6C2"), "`id` must be like T1A03; got 'T6C2' at entry 2"),
    (entry(id=None), "`id` must be like T1A03"),
    (entry(answers="ABCD"), "`answers` must be a list"),
    (entry(answers=["A", "B", "C", None]), "`answers` must be text"),
    (entry(answers=["A", "B", "C", "A"]), "`options` must be all different"),
    (entry(answers=["A", "B", "C", " "]), "must be text that is not empty"),
    (entry(question=5), "`question` must be text"),
    (entry(points=1), "`entry` must be made of"),
    ({"id": "T6C02"}, "`question` must be given; got None at entry 2"),
    ("T6C02", "`entry` must be an object"),
]


@pytest.mark.parametrize(("bad", "reason"), BAD_ENTRIES)
def test_a_bad_entry_is_refused_with_its_place_and_the_rest_go_on(bad: object, reason: str) -> None:
    bank = read(entry(id="T1A01"), bad, entry(id="T1A02"), files=("t-1.png", "t-2.png"))
    assert [item.id for item in bank.items] == ["T1A01", "T1A02"]
    (refusal,) = bank.refused
    assert refusal.line == 2
    assert reason in refusal.reason


def test_an_id_that_comes_again_is_refused() -> None:
    bank = read(entry(), entry(question="Another?"))
    assert (len(bank.items), [refusal.line for refusal in bank.refused]) == (1, [2])


def test_an_entry_that_names_its_key_twice_is_refused() -> None:
    text = json.dumps([entry(id="T1A01"), entry()]).replace(
        '"id": "T6C02", "correct": 2', '"id": "T6C02", "correct": 2, "correct": 1'
    )
    bank = read_bank(text, BankFormat.NCVEC)
    assert len(bank.items) == 1
    assert "each name stands once" in bank.refused[0].reason or "twice" in bank.refused[0].reason


@pytest.mark.parametrize(
    "text",
    ['{"bank": {}, "areas": [], "items": []}', "[]", "[1, 2]", "{}", "null", '[{"id": "x"}]'],
)
def test_what_is_no_pool_is_refused_whole(text: str) -> None:
    with pytest.raises(ValueError, match="`text` must be an NCVEC pool"):
        read_bank(text, BankFormat.NCVEC)


@pytest.mark.parametrize(
    ("path", "n_items", "n_figures"), [(TECHNICIAN, 409, 12), (GENERAL, 423, 5)]
)
def test_a_published_pool_is_taken_whole_with_its_figures(
    path: str, n_items: int, n_figures: int
) -> None:
    bank = real_bank(path, BankFormat.NCVEC)
    assert (len(bank.items), bank.refused, bank.warnings) == (n_items, (), ())
    assert len(bank.needs_sight) == n_figures
    assert len(Counter(item.area for item in bank.items)) == 35
    assert len(set(bank.parents.values())) == 10
    assert not any("figure T-" in item.stem["en"] for item in bank.items if not item.figure)
