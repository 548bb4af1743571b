"""The engine finds the severities that ratings were simulated from, as nearly as it says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rubrics.facets import Facets, many_facet
from tests.rubrics.facets.worlds import Floats, World, world

DESIGNS = 20
FEWER = 10


@pytest.fixture(scope="module")
def worlds() -> list[World]:
    """600 performances, 20 raters, two of them to each."""
    return [world(seed) for seed in range(DESIGNS)]


@pytest.fixture(scope="module")
def fits(worlds: list[World]) -> list[Facets]:
    return [many_facet(each.ratings) for each in worlds]


def slope(estimate: Floats, truth: Floats) -> float:
    return float(estimate @ truth / (truth @ truth))


def test_severity_is_neither_stretched_nor_surer_than_it_may_be(
    worlds: list[World], fits: list[Facets]
) -> None:
    found = [each.raters for each in fits]
    pairs = list(zip(found, worlds, strict=True))
    assert 0.97 < np.mean([slope(own.measure, each.severity) for own, each in pairs]) < 1.05
    z = np.array([(own.measure - each.severity) / own.se for own, each in pairs])
    assert 0.92 <= (np.abs(z) < 1.96).mean() <= 0.98


def test_joint_severity_is_stretched_and_too_sure(worlds: list[World]) -> None:
    """Why it is not the default."""
    found = [many_facet(each.ratings, method="joint").raters for each in worlds[:FEWER]]
    pairs = list(zip(found, worlds[:FEWER], strict=True))
    assert np.mean([slope(own.measure, each.severity) for own, each in pairs]) > 1.08
    z = np.array([(own.measure - each.severity) / own.se for own, each in pairs])
    assert (np.abs(z) < 1.96).mean() < 0.85


def test_shrunken_severity_is_nearer_and_covers_as_often(
    worlds: list[World], fits: list[Facets]
) -> None:
    plain, drawn, covered, spreads = [], [], [], []
    for each, found in zip(worlds, fits, strict=True):
        raters = found.raters
        shrunken = raters.shrunken
        plain.append(np.square(raters.measure - each.severity).mean())
        drawn.append(np.square(shrunken.measure - each.severity).mean())
        covered.append(np.abs(shrunken.measure - each.severity) < 1.96 * shrunken.se)
        spreads.append(shrunken.spread)
    assert np.mean(drawn) < np.mean(plain)
    assert 0.92 <= np.mean(covered) <= 0.98
    assert np.mean(spreads) == pytest.approx(0.5, abs=0.06)


def test_the_population_and_the_persons_are_found(worlds: list[World], fits: list[Facets]) -> None:
    sd = np.array([own.population.sd for own in fits])
    se = np.array([own.population.sd_se for own in fits])
    assert np.square((sd - 1.2) / se).mean() == pytest.approx(1, abs=0.9)
    mean = np.array([own.population.mean / own.population.mean_se for own in fits])
    assert np.square(mean).mean() == pytest.approx(1, abs=0.9)
    z = [
        (own.persons.measure - each.ability) / own.persons.se
        for own, each in zip(fits, worlds, strict=True)
    ]
    assert np.square(z).mean() == pytest.approx(1, abs=0.05)


def test_mean_squares_are_one_where_the_model_holds(fits: list[Facets]) -> None:
    found = fits[0]
    for facet in (found.persons, found.raters, found.criteria):
        assert np.mean(facet.infit) == pytest.approx(1, abs=0.05)
        assert np.mean(facet.outfit) == pytest.approx(1, abs=0.05)


def test_bias_is_found_where_it_was_put_and_nowhere_else() -> None:
    """One rater marks one criterion a logit harder: 60 ratings tell."""
    each = world(3)
    ratings = each.ratings
    odd = (np.asarray(ratings.rater) == 4) & (np.asarray(ratings.criterion) == 2)
    category = np.where(odd, np.maximum(np.asarray(ratings.category) - 1, 0), ratings.category)
    bias = many_facet(replace(ratings, category=category)).bias
    assert bias is not None
    worst = int(np.argmax(bias.z))
    assert (bias.first[worst], bias.second[worst]) == (4, 2)
    assert bias.z[worst] > 4
    assert bias.observed[worst] < bias.expected[worst]
    others = np.delete(bias.z, worst)
    assert np.abs(others).max() < 4
    untouched = many_facet(ratings).bias
    assert untouched is not None
    assert np.square(untouched.z).mean() == pytest.approx(1, abs=0.45)
