"""Mantel-Haenszel: its formulas written out, and matching on what is said."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from itembank import ItemParameters, dif
from itembank.differential import DifSize, OddsRatios
from tests.itembank.differential.worlds import World, items, world

WORLD = world(1_200, items(8), seed=20, harder=0.8)


def plainly(
    right: NDArray[np.bool_], focal: NDArray[np.bool_], on: NDArray[np.int64]
) -> tuple[float, float]:
    """Return chi-squared without correction and the odds ratio, stratum by stratum."""
    away = variance = upper = lower = 0.0
    for value in np.unique(on):
        here = on == value
        a, b = (right & ~focal & here).sum(), (~right & ~focal & here).sum()
        c, d = (right & focal & here).sum(), (~right & focal & here).sum()
        n = a + b + c + d
        if not (a + b and c + d):
            continue
        away += a - (a + b) * (a + c) / n
        variance += (a + b) * (c + d) * (a + c) * (b + d) / (n * n * (n - 1))
        upper += a * d / n
        lower += b * c / n
    return away**2 / variance, upper / lower


@pytest.mark.parametrize("matching", ["total", "rest", "given"])
@pytest.mark.parametrize("anchors", [None, [1, 2, 5, 7]])
def test_each_item_is_as_if_reckoned_alone(matching: str, anchors: list[int] | None) -> None:
    scores, focal = WORLD.scores, WORLD.groups == 1
    chosen = list(range(8)) if anchors is None else anchors
    outside = scores.sum(axis=1, dtype=np.int64) // 2
    given = {"matching": outside} if matching == "given" else {"matching": matching}
    kept = None if matching == "given" else anchors
    found = dif(scores, WORLD.groups, continuity=False, anchors=kept, **given)  # type: ignore[arg-type] # one argument of three kinds
    for item in range(8):
        among = set(chosen) | {item} if matching == "total" else set(chosen) - {item}
        on = outside if matching == "given" else scores[:, sorted(among)].sum(axis=1)
        chi, odds = plainly(scores[:, item] == 1, focal, on)
        assert found.statistic[item] == pytest.approx(chi)
        assert isinstance(found.details, OddsRatios)
        assert found.details.odds_ratio[item] == pytest.approx(odds)
        assert found.effect[item] == pytest.approx(-2.35 * np.log(odds))


def test_an_item_that_is_harder_for_one_group_is_found_and_said_to_be() -> None:
    found = dif(WORLD.scores, WORLD.groups, purify=True)
    assert found.flagged[0]
    assert found.direction[0] == -1
    assert found.effect[0] < -1
    assert found.size[0] in {DifSize.MODERATE, DifSize.LARGE}
    assert 0 in found.suspects
    assert found.settled
    assert np.array_equal(found.anchors, ~found.flagged)


def test_the_other_group_as_reference_turns_effects_round() -> None:
    one = dif(WORLD.scores, WORLD.groups)
    other = dif(WORLD.scores, WORLD.groups, reference=1)
    assert (other.reference, other.focal) == (1, 0)
    np.testing.assert_allclose(one.statistic, other.statistic)
    np.testing.assert_allclose(one.effect, -other.effect)
    np.testing.assert_allclose(one.effect_se, other.effect_se)


def test_the_standard_error_is_how_much_the_effect_varies() -> None:
    own = items(10)
    drawn = [dif(w.scores, w.groups) for w in (world(600, own, seed=10 * k) for k in range(120))]
    spread = np.std([each.effect for each in drawn], axis=0, ddof=1)
    stated = np.mean([each.effect_se for each in drawn], axis=0)
    assert np.abs(spread / stated - 1).mean() < 0.1


def test_graded_items_are_compared_by_their_mean_scores() -> None:
    own = ItemParameters("grm", 1.2, np.tile([-1.0, 0.0, 1.0], (6, 1)))
    people = world(1_000, own, seed=5, harder=0.6)
    found = dif(people.scores, people.groups, matching="rest")
    assert found.flagged[0]
    assert found.direction[0] == -1
    assert isinstance(found.details, OddsRatios)
    assert np.isnan(found.details.odds_ratio).all()
    assert found.details.difference[0] < -0.1
    assert found.size[0] is not DifSize.NEGLIGIBLE


def test_mantels_statistic_of_two_categories_is_that_of_mantel_and_haenszel() -> None:
    """Scores 0 and 2 in place of 0 and 1, which only Mantel's statistic allows."""
    plain = dif(WORLD.scores, WORLD.groups, continuity=False, matching=WORLD.theta)
    doubled = dif(2 * WORLD.scores, WORLD.groups, continuity=False, matching=WORLD.theta)
    np.testing.assert_allclose(plain.statistic, doubled.statistic)


def test_too_few_answers_are_said_to_be_too_few() -> None:
    few = World(WORLD.scores[:300], WORLD.groups[:300], WORLD.theta[:300])
    found = dif(few.scores, few.groups)
    assert not found.enough.any()
    assert set(found.size) == {DifSize.NOT_ENOUGH}
    assert found.suspects == ()
    assert dif(few.scores, few.groups, needed=100).enough.all()


def test_people_without_an_item_are_left_out_of_it_where_a_matching_is_given() -> None:
    scores = WORLD.scores.copy()
    scores[::3, 2] = -1
    found = dif(scores, WORLD.groups, matching=WORLD.theta, n_strata=10)
    assert found.n[2].tolist() == [400, 400]
    assert not np.isnan(found.statistic).any()


def test_frequencies_stand_for_people() -> None:
    rows, counts = np.unique(
        np.column_stack([WORLD.scores, WORLD.groups]), axis=0, return_counts=True
    )
    for method in ("mantel-haenszel", "logistic", "likelihood-ratio"):
        one = dif(WORLD.scores, WORLD.groups, method)
        other = dif(rows[:, :-1], rows[:, -1], method, weights=counts)
        np.testing.assert_allclose(one.statistic, other.statistic, rtol=1e-4, atol=1e-4)
        assert np.array_equal(one.n, other.n)


@pytest.mark.parametrize("group", [0, 1])
def test_an_item_that_nobody_of_a_group_gets_right_is_of_the_largest_class(group: int) -> None:
    scores = WORLD.scores.copy()
    scores[WORLD.groups == group, 4] = 0
    found = dif(scores, WORLD.groups, purify=True)
    assert found.effect[4] == (-np.inf if group else np.inf)
    assert found.size[4] is DifSize.LARGE
    assert 4 in found.suspects
    scores[WORLD.groups != group, 4] = 0
    scores[np.flatnonzero(WORLD.groups != group)[0], 4] = 1
    found = dif(scores, WORLD.groups)
    assert np.isinf(found.effect[4])
    assert found.size[4] is DifSize.NEGLIGIBLE  # one right answer is no evidence
