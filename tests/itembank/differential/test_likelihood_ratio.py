"""Likelihood ratios are those of calibrations made one by one, whatever the model."""

from __future__ import annotations

import numpy as np
import pytest

from itembank import ItemParameters, Model, calibrate, dif
from itembank.differential import DifProgress, DifSize, GroupCurves
from tests.itembank.banks import spread_bank
from tests.itembank.differential.worlds import World, items, world

WORLD = world(1_000, items(6), seed=40, harder=0.7, impact=0.5)
EXACT = {"minimum": None, "standard_errors": False, "tolerance": 1e-7, "max_iterations": 5_000}


def split(people: World, which: list[int]) -> np.ndarray:
    """Return scores in which some items are one item in each group, for a whole calibration."""
    columns = [
        np.where(people.groups == group, people.scores[:, item], -1)
        for item in which
        for group in (0, 1)
    ]
    return np.column_stack([np.delete(people.scores, which, axis=1), *columns])


def height(people: World, model: str, which: list[int]) -> float:
    return calibrate(split(people, which), model, groups=people.groups, **EXACT).log_likelihood


@pytest.mark.parametrize("model", [Model.RASCH, Model.TWO_PL, Model.GRM, Model.GPCM])
def test_it_is_that_of_two_whole_calibrations(model: Model) -> None:
    bank = spread_bank(model, 5, n_categories=3 if model.is_polytomous else 2)
    people = world(800, bank, seed=50, harder=0.6, impact=0.4)
    found = dif(people.scores, people.groups, "likelihood-ratio", model=model, items=[0, 3])
    together = height(people, model, [])
    for item in (0, 3):
        ratio = 2 * (height(people, model, [item]) - together)
        assert found.statistic[item] == pytest.approx(ratio, abs=2e-4)
    assert np.isnan(found.statistic[[1, 2, 4]]).all()
    assert not found.flagged[[1, 2, 4]].any()


def test_items_that_are_no_anchors_are_the_groups_own() -> None:
    found = dif(WORLD.scores, WORLD.groups, "likelihood-ratio", anchors=[1, 3, 4], items=[0, 2, 3])
    whole = height(WORLD, "2pl", [0, 2, 5])
    for item, others in ((0, [2, 5]), (2, [0, 5])):
        ratio = 2 * (whole - height(WORLD, "2pl", others))
        assert found.statistic[item] == pytest.approx(ratio, abs=2e-4)
    ratio = 2 * (height(WORLD, "2pl", [0, 2, 3, 5]) - whole)
    assert found.statistic[3] == pytest.approx(ratio, abs=2e-4)


def test_both_is_uniform_and_nonuniform_together() -> None:
    each = [
        dif(WORLD.scores, WORLD.groups, "likelihood-ratio", kind=kind)
        for kind in ("uniform", "nonuniform", "both")
    ]
    total = each[0].statistic + each[1].statistic
    np.testing.assert_allclose(total, each[2].statistic, atol=1e-4)
    assert [set(found.degrees) for found in each] == [{1}, {1}, {2}]


def test_what_it_says_of_an_item_that_is_harder_for_one_group() -> None:
    found = dif(WORLD.scores, WORLD.groups, "likelihood-ratio", purify=True)
    assert found.flagged[0]
    assert found.direction[0] == -1
    assert found.size[0] is DifSize.LARGE
    assert found.settled
    assert isinstance(found.details, GroupCurves)
    assert found.details.converged.all()
    one, other = found.details.of_reference, found.details.of_focal
    assert other.threshold[0, 0] - one.threshold[0, 0] == pytest.approx(0.7, abs=0.35)
    assert found.details.latent[0].mean == 0
    assert found.details.latent[1].mean == pytest.approx(-0.5, abs=0.25)
    kept = found.anchors.nonzero()[0]
    np.testing.assert_array_less(np.abs(found.effect[kept]), found.details.unsigned[kept] + 1e-12)


def test_more_ability_is_no_difference_of_the_items() -> None:
    people = world(3_000, items(8), seed=60, impact=1.0)
    for method in ("mantel-haenszel", "logistic", "likelihood-ratio"):
        found = dif(people.scores, people.groups, method, adjustment="benjamini-hochberg")
        assert not found.flagged.any(), method


def test_an_item_that_only_one_group_was_given_is_not_tested() -> None:
    scores = WORLD.scores.copy()
    scores[WORLD.groups == 0, 5] = -1
    found = dif(scores, WORLD.groups, "likelihood-ratio")
    assert np.isnan(found.statistic[5])
    assert not found.flagged[5]
    assert found.size[5] is DifSize.NOT_ENOUGH
    assert np.isfinite(found.statistic[:5]).all()


def test_progress_is_told_item_by_item() -> None:
    told: list[DifProgress] = []
    dif(WORLD.scores, WORLD.groups, "likelihood-ratio", on_progress=told.append)
    assert told == [DifProgress(item + 1, 6, 1) for item in range(6)]


def test_guessing_is_the_same_in_both_groups() -> None:
    own = ItemParameters("3pl", 1.3, np.linspace(-1, 1, 6), 0.2)
    people = world(1_500, own, seed=70, harder=0.8)
    found = dif(people.scores, people.groups, "likelihood-ratio", model="3pl", items=[0, 2])
    assert found.degrees[[0, 2]].tolist() == [2, 2]
    assert isinstance(found.details, GroupCurves)
    assert found.details.of_reference.guessing == pytest.approx(found.details.of_focal.guessing)
    assert found.flagged[0]
