"""The table at rounded ability, held against the direct computation over the whole bank."""

from __future__ import annotations

import numpy as np
import pytest

from itembank import AdaptiveDesign, AdaptiveTest, ItemParameters, Selection, information
from itembank.adaptive.responding import answers


def bank(n_items: int = 500) -> ItemParameters:
    rng = np.random.default_rng(2)
    return ItemParameters("3pl", rng.lognormal(0.2, 0.3, n_items), rng.normal(size=n_items), 0.2)


def shares_of_the_best(adaptive: AdaptiveDesign, n_persons: int = 15) -> np.ndarray:
    """Return the information of each item chosen over the most that could be had, directly."""
    parameters, found = adaptive.parameters, []
    respond, rng = answers(parameters), np.random.default_rng(5)
    at_nodes = information(adaptive.nodes.theta, parameters)
    for theta in rng.normal(size=n_persons).tolist():
        test = AdaptiveTest(adaptive)
        mass = adaptive.nodes.prior.copy()
        while (item := test.next_item()) is not None:
            if adaptive.selection is Selection.POSTERIOR:
                value = mass @ at_nodes / mass.sum()
            else:
                value = information(test.theta, parameters)
            free = np.ones(parameters.n_items, dtype=bool)
            free[[each for each, _ in test.responses]] = False
            found.append(value[item] / value[free].max())
            score = respond[item](theta, rng.random())
            test.record(item, score)
            mass *= adaptive.nodes.rows[item, score]
    return np.array(found)


@pytest.mark.parametrize(
    ("selection", "worst", "mean"),
    [
        (Selection.INFORMATION, 0.05, 0.002),
        (Selection.POSTERIOR, 0.15, 0.005),
    ],
)
def test_what_rounding_loses_is_small(selection: Selection, worst: float, mean: float) -> None:
    lost = 1 - shares_of_the_best(AdaptiveDesign(bank(), max_items=25, selection=selection))
    assert lost.min() >= -1e-9
    assert lost.max() < worst
    assert lost.mean() < mean


def test_at_an_ability_of_the_table_nothing_is_lost() -> None:
    parameters = bank()
    cell = AdaptiveDesign(parameters, max_items=5).orders.at(0.35, 1.0)
    value = information(0.35, parameters)
    assert [*cell.orders[0][0]] == np.argsort(-np.round(value, 9), kind="stable").tolist()
    assert cell.tops == [pytest.approx(value.max())]


def test_ties_go_to_the_lower_index() -> None:
    twins = ItemParameters("rasch", 1.0, [0.5, 0.0, 0.0, 0.0])
    cell = AdaptiveDesign(twins).orders.at(0.0, 1.0)
    assert [*cell.orders[0][0]] == [1, 2, 3, 0]


def test_ability_off_the_table_is_met_with_its_edge() -> None:
    orders = AdaptiveDesign(bank(), max_items=5).orders
    assert orders.at(40.0, 1.0) is orders.at(5.0, 1.0)
    assert orders.at(-40.0, 1.0) is orders.at(-5.0, 1.0)


def test_strata_begin_with_low_slopes_and_near_difficulties() -> None:
    parameters = bank(80)
    adaptive = AdaptiveDesign(parameters, max_items=20, selection="stratified", n_strata=4)
    test = AdaptiveTest(adaptive)
    by_slope = np.argsort(np.argsort(parameters.slope))
    while (item := test.next_item()) is not None:
        stratum = by_slope[item] // 20
        assert stratum == len(test.responses) // 5
        gone = [each for each, _ in test.responses]
        rivals = [at for at in np.flatnonzero(by_slope // 20 == stratum) if at not in gone]
        nearest = np.abs(parameters.difficulty[rivals] - round(test.theta / 0.05) * 0.05).min()
        found = abs(parameters.difficulty[item] - round(test.theta / 0.05) * 0.05)
        assert found == pytest.approx(nearest, abs=1e-8)
        test.record(item, len(gone) % 2)
