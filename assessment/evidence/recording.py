"""Facts as canonical JSON text, and back; exact numbers stay exact."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from assessment.rules import (
    AbilityFact,
    AchievementFact,
    AreaFact,
    Basis,
    CriterionFact,
    Exact,
    Facts,
    HoldFact,
    Identity,
    RecognitionFact,
    RubricFact,
    Supervision,
    TestFact,
)

DECIMALS = 6
"""Of probabilities and of logits, so that a decision replays to the same bytes anywhere."""
FINEST_PART = 10**6
"""Sums of thirds, sevenths and ninths have denominators far below it, and are kept exactly."""

LedgerFact = TestFact | RubricFact | RecognitionFact
"""A fact that has a row of evidence of its own."""


def canonical(data: object) -> str:
    """Return `data` as JSON text that is the same for the same data."""
    return json.dumps(
        data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def fact_to_text(fact: LedgerFact) -> str:
    """Return a fact as the ledger keeps it."""
    return canonical(_fact_data(fact))


def fact_from_text(text: str) -> LedgerFact:
    """Return the fact that the ledger kept."""
    data = json.loads(text)
    fact: LedgerFact = _READERS[data["fact"]](data)
    return fact


def facts_to_text(facts: Facts) -> str:
    """Return everything a rule could read, as a decision keeps it; order does not matter."""
    kept = {
        name: sorted((_fact_data(fact) for fact in getattr(facts, name)), key=canonical)
        for name in ("tests", "rubrics", "achievements", "recognitions", "holds")
    }
    return canonical(kept)


def facts_from_text(text: str) -> Facts:
    """Return the facts that a decision kept, to replay it."""
    data = json.loads(text)
    return Facts(**{name: tuple(_READERS[row["fact"]](row) for row in data[name]) for name in data})


def exact(value: float | Exact) -> Exact:
    """Return a score as a whole number where it is one, else as the fraction it stands for."""
    fraction = Fraction(value).limit_denominator(FINEST_PART)
    return fraction.numerator if fraction.denominator == 1 else fraction


def _exact_text(value: Exact) -> str:
    return str(Fraction(value))


def _fact_data(fact: object) -> dict[str, Any]:
    match fact:
        case TestFact():
            return _test_data(fact)
        case RubricFact():
            return _rubric_data(fact)
        case AchievementFact(evidence_id, key, awarded_on, credit_hours):
            return {
                "fact": "achievement",
                "evidence_id": evidence_id,
                "key": key,
                "awarded_on": awarded_on.isoformat(),
                "credit_hours": _exact_text(credit_hours),
            }
        case RecognitionFact(evidence_id, key, day):
            return _dated("recognition", evidence_id, key, day)
        case HoldFact(evidence_id, kind, day):
            return _dated("hold", evidence_id, kind, day)
    raise TypeError(f"`fact` must be a fact of the rule language; got {type(fact).__name__}.")


def _dated(name: str, evidence_id: str, key: str, day: date) -> dict[str, Any]:
    return {"fact": name, "evidence_id": evidence_id, "key": key, "on": day.isoformat()}


def _test_data(fact: TestFact) -> dict[str, Any]:
    return {
        "fact": "test",
        "evidence_id": fact.evidence_id,
        "test": fact.test,
        "test_version": fact.test_version,
        "points": _exact_text(fact.points),
        "possible": _exact_text(fact.possible),
        "occurred_on": fact.occurred_on.isoformat(),
        "areas": {
            key: [_exact_text(area.points), _exact_text(area.possible), area.answered]
            for key, area in fact.areas.items()
        },
        "mastery": _rounded(fact.mastery),
        "supervision": fact.supervision.value,
        "identity": fact.identity.value,
        **_assurance_data(fact),
    }


def _assurance_data(fact: TestFact) -> dict[str, Any]:
    """Return what says how sure it is; rows from before there was such a thing have none of it."""
    data = {
        "mastery_lowest": _rounded(fact.mastery_lowest),
        "mastery_highest": _rounded(fact.mastery_highest),
        "basis": None if fact.basis is None else fact.basis.value,
        "ability": None if fact.ability is None else _ability_data(fact.ability),
    }
    return {name: value for name, value in data.items() if value is not None}


def _ability_data(ability: AbilityFact) -> dict[str, Any]:
    data = {
        "theta": _rounded(ability.theta),
        "se": _rounded(ability.se),
        "mark": _rounded(ability.mark),
        "mark_se": _rounded(ability.mark_se),
        "scale": ability.scale,
        "simulated": ability.simulated,
    }
    return {**data, "judged": True} if ability.judged else data


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(float(number), DECIMALS)


def _rubric_data(fact: RubricFact) -> dict[str, Any]:
    return {
        "fact": "rubric",
        "evidence_id": fact.evidence_id,
        "rubric": fact.rubric,
        "version": fact.version,
        "level": fact.level,
        "levels": list(fact.levels),
        "raters": fact.raters,
        "occurred_on": fact.occurred_on.isoformat(),
        "by_role": dict(fact.by_role),
        "occasions": list(fact.occasions),
        "criteria": {
            key: {"level": criterion.level, "levels": list(criterion.levels)}
            for key, criterion in fact.criteria.items()
        },
    }


def _read_test(data: Mapping[str, Any]) -> TestFact:
    return TestFact(
        evidence_id=data["evidence_id"],
        test=data["test"],
        test_version=data["test_version"],
        points=exact(Fraction(data["points"])),
        possible=exact(Fraction(data["possible"])),
        occurred_on=datetime.fromisoformat(data["occurred_on"]),
        areas={
            key: AreaFact(exact(Fraction(points)), exact(Fraction(possible)), answered)
            for key, (points, possible, answered) in data["areas"].items()
        },
        mastery=data["mastery"],
        supervision=Supervision(data["supervision"]),
        identity=Identity(data["identity"]),
        mastery_lowest=data.get("mastery_lowest"),
        mastery_highest=data.get("mastery_highest"),
        basis=Basis(data["basis"]) if "basis" in data else None,
        ability=AbilityFact(**data["ability"]) if "ability" in data else None,
    )


def _read_rubric(data: Mapping[str, Any]) -> RubricFact:
    return RubricFact(
        evidence_id=data["evidence_id"],
        rubric=data["rubric"],
        version=data["version"],
        level=data["level"],
        levels=tuple(data["levels"]),
        raters=data["raters"],
        occurred_on=datetime.fromisoformat(data["occurred_on"]),
        by_role=data["by_role"],
        occasions=tuple(data["occasions"]),
        criteria={
            key: CriterionFact(row["level"], tuple(row["levels"]))
            for key, row in data["criteria"].items()
        },
    )


def _read_achievement(data: Mapping[str, Any]) -> AchievementFact:
    return AchievementFact(
        evidence_id=data["evidence_id"],
        key=data["key"],
        awarded_on=date.fromisoformat(data["awarded_on"]),
        credit_hours=exact(Fraction(data["credit_hours"])),
    )


def _read_recognition(data: Mapping[str, Any]) -> RecognitionFact:
    return RecognitionFact(data["evidence_id"], data["key"], date.fromisoformat(data["on"]))


def _read_hold(data: Mapping[str, Any]) -> HoldFact:
    return HoldFact(data["evidence_id"], data["key"], date.fromisoformat(data["on"]))


_READERS: dict[str, Any] = {
    "test": _read_test,
    "rubric": _read_rubric,
    "achievement": _read_achievement,
    "recognition": _read_recognition,
    "hold": _read_hold,
}
