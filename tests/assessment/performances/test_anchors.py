"""Where to look: what is typed, by kind of evidence, and how it is said again."""

from __future__ import annotations

import pytest
from flask import Flask

from assessment.errors import Invalid
from assessment.performances.anchors import (
    LONGEST_PLACE,
    Place,
    Ticks,
    checked_place,
    place_of,
    words_of,
)

PDF, VIDEO, PICTURE, TEXT = "application/pdf", "video/mp4", "image/jpeg", "text/plain"


@pytest.mark.parametrize(
    ("text", "kind", "place", "words"),
    [
        ("", PDF, Place(), ""),
        ("2", PDF, Place(page=2), "page 2"),
        ("Page 2", PDF, Place(page=2), "page 2"),
        ("p. 12", PDF, Place(page=12), "page 12"),
        ("pages 2-4", PDF, Place(page=2, until_page=4), "pages 2 to 4"),
        ("2 à 4", PDF, Place(page=2, until_page=4), "pages 2 to 4"),
        ("page 3, below", PDF, Place(page=3, words="below"), "page 3, below"),
        ("1:30", VIDEO, Place(second=90), "1:30"),
        ("1:30-2:10", VIDEO, Place(second=90, until_second=130), "1:30 to 2:10"),
        ("1:02:03", VIDEO, Place(second=3723), "1:02:03"),
        ("0:05: the lock", VIDEO, Place(second=5, words="the lock"), "0:05, the lock"),
        ("page 2", PICTURE, Place(words="page 2"), "page 2"),
        ("lower left", TEXT, Place(words="lower left"), "lower left"),
    ],
)
def test_places_are_read_by_kind(
    context: Flask, text: str, kind: str, place: Place, words: str
) -> None:
    assert checked_place(f"  {text} ", kind) == text
    assert place_of(text, kind) == place
    assert words_of(place) == words


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("at the end", PDF, "Begin with the page"),
        ("0", PDF, "counted from 1"),
        ("4-2", PDF, "earlier one first"),
        ("7", PDF, "ends with page 6"),
        ("5-7", PDF, "ends with page 6"),
        ("when I lock it", VIDEO, "Begin with the time"),
        ("1:75", VIDEO, "Begin with the time"),
        ("2:10-1:30", VIDEO, "earlier one first"),
        ("x" * (LONGEST_PLACE + 1), TEXT, "at most 120"),
        ("٣" * 5, PDF, "Begin with the page"),
    ],
)
def test_a_place_that_there_cannot_be_is_refused(
    context: Flask, text: str, kind: str, said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        checked_place(text, kind, pages=6)


def test_where_nothing_is_known_of_pages_any_will_do(context: Flask) -> None:
    assert checked_place("700", PDF) == "700"


def test_an_anchor_of_old_is_words() -> None:
    assert place_of("in the middle", PDF) == Place(words="in the middle")


def test_ticks_tell_what_was_typed_without_one() -> None:
    ticks = Ticks(("a",), {"a": " 1 ", "b": "2", "c": "  "})
    assert ticks.anchors == {"a": " 1 "}
    assert ticks.unticked == ("b",)
