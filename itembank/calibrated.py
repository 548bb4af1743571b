"""Items whose parameters are known: as a calibration found them, or as somebody gives them."""

from __future__ import annotations

from typing import TypeAlias

from itembank.calibration.results import Calibration
from itembank.faults import fault
from itembank.parameters import ItemParameters

Calibrated: TypeAlias = ItemParameters | Calibration
"""Items with their parameters, and with what a calibration knows beside them if one found them."""


def parameters_of(calibrated: Calibrated, name: str = "calibrated") -> ItemParameters:
    """Return the parameters alone; ValueError naming the argument where it is neither."""
    found = calibrated.parameters if isinstance(calibrated, Calibration) else calibrated
    if not isinstance(found, ItemParameters):
        raise fault(name, "ItemParameters or a Calibration", calibrated)
    return found
