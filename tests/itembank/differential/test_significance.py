"""Many items at once: p-values adjusted, and purification that ends."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2, false_discovery_control

from itembank import dif
from itembank.differential.purifying import purified
from itembank.differential.significance import benjamini_hochberg, chi_squared_p
from tests.itembank.differential.worlds import items, world


def test_adjusted_p_values_are_those_of_scipy() -> None:
    p = np.random.default_rng(1).random(40) ** 3
    np.testing.assert_allclose(benjamini_hochberg(p), false_discovery_control(p))


def test_what_was_not_tested_does_not_count() -> None:
    p = np.array([0.01, np.nan, 0.04])
    assert benjamini_hochberg(p) == pytest.approx([0.02, np.nan, 0.04], nan_ok=True)


def test_p_values_are_those_of_scipy() -> None:
    statistic, degrees = np.array([0.0, 3.84, 7.0, np.nan]), np.array([1, 1, 3, 1])
    expected = chi2.sf(statistic, degrees)
    np.testing.assert_allclose(chi_squared_p(statistic, degrees), expected)


def test_adjusting_flags_no_more() -> None:
    people = world(1_000, items(20), seed=80, harder=0.9)
    plain = dif(people.scores, people.groups)
    adjusted = dif(people.scores, people.groups, adjustment="benjamini-hochberg")
    assert np.array_equal(adjusted.p, plain.p)
    assert np.all(adjusted.p_adjusted >= plain.p)
    assert set(np.flatnonzero(adjusted.flagged)) <= set(np.flatnonzero(plain.flagged))
    assert adjusted.flagged[0]


def test_purification_ends_where_anchors_come_back() -> None:
    """Each of two items is flagged where the other is no anchor: it would go on for ever."""
    everything = np.ones(3, dtype=bool)

    def test(anchors: np.ndarray) -> np.ndarray:
        first = anchors.all() or not anchors[1]
        return np.array([first, not first, False])

    found = purified(test, lambda flags: flags, everything, repeatedly=True)
    assert not found.settled


def test_purification_ends_where_no_anchor_would_be_left() -> None:
    everything = np.ones(3, dtype=bool)
    found = purified(lambda anchors: anchors, lambda flags: flags, everything, repeatedly=True)
    assert (found.n_rounds, found.settled) == (1, False)
