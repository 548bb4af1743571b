from __future__ import annotations

from collections import Counter

import pytest

from itembank import BankFormat, ParsedBank, Refusal, content_digest, read_bank
from tests.itembank.examples import ISED, real_bank

HEADER = (
    "question_id ;question_english;correct_answer_english;incorrect_answer_1_english;"
    "incorrect_answer_2_english;incorrect_answer_3_english;question_french;"
    "correct_answer_french;incorrect_answer_1_french;incorrect_answer_2_french;"
    "incorrect_answer_3_french"
)


def line(item_id: str = "B-001-002-003", **changes: str) -> str:
    fields = {"id": item_id, "en": "Why?", "a": "A", "b": "B", "c": "C", "d": "D"}
    fields |= {"fr": "Pourquoi ?", "e": "E", "f": "F", "g": "G", "h": "H"}
    return ";".join((fields | changes).values())


def read(*lines: str, end: str = "\r\n") -> ParsedBank:
    return read_bank(end.join((HEADER, *lines, "")), BankFormat.ISED)


def test_the_key_is_the_first_option_in_both_languages() -> None:
    (item,) = read(line()).items
    assert (item.id, item.area, item.kind) == ("B-001-002-003", "B-001-002", "choice")
    assert item.stem == {"en": "Why?", "fr": "Pourquoi ?"}
    assert item.options[0] == {"en": "A", "fr": "E"}
    assert item.options[3] == {"en": "D", "fr": "H"}
    assert item.key == {0}


def test_quotes_are_part_of_the_text() -> None:
    (item,) = read(line(en='Say "over" or "out', a='"A"')).items
    assert item.stem["en"] == 'Say "over" or "out'
    assert item.options[0]["en"] == '"A"'


def test_topics_stand_under_their_sections() -> None:
    bank = read(line("B-002-001-001"), line("B-001-002-003"), line("B-001-002-004"))
    assert [(area.key, area.parent) for area in bank.areas] == [
        ("B-001", None),
        ("B-001-002", "B-001"),
        ("B-002", None),
        ("B-002-001", "B-002"),
    ]
    assert bank.areas[0].title == {"en": "B-001", "fr": "B-001"}
    assert bank.parents == {"B-001-002": "B-001", "B-002-001": "B-002"}


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_blank_lines_are_nothing(end: str) -> None:
    bank = read(line(), "", "  ", end=end)
    assert (len(bank.items), bank.refused) == (1, ())


BAD_LINES = {
    line("B-1-2-3"): "`question_id` must be like B-001-002-003; got 'B-1-2-3'.",
    line() + ";more": "`line` must be 11 fields; got 12 at B-001-002-003.",
    "B-001-002-003;Why?": "`line` must be 11 fields; got 2 at B-001-002-003.",
    line(c=" "): "`incorrect_answer_2_english` must be given; got '' at B-001-002-003.",
    line(fr=""): "`question_french` must be given; got '' at B-001-002-003.",
    line(c="A"): "`options` must be all different; got options 1 and 3 alike in en "
    "at B-001-002-003.",
    line(h="F "): "`options` must be all different; got options 2 and 4 alike in fr "
    "at B-001-002-003.",
    line(en="\0"): "`stem.en` must be free of control characters; got '\\x00' at B-001-002-003.",
}


@pytest.mark.parametrize(("bad", "reason"), BAD_LINES.items())
def test_a_bad_line_is_refused_with_its_reason_and_the_rest_go_on(bad: str, reason: str) -> None:
    bank = read(line("B-001-001-001"), bad, line("B-001-001-002"))
    assert bank.refused == (Refusal(3, bad.split(";", maxsplit=1)[0], reason),)
    assert [item.id for item in bank.items] == ["B-001-001-001", "B-001-001-002"]


def test_an_id_that_comes_again_is_refused_and_the_first_is_kept() -> None:
    bank = read(line(), line(en="Another?"))
    assert [item.stem["en"] for item in bank.items] == ["Why?"]
    assert bank.refused == (
        Refusal(
            3,
            "B-001-002-003",
            "`id` must be unlike any before; got the id of line or entry 2 at B-001-002-003.",
        ),
    )


def test_an_id_whose_first_line_was_bad_may_come_again() -> None:
    bank = read(line(c=""), line())
    assert (len(bank.items), len(bank.refused)) == (1, 1)


def test_a_line_of_rubbish_gives_a_short_refusal() -> None:
    (refusal,) = read("x" * 100_000).refused
    assert len(refusal.item_id) <= 64
    assert len(refusal.reason) < 200


@pytest.mark.parametrize(
    "text",
    ["id,area,kind\n", "[]", line(), HEADER.replace("question_french", "question"), "\0", "PK\x03"],
)
def test_what_is_no_ised_bank_is_refused_whole(text: str) -> None:
    with pytest.raises(ValueError, match=r"`text` must be an ISED bank.*at line 1\.$"):
        read_bank(text, BankFormat.ISED)


def test_the_published_bank_is_taken_whole() -> None:
    bank = real_bank(ISED, BankFormat.ISED)
    assert (len(bank.items), len(bank.refused), bank.warnings) == (984, 0, ())
    topics = Counter(item.area for item in bank.items)
    assert len(topics) == 100
    assert (min(topics.values()), max(topics.values())) == (4, 11)
    sections = Counter(bank.parents[topic] for topic in topics)
    assert [sections[f"B-00{n}"] for n in range(1, 9)] == [25, 9, 21, 6, 13, 13, 8, 5]
    assert all(item.languages == {"en", "fr"} and item.key == {0} for item in bank.items)
    assert bank.needs_sight == ()


def test_reading_the_published_bank_again_changes_no_version() -> None:
    first, second = (real_bank(ISED, BankFormat.ISED) for _ in range(2))
    digests = [content_digest(item) for item in first.items]
    assert [content_digest(item) for item in second.items] == digests
    assert len(set(digests)) == 984
