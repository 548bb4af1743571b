"""What a scored sitting shows, and what it opens: the next test, awards, or a gap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import select

import itembank
from assessment.awards import service as awards
from assessment.awards.models import Award
from assessment.catalogue import service as catalogue
from assessment.evidence import service as evidence
from assessment.evidence.setting_aside import SetAside, tests_set_aside
from assessment.extensions import db
from assessment.items import service as items
from assessment.items.models import Area, Test
from assessment.rules import (
    AbilityFact,
    TestFact,
    Verdict,
    assurance_of,
    references,
    verdict_either_way,
)
from assessment.sittings.eligibility import (
    Eligibility,
    MayStart,
    UnderWay,
    eligibility,
    past_sittings,
)
from assessment.sittings.models import Sitting
from assessment.sittings.scoring import score_from_text

CERTAINTY = Fraction(9, 10)
"""How sure an adaptive test must make us, unless it ends when it is less so; rules may ask more."""


@dataclass(frozen=True)
class Mark:
    """A mark to reach, and whether this sitting reached it."""

    title: Mapping[str, str]
    percent: float
    reached: bool


@dataclass(frozen=True)
class AreaLine:
    """One area: what was shown, or that its questions tell no more than the whole test does."""

    title: Mapping[str, str]
    percent: float
    answered: int
    is_told: bool
    """Whether its own figure tells more of it than the total."""


@dataclass(frozen=True)
class NextTest:
    """A test that this one opens."""

    test: Test
    eligibility: Eligibility

    @property
    def open(self) -> bool:
        """Whether it can be started, or goes on, now."""
        return isinstance(self.eligibility, MayStart | UnderWay)


@dataclass(frozen=True)
class Result:
    """What the learner reads after a sitting."""

    sitting: Sitting
    score: itembank.Score
    marks: tuple[Mark, ...]
    areas: tuple[AreaLine, ...]
    areas_are_compared: bool
    """Whether enough have sat the test to compare its areas with the whole."""
    awards: tuple[Award, ...]
    opens: tuple[NextTest, ...]
    again: Eligibility
    verdict: Verdict
    sureness: tuple[str, ...]
    """How sure the sitting makes us, in sentences."""
    ability: AbilityFact | None
    set_aside: SetAside | None
    """When and why a registrar set it aside; None where it counts."""

    @property
    def passed(self) -> bool:
        """Whether the passing mark was reached, and still counts; if adaptive, surely enough."""
        return self.verdict is Verdict.MET and self.set_aside is None

    @property
    def is_adaptive(self) -> bool:
        """Whether the questions were chosen at the learner's level: no percentage says anything."""
        return self.sitting.test.adaptive is not None

    @property
    def at(self) -> datetime | None:
        """When the sitting ended."""
        return self.sitting.ended_at


def result_of(sitting: Sitting) -> Result:
    """Return the result of a scored sitting."""
    score = score_from_text(sitting.score or "")
    fact = evidence.test_facts(sitting.learner_id)[sitting.id]
    assurance = assurance_of(fact)
    by_percent = sitting.test.adaptive is None
    return Result(
        sitting=sitting,
        score=score,
        marks=_marks(sitting.test, score) if by_percent else (),
        areas=_areas(sitting.test, score) if by_percent else (),
        areas_are_compared=items.areas_are_compared(sitting.test_key),
        awards=_awards(sitting),
        opens=opened_by(sitting),
        again=eligibility(sitting.learner_id, current_or_own(sitting)),
        verdict=verdict_of(sitting.test, fact),
        sureness=() if assurance is None else awards.assurance_text(assurance),
        ability=fact.ability,
        set_aside=tests_set_aside(sitting.learner_id).get(sitting.id),
    )


def verdict_of(test: Test, fact: TestFact) -> Verdict:
    """Return whether a sitting reached the passing mark of its test."""
    if test.adaptive is not None:
        return verdict_either_way(fact, min(CERTAINTY, Fraction(str(test.adaptive["sure"]))))
    mark = Fraction(str(test.cuts[0]["percent"]))
    reached = Fraction(fact.points) * 100 >= mark * Fraction(fact.possible)
    return Verdict.MET if reached else Verdict.NOT_YET


def is_shown(learner_id: str, test: Test) -> bool:
    """Return whether the learner reached the passing mark of an adaptive test in some sitting."""
    sat = [each for each in _counting(learner_id, test.key) if each.score and each.test.adaptive]
    facts = evidence.test_facts(learner_id) if sat else {}
    found = ((each.test, facts[each.id]) for each in sat if each.id in facts)
    return any(verdict_of(taken, fact) is Verdict.MET for taken, fact in found)


def _counting(learner_id: str, test_key: str) -> list[Sitting]:
    """Return the past sittings of a learner in a test, without what was set aside."""
    gone = tests_set_aside(learner_id)
    return [each for each in past_sittings(learner_id, test_key) if each.id not in gone]


def best_percent(learner_id: str, test_key: str) -> float | None:
    """Return the best score of a learner in a test, in percent; None where none is scored so."""
    sat = _counting(learner_id, test_key)
    scored = (each.score for each in sat if each.score and each.test.adaptive is None)
    return max((score_from_text(text).percent for text in scored), default=None)


def current_or_own(sitting: Sitting) -> Test:
    """Return the current version of the sitting's test; its own where none is current."""
    current = db.session.scalars(
        select(Test).filter_by(key=sitting.test_key, is_current=True)
    ).first()
    return current or sitting.test


def opened_by(sitting: Sitting) -> tuple[NextTest, ...]:
    """Return the tests that name this one in the rule that opens them."""
    rows = select(Test).filter_by(is_current=True).where(Test.opens_when.is_not(None))
    return tuple(
        NextTest(test, eligibility(sitting.learner_id, test))
        for test in db.session.scalars(rows.order_by(Test.key))
        if sitting.test_key in tests_named(test.opens_when or "")
    )


def tests_named(rule: str) -> set[str]:
    """Return the keys of the tests that a rule names."""
    return {reference.key for reference in references(catalogue.parsed(rule)).tests}


def _marks(test: Test, score: itembank.Score) -> tuple[Mark, ...]:
    return tuple(
        Mark(cut["title"], cut["percent"], score.reaches(cut["percent"])) for cut in test.cuts
    )


def _areas(test: Test, score: itembank.Score) -> tuple[AreaLine, ...]:
    """Return the top areas of the bank: topics with one question each report in their section."""
    rows = select(Area).filter_by(bank_id=test.bank_id, parent=None).order_by(Area.position)
    told = items.told_areas(test.key)
    return tuple(
        AreaLine(area.title, found.percent, found.answered, area.key in told and found.answered > 0)
        for area in db.session.scalars(rows)
        if (found := score.areas.get(area.key)) is not None
    )


def _awards(sitting: Sitting) -> tuple[Award, ...]:
    """Return the awards made in the transaction that scored this sitting, and later ones on it."""
    earned = awards.awards_earned_by(sitting.learner_id, sitting.id)
    return tuple(earned)
