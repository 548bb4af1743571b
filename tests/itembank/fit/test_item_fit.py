"""Item fit agrees with sums over every pattern, finds what does not fit, and says what it used."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from itembank import (
    ItemParameters,
    Model,
    Prior,
    calibrate,
    category_probability,
    item_fit,
    simulate_abilities,
    simulate_scores,
)
from itembank.fit.cells import Row, rows_of
from itembank.fit.summed import ScoreGroups
from itembank.parameters import joined
from tests.itembank.banks import mixed_bank, spread_bank
from tests.itembank.fit.studies import Study, rate

Floats = NDArray[np.float64]
TWO_PL = ItemParameters("2pl", [1.1, 0.7, 1.6, 1.3, 0.9], [-1.0, 0.5, 0.2, -0.4, 1.2])
MIXED = joined([TWO_PL.take([0, 2]), spread_bank(Model.GRM, 2, 3), spread_bank(Model.GPCM, 1, 4)])
NODES = np.linspace(-7, 7, 281)


def scores_of(bank: ItemParameters, n: int = 600, seed: int = 3) -> NDArray[np.int8]:
    return simulate_scores(simulate_abilities(n, seed=seed), bank, seed=seed + 1)


def by_every_pattern(bank: ItemParameters, item: int, prior: Prior) -> Floats:
    """Return the probability of each total with each score of an item, summed over patterns."""
    density = np.exp(-0.5 * ((NODES - prior.mean) / prior.sd) ** 2)
    density /= density.sum()
    each = category_probability(NODES, bank)
    tops = bank.n_categories - 1
    found = np.zeros((tops.sum() + 1, tops[item] + 1))
    for pattern in itertools.product(*(range(top + 1) for top in tops)):
        likelihood = np.prod([each[:, j, score] for j, score in enumerate(pattern)], axis=0)
        found[sum(pattern), pattern[item]] += density @ likelihood
    return found


@pytest.mark.parametrize("bank", [TWO_PL, MIXED], ids=["2pl", "mixed"])
@pytest.mark.parametrize("prior", [Prior(), Prior(0.4, 1.3)], ids=["standard", "other"])
def test_what_is_expected_is_what_every_pattern_adds_up_to(
    bank: ItemParameters, prior: Prior
) -> None:
    for fit in item_fit(scores_of(bank), bank, prior=prior):
        assert fit.groups is not None
        joint = by_every_pattern(bank, fit.item, prior)[fit.groups.total]
        expected = joint / joint.sum(axis=1, keepdims=True) * fit.groups.n[:, np.newaxis]
        assert fit.groups.expected == pytest.approx(expected, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("bank", [TWO_PL, MIXED], ids=["2pl", "mixed"])
def test_what_is_observed_is_counted(bank: ItemParameters) -> None:
    scores = scores_of(bank)
    total = scores.sum(axis=1, dtype=int)
    for fit in item_fit(scores, bank):
        assert fit.groups is not None
        for row, of in enumerate(fit.groups.total):
            own = np.bincount(scores[total == of, fit.item], minlength=bank.n_categories[fit.item])
            assert fit.groups.observed[row].tolist() == own.tolist()


def test_residuals_are_those_of_each_persons_posterior() -> None:
    """Computed anew, person by person, on another grid."""
    scores = scores_of(MIXED, 60)
    each = category_probability(NODES, MIXED)
    ranks = np.arange(each.shape[2])
    mean = each @ ranks
    variance = (each * (ranks - mean[..., np.newaxis]) ** 2).sum(axis=2)
    likelihood = np.ones((len(scores), len(NODES)))
    for item in range(MIXED.n_items):
        likelihood *= each[:, item, :].T[scores[:, item]]
    posterior = likelihood * np.exp(-0.5 * NODES**2)
    posterior /= posterior.sum(axis=1, keepdims=True)
    for fit in item_fit(scores, MIXED):
        square = (scores[:, fit.item, np.newaxis] - mean[:, fit.item]) ** 2
        own = variance[:, fit.item]
        assert fit.outfit == pytest.approx((posterior * square / own).sum() / 60, rel=1e-6)
        infit = (posterior * square).sum() / (posterior @ own).sum()
        assert fit.infit == pytest.approx(infit, rel=1e-6)
        mass = posterior.sum(axis=0)
        seen = (posterior * scores[:, [fit.item]]).sum(axis=0) / mass
        distance = np.sqrt((mass / 60) @ (seen - mean[:, fit.item]) ** 2)
        assert fit.rmsd == pytest.approx(distance / (MIXED.n_categories[fit.item] - 1), rel=1e-6)


def test_weights_are_persons() -> None:
    scores = scores_of(MIXED, 200)
    weights = np.arange(200) % 4
    many = item_fit(np.repeat(scores, weights, axis=0), MIXED)
    for one, other in zip(item_fit(scores, MIXED, weights=weights), many, strict=True):
        names = ("statistic", "df", "p", "rmsd", "infit_z", "outfit_z", "n", "n_complete")
        for name in names:
            assert getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-9)


def test_totals_are_of_those_who_answered_every_item_and_the_rest_of_all() -> None:
    scores = scores_of(TWO_PL, 500).astype(float)
    scores[:100, 2] = np.nan
    some, complete = item_fit(scores, TWO_PL), item_fit(scores[100:], TWO_PL)
    assert [each.statistic for each in some] == [each.statistic for each in complete]
    assert {each.n_complete for each in some} == {400}
    assert [each.n for each in some] == pytest.approx([500, 500, 400, 500, 500])
    assert some[0].outfit != complete[0].outfit


def test_nobody_with_every_answer_leaves_no_statistic_but_the_others() -> None:
    scores = scores_of(TWO_PL, 200).astype(float)
    scores[::2, 0] = scores[1::2, 1] = np.nan
    for fit in item_fit(scores, TWO_PL):
        assert (fit.groups, fit.n_complete) == (None, 0)
        assert np.isnan([fit.statistic, fit.p]).all()
        assert np.isfinite([fit.infit, fit.infit_z, fit.outfit, fit.outfit_z, fit.rmsd]).all()


def test_a_calibration_says_whose_abilities_and_how_many_parameters() -> None:
    scores = scores_of(spread_bank(Model.RASCH, 8), 900)
    calibration = calibrate(scores, "rasch")
    latent = calibration.latent[0]
    told = item_fit(
        scores, calibration.parameters, prior=Prior(latent.mean, latent.sd), n_free=[1] * 8
    )
    found = item_fit(scores, calibration)
    assert [each.p for each in found] == [each.p for each in told]
    fixed = item_fit(scores, calibration, n_free=0)
    assert [each.df - 1 for each in fixed] == [each.df for each in found]
    by_model = item_fit(scores, calibration.parameters)
    assert [each.df for each in found] == [each.df for each in by_model]


@pytest.mark.parametrize(
    ("model", "own"), [("rasch", 1), ("1pl", 1), ("2pl", 2), ("pcm", 3), ("gpcm", 4), ("grm", 4)]
)
def test_an_item_pays_for_its_own_parameters_and_for_none_that_items_share(
    model: str, own: int
) -> None:
    scores = scores_of(spread_bank(Model(model), 6), 900)
    calibration = calibrate(scores, model, standard_errors=False)
    told = [each.df for each in item_fit(scores, calibration, n_free=own)]
    assert [each.df for each in item_fit(scores, calibration)] == told
    assert [each.df for each in item_fit(scores, calibration.parameters)] == told


@pytest.mark.parametrize("model", ["rasch", "1pl", "pcm"])
def test_what_items_of_one_slope_share_leaves_s_x2_as_it_is(model: str) -> None:
    """The total is sufficient: neither the spread of ability nor the slope bends what is due."""
    bank = spread_bank(Model(model), 6)
    scores = scores_of(bank, 900)
    steps = bank.threshold * 1.25
    narrow = ItemParameters("gpcm" if model == "pcm" else "2pl", bank.slope * 0.8, steps)
    found = [
        [each.statistic for each in item_fit(scores, by, prior=prior)]
        for by, prior in [(bank, Prior()), (bank, Prior(0.5, 0.4)), (narrow, Prior(0, 2))]
    ]
    assert found[1] == pytest.approx(found[0], rel=1e-5)
    assert found[2] == pytest.approx(found[0], rel=1e-5)


def test_no_slope_is_taken_out_of_residuals_that_was_not_the_items_own() -> None:
    difficulty = np.linspace(-1, 1, 6)
    scores = simulate_scores(
        simulate_abilities(300, seed=3), ItemParameters("rasch", 1, difficulty), seed=4
    )
    rasch, common, own = (
        [each.infit_z for each in item_fit(scores, ItemParameters(model, 1, difficulty), n_free=1)]
        for model in ("rasch", "1pl", "2pl")
    )
    assert rasch == common
    assert np.min(np.abs(np.subtract(rasch, own))) > 1e-3


def test_scores_are_recoded_as_the_calibration_recoded_them() -> None:
    scores = scores_of(spread_bank(Model.GRM, 5), 700)
    scores[scores == 2] = 3
    calibration = calibrate(scores, "grm")
    assert calibration.collapsed
    assert np.isfinite([each.p for each in item_fit(scores, calibration)]).all()


EASY = 9


def spoiled(scores: NDArray[np.int8], theta: Floats, seed: int) -> NDArray[np.int8]:
    """Return scores in which the able lose an easy item: its curve turns down at the top."""
    changed = scores.copy()
    able = theta > np.quantile(theta, 0.75)
    changed[able, EASY] = np.random.default_rng(seed).random(able.sum()) < 0.4
    return changed


LONGER = ItemParameters("2pl", np.tile([0.9, 1.2, 1.5], 4), np.linspace(-1.5, 1.5, 12)[::-1])


def test_an_item_that_the_able_lose_is_found_and_the_others_are_not() -> None:
    study = Study(LONGER, 2_000, replications=3)
    p = np.array([[fit.p for fit in item_fit(*each)] for each in study.drawn(spoiled)])
    assert p[:, EASY].max() < 1e-4
    assert rate(np.delete(p, EASY, axis=1)) < 0.25


def test_noise_raises_infit_and_outfit_above_one() -> None:
    scores = scores_of(LONGER, 2_000)
    guessed = np.random.default_rng(8).integers(0, 2, len(scores))
    scores[:, 5] = np.where(
        np.random.default_rng(9).random(len(scores)) < 0.4, guessed, scores[:, 5]
    )
    fit = item_fit(scores, LONGER, n_free=0)
    assert min(fit[5].infit, fit[5].outfit) > 1.05
    assert min(fit[5].infit_z, fit[5].outfit_z) > 4
    assert fit[5].rmsd > 2 * np.median([each.rmsd for each in fit])


# Cells


def test_categories_are_put_together_until_each_expects_a_person() -> None:
    row = Row((0, 3, 5, 2), (0.2, 0.9, 6.0, 2.9)).narrowed()
    assert [*row.expected, *row.observed] == pytest.approx([1.1, 6.0, 2.9, 3, 5, 2])
    assert Row((1, 0, 0), (0.2, 0.3, 0.4)).narrowed().expected == pytest.approx((0.5, 0.4))


def test_a_group_that_expects_too_few_joins_the_smaller_neighbour() -> None:
    observed = np.array([[2.0, 8.0], [3.0, 3.0], [0.0, 4.0], [5.0, 4.0]])
    expected = np.array([[3.0, 7.0], [2.0, 4.0], [0.5, 3.5], [4.0, 5.0]])
    joined_rows = rows_of(ScoreGroups(np.arange(1, 5), observed.sum(axis=1), observed, expected))
    assert [row.expected for row in joined_rows] == [(3.0, 7.0), (2.5, 7.5), (4.0, 5.0)]
    assert [row.observed for row in joined_rows] == [(2.0, 8.0), (3.0, 7.0), (5.0, 4.0)]


def test_cells_hold_everybody_and_expect_a_person_or_more() -> None:
    for fit in item_fit(scores_of(LONGER, 120), LONGER):
        assert fit.groups is not None
        rows = rows_of(fit.groups)
        assert min(min(row.expected) for row in rows) >= 1
        assert sum(row.n for row in rows) == sum(fit.groups.n)
        assert sum(sum(row.expected) for row in rows) == pytest.approx(sum(fit.groups.n))


# Bad input

SCORES = scores_of(TWO_PL, 50)
ALIKE = np.where(np.arange(5) == 3, 1, SCORES)
GROUPED = calibrate(scores_of(TWO_PL, 600), "rasch", groups=np.arange(600) % 2, minimum=None)
BAD: dict[str, tuple[Callable[[], Any], str]] = {
    "n_free below 0": (lambda: item_fit(SCORES, TWO_PL, n_free=-1), "`n_free` must be whole"),
    "n_free for others": (lambda: item_fit(SCORES, TWO_PL, n_free=[1, 2]), "`n_free` must be a"),
    "half a parameter": (lambda: item_fit(SCORES, TWO_PL, n_free=0.5), "`n_free` must be whole"),
    "weights": (lambda: item_fit(SCORES, TWO_PL, weights=[1]), "`weights` must be of shape (50,)"),
    "nobody": (lambda: item_fit(SCORES[:0], TWO_PL), "`scores` must be of one person or more"),
    "all right": (lambda: item_fit(ALIKE, TWO_PL), "`scores` must be of two categories or more in"),
    "an item too many": (lambda: item_fit(SCORES, mixed_bank()), "`scores` must be of shape"),
    "groups": (lambda: item_fit(SCORES, GROUPED), "`prior` must be given where a calibration has"),
}


def test_an_item_that_all_scored_alike_is_named_and_one_that_nobody_answered_is_borne() -> None:
    with pytest.raises(ValueError, match=r"anybody answered; got only 1 at item 3\."):
        item_fit(ALIKE, TWO_PL)
    missing = np.where(np.arange(5) == 3, -1, SCORES)
    assert np.isnan(item_fit(missing, TWO_PL)[3].infit)
    counted = np.where(SCORES[:, 0] == 1, 1, 0)
    with pytest.raises(ValueError, match=r"anybody answered; got only 1 at item 0\."):
        item_fit(SCORES, TWO_PL, weights=counted)


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case: str) -> None:
    call, message = BAD[case]
    with pytest.raises(ValueError, match="must be") as raised:
        call()
    assert str(raised.value).startswith(message)
