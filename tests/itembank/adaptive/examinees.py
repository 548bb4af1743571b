"""Banks, designs and examinees that the tests of adaptive testing share."""

from __future__ import annotations

from typing import Any

import numpy as np

from itembank import AdaptiveDesign, AdaptiveTest, ItemParameters

AREAS = ("a", "b", "c")


def bank(n_items: int = 60, seed: int = 1) -> ItemParameters:
    """Return two-parameter items as a bank has them."""
    rng = np.random.default_rng(seed)
    slope = rng.lognormal(0.2, 0.3, n_items)
    return ItemParameters("2pl", slope, rng.normal(0, 1, n_items))


def design(n_items: int = 60, **options: Any) -> AdaptiveDesign:
    """Return a test of twelve items in three areas, with some enemies and a cut."""
    settings: dict[str, Any] = {
        "areas": [AREAS[item % 3] for item in range(n_items)],
        "blueprint": {"a": 6, "b": 4, "c": 2},
        "enemies": {0: [1, 2], 4: [10], 30: [31]},
        "min_items": 6,
        "cut": 0.2,
    }
    return AdaptiveDesign(bank(n_items), **{**settings, **options})


def answered(test: AdaptiveTest, theta: float, seed: int = 0) -> AdaptiveTest:
    """Return a dichotomous test taken to its end by an examinee of an ability."""
    rng = np.random.default_rng(seed)
    parameters = test.design.parameters
    while (item := test.next_item()) is not None:
        logit = parameters.slope[item] * (theta - parameters.threshold[item, 0])
        test.record(item, int(rng.random() < 1 / (1 + np.exp(-logit))))
    return test
