"""Standard errors are those of the marginal likelihood's own curvature, for every model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from itembank import Anchors, Calibration, LogNormal, Priors, calibrate
from itembank.calibration import Normals
from itembank.calibration.covariances import by_moments, by_node, by_person
from itembank.calibration.derivatives import derivatives
from itembank.calibration.expectation import posterior
from itembank.calibration.fitting import Problem
from itembank.calibration.layout import everything
from itembank.calibration.persons import Groups, arranged
from itembank.calibration.point import Space
from itembank.calibration.quadrature import standard_grid
from itembank.calibration.starting import Items, clusters, starting_point
from tests.itembank.calibration import banks, oracle

MODELS = ("rasch", "1pl", "2pl", "grm", "pcm", "gpcm")
TIGHT = {"tolerance": 1e-7, "minimum": None}


@dataclass(frozen=True, eq=False)
class Case:
    """A calibration and its data as the oracle reads them."""

    found: Calibration
    data: oracle.Data


def plain(model: str) -> Case:
    given = banks.scores(banks.bank(model), 1_500)
    return Case(calibrate(given, model, **TIGHT), oracle.Data.of(given))


def with_missing(model: str) -> Case:
    given = banks.some_missing(banks.scores(banks.bank(model), 1_500))
    return Case(calibrate(given, model, **TIGHT), oracle.Data.of(given))


def with_booklets(model: str) -> Case:
    given = banks.by_booklet(banks.scores(banks.bank(model), 1_500))
    return Case(calibrate(given, model, **TIGHT), oracle.Data.of(given))


def with_groups(model: str) -> Case:
    group = np.repeat([0, 1], [800, 700])
    own = banks.bank(model)
    given = np.concatenate([banks.scores(own, 800), banks.scores(own, 700, mean=0.7, sd=0.8)])
    return Case(calibrate(given, model, groups=group, **TIGHT), oracle.Data.of(given, group))


def with_prior(model: str) -> Case:
    given = banks.scores(banks.bank(model), 1_500)
    found = calibrate(given, model, priors=Priors(slope=LogNormal(0.0, 0.5)), **TIGHT)
    return Case(found, oracle.Data.of(given))


def with_placed_thresholds(model: str) -> Case:
    """Two of the items have a prior, away from where they are; origin and unit are free."""
    own = banks.bank(model)
    group = np.repeat([0, 1], [800, 700])
    given = np.concatenate([banks.scores(own, 800), banks.scores(own, 700, mean=0.7, sd=0.8)])
    mean = own.threshold[:, 0] + np.array([0.5, 0.0, 0.0, 0.1])
    mean[[1, 2]] = np.nan
    priors = Priors(threshold=Normals(mean, 0.4), slope=LogNormal(0.1, 0.4))
    found = calibrate(given, model, groups=group, priors=priors, **TIGHT)
    return Case(found, oracle.Data.of(given, group))


def with_anchors(model: str) -> Case:
    own = banks.bank(model)
    given = banks.scores(own, 1_500, mean=-0.4, sd=1.3)
    found = calibrate(given, model, anchors=Anchors([1, 3], own.take([1, 3])), **TIGHT)
    return Case(found, oracle.Data.of(given))


def mixed() -> Case:
    given = banks.scores(banks.mixed(), 1_500)
    return Case(calibrate(given, banks.mixed().model, **TIGHT), oracle.Data.of(given))


CASES = {
    **{model: (lambda model=model: plain(model)) for model in MODELS},
    "2pl, some missing": lambda: with_missing("2pl"),
    "grm, some missing": lambda: with_missing("grm"),
    "2pl, booklets": lambda: with_booklets("2pl"),
    **{
        f"{model}, placed": (lambda model=model: with_placed_thresholds(model))
        for model in ("rasch", "1pl", "2pl")
    },
    "2pl, groups": lambda: with_groups("2pl"),
    "rasch, groups": lambda: with_groups("rasch"),
    "1pl, prior": lambda: with_prior("1pl"),
    "2pl, prior": lambda: with_prior("2pl"),
    "3pl, anchors": lambda: with_anchors("3pl"),
    "4pl, anchors": lambda: with_anchors("4pl"),
    "mixed": mixed,
}


@pytest.mark.parametrize("case", CASES)
def test_covariance_is_the_inverse_of_the_likelihoods_curvature(case: str) -> None:
    own = CASES[case]()
    size = own.found.n_parameters
    objective = oracle.objective(own.data, own.found)
    slope = oracle.gradient(objective, size)
    curvature = -oracle.hessian(objective, size)
    assert own.found.converged
    assert np.max(np.abs(slope)) < 2e-3
    expected = np.linalg.inv(curvature)
    spread = np.sqrt(np.diag(expected))
    within = 1e-3 if "placed" in case else 2e-4  # what only priors tell is hard to difference
    assert own.found.covariance == pytest.approx(expected, abs=within * np.max(spread) ** 2)
    assert np.sqrt(np.diag(own.found.covariance)) == pytest.approx(spread, rel=1e-3)


def test_a_fixed_parameter_has_no_standard_error() -> None:
    own = banks.bank("2pl")
    given = banks.scores(own, 600)
    found = calibrate(given, "2pl", anchors=Anchors([1], own.take([1])))
    assert found.standard_errors is not None
    assert np.isnan(found.standard_errors.slope).tolist() == [False, True, False, False]
    assert np.isnan(found.standard_errors.threshold[:, 0]).tolist() == [False, True, False, False]
    assert np.isnan(found.standard_errors.guessing).all()


def test_standard_errors_are_left_out_if_not_asked() -> None:
    found = calibrate(banks.scores(banks.bank("2pl"), 600), "2pl", standard_errors=False)
    assert found.standard_errors is None
    assert found.covariance is None
    assert np.isnan(found.latent[0].sd_se)


@pytest.mark.parametrize("model", ["2pl", "gpcm"])
@pytest.mark.parametrize("weighted", [False, True])
def test_three_ways_to_the_missing_information_agree(model: str, weighted: bool) -> None:
    own = banks.bank(model)
    given = np.ascontiguousarray(banks.scores(own, 300).T)
    weight = np.linspace(0.5, 2.0, 300) if weighted else None
    counts = tuple(np.bincount(row, minlength=2).astype(float) for row in given)
    items = Items(own.model, counts, None)
    laid = clusters(items)
    groups = Groups((None,), np.zeros(300, dtype=np.int64))
    persons = arranged(given, weight, groups, laid)
    space = Space(laid, np.ones((1, 2), dtype=bool))
    start, grid = starting_point(items, laid, 1), standard_grid(61)
    complete = Problem(persons.blocks(512), persons.booklets, space, Priors(), map)
    masked = Problem(persons.blocks(512), (everything(laid),), space, Priors(), map)
    found = []
    for problem, way in ((complete, by_moments), (complete, by_node), (masked, by_person)):
        at = derivatives(problem, start, grid)
        (block,) = problem.blocks
        rows = at.tables.rows(block)
        mass = posterior(block, at.tables, rows)
        extra = (at.nodes,) if way is by_moments else ()
        found.append(way(rows, mass, block.weight, at.of(block), *extra))
    assert found[0] == pytest.approx(found[1], abs=1e-9)
    assert found[0] == pytest.approx(found[2], abs=1e-6)
