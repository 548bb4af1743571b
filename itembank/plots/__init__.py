"""Plots of items and tests: a drawing, the numbers in it, and a sentence that says what it shows.

The same plot serves a page and a notebook. Nothing here uses pyplot or leaves a setting changed.
"""

from itembank.plots.curves import item_characteristic
from itembank.plots.fit import item_fit
from itembank.plots.information import test_information
from itembank.plots.options import option_curves
from itembank.plots.palette import Theme
from itembank.plots.plot import Column, Plot, Table
from itembank.plots.words import Language
from itembank.plots.wright import wright_map

__all__ = [
    "Column",
    "Language",
    "Plot",
    "Table",
    "Theme",
    "item_characteristic",
    "item_fit",
    "option_curves",
    "test_information",
    "wright_map",
]
