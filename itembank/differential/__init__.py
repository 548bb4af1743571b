"""Differential functioning: items that are harder for one of two groups of equal ability."""

from itembank.differential.differing import dif
from itembank.differential.matching import Matching
from itembank.differential.results import (
    Adjustment,
    Differential,
    DifKind,
    DifMethod,
    DifSize,
    Effect,
    GroupCurves,
    OddsRatios,
    Regressions,
)

__all__ = [
    "Adjustment",
    "DifKind",
    "DifMethod",
    "DifSize",
    "Differential",
    "Effect",
    "GroupCurves",
    "Matching",
    "OddsRatios",
    "Regressions",
    "dif",
]
