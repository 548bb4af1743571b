"""The joints, and what holds for every rule and every set of facts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.rules import (
    AreaFact,
    Facts,
    HoldFact,
    Outcome,
    Quantity,
    Rule,
    Verdict,
    evaluate,
    outcome_to_text,
    parse,
    walk,
)
from tests.assessment.rules.builders import (
    AT,
    ON,
    facts_with,
    joined,
    positive,
    rules,
    sat,
)

MET = {"test": "post", "percent": 80}
NOT_YET = {"test": "pre", "percent": 80}
UNCLEAR = {"test": "post", "area": "a", "percent": 80, "items": 5}
HELD = {"none": [{"hold": "integrity"}]}
FREE = {"none": [{"hold": "fees"}]}
KNOWN = Facts(
    tests=(sat(areas={"a": AreaFact(4, 4, 4)}), sat("e2", "pre", 40)),
    holds=(HoldFact("h1", "integrity", ON),),
)


def outcome(rule: dict[str, Any]) -> Outcome:
    """Return what comes of a rule: MET 1, NOT_YET 0.5, UNCLEAR 0.8, HELD 0, FREE 1."""
    return evaluate(parse(rule), KNOWN, ON)


def every(found: Outcome) -> Iterator[Outcome]:
    """Yield a node and all below it."""
    yield found
    for child in found.children:
        yield from every(child)


@pytest.mark.parametrize(
    ("parts", "verdict", "progress"),
    [
        ([MET, MET], Verdict.MET, 1),
        ([MET, NOT_YET], Verdict.NOT_YET, 0.75),
        ([MET, UNCLEAR], Verdict.NOT_ENOUGH, 0.9),
        ([NOT_YET, UNCLEAR], Verdict.NOT_YET, 0.65),
        ([MET, FREE], Verdict.MET, 1),
        ([NOT_YET, FREE], Verdict.NOT_YET, 0.5),
        ([MET, HELD], Verdict.NOT_YET, 0.5),
        ([FREE], Verdict.MET, 1),
        ([HELD], Verdict.NOT_YET, 0),
    ],
)
def test_all(parts: list[Any], verdict: Verdict, progress: float) -> None:
    found = outcome({"all": parts})
    assert (found.verdict, found.progress) == (verdict, progress)


@pytest.mark.parametrize(
    ("parts", "verdict", "progress"),
    [
        ([MET, NOT_YET], Verdict.MET, 1),
        ([NOT_YET], Verdict.NOT_YET, 0.5),
        ([NOT_YET, UNCLEAR], Verdict.NOT_ENOUGH, 0.8),
    ],
)
def test_any(parts: list[Any], verdict: Verdict, progress: float) -> None:
    found = outcome({"any": parts})
    assert (found.verdict, found.progress) == (verdict, progress)


@pytest.mark.parametrize(
    ("number", "parts", "verdict", "progress"),
    [
        (1, [MET, NOT_YET, NOT_YET], Verdict.MET, 1),
        (2, [MET, MET, NOT_YET], Verdict.MET, 1),
        (2, [MET, NOT_YET, NOT_YET], Verdict.NOT_YET, 0.75),
        (2, [MET, NOT_YET, UNCLEAR], Verdict.NOT_ENOUGH, 0.9),
        (2, [UNCLEAR, NOT_YET], Verdict.NOT_YET, 0.65),
        (3, [MET, UNCLEAR, NOT_YET, NOT_YET], Verdict.NOT_YET, 0.766666),
    ],
)
def test_at_least(number: int, parts: list[Any], verdict: Verdict, progress: float) -> None:
    found = outcome({"at_least": number, "of": parts})
    assert (found.verdict, found.progress) == (verdict, progress)
    assert found.figures[0].quantity is Quantity.PARTS


@pytest.mark.parametrize(
    ("weighted", "percent", "verdict", "total", "progress"),
    [
        ([[MET, 1], [NOT_YET, 1]], 75, Verdict.MET, 75, 1),
        ([[MET, 1], [NOT_YET, 1]], 75.1, Verdict.NOT_YET, 75, 0.998668),
        ([[MET, 3], [NOT_YET, 1]], 87.5, Verdict.MET, 87.5, 1),
        ([[NOT_YET, 0.1], [NOT_YET, 0.2]], 100, Verdict.NOT_YET, 50, 0.5),
        ([[UNCLEAR, 1], [NOT_YET, 1]], 75, Verdict.NOT_ENOUGH, 65, 0.866666),
        ([[UNCLEAR, 1], [NOT_YET, 1]], 76, Verdict.NOT_YET, 65, 0.855263),
    ],
)
def test_weighted(
    weighted: list[Any], percent: float, verdict: Verdict, total: float, progress: float
) -> None:
    found = outcome({"weighted": weighted, "percent": percent})
    assert (found.verdict, found.progress) == (verdict, progress)
    assert found.figures[0].found == total


@pytest.mark.parametrize(
    ("parts", "met"),
    [([NOT_YET], True), ([MET], False), ([NOT_YET, MET], False), ([UNCLEAR], True)],
)
def test_none(parts: list[Any], met: bool) -> None:
    found = outcome({"none": parts})
    assert found.met is met
    assert found.progress == met


def test_the_day_is_a_date() -> None:
    with pytest.raises(ValueError, match="`on` must be a date without a time"):
        evaluate(parse(MET), KNOWN, AT)
    assert isinstance(AT, datetime)


def test_the_pre_test_opens_the_post_test() -> None:
    opens = parse({"test": "pre", "percent": 80})
    assert not evaluate(opens, Facts(), ON).met
    assert evaluate(opens, Facts(tests=(sat(test="pre", score=80),)), ON).met


@given(rules, facts_with())
def test_progress_is_one_exactly_when_met(rule: Rule, facts: Facts) -> None:
    for node in every(evaluate(rule, facts, ON)):
        assert 0 <= node.progress <= 1
        assert (node.progress == 1) is node.met


@given(rules, facts_with())
def test_the_outcome_has_the_shape_of_the_rule(rule: Rule, facts: Facts) -> None:
    nodes = [(node.path, node.rule) for node in every(evaluate(rule, facts, ON))]
    assert nodes == [(node.path, node.rule) for node in walk(rule)]


@given(positive.map(parse), facts_with("old "), facts_with("new "))
def test_more_evidence_never_takes_progress_away(rule: Rule, old: Facts, new: Facts) -> None:
    before, after = evaluate(rule, old, ON), evaluate(rule, joined(old, new), ON)
    for one, other in zip(every(before), every(after), strict=True):
        assert one.progress <= other.progress
        assert other.met or not one.met


@settings(max_examples=150)
@given(rules, facts_with(), st.randoms(use_true_random=False))
def test_the_order_of_facts_never_matters(rule: Rule, facts: Facts, random: Any) -> None:
    def shuffled(each: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(random.sample(each, len(each)))

    other = Facts(
        shuffled(facts.tests),
        shuffled(facts.rubrics),
        shuffled(facts.achievements),
        shuffled(facts.recognitions),
        shuffled(facts.holds),
    )
    assert outcome_to_text(evaluate(rule, facts, ON)) == outcome_to_text(evaluate(rule, other, ON))


@given(rules, facts_with())
def test_only_evidence_at_hand_is_used(rule: Rule, facts: Facts) -> None:
    records = (facts.tests, facts.rubrics, facts.achievements, facts.recognitions, facts.holds)
    known = {fact.evidence_id for kind in records for fact in kind}
    assert set(evaluate(rule, facts, ON).evidence_ids) <= known


@given(positive.map(parse))
def test_without_facts_no_rule_is_met_but_by_a_veto(rule: Rule) -> None:
    found = evaluate(rule, Facts(), ON)
    assert found.verdict is Verdict.NOT_YET
    assert found.progress == 0
