"""Groups of persons: whose distribution of ability is free, so that the scale has one origin."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np

from itembank.arguments import BoolArray, sentence_fault
from itembank.parameters import Model


class LatentChoice(StrEnum):
    """What is estimated of the distribution of ability."""

    DEFAULT = "default"
    """What sets the scale is fixed in the first group; all else is free.

    With anchored items, or priors on thresholds, everything is free. Otherwise the first group's
    mean is 0, and its SD is 1 unless every item has unit slope, when it is free. Further groups are
    free.
    """
    FIXED = "fixed"
    """Mean 0 and SD 1 in every group."""
    FREE = "free"
    """As by default, and the first group's SD is free too where an item has unit slope."""


def free_latent(
    choice: LatentChoice, models: Sequence[Model], anchored: Sequence[int], n_groups: int
) -> BoolArray:
    """Return whether each group's mean and SD are free, (n_groups, 2)."""
    found = np.full((n_groups, 2), choice is not LatentChoice.FIXED)
    if choice is LatentChoice.FIXED or anchored:
        return found
    unit = [model.has_unit_slope for model in models]
    if choice is LatentChoice.FREE and not any(unit):
        allowed = "'default' or 'fixed' where no item is anchored and none has unit slope"
        raise sentence_fault("latent", allowed, "'free'")
    found[0] = False, any(unit) if choice is LatentChoice.FREE else all(unit)
    return found
