"""Differential functioning: items that are harder for one of two groups of equal ability."""

from itembank.differential.differing import dif
from itembank.differential.likelihood_ratio import DifProgress
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
    "DifProgress",
    "DifSize",
    "Differential",
    "Effect",
    "GroupCurves",
    "Matching",
    "OddsRatios",
    "Regressions",
    "dif",
]
