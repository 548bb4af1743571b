"""Sets of item parameters that the measurement tests share: every model, and all of them mixed."""

from __future__ import annotations

import numpy as np

from itembank import ItemParameters, Model
from itembank.parameters import joined

DICHOTOMOUS = [model for model in Model if not model.is_polytomous]
POLYTOMOUS = [model for model in Model if model.is_polytomous]


def spread_bank(model: Model, n_items: int = 6, n_categories: int = 4) -> ItemParameters:
    """Return items of one model, spread over -1.5 to 1.5 logits, with slopes around 1."""
    slope = 1.0 if model.has_unit_slope or model is Model.ONE_PL else np.linspace(0.8, 1.6, n_items)
    centre = np.linspace(-1.5, 1.5, n_items)
    steps = np.linspace(-1.0, 1.0, n_categories - 1) if model.is_polytomous else np.zeros(1)
    return ItemParameters(
        model,
        slope,
        centre[:, np.newaxis] + steps,
        np.linspace(0.1, 0.25, n_items) if model.has_guessing else 0.0,
        np.linspace(0.9, 0.98, n_items) if model.has_upper else 1.0,
    )


def mixed_bank() -> ItemParameters:
    """Return two items of every model, with two, four and three categories."""
    wide = [spread_bank(model, 2) for model in Model]
    return joined([*wide, spread_bank(Model.GRM, 2, n_categories=3)])
