"""The leaves that name a test."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.rules import (
    AreaFact,
    Facts,
    Figure,
    Identity,
    Outcome,
    Quantity,
    Supervision,
    TestFact,
    Verdict,
    evaluate,
    parse,
)
from tests.assessment.rules.builders import AT, ON, sat


def outcome(leaf: dict[str, Any], *tests: TestFact) -> Outcome:
    """Return what sittings say of a leaf of the test "post"."""
    return evaluate(parse({"test": "post", **leaf}), Facts(tests=tests), ON)


def test_seventy_of_a_hundred_passes_seventy_and_sixty_nine_does_not() -> None:
    assert outcome({"percent": 70}, sat(score=70)).met
    short = outcome({"percent": 70}, sat(score=69))
    assert short.verdict is Verdict.NOT_YET
    assert short.figures == (Figure(Quantity.SCORE, 70, 69, met=False),)


@given(st.integers(0, 400), st.integers(1, 400), st.integers(1, 1000))
def test_scores_compare_exactly(points: int, possible: int, tenths: int) -> None:
    met = outcome({"percent": tenths / 10}, sat(score=points, possible=possible)).met
    assert met is (points * 1000 >= tenths * possible)


def test_two_thirds_is_less_than_its_rounding() -> None:
    two_of_three = sat(score=2, possible=3)
    assert outcome({"percent": 66.66}, two_of_three).met
    assert not outcome({"percent": 66.67}, two_of_three).met


def test_part_points_count_exactly() -> None:
    third = sat(score=Fraction(1, 3), possible=1)
    assert not outcome({"percent": 33.34}, third).met
    assert outcome({"percent": 62.5}, sat(score=Decimal("62.5"))).met


def test_a_hair_short_never_reads_as_reached() -> None:
    hair = outcome({"percent": 80}, sat(score=79_999_999_9, possible=10**9))
    assert not hair.met
    assert hair.progress == 0.999999
    assert hair.figures[0].found == 79.999999


def test_nothing_shown_is_not_yet() -> None:
    nothing = outcome({"percent": 70, "identity": "document"}, sat(test="pre"))
    assert nothing.verdict is Verdict.NOT_YET
    assert nothing.progress == 0
    assert nothing.facts == ()
    assert nothing.figures == (
        Figure(Quantity.SCORE, 70, None, met=False),
        Figure(Quantity.IDENTITY, "document", None, met=False),
    )


def test_a_test_without_points_shows_nothing() -> None:
    empty = outcome({"percent": 1}, sat(score=0, possible=0))
    assert not empty.met
    assert empty.figures[0].found == 0


def test_the_best_sitting_wins_and_is_recorded() -> None:
    best = outcome({"percent": 70}, sat("e1", score=60), sat("e2", score=90), sat("e3", score=75))
    assert best.evidence_ids == ("e2",)
    assert best.figures[0].found == 90


def test_of_equal_sittings_the_stronger_then_the_earlier_then_the_smaller_id_wins() -> None:
    late, early = sat("e1", occurred_on=AT), sat("e2", occurred_on=AT - timedelta(1))
    watched = sat("e3", occurred_on=AT, supervision=Supervision.REMOTE)
    checked = sat("e4", occurred_on=AT, identity=Identity.DOCUMENT)
    rule = {"percent": 70}
    assert outcome(rule, late, sat("e0", occurred_on=AT)).evidence_ids == ("e0",)
    assert outcome(rule, late, early).evidence_ids == ("e2",)
    assert outcome(rule, late, early, checked).evidence_ids == ("e4",)
    assert outcome(rule, late, early, checked, watched).evidence_ids == ("e3",)


@pytest.mark.parametrize(
    ("asked", "supervision", "identity", "met"),
    [
        ({}, "none", "self", True),
        ({"supervision": "none", "identity": "self"}, "none", "self", True),
        ({"supervision": "remote"}, "none", "document", False),
        ({"supervision": "remote"}, "remote", "self", True),
        ({"supervision": "remote"}, "invigilated", "self", True),
        ({"supervision": "invigilated"}, "remote", "self", False),
        ({"identity": "sign-in"}, "invigilated", "self", False),
        ({"identity": "sign-in"}, "none", "document", True),
        ({"identity": "document"}, "none", "sign-in", False),
        ({"supervision": "remote", "identity": "document"}, "remote", "document", True),
        ({"supervision": "remote", "identity": "document"}, "remote", "sign-in", False),
    ],
)
@pytest.mark.parametrize("leaf", [{"percent": 70}, {"mastery": 0.9}, {"area": "a", "percent": 70}])
def test_conditions_are_a_minimum(
    leaf: dict[str, Any], asked: dict[str, str], supervision: str, identity: str, met: bool
) -> None:
    sitting = sat(
        score=90,
        mastery=0.95,
        areas={"a": AreaFact(9, 10, 10)},
        supervision=Supervision(supervision),
        identity=Identity(identity),
    )
    found = outcome({**leaf, **asked}, sitting)
    assert found.met is met
    assert found.progress == (1 if met else 0)
    assert all(figure.met for figure in found.figures) is met


def test_a_sitting_under_the_conditions_counts_before_a_better_one_without() -> None:
    rule = {"percent": 80, "supervision": "invigilated"}
    watched = sat("e1", score=60, supervision=Supervision.INVIGILATED)
    found = outcome(rule, watched, sat("e2", score=95))
    assert found.evidence_ids == ("e1",)
    assert found.progress == 0.75


def area(points: int, possible: int, answered: int, evidence_id: str = "e1") -> TestFact:
    """Return a sitting with one area."""
    return sat(evidence_id, areas={"a": AreaFact(points, possible, answered)})


def test_an_area_needs_its_score_and_its_questions() -> None:
    rule = {"area": "a", "percent": 80, "items": 5}
    assert outcome(rule, area(4, 5, 5)).met
    assert outcome(rule, area(3, 5, 5)).verdict is Verdict.NOT_YET
    too_few = outcome(rule, area(4, 4, 4))
    assert too_few.verdict is Verdict.NOT_ENOUGH
    assert too_few.figures == (
        Figure(Quantity.SCORE, 80, 100, met=True),
        Figure(Quantity.ANSWERED, 5, 4, met=False),
    )
    assert too_few.progress == 0.8


def test_a_sitting_that_lacks_the_area_says_nothing_of_it() -> None:
    assert outcome({"area": "a", "percent": 1}, sat(score=100)).verdict is Verdict.NOT_ENOUGH


def test_mastery_is_a_probability_and_the_certainty() -> None:
    met = outcome({"mastery": 0.9}, sat(mastery=0.9))
    assert met.met
    assert met.certainty == 0.9
    below = outcome({"mastery": 0.9}, sat(mastery=0.899999))
    assert below.verdict is Verdict.NOT_YET
    assert below.certainty == 0.899999


def test_without_a_probability_there_is_not_enough_evidence() -> None:
    unknown = outcome({"mastery": 0.9}, sat(mastery=None))
    assert unknown.verdict is Verdict.NOT_ENOUGH
    assert unknown.figures == (Figure(Quantity.MASTERY, 0.9, None, met=False),)
    assert unknown.certainty is None


def test_a_plain_score_claims_no_certainty() -> None:
    assert outcome({"percent": 70}, sat(mastery=0.99)).certainty is None


def test_too_few_questions_under_the_wrong_conditions_are_not_yet() -> None:
    rule = {"area": "a", "percent": 80, "items": 5, "supervision": "remote"}
    assert outcome(rule, area(4, 4, 4)).verdict is Verdict.NOT_YET
