from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import itembank
from itembank import AdaptiveDesign, AdaptiveTest, ItemParameters, Stop
from itembank.ability import Prior, estimate_ability
from itembank.adaptive import Selection, replay
from tests.itembank.adaptive.examinees import answered, bank, design


def test_parameters_alone_make_a_test() -> None:
    test = itembank.AdaptiveTest(bank(50), max_items=20)
    answered(test, 0.5)
    assert len(test.responses) == 20
    assert test.stopped is Stop.LENGTH
    assert test.next_item() is None


def test_asked_twice_it_gives_the_same_item() -> None:
    test = AdaptiveTest(design(), seed=3)
    assert test.next_item() == test.next_item() is not None


@pytest.mark.parametrize("selection", [each for each in Selection if each != "shadow"])
def test_a_test_taken_up_again_is_where_it_was(selection: Selection) -> None:
    exposure = np.where(np.arange(60) % 3, 1.0, 0.3)
    adaptive = replace(design(), selection=selection, exposure=exposure, candidates=3)
    whole = answered(AdaptiveTest(adaptive, seed=11), 0.3)
    going = AdaptiveTest(adaptive, seed=11)
    for item, score in whole.responses:
        again = AdaptiveTest.resumed(adaptive, 11, going.responses)
        assert again.log == going.log
        assert (again.theta, again.se, again.chances) == (going.theta, going.se, going.chances)
        assert again.next_item() == going.next_item() == item
        going.record(item, score)
    assert replay(adaptive, 11, whole.log) is None


def test_ability_is_the_mean_of_the_posterior() -> None:
    adaptive = replace(design(), prior=Prior(0.3, 1.4))
    test = answered(AdaptiveTest(adaptive, seed=2), -0.4)
    scores = np.full(adaptive.parameters.n_items, np.nan)
    for item, score in test.responses:
        scores[item] = score
    expected = estimate_ability(scores, adaptive.parameters, prior=Prior(0.3, 1.4))
    assert test.theta == pytest.approx(float(expected.theta), abs=1e-6)
    assert test.se == pytest.approx(float(expected.se), abs=1e-6)
    assert float(test.ability.theta) == test.theta


def test_a_changed_log_is_found() -> None:
    adaptive = design()
    log = answered(AdaptiveTest(adaptive, seed=5), 0.0).log
    changed = (*log[:4], replace(log[4], theta=log[4].theta + 1e-6), *log[5:])
    found = replay(adaptive, 5, changed)
    assert found is not None
    assert (found.position, found.logged, found.replayed.theta) == (4, changed[4], log[4].theta)


@pytest.mark.parametrize(
    ("item", "score", "message"),
    [
        (None, 2, "`score` must be a whole number from 0 to 1; got 2 at item"),
        (None, -1, "`score` must be a whole number from 0 to 1; got -1 at item"),
        (None, 0.5, "`score` must be a whole number from 0 to 1; got 0.5 at item"),
        (-1, 1, "`item` must be what `next_item` gave"),
    ],
)
def test_a_wrong_record_is_refused(item: int | None, score: int, message: str) -> None:
    test = AdaptiveTest(design())
    asked = test.next_item()
    with pytest.raises(ValueError, match=message):
        test.record(asked if item is None else item, score)
    assert test.responses == ()


def test_an_item_given_instead_counts() -> None:
    adaptive = design()
    chosen = AdaptiveTest(adaptive).next_item()
    other = 0 if chosen else 1
    test = AdaptiveTest.resumed(adaptive, 0, [(other, 1)])
    assert test.responses == ((other, 1),)
    assert replay(adaptive, 0, test.log) is not None


def test_excluded_items_never_come_and_avoided_ones_last() -> None:
    parameters = ItemParameters("rasch", 1.0, np.linspace(-1, 1, 6))
    adaptive = AdaptiveDesign(parameters, max_items=4)
    test = answered(AdaptiveTest(adaptive, excluded=[2], avoided=[3, 1]), 0.0)
    items = [item for item, _ in test.responses]
    assert set(items[:3]) == {0, 4, 5}
    assert items[3] in {1, 3}
