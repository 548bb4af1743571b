"""Mastery: sure enough, whatever was expected beforehand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.rules import (
    Basis,
    Facts,
    Outcome,
    Quantity,
    TestFact,
    Verdict,
    assurance_of,
    evaluate,
    mastery_verdict,
    parse,
    verdict_either_way,
)
from tests.assessment.rules.builders import ON, measured, sat

NEEDED = Fraction(9, 10)
LEAF = {"test": "post", "mastery": 0.9}
shares = st.integers(0, 1000).map(lambda n: n / 1000)


def judged(*facts: TestFact) -> Outcome:
    """Return what sittings say of the leaf."""
    return evaluate(parse(LEAF), Facts(tests=facts), ON)


def between(lowest: float | None, found: float | None, highest: float | None) -> TestFact:
    """Return a sitting with a probability and what else it might have been."""
    return measured(0, mastery=found, mastery_lowest=lowest, mastery_highest=highest)


@pytest.mark.parametrize(
    ("lowest", "found", "highest", "verdict"),
    [
        (0.92, 0.94, 0.96, Verdict.MET),
        (0.9, 0.94, 0.96, Verdict.MET),
        (0.899999, 0.94, 0.96, Verdict.NOT_ENOUGH),
        (0.8, 0.899999, 0.9, Verdict.NOT_ENOUGH),
        (0.8, 0.89, 0.899999, Verdict.NOT_YET),
        (0.01, 0.02, 0.04, Verdict.NOT_YET),
        (None, 0.9, None, Verdict.MET),
        (None, 0.899999, None, Verdict.NOT_YET),
        (None, None, None, Verdict.NOT_ENOUGH),
    ],
)
def test_a_verdict_that_the_start_would_change_is_not_enough_evidence(
    lowest: float | None, found: float | None, highest: float | None, verdict: Verdict
) -> None:
    fact = between(lowest, found, highest)
    assert mastery_verdict(fact, NEEDED) is verdict
    assert judged(fact).verdict is verdict


@pytest.mark.parametrize(
    ("lowest", "found", "highest", "verdict"),
    [
        (0.9, 0.94, 0.96, Verdict.MET),
        (0.89, 0.94, 0.96, Verdict.NOT_ENOUGH),
        (0.4, 0.5, 0.6, Verdict.NOT_ENOUGH),
        (0.04, 0.06, 0.100001, Verdict.NOT_ENOUGH),
        (0.04, 0.06, 0.1, Verdict.NOT_YET),
        (None, 0.1, None, Verdict.NOT_YET),
        (None, None, None, Verdict.NOT_ENOUGH),
    ],
)
def test_either_way_it_takes_the_same_certainty(
    lowest: float | None, found: float | None, highest: float | None, verdict: Verdict
) -> None:
    assert verdict_either_way(between(lowest, found, highest), NEEDED) is verdict


@given(shares, shares, shares)
def test_it_is_met_exactly_when_progress_is_whole(a: float, b: float, c: float) -> None:
    lowest, found, highest = sorted((a, b, c))
    outcome = judged(between(lowest, found, highest))
    assert outcome.met is (outcome.progress == 1) is (lowest >= 0.9)
    assert outcome.certainty == found


def test_progress_is_that_of_the_least_probability() -> None:
    outcome = judged(between(0.45, 0.93, 0.99))
    assert outcome.progress == 0.5
    assert [(figure.quantity, figure.met) for figure in outcome.figures] == [
        (Quantity.MASTERY, True),
        (Quantity.LOWEST, False),
    ]
    assert [missing.path for missing in outcome.missing] == [""]


def test_the_sitting_that_is_sure_counts_before_one_that_only_looks_so() -> None:
    sure, lucky = measured(0.92, evidence_id="e1"), between(0.5, 0.97, 0.99)
    assert judged(lucky, sure).evidence_ids == ("e1",)


def test_a_sitting_is_used_with_what_it_measured() -> None:
    fact = measured(0.94)
    (used,) = judged(fact).facts
    assert used.assurance is not None
    assert used.assurance == assurance_of(fact)
    assert used.assurance.ability is fact.ability
    assert used.assurance.questions is None


def test_a_sample_says_how_many_questions_it_is() -> None:
    fact = sat(score=36, possible=40, mastery=0.97, basis=Basis.SAMPLED)
    found = assurance_of(fact)
    assert found is not None
    assert (found.questions, found.lowest, found.ability) == (40, None, None)


def test_a_score_is_used_with_what_the_sitting_measured_and_one_area_is_not() -> None:
    fact = measured(0.94, score=85)
    score = evaluate(parse({"test": "post", "percent": 80}), Facts(tests=(fact,)), ON)
    assert score.facts[0].assurance == assurance_of(fact)
    assert score.certainty is None
    area = {"test": "post", "area": "tools", "percent": 80}
    assert evaluate(parse(area), Facts(tests=(fact,)), ON).facts[0].assurance is None
