from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from itembank import AdaptiveDesign, AdaptiveTest, Blueprint, Sprt
from itembank.adaptive.sprt import sprt_table
from tests.itembank.adaptive.examinees import bank, design

BAD = [
    ({"selection": "best"}, "`selection` must be one of information, posterior"),
    ({"min_items": 0}, "`min_items` must be a whole number, 1 or more; got 0."),
    ({"max_items": 1.5}, "`max_items` must be a whole number, 1 or more; got 1.5."),
    ({"max_items": 61}, "`max_items` must be at most the number of items, 60; got 61."),
    ({"min_items": 9, "max_items": 8}, "`min_items` must be at most the 8 of a test; got 9."),
    ({"candidates": True}, "`candidates` must be a whole number, 1 or more; got True."),
    ({"n_strata": 0}, "`n_strata` must be a whole number, 1 or more; got 0."),
    ({"areas": ["a"] * 60}, "`areas` must be given together with `blueprint`"),
    ({"blueprint": {"a": 1}}, "`areas` must be given together with `blueprint`"),
    ({"areas": ["a"], "blueprint": {"a": 1}}, "`areas` must be one for each of 60 items; got 1."),
    ({"areas": ["a"] * 60, "blueprint": {"a": 0}}, "`counts` must be whole numbers from 1 to 1000"),
    (
        {"areas": ["a"] * 60, "blueprint": {"b": 2}},
        "`blueprint` must be one that the items can fill with no two enemies together; got 0 of 2",
    ),
    (
        {"areas": ["a"] * 60, "blueprint": {"a": 4}, "max_items": 5},
        "`max_items` must be the blueprint's total of 4; got 5.",
    ),
    (
        {"areas": ["a"] * 60, "blueprint": {"a": 4}, "least": {"a": 5}},
        "`least` must be from 0 to the blueprint's 4; got 5 at a.",
    ),
    (
        {"areas": ["a"] * 60, "blueprint": {"a": 4}, "least": {"z": 1}},
        "`least` must be from 0 to the blueprint's 0; got 1 at z.",
    ),
    ({"enemies": {0: [60]}}, "`enemies` must be indices of items, from 0 to 59; got 60."),
    ({"enemies": {-1: [2]}}, "`enemies` must be indices of items, from 0 to 59; got -1."),
    ({"exposure": [0.5]}, "`exposure` must be of shape (60,); got shape (1,)."),
    ({"exposure": [1.0] * 59 + [0.0]}, "`exposure` must be above 0, at most 1; got 0 at 59."),
    ({"exposure": [np.nan] * 60}, "`exposure` must be finite"),
    ({"cut": np.inf}, "`cut` must be finite; got inf."),
    ({"cut": 0.0, "cut_se": -1.0}, "`cut_se` must be 0 or more; got -1.0."),
    ({"cut": 0.0, "shift": np.nan}, "`shift` must be 0 or more; got nan."),
    ({"se": 0.0}, "`se` must be positive and finite; got 0.0."),
    ({"cut": 0.0, "certainty": 0.5}, "`certainty` must be above 0.5 and below 1; got 0.5."),
    ({"certainty": 0.9}, "`cut` must be given with `certainty`; got none."),
    ({"sprt": Sprt(0.3)}, "`cut` must be given with `sprt`; got none."),
]


@pytest.mark.parametrize(("options", "message"), BAD)
def test_a_wrong_design_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        AdaptiveDesign(bank(), **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"delta": 0.0}, "`delta` must be positive and finite; got 0.0."),
        ({"delta": 0.3, "alpha": 0.0}, "`alpha` must be above 0"),
        ({"delta": 0.3, "beta": 1.0}, "`beta` must be above 0"),
    ],
)
def test_a_wrong_sequential_test_is_refused(options: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Sprt(**options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"seed": 1.0}, "`seed` must be a whole number; got 1.0."),
        ({"excluded": [60]}, "`excluded` must be indices of items, from 0 to 59; got 60."),
        ({"avoided": ["x"]}, "`avoided` must be indices of items, from 0 to 59; got 'x'."),
        ({"max_items": 3}, "`options` must be part of the design, where there is one"),
    ],
)
def test_a_wrong_test_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        AdaptiveTest(design(), **options)


def test_bounds_at_five_in_a_hundred_are_the_logarithm_of_19() -> None:
    assert Sprt(0.3).upper == pytest.approx(np.log(19))
    assert Sprt(0.3).lower == pytest.approx(-np.log(19))


def test_the_ratio_is_that_of_the_likelihoods() -> None:
    table = sprt_table(bank(), 0.2, Sprt(0.4))
    own = bank().take([7])
    right = 1 / (1 + np.exp(-own.slope * (np.array([0.6, -0.2]) - own.threshold[:, 0])))
    assert table.gains[7][1] == pytest.approx(np.log(right[0] / right[1]))
    assert table.gains[7][0] == pytest.approx(np.log((1 - right[0]) / (1 - right[1])))


def test_a_blueprint_may_be_one() -> None:
    assert AdaptiveDesign(bank(), areas=["a"] * 60, blueprint=Blueprint({"a": 9})).most_items == 9


def test_other_exposure_parameters_share_what_is_looked_up() -> None:
    adaptive = design()
    other = adaptive.with_exposure(np.full(60, 0.5))
    assert other.orders is adaptive.orders
    assert other.nodes is adaptive.nodes
    assert other.exposure_list == [0.5] * 60
    assert adaptive.exposure_list is None
