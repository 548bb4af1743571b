"""Fit: whether items, persons and pairs of items behave as the model says that they do."""

from itembank.fit.dependence import Dependence, LocalDependence, local_dependence
from itembank.fit.item_fitting import ItemFit, item_fit
from itembank.fit.persons import PersonFit, person_fit
from itembank.fit.summed import ScoreGroups

__all__ = [
    "Dependence",
    "ItemFit",
    "LocalDependence",
    "PersonFit",
    "ScoreGroups",
    "item_fit",
    "local_dependence",
    "person_fit",
]
