"""Subscores: what areas tell beyond the total, against plain formulas and known populations."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from itembank import Reporting, Subscores, subscores
from itembank.subscoring import Augmentation, Forms
from itembank.subscoring.covariances import Covariances, person_sums
from itembank.subscoring.reduction import Reductions, reductions, reportings

AREAS = ["x"] * 5 + ["y"] * 3 + ["z"] * 4


def drawn_scores(
    n: int = 1_000, correlation: float = 0.4, areas: list[str] | None = None
) -> NDArray[np.int8]:
    """Return scores on items whose areas' abilities correlate, of unequal difficulty."""
    rng = np.random.default_rng(8)
    labels = AREAS if areas is None else areas
    names = list(dict.fromkeys(labels))
    common, own = rng.standard_normal((n, 1)), rng.standard_normal((n, len(names)))
    ability = np.sqrt(correlation) * common + np.sqrt(1 - correlation) * own
    logit = 1.5 * ability[:, [names.index(each) for each in labels]]
    logit += np.linspace(-1, 1, len(labels))
    return np.asarray(rng.random(logit.shape) < 1 / (1 + np.exp(-logit)), dtype=np.int8)


SCORES = drawn_scores()


def by_the_book(
    scores: NDArray[np.int8], helpers: Callable[[int], NDArray[np.float64]]
) -> list[list[float]]:
    """Return reliability and the PRMSE of the total and of helpers, from the covariance matrix."""
    names = list(dict.fromkeys(AREAS))
    belongs = np.array([[label == name for label in AREAS] for name in names], dtype=float)
    between = np.cov(scores.T)
    observed = belongs @ between @ belongs.T
    size = belongs.sum(axis=1)
    alpha = size / (size - 1) * (1 - belongs @ np.diag(between) / np.diag(observed))
    true = observed - np.diag((1 - alpha) * np.diag(observed))
    found = []
    for area in range(len(names)):
        help_by = helpers(area)
        shared = help_by @ true[area]
        both = shared @ np.linalg.solve(help_by @ observed @ help_by.T, shared) / true[area, area]
        total = true[area].sum() ** 2 / (true[area, area] * observed.sum())
        found.append([alpha[area], total, both])
    return found


def values(of: Subscores) -> list[list[float | None]]:
    return [[each.prmse_subscore, each.prmse_total, each.prmse_augmented] for each in of.areas]


def test_the_values_are_those_of_the_covariance_matrix() -> None:
    expected = by_the_book(SCORES, lambda area: np.stack([np.eye(3)[area], np.ones(3)]))
    found = subscores(SCORES, AREAS)
    np.testing.assert_allclose(values(found), expected, rtol=1e-9)  # type: ignore[arg-type] # none of them is None here
    assert [each.reliability for each in found.areas] == pytest.approx([row[0] for row in expected])


def test_every_area_with_its_own_weight_tells_no_less() -> None:
    expected = by_the_book(SCORES, lambda _: np.eye(3))
    found = subscores(SCORES, AREAS, augmentation=Augmentation.AREAS)
    np.testing.assert_allclose(values(found), expected, rtol=1e-9)  # type: ignore[arg-type] # none of them is None here
    with_total = subscores(SCORES, AREAS)
    for own, other in zip(found.areas, with_total.areas, strict=True):
        assert own.prmse_augmented is not None
        assert other.prmse_augmented is not None
        assert own.prmse_augmented >= other.prmse_augmented - 1e-12
        assert other.prmse_augmented >= max(other.prmse_subscore or 0, other.prmse_total or 0)


def test_the_total_s_reliability_is_stratified_alpha() -> None:
    found = subscores(SCORES, AREAS)
    errors = sum((each.standard_error or 0) ** 2 for each in found.areas)
    assert found.reliability == pytest.approx(1 - errors / SCORES.sum(axis=1).var(ddof=1))
    assert found.areas[0].mean == pytest.approx(SCORES[:, :5].sum(axis=1).mean())
    assert found.areas[0].sd == pytest.approx(SCORES[:, :5].sum(axis=1).std(ddof=1))


def test_areas_that_differ_are_shown_and_areas_that_do_not_are_not() -> None:
    areas = ["x"] * 12 + ["y"] * 12
    apart = subscores(drawn_scores(2_000, 0.2, areas), areas)
    assert apart.reported(Reporting.SHOWN) == ("x", "y")
    alike = subscores(drawn_scores(2_000, 1.0, areas), areas)
    assert alike.reported(Reporting.NOT_ENOUGH) == ("x", "y")
    assert all((each.advantage or 0) < 0 for each in alike.areas)


def test_an_area_of_few_items_is_augmented() -> None:
    areas = ["x"] * 20 + ["y"] * 3
    found = subscores(drawn_scores(2_000, 0.8, areas), areas)
    assert found["y"].reporting is Reporting.AUGMENTED
    assert subscores(SCORES, AREAS, gain=1.0).reported(Reporting.AUGMENTED) == ()


def test_the_augmented_score_is_the_regression_on_both() -> None:
    found = subscores(SCORES, AREAS)
    means = [each.mean for each in found.areas]
    assert found.augmented(means) == pytest.approx(means)
    more = found.augmented([means[0] + 1, *means[1:]])
    assert more[0] - means[0] == pytest.approx(found.weights[0][0])
    assert more[1] - means[1] == pytest.approx(found.weights[1][0])
    assert found.augmented({"z": means[2], "x": means[0], "y": means[1]}) == pytest.approx(means)
    assert max(found.augmented([500, 500, 500])) == 5
    assert min(found.augmented([-500, -500, -500])) == 0


def test_augmented_scores_err_as_little_as_is_said() -> None:
    """True scores are known here: expected points, given ability."""
    rng = np.random.default_rng(3)
    areas = ["x"] * 6 + ["y"] * 6
    common = rng.standard_normal((20_000, 1))
    ability = np.sqrt(0.7) * common + np.sqrt(0.3) * rng.standard_normal((20_000, 2))
    right = 1 / (1 + np.exp(-1.5 * np.repeat(ability, 6, axis=1)))
    scores = (rng.random(right.shape) < right).astype(np.int8)
    found = subscores(scores, areas)
    truth = right[:, :6].sum(axis=1)
    points = np.stack([scores[:, :6].sum(axis=1), scores[:, 6:].sum(axis=1)], axis=1)
    augmented = np.array([found.augmented(each)[0] for each in points[:4_000].tolist()])
    error = np.mean((augmented - truth[:4_000]) ** 2)
    assert error == pytest.approx((found["x"].augmented_error or 0) ** 2, rel=0.05)
    assert np.mean((points[:, 0] - truth) ** 2) == pytest.approx(
        (found["x"].standard_error or 0) ** 2, rel=0.03
    )


def test_who_lacks_an_item_is_left_out_unless_forms_are_drawn() -> None:
    missing = np.vstack([SCORES, np.full((1, 12), -1), SCORES[:1]])
    missing[-1, 3] = -1
    assert subscores(missing, AREAS) == subscores(SCORES, AREAS)
    assert subscores(missing, AREAS, forms=Forms.DRAWN).n_persons == 1_001


def test_drawn_forms_tell_what_their_bank_would() -> None:
    """Of 20 items an area, each person has five: their score is found from pairs of items."""
    areas = ["x"] * 20 + ["y"] * 20
    scores = drawn_scores(8_000, 0.4, areas)
    rng = np.random.default_rng(5)
    given = np.hstack([rng.random((8_000, 20)).argsort(axis=1) < 5 for _ in range(2)])
    drawn = subscores(np.where(given, scores, -1), areas, forms="drawn")
    assert [each.n_items for each in drawn.areas] == [5, 5]
    whole = subscores(scores, areas, forms="drawn", lengths=[5, 5])
    np.testing.assert_allclose(values(drawn), values(whole), atol=0.03)  # type: ignore[arg-type] # none of them is None here
    same_items = subscores(scores, areas, lengths=[5, 5])
    assert (whole["x"].reliability or 0) < (same_items["x"].reliability or 0)
    points = np.where(given, scores, 0)[:, :20].sum(axis=1)
    assert drawn["x"].sd == pytest.approx(points.std(), rel=0.03)
    assert drawn["x"].mean == pytest.approx(points.mean(), rel=0.03)


def test_one_item_an_area_can_never_be_reported() -> None:
    found = subscores(SCORES[:, [0, 5, 8]], ["x", "y", "z"])
    assert found.reported(Reporting.NOT_ENOUGH) == ("x", "y", "z")
    assert found["x"].reliability is None
    assert found.reliability is None
    assert found["x"].sd == pytest.approx(SCORES[:, 0].std(ddof=1))
    one_each = SCORES[:, :8].copy()
    one_each[:, :5] = np.where(np.arange(1_000)[:, None] % 5 == np.arange(5), one_each[:, :5], -1)
    drawn = subscores(one_each, AREAS[:8], forms="drawn")
    assert drawn["x"].reporting is Reporting.NOT_ENOUGH
    assert drawn["y"].reliability == pytest.approx(
        subscores(SCORES[:, :8], AREAS[:8], forms="drawn")["y"].reliability
    )


def test_a_form_of_one_item_of_an_area_is_not_reported_however_well_the_area_is_known() -> None:
    scores = np.where(np.random.default_rng(3).random((1_000, 8)) < 0.8, SCORES[:, :8], -1)
    found = subscores(scores, AREAS[:8], forms="drawn", lengths=[1, 3])
    assert found["x"].reporting is Reporting.NOT_ENOUGH
    assert found["x"].reliability is None
    assert found["y"].reliability is not None


def test_a_form_longer_than_anybody_had_cannot_be_known() -> None:
    """Of x nobody answered two items; what y tells, and x of it, is known all the same."""
    scores = SCORES[:, :8].copy()
    scores[:, :5] = np.where(np.arange(1_000)[:, None] % 5 == np.arange(5), scores[:, :5], -1)
    found = subscores(scores, AREAS[:8], forms="drawn", lengths=[5, 3])
    assert found["x"].reporting is Reporting.NOT_ENOUGH
    assert found["x"].sd > 0
    assert 0 < (found["y"].prmse_total or 0) < 1


def test_items_that_differ_by_chance_only_do_not_differ() -> None:
    """Of 200 coins each tossed by 30 persons: the variance of means is 0.0083, all of it chance."""
    coins = np.random.default_rng(2).integers(0, 2, (200, 30)).astype(np.int8)
    assert person_sums(coins, np.zeros(200, dtype=np.int64), 1).drift[0] < 0.0025


def test_an_area_beside_a_single_item_is_known_all_the_same() -> None:
    found = subscores(SCORES[:, [0, 1, 2, 3, 4, 5]], [*"xxxxx", "y"])
    total = SCORES[:, :6].sum(axis=1)
    x = SCORES[:, :5].sum(axis=1)
    alpha = found["x"].reliability
    assert alpha is not None
    shared = np.cov(x, total)[0, 1] - x.var(ddof=1) * (1 - alpha)
    assert found["x"].prmse_total == pytest.approx(
        shared**2 / (alpha * x.var(ddof=1) * total.var(ddof=1))
    )


def test_an_area_that_all_get_right_or_whose_items_disagree_is_not_reported() -> None:
    right = np.ones((300, 3), dtype=np.int8)
    against = np.stack([SCORES[:300, 0], 1 - SCORES[:300, 0]], axis=1)
    found = subscores(np.hstack([right, against, SCORES[:300, :5]]), [*"rrr", *"aa", *"xxxxx"])
    assert found["r"].reliability is None
    assert found["a"].reliability is None  # its sum never varies
    assert found["r"].reporting is found["a"].reporting is Reporting.NOT_ENOUGH
    assert found["x"].prmse_subscore is not None
    assert found.augmented([3, 1, 2])[0] == pytest.approx(3)


def test_a_share_of_a_variance_is_never_above_all_of_it() -> None:
    """Covariances of few persons can say that two areas share more than each of them has."""
    true = np.array([[1.0, 1.5], [1.5, 1.0]])
    found = reductions(
        Covariances(true, np.full(2, 0.1), true + 0.1 * np.eye(2)), Augmentation.TOTAL
    )
    assert found.total.tolist() == [1.0, 1.0]


def test_an_area_must_tell_more_than_the_total_and_not_as_much() -> None:
    alike = np.array([0.8, 0.8, 0.5, 0.5])
    total, augmented = np.array([0.8, 0.7, 0.6, 0.6]), np.array([0.8, 0.9, 0.65, 0.66])
    found = reportings(Reductions(alike, total, augmented, np.eye(4)), 0.05)
    expected = (Reporting.NOT_ENOUGH, Reporting.SHOWN, Reporting.NOT_ENOUGH, Reporting.AUGMENTED)
    assert found == expected


def test_few_persons_are_not_enough() -> None:
    found = subscores(SCORES[:199], AREAS)
    assert set(found.reported(Reporting.NOT_ENOUGH)) == {"x", "y", "z"}
    assert found["x"].prmse_subscore is not None
    assert subscores(SCORES[:200], AREAS).reported(Reporting.NOT_ENOUGH) == ()


def test_the_bootstrap_s_error_is_that_of_new_samples() -> None:
    """Of 60 samples of 500 persons, the standard deviation: its own error is 9 %."""
    own = subscores(SCORES[:500], AREAS, draws=200, seed=4)
    rng = np.random.default_rng(6)
    population = drawn_scores(30_000)
    samples = rng.permutation(30_000).reshape(60, 500)
    advantages = [subscores(population[each], AREAS)["x"].advantage or 0 for each in samples]
    assert own["x"].advantage_error == pytest.approx(np.std(advantages, ddof=1), rel=0.35)
    assert own["x"].stability is not None
    assert own == subscores(SCORES[:500], AREAS, draws=200, seed=4)


def test_what_was_found_can_be_kept_as_json() -> None:
    found = subscores(np.hstack([SCORES, SCORES[:, :1]]), [*AREAS, "single"], draws=5)
    kept = json.loads(json.dumps(found.to_fields(), allow_nan=False))
    assert Subscores.from_fields(kept) == found
    assert kept["areas"][0]["reporting"] in {"shown", "augmented", "not enough"}
    with pytest.raises(KeyError):
        found["elsewhere"]


def apart() -> NDArray[np.int8]:
    scores = SCORES.copy()
    scores[:500, :5] = -1
    scores[500:, 5:] = -1
    return scores


MISTAKES: dict[str, tuple[str, Callable[[], Any]]] = {
    "one area": ("areas", lambda: subscores(SCORES, ["x"] * 12)),
    "an area in one word": ("areas", lambda: subscores(SCORES, "x")),
    "a number for a name": ("areas", lambda: subscores(SCORES, [1] * 12)),  # type: ignore[list-item] # that it is refused is what is tested
    "an area too few": ("scores", lambda: subscores(SCORES, AREAS[:-1])),
    "one person": ("scores", lambda: subscores(SCORES[:1], AREAS)),
    "nobody with both areas": ("scores", lambda: subscores(apart(), AREAS, forms="drawn")),
    "an unknown kind of form": ("forms", lambda: subscores(SCORES, AREAS, forms="adaptive")),
    "an unknown help": ("augmentation", lambda: subscores(SCORES, AREAS, augmentation="any")),
    "a gain above all": ("gain", lambda: subscores(SCORES, AREAS, gain=2)),
    "one draw": ("draws", lambda: subscores(SCORES, AREAS, draws=1)),
    "a length too few": ("lengths", lambda: subscores(SCORES, AREAS, lengths=[5, 5])),
    "a length of nothing": ("lengths", lambda: subscores(SCORES, AREAS, lengths=[5, 5, 0])),
    "too few points": ("highest", lambda: subscores(SCORES, AREAS, highest=[1] * 3)),
    "no points": ("highest", lambda: subscores(SCORES, AREAS, highest=[0] * 12)),
    "more points than there are": (
        "scores",
        lambda: subscores(SCORES + 1, AREAS, highest=[1] * 12),
    ),
    "less than nobody": ("fewest_persons", lambda: subscores(SCORES, AREAS, fewest_persons=-1)),
    "a score too few": ("points", lambda: subscores(SCORES, AREAS).augmented([1, 2])),
    "a score that is missing": (
        "points",
        lambda: subscores(SCORES, AREAS).augmented([1, 2, np.nan]),
    ),
    "a score elsewhere": ("points", lambda: subscores(SCORES, AREAS).augmented({"x": 1, "w": 2})),
}


@pytest.mark.parametrize(("argument", "run"), MISTAKES.values(), ids=MISTAKES)
def test_what_is_wrong_is_named(argument: str, run: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=rf"^`{argument}` must be .+; got .+\.$"):
        run()
