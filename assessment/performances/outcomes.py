"""What ratings say together, as a performance keeps it: canonical JSON, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

import rubrics


class OutcomeKind(StrEnum):
    """What ratings call for, or that they are resolved."""

    RESOLVED = "resolved"
    RATING = "rating"
    THIRD_RATER = "third rater"
    ADJUDICATION = "adjudication"
    MORE_EVIDENCE = "more evidence"


_KINDS: Mapping[type, OutcomeKind] = {
    rubrics.Resolved: OutcomeKind.RESOLVED,
    rubrics.NeedsRating: OutcomeKind.RATING,
    rubrics.NeedsThirdRater: OutcomeKind.THIRD_RATER,
    rubrics.NeedsAdjudication: OutcomeKind.ADJUDICATION,
    rubrics.MoreEvidence: OutcomeKind.MORE_EVIDENCE,
}


@dataclass(frozen=True)
class Outcome:
    """What ratings say together; `level` and `levels` are there once it is resolved.

    `criteria` are those that whoever comes next is asked about; `levels` holds the level of each
    criterion by its key, `raters` the lowest number of assessors who observed one, `raters_by` how
    many observed each; `by_role` counts observers too, and `occasions` are the days that observers
    stated. `reasons` say why it is so, or not yet, and `ratings` are the ids of what it rests on.
    """

    kind: OutcomeKind
    reasons: tuple[rubrics.Reason, ...]
    criteria: tuple[str, ...] = ()
    needs_assessors: int = 0
    needs_observers: int = 0
    needs_occasions: int = 0
    level: str | None = None
    is_reached: bool = False
    levels: Mapping[str, str] | None = None
    raters: int = 0
    raters_by: Mapping[str, int] = field(default_factory=dict)
    by_role: Mapping[str, int] = field(default_factory=dict)
    occasions: tuple[str, ...] = ()
    ratings: tuple[str, ...] = ()


def outcome_to_text(resolution: rubrics.Resolution, ratings: Iterable[str] = ()) -> str:
    """Return a resolution as it is kept, with the ids of the ratings that it rests on."""
    data: dict[str, object] = {
        "kind": _KINDS[type(resolution)],
        "reasons": [asdict(each) for each in resolution.reasons],
        "needs_assessors": resolution.needs_assessors,
        "needs_observers": resolution.needs_observers,
        "needs_occasions": resolution.needs_occasions,
        "ratings": sorted(ratings),
    }
    if isinstance(resolution, rubrics.Resolved):
        data |= _of_resolved(resolution)
    else:
        data["criteria"] = list(resolution.criteria)
    return json.dumps(data, sort_keys=True, separators=(",", ":"))


def _of_resolved(resolved: rubrics.Resolved) -> dict[str, object]:
    return {
        "level": resolved.level,
        "is_reached": resolved.is_reached,
        "levels": dict(resolved.criteria),
        "raters": resolved.raters,
        "raters_by": dict(resolved.raters_by),
        "by_role": dict(resolved.by_role),
        "occasions": list(resolved.occasions),
    }


def outcome_from_text(text: str) -> Outcome:
    """Return the outcome that was kept."""
    data: dict[str, Any] = json.loads(text)
    reasons = tuple(
        rubrics.Reason(**(each | {"cause": rubrics.Cause(each["cause"])}))
        for each in data.pop("reasons")
    )
    for name in ("criteria", "occasions", "ratings"):
        data[name] = tuple(data.get(name, ()))
    return Outcome(kind=OutcomeKind(data.pop("kind")), reasons=reasons, **data)
