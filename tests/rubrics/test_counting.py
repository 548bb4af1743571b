"""Who is counted: observers, occasions, and the assessors of each criterion."""

from __future__ import annotations

from rubrics import (
    Cause,
    MoreEvidence,
    NeedsAdjudication,
    NeedsRating,
    NeedsThirdRater,
    Rating,
    Reason,
    Resolution,
    Role,
    resolve,
)
from tests.rubrics.examples import (
    KEYS,
    SAFE,
    SCALE,
    WATCHED,
    adjudicator,
    causes,
    observer,
    policy,
    rating,
    resolved,
)


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


def test_an_observer_counts_for_what_they_saw_and_not_for_the_rest() -> None:
    """`tidies` is none of theirs; `verifies` is, though one of them was never asked about it."""
    panel = [rating("a", 2, 2, 2), rating("b", 2, 2, 2)]
    partly = [observer("o", 2, None), observer("p", 2)]
    found = resolve([*panel, *partly], policy(observers=2))
    assert found == NeedsRating((Reason(Cause.OBSERVERS, SAFE, 2, 0),), (SAFE,))
    assert found.needs_observers == 2
    assert resolved([*panel, *partly], policy()).by_role == {"assessor": 2}
    enough = [*panel, *partly, observer("q", None, 2), observer("r", 1, 2)]
    assert resolved(enough, policy(observers=2)).by_role == {"assessor": 2, "observer": 2}


def test_one_observer_may_see_on_one_day_what_they_could_not_on_another() -> None:
    days = [observer("o", 2, None, occasions=["monday"]), observer("o", None, 2)]
    panel = [rating("a", 2, 2, 2), rating("b", 2, 2, 2), *days]
    assert resolved(panel, policy(observers=1)).by_role["observer"] == 1


def test_assessors_are_counted_by_criterion_and_all_told_where_they_are_fewest() -> None:
    panel = [rating("a", 2, 2, 2), rating("b", 2, 2, None), rating("c", None, 2, 2)]
    found = resolved(panel, policy())
    assert found.raters_by == {"isolates": 2, "verifies": 3, "tidies": 2}
    assert (found.raters, found.by_role) == (2, {"assessor": 2})


def test_two_rounds_by_one_assessor_each_are_two_raters_of_nothing() -> None:
    """A rule that asks for two raters is not met by one rating of each criterion."""
    first = rating("a", 2, 2, None)
    second = Rating(rater="b", role=Role.ASSESSOR, marks={"tidies": "expert"}, round=2)
    assert resolved([first, second], policy(raters=1)).raters == 1


def test_what_is_missing_is_told_apart() -> None:
    rules = policy(observers=2, occasions=2)
    nobody = resolve([], rules)
    assert missing(nobody) == (2, 2, 1)
    assert isinstance(nobody, NeedsRating)
    assert nobody.criteria == KEYS
    watched = [observer("o", 2, 2, occasions=["monday"])]
    assert missing(resolve([rating("a", 2, 2, 2), *watched], rules)) == (1, 1, 1)
    pair = [rating("a", 2, 2, 2), rating("b", 2, 2, 2), *watched]
    alone = resolve(pair, rules)
    assert missing(alone) == (0, 1, 1)
    assert isinstance(alone, NeedsRating)
    assert alone.criteria == WATCHED
    once = resolve([*pair, observer("p", 2, 2, occasions=["monday"])], rules)
    assert missing(once) == (0, 0, 1)
    assert isinstance(once, MoreEvidence)
    assert once.criteria == ()
    done = resolved([*pair, observer("p", 2, 2, occasions=["friday"])], rules)
    assert missing(done) == (0, 0, 0)


def missing(found: Resolution) -> tuple[int, int, int]:
    return found.needs_assessors, found.needs_observers, found.needs_occasions


def test_a_third_rater_is_one_assessor_and_an_observer_may_be_missing_beside() -> None:
    divided = [rating("a", 0, 2, 2), rating("b", 3, 2, 2)]
    found = resolve(divided, policy(observers=1))
    assert isinstance(found, NeedsThirdRater)
    assert missing(found) == (1, 1, 0)
    assert found.criteria == ("isolates",)


def test_what_is_shown_better_is_what_was_not_observed_and_no_other_day_is() -> None:
    found = resolve([rating("a", 2, 2, None), rating("b", 2, 2, None)], policy(occasions=2))
    assert isinstance(found, MoreEvidence)
    assert (found.criteria, found.needs_occasions) == (("tidies",), 1)
