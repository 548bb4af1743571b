"""Facts as text: nothing is lost, the same facts are the same bytes, and numbers stay exact."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from assessment.evidence.recording import (
    canonical,
    exact,
    fact_from_text,
    fact_to_text,
    facts_from_text,
    facts_to_text,
)
from assessment.rules import (
    AbilityFact,
    AchievementFact,
    AreaFact,
    Basis,
    CriterionFact,
    Facts,
    HoldFact,
    Identity,
    RecognitionFact,
    RubricFact,
    Supervision,
    TestFact,
)

MOMENT = datetime(2026, 5, 3, 14, 0, 0, 123456, tzinfo=UTC)
SITTING = TestFact(
    evidence_id="e1",
    test="post",
    test_version=2,
    points=Fraction(82, 3),
    possible=30,
    occurred_on=MOMENT,
    areas={"wires": AreaFact(Fraction(1, 3), 4, 3)},
    mastery=0.912346,
    supervision=Supervision.REMOTE,
    identity=Identity.DOCUMENT,
)
MEASURED = replace(
    SITTING,
    evidence_id="e4",
    mastery_lowest=0.9,
    mastery_highest=0.95,
    basis=Basis.ITEM_RESPONSE,
    ability=AbilityFact(0.62, 0.31, 0.1, 0.05, 2, simulated=True),
)
JUDGED = replace(MEASURED, ability=AbilityFact(0.62, 0.31, 0.0, 0.09, 1, judged=True))
PERFORMANCE = RubricFact(
    evidence_id="e2",
    rubric="isolating",
    version=1,
    level="proficient",
    levels=("novice", "proficient"),
    raters=2,
    occurred_on=MOMENT,
    by_role={"observer": 1},
    occasions=("2026-05-01", "2026-05-02"),
    criteria={"lock-out": CriterionFact("novice", ("novice", "proficient"))},
)
RECOGNITION = RecognitionFact("e3", "red-seal", date(2026, 5, 1))
FACTS = Facts(
    tests=(SITTING,),
    rubrics=(PERFORMANCE,),
    achievements=(AchievementFact("a1", "course", date(2026, 5, 2), Fraction(5, 2)),),
    recognitions=(RECOGNITION,),
    holds=(HoldFact("h1", "integrity", date(2026, 5, 3)),),
)


@pytest.mark.parametrize("fact", [SITTING, MEASURED, JUDGED, PERFORMANCE, RECOGNITION])
def test_a_fact_comes_back_as_it_was(fact: TestFact | RubricFact | RecognitionFact) -> None:
    assert fact_from_text(fact_to_text(fact)) == fact


def test_all_facts_come_back_as_they_were_and_are_the_same_bytes_in_any_order() -> None:
    assert facts_from_text(facts_to_text(FACTS)) == FACTS
    other = TestFact("e0", "pre", 1, 3, 4, MOMENT)
    there, back = Facts(tests=(SITTING, other)), Facts(tests=(other, SITTING))
    assert facts_to_text(there) == facts_to_text(back)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (21.0, 21),
        (Decimal("2.5"), Fraction(5, 2)),
        (20 + 1 / 3, Fraction(61, 3)),
        (
            float(Fraction(1, 3) + Fraction(1, 7) + Fraction(1, 8) + Fraction(1, 9)),
            Fraction(359, 504),
        ),
        (20.9996, Fraction(52499, 2500)),
    ],
)
def test_a_score_is_the_fraction_that_it_stands_for_and_is_never_rounded_up(
    value: float | Decimal, kept: Fraction
) -> None:
    assert exact(value) == kept


def test_what_is_no_number_is_not_recorded() -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical({"mastery": float("nan")})


OLD = (
    '{"areas":{"wires":["1/3","4",3]},"evidence_id":"e1","fact":"test","identity":"document",'
    '"mastery":0.912346,"occurred_on":"2026-05-03T14:00:00.123456+00:00","points":"82/3",'
    '"possible":"30","supervision":"remote","test":"post","test_version":2}'
)
"""A row as it was written before sittings said how sure they make us."""


def test_an_old_row_is_read_and_written_again_to_the_byte() -> None:
    assert fact_from_text(OLD) == SITTING
    assert fact_to_text(SITTING) == OLD


def test_what_was_measured_is_kept_to_six_decimals() -> None:
    exact_fact = replace(
        MEASURED,
        mastery=0.91234567,
        mastery_lowest=0.1234567,
        ability=AbilityFact(-0.123456789, 0.31, 1 / 3, 0.05, 2),
    )
    kept = json.loads(fact_to_text(exact_fact))
    assert (kept["mastery"], kept["mastery_lowest"]) == (0.912346, 0.123457)
    assert (kept["ability"]["theta"], kept["ability"]["mark"]) == (-0.123457, 0.333333)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("name", ["theta", "se", "mark", "mark_se"])
def test_what_is_no_ability_never_reaches_the_ledger(name: str, number: float) -> None:
    kept = json.loads(fact_to_text(MEASURED))
    kept["ability"][name] = number
    with pytest.raises(ValueError, match=f"`{name}` must be a finite number of logits"):
        fact_from_text(json.dumps(kept))
