"""Accuracy and consistency on ten 3PL items, and reliabilities of three published tables.

Computed by others in 2026: Lee's method by cacIRT 1.4 with D = 1.7, all else by an independent
numpy script on the same 81 nodes from -4 to 4 with normal weights (cacIRT's 3PL information has
``1 - c^2`` where ``(1 - c)^2`` belongs, and its Lee mixes both metrics with D = 1). Reliabilities:
mirt 1.47; of Rasch with free variance the marginal one by the script (mirt prints .5388).
"""

from __future__ import annotations

import numpy as np
import pytest

from itembank import (
    ItemParameters,
    Prior,
    calibrate,
    classification_accuracy,
    empirical_reliability,
    estimate_ability,
    marginal_reliability,
)
from tests.published.responses import RESPONSES, Table, patterns, persons

NODES = np.linspace(-4, 4, 81)
WEIGHTS = np.exp(-(NODES**2) / 2)
WITHIN = 1e-5

VALUES = [
    ("lee", 1.7, [5], 0.827960, 0.779263),
    ("lee", 1.7, [4, 7], 0.685677, 0.614495),
    ("lee", 1.0, [5], 0.799064, 0.742515),
    ("lee", 1.0, [4, 7], 0.646889, 0.561264),
    ("rudner", 1.7, [0], 0.817178, 0.746684),
    ("rudner", 1.0, [0], 0.759995, 0.674140),
]


@pytest.mark.parametrize(("method", "scale", "cuts", "accuracy", "consistency"), VALUES)
def test_accuracy_and_consistency(
    method: str, scale: float, cuts: list[float], accuracy: float, consistency: float
) -> None:
    path = RESPONSES / "cac_items10.csv"
    if not path.exists():
        pytest.skip(f"the table {path.name} is not in {RESPONSES}")
    slope, difficulty, guessing = np.loadtxt(path, delimiter=",", skiprows=1).T
    items = ItemParameters("3pl", scale * slope, difficulty, guessing)
    found = classification_accuracy(items, cuts, method=method, nodes=NODES, weights=WEIGHTS)
    assert found.accuracy == pytest.approx(accuracy, abs=WITHIN)
    assert found.consistency == pytest.approx(consistency, abs=WITHIN)


RELIABILITIES = [
    ("LSAT6.csv", "2pl", 0.2989, 0.3011),
    ("LSAT6.csv", "rasch", 0.2921, 0.2944),
    ("LSAT7.csv", "2pl", 0.4418, 0.4523),
    ("Science.csv", "grm", None, 0.6670),
]


def _table(name: str) -> Table:
    return persons(name, first_category=1) if name == "Science.csv" else patterns(name)


@pytest.mark.parametrize(("name", "model", "marginal", "empirical"), RELIABILITIES)
def test_reliability(name: str, model: str, marginal: float | None, empirical: float) -> None:
    table = _table(name)
    found = calibrate(table.scores, model, weights=table.weights, minimum=None)
    latent = found.latent[0]
    if marginal is not None:
        reached = marginal_reliability(found.parameters, mean=latent.mean, sd=latent.sd)
        assert reached == pytest.approx(marginal, abs=1e-4)
    prior = Prior(latent.mean, latent.sd)
    ability = estimate_ability(table.scores, found.parameters, prior=prior)
    assert empirical_reliability(ability, weights=table.weights) == pytest.approx(
        empirical, abs=1e-4
    )
