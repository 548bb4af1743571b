"""Which ratings of a criterion count, of several rounds."""

from __future__ import annotations

import pytest

from rubrics import (
    Cause,
    MoreEvidence,
    NeedsAdjudication,
    NeedsRating,
    NeedsThirdRater,
    Rating,
    Reason,
    resolve,
)
from rubrics.ratings import Role
from tests.rubrics.examples import (
    SAFE,
    SCALE,
    adjudicator,
    observer,
    policy,
    ranks,
    rating,
    resolved,
    reviewer,
)


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


def test_a_round_that_does_not_ask_about_a_criterion_leaves_it_as_it_was() -> None:
    """Round 1 could not observe `tidies`; round 2 asks about it alone, and again disagrees."""
    first = [rating("a", 1, 3, None), rating("b", 2, 2, None)]
    assert resolve(first, policy()) == MoreEvidence(
        (Reason(Cause.NOT_OBSERVED, "tidies", 2, 0),), ("tidies",)
    )
    second = [only_tidies("c", 0, 2), only_tidies("d", 3, 2)]
    asked = resolve([*first, *second], policy())
    assert isinstance(asked, NeedsThirdRater)
    assert asked.criteria == ("tidies",)
    found = resolved([*first, *second, only_tidies("e", 3, 2)], policy())
    assert ranks(found) == [1, 2, 3]
    assert found.raters_by == {"isolates": 2, "verifies": 2, "tidies": 3}


def only_tidies(rater: str, rank: int | None, number: int) -> Rating:
    """Return a rating of the last criterion alone, in a round."""
    level = None if rank is None else SCALE[rank]
    return Rating(rater=rater, role=Role.ASSESSOR, marks={"tidies": level}, round=number)


def test_a_later_round_is_waited_for_even_while_nobody_has_observed_anything_in_it() -> None:
    first = [rating("a", 2, 2, None), rating("b", 2, 2, None)]
    half = [*first, only_tidies("c", None, 2)]
    assert resolve(half, policy()) == NeedsRating(
        (Reason(Cause.ASSESSORS, "tidies", 2, 1),), ("tidies",)
    )
    whole = [*half, only_tidies("d", None, 2)]
    assert isinstance(resolve(whole, policy()), MoreEvidence)


def test_a_new_round_is_waited_for_before_anybody_has_rated_in_it() -> None:
    """An observer's form may come in while the evidence that was added waits for its assessors."""
    first = [rating("a", 2, 2, None), rating("b", 2, 2, None), observer("o", 2, 2)]
    assert isinstance(resolve(first, policy()), MoreEvidence)
    found = resolve(first, policy(), {"isolates": 1, "tidies": 2})
    assert found == NeedsRating((Reason(Cause.ASSESSORS, "tidies", 2, 0),), ("tidies",))
    second = [only_tidies(name, 2, 2) for name in "cd"]
    assert ranks(resolved([*first, *second], policy())) == [2, 2, 2]
    rated = resolve([*first, *second], policy(), {"tidies": 2})
    assert rated == resolve([*first, *second], policy())


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"sings": 1}, "`criterion` must be one of isolates, .*; got 'sings' at asked"),
        ({"tidies": 0}, "`asked.tidies` must be a whole number from 1"),
    ],
)
def test_only_criteria_are_asked_about_and_only_in_rounds(
    asked: dict[str, int], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        resolve([], policy(), asked)


def test_who_looked_in_vain_in_a_later_round_has_been_asked() -> None:
    """One of the first round's ratings is void since; nobody is called again and again for it."""
    first = [rating("a", 2, 2, 2), rating("b", 2, 2, None)]
    later = [only_tidies(name, None, 2) for name in "cd"]
    assert isinstance(resolve(first, policy()), NeedsThirdRater)
    found = resolve([*first, *later], policy())
    assert found == MoreEvidence((Reason(Cause.NOT_OBSERVED, "tidies", 2, 1),), ("tidies",))


def test_the_adjudicator_of_a_later_round_settles_what_stands_from_an_earlier_one() -> None:
    """An observer who saw less than is safe is heard once `tidies` is being rated again."""
    first = [rating("a", 2, 2, None), rating("b", 2, 2, None), observer("o", 2, 0)]
    second = [only_tidies("c", 2, 2), only_tidies("d", 2, 2)]
    asked = resolve([*first, *second], policy())
    assert isinstance(asked, NeedsAdjudication)
    assert asked.criteria == (SAFE,)
    found = resolved([*first, *second, adjudicator(None, 3, round=2)], policy())
    assert ranks(found) == [2, 3, 2]


def test_the_adjudicator_of_an_earlier_round_has_no_say_in_a_later_one() -> None:
    first = [rating("a", 0, 2, 2), rating("b", 3, 2, 2), adjudicator(None)]
    second = [rating(name, 1, round=2) for name in "cd"]
    assert isinstance(resolve(first, policy()), MoreEvidence)
    assert ranks(resolved([*first, *second], policy())) == [1, 2, 2]


# Appeals

AGREED = [rating("a", 1, 2, 2), rating("b", 1, 2, 2)]


def test_a_reviewers_mark_stands_in_place_of_the_assessors_for_its_criteria_alone() -> None:
    found = resolved([*AGREED, reviewer(3)], policy())
    assert ranks(found) == [3, 2, 2]
    assert found.reasons == (Reason(Cause.REVIEWED, "isolates", None, 3),)
    assert (found.raters, found.by_role) == (2, {"assessor": 2})


def test_and_in_place_of_the_adjudicators() -> None:
    panel = [rating("a", 0, 2, 2), rating("b", 3, 2, 2), adjudicator(1)]
    assert ranks(resolved([*panel, reviewer(2)], policy())) == [2, 2, 2]


@pytest.mark.parametrize("rank", [0, 1, 2, 3])
def test_a_review_raises_or_lowers_what_is_safety_critical(rank: int) -> None:
    panel = [rating("a", 2, 2, 2), rating("b", 2, 2, 2), observer("o", 2, 1)]
    found = resolved([*panel, reviewer(None, rank)], policy())
    assert (ranks(found)[1], found.is_reached) == (rank, rank >= 2)
    assert (found.level == "not-yet") is (rank < 2)


def test_a_reviewer_who_could_not_observe_it_changes_nothing() -> None:
    assert resolve([*AGREED, reviewer(None, None)], policy()) == resolve(AGREED, policy())
    divided = [rating("a", 0, 2, 2), rating("b", 3, 2, 2)]
    assert resolve([*divided, reviewer(None)], policy()) == resolve(divided, policy())


def test_a_reviewer_stands_in_for_no_assessor() -> None:
    assert isinstance(resolve([AGREED[0], reviewer(3)], policy()), NeedsRating)
    unseen = [rating("a", None, 2, 2), rating("b", None, 2, 2), reviewer(3)]
    assert isinstance(resolve(unseen, policy()), MoreEvidence)


def test_a_review_is_of_the_rounds_up_to_its_own() -> None:
    second = [rating(name, 2, round=2) for name in "cd"]
    assert ranks(resolved([*AGREED, *second, reviewer(3)], policy())) == [2, 2, 2]
    assert ranks(resolved([*AGREED, *second, reviewer(3, round=2)], policy())) == [3, 2, 2]
    assert ranks(resolved([*AGREED, reviewer(3, round=2)], policy())) == [3, 2, 2]
    later = adjudicator(0, round=2)
    assert ranks(resolved([*AGREED, reviewer(3), later], policy())) == [0, 2, 2]


def test_of_two_reviews_the_later_rounds_stands() -> None:
    both = [reviewer(3), reviewer(2, rater="another", round=2)]
    assert ranks(resolved([*AGREED, *both], policy())) == [2, 2, 2]


def test_a_reviewer_in_conflict_of_interest_changes_nothing() -> None:
    found = resolved([*AGREED, reviewer(3, in_conflict=True)], policy())
    assert ranks(found) == [1, 2, 2]
    assert found.reasons[0] == Reason(Cause.CONFLICT, found=1)
