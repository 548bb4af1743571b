from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from itembank import Figure, Item, ItemKind
from tests.itembank.examples import both, choice, numeric, written


def test_an_item_is_read_only_all_the_way_down() -> None:
    item = choice()
    with pytest.raises(dataclasses.FrozenInstanceError):
        item.id = "other"  # type: ignore[misc]  # the point of the test
    with pytest.raises(TypeError):
        item.stem["en"] = "other"  # type: ignore[index]  # the point of the test
    with pytest.raises(TypeError):
        item.options[0]["en"] = "other"  # type: ignore[index]  # the point of the test


def test_an_item_does_not_follow_the_mapping_it_was_made_from() -> None:
    stem = {"en": "Which one?"}
    item = choice(stem=stem, options=[{"en": "A"}, {"en": "B"}])
    stem["en"] = "Changed"
    assert item.stem == {"en": "Which one?"}


def test_wording_loses_surrounding_space_and_foreign_line_ends() -> None:
    assert choice(stem={"en": "  One\r\ntwo\rthree \n", "fr": "x"}).stem["en"] == "One\ntwo\nthree"


def test_languages_are_those_in_which_stem_and_all_options_are_worded() -> None:
    assert choice().languages == {"en", "fr"}
    assert choice(options=[both("A"), {"en": "B"}]).languages == {"en"}


def test_a_number_is_complete_in_the_languages_of_its_unit() -> None:
    assert numeric(unit={"en": "ft"}).languages == {"en"}
    assert numeric(unit={}).languages == {"en", "fr"}


def test_a_word_is_complete_in_the_languages_of_its_accepted_forms() -> None:
    assert written(accepted={"fr": ["cadenassage"]}).languages == {"fr"}


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (None, False),
        (Figure("a.png"), True),
        (Figure("a.png", {"en": "A diode"}), True),
        (Figure("a.png", both("A diode")), False),
    ],
)
def test_sight_is_needed_where_a_figure_lacks_a_description(
    figure: Figure | None, expected: bool
) -> None:
    assert choice(figure=figure).needs_sight is expected


def test_an_english_item_needs_no_french_description() -> None:
    english = [{"en": "A"}, {"en": "B"}]
    figure = Figure("a.png", {"en": "A diode"})
    assert not choice(stem={"en": "?"}, options=english, figure=figure).needs_sight


def test_options_that_differ_only_in_case_are_two() -> None:
    assert len(choice(options=[{"en": "5 mW"}, {"en": "5 MW"}]).options) == 2


BAD_CHOICES: list[tuple[dict[str, Any], str]] = [
    ({"id": "a/b"}, "`id` must be 1 to 64 letters"),
    ({"id": "../x"}, "`id` must be"),
    ({"id": "x" * 65}, "`id` must be"),
    ({"id": 7}, "`id` must be"),
    ({"area": ""}, "`area` must be .* at HV-001"),
    ({"kind": "essay"}, "`kind` must be one of choice, multiple, numeric, text; got 'essay'"),
    ({"stem": {}}, "`stem` must be text in at least one language"),
    ({"stem": "words"}, "`stem` must be text in at least one language"),
    ({"stem": {"en": "  "}}, "`stem.en` must be text that is not empty"),
    ({"stem": {"english": "?"}}, "`stem` must be keyed by language"),
    ({"stem": {"en": 5}}, "`stem.en` must be text; got 5"),
    ({"stem": {"en": "a\0b"}}, "`stem.en` must be free of control characters"),
    ({"stem": {"en": "a\ud800"}}, "`stem.en` must be free of control characters"),
    ({"stem": {"en": "x" * 10_001}}, "at most 10000 characters; got 10001"),
    ({"stem": {"fr": "?"}, "options": [{"en": "A"}, {"en": "B"}]}, "`stem` must be complete"),
    ({"options": [both("A")]}, "`options` must be 2 to 8; got 1"),
    ({"options": [both(c) for c in "ABCDEFGHI"]}, "`options` must be 2 to 8; got 9"),
    ({"options": [both("A"), both("B"), both("A")]}, "got options 1 and 3 alike in en"),
    ({"options": [both("A"), {"en": "B", "fr": " A  (fr) "}]}, "options 1 and 2 alike in fr"),
    ({"key": []}, "`key` must be exactly one option"),
    ({"key": [0, 1]}, "`key` must be exactly one option"),
    ({"key": [4]}, "`key` must be indexes of options, below 4; got 4"),
    ({"key": [-1]}, "`key` must be indexes"),
    ({"key": [True]}, "`key` must be indexes"),
    ({"kind": "multiple", "key": []}, "`key` must be one option or more"),
    ({"answer": 0}, "`answer` must be absent from a choice item"),
    ({"unit": both("V")}, "`unit` must be absent"),
    ({"accepted": {"en": ["A"]}}, "`accepted` must be absent"),
    ({"enemies": ["HV-001"]}, "`enemies` must be other items"),
    ({"enemies": "HV-002"}, "`enemies` must be a list"),
    ({"references": "p. 3"}, "`references` must be a list"),
    ({"fixed_order": "yes"}, "`fixed_order` must be true or false"),
]


@pytest.mark.parametrize(("changes", "message"), BAD_CHOICES)
def test_a_bad_choice_item_is_refused_with_what_and_where(
    changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        choice(**changes)


BOMBS = [float("nan"), float("inf"), 1e308, 10**400, 10**5000, True, "12"]


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda bomb: str(type(bomb)))
@pytest.mark.parametrize("field", ["answer", "tolerance"])
def test_a_number_that_is_none_or_too_large_is_refused(field: str, bomb: object) -> None:
    with pytest.raises(ValueError, match=f"`{field}` must be a number of at most 1e\\+15"):
        numeric(**{field: bomb})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"answer": None}, "`answer` must be a number for a numeric item"),
        ({"tolerance": -0.1}, "`tolerance` must be zero or more"),
        ({"options": [both("A"), both("B")]}, "`options` must be absent from a numeric item"),
        ({"fixed_order": True}, "`fixed_order` must be absent"),
    ],
)
def test_a_bad_numeric_item_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        numeric(**changes)


@pytest.mark.parametrize(
    ("accepted", "message"),
    [
        ({}, "`accepted` must be given"),
        ({"en": []}, "`accepted.en` must be 1 to 50 forms"),
        ({"en": "lockout"}, "`accepted.en` must be a list of texts"),
        ({"en": ["\u0301"]}, "`accepted.en` must be forms of 1 to 200 characters"),
        ({"en": ["x" * 201]}, "`accepted.en` must be forms of 1 to 200 characters"),
        (["lockout"], "`accepted` must be a mapping"),
    ],
)
def test_bad_accepted_forms_are_refused(accepted: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        written(accepted=accepted)


def test_a_message_stays_short_however_long_the_value() -> None:
    with pytest.raises(ValueError, match="`id`") as caught:
        choice(id="y" * 1_000_000)
    assert len(str(caught.value)) < 200


def test_minus_zero_is_zero_so_that_it_has_one_digest() -> None:
    assert str(numeric(answer=-0.0).answer) == "0.0"


def test_a_changed_item_is_checked_again() -> None:
    with pytest.raises(ValueError, match="`key`"):
        dataclasses.replace(choice(), key=frozenset({9}))


def test_an_item_may_be_made_with_an_enum_or_its_text() -> None:
    assert choice(kind=ItemKind.CHOICE) == choice(kind="choice")
    assert isinstance(choice(kind="choice").kind, ItemKind)
    assert isinstance(choice(), Item)
