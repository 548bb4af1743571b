"""Facts as canonical JSON text, and back; exact numbers stay exact."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from assessment.rules import (
    AchievementFact,
    AreaFact,
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

PROBABILITY_DECIMALS = 6
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
    mastery = fact.mastery
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
        "mastery": None if mastery is None else round(mastery, PROBABILITY_DECIMALS),
        "supervision": fact.supervision.value,
        "identity": fact.identity.value,
    }


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
