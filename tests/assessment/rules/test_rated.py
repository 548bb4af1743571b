"""The leaves that name a rubric."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from assessment.rules import (
    CriterionFact,
    Facts,
    Figure,
    Outcome,
    Quantity,
    RubricFact,
    Verdict,
    evaluate,
    parse,
)
from tests.assessment.rules.builders import AT, ON, safety, shown


def outcome(leaf: dict[str, Any], *rubrics: RubricFact) -> Outcome:
    """Return what performances say of a leaf of the rubric "task"."""
    rule = {"rubric": "task", "level": "proficient", **leaf}
    return evaluate(parse(rule), Facts(rubrics=rubrics), ON)


@pytest.mark.parametrize(
    ("level", "verdict", "progress"),
    [
        ("novice", Verdict.NOT_YET, 0.5),
        ("proficient", Verdict.MET, 1),
        ("expert", Verdict.MET, 1),
    ],
)
def test_a_level_or_above(level: str, verdict: Verdict, progress: float) -> None:
    found = outcome({}, shown(level=level))
    assert (found.verdict, found.progress) == (verdict, progress)
    assert found.figures[0] == Figure(
        Quantity.LEVEL, "proficient", level, met=verdict is Verdict.MET
    )


def test_nothing_shown_is_not_yet() -> None:
    nothing = outcome({"occasions": 2, "including": {"observer": 1}})
    assert nothing.verdict is Verdict.NOT_YET
    assert nothing.progress == 0
    assert [figure.quantity for figure in nothing.figures] == [
        Quantity.LEVEL,
        Quantity.RATERS,
        Quantity.ROLE,
        Quantity.OCCASIONS,
    ]


def test_another_rubric_says_nothing() -> None:
    other = evaluate(parse({"rubric": "other", "level": "novice"}), Facts(rubrics=(shown(),)), ON)
    assert other.facts == ()


def test_too_few_raters_are_not_enough_evidence() -> None:
    one = outcome({"raters": 2}, shown())
    assert one.verdict is Verdict.NOT_ENOUGH
    assert one.progress == 0.5
    assert outcome({"raters": 2}, shown(raters=2)).met


def test_raters_of_two_performances_do_not_add_up() -> None:
    assert not outcome({"raters": 2}, shown("p1"), shown("p2")).met


def test_raters_must_include_the_roles() -> None:
    rule = {"raters": 2, "including": {"observer": 1}}
    assessors = shown(raters=2, by_role={"assessor": 2})
    both = shown(raters=2, by_role={"assessor": 1, "observer": 1})
    assert outcome(rule, assessors).verdict is Verdict.NOT_ENOUGH
    assert outcome(rule, assessors).figures[2] == Figure(
        Quantity.ROLE, 1, 0, met=False, role="observer"
    )
    assert outcome(rule, both).met


def test_occasions_add_up_over_performances_each_once() -> None:
    monday = shown("p1", occasions=("mon",))
    again = shown("p2", occasions=("mon",))
    tuesday = shown("p3", occasions=("tue",))
    assert outcome({"occasions": 2}, monday, again).verdict is Verdict.NOT_ENOUGH
    assert outcome({"occasions": 2}, monday, again).progress == 0.5
    two = outcome({"occasions": 2}, monday, again, tuesday)
    assert two.met
    assert two.evidence_ids == ("p1", "p3")
    assert two.figures[-1] == Figure(Quantity.OCCASIONS, 2, 2, met=True)


def test_one_performance_may_span_occasions() -> None:
    assert outcome({"occasions": 2}, shown(occasions=("mon", "tue"))).met


def test_performances_that_name_no_occasion_are_one_each() -> None:
    assert outcome({"occasions": 2}, shown("p1"), shown("p2")).met
    assert not outcome({"occasions": 2}, shown("p1")).met


def test_an_occasion_below_the_level_does_not_count() -> None:
    good, poor = shown("p1", occasions=("mon",)), shown("p2", "novice", occasions=("tue",))
    found = outcome({"occasions": 2}, good, poor)
    assert not found.met
    assert found.progress == 0.75
    assert found.figures[-1] == Figure(Quantity.OCCASIONS, 2, 1, met=False)


def test_one_occasion_has_no_figure_of_its_own() -> None:
    assert [figure.quantity for figure in outcome({}, shown()).figures] == [
        Quantity.LEVEL,
        Quantity.RATERS,
    ]


def test_the_best_performance_wins() -> None:
    found = outcome({}, shown("p1"), shown("p2", "expert"), shown("p3", "novice"))
    assert found.evidence_ids == ("p2",)


def test_of_equal_performances_the_earlier_then_the_smaller_id_wins() -> None:
    early = shown("p9", occurred_on=AT - timedelta(1))
    assert outcome({}, shown("p2"), shown("p1")).evidence_ids == ("p1",)
    assert outcome({}, shown("p1"), early).evidence_ids == ("p9",)


def test_a_criterion_is_judged_on_its_own_scale() -> None:
    rule = {"criterion": "safety", "level": "safe"}
    scale = ("unsafe", "safe")
    assert outcome(rule, shown("p1", "novice", criteria=safety("safe", scale))).met
    unsafe = outcome(rule, shown("p1", "expert", criteria=safety("unsafe", scale)))
    assert unsafe.verdict is Verdict.NOT_YET


def test_a_criterion_not_observed_is_not_zero_but_not_enough_evidence() -> None:
    found = outcome({"criterion": "safety"}, shown(level="expert"))
    assert found.verdict is Verdict.NOT_ENOUGH
    assert found.figures[0].found is None


def test_a_scale_without_the_level_does_not_count() -> None:
    other = shown(level="pass", levels=("fail", "pass"))
    assert outcome({}, other).progress == 0


def below(level: str, *rubrics: RubricFact) -> Outcome:
    """Return the veto by the criterion "safety" below a level."""
    leaf = {"rubric": "task", "criterion": "safety", "below": level}
    return evaluate(parse({"none": [leaf]}), Facts(rubrics=rubrics), ON)


def test_a_safety_criterion_below_its_level_is_a_veto() -> None:
    poor = below("proficient", shown(criteria=safety("novice")))
    assert not poor.met
    assert poor.children[0].figures == (Figure(Quantity.LEVEL, "proficient", "novice", met=True),)
    assert below("proficient", shown(criteria=safety("proficient"))).met


def test_what_was_not_observed_is_no_veto() -> None:
    assert below("proficient").met
    assert below("proficient", shown()).met
    other = {"safety": CriterionFact("no", ("no", "yes"))}
    assert below("proficient", shown(criteria=other)).met


def test_the_last_performance_that_showed_the_criterion_counts() -> None:
    before = shown("p1", criteria=safety("novice"), occurred_on=AT - timedelta(2))
    after = shown("p2", criteria=safety("expert"), occurred_on=AT - timedelta(1))
    silent = shown("p3", occurred_on=AT)
    assert below("proficient", before, after, silent).met
    assert below("proficient", before, after, silent).children[0].evidence_ids == ("p2",)
    later = shown("p4", criteria=safety("novice"), occurred_on=AT)
    assert not below("proficient", before, after, later).met


def test_of_two_at_one_time_the_lower_level_counts() -> None:
    good, poor = shown("p1", criteria=safety("expert")), shown("p2", criteria=safety("novice"))
    assert not below("proficient", good, poor).met
    assert not below("proficient", poor, good).met
