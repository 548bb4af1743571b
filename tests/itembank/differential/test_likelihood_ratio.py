"""Likelihood ratios are those of calibrations made one by one, whatever the model."""

from __future__ import annotations

from typing import Any

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


def never_right(people: World, item: int, *, group: int = 1) -> World:
    """Return the same people, of whom nobody in a group gets an item right."""
    scores = people.scores.copy()
    scores[people.groups == group, item] = 0
    return World(scores, people.groups, people.theta)


ADJUSTED: dict[str, Any] = {"adjustment": "benjamini-hochberg"}
BLOCKED = never_right(world(1_000, items(6), seed=83), 3)


@pytest.mark.parametrize("purify", [False, True])
@pytest.mark.parametrize("group", [0, 1])
def test_an_item_that_nobody_of_a_group_gets_right_is_flagged_alone(
    group: int, *, purify: bool
) -> None:
    people = never_right(world(1_000, items(6), seed=83), 3, group=group)
    found = dif(people.scores, people.groups, "likelihood-ratio", purify=purify, **ADJUSTED)
    assert found.flagged.nonzero()[0].tolist() == [3]
    assert found.settled
    assert not found.anchors[3]
    assert found.size[3] is DifSize.LARGE
    assert found.direction[3] == (-1 if group else 1)
    assert found.suspects == (3,)


@pytest.mark.parametrize("model", ["rasch", "2pl"])
def test_its_likelihood_is_that_of_a_calibration_without_those_answers(model: str) -> None:
    """An item that is infinitely hard for a group says nothing of that group's abilities."""
    found = dif(BLOCKED.scores, BLOCKED.groups, "likelihood-ratio", model=model)
    without = BLOCKED.scores.copy()
    without[BLOCKED.groups == 1, 3] = -1
    apart = World(without, BLOCKED.groups, BLOCKED.theta)
    if model == "rasch":
        ratio = 2 * (height(apart, model, []) - height(BLOCKED, model, []))
        assert found.statistic[3] == pytest.approx(ratio, abs=1e-3)
    assert found.degrees[3] == (1 if model == "rasch" else 2)
    for item in (0, 5):
        ratio = 2 * (height(apart, model, [item]) - height(apart, model, []))
        assert found.statistic[item] == pytest.approx(ratio, abs=1e-3)


@pytest.mark.parametrize("kind", ["both", "uniform"])
def test_an_item_is_flagged_that_all_of_one_group_and_none_of_the_other_get_right(
    kind: str,
) -> None:
    scores = BLOCKED.scores.copy()
    scores[:, 3] = BLOCKED.groups == 0
    found = dif(scores, BLOCKED.groups, "likelihood-ratio", kind=kind, purify=True)
    assert found.statistic[3] > 300
    np.testing.assert_array_less(np.delete(found.statistic, 3), 10)
    assert found.flagged.nonzero()[0].tolist() == [3]
    assert found.effect[3] == pytest.approx(-1)
    assert found.settled


def test_an_easy_item_that_all_of_one_group_get_right_is_no_anchor_and_not_flagged() -> None:
    own = ItemParameters("2pl", 1.2, [-5.0, -1.0, -0.5, 0.0, 0.5, 1.0])
    people = world(800, own, seed=81)
    scores = people.scores.copy()
    scores[people.groups == 1, 0] = 1
    scores[np.flatnonzero(people.groups == 0)[:2], 0] = 0
    found = dif(scores, people.groups, "likelihood-ratio", purify=True)
    assert np.isfinite(found.statistic[0])
    assert not found.flagged[0]
    assert not found.anchors[0]
    assert found.settled


def test_what_is_the_same_in_all_answers_of_a_group_cannot_differ_in_slope() -> None:
    found = dif(BLOCKED.scores, BLOCKED.groups, "likelihood-ratio", kind="nonuniform", purify=True)
    assert np.isnan(found.statistic[3])
    assert not found.anchors[3]
    assert found.size[3] is DifSize.NOT_ENOUGH


def test_guessing_in_common_bounds_what_an_item_that_is_never_right_can_tell() -> None:
    own = ItemParameters("3pl", 1.3, np.linspace(-1, 1, 6), 0.2)
    people = never_right(world(1_500, own, seed=70), 2)
    found = dif(people.scores, people.groups, "likelihood-ratio", model="3pl", items=[0, 2])
    assert found.flagged[2]
    assert not found.flagged[0]


def test_categories_that_a_group_has_nobody_in_join_their_neighbours() -> None:
    own = ItemParameters("grm", 1.4, np.tile([-1.0, 0.0, 1.0], (5, 1)))
    people = world(1_200, own, seed=82)
    scores = people.scores.copy()
    scores[(people.groups == 1) & (scores[:, 2] == 3), 2] = 2
    together = np.minimum(scores, [3, 3, 2, 3, 3])
    found = dif(scores, people.groups, "likelihood-ratio", model="grm", items=[2])
    expected = dif(together, people.groups, "likelihood-ratio", model="grm", items=[2])
    assert found.statistic[2] == pytest.approx(expected.statistic[2], abs=1e-6)
    assert found.anchors.all()
    scores[people.groups == 1, 2] = 0
    found = dif(scores, people.groups, "likelihood-ratio", model="grm", purify=True)
    assert found.flagged.nonzero()[0].tolist() == [2]


def test_without_an_item_that_both_groups_vary_on_there_is_no_ruler() -> None:
    scores = WORLD.scores.copy()
    scores[np.ix_(WORLD.groups == 0, [0, 1, 2])] = 0
    scores[np.ix_(WORLD.groups == 1, [3, 4, 5])] = 1
    with pytest.raises(ValueError, match=r"^`anchors` must be one item or more .+; got none\.$"):
        dif(scores, WORLD.groups, "likelihood-ratio")
