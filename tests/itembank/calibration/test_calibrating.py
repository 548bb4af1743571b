"""What a calibration keeps to: the maximum, its invariances, its designs, and its limits."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from itembank import Anchors, LogNormal, Priors, calibrate
from itembank.calibration import (
    Calibration,
    Collapsed,
    Concern,
    LatentChoice,
    Parameter,
    Progress,
    Standing,
)
from itembank.parameters import Model
from tests.itembank.calibration import banks, oracle

TIGHT: dict[str, Any] = {"tolerance": 1e-7, "minimum": None, "standard_errors": False}


def same(one: Calibration, other: Calibration, within: float = 1e-5) -> bool:
    return bool(
        np.allclose(one.parameters.slope, other.parameters.slope, atol=within)
        and np.allclose(
            one.parameters.threshold, other.parameters.threshold, atol=within, equal_nan=True
        )
        and abs(one.log_likelihood - other.log_likelihood) < 1e-6
    )


@pytest.mark.parametrize("model", list(Model))
def test_log_likelihood_is_that_of_the_oracle_and_never_falls(model: Model) -> None:
    given = banks.scores(banks.bank(model), 1_000)
    seen: list[Progress] = []
    found = calibrate(given, model, on_progress=seen.append, **TIGHT)
    expected = oracle.log_likelihood(oracle.Data.of(given), found.parameters, found.latent)
    assert found.log_likelihood == pytest.approx(expected, abs=1e-5)
    assert found.n_iter == seen[-1].n_iter
    if not model.has_guessing:  # what rises is the log-likelihood with the priors
        reached = [each.log_likelihood for each in seen]
        assert all(later >= former - 1e-6 for former, later in pairwise(reached))


@pytest.mark.parametrize("model", ["2pl", "grm", "rasch"])
def test_order_of_persons_and_items_does_not_matter(model: str) -> None:
    given = banks.some_missing(banks.scores(banks.bank(model), 800))
    persons = np.random.default_rng(1).permutation(800)
    items = [2, 0, 3, 1]
    plain = calibrate(given, model, **TIGHT)
    assert same(plain, calibrate(given[persons], model, **TIGHT))
    turned = calibrate(given[:, items], model, **TIGHT)
    assert turned.parameters.slope == pytest.approx(plain.parameters.slope[items], abs=1e-5)
    expected = plain.parameters.threshold[items]
    assert turned.parameters.threshold == pytest.approx(expected, abs=1e-5)


def test_mixed_models_stay_with_their_items() -> None:
    own = banks.mixed()
    given = banks.scores(own, 4_000)
    found = calibrate(given, own.model)
    assert found.parameters.model == own.model
    assert found.parameters.slope[2] == found.parameters.slope[3]
    assert found.parameters.slope[5] == 1.0
    assert found.parameters.threshold == pytest.approx(own.threshold, abs=0.4, nan_ok=True)


def test_a_weight_is_as_many_rows() -> None:
    given = banks.scores(banks.bank("2pl"), 300)
    weight = np.random.default_rng(2).integers(0, 4, 300)
    repeated = calibrate(np.repeat(given, weight, axis=0), "2pl", **TIGHT)
    weighted = calibrate(given, "2pl", weights=weight, **TIGHT)
    assert same(repeated, weighted)
    assert weighted.n_persons == repeated.n_persons == weight.sum()
    assert weighted.bic == pytest.approx(repeated.bic)


def test_types_of_scores_do_not_matter() -> None:
    given = banks.some_missing(banks.scores(banks.bank("grm"), 500))
    floats = np.where(given < 0, np.nan, given)
    plain = calibrate(given, "grm", **TIGHT)
    assert same(plain, calibrate(floats, "grm", **TIGHT))
    assert same(plain, calibrate(given.astype(np.int64), "grm", **TIGHT))
    assert same(plain, calibrate(np.asfortranarray(floats), "grm", **TIGHT))


def test_scores_that_came_in_are_left_alone() -> None:
    given = banks.scores(banks.bank("grm"), 400)
    given[given == 1] = 2  # so that a category is put together with another
    before = given.copy()
    calibrate(given, "grm", groups=np.arange(400) % 2)
    assert np.array_equal(given, before)


@pytest.mark.parametrize("model", ["2pl", "grm", "3pl"])
def test_booklets_and_scattered_gaps_are_the_same_likelihood(model: str) -> None:
    given = banks.by_booklet(banks.scores(banks.bank(model), 600))
    booklets = calibrate(given, model, **TIGHT)
    # rows that count for nothing, but make more booklets than there are persons for
    every = (np.arange(1, 16)[:, np.newaxis] >> np.arange(4)) % 2
    extra = np.where(every, 1, -1).astype(np.int8)
    weight = np.append(np.ones(600), np.zeros(15))
    masked = calibrate(np.concatenate([given, extra]), model, weights=weight, **TIGHT)
    assert same(booklets, masked, within=1e-4)
    data = oracle.Data.of(given)
    expected = oracle.log_likelihood(data, booklets.parameters, booklets.latent)
    assert booklets.log_likelihood == pytest.approx(expected, abs=1e-5)


def test_groups_keep_their_own_means_and_spreads() -> None:
    own = banks.bank("2pl")
    given = np.concatenate(
        [banks.scores(own, 4_000, seed=1, mean=0.8, sd=1.3), banks.scores(own, 4_000, seed=9)]
    )
    label = np.repeat(["post-test", "a pre-test"], 4_000)
    found = calibrate(given, "2pl", groups=label)
    assert found.groups == ("a pre-test", "post-test")
    first, second = found.latent
    assert (first.mean, first.sd) == (0.0, 1.0)
    assert np.isnan([first.mean_se, first.sd_se]).all()
    assert abs(second.mean - 0.8) < 3.5 * second.mean_se < 0.3
    assert abs(second.sd - 1.3) < 3.5 * second.sd_se < 0.4
    assert [place.parameter for place in found.places if place.group == 1] == [
        Parameter.MEAN,
        Parameter.SD,
    ]


def test_anchored_items_stay_and_place_the_others() -> None:
    own = banks.bank("grm")
    given = banks.scores(own, 3_000, mean=-0.5, sd=0.8)
    found = calibrate(given, "grm", anchors=Anchors([3, 0], own.take([3, 0])))
    for item in (0, 3):
        assert found.parameters.slope[item] == own.slope[item]
        assert found.parameters.threshold[item] == pytest.approx(own.threshold[item], abs=1e-12)
    assert found.latent[0].mean == pytest.approx(-0.5, abs=3.5 * found.latent[0].mean_se)
    assert found.latent[0].sd == pytest.approx(0.8, abs=3.5 * found.latent[0].sd_se)
    errors = found.standard_errors
    assert errors is not None
    away = (found.parameters.threshold - own.threshold)[[1, 2]] / errors.threshold[[1, 2]]
    assert np.abs(away).max() < 3.5


def test_an_anchor_may_be_of_another_model_and_need_no_variety() -> None:
    given = banks.scores(banks.bank("2pl"), 600)
    given[:, 1] = 1
    known = banks.bank("3pl").take([1])
    found = calibrate(given, "2pl", anchors=Anchors([1], known))
    assert found.parameters.model[1] is Model.THREE_PL
    assert found.parameters.guessing[1] == known.guessing[0]


@pytest.mark.parametrize(
    ("model", "choice", "free"),
    [
        ("rasch", LatentChoice.DEFAULT, [Parameter.SD]),
        ("rasch", LatentChoice.FIXED, []),
        ("2pl", LatentChoice.DEFAULT, []),
        (["rasch", "2pl", "2pl", "2pl"], LatentChoice.DEFAULT, []),
        (["rasch", "2pl", "2pl", "2pl"], LatentChoice.FREE, [Parameter.SD]),
    ],
)
def test_what_is_free_of_the_distribution_of_ability(
    model: Any, choice: LatentChoice, free: list[Parameter]
) -> None:
    given = banks.scores(banks.bank("2pl"), 600)
    found = calibrate(given, model, latent=choice)
    assert [place.parameter for place in found.places if place.group is not None] == free


def test_one_slope_in_common_is_rasch_with_a_free_spread() -> None:
    given = banks.scores(banks.bank("1pl"), 800)
    rasch = calibrate(given, "rasch", **TIGHT)
    common = calibrate(given, "1pl", **TIGHT)
    assert common.log_likelihood == pytest.approx(rasch.log_likelihood, abs=1e-6)
    spread = rasch.latent[0].sd
    assert common.parameters.slope == pytest.approx(np.full(4, spread), abs=1e-5)
    expected = rasch.parameters.threshold / spread
    assert common.parameters.threshold == pytest.approx(expected, abs=1e-5)


def test_empty_categories_are_put_together_and_recorded() -> None:
    given = banks.scores(banks.bank("grm"), 900)
    shifted = given.copy()
    shifted[:, 1] += 1  # nobody has 0
    shifted[:, 2] *= 2  # nobody has 1 or 3
    found = calibrate(shifted, "grm", **TIGHT)
    assert found.collapsed == (Collapsed(1, (0, 0, 1, 2)), Collapsed(2, (0, 0, 1, 1, 2)))
    assert same(found, calibrate(given, "grm", **TIGHT))
    assert np.array_equal(found.recode(shifted), given)
    assert {flag.item for flag in found.flags if flag.concern is Concern.CATEGORY_COLLAPSED} == {
        1,
        2,
    }


def test_thin_categories_are_put_together_if_asked() -> None:
    given = banks.scores(banks.bank("pcm"), 500)
    given[:, 0] = np.where(given[:, 0] == 2, 1, given[:, 0])
    given[:4, 0] = 2
    kept = calibrate(given, "pcm")
    assert kept.collapsed == ()
    assert kept.adequacy[0].thin == (2,)
    merged = calibrate(given, "pcm", fewest_per_category=10)
    assert merged.collapsed == (Collapsed(0, (0, 1, 1)),)
    assert merged.parameters.n_categories.tolist() == [2, 3, 3, 3]


def test_priors_pull_and_are_stated() -> None:
    given = banks.scores(banks.bank("2pl"), 300)
    strong = Priors(slope=LogNormal(0.0, 0.05))
    found = calibrate(given, "2pl", priors=strong)
    assert found.prior is strong
    assert found.parameters.slope == pytest.approx(np.ones(4), abs=0.15)
    assert found.log_likelihood < calibrate(given, "2pl").log_likelihood


def test_a_slope_that_runs_away_is_named_and_not_published() -> None:
    twins = np.repeat(banks.scores(banks.bank("2pl"), 400)[:, :1], 2, axis=1)
    given = np.column_stack([twins, banks.scores(banks.bank("2pl"), 400)[:, 1:]])
    found = calibrate(given, "2pl")
    assert not found.converged
    assert "grows without end: a prior would hold it" in found.message
    assert Concern.SLOPE_VERY_STEEP in {flag.concern for flag in found.flags}
    with pytest.raises(ValueError, match="must be converged before it is published"):
        found.publishable()
    held = calibrate(given, "2pl", priors=Priors(slope=LogNormal(0.0, 0.5)))
    assert held.publishable() is held


def test_an_asymptote_at_its_bound_has_no_standard_error() -> None:
    own = banks.bank("2pl")
    given = banks.scores(own.take([0, 1, 2, 3] * 2), 3_000)
    found = calibrate(given, "3pl", priors=Priors(guessing=None))
    errors = found.standard_errors
    assert found.converged
    assert errors is not None
    low = found.parameters.guessing < 1e-4
    assert low.any()
    assert np.array_equal(np.isnan(errors.guessing), low)
    assert np.isfinite(errors.threshold).all()
    bound = {flag.item for flag in found.flags if flag.concern is Concern.NO_STANDARD_ERROR}
    assert bound == set(np.flatnonzero(low).tolist())


def test_items_that_share_nothing_say_so() -> None:
    every_pattern = (np.arange(16)[:, np.newaxis] >> np.arange(4)) % 2
    balanced = np.where(every_pattern.sum(axis=1) == 2, 90, 40)  # less alike than by chance
    found = calibrate(every_pattern, "rasch", weights=balanced)
    assert not found.converged
    assert found.message.startswith("stopped because a group's spread of ability shrinks")


def test_too_few_iterations_say_so() -> None:
    given = banks.scores(banks.bank("2pl"), 400)
    found = calibrate(given, "2pl", max_iterations=1)
    assert not found.converged
    assert found.message == "stopped after 1 iterations before it converged"


def test_items_that_cannot_be_placed_are_flagged() -> None:
    given = banks.scores(banks.bank("2pl").take([0, 1, 2, 3] * 3 + [2]), 2_000)
    given, last = given[:, :-1], given[:, -1]
    noise = np.random.default_rng(8).integers(0, 2, 2_000)
    rare = (np.random.default_rng(9).random(2_000) < 0.004).astype(np.int8)
    found = calibrate(np.column_stack([given, noise, 1 - last, rare]), "2pl")
    concerns = {(flag.item, flag.concern) for flag in found.flags}
    assert (12, Concern.SLOPE_NEAR_ZERO) in concerns
    assert (13, Concern.SLOPE_NEGATIVE) in concerns
    assert (14, Concern.OUTSIDE_DATA) in concerns
    assert found.standing == (Standing.PUBLISHABLE,) * 12 + (Standing.PROVISIONAL,) * 3


def test_a_coarse_grid_is_refined_or_refused() -> None:
    own = banks.bank("2pl")
    long = own.take([0, 1, 2, 3] * 40)
    given = banks.scores(long, 500)
    found = calibrate(given, "2pl", standard_errors=False)
    assert found.grid.nodes.size > 61
    data = oracle.Data.of(given)
    expected = oracle.log_likelihood(data, found.parameters, found.latent)
    assert found.log_likelihood == pytest.approx(expected, abs=2e-3)
    with pytest.raises(ValueError, match=r"`n_nodes` must be enough for a spacing of 0\.\d+"):
        calibrate(given, "2pl", n_nodes=61)


def test_a_grid_grows_with_a_wide_population() -> None:
    own = banks.bank("rasch")
    given = banks.scores(own.take([0, 1, 2, 3] * 5), 3_000, sd=2.6)
    found = calibrate(given, "rasch", standard_errors=False)
    assert found.latent[0].sd == pytest.approx(2.6, abs=0.25)
    assert found.grid.nodes[-1] >= 5 * found.latent[0].sd


def backwards(function: Callable[[Any], Any], blocks: Sequence[Any]) -> Iterator[Any]:
    return map(function, reversed(blocks))


def test_blocks_go_through_the_callers_map() -> None:
    given = banks.scores(banks.bank("gpcm").take([0, 1, 2, 3] * 2), 5_000)
    calls: list[int] = []

    def counting(function: Callable[[Any], Any], blocks: Sequence[Any]) -> Iterable[Any]:
        calls.append(len(blocks))
        return backwards(function, blocks)

    plain = calibrate(given, "gpcm", tolerance=1e-7)
    mapped = calibrate(given, "gpcm", tolerance=1e-7, map=counting)
    assert same(plain, mapped)
    assert plain.covariance == pytest.approx(mapped.covariance, rel=1e-6, abs=1e-9)
    assert max(calls) == 5
    assert len(calls) >= mapped.n_evaluations + 1


def test_memory_is_one_more_copy_of_the_scores() -> None:
    given = banks.scores(banks.bank("2pl").take([0, 1, 2, 3] * 5), 100_000)
    tracemalloc.start()
    calibrate(given, "2pl", minimum=None, max_iterations=2, standard_errors=False)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2.5 * given.nbytes


def test_names_are_kept() -> None:
    given = banks.scores(banks.bank("2pl"), 300)
    assert calibrate(given, "2pl", item_ids=list("abcd")).item_ids == tuple("abcd")


def test_criteria_count_parameters_and_persons() -> None:
    found = calibrate(banks.scores(banks.bank("3pl"), 1_000), "3pl")
    assert found.n_parameters == 12 == len(found.places)
    assert found.aic == pytest.approx(24 - 2 * found.log_likelihood)
    assert found.bic == pytest.approx(12 * np.log(1_000) - 2 * found.log_likelihood)
