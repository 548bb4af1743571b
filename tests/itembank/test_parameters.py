"""Item parameters: what a set may hold, and what it says of what it may not."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, replace
from typing import Any

import numpy as np
import pytest

from itembank import ItemParameters, Model
from itembank.parameters import Family, joined, model_named, models_for
from tests.itembank.banks import DICHOTOMOUS, POLYTOMOUS, mixed_bank, spread_bank

NAN = np.nan


@pytest.mark.parametrize("model", list(Model))
def test_a_model_is_found_by_its_name_in_any_case(model: Model) -> None:
    assert model_named(f" {model.value.upper()} ") is model
    assert model_named(model) is model


def test_an_unknown_model_is_refused_with_those_that_there_are() -> None:
    message = r"^`model` must be one of rasch, 1pl, 2pl, 3pl, 4pl, grm, pcm, gpcm; got 'nominal'\.$"
    with pytest.raises(ValueError, match=message):
        model_named("nominal")


def test_one_name_serves_all_items_or_each_has_its_own() -> None:
    assert models_for("2pl", 2) == (Model.TWO_PL, Model.TWO_PL)
    assert models_for(["2pl", Model.GRM], 2) == (Model.TWO_PL, Model.GRM)
    with pytest.raises(ValueError, match=r"^`model` must be one name, or one for each of 3 items"):
        models_for(["2pl", "grm"], 3)


def test_every_model_says_what_is_free() -> None:
    assert {m for m in Model if m.has_unit_slope} == {Model.RASCH, Model.PCM}
    assert {m for m in Model if m.has_guessing} == {Model.THREE_PL, Model.FOUR_PL}
    assert {m for m in Model if m.has_upper} == {Model.FOUR_PL}
    assert {m for m in Model if m.is_polytomous} == {Model.GRM, Model.PCM, Model.GPCM}
    assert {m.family for m in POLYTOMOUS} == {Family.GRADED, Family.PARTIAL_CREDIT}
    assert {m.family for m in DICHOTOMOUS} == {Family.DICHOTOMOUS}


def test_single_numbers_serve_all_items() -> None:
    parameters = ItemParameters("3pl", 1.2, [0.0, 1.0], 0.2)
    assert parameters.slope.tolist() == [1.2, 1.2]
    assert parameters.threshold.shape == (2, 1)
    assert parameters.guessing.tolist() == [0.2, 0.2]
    assert parameters.upper.tolist() == [1.0, 1.0]
    assert parameters.n_items == 2


def test_categories_and_difficulty_come_from_the_thresholds() -> None:
    parameters = ItemParameters(
        ["2pl", "grm", "gpcm"], 1.0, [[0.5, NAN, NAN], [-1, 0, 2], [1, -1, NAN]]
    )
    assert parameters.n_categories.tolist() == [2, 4, 3]
    assert parameters.difficulty == pytest.approx([0.5, 1 / 3, 0.0])
    assert parameters.is_polytomous.tolist() == [False, True, True]


def test_a_set_cannot_be_changed_nor_changes_with_what_it_was_made_of() -> None:
    slope = np.ones(2)
    parameters = ItemParameters("2pl", slope, [0.0, 1.0])
    slope[0] = 5
    assert parameters.slope[0] == 1
    with pytest.raises(ValueError, match="read-only"):
        parameters.slope[0] = 2
    with pytest.raises(FrozenInstanceError):
        parameters.slope = slope  # type: ignore[misc] # that it is refused is what is tested


def test_a_set_can_be_a_key_and_is_equal_to_itself_alone() -> None:
    """So that a cache may hold by it; equality of floats would be no question to ask of a set."""
    one, other = spread_bank(Model.TWO_PL), spread_bank(Model.TWO_PL)
    assert {one: "here"}[one] == "here"
    assert one != other


def test_a_set_survives_being_sent_to_another_process() -> None:
    sent = mixed_bank()
    came = pickle.loads(pickle.dumps(sent))
    assert came.model == sent.model
    assert np.array_equal(came.threshold, sent.threshold, equal_nan=True)
    assert not came.threshold.flags.writeable
    assert not came.slope.flags.writeable


def test_a_set_with_something_replaced_is_checked_again() -> None:
    bank = spread_bank(Model.TWO_PL)
    assert replace(bank, slope=2.0).slope.tolist() == [2.0] * 6
    with pytest.raises(ValueError, match="`slope`"):
        replace(bank, slope=NAN)


def test_items_are_taken_in_the_order_asked_and_without_their_padding() -> None:
    bank = mixed_bank()
    taken = bank.take([3, 0])
    assert taken.model == (bank.model[3], bank.model[0])
    assert taken.threshold.shape == (2, 1)
    assert taken.slope.tolist() == bank.slope[[3, 0]].tolist()
    assert bank.take(iter([10])).threshold.shape == (1, 3)


@pytest.mark.parametrize("place", [-1, 18])
def test_an_item_that_is_not_there_cannot_be_taken(place: int) -> None:
    with pytest.raises(ValueError, match=rf"^`items` must be from 0 to 17; got {place} at 1\.$"):
        mixed_bank().take([0, place])


def test_joined_sets_hold_the_items_of_all_in_order() -> None:
    sets = [spread_bank(model, 3) for model in Model]
    whole = joined(sets)
    assert whole.n_items == 24
    for number, each in enumerate(sets):
        part = whole.take(range(3 * number, 3 * number + 3))
        assert part.model == each.model
        assert np.array_equal(part.threshold, each.threshold)
        assert np.array_equal(part.upper, each.upper)
    with pytest.raises(ValueError, match=r"^`sets` must be one or more; got 'none'\.$"):
        joined([])


def test_the_parts_of_a_set_are_its_items_by_family() -> None:
    bank = mixed_bank()
    parts = {part.family: part for part in bank.parts}
    assert set(parts) == set(Family)
    assert sorted(place for part in parts.values() for place in part.places.tolist()) == [
        *range(18)
    ]
    for part in parts.values():
        assert part.parameters.model == tuple(bank.model[place] for place in part.places)


def test_a_set_of_one_family_is_its_own_part() -> None:
    bank = spread_bank(Model.TWO_PL)
    assert [part.parameters for part in bank.parts] == [bank]


GOOD: dict[str, Any] = {"model": "2pl", "slope": 1.0, "threshold": [0.0, 1.0]}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"slope": [1, NAN]}, r"`slope` must be finite; got nan at 1\."),
        ({"slope": [1, np.inf]}, r"`slope` must be finite; got inf at 1\."),
        ({"slope": [1, 1, 1]}, r"`slope` must be a number or of shape \(2,\); got shape \(3,\)\."),
        ({"slope": "steep"}, r"`slope` must be numbers; got 'steep'\."),
        ({"model": "rasch", "slope": 1.2}, r"`slope` must be 1 for rasch and pcm; got 1\.2 at 0\."),
        ({"model": "pcm", "slope": 0.9}, r"`slope` must be 1 for rasch and pcm; got 0\.9 at 0\."),
        (
            {"threshold": []},
            r"`threshold` must be of shape \(n_items, max categories - 1\); got shape \(0, 1\)\.",
        ),
        ({"threshold": 1.0}, r"`threshold` must be of shape .+; got shape \(\)\."),
        ({"threshold": np.zeros((2, 1, 1))}, r"`threshold` must be .+ shape \(2, 1, 1\)\."),
        ({"threshold": [0, NAN]}, r"`threshold` must be finite, .+ got \(nan\) at 1\."),
        (
            {"model": "grm", "threshold": [[0, np.inf], [0, 1]]},
            r"`threshold` must be finite, .+; got \(0, inf\) at 0\.",
        ),
        (
            {"model": "gpcm", "threshold": [[0, 1], [NAN, 1]]},
            r"`threshold` must be finite, with NaN only on the right, .+; got \(nan, 1\) at 1\.",
        ),
        (
            {"model": "gpcm", "threshold": [[0, NAN, 1], [0, 1, 2]]},
            r"`threshold` must be finite, with NaN only on the right, .+; got \(0, nan, 1\) at 0\.",
        ),
        (
            {"threshold": [[0, NAN], [0, 1]]},
            r"`threshold` must be one for each dichotomous item; got \(0, 1\) at 1\.",
        ),
        (
            {"model": "grm", "threshold": [[-1, 0, 1], [-1, 1, 1]]},
            r"`threshold` must be rising .+ graded response item; got \(-1, 1, 1\) at 1\.",
        ),
        (
            {"model": "grm", "slope": -1.0, "threshold": [[1, 0], [0, 1]]},
            r"`threshold` must be rising \(falling, where the slope is negative\) .+ at 1\.",
        ),
        ({"guessing": 0.2}, r"`guessing` must be 0 but for 3pl and 4pl; got 0\.2 at 0\."),
        ({"model": "3pl", "guessing": -0.1}, r"`guessing` must be from 0 to below 1; got -0\.1"),
        ({"model": "3pl", "guessing": 1.0}, r"`guessing` must be from 0 to below 1; got 1 at 0"),
        ({"upper": 0.9}, r"`upper` must be 1 but for 4pl; got 0\.9 at 0\."),
        (
            {"model": "4pl", "guessing": 0.5, "upper": 0.5},
            r"`upper` must be above guessing, at most 1; got 0\.5 at 0\.",
        ),
        ({"model": "4pl", "upper": 1.1}, r"`upper` must be above guessing, at most 1; got 1\.1"),
        ({"model": ["2pl"]}, r"`model` must be one name, or one for each of 2 items; got .+\."),
        ({"model": "irt"}, r"`model` must be one of rasch, .+; got 'irt'\."),
        ({"model": 2}, r"`model` must be one of rasch, .+; got 2\."),
    ],
)
def test_what_a_set_may_not_hold_is_refused_by_name_and_place(
    changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        ItemParameters(**(GOOD | changes))


def test_falling_boundaries_are_right_where_the_slope_is_negative() -> None:
    assert ItemParameters("grm", -1.0, [[1.0, 0.0]]).n_categories.tolist() == [3]


def test_step_thresholds_may_stand_in_any_order() -> None:
    assert ItemParameters("pcm", 1.0, [[1.0, -1.0]]).n_categories.tolist() == [3]
