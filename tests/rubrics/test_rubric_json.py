from __future__ import annotations

import hashlib
import json
from copy import deepcopy
from typing import Any

import pytest

from itembank import canonical_json
from rubrics import rubric_digest, rubric_from_json, rubric_to_json
from tests.rubrics.examples import SCALE, both, criterion, level, plain, rubric


def data() -> dict[str, Any]:
    """Return the rubric as it is stored."""
    stored: dict[str, Any] = json.loads(canonical_json(rubric_to_json(rubric())))
    return stored


@pytest.mark.parametrize("made", [rubric(), plain()])
def test_a_rubric_comes_back_from_stored_json_text(made: Any) -> None:
    again = rubric_from_json(json.loads(canonical_json(rubric_to_json(made))))
    assert again == made
    assert rubric_digest(again) == rubric_digest(made)


def test_defaults_are_left_out() -> None:
    first, second, third = data()["criteria"]
    assert set(first) == {"key", "title", "descriptors", "weight"}
    assert second["safety_level"] == "proficient"
    assert third["observers_may_rate"] is False


def test_the_version_may_be_left_out_and_is_then_the_first() -> None:
    fields = data()
    del fields["version"]
    assert rubric_from_json(fields).version == 1


def test_the_digest_is_of_the_content_and_not_of_the_version() -> None:
    assert rubric_digest(rubric(version=7)) == rubric_digest(rubric())
    swapped = rubric(title={"fr": "Isolating a battery (fr)", "en": "Isolating a battery"})
    assert rubric_digest(swapped) == rubric_digest(rubric())


def test_the_digest_is_the_same_in_every_release() -> None:
    one = rubric(
        key="r",
        title={"en": "R"},
        levels=[level("no", 0), level("yes", 1)],
        criteria=[
            criterion("c", title={"en": "C"}, descriptors={"no": {"en": "N"}, "yes": {"en": "Y"}})
        ],
    )
    text = (
        '{"criteria":[{"descriptors":{"no":{"en":"N"},"yes":{"en":"Y"}},"key":"c","title":'
        '{"en":"C"}}],"key":"r","levels":[{"key":"no","points":0,"title":{"en":"no","fr":"no (fr)"'
        '}},{"key":"yes","points":1,"title":{"en":"yes","fr":"yes (fr)"}}],"title":{"en":"R"}}'
    )
    assert rubric_digest(one) == hashlib.sha256(text.encode()).hexdigest()


CHANGES: list[dict[str, Any]] = [
    {"title": both("Another")},
    {"levels": [level(key, 3 * place) for place, key in enumerate(SCALE)]},
    {"criteria": [criterion("isolates")]},
    {"criteria": [criterion("isolates", weight=2)]},
    {"criteria": [criterion("isolates", safety_level="expert")]},
    {"criteria": [criterion("isolates", observers_may_rate=False)]},
]


def test_every_change_of_content_changes_the_digest() -> None:
    digests = {rubric_digest(rubric(**changes)) for changes in [{}, *CHANGES]}
    assert len(digests) == 1 + len(CHANGES)


def changed(path: list[Any], value: object) -> dict[str, Any]:
    """Return the stored rubric with something else in one place."""
    fields = deepcopy(data())
    inner: Any = fields
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return fields


FAULTS: list[tuple[list[Any], object, str]] = [
    (["titel"], both("x"), "`rubric` must be made of .*; got 'titel' at hv-isolation"),
    (["title"], None, "`title` must be given; got None at hv-isolation"),
    (["title"], "x", "`title` must be an object; got 'x'"),
    (["levels"], {}, "`levels` must be a list"),
    (["levels", 1], "x", r"`level` must be an object; got 'x' at hv-isolation.levels\[1\]"),
    (["levels", 1, "points"], None, r"`points` must be given; .* at hv-isolation.levels\[1\]"),
    (["levels", 1, "points"], "2", "`points` must be a whole number .* at developing"),
    (["criteria", 2, "wieght"], 1, r"got 'wieght' at hv-isolation.criteria\[2\]"),
    (["criteria", 2, "descriptors"], [], r"`descriptors` must be an object"),
    (["criteria", 2, "descriptors", "expert"], "x", "`descriptors.expert` must be an object"),
    (["criteria", 2, "safety_level"], 3, "`safety_level` must be the key of a level; got 3"),
    (["criteria", 2, "title", "fr"], " ", "`title.fr` must be text that is not empty.* at tidies"),
    (["version"], "two", "`version` must be a whole number"),
]


@pytest.mark.parametrize(("path", "value", "message"), FAULTS)
def test_a_fault_is_named_with_its_place(path: list[Any], value: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        rubric_from_json(changed(path, value))


@pytest.mark.parametrize("value", [None, [], "x", 3])
def test_what_is_no_object_is_no_rubric(value: object) -> None:
    with pytest.raises(ValueError, match="`rubric` must be an object"):
        rubric_from_json(value)
