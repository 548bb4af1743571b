"""How sure we are, in sentences."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.rules import (
    Basis,
    Explanation,
    Facts,
    TestFact,
    assurance_of,
    assurance_sentences,
    evaluate,
    explain,
    parse,
)
from assessment.rules.assured import probable
from assessment.rules.voices import Voice
from tests.assessment.rules.builders import ON, VOICE, measured, sat

POST, PRE = {"test": "post", "mastery": 0.9}, {"test": "pre", "mastery": 0.9}


def told(rule: dict[str, Any], *facts: TestFact) -> Explanation:
    """Return what comes of a rule, in English."""
    return explain(evaluate(parse(rule), Facts(tests=facts), ON), **VOICE, format_date=str)


def test_a_leaf_says_how_sure_from_what_and_what_else_it_might_have_been() -> None:
    assert told(POST, measured(0.94)).sureness == (
        "We are 94 % sure that your ability is above the passing mark.",
        (
            "On the scale of abilities, whose unit is called the logit, you were measured at 0.62,"
            " give or take 0.31 (one standard error); the passing mark is at 0.10."
        ),
        "The scale of this demonstration was calibrated from simulated responses (set 2).",
        (
            "Before your first answer we took both sides of the mark for equally likely. From a"
            " lower start, or a higher one, the probability would be 92 % or 96 %."
        ),
    )


def test_a_scale_from_people_says_so() -> None:
    fact = measured(0.94)
    assert fact.ability is not None
    real = replace(fact, ability=replace(fact.ability, simulated=False))
    assert "The scale was calibrated from recorded responses (set 2)." in told(POST, real).sureness
    assert "simulated" not in " ".join(told(POST, real).sureness)


def test_a_scale_that_a_panel_placed_is_never_called_calibrated() -> None:
    fact = measured(0.94)
    assert fact.ability is not None
    judged = replace(fact, ability=replace(fact.ability, simulated=False, judged=True))
    said = told(POST, judged).sureness
    assert (
        "Questions and passing mark were placed by a panel’s judgement (set 2): there are no"
        " responses behind them yet, and these figures take that judgement for right."
    ) in said
    assert "calibrated" not in " ".join(said)


def test_nobody_is_told_to_be_surely_below() -> None:
    assert told(POST, measured(0.12)).sureness[0] == (
        "The probability that your ability is above the passing mark is 12 %."
    )


@pytest.mark.parametrize(
    ("probability", "sentence"),
    [
        (
            0.993,
            (
                "Judged from a sample of 40 questions of this domain, we are more than 99 % sure"
                " that you would reach the passing mark on all of it."
            ),
        ),
        (
            0.3,
            (
                "Judged from a sample of 40 questions of this domain, the probability that you"
                " would reach the passing mark on all of it is 30 %."
            ),
        ),
    ],
)
def test_sampled_questions_say_so(probability: float, sentence: str) -> None:
    fact = sat(score=36, possible=40, mastery=probability, basis=Basis.SAMPLED)
    assert told(POST, fact).sureness == (sentence,)
    assert told({"test": "post", "percent": 80}, fact).sureness == (sentence,)


def test_a_sitting_that_measured_nothing_says_nothing() -> None:
    assert told({"test": "post", "percent": 80}, sat(score=90)).sureness == ()
    assert told(POST).sureness == ()


def test_what_the_start_decides_is_said_to_be_so() -> None:
    assert told(POST, measured(0.89)).sentence == (
        "Not enough evidence to say: certainty 89 %, 90 % needed, and what was expected beforehand"
        " would still decide it."
    )
    assert told(POST, measured(0.89)).missing == (
        "Still missing: a certainty of at least 90 % on test post.",
    )


def test_a_sure_sitting_under_other_conditions_says_that_these_are_lacking() -> None:
    watched = {**POST, "supervision": "invigilated"}
    assert told(watched, measured(0.94)).sentence == (
        "Not yet shown under the conditions needed: 94 %, 90 % needed."
    )


def test_several_leaves_are_bounded_together() -> None:
    both = told({"all": [PRE, POST]}, measured(0.94), measured(0.96, test="pre"))
    assert both.sureness == (
        "Of all of this together, we are sure to at least 90 % and at most 94 %.",
    )
    assert both.children[0].ability is not None
    alone = told({"all": [POST]}, measured(0.94))
    assert alone.sureness == ()


def test_bounds_are_rounded_outwards_and_said_once_where_they_are_the_same() -> None:
    rule = {"all": [PRE, POST]}
    near = told(rule, measured(0.9413), measured(0.9607, test="pre"))
    assert near.sureness == (
        "Of all of this together, we are sure to at least 90 % and at most 95 %.",
    )
    most = told(rule, measured(0.99999, within=0), measured(0.99999, test="pre", within=0))
    assert most.sureness == ("Of all of this together, we are more than 99 % sure.",)


def test_what_the_start_does_not_change_is_said_so() -> None:
    assert told(POST, measured(0.99999, within=0.000001)).sureness[-1] == (
        "Before your first answer we took both sides of the mark for equally likely. From a lower"
        " start, or a higher one, the result would be about the same."
    )


def test_what_stands_under_a_veto_is_not_told() -> None:
    vetoed = told({"none": [POST]}, measured(0.94)).children[0]
    assert (vetoed.sureness, vetoed.ability) == ((), None)


def test_an_assurance_reads_alone_as_it_does_in_a_decision() -> None:
    found = assurance_of(measured(0.94))
    assert found is not None
    assert assurance_sentences(found, **VOICE) == told(POST, measured(0.94)).sureness


def test_a_status_and_what_it_rests_on_name_the_same_certainty() -> None:
    found = told(POST, measured(0.356))
    assert "certainty 35 %, 90 % needed" in found.sentence
    assert found.sureness[0].endswith(" is 35 %.")


@given(st.integers(0, 10**6))
def test_a_probability_is_cut_and_never_quite_sure(millionths: int) -> None:
    shown = probable(millionths / 10**6, Voice(**VOICE))
    exact = Fraction(millionths, 10**4)
    if exact < 1:
        assert shown == "less than 1 %"
    elif exact > 99:
        assert shown == "more than 99 %"
    else:
        assert shown == f"{exact.__floor__()} %"


@pytest.mark.parametrize(
    ("needed", "found", "shown"),
    [
        (0.9, 1, "more than 99 %"),
        (0.9, 0, "less than 1 %"),
        (0.9, 0.94321, "94 %"),
        (0.905, 0.90521, "90.5 %"),
        (0.9995, 1, "99.95 %"),
    ],
)
def test_no_status_claims_to_be_quite_sure(needed: float, found: float, shown: str) -> None:
    sentence = told({"test": "post", "mastery": needed}, measured(found, within=0)).sentence
    assert f"certainty {shown}, " in sentence or f"certainty of {shown}, " in sentence
