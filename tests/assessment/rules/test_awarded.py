"""The leaves that name an award, credits, a recognition or a hold."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from assessment.rules import (
    AchievementFact,
    Facts,
    Figure,
    HoldFact,
    Outcome,
    Quantity,
    RecognitionFact,
    Verdict,
    evaluate,
    parse,
)
from tests.assessment.rules.builders import ON


def outcome(rule: dict[str, Any], *awards: AchievementFact, on: date = ON) -> Outcome:
    """Return what awards say of a rule."""
    return evaluate(parse(rule), Facts(achievements=awards), on)


def award(evidence_id: str, key: str = "theory", day: date = ON, hours: Any = 0) -> AchievementFact:
    """Return an award."""
    return AchievementFact(evidence_id, key, day, hours)


def test_an_award_of_any_age_counts_without_a_limit() -> None:
    rule = {"achievement": "theory"}
    assert outcome(rule, award("a1", day=date(1971, 1, 1))).met
    assert outcome(rule, award("a1", "practice")).verdict is Verdict.NOT_YET
    assert outcome(rule).progress == 0


@pytest.mark.parametrize(
    ("awarded", "on", "months", "met"),
    [
        ("2023-05-03", "2025-05-03", 24, True),
        ("2023-05-02", "2025-05-03", 24, False),
        ("2025-01-31", "2025-02-28", 1, True),
        ("2025-01-31", "2025-03-01", 1, False),
        ("2024-02-29", "2025-02-28", 12, True),
        ("2024-02-29", "2025-03-01", 12, False),
        ("2025-05-04", "2025-05-03", 1, True),
    ],
)
def test_the_age_limit_runs_by_calendar_months(
    awarded: str, on: str, months: int, met: bool
) -> None:
    rule = {"achievement": "theory", "within_months": months}
    found = outcome(rule, award("a1", day=date.fromisoformat(awarded)), on=date.fromisoformat(on))
    assert found.met is met


def test_the_latest_award_counts() -> None:
    rule = {"achievement": "theory", "within_months": 12}
    found = outcome(rule, award("a1", day=date(2020, 1, 1)), award("a2", day=date(2025, 1, 1)))
    assert found.met
    assert found.evidence_ids == ("a2",)
    assert found.figures == (Figure(Quantity.MONTHS, 12, 5, met=True),)


def test_credits_count_each_achievement_once() -> None:
    rule = {"credits": 6, "from": ["theory", "practice"]}
    twice = outcome(rule, award("a1", hours=3), award("a2", hours=3))
    assert not twice.met
    assert twice.progress == 0.5
    assert outcome(rule, award("a1", hours=3), award("a2", "practice", hours=3)).met


def test_of_two_awards_of_one_achievement_the_one_worth_more_counts() -> None:
    rule = {"credits": 4, "from": ["theory"]}
    found = outcome(rule, award("a1", hours=3), award("a2", hours=4))
    assert found.met
    assert found.evidence_ids == ("a2",)


def test_credits_are_listed_in_one_order() -> None:
    rule = {"credits": 6, "from": ["theory", "practice"]}
    theory, practice = award("a1", "theory", hours=3), award("a2", "practice", hours=3)
    assert outcome(rule, theory, practice).facts == outcome(rule, practice, theory).facts


def test_credits_outside_the_list_do_not_count() -> None:
    found = outcome({"credits": 3, "from": ["practice"]}, award("a1", hours=9))
    assert found.figures == (Figure(Quantity.CREDITS, 3, 0, met=False),)
    assert found.facts == ()


def test_part_credits_add_up_exactly() -> None:
    rule = {"credits": 0.3, "from": ["theory", "practice", "first"]}
    tenths = [award(key, key, hours=Decimal("0.1")) for key in ("theory", "practice", "first")]
    assert outcome(rule, *tenths).met
    assert not outcome(rule, *tenths[:2]).met


def test_a_recognition_counts_once_recognised() -> None:
    rule = parse({"recognition": "ticket"})
    late, early = (
        RecognitionFact("r1", "ticket", ON),
        RecognitionFact("r2", "ticket", date(2024, 1, 1)),
    )
    other = RecognitionFact("r3", "other", ON)
    assert evaluate(rule, Facts(recognitions=(other,)), ON).verdict is Verdict.NOT_YET
    found = evaluate(rule, Facts(recognitions=(late, early, other)), ON)
    assert found.met
    assert found.evidence_ids == ("r2",)


def test_every_hold_of_the_kind_stands_in_the_way() -> None:
    rule = parse({"none": [{"hold": "integrity"}]})
    holds = (HoldFact("h2", "integrity", ON), HoldFact("h1", "integrity", ON))
    held = evaluate(rule, Facts(holds=(*holds, HoldFact("h3", "fees", ON))), ON)
    assert not held.met
    assert held.evidence_ids == ("h1", "h2")
    assert evaluate(rule, Facts(holds=(HoldFact("h3", "fees", ON),)), ON).met
