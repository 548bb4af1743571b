"""How ratings resolve: each rule by an example, then what holds of any ratings whatever."""

from __future__ import annotations

import time
from collections import Counter
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rubrics import (
    Cause,
    Decision,
    MoreEvidence,
    NeedsAdjudication,
    NeedsRating,
    NeedsThirdRater,
    Policy,
    Rating,
    Reason,
    Resolution,
    Resolved,
    resolve,
)
from rubrics.ratings import Role
from tests.rubrics.examples import (
    KEYS,
    SAFE,
    SCALE,
    WATCHED,
    adjudicator,
    assessors,
    criterion,
    observer,
    observers,
    panels,
    plain,
    policies,
    policy,
    rating,
    rubric,
)


def resolved(ratings: list[Rating], rules: Policy) -> Resolved:
    found = resolve(ratings, rules)
    assert isinstance(found, Resolved), found
    return found


def ranks(found: Resolved) -> list[int]:
    return [SCALE.index(level) for level in found.criteria.values()]


def causes(found: Resolution) -> list[Cause]:
    return [each.cause for each in found.reasons]


# Assessors


def test_two_assessors_who_agree_resolve_it() -> None:
    found = resolved([rating("a", 2, 2, 2), rating("b", 2, 2, 2)], policy())
    assert found == Resolved(
        level="proficient",
        levels=SCALE,
        is_reached=True,
        criteria=dict.fromkeys(KEYS, "proficient"),
        raters=2,
        raters_by=dict.fromkeys(KEYS, 2),
        by_role={"assessor": 2},
        occasions=(),
    )


def test_nobody_yet_is_one_reason_and_not_one_for_each_criterion() -> None:
    found = resolve([], policy())
    assert found == NeedsRating((Reason(Cause.ASSESSORS, "", 2, 0),), KEYS)


def test_one_assessor_is_not_enough_and_nothing_is_said_of_the_marks() -> None:
    found = resolve([rating("a", 0, None, 3)], policy())
    assert found == NeedsRating((Reason(Cause.ASSESSORS, "", 2, 1),), KEYS)


def test_a_criterion_that_one_of_two_left_out_needs_another_rating() -> None:
    found = resolve([rating("a", 2, 2), rating("b", 0, 2, 2)], policy())
    assert found == NeedsRating((Reason(Cause.ASSESSORS, "tidies", 2, 1),), ("tidies",))
    assert isinstance(found, NeedsRating)
    assert found.criteria == ("tidies",)


def test_a_policy_may_be_content_with_one_assessor() -> None:
    assert resolved([rating("a", 2, 2, 3)], policy(raters=1)).level == "proficient"


def test_who_reads_behind_a_single_assessor_must_agree_too() -> None:
    found = resolve([rating("a", 3, 2, 2), rating("b", 1, 2, 2)], policy(raters=1))
    assert found == NeedsThirdRater((Reason(Cause.DISCREPANCY, "isolates", 1, 2),), ("isolates",))


@pytest.mark.parametrize(("tie", "level"), [("lower", 1), ("higher", 2)])
def test_of_adjacent_marks_the_policy_names_the_one_that_stands(tie: str, level: int) -> None:
    found = resolved([rating("a", 1, 2, 3), rating("b", 2, 2, 3)], policy(tie=tie))
    assert ranks(found) == [level, 2, 3]


def test_where_safety_is_at_stake_the_lower_of_adjacent_marks_stands_always() -> None:
    found = resolved([rating("a", 2, 1, 3), rating("b", 2, 2, 3)], policy(tie="higher"))
    assert found.criteria[SAFE] == "developing"
    assert found.level == "not-yet"


def test_exact_agreement_may_be_asked_for_in_one_criterion() -> None:
    rules = policy(closeness_by={"tidies": "exact"})
    found = resolve([rating("a", 1, 2, 2), rating("b", 2, 2, 3)], rules)
    assert found == NeedsThirdRater((Reason(Cause.DISCREPANCY, "tidies", 0, 1),), ("tidies",))


# Disagreement


def test_marks_two_levels_apart_call_a_third_rater() -> None:
    found = resolve([rating("a", 3, 2, 2), rating("b", 1, 2, 2)], policy())
    assert found == NeedsThirdRater((Reason(Cause.DISCREPANCY, "isolates", 1, 2),), ("isolates",))


def test_or_the_adjudicator_where_the_policy_knows_no_third_rater() -> None:
    found = resolve([rating("a", 3, 2, 2), rating("b", 1, 2, 2)], policy(third_rater=False))
    assert found == NeedsAdjudication((Reason(Cause.UNSETTLED, "isolates", 1, 2),), ("isolates",))


@pytest.mark.parametrize(
    ("first", "second", "third", "level"),
    [(0, 3, 3, 3), (0, 3, 0, 0), (0, 3, 1, 1), (0, 3, 2, 2), (0, 2, 1, 1), (1, 3, 3, 3)],
)
def test_a_third_rater_who_agrees_with_one_settles_it_by_the_median(
    first: int, second: int, third: int, level: int
) -> None:
    for each in permutations([first, second, third]):
        panel = [rating(f"r{n}", mark, 2, 2) for n, mark in enumerate(each)]
        assert ranks(resolved(panel, policy())) == [level, 2, 2]


def test_a_third_rater_may_mark_only_what_is_in_dispute() -> None:
    panel = [rating("a", 3, 2, 2), rating("b", 1, 2, 2), rating("c", 3)]
    found = resolved(panel, policy())
    assert ranks(found) == [3, 2, 2]
    assert found.raters_by == {"isolates": 3, "verifies": 2, "tidies": 2}
    assert (found.raters, found.by_role) == (2, {"assessor": 2})


def test_a_third_rater_who_agrees_with_nobody_leaves_it_to_the_adjudicator() -> None:
    panel = [rating("a", 0, 2, 2), rating("b", 3, 2, 2), rating("c", 1, 2, 2)]
    found = resolve(panel, policy(closeness="exact"))
    assert found == NeedsAdjudication((Reason(Cause.UNSETTLED, "isolates", 0, 3),), ("isolates",))


def test_two_against_two_settle_nothing() -> None:
    panel = [rating(name, mark, 2, 2) for name, mark in zip("abcd", (0, 0, 3, 3), strict=True)]
    assert isinstance(resolve(panel, policy()), NeedsAdjudication)
    assert ranks(resolved([*panel, rating("e", 3, 2, 2)], policy())) == [3, 2, 2]


def test_the_adjudicators_mark_is_final_where_there_is_one() -> None:
    panel = [rating("a", 0, 2, 2), rating("b", 3, 2, 2), adjudicator(2)]
    found = resolved(panel, policy())
    assert ranks(found) == [2, 2, 2]
    assert found.reasons == (Reason(Cause.ADJUDICATED, "isolates", None, 2),)
    assert (found.raters, found.by_role) == (2, {"assessor": 2})


def test_the_adjudicator_does_not_stand_in_for_an_assessor() -> None:
    found = resolve([rating("a", 2, 2, 2), adjudicator(2, 2, 2)], policy())
    assert isinstance(found, NeedsRating)


def test_an_adjudicator_who_sees_nothing_to_judge_asks_for_more_evidence() -> None:
    panel = [rating("a", 0, 2, 2), rating("b", 3, 2, 2), adjudicator(None)]
    found = resolve(panel, policy())
    assert found == MoreEvidence((Reason(Cause.NOT_OBSERVED, "isolates", 2, 2),), ("isolates",))


# What was not observed


def test_what_nobody_could_observe_needs_more_evidence() -> None:
    found = resolve([rating("a", 2, 2, None), rating("b", 2, 2, None)], policy())
    assert found == MoreEvidence((Reason(Cause.NOT_OBSERVED, "tidies", 2, 0),), ("tidies",))


def test_what_one_observed_and_the_other_did_not_a_third_rater_looks_at() -> None:
    panel = [rating("a", 2, 2, None), rating("b", 2, 2, 2)]
    found = resolve(panel, policy())
    assert found == NeedsThirdRater((Reason(Cause.SEEN_BY_SOME, "tidies", 2, 1),), ("tidies",))
    assert ranks(resolved([*panel, rating("c", None, None, 2)], policy())) == [2, 2, 2]
    unseen = resolve([*panel, rating("c", None, None, None)], policy())
    assert unseen == MoreEvidence((Reason(Cause.NOT_OBSERVED, "tidies", 2, 1),), ("tidies",))


def test_a_criterion_that_the_task_cannot_show_is_not_asked_for() -> None:
    found = resolved([rating("a", 2), rating("b", 2)], policy(criteria=["isolates"]))
    assert found.criteria == {"isolates": "proficient"}
    assert found.is_reached


# Rounds


def test_a_later_round_counts_for_what_was_observed_in_it_and_leaves_the_rest() -> None:
    first = [rating("a", 1, 2, 2), rating("b", 1, 2, 2)]
    second = [rating("a", 3, None, round=2), rating("c", 3, None, round=2)]
    assert ranks(resolved([*first, *second], policy())) == [3, 2, 2]
    assert ranks(resolved(first, policy())) == [1, 2, 2]


def test_who_rated_only_what_was_rated_again_is_not_counted() -> None:
    first = [rating(name, 1, 2, 2) for name in "ab"]
    second = [rating(name, 3, 3, 3, round=2) for name in "cd"]
    assert resolved([*first, *second], policy()).raters == 2


def test_a_later_round_waits_for_its_own_raters() -> None:
    panel = [rating("a", 1, 2, 2), rating("b", 1, 2, 2), rating("a", 3, round=2)]
    assert resolve(panel, policy()) == NeedsRating(
        (Reason(Cause.ASSESSORS, "isolates", 2, 1),), ("isolates",)
    )


def test_observers_saw_the_work_and_not_a_round_of_it() -> None:
    panel = [
        observer("o", 2, 2),
        *[rating(name, 2, 2, 2, round=number) for name in "ab" for number in (1, 2)],
    ]
    assert resolved(panel, policy(observers=1)).by_role == {"assessor": 2, "observer": 1}


def test_who_settled_one_round_may_score_the_next() -> None:
    first = [rating("a", 0, 2, 2), rating("b", 3, 2, 2), rating("c", 1, role=Role.ADJUDICATOR)]
    second = [rating("c", 3, round=2), rating("d", 3, round=2)]
    assert ranks(resolved([*first, *second], policy())) == [3, 2, 2]


def test_an_adjudicator_in_conflict_is_replaced_by_another() -> None:
    panel = [rating("a", 0, 2, 2), rating("b", 3, 2, 2)]
    partial = rating("c", 3, role=Role.ADJUDICATOR, in_conflict=True)
    assert isinstance(resolve([*panel, partial], policy()), NeedsThirdRater)
    assert ranks(resolved([*panel, partial, adjudicator(1)], policy())) == [1, 2, 2]


# Observers


def test_an_observer_who_saw_the_work_twice_is_one_observer_on_two_occasions() -> None:
    twice = [observer("o", 2, 2, occasions=[day]) for day in ("monday", "friday")]
    panel = [rating("a", 2, 2, 2), rating("b", 2, 2, 2), *twice]
    assert causes(resolve(panel, policy(observers=2))) == [Cause.OBSERVERS]
    assert resolved(panel, policy(observers=1, occasions=2)).by_role["observer"] == 1


def test_observers_are_waited_for_where_the_policy_requires_them() -> None:
    panel = [rating("a", 2, 2, 2), rating("b", 2, 2, 2)]
    missing = resolve(panel, policy(observers=1))
    assert missing == NeedsRating((Reason(Cause.OBSERVERS, "", 1, 0),), WATCHED)
    found = resolved([*panel, observer("o", 2, 2)], policy(observers=1))
    assert (found.raters, found.by_role) == (2, {"assessor": 2, "observer": 1})


def test_an_observer_who_observed_nothing_is_none() -> None:
    panel = [rating("a", 2, 2, 2), rating("b", 2, 2, 2), observer("o", None, None)]
    assert causes(resolve(panel, policy(observers=1))) == [Cause.OBSERVERS]


def test_an_observer_in_conflict_counts_nothing_and_it_is_said() -> None:
    panel = [rating("a", 2, 2, 2), rating("b", 2, 2, 2), observer("o", 0, 0, in_conflict=True)]
    found = resolve(panel, policy(observers=1))
    assert isinstance(found, NeedsRating)
    assert causes(found) == [Cause.OBSERVERS, Cause.CONFLICT]
    assert resolved(panel, policy()).reasons == (Reason(Cause.CONFLICT, found=1),)


def test_capped_observers_count_as_one() -> None:
    panel = [
        rating("a", 2, 2, 2),
        rating("b", 2, 2, 2),
        *[observer(f"o{n}", 2, 2, is_capped=True) for n in range(5)],
    ]
    found = resolve(panel, policy(observers=2))
    assert found.reasons[0] == Reason(Cause.OBSERVERS, "", 2, 1)
    enough = resolved([*panel, observer("o", 2, 2)], policy(observers=2))
    assert enough.by_role == {"assessor": 2, "observer": 2}
    assert enough.reasons == (Reason(Cause.CAPPED, "", 1, 5),)


def test_one_capped_observer_is_nothing_to_remark_on() -> None:
    panel = [rating("a", 2, 2, 2), rating("b", 2, 2, 2), observer("o", 2, 2, is_capped=True)]
    assert resolved(panel, policy(observers=1)).reasons == ()


def test_observers_marks_raise_and_lower_no_level() -> None:
    panel = [rating("a", 2, 2, 2), rating("b", 2, 2, 2)]
    for rank in range(len(SCALE)):
        assert resolved([*panel, observer("o", rank, 2)], policy()).level == "proficient"


def test_an_observer_who_saw_less_than_is_safe_is_heard_by_the_adjudicator() -> None:
    panel = [rating("a", 2, 2, 2), rating("b", 2, 2, 2), observer("o", 2, 1)]
    found = resolve(panel, policy())
    assert found == NeedsAdjudication((Reason(Cause.OBSERVER_BELOW, SAFE, 2, 1),), (SAFE,))
    assert resolved([*panel, adjudicator(None, 2)], policy()).is_reached


def test_one_of_several_observers_who_saw_less_than_is_safe_is_enough() -> None:
    panel = [rating("a", 2, 2, 2), rating("b", 2, 2, 2), observer("o", 2, 3), observer("p", 2, 0)]
    assert resolve(panel, policy()).reasons == (Reason(Cause.OBSERVER_BELOW, SAFE, 2, 0),)


def test_occasions_are_counted_over_all_who_saw_the_work() -> None:
    panel = [
        rating("a", 2, 2, 2, occasions=["monday"]),
        rating("b", 2, 2, 2, occasions=["monday"]),
    ]
    found = resolve(panel, policy(occasions=2))
    assert found == MoreEvidence((Reason(Cause.OCCASIONS, "", 2, 1),))
    seen = [*panel, observer("o", 2, 2, occasions=["friday", "monday"])]
    assert resolved(seen, policy(occasions=2)).occasions == ("friday", "monday")


# Safety


def test_three_marks_on_both_sides_of_the_safety_level_are_no_matter_of_majority() -> None:
    panel = [rating("a", 2, 1, 2), rating("b", 2, 3, 2), rating("c", 2, 3, 2)]
    found = resolve(panel, policy())
    assert found == NeedsAdjudication((Reason(Cause.SAFETY_DIVIDED, SAFE, 2, 1),), (SAFE,))


def test_of_three_who_rate_at_first_the_lowest_stands_for_safety_and_else_the_median() -> None:
    panel = [rating("a", 1, 1, 2), rating("b", 2, 2, 2), rating("c", 2, 2, 2)]
    assert ranks(resolved(panel, policy(raters=3))) == [2, 1, 2]


def test_of_four_above_the_safety_level_the_lower_middle_mark_stands() -> None:
    panel = [rating(name, mark, mark, 2) for name, mark in zip("abcd", (2, 2, 3, 3), strict=True)]
    assert ranks(resolved(panel, policy(tie="higher"))) == [3, 2, 2]


@pytest.mark.parametrize("decision", Decision)
def test_below_the_safety_level_nothing_else_compensates(decision: Decision) -> None:
    panel = [rating("a", 3, 1, 3), rating("b", 3, 1, 3)]
    found = resolved(panel, policy(decision=decision, required="developing"))
    assert (found.level, found.is_reached) == ("not-yet", False)
    assert Reason(Cause.SAFETY_LEVEL, SAFE, 2, 1) in found.reasons


# The whole


def test_conjunctive_every_criterion_must_be_at_its_level() -> None:
    found = resolved([rating("a", 3, 3, 1), rating("b", 3, 3, 1)], policy())
    assert (found.level, found.is_reached) == ("developing", False)
    assert found.reasons == (Reason(Cause.MINIMUM, "tidies", 2, 1),)


def test_a_criterion_with_a_lower_minimum_does_not_hold_the_whole_back() -> None:
    rules = policy(minima={"tidies": "developing"})
    found = resolved([rating("a", 3, 3, 1), rating("b", 3, 3, 1)], rules)
    assert (found.level, found.is_reached) == ("proficient", True)


def test_a_criterion_with_a_higher_minimum_does() -> None:
    rules = policy(minima={"isolates": "expert"})
    found = resolved([rating("a", 2, 2, 2), rating("b", 2, 2, 2)], rules)
    assert (found.level, found.is_reached) == ("developing", False)


@pytest.mark.parametrize(
    ("each", "level"),
    [((3, 2, 0), "proficient"), ((2, 2, 2), "proficient"), ((2, 2, 1), "developing")],
)
def test_compensatory_weighted_points_make_the_level(each: tuple[int, ...], level: str) -> None:
    """Weights 3, 2, 1 and points 0, 2, 4, 6: the means are 26/6, 4 and 22/6; 4 is proficient."""
    rules = policy(decision="compensatory")
    found = resolved([rating("a", *each), rating("b", *each)], rules)
    assert found.level == level
    short = [Reason(Cause.POINTS, "", 24, 22)] if level == "developing" else []
    assert list(found.reasons) == short


def test_points_do_not_compensate_for_a_minimum() -> None:
    rules = policy(decision="compensatory", minima={"tidies": "developing"})
    found = resolved([rating("a", 3, 3, 0), rating("b", 3, 3, 0)], rules)
    assert (found.level, found.is_reached) == ("developing", False)
    assert found.reasons == (Reason(Cause.MINIMUM, "tidies", 1, 0),)


# What is refused

REFUSED: list[tuple[list[Rating], str]] = [
    (
        [Rating(rater="a", role=Role.ASSESSOR, marks={"sings": "expert"})],
        "`criterion` must be one of isolates, verifies, tidies; got 'sings' at a.",
    ),
    (
        [Rating(rater="a", role=Role.ASSESSOR, marks={"tidies": "superb"})],
        "`level` must be one of not-yet, .*; got 'superb' at a, tidies.",
    ),
    (
        [rating("a", 1), rating("a", 2)],
        "`ratings` must be one of each rater in a round; got 1 at a",
    ),
    (
        [rating("a", 1), observer("a", 2, round=2)],
        "`ratings` must be by observers who score nothing; got 'a'",
    ),
    (
        [rating("a", 1), rating("a", 1, role=Role.ADJUDICATOR, round=2)],
        "`ratings` must be settled by who has not scored them; got 'a'",
    ),
    ([observer("o", 1, 1, 1)], "`marks` must be of criteria that observers may rate; got 'tidies'"),
    (
        [adjudicator(1), rating("z", 1, role=Role.ADJUDICATOR)],
        "`ratings` must be of one adjudicator; got two for isolates at z.",
    ),
]


@pytest.mark.parametrize(("panel", "message"), REFUSED)
def test_ratings_that_make_no_sense_are_refused(panel: list[Rating], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        resolve(panel, policy())


# What holds of any ratings


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


def test_a_panel_of_many_criteria_resolves_in_less_than_five_milliseconds() -> None:
    keys = [f"c{n}" for n in range(20)]
    rules = policy(rubric=rubric(criteria=[criterion(key) for key in keys]))
    panel = [
        Rating(rater=f"r{n}", role=Role.ASSESSOR, marks=dict.fromkeys(keys, "expert"))
        for n in range(5)
    ]
    spent = []
    for _ in range(5):
        start = time.process_time()
        resolve(panel, rules)
        spent.append(time.process_time() - start)
    assert min(spent) < 0.005
