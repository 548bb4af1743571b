"""What `dif` refuses, in one form, and what must change nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from itembank import dif
from itembank.differential import DifSize
from tests.itembank.differential.worlds import items, world

WORLD = world(400, items(5), seed=90, harder=0.5)
METHODS = ("mantel-haenszel", "logistic", "likelihood-ratio")
every_method = pytest.mark.parametrize("method", METHODS)


def _changed(place: Any, value: float) -> np.ndarray:
    scores = WORLD.scores.astype(np.float64)
    scores[place] = value
    return scores


BAD_SCORES: dict[str, Any] = {
    "one dimension": WORLD.scores[0],
    "nobody": WORLD.scores[:0],
    "no item": WORLD.scores[:, :0],
    "words": np.full(WORLD.scores.shape, "right"),
    "half a score": _changed((3, 1), 0.5),
    "an infinite score": _changed((3, 1), np.inf),
    "a negative score": _changed((3, 1), -2.0),
    "an enormous score": _changed((3, 1), 100.0),
    "a person without answers": _changed(3, np.nan),
    "an item without answers": _changed((slice(None), 1), np.nan),
    "an item that all get right": _changed((slice(None), 1), 1.0),
    "nothing": None,
}


@every_method
@pytest.mark.parametrize("scores", BAD_SCORES.values(), ids=BAD_SCORES)
def test_what_is_wrong_with_scores_is_named(method: str, scores: Any) -> None:
    with pytest.raises(ValueError, match=r"(?s)^`scores` must be .+; got .+\.$"):
        dif(scores, WORLD.groups, method)


BAD_ARGUMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "a group too few": ("groups", {"groups": WORLD.groups[:-1]}),
    "one group": ("groups", {"groups": np.zeros(400)}),
    "three groups": ("groups", {"groups": np.arange(400) % 3}),
    "a missing group": ("groups", {"groups": np.where(WORLD.groups == 0, np.nan, 1.0)}),
    "an unknown method": ("method", {"method": "guess"}),
    "an unknown kind": ("kind", {"method": "logistic", "kind": "any"}),
    "a kind that the method has not": ("kind", {"kind": "both"}),
    "no slope to differ": (
        "kind",
        {"method": "likelihood-ratio", "model": "rasch", "kind": "nonuniform"},
    ),
    "an unknown reference": ("reference", {"reference": 7}),
    "an unknown matching": ("matching", {"matching": "sum"}),
    "too few to match on": ("matching", {"matching": [1.0, 2.0]}),
    "a matching that is no number": ("matching", {"matching": np.full(400, np.nan)}),
    "a matching that is not needed": (
        "matching",
        {"method": "likelihood-ratio", "matching": WORLD.theta},
    ),
    "one stratum": ("n_strata", {"matching": WORLD.theta, "n_strata": 1}),
    "an anchor that is no item": ("anchors", {"anchors": [5]}),
    "an anchor twice": ("anchors", {"anchors": [1, 1]}),
    "no anchor": ("anchors", {"anchors": []}),
    "anchors beside a matching": ("anchors", {"anchors": [1], "matching": WORLD.theta}),
    "an item that is none": ("items", {"items": [-1]}),
    "purifying what is given": ("purify", {"purify": True, "matching": WORLD.theta}),
    "a negative frequency": ("weights", {"weights": -np.ones(400)}),
    "a level of nothing": ("level", {"level": 0.0}),
    "an unknown adjustment": ("adjustment", {"adjustment": "some"}),
    "a negative need": ("needed", {"needed": -1}),
    "an unknown model": ("model", {"method": "likelihood-ratio", "model": "factor"}),
    "a model too few": ("model", {"method": "likelihood-ratio", "model": ["2pl", "rasch"]}),
}


@pytest.mark.parametrize(("name", "given"), BAD_ARGUMENTS.values(), ids=BAD_ARGUMENTS)
def test_any_other_mistake_is_named(name: str, given: dict[str, Any]) -> None:
    arguments = {"scores": WORLD.scores, "groups": WORLD.groups} | given
    with pytest.raises(ValueError, match=rf"^`{name}` must be .+; got .+\.$"):
        dif(**arguments)


def test_more_than_two_categories_are_not_for_logistic_regression() -> None:
    with pytest.raises(ValueError, match="whole numbers from 0 to 1; got 2"):
        dif(_changed((3, 1), 2.0), WORLD.groups, "logistic")


@pytest.mark.parametrize("method", ["mantel-haenszel", "logistic"])
def test_totals_of_different_items_are_not_compared(method: str) -> None:
    with pytest.raises(ValueError, match=r"abilities as `matching`; got none at \(3, 1\)"):
        dif(_changed((3, 1), np.nan), WORLD.groups, method)


@every_method
def test_the_order_of_people_and_items_and_their_labels_change_nothing(method: str) -> None:
    rng = np.random.default_rng(3)
    rows, columns = rng.permutation(400), rng.permutation(5)
    one = dif(WORLD.scores, WORLD.groups, method)
    labels = np.where(WORLD.groups == 0, "a", "b")[rows]
    other = dif(WORLD.scores[rows][:, columns], labels, method)
    for name in ("statistic", "effect"):
        np.testing.assert_allclose(getattr(one, name)[columns], getattr(other, name), atol=2e-4)
    assert [one.size[place] for place in columns] == list(other.size)


@every_method
def test_how_scores_are_written_changes_nothing(method: str) -> None:
    expected = dif(WORLD.scores, WORLD.groups, method).statistic
    for written in (
        WORLD.scores.astype(np.float64),
        WORLD.scores.tolist(),
        np.asfortranarray(WORLD.scores),
        WORLD.scores == 1,
    ):
        assert np.array_equal(dif(written, WORLD.groups.tolist(), method).statistic, expected)


@every_method
def test_items_that_were_not_asked_for_are_not_tested(method: str) -> None:
    all_of_them = dif(WORLD.scores, WORLD.groups, method)
    found = dif(WORLD.scores, WORLD.groups, method, items=[1, 4])
    np.testing.assert_allclose(found.statistic[[1, 4]], all_of_them.statistic[[1, 4]], atol=1e-6)
    assert np.isnan(found.p[[0, 2, 3]]).all()
    assert not found.flagged[[0, 2, 3]].any()
    assert np.isnan(found.effect[[0, 2, 3]]).all()
    assert {found.size[item] for item in (0, 2, 3)} == {DifSize.NOT_ENOUGH}
    assert found.n_items == 5
