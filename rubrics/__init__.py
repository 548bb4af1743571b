"""Rubrics and ratings: what raters say together, and how far they can be trusted; pure.

What needs numpy and scipy is loaded when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from rubrics.outcomes import (
    MoreEvidence,
    NeedsAdjudication,
    NeedsRating,
    NeedsThirdRater,
    Resolution,
    Resolved,
    Unresolved,
)
from rubrics.policy import Closeness, Decision, Policy, Tie
from rubrics.policy_json import policy_from_json, policy_to_json
from rubrics.ratings import Rating, Role
from rubrics.reasons import Cause, Reason
from rubrics.resolution import resolve
from rubrics.rubric import Criterion, Level, Rubric
from rubrics.rubric_json import rubric_digest, rubric_from_json, rubric_to_json

if TYPE_CHECKING:
    from rubrics.facets import (
        Facet,
        Facets,
        LongRatings,
        Subset,
        connected_subsets,
        many_facet,
    )
    from rubrics.interrater import Agreement, Estimate, Interval, Metric, Undefined, agreement

_MEASUREMENT = {
    "Agreement": "rubrics.interrater",
    "Estimate": "rubrics.interrater",
    "Facet": "rubrics.facets",
    "Facets": "rubrics.facets",
    "Interval": "rubrics.interrater",
    "LongRatings": "rubrics.facets",
    "Metric": "rubrics.interrater",
    "Subset": "rubrics.facets",
    "Undefined": "rubrics.interrater",
    "agreement": "rubrics.interrater",
    "connected_subsets": "rubrics.facets",
    "many_facet": "rubrics.facets",
}
"""Where each name that needs numpy is found."""


def __getattr__(name: str) -> Any:
    """Return a name that needs numpy, loading its module."""
    if name not in _MEASUREMENT:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MEASUREMENT[name]), name)


def __dir__() -> list[str]:
    """Return all public names, loaded or not."""
    return sorted({*globals(), *__all__})


__all__ = [
    "Agreement",
    "Cause",
    "Closeness",
    "Criterion",
    "Decision",
    "Estimate",
    "Facet",
    "Facets",
    "Interval",
    "Level",
    "LongRatings",
    "Metric",
    "MoreEvidence",
    "NeedsAdjudication",
    "NeedsRating",
    "NeedsThirdRater",
    "Policy",
    "Rating",
    "Reason",
    "Resolution",
    "Resolved",
    "Role",
    "Rubric",
    "Subset",
    "Tie",
    "Undefined",
    "Unresolved",
    "agreement",
    "connected_subsets",
    "many_facet",
    "policy_from_json",
    "policy_to_json",
    "resolve",
    "rubric_digest",
    "rubric_from_json",
    "rubric_to_json",
]
