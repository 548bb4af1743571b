"""Subscores: whether the areas of a test may be reported on, and the best scores in them."""

from itembank.subscoring.estimating import subscores
from itembank.subscoring.results import Augmentation, Forms, Reporting, Subscore, Subscores

__all__ = ["Augmentation", "Forms", "Reporting", "Subscore", "Subscores", "subscores"]
