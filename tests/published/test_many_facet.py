"""Many-facet measurement as others computed it.

Guilford's ratings of creativity (Guilford, J. P. (1954). Psychometric methods, 2nd ed., p. 282): 3
judges, 7 examinees, 5 traits, categories 1 to 9. Joint estimates by an independent script (L-BFGS
with a ridge of 1e-6, in 2026) in the convention that examinees and traits are centred. Marginal
estimates, and those of ex10, by TAM 4.3-25, in 2026; TAM lets each trait have only the categories
up to the highest that it was given. Science and LSAT6: mirt 1.47, in 2026.
"""

from __future__ import annotations

import csv
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from itembank import calibrate
from rubrics.facets import Facets, LongRatings, many_facet
from tests.conftest import SHARED
from tests.published.responses import patterns, persons

RATINGS = SHARED / "data" / "ratings"
TRAITS = "abcde"


def table(name: str) -> NDArray[np.float64]:
    path = RATINGS / name
    if not path.exists():
        pytest.skip(f"the published table {name} is not in {RATINGS}")
    with path.open(encoding="utf-8", newline="") as file:
        return np.array([[float(cell) for cell in row] for row in list(csv.reader(file))[1:]])


def crossed(
    person: NDArray[np.int64], rater: NDArray[np.int64], scores: NDArray[np.float64], criteria: str
) -> LongRatings:
    n = scores.shape[1]
    return LongRatings(
        np.repeat(person, n),
        np.repeat(rater, n),
        np.tile(list(criteria), len(scores)),
        scores.ravel(),
    )


@cache
def guilford() -> LongRatings:
    rows = table("guilford_creativity.csv")
    return crossed(rows[:, 1].astype(int), rows[:, 0].astype(int), rows[:, 2:], TRAITS)


@cache
def ex10() -> LongRatings:
    rows = table("TAM_data.ex10.csv")
    return crossed(rows[:, 0].astype(int), rows[:, 1].astype(int), rows[:, 2:], TRAITS)


@cache
def guilford_jointly() -> Facets:
    return many_facet(guilford(), method="joint", floating="rater")


def test_joint_estimates_of_guilfords_ratings() -> None:
    found = guilford_jointly()
    assert found.biased
    assert found.converged
    assert found.log_likelihood == pytest.approx(-165.684994, abs=1e-5)
    examinees = [-0.0715, 0.6638, -0.2554, -0.4815, 0.4407, -0.5841, 0.2880]
    assert found.persons.measure == pytest.approx(examinees, abs=2e-4)
    assert found.raters.measure == pytest.approx([0.0397, 0.2454, -0.0960], abs=2e-4)
    traits = [-0.2800, -0.1470, 0.2109, -0.3023, 0.5184]
    assert found.criteria.measure == pytest.approx(traits, abs=2e-4)
    steps = [-0.6905, -2.3520, 0.8093, -1.4837, 1.7186, -0.9789, 2.3926, 0.5846]
    assert found.thresholds[0].measure == pytest.approx(steps, abs=5e-4)
    assert found.thresholds[0].categories == tuple(range(1, 10))


def test_joint_errors_of_guilfords_ratings_hold_all_else_fixed() -> None:
    found = guilford_jointly()
    errors = [0.174, 0.182, 0.177, 0.183, 0.176, 0.187, 0.174]
    assert found.persons.se == pytest.approx(errors, abs=6e-4)
    assert found.raters.se == pytest.approx([0.117, 0.118, 0.116], abs=6e-4)
    assert found.criteria.se == pytest.approx([0.149, 0.149, 0.151, 0.149, 0.157], abs=6e-4)


def test_mean_squares_of_guilfords_ratings() -> None:
    found = guilford_jointly()
    infit = [0.242, 0.621, 1.164, 1.346, 1.991, 0.717, 0.882]
    assert found.persons.infit == pytest.approx(infit, abs=1e-3)
    assert found.raters.infit == pytest.approx([0.849, 1.475, 0.672], abs=1e-3)
    assert found.raters.outfit == pytest.approx([0.880, 1.524, 0.666], abs=1e-3)


def test_totals_of_guilfords_ratings() -> None:
    found = guilford_jointly()
    assert found.persons.observed * 15 == pytest.approx([70, 94, 64, 57, 87, 54, 82])
    assert found.raters.observed * 35 == pytest.approx([171, 156, 181])
    assert found.criteria.observed * 21 == pytest.approx([114, 108, 92, 115, 79])


def test_marginal_estimates_of_guilfords_ratings() -> None:
    scores = np.asarray(guilford().category).reshape(-1, len(TRAITS))
    highest = dict(zip(TRAITS, scores.max(axis=0).astype(int).tolist(), strict=True))
    found = many_facet(guilford(), floating="criterion", highest=highest)
    assert found.deviance == pytest.approx(338.078, abs=1e-3)
    assert found.population.variance == pytest.approx(0.14544, abs=5e-5)
    assert found.raters.measure == pytest.approx([-0.0210, 0.1716, -0.1505], abs=2e-4)
    eap = [-0.0624, 0.5303, -0.2049, -0.3766, 0.3450, -0.4529, 0.2216]
    assert found.persons.measure == pytest.approx(eap, abs=2e-4)
    assert found.persons.se == pytest.approx(np.full(7, 0.157), abs=0.012)
    assert found.spacing < found.persons.se.min()


def test_marginal_estimates_of_ex10() -> None:
    found = many_facet(ex10(), floating="criterion")
    assert found.deviance == pytest.approx(3534.3568, abs=0.01)
    items = [-1.95718, -1.02683, -0.06842, 1.06137, 1.98482]
    assert found.criteria.measure == pytest.approx(items, abs=1e-4)
    assert found.raters.measure == pytest.approx([-0.05840, -0.45674, 0.51514], abs=1e-4)
    assert found.population.variance == pytest.approx(1.78339, abs=1e-3)


def by_one_rater(scores: NDArray[np.int8]) -> LongRatings:
    people = np.arange(len(scores))
    items = "".join(chr(ord("a") + item) for item in range(scores.shape[1]))
    return crossed(people, np.zeros_like(people), scores.astype(float), items)


@pytest.mark.parametrize(
    ("scale", "log_likelihood"), [("partial credit", -1619.27410), ("rating scale", -1636.90845)]
)
def test_with_one_rater_it_is_the_model_of_a_questionnaire(
    scale: str, log_likelihood: float
) -> None:
    found = many_facet(by_one_rater(persons("Science.csv", 1).scores), scale=scale)
    assert found.log_likelihood == pytest.approx(log_likelihood, abs=1e-4)


def test_partial_credit_of_a_questionnaire() -> None:
    """Thresholds where the steps meet, with errors, as the calibration of items has them."""
    scores = persons("Science.csv", 1).scores
    found = many_facet(by_one_rater(scores), scale="partial credit", floating="criterion")
    steps = np.array([own.measure for own in found.thresholds])
    expected = [
        [-3.08796, -2.59532, 1.38880],
        [-1.89637, -0.91092, 1.85876],
        [-2.64760, -1.42122, 1.13521],
        [-2.44917, -0.89976, 1.35803],
    ]
    assert found.criteria.measure[:, np.newaxis] + steps == pytest.approx(
        np.array(expected), abs=2e-4
    )
    calibrated = calibrate(scores, "pcm")
    assert calibrated.latent[0].sd == pytest.approx(found.population.sd, abs=1e-4)
    assert calibrated.latent[0].sd_se == pytest.approx(found.population.sd_se, abs=1e-3)


def test_two_categories_of_a_test() -> None:
    found = many_facet(by_one_rater(patterns("LSAT6.csv").persons), floating="criterion")
    assert found.log_likelihood == pytest.approx(-2466.93760, abs=1e-4)
    difficulty = [-2.73002, -0.99861, -0.23985, -1.30645, -2.09941]
    assert found.criteria.measure == pytest.approx(difficulty, abs=2e-4)
    assert found.population.variance == pytest.approx(0.57024, abs=2e-4)
    variance_se = 2 * found.population.sd * found.population.sd_se
    assert variance_se == pytest.approx(0.10486, abs=2e-3)
    errors = calibrate(patterns("LSAT6.csv").persons, "rasch").standard_errors
    assert errors is not None
    assert found.criteria.se == pytest.approx(errors.threshold[:, 0], abs=1e-4)
