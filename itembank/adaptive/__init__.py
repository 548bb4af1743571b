"""Adaptive tests: initialise, select, record, estimate, stop."""

from itembank.adaptive.choices import Choice, Selection, Stop
from itembank.adaptive.delivery import AdaptiveTest, Chances
from itembank.adaptive.design import AdaptiveDesign
from itembank.adaptive.exposure import ExposureControl, sympson_hetter
from itembank.adaptive.replaying import Difference, replay
from itembank.adaptive.simulation import (
    AdaptiveSimulation,
    SprtErrors,
    simulate_adaptive,
    sprt_errors,
)
from itembank.adaptive.sprt import Sprt

__all__ = [
    "AdaptiveDesign",
    "AdaptiveSimulation",
    "AdaptiveTest",
    "Chances",
    "Choice",
    "Difference",
    "ExposureControl",
    "Selection",
    "Sprt",
    "SprtErrors",
    "Stop",
    "replay",
    "simulate_adaptive",
    "sprt_errors",
    "sympson_hetter",
]
