"""Adaptive tests: initialise, select, record, estimate, stop."""

from itembank.adaptive.choices import Choice, Selection, Stop
from itembank.adaptive.delivery import AdaptiveTest, Chances
from itembank.adaptive.design import AdaptiveDesign
from itembank.adaptive.replaying import Difference, replay
from itembank.adaptive.sprt import Sprt

__all__ = [
    "AdaptiveDesign",
    "AdaptiveTest",
    "Chances",
    "Choice",
    "Difference",
    "Selection",
    "Sprt",
    "Stop",
    "replay",
]
