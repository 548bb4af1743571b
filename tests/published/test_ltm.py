"""The tables of the R package ltm 1.2-0: Abortion, WIRS and Environment.

Bartholomew, D. J., Steele, F., Moustaki, I., & Galbraith, J. (2002). The analysis and
interpretation of multivariate data for social scientists. Chapman and Hall. Log-likelihoods
computed in 2026 by ltm 1.2-0 and mirt 1.47. Metric: logistic, D = 1.

ltm sums on Gauss-Hermite nodes, which are coarse for steep items. Abortion: its 41 nodes print
-707.14307, where 61 to 801 uniform nodes and mirt agree on the value below. Environment: its values
are those of its 21 nodes, and are proved to be here; ours are those of the integral itself.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.optimize import minimize

from itembank import ItemParameters, calibrate
from tests.published.marginal import (
    MANY,
    Floats,
    Nodes,
    gauss_hermite,
    graded,
    log_likelihood,
    partial_credit,
    two_parameter_log_likelihood,
)
from tests.published.responses import Table, environment, patterns_of, persons

ABORTION = -707.0866
WIRS = -3420.06439
ENVIRONMENT_ON_21_NODES = {"grm": -1090.4037, "gpcm": -1094.9736}
CURVES: dict[str, Callable[[Floats, Floats, Nodes], Floats]] = {
    "grm": graded,
    "gpcm": partial_credit,
}
every_model = pytest.mark.parametrize("model", CURVES)


@pytest.mark.parametrize(
    ("name", "n_persons", "expected"),
    [("ltm_Abortion.csv", 379, ABORTION), ("ltm_WIRS.csv", 1005, WIRS)],
)
def test_two_parameter_models(name: str, n_persons: int, expected: float) -> None:
    table = persons(name)
    found = calibrate(table.persons, "2pl")
    slope, difficulty = found.parameters.slope, found.parameters.threshold[:, 0]
    plainly = two_parameter_log_likelihood(slope, -slope * difficulty, table)
    assert found.converged
    assert found.n_persons == n_persons
    assert found.log_likelihood == pytest.approx(expected, abs=0.001)
    assert found.log_likelihood == pytest.approx(plainly, abs=0.001)


@every_model
def test_concern_for_the_environment(model: str) -> None:
    """Our maximum is that of the likelihood on 801 nodes: no step from there raises it.

    Its 291 persons are fewer than the 300 that these models ask for, so no number is asked.
    """
    table = environment()
    found = calibrate(table.persons, model, minimum=None)
    reached = maximum(model, found.parameters, table, MANY)
    assert found.converged
    assert found.log_likelihood == pytest.approx(reached, abs=0.001)


@every_model
def test_concern_for_the_environment_on_the_nodes_of_ltm(model: str) -> None:
    """From our estimates the likelihood on its 21 nodes rises to the value that it prints."""
    table = environment()
    found = calibrate(table.persons, model, minimum=None)
    reached = maximum(model, found.parameters, table, gauss_hermite(21))
    assert reached == pytest.approx(ENVIRONMENT_ON_21_NODES[model], abs=0.001)


def maximum(model: str, start: ItemParameters, table: Table, nodes: Nodes) -> float:
    """Return the greatest log-likelihood on some nodes, by scipy, from a start."""
    n, rows = start.n_items, patterns_of(table)

    def loss(at: Floats) -> float:
        categories = CURVES[model](at[:n], at[n:].reshape(start.threshold.shape), nodes)
        return -log_likelihood(categories, rows, nodes)

    first = np.concatenate([start.slope, start.threshold.ravel()])
    return -float(minimize(loss, first, method="BFGS", options={"gtol": 1e-3}).fun)


def test_the_words_of_a_scale_may_be_counted_from_either_end() -> None:
    table = environment().persons
    there, back = (calibrate(each, "grm", minimum=None) for each in (table, 2 - table))
    assert back.log_likelihood == pytest.approx(there.log_likelihood, abs=1e-4)
    assert back.parameters.slope == pytest.approx(there.parameters.slope, abs=0.003)
    assert back.parameters.threshold == pytest.approx(
        -there.parameters.threshold[:, ::-1], abs=0.005
    )
