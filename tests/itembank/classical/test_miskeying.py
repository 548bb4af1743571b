"""A key that was typed wrong is found with the option that was meant, and a right one is left."""

from __future__ import annotations

import numpy as np
import pytest

from itembank import (
    ItemParameters,
    calibrate,
    item_analysis,
    miskeyed,
    simulate_abilities,
    simulate_scores,
)
from itembank.classical import ItemAnalysis, MiskeyReason

BANK = ItemParameters("2pl", 1.2, np.linspace(-1.0, 1.0, 12))
SCORES = simulate_scores(simulate_abilities(800, seed=1), BANK, seed=2)
CHOSEN = np.where(SCORES == 1, 2, np.random.default_rng(3).integers(0, 2, SCORES.shape))
KEYS = np.full(12, 2)


def keyed_wrong(*items: int) -> ItemAnalysis:
    """Return the analysis of the test with option 0 as the key of some items."""
    keys = KEYS.copy()
    keys[list(items)] = 0
    return item_analysis((keys == CHOSEN).astype(np.int8), choices=CHOSEN, keys=keys)


def test_right_keys_are_left_alone() -> None:
    assert miskeyed(keyed_wrong()) == ()


def test_wrong_keys_are_found_with_the_options_that_were_meant() -> None:
    found = miskeyed(keyed_wrong(3, 8))
    assert [(each.item, each.suspect) for each in found] == [(3, 2), (8, 2)]
    for each in found:
        assert each.reasons == (MiskeyReason.OPTION_BEATS_KEY, MiskeyReason.KEY_NEGATIVE)
        assert each.key_rest < 0 < each.suspect_rest


def test_a_calibration_adds_that_the_slope_is_negative() -> None:
    keys = KEYS.copy()
    keys[5] = 0
    scores = (keys == CHOSEN).astype(np.int8)
    slopes = calibrate(scores, "2pl").parameters.slope
    assert slopes[5] < 0
    alone = miskeyed(item_analysis(scores), slopes=slopes)
    assert [(each.item, each.reasons, each.suspect) for each in alone] == [
        (5, (MiskeyReason.KEY_NEGATIVE, MiskeyReason.SLOPE_NEGATIVE), None)
    ]


def test_an_item_that_tells_nothing_is_named_without_a_suspect() -> None:
    scores, chosen = SCORES.copy(), CHOSEN.copy()
    chosen[:, 4] = np.arange(800) % 3
    scores[:, 4] = chosen[:, 4] == 2
    found = miskeyed(item_analysis(scores, choices=chosen, keys=KEYS))
    assert [each.item for each in found] == [4]
    assert found[0].suspect is None
    assert found[0].reasons[0] in {MiskeyReason.KEY_LOW, MiskeyReason.KEY_NEGATIVE}


def test_who_chose_nothing_is_no_suspect() -> None:
    """The able leave the item out: to choose nothing goes with ability more than the key does."""
    chosen = CHOSEN.copy()
    able = SCORES.sum(axis=1) > 6
    chosen[able, 4] = -1
    chosen[~able, 4] = np.arange(np.sum(~able)) % 3
    (found,) = miskeyed(item_analysis(chosen == KEYS, choices=chosen, keys=KEYS))
    assert (found.item, found.suspect) == (4, None)
    assert MiskeyReason.OPTION_BEATS_KEY not in found.reasons


def test_nothing_is_said_of_few() -> None:
    keys = np.where(np.arange(12) == 3, 0, 2)
    found = [
        miskeyed(item_analysis(chosen == keys, choices=chosen, keys=keys))
        for chosen in (CHOSEN[:29], CHOSEN[:60])
    ]
    assert found[0] == ()
    assert [each.item for each in found[1]] == [3]


@pytest.mark.parametrize(("slopes", "got"), [([1.0], "shape (1,)"), ([np.nan] * 12, "nan at 0")])
def test_bad_slopes_are_named(slopes: list[float], got: str) -> None:
    with pytest.raises(ValueError, match="`slopes` must be") as raised:
        miskeyed(keyed_wrong(), slopes=slopes)
    assert got in str(raised.value)
