"""How sure a whole rule is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.rules import Bounds, Facts, certainty_bounds, certainty_of, evaluate, parse
from tests.assessment.rules.builders import ON, sat

PRE, POST = {"test": "pre", "mastery": 0.9}, {"test": "post", "mastery": 0.9}
FREE = {"none": [{"hold": "integrity"}]}


@pytest.mark.parametrize(
    ("probabilities", "lower", "upper"),
    [([0.9], 0.9, 0.9), ([0.9, 0.8], 0.7, 0.8), ([0.5, 0.4], 0.0, 0.4), ([1.0, 1.0], 1.0, 1.0)],
)
def test_the_bounds(probabilities: list[float], lower: float, upper: float) -> None:
    found = certainty_bounds(probabilities)
    assert found.lower == pytest.approx(lower, abs=1e-12)
    assert found.upper == upper


@given(st.lists(st.sets(st.integers(0, 19)), min_size=1, max_size=5))
def test_no_dependence_leaves_the_bounds(events: list[set[int]]) -> None:
    """Events are sets among twenty equally likely cases, as dependent as they please."""
    found = certainty_bounds([len(event) / 20 for event in events])
    together = len(set.intersection(*events)) / 20
    assert found.lower - 1e-12 <= together <= found.upper + 1e-12


@pytest.mark.parametrize("probabilities", [[], [1.1], [-0.1], [float("nan")]])
def test_what_is_no_probability_is_refused(probabilities: list[float]) -> None:
    with pytest.raises(ValueError, match="`probabilities` must be"):
        certainty_bounds(probabilities)


def certainty(rule: dict[str, Any]) -> Bounds | None:
    """Return how sure a rule is, with 0.75 for the pre-test and 0.5 for the post-test."""
    facts = Facts(tests=(sat("e1", "pre", mastery=0.75), sat("e2", "post", mastery=0.5)))
    return certainty_of(evaluate(parse(rule), facts, ON))


@pytest.mark.parametrize(
    ("rule", "bounds"),
    [
        (PRE, Bounds(0.75, 0.75)),
        ({"all": [PRE, POST]}, Bounds(0.25, 0.5)),
        ({"all": [PRE, FREE]}, Bounds(0.75, 0.75)),
        ({"any": [PRE, POST]}, Bounds(0.75, 1.0)),
        ({"all": [{"any": [PRE, POST]}, POST]}, Bounds(0.25, 0.5)),
        ({"all": [PRE, {"test": "post", "percent": 50}]}, None),
        ({"at_least": 1, "of": [PRE, POST]}, None),
        ({"all": [FREE]}, None),
    ],
)
def test_bounds_pass_through_all_and_any(rule: dict[str, Any], bounds: Bounds | None) -> None:
    assert certainty(rule) == bounds
