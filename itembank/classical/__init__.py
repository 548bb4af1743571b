"""Classical test theory: what items and totals tell without any model."""

from itembank.classical.analysis import ItemAnalysis, ItemStatistics, item_analysis
from itembank.classical.miskeying import Miskey, MiskeyReason, miskeyed
from itembank.classical.options import OptionStatistics
from itembank.classical.reliability import Reliability

__all__ = [
    "ItemAnalysis",
    "ItemStatistics",
    "Miskey",
    "MiskeyReason",
    "OptionStatistics",
    "Reliability",
    "item_analysis",
    "miskeyed",
]
