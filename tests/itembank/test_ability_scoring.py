"""A sitting's score with what it says of ability and mastery, to six decimals."""

from __future__ import annotations

import math

import numpy as np
import pytest

from itembank import (
    AbilityScoring,
    Cut,
    ItemParameters,
    MasteryBasis,
    PercentScoring,
    Prior,
    SampledScoring,
    Score,
    ScoredResponse,
    ScoringModel,
    classify,
    estimate_ability,
    mastery_by_sampling,
)

BANK = ItemParameters(
    ["2pl", "3pl", "gpcm", "rasch"],
    [1.2, 1.5, 0.9, 1.0],
    [[-0.5, np.nan, np.nan], [0.3, np.nan, np.nan], [-1.0, 0.0, 1.0], [0.8, np.nan, np.nan]],
    [0.0, 0.2, 0.0, 0.0],
)
PLACES = {"two": 0, "three": 1, "graded": 2, "rasch": 3}
CUT = Cut(0.25, 0.1)


def responses(**points: float) -> list[ScoredResponse]:
    return [ScoredResponse(name, "a.b", each) for name, each in points.items()]


SITTING = responses(two=1.0, three=0.0, graded=2 / 3, rasch=1.0, pilot=1.0)


def test_the_score_is_the_percentage_with_the_ability_and_the_mastery() -> None:
    found = AbilityScoring(BANK, PLACES, CUT, parents={"a.b": "a"}).score(SITTING)
    ability = estimate_ability([1, 0, 2, 1], BANK, prior=Prior(0.25))
    mastery = classify(ability, CUT)
    plain = PercentScoring({"a.b": "a"}).score(SITTING)
    assert found == Score(
        plain.points,
        plain.possible,
        plain.answered,
        plain.percent,
        plain.areas,
        theta=round(float(ability.theta), 6),
        se=round(float(ability.se), 6),
        mastery_probability=round(float(mastery.probability), 6),
        mastery_lowest=round(float(mastery.lowest), 6),
        mastery_highest=round(float(mastery.highest), 6),
        basis=MasteryBasis.ITEM_RESPONSE_THEORY,
    )
    assert set(found.areas) == {"a", "a.b"}
    assert float(mastery.lowest) < float(mastery.probability) < float(mastery.highest)


def test_the_order_of_the_responses_is_of_no_matter() -> None:
    model = AbilityScoring(BANK, PLACES, CUT)
    assert model.score(SITTING[::-1]) == model.score(SITTING)


def test_an_item_on_trial_counts_in_the_percentage_only() -> None:
    model = AbilityScoring(BANK, PLACES, CUT)
    wrong = model.score([*SITTING[:-1], ScoredResponse("pilot", "a.b", 0.0)])
    right = model.score(SITTING)
    assert (wrong.theta, wrong.se) == (right.theta, right.se)
    assert wrong.percent < right.percent


def test_an_unanswered_item_is_wrong() -> None:
    model = AbilityScoring(BANK, PLACES, CUT)
    blank = ScoredResponse("two", "a.b", 0.0, answered=False)
    assert model.score([blank]).theta == model.score(responses(two=0.0)).theta


@pytest.mark.parametrize(
    ("name", "points", "score"),
    [("two", 0.99, 0), ("two", 1.0, 1), ("graded", 1 / 3, 1), ("graded", 0.5, 2), ("graded", 1, 3)],
)
def test_points_become_categories(name: str, points: float, score: int) -> None:
    ability = AbilityScoring(BANK, PLACES).ability(responses(**{name: points}))
    assert ability is not None
    expected = estimate_ability([score], BANK.take([PLACES[name]]))
    assert float(ability.theta) == float(expected.theta)


def test_points_are_a_share_of_what_was_possible() -> None:
    ability = AbilityScoring(BANK, PLACES).ability([ScoredResponse("two", "a", 4.0, 4.0)])
    assert ability is not None
    assert float(ability.theta) > 0


def test_without_a_cut_there_is_no_mastery_and_the_prior_is_standard() -> None:
    found = AbilityScoring(BANK, PLACES).score(SITTING)
    assert found.theta == round(float(estimate_ability([1, 0, 2, 1], BANK).theta), 6)
    assert (found.mastery_probability, found.mastery_lowest, found.basis) == (None, None, None)


def test_the_prior_can_be_said() -> None:
    found = AbilityScoring(BANK, PLACES, CUT, prior=Prior(-1.0, 0.5)).score(SITTING)
    ability = estimate_ability([1, 0, 2, 1], BANK, prior=Prior(-1.0, 0.5))
    assert found.theta == round(float(ability.theta), 6)


def test_without_calibrated_items_only_the_percentage_is_known() -> None:
    pilot = responses(pilot=1.0, other=0.0)
    assert AbilityScoring(BANK, PLACES, CUT).score(pilot) == PercentScoring().score(pilot)


def test_no_score_holds_minus_zero_or_what_is_not_a_number() -> None:
    even = ItemParameters("rasch", 1.0, [0.0, 0.0])
    found = AbilityScoring(even, {"x": 0, "y": 1}, Cut(0.0)).score(responses(x=1.0, y=0.0))
    assert math.copysign(1, found.theta or 0.0) == 1
    assert found.mastery_probability == 0.5


def test_a_place_outside_the_parameters_is_refused() -> None:
    with pytest.raises(ValueError, match="`places` must be from 0 to 3; got 4 at five"):
        AbilityScoring(BANK, {"five": 4})


def test_an_item_that_stands_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="`responses` must be one an item"):
        AbilityScoring(BANK, PLACES, CUT).score([*SITTING, SITTING[0]])


def test_sampled_items_say_how_probable_mastery_of_the_domain_is() -> None:
    found = SampledScoring(70, {"a.b": "a"}).score(SITTING)
    plain = PercentScoring({"a.b": "a"}).score(SITTING)
    expected = mastery_by_sampling(plain.points, plain.possible, 0.7)
    assert found.mastery_probability == round(expected, 6)
    assert found.basis is MasteryBasis.SAMPLED_ITEMS
    assert (found.mastery_lowest, found.theta) == (None, None)
    assert (found.percent, set(found.areas)) == (plain.percent, {"a", "a.b"})


def test_nothing_asked_says_nothing() -> None:
    assert SampledScoring(70).score([]) == PercentScoring().score([])


def test_a_mark_is_a_percentage() -> None:
    with pytest.raises(ValueError, match="`cut` must be a percentage from 0 to 100; got 101"):
        SampledScoring(101)


def test_both_are_scoring_models() -> None:
    models: list[ScoringModel] = [AbilityScoring(BANK, PLACES), SampledScoring(70)]
    assert [model.score(SITTING).percent for model in models] == [73.33, 73.33]
