"""What the page of a credential says, per language; the signed forms have one string for both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assessment.credentials.compose import AchievementType, Content, Evidence, Text
from assessment.rules import Identity, Supervision


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The words of one credential, each per language."""

    type: AchievementType
    name: Text
    description: Text
    criteria: Text
    credit_hours: float | None = None
    authored_by: Text | None = None
    assessed_by: Text | None = None
    occupations: tuple[Text, ...] = ()
    evidence: tuple[Evidence, ...] = ()


def shown_data(content: Content) -> dict[str, Any]:
    """Return what the page will need of `content`, as the table keeps it."""
    achievement = content.achievement
    return {
        "type": achievement.type.value,
        "name": dict(achievement.name),
        "description": dict(achievement.description),
        "criteria": dict(achievement.criteria),
        "credit_hours": achievement.credit_hours,
        "authored_by": dict(achievement.author.name) if achievement.author else None,
        "assessed_by": dict(content.assessed_by.name) if content.assessed_by else None,
        "occupations": [dict(place.name) for place in achievement.alignments],
        "evidence": [_evidence_data(line) for line in content.evidence],
    }


def _evidence_data(line: Evidence) -> dict[str, Any]:
    return {
        "name": dict(line.name),
        "narrative": dict(line.narrative),
        "supervision": line.supervision.value if line.supervision else None,
        "identity": line.identity.value if line.identity else None,
    }


def shown_from(data: dict[str, Any]) -> Shown:
    """Return what the table kept."""
    return Shown(
        **{
            **data,
            "type": AchievementType(data["type"]),
            "occupations": tuple(data["occupations"]),
            "evidence": tuple(_evidence_from(line) for line in data["evidence"]),
        }
    )


def _evidence_from(data: dict[str, Any]) -> Evidence:
    return Evidence(
        name=data["name"],
        narrative=data["narrative"],
        supervision=Supervision(data["supervision"]) if data["supervision"] else None,
        identity=Identity(data["identity"]) if data["identity"] else None,
    )
