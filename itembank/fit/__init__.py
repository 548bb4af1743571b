"""Fit: whether items, persons and pairs of items behave as the model says that they do."""

from itembank.fit.item_fitting import ItemFit, item_fit
from itembank.fit.summed import ScoreGroups

__all__ = ["ItemFit", "ScoreGroups", "item_fit"]
