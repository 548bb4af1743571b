"""Person fit is Snijders' statistic, for every estimator, and finds who copied or slept."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from itembank import (
    ItemParameters,
    Method,
    Model,
    Prior,
    estimate_ability,
    person_fit,
    probability,
    simulate_abilities,
    simulate_scores,
)
from itembank.fit.persons import PersonFit
from tests.itembank.banks import mixed_bank, spread_bank

Floats = NDArray[np.float64]
BANK = ItemParameters(
    "3pl", np.linspace(0.7, 1.9, 30)[::-1], np.linspace(-2, 2, 30), np.linspace(0.0, 0.25, 30)
)
SCORES = simulate_scores(simulate_abilities(200, seed=1), BANK, seed=2)
PRIOR = Prior(0.2, 0.8)


def snijders(row: Floats, theta: float, method: Method) -> tuple[float, float]:
    """Return lz and lz* of right and wrong answers, as Magis et al. (2012) write them."""
    p = probability(theta, BANK)
    s = 1 / (1 + np.exp(-BANK.slope * (theta - BANK.threshold[:, 0])))
    first = (1 - BANK.guessing) * BANK.slope * s * (1 - s)
    second = first * BANK.slope * (1 - 2 * s)
    q = 1 - p
    w, r = np.log(p / q), first / (p * q)
    information = first**2 / (p * q)
    bias = first * second / (p * q)
    r0 = {
        Method.ML: 0.0,
        Method.WLE: bias.sum() / (2 * information.sum()),
        Method.MAP: PRIOR.precision * (PRIOR.mean - theta),
    }[method]
    c = (first * w).sum() / (first * r).sum()
    distance = ((row - p) * w).sum()
    lz = distance / np.sqrt((w**2 * p * q).sum())
    return lz, (distance + c * r0) / np.sqrt(((w - c * r) ** 2 * p * q).sum())


@pytest.mark.parametrize("method", [Method.ML, Method.WLE, Method.MAP])
def test_it_is_the_statistic_of_snijders(method: Method) -> None:
    found = person_fit(SCORES, BANK, method, prior=PRIOR)
    assert np.array_equal(found.theta, estimate_ability(SCORES, BANK, method, prior=PRIOR).theta)
    for person in np.flatnonzero(np.isfinite(found.theta))[:40]:
        expected = snijders(SCORES[person], found.theta[person], method)
        assert (found.lz[person], found.lz_star[person]) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("polytomous", [False, True])
def test_it_is_standard_normal_where_the_model_holds(method: Method, polytomous: bool) -> None:
    """Within bounds of 1,500 persons, with room for a test of finite length."""
    bank = spread_bank(Model.GRM, 20) if polytomous else BANK
    scores = simulate_scores(simulate_abilities(1_500, seed=5), bank, seed=6)
    found = person_fit(scores, bank, method)
    star = found.lz_star[np.isfinite(found.lz_star)]
    assert abs(star.mean()) < 0.2
    assert star.std() == pytest.approx(1, abs=0.08)
    assert np.mean(found.p[np.isfinite(found.p)] < 0.05) == pytest.approx(0.05, abs=0.02)
    assert np.nanstd(found.lz) < star.std()


def test_people_who_get_the_hard_right_and_the_easy_wrong_are_found() -> None:
    backwards = np.sort(SCORES[:50], axis=1)  # right on the hardest
    found = person_fit(backwards, BANK)
    assert np.mean(found.p < 0.01) > 0.9
    regular = person_fit(np.sort(SCORES[:50], axis=1)[:, ::-1], BANK)
    assert regular.lz_star.min() > 0


def test_only_what_was_answered_counts() -> None:
    scores = SCORES[:20].astype(float)
    scores[:, 20:] = np.nan
    some = person_fit(scores, BANK)
    alone = person_fit(SCORES[:20, :20], BANK.take(range(20)))
    assert some.lz_star == pytest.approx(alone.lz_star, abs=1e-6)
    assert some.n.tolist() == [20] * 20


def test_whoever_has_nothing_to_be_judged_by_has_no_number() -> None:
    nothing = np.full((1, BANK.n_items), np.nan)
    assert np.isnan(unlike(person_fit(nothing, BANK))).all()
    perfect = np.ones((1, BANK.n_items))
    assert np.isnan(unlike(person_fit(perfect, BANK, "ml"))).all()
    assert np.isfinite(unlike(person_fit(perfect, BANK))).all()
    alike = ItemParameters("rasch", 1.0, np.zeros(6))
    assert np.isnan(person_fit([[1, 0, 1, 0, 0, 1]], alike).lz_star).all()


def unlike(found: PersonFit) -> Floats:
    return np.stack([found.lz, found.lz_star, found.p])


def test_abilities_from_elsewhere_may_be_given() -> None:
    theta = estimate_ability(SCORES, BANK, "wle").theta
    given = person_fit(SCORES, BANK, theta=theta)
    assert given.lz_star == pytest.approx(person_fit(SCORES, BANK, "wle").lz_star)
    with pytest.raises(ValueError, match=r"`theta` must be of shape \(200,\); got shape \(3,\)\."):
        person_fit(SCORES, BANK, theta=[0.0, 1.0, 2.0])


def test_every_model_has_it() -> None:
    bank = mixed_bank()
    scores = simulate_scores(simulate_abilities(50, seed=3), bank, seed=4)
    assert np.isfinite(person_fit(scores, bank).lz_star).all()
