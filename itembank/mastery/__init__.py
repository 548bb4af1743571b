"""Mastery: is an ability above a cut, where does the cut lie, and how sure is either."""

from itembank.mastery.classification import Classification, classify, cut_weights, mass_above
from itembank.mastery.cuts import Cut, Verdict
from itembank.mastery.placing import theta_cut
from itembank.mastery.sampling import mastery_by_sampling
from itembank.mastery.sequential import SprtState, sprt

__all__ = [
    "Classification",
    "Cut",
    "SprtState",
    "Verdict",
    "classify",
    "cut_weights",
    "mass_above",
    "mastery_by_sampling",
    "sprt",
    "theta_cut",
]
