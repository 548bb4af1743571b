from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from itembank import AdaptiveDesign, simulate_abilities, simulate_adaptive, sympson_hetter
from tests.itembank.adaptive.examinees import design

RATE = 0.3


@pytest.fixture(scope="module")
def capped() -> AdaptiveDesign:
    return sympson_hetter(design(120), RATE, seed=1, n_tests=300, n_rounds=8).design


def highest_in_errors(adaptive: AdaptiveDesign, n: int) -> float:
    """Return by how many standard errors the most used item of n tests exceeds the cap."""
    found = simulate_adaptive(adaptive, simulate_abilities(n, seed=4), seed=5)
    assert found.violations == 0
    return float((found.exposure.max() - RATE) / np.sqrt(RATE * (1 - RATE) / n))


def test_no_item_is_used_above_the_cap(capped: AdaptiveDesign) -> None:
    assert highest_in_errors(design(120), 200) > 10
    assert highest_in_errors(capped, 1_000) < 3.5


@pytest.mark.slow
def test_no_item_is_used_above_the_cap_in_ten_thousand_tests() -> None:
    """Takes some ten seconds."""
    found = sympson_hetter(design(120), RATE, seed=1, n_tests=2_000)
    assert found.rates.max() <= found.bound
    assert highest_in_errors(found.design, 10_000) < 3.5


def test_control_costs_some_precision_and_spares_the_bank(capped: AdaptiveDesign) -> None:
    theta = simulate_abilities(300, seed=3)
    free = simulate_adaptive(design(120), theta, seed=1)
    spared = simulate_adaptive(capped, theta, seed=1)
    assert spared.overlap < free.overlap
    assert spared.se.mean() > free.se.mean()
    assert (spared.exposure == 0).sum() < (free.exposure == 0).sum()


def test_randomesque_choices_and_the_cap_go_together() -> None:
    found = sympson_hetter(design(120, candidates=4), RATE, seed=1, n_tests=150, n_rounds=6)
    assert highest_in_errors(found.design, 500) < 3.5


@pytest.mark.parametrize(
    ("rate", "message"),
    [
        (0.0, "`rate` must be above 0, at most 1; got 0.0."),
        (
            0.12,
            "`rate` must be at least 0.15, for 6 items come from 40; got 0.12 at a.",
        ),
    ],
)
def test_a_cap_that_the_items_cannot_honour_is_refused(rate: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sympson_hetter(design(120), rate, seed=1)


def test_a_cap_that_enemies_make_impossible_is_refused() -> None:
    """Half of area a are enemies of one another: one of them at most is in a test."""
    hostile = [*range(0, 60, 3)]
    adaptive = replace(design(120), enemies=dict.fromkeys(hostile, hostile))
    with pytest.raises(ValueError, match="`rate` must be a cap that the items can honour"):
        sympson_hetter(adaptive, 0.16, seed=1, n_tests=100, n_rounds=3)


def test_progress_is_told() -> None:
    seen: list[tuple[int, int]] = []
    sympson_hetter(
        design(120),
        0.4,
        seed=1,
        n_tests=50,
        n_rounds=3,
        on_progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("name", ["n_tests", "n_rounds"])
def test_counts_are_whole_and_positive(name: str) -> None:
    with pytest.raises(ValueError, match=f"`{name}` must be a whole number, 1 or more; got 0."):
        sympson_hetter(design(120), 0.5, seed=1, **{name: 0})
