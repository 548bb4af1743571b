"""What changed between versions, field by field and word by word."""

from __future__ import annotations

from assessment.authoring.changes import Mark, changes, segments
from assessment.demo.builders.items import choice_item
from itembank import Figure

BEFORE = choice_item("a-1", "a")


def test_nothing_changed_is_nothing() -> None:
    assert changes(BEFORE, choice_item("a-1", "a")) == ()


def test_each_field_that_differs_is_named_with_its_words() -> None:
    after = choice_item(
        "a-1",
        "a",
        stem={"en": "Question two?", "fr": BEFORE.stem["fr"]},
        key=frozenset({2}),
        rationale={},
        figure=Figure("a.png"),
    )
    found = {change.field: change.segments for change in changes(BEFORE, after)}
    assert set(found) == {"figure.file", "key", "rationale.en", "rationale.fr", "stem.en"}
    assert [(part.mark, part.text) for part in found["key"]] == [
        (Mark.REMOVED, "1"),
        (Mark.ADDED, "3"),
    ]
    assert found["figure.file"][0].mark is Mark.ADDED
    assert {part.mark for part in found["rationale.en"]} == {Mark.REMOVED}


def test_words_that_stay_are_kept_and_both_wordings_can_be_read_back() -> None:
    before, after = "Turn the key to ON, then wait.", "Turn the switch to ON, and wait 10 min."
    parts = segments(before, after)
    assert "".join(each.text for each in parts if each.mark is not Mark.ADDED) == before
    assert "".join(each.text for each in parts if each.mark is not Mark.REMOVED) == after
    assert parts[0].text == "Turn the "
