"""A panel's file as people make it, and every fault of it with its line and column."""

from __future__ import annotations

import re

import pytest

from assessment.analysis.panel_files import read_panel, standard_from_files
from assessment.errors import Invalid

KNOWN = frozenset({"one", "two", "three"})
PLAIN = "one,two\n0.5,0.7\n0.6,0.8\n"
RATINGS = ((0.5, 0.7), (0.6, 0.8))


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        "\ufeff" + PLAIN,
        PLAIN.replace("\n", "\r\n"),
        "one,two\n\n0.5,0.7\n,\n0.6,0.8\n\n",
        "one;two\n0,5;0,7\n0,6;0,8\n",
        "one\ttwo\n0.5\t.7\n 0.6 \t0.80\n",
        '"one","two"\n"0.5","0.7"\n"0.6","0.8"\n',
    ],
    ids=["plain", "marked", "windows", "blank lines", "decimal commas", "tabs", "quoted"],
)
def test_ratings_are_read(text: str) -> None:
    found = read_panel(text.encode(), KNOWN)
    assert (found.items, found.judges, found.ratings) == (("one", "two"), (), RATINGS)


@pytest.mark.parametrize(
    ("name", "labels"), [("who", ("A", "B")), ("", ("A", "2")), ("judge", ("1", "2"))]
)
def test_a_first_column_may_name_the_judges(name: str, labels: tuple[str, str]) -> None:
    text = f"{name},one,two\n{labels[0]},0.5,0.7\n{labels[1]},0.6,0.8\n"
    found = read_panel(text.encode(), KNOWN)
    assert (found.items, found.judges, found.ratings) == (("one", "two"), labels, RATINGS)


FAULTS = {
    "nothing": ("", "The file is empty."),
    "no judge": ("one,two\n", "at least two judges, a line each; this file has 0."),
    "one judge": ("one,two\n0.5,0.7\n", "at least two judges, a line each; this file has 1."),
    "no item": ("judge\nA\nB\n", "Line 1 names no item."),
    "an unknown item": (
        "one,tow\n0.5,0.7\n0.6,0.8\n",
        "Line 1, column 2: the bank has no item “tow” in use.",
    ),
    "an unknown item first": (
        "eno,two\n0.5,0.7\n0.6,0.8\n",
        "Line 1, column 1: the bank has no item “eno” in use.",
    ),
    "an item twice": (
        "one,one\n0.5,0.7\n0.6,0.8\n",
        "Line 1, column 2: the item “one” stands here more than once.",
    ),
    "a judge twice": (
        "judge,one\nA,0.5\nA,0.7\n",
        "Line 3, column 1: the judge “A” stands here more than once.",
    ),
    "a judge without a label": (
        "judge,one\nA,0.5\n,0.7\n",
        "Line 3, column 1: the judge has no label, and others have.",
    ),
    "a cell too few": ("one,two\n0.5\n0.6,0.8\n", "Line 2 has 1 cells, and the first line has 2."),
    "an empty cell": (
        "one,two\n0.5,\n0.6,0.8\n",
        "Line 2, column 2 (two): no rating. Every judge rates every item.",
    ),
    "a word": ("one,two\n0.5,0.7\n0.6,high\n", "Line 3, column 2 (two): “high” is no number."),
    "not a number": ("one,two\n0.5,nan\n0.6,0.8\n", "Line 2, column 2 (two): “nan” is no number."),
    "a percentage": (
        "one,two\n0.5,0.7\n0.6,80\n",
        "Line 3, column 2 (two): 80 is not from 0 to 1. Write 70 % as 0.70",
    ),
    "below nought": ("one,two\n0.5,-0.1\n0.6,0.8\n", "-0.1 is not from 0 to 1."),
    "after a blank line": ("one,two\n\n0.5,x\n0.6,0.8\n", "Line 3, column 2 (two): “x” is no"),
    "an open quotation": ('one,two\n0.5,"0.7\n0.6,0.8\n', "cannot be read as CSV"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_with_its_place(name: str) -> None:
    text, said = FAULTS[name]
    with pytest.raises(Invalid) as refused:
        read_panel(text.encode(), KNOWN)
    assert said in refused.value.sentence


def test_every_fault_is_named_at_once_and_many_are_counted() -> None:
    rows = "".join("x,y\n" for _ in range(15))
    with pytest.raises(Invalid) as refused:
        read_panel(f"one,two\n{rows}".encode(), KNOWN)
    lines = refused.value.sentence.split("\n")
    assert len(lines) == 21
    assert lines[-1] == "And 10 faults more."


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(Invalid, match="UTF-8"):
        read_panel(b"one,two\n\xff\xfe\n", KNOWN)


def test_rounds_are_put_in_the_order_of_the_last_one() -> None:
    last = b"judge,one,two\nA,0.5,0.7\nB,0.6,0.8\n"
    first = b"judge,two,one\nB,0.9,0.4\nA,0.2,0.3\n"
    new = standard_from_files(last, [first], KNOWN, test_key="t", cut_key="c")
    assert (new.items, new.ratings) == (("one", "two"), RATINGS)
    assert new.earlier == (((0.3, 0.2), (0.4, 0.9)),)
    assert (new.test_key, new.cut_key) == ("t", "c")


@pytest.mark.parametrize(
    ("first", "said"),
    [
        (b"judge,one,three\nA,0.5,0.7\nB,0.6,0.8\n", "does not rate the same items"),
        (b"judge,one,two\nA,0.5,0.7\nC,0.6,0.8\n", "does not have the same judges"),
        (b"judge,one,two\nA,0.5,0.7\nB,0.6,0.8\nC,1,1\n", "does not have the same judges"),
    ],
)
def test_rounds_of_other_items_or_judges_are_refused(first: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=f"earlier round 1 {said}"):
        standard_from_files(b"judge,one,two\nA,0.5,0.7\nB,0.6,0.8\n", [first], KNOWN)


KEYS = [f"q{n}" for n in range(5)]


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("Mean,0.9,0.9,0.9,0.9,0.9", "Line 5, column 1: “Mean” is no judge"),
        ("Moyenne :,0.9,0.9,0.9,0.9,0.9", "“Moyenne :” is no judge"),
        ("D,0.43,0.50,0.57,0.63,0.70", "Line 5 is the mean of those above it"),
    ],
)
def test_a_line_that_sums_up_others_is_no_judge(last: str, said: str) -> None:
    rows = ["A,0.4,0.5,0.6,0.7,0.8", "B,0.5,0.5,0.5,0.5,0.5", "C,0.4,0.5,0.6,0.7,0.8"]
    with pytest.raises(Invalid, match=re.escape(said)):
        read_panel("\n".join(["judge," + ",".join(KEYS), *rows, last]).encode(), KEYS)


def test_a_judge_near_the_mean_is_a_judge() -> None:
    rows = ["A,0.4,0.5,0.6,0.7,0.8", "B,0.5,0.5,0.5,0.5,0.5", "C,0.4,0.5,0.6,0.7,0.8"]
    near = "D,0.43,0.50,0.57,0.63,0.75"
    found = read_panel("\n".join(["judge," + ",".join(KEYS), *rows, near]).encode(), KEYS)
    assert found.judges == ("A", "B", "C", "D")
