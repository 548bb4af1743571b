"""The posterior's mass above a cut, to nine digits of adaptive quadrature; and what it supports."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.special import ndtr
from scipy.stats import norm

from itembank import (
    Ability,
    Cut,
    ItemParameters,
    Method,
    Prior,
    Verdict,
    classify,
    estimate_ability,
    simulate_abilities,
    simulate_scores,
)
from itembank.curves import log_probability
from itembank.mastery import mass_above
from tests.itembank.banks import mixed_bank

EXACT = 1e-9
Floats = NDArray[np.float64]


def log_densities(theta: Floats, scores: list[int], bank: ItemParameters, prior: Prior) -> Floats:
    chosen = log_probability(theta, bank)[:, np.arange(bank.n_items), scores]
    return np.asarray(chosen.sum(axis=1) - (theta - prior.mean) ** 2 / (2 * prior.sd**2))


def above(theta: Floats, cut: Cut) -> Floats:
    if not cut.se:
        return np.asarray(theta >= cut.theta, dtype=np.float64)
    return np.asarray(ndtr((theta - cut.theta) / cut.se))


def integrated(scores: list[int], bank: ItemParameters, cut: Cut, prior: Prior) -> float:
    """Return the mass by Gauss's rule on small pieces, one of which ends at the cut."""
    near = cut.theta + max(cut.se, 1e-3) * np.array([-8, -4, -2, -1, 0, 1, 2, 4, 8])
    ends = np.unique([*np.linspace(prior.mean - 9, prior.mean + 17, 161), *near])
    points, weights = np.polynomial.legendre.leggauss(12)
    half = np.diff(ends)[:, np.newaxis] / 2
    theta = (ends[:-1, np.newaxis] + half * (1 + points)).ravel()
    logs = log_densities(theta, scores, bank, prior)
    mass = (half * weights).ravel() * np.exp(logs - logs.max())
    return float(mass @ above(theta, cut) / mass.sum())


@pytest.mark.parametrize("cut", [Cut(0.1), Cut(-1.2), Cut(0.1, 0.3), Cut(2.0, 0.05)])
def test_the_mass_equals_adaptive_quadrature(cut: Cut) -> None:
    bank, scores = BANKS["short"]

    def density(at: float) -> float:
        theta = np.array([at])
        return float(np.exp(log_densities(theta, scores, bank, Prior()))[0])

    def passing(at: float) -> float:
        return density(at) * float(above(np.array([at]), cut)[0])

    ends = [-10.0, cut.theta - 5 * cut.se, cut.theta, cut.theta + 5 * cut.se, 10.0]
    whole, mass = (
        sum(quad(each, *piece, epsabs=1e-13, limit=200)[0] for piece in pairwise(ends))
        for each in (density, passing)
    )
    found = mass_above(np.array(scores), bank, cut, Prior())[0]
    assert found == pytest.approx(mass / whole, abs=EXACT)


LONG = ItemParameters("3pl", np.linspace(0.8, 2.4, 60), np.linspace(-2, 2, 60), 0.2)
BANKS = {
    "short": (ItemParameters("2pl", [1.0, 1.5, 0.7], [-1.0, 0.0, 1.0]), [1, 0, 1]),
    "all right": (ItemParameters("2pl", [1.0, 1.5, 0.7], [-1.0, 0.0, 1.0]), [1, 1, 1]),
    "long": (LONG, [1] * 41 + [0] * 19),
    "mixed": (mixed_bank(), [1, 0] * 5 + [2, 1, 3, 0, 1, 2] + [1, 1]),
    "far": (ItemParameters("2pl", 1.5, np.full(300, 9.5)), [1] * 250 + [0] * 50),
    "leaning": (ItemParameters("2pl", 1.5, np.full(30, 4.2)), [1] * 30),
    "steep": (
        ItemParameters("2pl", np.full(6, 12.0), np.linspace(-0.3, 0.6, 6)),
        [1, 1, 1, 0, 1, 0],
    ),
}


@pytest.mark.parametrize("se", [0.0, 1e-9, 0.004, 0.1, 0.4, 3.0])
@pytest.mark.parametrize(("bank", "scores"), BANKS.values(), ids=BANKS)
def test_the_mass_equals_the_integral(bank: ItemParameters, scores: list[int], se: float) -> None:
    prior = Prior(0.2, 1.1)
    mean = float(estimate_ability(scores, bank, prior=prior).theta)
    for away in (-0.31, 0.177):
        cut = Cut(mean + away, se)
        found = mass_above(np.array(scores), bank, cut, prior)[0]
        assert found == pytest.approx(integrated(scores, bank, cut, prior), abs=EXACT)


def test_a_sum_over_61_nodes_is_off_by_as_much_as_a_tenth() -> None:
    """Why the cut is a boundary of integration: nodes lie on one side of it or on the other."""
    bank, scores = BANKS["long"]
    nodes = np.linspace(-6, 6, 61)
    logs = log_probability(nodes, bank)[:, np.arange(60), scores].sum(axis=1) - nodes**2 / 2
    weight = np.exp(logs - logs.max())
    worst = 0.0
    for cut in np.linspace(0.4, 0.9, 26):
        summed = weight[nodes > cut].sum() / weight.sum()
        exact = mass_above(np.array(scores), bank, Cut(float(cut)), Prior())[0]
        worst = max(worst, abs(summed - exact))
    assert 0.05 < worst < 0.25


def test_without_answers_the_mass_is_the_priors() -> None:
    bank = ItemParameters("2pl", [1.0, 1.5], [-1.0, 0.0])
    found = mass_above([[np.nan, np.nan]], bank, Cut(0.7, 0.5), Prior(0.2, 1.3))[0]
    assert found == pytest.approx(norm.sf(0.5 / np.hypot(1.3, 0.5)), abs=EXACT)


@pytest.mark.parametrize(("cut", "expected"), [(-60.0, 1.0), (60.0, 0.0), (-1e6, 1.0), (1e6, 0.0)])
def test_a_cut_beyond_all_abilities_is_certain(cut: float, expected: float) -> None:
    bank, scores = BANKS["short"]
    assert mass_above(scores, bank, Cut(cut), Prior())[0] == pytest.approx(expected, abs=EXACT)


def test_the_lowest_and_highest_are_under_priors_moved_by_the_shift() -> None:
    bank, scores = BANKS["long"]
    ability = estimate_ability(scores, bank, prior=Prior(0.3, 0.8))
    found = classify(ability, Cut(0.4, 0.15), shift=0.7)
    for value, mean in (
        (found.lowest, -0.4),
        (found.probability, 0.3),
        (found.highest, 1.0),
    ):
        expected = integrated(scores, bank, Cut(0.4, 0.15), Prior(mean, 0.8))
        assert float(value) == pytest.approx(expected, abs=EXACT)
    other = classify(ability, 0.4, cut_se=0.15, prior=Prior(1.0, 0.8), shift=0.0)
    assert float(other.probability) == pytest.approx(float(found.highest), abs=1e-12)
    assert float(other.lowest) == float(other.highest) == float(other.probability)


@pytest.mark.parametrize("method", list(Method))
def test_any_method_classifies_by_the_same_posterior(method: Method) -> None:
    bank, scores = BANKS["long"]
    ability = estimate_ability(scores, bank, method)
    expected = integrated(scores, bank, Cut(0.2), Prior())
    assert float(classify(ability, 0.2).probability) == pytest.approx(expected, abs=EXACT)


FEW = ItemParameters("2pl", np.full(4, 1.2), np.linspace(-0.5, 0.5, 4))
MANY = ItemParameters("2pl", np.full(80, 1.2), np.linspace(-1, 1, 80))


@pytest.mark.parametrize(
    ("bank", "right", "cut", "verdict"),
    [
        (MANY, 60, -0.3, Verdict.ABOVE),
        (MANY, 20, 0.3, Verdict.BELOW),
        (MANY, 40, 0.0, Verdict.UNCLEAR),
        (FEW, 4, -0.2, Verdict.UNCLEAR),
    ],
)
def test_the_verdict_is_what_every_prior_supports(
    bank: ItemParameters, right: int, cut: float, verdict: Verdict
) -> None:
    ability = estimate_ability((np.arange(bank.n_items) < right).astype(int), bank)
    found = classify(ability, cut)
    assert found.verdict[()] is verdict
    assert found.verdict == verdict.value


def test_a_verdict_that_the_prior_decides_is_not_enough_evidence() -> None:
    ability = estimate_ability([1, 1, 1, 1], FEW)
    assert float(classify(ability, -0.2).probability) > 0.9
    assert classify(ability, -0.2).verdict[()] is Verdict.UNCLEAR
    assert classify(ability, -0.2, shift=0.0).verdict[()] is Verdict.ABOVE


def test_many_persons_have_one_verdict_each() -> None:
    scores = simulate_scores(simulate_abilities(30, seed=1, sd=2.0), MANY, seed=2)
    found = classify(estimate_ability(scores, MANY), 0.1, cut_se=0.1)
    assert found.verdict.shape == found.probability.shape == (30,)
    least = np.minimum(found.lowest, found.probability)
    assert [each is Verdict.ABOVE for each in found.verdict] == list(least >= 0.9)
    assert {*found.verdict} == set(Verdict)


@given(st.integers(0, 2**12 - 1), st.floats(-3, 3), st.floats(0, 1))
def test_a_higher_prior_or_a_lower_cut_never_lowers_the_probability(
    pattern: int, cut: float, se: float
) -> None:
    bank = ItemParameters("3pl", np.linspace(0.6, 2, 12), np.linspace(-1.5, 1.5, 12), 0.2)
    ability = estimate_ability([pattern >> place & 1 for place in range(12)], bank)
    found, lower = classify(ability, cut, cut_se=se), classify(ability, cut - 0.1, cut_se=se)
    assert found.lowest <= found.probability + EXACT <= found.highest + 2 * EXACT
    assert found.probability <= lower.probability + EXACT


def test_without_evidence_the_posterior_is_taken_as_normal() -> None:
    ability = Ability(np.array([0.5, -0.2]), np.array([0.3, 0.4]), Method.EAP)
    found = classify(ability, 0.1, cut_se=0.2)
    expected = norm.cdf((ability.theta - 0.1) / np.hypot(ability.se, 0.2))
    np.testing.assert_allclose(found.probability, expected, rtol=1e-12)
    moved = norm.cdf((ability.theta - ability.se**2 - 0.1) / np.hypot(ability.se, 0.2))
    np.testing.assert_allclose(found.lowest, moved, rtol=1e-12)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"cut": np.nan}, "`theta` must be finite"),
        ({"cut": 0.0, "cut_se": -0.1}, "`se` must be 0 or more, and finite"),
        ({"cut": 0.0, "required": 1.0}, r"`required` must be from 0\.5, below 1"),
        ({"cut": 0.0, "required": 0.4}, r"`required` must be from 0\.5, below 1"),
        ({"cut": 0.0, "shift": -1.0}, "`shift` must be 0 or more, and finite"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments: dict[str, float], message: str) -> None:
    ability = estimate_ability([1, 1, 1, 0], FEW)
    with pytest.raises(ValueError, match=message):
        classify(ability, **arguments)


def test_the_verdicts_hold_at_exactly_what_is_required() -> None:
    theta, se = np.array([-0.5, 0.0, 0.5]), np.full(3, 1e-9)
    known = Ability(theta, se, Method.EAP)
    at_half = classify(known, 0.0, required=0.5, shift=0.0)
    assert at_half.probability.tolist() == [0.0, 0.5, 1.0]
    assert at_half.verdict.tolist() == [Verdict.BELOW, Verdict.ABOVE, Verdict.ABOVE]
    one = Ability(np.array(0.3), np.array(0.4), Method.EAP)
    reached = float(classify(one, 0.0, shift=0.0).probability)
    assert classify(one, 0.0, required=reached, shift=0.0).verdict[()] is Verdict.ABOVE
    beyond = float(np.nextafter(reached, 1.0))
    assert classify(one, 0.0, required=beyond, shift=0.0).verdict[()] is Verdict.UNCLEAR
