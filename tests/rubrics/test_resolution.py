"""What holds of any ratings whatever, and how quickly."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rubrics import (
    Cause,
    MoreEvidence,
    NeedsAdjudication,
    NeedsRating,
    NeedsThirdRater,
    Policy,
    Rating,
    Resolved,
    resolve,
)
from tests.rubrics.examples import (
    KEYS,
    SCALE,
    assessors,
    causes,
    observers,
    panels,
    plain,
    policies,
    policy,
    ranks,
    rating,
)


@given(panels(), policies(), st.randoms(use_true_random=False))
def test_order_never_matters(panel: list[Rating], rules: Policy, chance: Any) -> None:
    shuffled = list(panel)
    chance.shuffle(shuffled)
    assert resolve(shuffled, rules) == resolve(panel, rules)


@given(assessors(most=1), observers(most=6), policies(raters=2))
def test_observers_never_decide_without_the_assessors(
    few: list[Rating], crowd: list[Rating], rules: Policy
) -> None:
    found = resolve([*few, *crowd], rules)
    assert isinstance(found, NeedsRating)
    assert found.reasons[0].cause is Cause.ASSESSORS


@given(assessors(least=2), observers(), policies())
def test_observers_never_change_a_level(
    panel: list[Rating], crowd: list[Rating], rules: Policy
) -> None:
    alone, together = resolve(panel, rules), resolve([*panel, *crowd], rules)
    if isinstance(alone, Resolved) and isinstance(together, Resolved):
        assert (alone.level, alone.criteria) == (together.level, together.criteria)
    called = NeedsThirdRater | NeedsAdjudication
    assert not (isinstance(alone, called) and isinstance(together, Resolved))


@given(panels(), policies())
def test_what_is_in_conflict_changes_no_outcome(panel: list[Rating], rules: Policy) -> None:
    clean = [each for each in panel if not each.in_conflict]
    found, expected = resolve(panel, rules), resolve(clean, rules)
    assert type(found) is type(expected)
    if isinstance(found, Resolved) and isinstance(expected, Resolved):
        assert (found.level, found.raters) == (expected.level, expected.raters)


@given(panels(), policies())
def test_what_is_safety_critical_never_passes_below_its_level(
    panel: list[Rating], rules: Policy
) -> None:
    found = resolve(panel, rules)
    if isinstance(found, Resolved):
        for each in rules.shown:
            rank = SCALE.index(found.criteria[each.key])
            if each.is_safety_critical and rank < SCALE.index(each.safety_level):
                assert (found.level, found.is_reached) == (SCALE[0], False)


@given(panels(), policies())
def test_one_who_observed_nothing_lowers_nothing(panel: list[Rating], rules: Policy) -> None:
    before = resolve(panel, rules)
    after = resolve([*panel, rating("blind", None, None, None)], rules)
    if isinstance(before, Resolved):
        assert after == before


@given(panels(), policies())
def test_a_later_round_in_which_nothing_was_observed_changes_nothing(
    panel: list[Rating], rules: Policy
) -> None:
    before = resolve(panel, rules)
    if isinstance(before, Resolved):
        later = [rating(f"later {n}", None, None, None, round=9) for n in range(3)]
        assert resolve([*panel, *later], rules) == before


@settings(max_examples=200)
@given(panels(), policies(), st.data())
def test_a_higher_mark_never_lowers_the_outcome(
    panel: list[Rating], rules: Policy, data: st.DataObject
) -> None:
    before = resolve(panel, rules)
    after = resolve([raised(each, data) for each in panel], rules)
    if isinstance(before, Resolved) and isinstance(after, Resolved):
        assert SCALE.index(after.level) >= SCALE.index(before.level)
        assert all(high >= low for high, low in zip(ranks(after), ranks(before), strict=True))


@given(panels(), policies())
def test_every_criterion_is_marked_by_as_many_assessors_as_are_asked_for(
    panel: list[Rating], rules: Policy
) -> None:
    found = resolve(panel, rules)
    if isinstance(found, Resolved):
        assert found.raters == min(found.raters_by.values()) == found.by_role["assessor"]
        assert found.raters >= rules.raters
        assert found.by_role.get("observer", 0) >= rules.observers_needed
        assert set(found.by_role) <= {"assessor", "observer"}
        assert set(found.raters_by) == set(rules.criteria)


def raised(given_rating: Rating, data: st.DataObject) -> Rating:
    """Return a rating with each of its marks the same or higher."""
    old = [given_rating.marks.get(key) for key in KEYS if key in given_rating.marks]
    new = [
        None
        if level is None
        else min(SCALE.index(level) + data.draw(st.sampled_from([0, 0, 1, 2])), 3)
        for level in old
    ]
    return rating(
        given_rating.rater,
        *new,
        role=given_rating.role,
        round=given_rating.round,
        occasions=given_rating.occasions,
        in_conflict=given_rating.in_conflict,
        is_capped=given_rating.is_capped,
    )


@given(panels(), policies())
def test_what_is_not_resolved_says_why(panel: list[Rating], rules: Policy) -> None:
    found = resolve(panel, rules)
    if not isinstance(found, Resolved):
        assert found.reasons
        assert all(key in rules.criteria for key in found.criteria)
    elif not found.is_reached:
        short = {Cause.SAFETY_LEVEL, Cause.MINIMUM, Cause.POINTS}
        assert short & set(causes(found))


@given(st.lists(st.integers(0, 3), min_size=3, max_size=3))
def test_the_median_of_three_is_of_a_pair_that_agrees(each: list[int]) -> None:
    panel = [rating(f"r{n}", mark, mark, mark) for n, mark in enumerate(each)]
    found = resolve(panel, policy(rubric=plain(), closeness="exact"))
    if len(set(each)) == 3:
        assert isinstance(found, NeedsAdjudication)
    else:
        assert isinstance(found, Resolved)
        assert each.count(ranks(found)[0]) >= 2


def test_the_ratings_drawn_here_reach_every_outcome() -> None:
    """What holds of any ratings would say nothing, were one outcome never drawn."""
    seen: Counter[type[Any]] = Counter()

    @settings(max_examples=300, database=None, derandomize=True)
    @given(panels(), policies())
    def draw(panel: list[Rating], rules: Policy) -> None:
        seen[type(resolve(panel, rules))] += 1

    draw()
    outcomes = {Resolved, NeedsRating, NeedsThirdRater, NeedsAdjudication, MoreEvidence}
    assert set(seen) == outcomes
    assert min(seen.values()) >= 5
