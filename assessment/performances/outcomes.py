"""What ratings say together, as a performance keeps it: canonical JSON, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

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

    `levels` holds the level of each criterion by its key, `reasons` why it is so, or not yet.
    """

    kind: OutcomeKind
    reasons: tuple[rubrics.Reason, ...]
    level: str | None = None
    is_reached: bool = False
    levels: Mapping[str, str] | None = None

    @property
    def criteria(self) -> tuple[str, ...]:
        """The criteria that the reasons concern."""
        return tuple(dict.fromkeys(each.criterion for each in self.reasons if each.criterion))


def outcome_to_text(resolution: rubrics.Resolution) -> str:
    """Return a resolution as it is kept."""
    data: dict[str, object] = {
        "kind": _KINDS[type(resolution)],
        "reasons": [asdict(each) for each in resolution.reasons],
    }
    if isinstance(resolution, rubrics.Resolved):
        data |= {
            "level": resolution.level,
            "is_reached": resolution.is_reached,
            "levels": dict(resolution.criteria),
        }
    return json.dumps(data, sort_keys=True, separators=(",", ":"))


def outcome_from_text(text: str) -> Outcome:
    """Return the outcome that was kept."""
    data = json.loads(text)
    reasons = tuple(
        rubrics.Reason(**(each | {"cause": rubrics.Cause(each["cause"])}))
        for each in data["reasons"]
    )
    return Outcome(
        kind=OutcomeKind(data["kind"]),
        reasons=reasons,
        level=data.get("level"),
        is_reached=data.get("is_reached", False),
        levels=data.get("levels"),
    )
