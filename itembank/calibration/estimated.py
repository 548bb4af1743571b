"""What a calibration estimates: each parameter by its place, standard errors, distributions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from itembank.arguments import FloatArray


class Parameter(StrEnum):
    """A kind of parameter."""

    SLOPE = "slope"
    THRESHOLD = "threshold"
    GUESSING = "guessing"
    UPPER = "upper"
    MEAN = "mean"
    SD = "sd"


@dataclass(frozen=True)
class Place:
    """Which free parameter a row of the covariance is about.

    `item` is None for the slope that items of the 1pl model have in common, and for a group's mean
    and SD; `step` is the column of a threshold.
    """

    parameter: Parameter
    item: int | None = None
    step: int = 0
    group: int | None = None


@dataclass(frozen=True, eq=False)
class StandardErrors:
    """Standard errors in the shape of the parameters; NaN where a parameter is fixed.

    `slope`, `guessing` and `upper` are (n_items,), `threshold` (n_items, max categories - 1); units
    are those of the parameters. `Calibration` says what they come from.
    """

    slope: FloatArray
    threshold: FloatArray
    guessing: FloatArray
    upper: FloatArray


@dataclass(frozen=True)
class Latent:
    """The distribution of ability in a group, normal, in logits.

    A standard error is NaN where the parameter is fixed, or where none was asked for.
    """

    mean: float
    sd: float
    mean_se: float = float("nan")
    sd_se: float = float("nan")
