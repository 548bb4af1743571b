"""Facts refuse what would make a decision inexact or ambiguous."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from assessment.rules import (
    AbilityFact,
    AchievementFact,
    AreaFact,
    Facts,
    HoldFact,
    Identity,
    RecognitionFact,
    Supervision,
)
from tests.assessment.rules.builders import AT, ON, safety, sat, shown


def ability(**rest: Any) -> AbilityFact:
    """Return an ability that was measured, but for what the test changes."""
    sound: dict[str, Any] = {"theta": 0.0, "se": 0.3, "mark": 0.0, "mark_se": 0.1, "scale": 1}
    return AbilityFact(**(sound | rest))


def test_supervision_and_identity_are_in_order() -> None:
    assert Supervision.NONE < Supervision.REMOTE < Supervision.INVIGILATED
    assert Identity.SELF < Identity.SIGN_IN < Identity.DOCUMENT
    assert Identity.DOCUMENT >= Identity.DOCUMENT > Identity.SELF


def test_exact_numbers_are_taken() -> None:
    assert sat(possible=Decimal("62.5")).possible == Decimal("62.5")
    assert AreaFact(Fraction(1, 3), Decimal("2.5"), 0).possible == Decimal("2.5")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: sat(score=62.5), "`points` must be a whole number, Decimal or Fraction; got 62.5"),
        (lambda: sat(score=True), "`points`"),
        (lambda: sat(score=Decimal("NaN")), "`points`"),
        (lambda: sat(possible=-1), "`possible` must be 0 or more; got -1 at e1"),
        (lambda: sat(occurred_on=datetime(2025, 5, 3)), "`occurred_on` must be a time"),  # noqa: DTZ001 - the fault
        (lambda: sat(occurred_on=date(2025, 5, 3)), "`occurred_on`"),
        (lambda: sat(mastery=1.5), "`mastery` must be a probability"),
        (lambda: sat(mastery=float("nan")), "`mastery`"),
        (lambda: sat(mastery_lowest=-0.1), "`mastery_lowest` must be a probability"),
        (lambda: sat(mastery_highest=float("nan")), "`mastery_highest` must be a probability"),
        (lambda: ability(theta=float("inf")), "`theta` must be a finite number of logits; got inf"),
        (lambda: ability(se=float("nan")), "`se` must be a finite number of logits; got nan"),
        (lambda: ability(mark=float("-inf")), "`mark` must be a finite number"),
        (lambda: ability(scale=-1), "`scale` must be a whole number of 0 or more"),
        (lambda: AreaFact(1, 1, -1), "`answered`"),
        (lambda: AreaFact(0.5, 1, 1), "`points`"),  # type: ignore[arg-type]  # the fault
        (lambda: shown(level="master"), "`level` must be one of novice, proficient, expert"),
        (lambda: shown(raters=True), "`raters`"),
        (lambda: shown(by_role={"observer": -1}), "`by_role`"),
        (lambda: safety("master"), "`level`"),
        (lambda: AchievementFact("a1", "theory", AT), "`awarded_on` must be a date without a time"),
        (lambda: AchievementFact("a1", "theory", ON, -3), "`credit_hours` must be 0 or more"),
        (lambda: RecognitionFact("r1", "ticket", AT), "`recognised_on`"),
        (lambda: HoldFact("h1", "integrity", AT), "`placed_on`"),
    ],
)
def test_unsound_facts_are_refused(make: Callable[[], object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()


def test_negative_points_are_possible() -> None:
    assert sat(score=-3).points == -3


def test_an_award_joins_the_facts() -> None:
    award = AchievementFact("a1", "theory", ON)
    facts = Facts(tests=(sat(),))
    assert facts.with_achievement(award) == Facts(tests=(sat(),), achievements=(award,))
