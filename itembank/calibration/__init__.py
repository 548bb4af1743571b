"""Calibration: item parameters from scores, by marginal maximum likelihood."""

from itembank.calibration.adequacy import ItemAdequacy, Standing, adequacy
from itembank.calibration.anchors import Anchors
from itembank.calibration.calibrating import calibrate
from itembank.calibration.estimated import Latent, Parameter, Place, StandardErrors
from itembank.calibration.fitting import Progress
from itembank.calibration.populations import LatentChoice
from itembank.calibration.priors import AROUND_ONE, Beta, LogNormal, Normals, Priors
from itembank.calibration.results import (
    Calibration,
    Collapsed,
    Concern,
    Flag,
)

__all__ = [
    "AROUND_ONE",
    "Anchors",
    "Beta",
    "Calibration",
    "Collapsed",
    "Concern",
    "Flag",
    "ItemAdequacy",
    "Latent",
    "LatentChoice",
    "LogNormal",
    "Normals",
    "Parameter",
    "Place",
    "Priors",
    "Progress",
    "StandardErrors",
    "Standing",
    "adequacy",
    "calibrate",
]
