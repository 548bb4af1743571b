"""Many-facet Rasch measurement: persons, raters, criteria and further facets on one scale."""

from rubrics.facets.connection import Subset, connected_subsets
from rubrics.facets.design import LongRatings
from rubrics.facets.estimating import many_facet
from rubrics.facets.results import Bias, Facet, Facets, Population, Thresholds
from rubrics.facets.scales import Estimation, Scale
from rubrics.facets.shrinking import Shrunken

__all__ = [
    "Bias",
    "Estimation",
    "Facet",
    "Facets",
    "LongRatings",
    "Population",
    "Scale",
    "Shrunken",
    "Subset",
    "Thresholds",
    "connected_subsets",
    "many_facet",
]
