from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given

from itembank import Figure, Item, canonical_json, content_digest, item_from_json, item_to_json
from itembank.item_json import RepeatedKeys
from tests.itembank.examples import both, choice, items, numeric, written


@given(items())
def test_any_item_comes_back_from_stored_json_text(item: Item) -> None:
    stored = canonical_json(item_to_json(item))
    again = item_from_json(json.loads(stored))
    assert again == item
    assert content_digest(again) == content_digest(item)


def test_zero_is_an_answer_and_is_not_left_out() -> None:
    data = item_to_json(numeric(answer=0, tolerance=0))
    assert (data["answer"], data["tolerance"]) == (0.0, 0.0)


def test_empty_fields_are_left_out() -> None:
    assert set(item_to_json(choice())) == {"id", "area", "kind", "stem", "options", "key"}


def test_the_digest_does_not_depend_on_the_order_in_which_things_were_given() -> None:
    first = choice(stem={"en": "a", "fr": "b"}, kind="multiple", key=[2, 0], enemies=["x", "y"])
    second = choice(stem={"fr": "b", "en": "a"}, kind="multiple", key=[0, 2], enemies=["y", "x"])
    assert content_digest(first) == content_digest(second)


def test_the_digest_is_the_same_in_every_release() -> None:
    """Stored digests decide what a second import changes, so they may never drift."""
    item = numeric(stem={"fr": "Été ?", "en": "“Summer”?"}, unit={}, enemies=["z", "a"])
    text = (
        '[{"answer":12.5,"area":"hazards","enemies":["a","z"],"id":"HV-002","kind":"numeric",'
        '"stem":{"en":"“Summer”?","fr":"Été ?"},"tolerance":0.05},""]'
    )
    assert content_digest(item) == hashlib.sha256(text.encode()).hexdigest()


CHANGES: list[dict[str, Any]] = [
    {"area": "tools"},
    {"stem": both("Which two?")},
    {"key": [1]},
    {"options": [both(letter) for letter in "ABDC"]},
    {"rationale": both("Because.")},
    {"figure": Figure("a.png")},
    {"figure": Figure("a.png", both("A diode"))},
    {"fixed_order": True},
    {"references": ["p. 3"]},
    {"enemies": ["HV-009"]},
    {"author": "A. Author"},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_every_change_makes_another_version(change: dict[str, Any]) -> None:
    assert content_digest(choice(**change)) != content_digest(choice())


def test_a_key_that_was_a_wrong_option_makes_another_version() -> None:
    """The key is always first in the ISED file: a new edition may move an option there."""
    assert content_digest(choice()) != content_digest(
        choice(options=[both(letter) for letter in "BACD"])
    )


def test_another_picture_under_the_same_name_makes_another_version() -> None:
    item = choice(figure=Figure("a.png"))
    assert content_digest(item, figure_digest="1") != content_digest(item, figure_digest="2")


BAD: list[tuple[dict[str, Any], str]] = [
    ({"tolerence": 1}, "`item` must be made of .* got 'tolerence' at HV-001"),
    ({"key": 0}, "`key` must be a list; got 0 at HV-001"),
    ({"options": {"en": "A"}}, "`options` must be a list"),
    ({"options": ["A", "B"]}, r"`options\[0\]` must be an object"),
    ({"stem": "Which?"}, "`stem` must be an object"),
    ({"stem": None}, "`stem` must be given"),
    ({"figure": "a.png"}, "`figure` must be an object"),
    ({"figure": {"name": "a.png"}}, "`figure` must be made of description, file"),
    ({"figure": {"description": both("x")}}, "`figure.file` must be"),
    ({"figure": {"file": "../a.png"}}, "`figure.file` must be"),
    ({"answer": True}, "`answer` must be a number"),
    ({"stem": RepeatedKeys(both("?"))}, "in which each name stands once"),
    ({"options": [RepeatedKeys(both("A")), both("B")]}, "in which each name stands once"),
]


@pytest.mark.parametrize(("changes", "message"), BAD)
def test_doubtful_json_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        item_from_json(item_to_json(choice()) | changes)


@pytest.mark.parametrize("name", ["id", "area", "kind", "stem"])
def test_a_missing_field_is_named_with_the_place(name: str) -> None:
    data = item_to_json(choice())
    del data[name]
    with pytest.raises(ValueError, match=rf"`{name}` must be given; got None at items\[3\]"):
        item_from_json(data, "items[3]")


@pytest.mark.parametrize("data", [None, [], "item", 3, RepeatedKeys(id="x")])
def test_what_is_no_object_is_no_item(data: object) -> None:
    with pytest.raises(ValueError, match="`item` must be an object"):
        item_from_json(data, "items[0]")


def test_null_stands_for_an_absent_field() -> None:
    data = item_to_json(written()) | {"figure": None, "rationale": None, "options": None}
    assert item_from_json(data) == written()


def test_canonical_json_refuses_what_is_no_json() -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical_json(float("nan"))
