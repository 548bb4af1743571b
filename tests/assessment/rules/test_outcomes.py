"""What is missing, and that supplying it meets the rule."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.rules import AchievementFact, Facts, HoldFact, Quantity, Rule, evaluate, gaps, parse
from assessment.rules.language import Achieved, Score
from assessment.rules.outcomes import cut, uncut
from tests.assessment.rules.builders import (
    ON,
    facts_with,
    positive,
    sat,
    supply,
    vetoed,
)


def supplied(rule: Rule, facts: Facts) -> Facts:
    """Return the facts with all that is missing supplied."""
    for index, missing in enumerate(evaluate(rule, facts, ON).missing):
        facts = supply(facts, missing, f"new {index}")
    return facts


@settings(max_examples=150)
@given(positive.map(parse), facts_with())
def test_supplying_what_is_missing_meets_the_rule(rule: Rule, facts: Facts) -> None:
    assert evaluate(rule, supplied(rule, facts), ON).met


@settings(max_examples=150)
@given(vetoed.map(parse), facts_with())
def test_lifting_what_vetoes_meets_the_rule(rule: Rule, facts: Facts) -> None:
    assert evaluate(rule, supplied(rule, facts), ON).met


@given(vetoed.map(parse), facts_with())
def test_something_is_missing_exactly_when_a_rule_is_not_met(rule: Rule, facts: Facts) -> None:
    found = evaluate(rule, facts, ON)
    assert bool(found.missing) is not found.met
    assert bool(gaps(found)) is not found.met


@given(positive.map(parse), facts_with())
def test_what_is_missing_is_among_the_gaps(rule: Rule, facts: Facts) -> None:
    found = evaluate(rule, facts, ON)
    assert set(found.missing) <= set(gaps(found))


@given(st.fractions(0, 200))
def test_numbers_are_cut_and_never_rounded_up(exact: Fraction) -> None:
    shown = cut(exact)
    assert uncut(shown) <= exact < uncut(shown) + Fraction(1, 10**6)
    assert cut(uncut(shown)) == shown


PRE, POST = {"test": "pre", "percent": 80}, {"test": "post", "percent": 80}
FACTS = Facts(tests=(sat("e1", "pre", 60), sat("e2", "post", 70)))


def paths(rule: dict[str, Any], facts: Facts = FACTS) -> list[str]:
    """Return the paths of what is missing."""
    return [missing.path for missing in evaluate(parse(rule), facts, ON).missing]


def test_a_leaf_says_by_which_figures_it_falls_short() -> None:
    (missing,) = evaluate(parse({**POST, "supervision": "remote"}), FACTS, ON).missing
    assert missing.rule == parse({**POST, "supervision": "remote"})
    assert [figure.quantity for figure in missing.lacking] == [
        Quantity.SCORE,
        Quantity.SUPERVISION,
    ]


def test_an_all_misses_every_part_and_an_any_the_nearest() -> None:
    assert paths({"all": [PRE, POST]}) == ["/all/0", "/all/1"]
    assert paths({"any": [PRE, POST]}) == ["/any/1"]
    assert paths({"any": [PRE, PRE]}) == ["/any/0"]


def test_an_at_least_misses_as_many_as_it_lacks() -> None:
    award = {"achievement": "theory"}
    rule = {"at_least": 2, "of": [award, PRE, POST]}
    assert paths(rule) == ["/of/2", "/of/1"]
    awarded = FACTS.with_achievement(AchievementFact("a1", "theory", ON))
    assert paths(rule, awarded) == ["/of/2"]


def test_a_weighted_misses_the_parts_that_add_the_most() -> None:
    rule = {"weighted": [[PRE, 1], [POST, 9], [{"achievement": "theory"}, 2]], "percent": 85}
    assert paths(rule) == ["/weighted/2/0"]
    assert paths({**rule, "percent": 99}) == ["/weighted/2/0", "/weighted/1/0", "/weighted/0/0"]


def test_a_way_without_a_veto_is_nearer() -> None:
    held = Facts(holds=(HoldFact("h1", "integrity", ON),), tests=FACTS.tests)
    blocked = {"all": [POST, {"none": [{"hold": "integrity"}]}]}
    assert paths({"any": [blocked, {"achievement": "theory"}]}, held) == ["/any/1"]


def test_a_veto_names_the_facts_that_stand() -> None:
    held = Facts(holds=(HoldFact("h1", "integrity", ON), HoldFact("h2", "integrity", ON)))
    (missing,) = evaluate(parse({"none": [{"hold": "integrity"}]}), held, ON).missing
    assert missing.veto
    assert [used.evidence_id for used in missing.standing] == ["h1", "h2"]


def test_a_veto_of_several_names_those_that_it_rests_on() -> None:
    rule = parse({"none": [{"any": [POST, {"achievement": "theory"}]}]})
    facts = Facts(tests=(sat("e1", "post", 90),))
    (missing,) = evaluate(rule, facts, ON).missing
    assert missing.path == "/none/0/any/0"
    assert missing.rule == Score("post", Fraction(80))


def test_a_part_that_does_not_veto_is_not_named() -> None:
    held = Facts(tests=FACTS.tests, holds=(HoldFact("h1", "integrity", ON),))
    assert paths({"none": [POST, {"hold": "integrity"}]}, held) == ["/none/1"]


def test_gaps_name_the_other_ways_too() -> None:
    found = evaluate(parse({"any": [PRE, {"all": [POST, {"achievement": "theory"}]}]}), FACTS, ON)
    assert [gap.path for gap in gaps(found)] == ["/any/0", "/any/1/all/0", "/any/1/all/1"]
    assert gaps(found)[2].rule == Achieved("theory")


def test_a_deep_rule_is_looked_through_in_no_time() -> None:
    rule: dict[str, Any] = PRE
    for _ in range(19):
        rule = {"any": [rule]}
    assert paths(rule) == ["/any/0" * 19]


@pytest.mark.parametrize("rule", [PRE, {"all": [PRE]}, {"none": [{"hold": "integrity"}]}])
def test_a_met_rule_misses_nothing(rule: dict[str, Any]) -> None:
    assert paths(rule, Facts(tests=(sat("e1", "pre", 80),))) == []
