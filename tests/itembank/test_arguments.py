"""Arguments as arrays, and the one form of what is said of those that are not fit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from itembank.arguments import (
    distinct,
    fault_at,
    finite,
    frozen,
    numbers,
    require,
    scores_given,
    sentence_fault,
)
from itembank.differential import DifMethod
from itembank.faults import chosen


def test_numbers_become_floats_of_any_shape() -> None:
    assert numbers("x", 2).shape == ()
    assert numbers("x", [[1, 2], [3, 4]]).dtype == np.float64
    assert numbers("x", [True, False]).tolist() == [1.0, 0.0]
    assert np.isnan(numbers("x", [None, 1.0])[0])


def test_a_masked_value_is_not_administered_and_never_the_number_under_the_mask() -> None:
    masked = np.ma.MaskedArray([1, 0, 1], mask=[False, True, False])
    assert np.isnan(numbers("scores", masked)).tolist() == [False, True, False]


@pytest.mark.parametrize("value", ["two", ["1.5"], [[1, 2], [3]], [1j], object(), [b"1"]])
def test_what_is_no_number_is_refused_with_its_shape(value: Any) -> None:
    with pytest.raises(ValueError, match=r"`x` must be numbers of shape \(n,\); got .+\.$"):
        numbers("x", value, shape="(n,)")


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, np.float32, np.float64])
def test_scores_keep_the_type_in_which_they_were_given(dtype: type) -> None:
    given = np.array([[0, 1]], dtype=dtype)
    assert scores_given(given) is given


def test_scores_of_other_types_become_those_that_can_say_not_administered() -> None:
    assert scores_given([True, False]).dtype == np.int8
    assert np.isnan(scores_given([None, 1])).tolist() == [True, False]
    masked = np.ma.MaskedArray([1, 0], mask=[True, False])
    assert np.isnan(scores_given(masked)).tolist() == [True, False]


@pytest.mark.parametrize("value", [["1", "0"], [[1, 0], [1]], [1j, 0], "101"])
def test_what_are_no_scores_is_refused(value: Any) -> None:
    message = r"^`scores` must be numbers of shape \(n_persons, n_items\); got .+\.$"
    with pytest.raises(ValueError, match=message):
        scores_given(value)


def test_another_number_of_dimensions_is_refused() -> None:
    message = r"^`x` must be an array of shape \(n, m\); got shape \(2,\)\.$"
    with pytest.raises(ValueError, match=message):
        numbers("x", [1, 2], ndim=2, shape="(n, m)")


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_the_first_place_that_is_not_finite_is_named(bad: float) -> None:
    with pytest.raises(ValueError, match=rf"^`x` must be finite; got {bad} at \(1, 0\)\.$"):
        finite("x", [[1, 2], [bad, bad]])
    with pytest.raises(ValueError, match=rf"^`x` must be finite; got {bad} at 0\.$"):
        finite("x", [bad])


def test_a_number_has_no_place() -> None:
    with pytest.raises(ValueError, match=r"^`x` must be finite; got nan\.$"):
        finite("x", np.nan)
    with pytest.raises(ValueError, match=r"^`x` must be a number; got shape \(2,\)\.$"):
        numbers("x", [1, 2], ndim=0)


def test_what_holds_is_let_through() -> None:
    require(np.array([True, True]), "x", "positive", np.array([1.0, 2.0]))
    with pytest.raises(ValueError, match=r"^`x` must be positive; got -2 at 1\.$"):
        require(np.array([True, False]), "x", "positive", np.array([1.0, -2.0]))


def test_a_fault_names_the_value_and_its_place() -> None:
    error = fault_at("x", "even", np.array([[1, 2]]), np.array([0, 1]))
    assert str(error) == "`x` must be even; got 2 at (0, 1)."
    assert str(sentence_fault("x", "even", "odd", "the end")) == (
        "`x` must be even; got odd at the end."
    )


def test_the_second_of_two_equal_names_is_named() -> None:
    distinct("item_ids", ["a", "b", "c"])
    message = r"^`item_ids` must be without duplicates; got 'a' at 2\.$"
    with pytest.raises(ValueError, match=message):
        distinct("item_ids", ["a", "b", "a"])


def test_a_frozen_array_is_a_copy_that_cannot_be_written_to() -> None:
    given = np.array([1.0, 2.0])
    kept = frozen(given)
    given[0] = 9
    assert kept.tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="read-only"):
        kept[0] = 3


@pytest.mark.parametrize(
    "name", ["likelihood-ratio", " Likelihood-Ratio ", DifMethod.LIKELIHOOD_RATIO]
)
def test_a_choice_is_named_in_any_case(name: str) -> None:
    assert chosen("method", DifMethod, name) is DifMethod.LIKELIHOOD_RATIO


@pytest.mark.parametrize("name", ["likelihood ratio", "", None, 3])
def test_a_choice_that_there_is_not_is_named_with_those_that_there_are(name: Any) -> None:
    said = "`method` must be one of mantel-haenszel, logistic, likelihood-ratio; got "
    with pytest.raises(ValueError, match=f"^{said}{name!r}.$"):
        chosen("method", DifMethod, name)
