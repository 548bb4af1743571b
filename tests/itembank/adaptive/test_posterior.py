from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.integrate import simpson
from scipy.stats import norm

from itembank import ItemParameters, Model, classify, probability
from itembank.ability import Prior
from itembank.adaptive import AdaptiveDesign, AdaptiveTest
from itembank.adaptive.posterior import LEAST_LIKELIHOOD, PassMark, nodes_for
from itembank.arguments import FloatArray
from tests.itembank.adaptive.examinees import answered, bank, design
from tests.itembank.banks import spread_bank

Weight = Callable[[FloatArray], FloatArray]


def integral(test: AdaptiveTest, prior: Prior, weight: Weight, start: float = -8.0) -> float:
    """Return the integral of likelihood, prior and weight from a start on, by Simpson's rule."""
    parameters = test.design.parameters.take([item for item, _ in test.responses])
    scores = np.array([score for _, score in test.responses])
    theta = np.linspace(start, 8.0, 20_001)
    right = probability(theta, parameters)
    likelihood = np.where(scores == 1, right, 1 - right).prod(axis=1)
    density = norm.pdf(theta, prior.mean, prior.sd)
    return float(simpson(likelihood * density * weight(theta), x=theta))


def one(theta: FloatArray) -> FloatArray:
    return np.ones_like(theta)


@pytest.mark.parametrize("theta", [-2.5, 0.1, 1.7])
def test_moments_are_the_integrals(theta: float) -> None:
    prior = Prior(0.4, 0.8)
    test = answered(AdaptiveTest(bank(200), max_items=30, prior=prior), theta)
    mass = integral(test, prior, one)
    mean = integral(test, prior, lambda at: at) / mass
    variance = integral(test, prior, lambda at: (at - mean) ** 2) / mass
    assert test.theta == pytest.approx(mean, abs=6e-7)
    assert test.se == pytest.approx(np.sqrt(variance), abs=6e-7)


@pytest.mark.parametrize("cut_se", [0.0, 0.02, 0.15])
@pytest.mark.parametrize("cut", [-0.31, 0.2, 0.5371])
def test_the_mass_beyond_the_cut_is_the_integral(cut: float, cut_se: float) -> None:
    adaptive = AdaptiveDesign(bank(200), max_items=25, cut=cut, cut_se=cut_se)
    test = answered(AdaptiveTest(adaptive), 0.3, seed=4)

    def beyond(theta: FloatArray) -> FloatArray:
        return np.asarray(norm.cdf((theta - cut) / cut_se)) if cut_se else one(theta)

    for prior, found in (
        (Prior(), test.chances.above),
        (Prior(-1), test.chances.lowest),
        (Prior(1), test.chances.highest),
    ):
        start = -8.0 if cut_se else cut
        expected = integral(test, prior, beyond, start) / integral(test, prior, one)
        assert found == pytest.approx(expected, abs=2e-6)
    found = classify(test.ability, cut, cut_se=cut_se)
    assert test.chances.above == pytest.approx(float(found.probability), abs=2e-6)
    assert test.chances.lowest == pytest.approx(float(found.lowest), abs=2e-6)
    assert test.chances.highest == pytest.approx(float(found.highest), abs=2e-6)


def test_before_the_first_answer_the_posterior_is_the_prior() -> None:
    test = AdaptiveTest(bank(), prior=Prior(0.5, 2), cut=0.5)
    assert (test.theta, test.se) == (0.5, 2.0)
    assert test.chances.above == 0.5
    assert test.chances.lowest == pytest.approx(norm.cdf(-0.5), abs=1e-6)


def test_nodes_are_fine_against_the_narrowest_posterior() -> None:
    sharp = ItemParameters("2pl", 3.0, np.linspace(-1, 1, 200))
    nodes = nodes_for(sharp, Prior(), 100, PassMark(0.0))
    test = answered(AdaptiveTest(sharp, max_items=100), 0.0)
    assert nodes.spacing < test.se / 1.9
    assert nodes.theta[0] == -6
    assert nodes.theta[-1] == 6


@pytest.mark.parametrize("model", Model)
def test_each_row_is_the_probability_of_a_score(model: Model) -> None:
    parameters = spread_bank(model)
    nodes = nodes_for(parameters, Prior(), 6, None)
    assert nodes.rows.sum(axis=1) == pytest.approx(1.0)
    assert nodes.sums.shape == (3, nodes.theta.size)


def test_no_contradiction_makes_every_ability_impossible() -> None:
    steep = ItemParameters("2pl", 200.0, np.repeat([-3.0, 3.0], 20))
    test = AdaptiveTest(steep, max_items=40)
    while (item := test.next_item()) is not None:
        test.record(item, int(item >= 20))
    assert np.isfinite([test.theta, test.se]).all()
    assert nodes_for(steep, Prior(), 40, None).rows.min() == LEAST_LIKELIHOOD


def test_the_order_of_answers_does_not_matter() -> None:
    whole = answered(AdaptiveTest(design(), seed=1), 0.0)
    turned = AdaptiveTest.resumed(whole.design, 1, whole.responses[::-1])
    assert (turned.theta, turned.se) == (whole.theta, whole.se)
