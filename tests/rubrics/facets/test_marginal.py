"""The marginal likelihood's slope and curvature are those of differences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rubrics.facets.design import design_of
from rubrics.facets.extremes import estimable
from rubrics.facets.information import Rows
from rubrics.facets.joint import JointAt
from rubrics.facets.layout import Layout
from rubrics.facets.marginal import LEAST_SD, Marginal, MarginalAt, cells_of
from rubrics.facets.scales import Scale
from rubrics.facets.scores import scores_of
from rubrics.facets.steps import step_rule
from tests.rubrics.facets.worlds import Floats, world

SMALL = world(1, n_persons=40, n_raters=4, n_criteria=3).ratings
STEP = 1e-5


def gapped() -> object:
    """Each criterion without one category of its own."""
    category, criterion = np.asarray(SMALL.category), np.asarray(SMALL.criterion)
    return replace(SMALL, category=np.where(category == criterion + 1, category + 1, category))


CASES = {
    "rating scale": (SMALL, Scale.RATING_SCALE, None),
    "partial credit": (SMALL, Scale.PARTIAL_CREDIT, None),
    "gaps": (gapped(), Scale.PARTIAL_CREDIT, None),
    "ends": (
        replace(SMALL, category=np.minimum(SMALL.category, 4 - np.asarray(SMALL.criterion) % 2)),
        Scale.RATING_SCALE,
        {1: 3},
    ),
}


def evaluation(case: str) -> MarginalAt:
    ratings, scale, highest = CASES[case]
    design = design_of(ratings)
    rule = step_rule(design, scale, "criterion", highest)
    found = estimable(design, rule, persons=False)
    scores = scores_of(found)
    owner = None if rule.owner is None else rule.owner - 1
    layout = Layout((design.size(1), design.size(2)), scores.gains, owner, 1)
    point = np.random.default_rng(3).normal(0, 0.3, layout.n_parameters)
    return Marginal(cells_of(found.part.design, scores, layout))(point)


def differences(at: MarginalAt, name: str) -> Floats:
    moves = STEP * np.eye(at.point.size)
    found = [
        getattr(replace(at, point=at.point + move), name)
        - getattr(replace(at, point=at.point - move), name)
        for move in moves
    ]
    return np.array(found) / (2 * STEP)


@pytest.mark.parametrize("case", CASES)
def test_the_gradient_is_the_slope(case: str) -> None:
    at = evaluation(case)
    assert at.gradient == pytest.approx(differences(at, "log_likelihood"), abs=1e-5)
    assert np.abs(at.gradient).max() > 1


@pytest.mark.parametrize("case", CASES)
def test_the_information_is_the_curvature(case: str) -> None:
    at = evaluation(case)
    assert at.information().toarray() == pytest.approx(-differences(at, "gradient"), abs=1e-5)


def test_the_joint_likelihood_too() -> None:
    design = design_of(SMALL)
    found = estimable(
        design, step_rule(design, Scale.RATING_SCALE, "criterion", None), persons=True
    )
    scores, part = scores_of(found), found.part.design
    sizes = tuple(part.size(facet) for facet in (1, 2, 0))
    layout = Layout(sizes, scores.gains, None)
    rows = Rows(layout, np.roll(part.levels, -1, axis=0), scores.group)
    point = np.random.default_rng(4).normal(0, 0.3, layout.n_parameters)
    at = JointAt(rows, rows.totals(scores.score, scores.gained), point)
    assert at.gradient == pytest.approx(differences(at, "log_likelihood"), abs=1e-5)
    assert at.information().toarray() == pytest.approx(-differences(at, "gradient"), abs=1e-5)


def test_a_grid_that_is_too_coarse_is_made_finer() -> None:
    at = evaluation("rating scale")
    coarse = replace(at, nodes=np.linspace(-3, 3, 3))
    assert coarse.ability_sd.min() < 0.1
    fine = Marginal(at.cells, spacing=10.0)(at.point)
    assert np.diff(fine.nodes)[0] <= fine.ability_sd.min()
    finer = replace(at, nodes=np.linspace(-8, 8, 4_001))
    assert fine.log_likelihood == pytest.approx(finer.log_likelihood, abs=1e-6)
    assert fine.ability == pytest.approx(finer.ability, abs=1e-6)


def test_a_population_is_never_narrower_than_its_bound() -> None:
    at = evaluation("rating scale")
    narrow = Marginal(at.cells)(np.append(at.point[:-1], -50.0))
    assert narrow.sd == pytest.approx(LEAST_SD)
    assert narrow.is_bounded
    assert narrow.gradient[-1] >= 0
