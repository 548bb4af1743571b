from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itembank import (
    BLANK,
    Answer,
    Item,
    MultipleCredit,
    PercentScoring,
    Score,
    ScoredResponse,
    ScoringModel,
    score_item,
)
from tests.itembank.examples import choice, items, numeric, written


def responses(right: int, total: int, area: str = "a") -> list[ScoredResponse]:
    return [ScoredResponse(f"{area}{n}", area, float(n < right)) for n in range(total)]


@pytest.mark.parametrize(("chosen", "expected"), [((0,), 1.0), ((1,), 0.0), ((), 0.0)])
def test_a_choice_is_right_or_not(chosen: tuple[int, ...], expected: float) -> None:
    assert score_item(choice(), Answer(chosen)) == expected


@pytest.mark.parametrize(
    ("chosen", "strict", "lenient"),
    [
        ((0, 2), 1.0, 1.0),
        ((0,), 0.0, 0.5),
        ((0, 1), 0.0, 0.0),
        ((0, 1, 2), 0.0, 0.5),
        ((1, 3), 0.0, 0.0),
        ((0, 1, 2, 3), 0.0, 0.0),
    ],
)
def test_several_keys_are_all_or_nothing_unless_asked_otherwise(
    chosen: tuple[int, ...], strict: float, lenient: float
) -> None:
    item = choice(kind="multiple", key=[0, 2])
    assert score_item(item, Answer(chosen)) == strict
    partly = MultipleCredit.RIGHT_MINUS_WRONG
    assert score_item(item, Answer(chosen), multiple=partly) == lenient


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12.5", 1),
        ("12,55 V", 1),
        ("12.45", 1),
        ("12.551", 0),
        ("12.449", 0),
        ("-12.5", 0),
        ("volts", 0),
        ("1,250", 0),
    ],
)
def test_a_number_counts_up_to_the_tolerance_exactly(text: str, expected: float) -> None:
    assert score_item(numeric(), Answer(text=text)) == expected


def test_a_tolerance_of_zero_asks_the_very_number() -> None:
    item = numeric(answer=0.3, tolerance=0)
    assert score_item(item, Answer(text="0.30")) == 1
    assert score_item(item, Answer(text="0.30001")) == 0


def test_a_word_counts_in_any_of_its_languages() -> None:
    assert score_item(written(), Answer(text="CADENASSAGE")) == 1
    assert score_item(written(), Answer(text="cadenas")) == 0


def test_an_answer_to_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="`answer` must be among 4 options"):
        score_item(choice(), Answer((4,)))


@given(items())
def test_a_blank_is_worth_nothing_and_the_key_everything(item: Item) -> None:
    assert score_item(item, BLANK) == 0
    if item.kind.has_options:
        assert score_item(item, Answer(tuple(item.key))) == 1


@pytest.mark.parametrize(
    ("right", "total", "percent", "reaches"),
    [
        (70, 100, 70.0, True),
        (69, 100, 69.0, False),
        (7, 10, 70.0, True),
        (26, 35, 74.28, True),
        (2, 3, 66.66, False),
        (6999, 10_000, 69.99, False),
        (13_999, 20_000, 69.99, False),
        (0, 10, 0.0, False),
        (10, 10, 100.0, True),
    ],
)
def test_a_percentage_is_rounded_down(
    right: int, total: int, percent: float, reaches: bool
) -> None:
    score = PercentScoring().score(responses(right, total))
    assert score.percent == percent
    assert score.reaches(70) is reaches


@given(st.integers(1, 400), st.data(), st.integers(0, 10_000))
def test_a_percentage_reaches_a_cut_exactly_when_the_points_do(
    total: int, data: st.DataObject, hundredths: int
) -> None:
    right = data.draw(st.integers(0, total))
    score = PercentScoring().score(responses(right, total))
    exactly = Fraction(right * 100, total) >= Fraction(hundredths, 100)
    assert score.reaches(hundredths / 100) is exactly
    assert (score.percent >= hundredths / 100) is exactly


def test_three_thirds_are_one() -> None:
    thirds = [ScoredResponse(f"i{n}", "a", 1 / 3) for n in range(3)]
    score = PercentScoring().score([*thirds, *responses(69, 97, "b")])
    assert score.points == 70
    assert score.percent == 70


def test_a_cut_finer_than_the_rounding_is_refused() -> None:
    with pytest.raises(ValueError, match="`cut` must be a percentage of at most 2 decimals"):
        PercentScoring().score(responses(1, 1)).reaches(66.667)


def test_areas_add_up_to_those_above_them() -> None:
    scoring = PercentScoring({"b-1": "b", "b-2": "b", "b": "top"})
    score = scoring.score([*responses(3, 4, "b-1"), *responses(1, 4, "b-2"), *responses(2, 2)])
    assert {area: (part.points, part.possible) for area, part in score.areas.items()} == {
        "a": (2, 2),
        "b": (4, 8),
        "b-1": (3, 4),
        "b-2": (1, 4),
        "top": (4, 8),
    }
    assert score.areas["b"].percent == 50
    assert score.areas["b"].reaches(50)
    assert not score.areas["b-2"].reaches(25.01)


def test_an_unanswered_item_counts_as_possible_but_not_as_answered() -> None:
    given_, blank = ScoredResponse("i", "a", 1.0), ScoredResponse("j", "a", 0.0, answered=False)
    score = PercentScoring().score([given_, blank])
    assert (score.answered, score.possible, score.percent) == (1, 2, 50)
    assert score.areas["a"].answered == 1


def test_no_responses_score_nothing() -> None:
    assert PercentScoring().score([]) == Score(0, 0, 0, 0.0)


def test_weights_count() -> None:
    score = PercentScoring().score(
        [ScoredResponse("i", "a", 3, possible=3), ScoredResponse("j", "a", 0)]
    )
    assert score.percent == 75


def test_percent_scoring_says_nothing_about_ability() -> None:
    model: ScoringModel = PercentScoring()
    score = model.score(responses(1, 2))
    assert (score.theta, score.se, score.mastery_probability) == (None, None, None)


def test_a_cycle_of_areas_is_refused() -> None:
    with pytest.raises(ValueError, match="`parents` must be without a cycle"):
        PercentScoring({"a": "b", "b": "a"})


def test_one_item_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="`responses` must be one an item"):
        PercentScoring().score([*responses(1, 1), *responses(1, 1)])


@pytest.mark.parametrize("points", [-0.1, 1.1, float("nan"), float("inf")])
def test_points_outside_what_is_possible_are_refused(points: float) -> None:
    with pytest.raises(ValueError, match="`points` must be from 0 to 1"):
        ScoredResponse("i", "a", points)


def test_a_response_worth_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="`possible` must be positive"):
        ScoredResponse("i", "a", 0, possible=0)
