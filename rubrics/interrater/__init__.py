"""Agreement of raters: how alike those mark who saw the same performances."""

from rubrics.interrater.agreeing import agreement
from rubrics.interrater.results import Agreement, Estimate, Interval, Metric, Undefined

__all__ = ["Agreement", "Estimate", "Interval", "Metric", "Undefined", "agreement"]
