"""What a calibration reports of itself: kept with its parameter set, and shown beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from assessment.items.models import ParameterSet


class PilotReason(StrEnum):
    """Why an item has no published parameters."""

    FEW_RESPONSES = "few responses"
    """The figure is how many there are."""
    ONE_SIDED = "one-sided"
    """Nearly everybody was right, or nearly nobody; the figure is how few were not like that."""
    UNSURE = "unsure"
    """The figure is the standard error that is too large to publish."""
    FLAT = "flat"
    """Right and wrong say nothing of ability, or the wrong thing; the figure is the slope."""
    STEEP = "steep"
    """The slope is steeper than answers can tell; the figure is the slope."""
    OUTSIDE = "outside"
    """The difficulty lies outside the abilities that were seen; the figure is the difficulty."""


@dataclass(frozen=True, kw_only=True)
class PilotItem:
    """An item that is asked, and not yet scored on the scale."""

    item: str
    reason: PilotReason
    figure: float


@dataclass(frozen=True, kw_only=True)
class CalibratedGroup:
    """Those who sat one test: how many there were, and where their abilities lie, in logits."""

    test: str
    persons: int
    mean: float
    sd: float


@dataclass(frozen=True, kw_only=True)
class AbilityCount:
    """How many persons were seen around an ability, in logits."""

    theta: float
    persons: int


@dataclass(frozen=True, kw_only=True)
class CalibrationReport:
    """How a bank was calibrated, how well that went, and what it left out."""

    model: str
    persons: int
    items: int
    """How many have parameters that may be published."""
    asked: int
    """How many items were asked at all."""
    groups: tuple[CalibratedGroup, ...]
    small_tests: tuple[str, ...] = ()
    """Tests with too few sittings to tell where their learners stand; their sittings are out."""
    left_open: int = 0
    """Sittings without a single answer, which are out too."""
    pilot: tuple[PilotItem, ...] = ()
    log_likelihood: float
    n_parameters: int
    aic: float
    bic: float
    iterations: int
    converged: bool
    message: str
    priors: tuple[str, ...]
    """Of item parameters, each as a name and a density."""
    nodes: int
    """Of the grid on which ability was integrated, from `lowest` to `highest` logits."""
    lowest: float
    highest: float
    slope_se: float | None
    """The mean over the published items; None where the model fixes the slope."""
    threshold_se: float | None
    """None where no item may be published."""
    abilities: tuple[AbilityCount, ...] = ()
    """Of all persons, each estimated within their group; rising."""
    panel: int | None = None
    """The number of the panel whose placing was the prior of the difficulties."""


def report_data(report: CalibrationReport) -> Mapping[str, Any]:
    """Return a report as plain data for JSON."""
    return asdict(report)


def report_of(parameter_set: ParameterSet) -> CalibrationReport | None:
    """Return what a parameter set's calibration reported; None where it was made elsewhere."""
    data = json.loads(parameter_set.report)
    if "groups" not in data:
        return None
    return CalibrationReport(
        **{
            **data,
            "groups": tuple(CalibratedGroup(**each) for each in data["groups"]),
            "pilot": tuple(_pilot(each) for each in data["pilot"]),
            "small_tests": tuple(data["small_tests"]),
            "priors": tuple(data["priors"]),
            "abilities": tuple(AbilityCount(**each) for each in data["abilities"]),
        }
    )


def _pilot(data: Mapping[str, Any]) -> PilotItem:
    return PilotItem(**{**data, "reason": PilotReason(data["reason"])})
