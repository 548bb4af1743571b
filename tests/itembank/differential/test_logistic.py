"""Logistic regression: each item as by one regression at a time, and what each kind sees."""

from __future__ import annotations

import numpy as np
import pytest

from itembank import dif
from itembank.differential import Regressions
from itembank.regression import logistic_regression
from tests.itembank.differential.worlds import items, world

HARDER = world(2_000, items(10), seed=30, harder=0.8)
FLATTER = world(4_000, items(10), seed=31, flatter=0.3)


@pytest.mark.parametrize(
    ("kind", "columns", "degrees"),
    [("uniform", (2, 3), 1), ("nonuniform", (3, 4), 1), ("both", (2, 4), 2)],
)
def test_each_item_is_as_if_regressed_alone(
    kind: str, columns: tuple[int, int], degrees: int
) -> None:
    total = HARDER.scores.sum(axis=1)
    score = (total - total.mean()) / total.std()
    design = np.column_stack(
        [np.ones(len(total)), score, HARDER.groups, score * HARDER.groups]
    ).astype(np.float64)
    found = dif(HARDER.scores, HARDER.groups, "logistic", kind=kind)
    assert isinstance(found.details, Regressions)
    assert set(found.degrees) == {degrees}
    for item in (0, 4):
        less, more = (
            logistic_regression(design[:, :width], HARDER.scores[:, item] == 1) for width in columns
        )
        ratio = 2 * (more.log_likelihood - less.log_likelihood)
        assert found.statistic[item] == pytest.approx(ratio, abs=1e-5)
        own = found.details.coefficients[item, : columns[1]]
        assert own == pytest.approx(more.coefficients, abs=1e-4)
        spread = np.sqrt(np.diag(more.covariance))
        assert found.details.standard_errors[item, : columns[1]] == pytest.approx(spread, abs=1e-4)


def test_each_kind_sees_its_own_difference() -> None:
    uniform = dif(HARDER.scores, HARDER.groups, "logistic", kind="uniform")
    assert uniform.flagged[0]
    assert uniform.direction[0] == -1
    nonuniform = dif(FLATTER.scores, FLATTER.groups, "logistic", kind="nonuniform", purify=True)
    assert np.argmax(nonuniform.statistic) == 0
    assert nonuniform.flagged[0]
    both = dif(FLATTER.scores, FLATTER.groups, "logistic")
    assert both.flagged[0]


def test_abilities_may_be_matched_on_as_they_are_or_in_strata() -> None:
    fine = dif(HARDER.scores, HARDER.groups, "logistic", matching=HARDER.theta)
    coarse = dif(HARDER.scores, HARDER.groups, "logistic", matching=HARDER.theta, n_strata=50)
    assert fine.flagged[0]
    assert coarse.statistic == pytest.approx(fine.statistic, rel=0.15, abs=1.0)


def test_a_group_that_all_get_right_has_no_end_but_a_ratio() -> None:
    scores = HARDER.scores.copy()
    scores[HARDER.groups == 0, 0] = 1
    found = dif(scores, HARDER.groups, "logistic", matching="rest")
    assert np.isfinite(found.statistic).all()
    assert found.flagged[0]
