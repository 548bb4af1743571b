"""Linking: two calibrations of common items put on one scale, and which of them have drifted."""

from itembank.linking.drifting import Drift, drift
from itembank.linking.linking import Linking, LinkingMethod, link
from itembank.linking.weighting import AbilityWeights, gauss_hermite, normal_weights, uniform

__all__ = [
    "AbilityWeights",
    "Drift",
    "Linking",
    "LinkingMethod",
    "drift",
    "gauss_hermite",
    "link",
    "normal_weights",
    "uniform",
]
