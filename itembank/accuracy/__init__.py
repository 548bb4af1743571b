"""Accuracy: how often tests and whole rules decide rightly, and how reliable a scale is."""

from itembank.accuracy.classification import Basis, classification_accuracy
from itembank.accuracy.reliability import empirical_reliability, marginal_reliability
from itembank.accuracy.rules import (
    Measure,
    each_person,
    reaching,
    rule_accuracy,
    truly_reaching,
)
from itembank.accuracy.simulated import RuleAccuracy, Share
from itembank.accuracy.tables import ClassificationAccuracy, CutAccuracy

__all__ = [
    "Basis",
    "ClassificationAccuracy",
    "CutAccuracy",
    "Measure",
    "RuleAccuracy",
    "Share",
    "classification_accuracy",
    "each_person",
    "empirical_reliability",
    "marginal_reliability",
    "reaching",
    "rule_accuracy",
    "truly_reaching",
]
