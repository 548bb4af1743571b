"""Marks beside what was expected, and bars."""

from __future__ import annotations

import pytest

from assessment.assessors.comparing import (
    Bar,
    Compared,
    Judgement,
    Share,
    Shortfall,
    compare,
    judge,
    judgement_from_text,
    judgement_to_text,
)
from assessment.demo.builders.performances import CRITERIA, SAFE, a_rubric

RUBRIC = a_rubric()
BAR = Bar(needed=4, share_exact=0.6, share_adjacent=0.9)
GOOD = Compared(judged=3, exact=3, adjacent=3, safety_misses=0)


def marks(*levels: str | None) -> dict[str, str | None]:
    return dict(zip(CRITERIA, levels, strict=False))


@pytest.mark.parametrize(
    ("given", "expected", "found"),
    [
        (("expert",) * 3, ("expert",) * 3, Compared(3, 3, 3, 0)),
        (("expert", "expert", "beginning"), ("expert",) * 3, Compared(3, 2, 2, 0)),
        (("developing",) * 3, ("proficient",) * 3, Compared(3, 0, 3, 0)),
        (("expert", "proficient"), ("expert", "developing"), Compared(2, 1, 2, 1)),
        (("expert", "developing"), ("expert", "beginning"), Compared(2, 1, 2, 0)),  # unsafe is said
        (("expert", "proficient"), ("expert", None), Compared(2, 1, 1, 1)),
        (("expert", None), ("expert", None), Compared(2, 2, 2, 0)),
        (("expert", None), ("expert", "beginning"), Compared(2, 1, 1, 0)),
        (("expert",), ("expert", "expert"), Compared(2, 1, 1, 0)),  # what is missing is not alike
        (("expert", "expert", "expert"), ("expert",), Compared(1, 1, 1, 0)),
    ],
)
def test_marks_beside_what_was_expected(
    given: tuple[str, ...], expected: tuple[str | None, ...], found: Compared
) -> None:
    assert CRITERIA[1] == SAFE
    assert compare(marks(*given), marks(*expected), RUBRIC) == found


def test_all_marks_count_together() -> None:
    half = Compared(judged=4, exact=2, adjacent=4, safety_misses=0)
    found = judge([half] * 2 + [Compared(2, 2, 2, 0)] * 2, BAR)
    assert (found.ratings, found.judged) == (4, 12)
    assert found.exact.value == pytest.approx(8 / 12)
    assert found.adjacent == Share(1.0, None, None)  # all alike: nothing to resample
    assert found.passed
    lower, upper = found.exact.lower, found.exact.upper
    assert lower is not None
    assert upper is not None
    assert 0.5 <= lower < found.exact.value < upper <= 1


@pytest.mark.parametrize(
    ("ratings", "short"),
    [
        ([GOOD] * 3, (Shortfall.TOO_FEW,)),
        ([], (Shortfall.TOO_FEW, Shortfall.EXACT, Shortfall.ADJACENT)),
        ([Compared(3, 1, 3, 0)] * 4, (Shortfall.EXACT,)),
        ([Compared(5, 4, 4, 0)] * 4, (Shortfall.ADJACENT,)),
        ([GOOD] * 9 + [Compared(3, 3, 3, 1)], (Shortfall.SAFETY,)),
        ([GOOD] * 4, ()),
        ([Compared(5, 3, 5, 0)] * 4, ()),  # the bar itself suffices
    ],
)
def test_what_a_bar_asks(ratings: list[Compared], short: tuple[Shortfall, ...]) -> None:
    assert judge(ratings, BAR).short_of == short


def test_more_than_one_miss_may_be_needed() -> None:
    bar = Bar(needed=1, share_exact=0.5, share_adjacent=0.5, misses=2)
    one = Compared(3, 3, 3, 1)
    assert judge([one], bar).passed
    assert judge([one, one], bar).short_of == (Shortfall.SAFETY,)


def test_the_interval_is_that_of_a_known_design() -> None:
    ratings = [Compared(1, each % 2, 1, 0) for each in range(100)]
    exact = judge(ratings, BAR).exact
    assert exact.lower == pytest.approx(0.5 - 1.96 * 0.05, abs=0.015)  # the binomial's own
    assert exact.upper == pytest.approx(0.5 + 1.96 * 0.05, abs=0.015)


def test_one_rating_alone() -> None:
    assert GOOD.is_good(BAR)
    assert not Compared(3, 3, 3, 1).is_good(BAR)
    assert not Compared(3, 1, 3, 0).is_good(BAR)


def test_a_judgement_is_read_again_as_it_was() -> None:
    found: Judgement = judge([GOOD, Compared(3, 1, 2, 1)] * 4, BAR)
    again = judgement_from_text(judgement_to_text(found))
    assert again.short_of == found.short_of == (Shortfall.ADJACENT, Shortfall.SAFETY)
    assert again.exact.value == round(found.exact.value, 4)
    assert judgement_to_text(again) == judgement_to_text(found)
