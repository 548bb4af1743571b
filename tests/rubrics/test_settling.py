"""How the marks on one criterion settle it: each rule by an example."""

from __future__ import annotations

from itertools import permutations

import pytest

from rubrics import (
    Cause,
    Decision,
    MoreEvidence,
    NeedsAdjudication,
    NeedsRating,
    NeedsThirdRater,
    Reason,
    Resolved,
    resolve,
)
from tests.rubrics.examples import (
    KEYS,
    SAFE,
    SCALE,
    adjudicator,
    causes,
    policy,
    ranks,
    rating,
    resolved,
)

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


@pytest.mark.parametrize("marks", list(permutations([0, 3, None])))
def test_a_third_rater_who_observes_nothing_leaves_it_to_the_adjudicator(
    marks: tuple[int | None, ...],
) -> None:
    """Nobody is called a second time for what a third rater has looked at already."""
    panel = [rating(f"r{n}", mark, 2, 2) for n, mark in enumerate(marks)]
    found = resolve(panel, policy())
    assert found == NeedsAdjudication((Reason(Cause.UNSETTLED, "isolates", 1, 3),), ("isolates",))
    assert ranks(resolved([*panel, adjudicator(2)], policy())) == [2, 2, 2]


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


def test_the_adjudicator_is_asked_about_what_is_in_dispute_alone() -> None:
    """`tidies` was not observed: more evidence will be asked for, and nobody decides on it."""
    panel = [rating("a", 0, 2, None), rating("b", 3, 2, None)]
    found = resolve(panel, policy(third_rater=False))
    assert isinstance(found, NeedsAdjudication)
    assert found.criteria == ("isolates",)
    assert Reason(Cause.NOT_OBSERVED, "tidies", 2, 0) in found.reasons


@pytest.mark.parametrize("seen", [None, 2])
def test_what_too_few_assessors_observed_the_adjudicator_cannot_settle(seen: int | None) -> None:
    panel = [rating("a", 2, 2, None), rating("b", 2, 2, seen), rating("c", 2, 2, None)]
    found = resolve([*panel, adjudicator(2, 2, 2)], policy())
    number = 0 if seen is None else 1
    reason = Reason(Cause.NOT_OBSERVED, "tidies", 2, number)
    assert found == MoreEvidence((reason,), ("tidies",))


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


def test_a_further_rater_is_called_only_where_one_more_will_do() -> None:
    rules, two = policy(raters=3), [rating("a", 2, 2, 2), rating("b", 2, 2, 2)]
    one_short = resolve([*two, rating("c", 2, 2, None)], rules)
    assert one_short == NeedsThirdRater((Reason(Cause.SEEN_BY_SOME, "tidies", 3, 2),), ("tidies",))
    blind = [rating("c", 2, 2, None), rating("d", 2, 2, None)]
    two_short = resolve([two[0], *blind], rules)
    assert two_short == MoreEvidence((Reason(Cause.NOT_OBSERVED, "tidies", 3, 1),), ("tidies",))


def test_one_call_is_about_all_that_a_further_rater_can_settle() -> None:
    panel = [rating("a", 3, 2, None), rating("b", 0, 2, 2)]
    found = resolve(panel, policy())
    assert isinstance(found, NeedsThirdRater)
    assert causes(found) == [Cause.DISCREPANCY, Cause.SEEN_BY_SOME]
    assert found.criteria == ("isolates", "tidies")


def test_a_criterion_that_the_task_cannot_show_is_not_asked_for() -> None:
    found = resolved([rating("a", 2), rating("b", 2)], policy(criteria=["isolates"]))
    assert found.criteria == {"isolates": "proficient"}
    assert found.is_reached


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
