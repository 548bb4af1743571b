"""What commands and other slices ask of the analysis of responses."""

from assessment.analysis.calibrating import (
    Calibrated,
    NotConverged,
    NotFit,
    calibrate_scores,
    publish,
)
from assessment.analysis.responses import AskedItem, RecordedScores, asked_items, recorded_scores
from assessment.analysis.supporting import NotSupported

__all__ = [
    "AskedItem",
    "Calibrated",
    "NotConverged",
    "NotFit",
    "NotSupported",
    "RecordedScores",
    "asked_items",
    "calibrate_scores",
    "publish",
    "recorded_scores",
]
