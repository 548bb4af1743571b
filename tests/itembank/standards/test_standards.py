"""Standards: what panels and groups place, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from itembank import (
    ItemParameters,
    Model,
    angoff,
    bookmark,
    borderline_group,
    calibrate,
    contrasting_groups,
    place_by_panel,
    simulate_abilities,
    simulate_scores,
    theta_cut,
)
from itembank.calibration import Normals, Priors
from itembank.regression import Regression, logistic_regression
from itembank.standards import groups, response_locations
from tests.itembank.banks import spread_bank

Floats = NDArray[np.float64]
PANEL = np.array([[0.5, 0.7, 0.9], [0.6, 0.7, 0.8], [0.4, 0.8, 0.9]])
RASCH = ItemParameters("rasch", 1, [0.5, -0.5, 0.0])


# Angoff


def test_rounds_say_how_far_judges_moved() -> None:
    first = PANEL + np.array([[0.1], [0.0], [-0.1]])
    found = angoff(PANEL, earlier=[first])
    assert [each.moved for each in found.rounds] == pytest.approx([np.nan, 0.2 / 3], nan_ok=True)
    assert found.rounds[1].cut == found.cut
    assert found.rounds[1].sd < found.rounds[0].sd
    assert found.share == pytest.approx(found.cut / 3)


def test_judges_who_agree_wholly_have_no_error() -> None:
    found = angoff([[0.2, 0.9], [0.2, 0.9]])
    assert (found.cut, found.se) == (pytest.approx(1.1), 0)
    assert found.agreement.single == 1


def test_no_component_of_variance_is_below_nothing() -> None:
    """Judges whose sums are the same, though they differ item by item."""
    found = angoff([[0.2, 0.6, 0.7], [0.6, 0.2, 0.7], [0.4, 0.4, 0.7]]).agreement
    assert found.judges == 0
    assert found.residual > 0


def test_one_item_tells_nothing_of_agreement() -> None:
    assert np.isnan(angoff([[0.2], [0.4]]).agreement.single)


# A panel's placing


@pytest.mark.parametrize(
    "ratings",
    [
        [[0.0, 1.0, 0.5], [0.0, 1.0, 0.7]],
        [[1.0, 1.0, 0.99], [1.0, 1.0, 0.99]],
        np.vstack([np.ones((10, 2)), np.tile([0.70, 0.72], (10, 1))]).T,
        [[0.0, 1.0], [0.0, 1.0]],
    ],
    ids=["both ends", "hardly anything but 1", "half of them 1", "nothing but 0 and 1"],
)
def test_on_the_first_day_the_cut_is_nought_however_sure_judges_are(ratings: ArrayLike) -> None:
    """A 1 has no place on a scale and stands at 0.98; the cut is of the items as they stand."""
    placed = place_by_panel(ratings)
    assert placed.cut.theta == 0
    assert np.isfinite(placed.parameters.threshold).all()
    assert placed.panel.cut == pytest.approx(np.mean(ratings, axis=0).sum())
    right = 1 / (1 + np.exp(placed.parameters.threshold[:, 0]))
    assert right == pytest.approx(np.clip(np.mean(ratings, axis=0), 0.02, 0.98))
    slope = (right * (1 - right)).sum()
    assert placed.cut.se == pytest.approx(placed.panel.se / slope)


def test_judges_who_agree_wholly_leave_the_cut_without_error_and_the_items_with_theirs() -> None:
    placed = place_by_panel([[0.5, 0.6], [0.5, 0.6]])
    assert (placed.cut.theta, placed.cut.se) == (0, 0)
    assert placed.prior.sd.tolist() == [0.8, 0.8]


def test_after_responses_the_cut_is_where_the_panel_s_share_is() -> None:
    """The panel is off by 0.6 logits an item, and the people are better than it thought."""
    rng = np.random.default_rng(4)
    difficulty = np.linspace(-1.5, 1.0, 20)
    rated = 1 / (1 + np.exp(difficulty + rng.normal(0, 0.6, 20)))
    ratings = np.clip(rated + rng.normal(0, 0.05, (8, 20)), 0.02, 0.98)
    placed = place_by_panel(ratings)
    truth = ItemParameters("rasch", 1, difficulty)
    theta = simulate_abilities(1_000, seed=5, mean=1.0, sd=1.2)
    scores = simulate_scores(theta, truth, seed=6)
    found = calibrate(scores, "rasch", priors=placed.priors)
    cut = theta_cut(found.parameters, placed.share, share_se=placed.share_se)
    goal = theta_cut(truth, placed.share).theta
    assert found.latent[0].sd == pytest.approx(1.2, abs=0.1)
    (latent,) = found.latent
    assert cut.theta - latent.mean == pytest.approx(goal - 1.0, abs=0.1)
    assert cut.theta != placed.cut.theta
    expected = found.parameters.threshold[:, 0] - placed.parameters.threshold[:, 0]
    assert abs(np.average(expected, weights=1 / placed.prior.sd**2)) < 1e-3


def test_the_scale_of_judgement_does_not_move_the_decision() -> None:
    """Without the panel's prior the same cut lies at the same place among the people."""
    placed = place_by_panel(np.linspace(0.3, 0.8, 12) + np.array([[-0.05], [0.0], [0.05]]))
    theta = simulate_abilities(2_000, seed=7)
    scores = simulate_scores(theta, placed.parameters, seed=8)
    with_prior = calibrate(scores, "rasch", priors=Priors(threshold=placed.prior))
    without = calibrate(scores, "rasch")
    places = [
        (theta_cut(each.parameters, placed.share).theta - each.latent[0].mean) / each.latent[0].sd
        for each in (with_prior, without)
    ]
    assert places[0] == pytest.approx(places[1], abs=0.01)


def test_a_prior_that_weighs_much_holds_an_item() -> None:
    bank = spread_bank(Model.RASCH, 5)
    scores = simulate_scores(simulate_abilities(400, seed=1), bank, seed=2)
    held = Normals(bank.threshold[:, 0] + [0, 0, 1.0, 0, 0], 0.001)
    found = calibrate(scores, "rasch", priors=Priors(threshold=held))
    assert found.parameters.threshold[:, 0] == pytest.approx(held.mean, abs=0.01)
    assert found.converged


# Bookmarks


def test_the_booklet_is_in_the_order_of_difficulty() -> None:
    found = bookmark(RASCH, [2, 2])
    assert found.order.tolist() == [1, 2, 0]
    assert found.cut == pytest.approx(np.log(2))
    assert bookmark(RASCH, [2, 2], reading="before").cut == pytest.approx(np.log(2) - 0.5)
    assert bookmark(RASCH, [2, 2], reading="between").cut == pytest.approx(np.log(2) - 0.25)


def test_locations_allow_for_guessing() -> None:
    item = ItemParameters("3pl", [1.5], [0.2], [0.2])
    (place,) = response_locations(item, 2 / 3)
    assert 0.2 + 0.8 / (1 + np.exp(-1.5 * (place - 0.2))) == pytest.approx(2 / 3)


# Groups


def test_the_borderline_group_s_median() -> None:
    rng = np.random.default_rng(3)
    scores = rng.normal(20, 4, 400)
    found = borderline_group(scores, draws=500)
    assert found.cut == np.median(scores)
    assert found.se == pytest.approx(4 * np.sqrt(np.pi / 2) / 20, rel=0.25)
    assert borderline_group(scores, draws=500) == found


def test_contrasting_groups_are_told_apart_where_they_are_as_probable() -> None:
    rng = np.random.default_rng(9)
    scores = np.concatenate([rng.normal(10, 3, 3_000), rng.normal(16, 3, 3_000)])
    masters = np.repeat([0, 1], 3_000)
    found = contrasting_groups(scores, masters)
    assert found.cut == pytest.approx(13, abs=3 * found.se)
    assert 0 < found.se < 0.1
    assert found.false_passes == pytest.approx(norm.sf(1), abs=0.02)
    assert found.false_fails == pytest.approx(norm.sf(1), abs=0.02)
    assert found.least_loss_cut == pytest.approx(13, abs=0.6)
    strict = contrasting_groups(scores, masters, cost_of_false_pass=5)
    assert strict.cut == pytest.approx(13 + np.log(5) * 9 / 6, abs=0.3)
    assert strict.least_loss_cut > found.least_loss_cut


def test_groups_that_do_not_overlap_have_their_cut_between_them() -> None:
    scores = np.array([1, 2, 3, 4, 5, 11, 12, 13, 14, 15.0])
    found = contrasting_groups(scores, scores > 8)
    assert (found.cut, found.overlap) == (8, False)
    assert np.isnan(found.se)
    assert (found.false_passes, found.false_fails) == (0, 0)


def test_groups_that_touch_do_not_overlap_and_have_no_error() -> None:
    """The steeper the curve the likelier, so that a search would end with a tiny error."""
    scores = np.concatenate([np.arange(0, 51), np.arange(50, 100)]).astype(float)
    masters = np.arange(101) > 50
    found = contrasting_groups(scores, masters)
    assert (found.cut, found.overlap) == (50, False)
    assert np.isnan(found.se)
    assert (found.false_passes, found.false_fails) == (pytest.approx(1 / 51), 0)
    crossing = contrasting_groups(np.where(np.arange(101) == 51, 48.0, scores), masters)
    assert crossing.overlap
    assert crossing.se > 0.05


def test_a_regression_that_did_not_converge_has_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def unfinished(design: Floats, outcome: NDArray[np.bool_]) -> Regression:
        return replace(logistic_regression(design, outcome), converged=False)

    scores, masters = np.array([*range(10), *range(5, 15)], dtype=float), np.arange(20) > 9
    assert contrasting_groups(scores, masters).se > 0
    monkeypatch.setattr(groups, "logistic_regression", unfinished)
    assert np.isnan(contrasting_groups(scores, masters).se)


FEW, HALF = np.arange(8.0), np.arange(20.0) > 9
MISTAKES: dict[str, tuple[str, Callable[[], object]]] = {
    "one judge": ("ratings", lambda: angoff(PANEL[:1])),
    "no item": ("ratings", lambda: angoff(PANEL[:, :0])),
    "a rating above 1": ("ratings", lambda: angoff(PANEL * 2)),
    "a rating that is missing": ("ratings", lambda: angoff(np.where(PANEL == 0.4, np.nan, PANEL))),
    "a round of another shape": ("earlier", lambda: angoff(PANEL, earlier=[PANEL[:, :2]])),
    "no doubt in judgement": ("judgement_sd", lambda: place_by_panel(PANEL, judgement_sd=0)),
    "nothing but 1": ("ratings", lambda: place_by_panel(np.ones((2, 3)))),
    "nothing but 0": ("ratings", lambda: place_by_panel(np.zeros((2, 3)))),
    "one bookmark": ("bookmarks", lambda: bookmark(RASCH, [1])),
    "page 0": ("bookmarks", lambda: bookmark(RASCH, [0, 1])),
    "nothing before page 1": ("bookmarks", lambda: bookmark(RASCH, [1, 2], reading="before")),
    "half a page": ("bookmarks", lambda: bookmark(RASCH, np.array([1.5, 2]))),
    "an unknown reading": ("reading", lambda: bookmark(RASCH, [1, 2], reading="upside down")),
    "a probability of 1": (
        "response_probability",
        lambda: bookmark(RASCH, [1, 2], response_probability=1),
    ),
    "a polytomous item": (
        "parameters",
        lambda: bookmark(ItemParameters("pcm", 1, [[0, 1]]), [1, 1]),
    ),
    "a guess as probable as that": (
        "parameters",
        lambda: bookmark(ItemParameters("3pl", [1], [0], [0.7]), [1, 1]),
    ),
    "a probability that an item never has": (
        "parameters",
        lambda: bookmark(ItemParameters("4pl", [1], [0], [0.1], [0.6]), [1, 1]),
    ),
    "few borderline persons": ("scores", lambda: borderline_group(FEW)),
    "one draw": ("draws", lambda: borderline_group(np.arange(20.0), draws=1)),
    "few masters": ("is_master", lambda: contrasting_groups(FEW, FEW > 5)),
    "masters who score lower": ("is_master", lambda: contrasting_groups(np.arange(20.0), ~HALF)),
    "masters of another number": ("is_master", lambda: contrasting_groups(np.arange(20.0), [0, 1])),
    "half a master": ("is_master", lambda: contrasting_groups(np.arange(20.0), HALF / 2)),
    "a cost of nothing": (
        "cost_of_false_pass",
        lambda: contrasting_groups(np.arange(20.0), HALF, cost_of_false_pass=0),
    ),
    "a prior without width": ("sd", lambda: Normals([0.0, 1.0], 0)),
    "a width too few": ("sd", lambda: Normals([0.0, 1.0], [1.0])),
    "an endless mean": ("mean", lambda: Normals([np.inf], 1.0)),
}


@pytest.mark.parametrize(("argument", "run"), MISTAKES.values(), ids=MISTAKES)
def test_what_is_wrong_is_named(argument: str, run: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=rf"^`{argument}` must be .+; got .+\.$"):
        run()


@pytest.mark.parametrize(
    "prior",
    [Normals([0.0] * 4, 1), Normals([np.nan] * 5, 1)],
    ids=["for another number of items", "for none of them"],
)
def test_priors_that_do_not_fit_are_named(prior: Normals) -> None:
    bank = spread_bank(Model.RASCH, 5)
    scores = simulate_scores(simulate_abilities(300, seed=1), bank, seed=2)
    with pytest.raises(ValueError, match=r"^`priors.threshold` must be .+; got .+\.$"):
        calibrate(scores, "rasch", priors=Priors(threshold=prior))


def test_priors_are_for_items_of_two_categories() -> None:
    bank = spread_bank(Model.GPCM, 4, n_categories=3)
    scores = simulate_scores(simulate_abilities(400, seed=1), bank, seed=2)
    with pytest.raises(ValueError, match=r"^`priors.threshold` must be NaN .+; got 'gpcm' at 0\.$"):
        calibrate(scores, Model.GPCM, priors=Priors(threshold=Normals([0.0] * 4, 1)))
