"""What the learner's own page shows: the next step, offers, the record, and what is under way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from assessment.awards import service as awards
from assessment.awards.models import Award, AwardState
from assessment.catalogue import service as catalogue
from assessment.catalogue.models import AchievementKind, AchievementVersion
from assessment.credentials import service as credentials
from assessment.credentials.models import Credential
from assessment.evidence import service as evidence
from assessment.evidence.setting_aside import SetAside, tests_set_aside
from assessment.extensions import db
from assessment.items.models import Test
from assessment.performances import service as performances
from assessment.rules import TestFact, Verdict
from assessment.sittings import service as sittings
from assessment.sittings.models import Sitting


@dataclass(frozen=True)
class Held:
    """An award with its credential."""

    award: Award
    credential: Credential | None

    @property
    def revoked(self) -> bool:
        """Whether the registrar revoked it."""
        return self.award.state == AwardState.REVOKED

    @property
    def run_out(self) -> bool:
        """Whether its last day is past."""
        state = self.award.state
        return state == AwardState.EXPIRED or (
            state == AwardState.AWARDED and awards.has_run_out(self.award)
        )


@dataclass(frozen=True)
class Underway:
    """An achievement that the learner has begun to show."""

    version: AchievementVersion
    progress: float
    at_work: bool
    """Whether something that is missing is shown at work."""


@dataclass(frozen=True)
class NextStep:
    """A test to go on with, to start, or to prepare for."""

    test_key: str
    title: Mapping[str, str]
    sitting_id: str | None = None
    gaps: bool = False
    unclear: bool = False
    """Whether its latest sitting could not tell on which side of the mark the learner is."""


@dataclass(frozen=True)
class SittingLine:
    """A sitting and how it came out; `verdict` is None while it is open.

    `percent` is None for an adaptive test, where it would say nothing.
    """

    sitting_id: str
    test_key: str
    title: Mapping[str, str]
    started_at: datetime
    verdict: Verdict | None
    percent: float | None
    needed: float
    set_aside: SetAside | None = None
    """When and why a registrar set it aside."""

    @property
    def is_open(self) -> bool:
        """Whether it still goes on."""
        return self.verdict is None

    @property
    def reached(self) -> bool:
        """Whether the mark was reached, and that still counts."""
        return self.verdict is Verdict.MET and self.set_aside is None


@dataclass(frozen=True)
class Record:
    """Everything on the learner's page."""

    next_step: NextStep | None
    next_for_work: performances.NextForWork | None
    """What to do for work, which comes before any test but one that is open."""
    offers: tuple[Held, ...]
    held: tuple[Held, ...]
    ended: tuple[Held, ...]
    underway: tuple[Underway, ...]
    sittings: tuple[SittingLine, ...]
    works: tuple[performances.Performance, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been begun."""
        return not (self.sittings or self.works or self.held or self.offers)


def record_of(learner_id: str) -> Record:
    """Return the learner's page."""
    of_learner = awards.awards_of(learner_id)
    all_awards = [_held(award) for award in of_learner]
    shown = evidence.test_facts(learner_id)
    gone = tests_set_aside(learner_id)
    sat = [_line(each, shown.get(each.id), gone.get(each.id)) for each in _sittings(learner_id)]
    work = None if any(line.is_open for line in sat) else performances.next_for_work(learner_id)
    return Record(
        next_step=None if work else _next_step(learner_id, sat),
        next_for_work=work,
        offers=_in_state(all_awards, AwardState.OFFERED),
        held=_by_weight(tuple(held for held in all_awards if awards.counts(held.award))),
        ended=tuple(held for held in all_awards if held.run_out or held.revoked),
        underway=_underway(learner_id, of_learner),
        sittings=tuple(sat),
        works=tuple(performances.performances_of(learner_id)),
    )


def _held(award: Award) -> Held:
    return Held(award, credentials.credential_of(award.learner_id, award.id))


def _in_state(all_awards: list[Held], state: AwardState) -> tuple[Held, ...]:
    return tuple(held for held in all_awards if held.award.state == state)


WEIGHT = {
    AchievementKind.CERTIFICATE: 0,
    AchievementKind.MICRO_CREDENTIAL: 1,
    AchievementKind.COURSE_CREDIT: 2,
    AchievementKind.COMPETENCY: 3,
}


def _by_weight(held: tuple[Held, ...]) -> tuple[Held, ...]:
    """Return the larger achievements first."""
    return tuple(
        sorted(held, key=lambda each: WEIGHT[AchievementKind(each.award.achievement.kind)])
    )


def _sittings(learner_id: str) -> list[Sitting]:
    rows = select(Sitting).filter_by(learner_id=learner_id)
    return list(db.session.scalars(rows.order_by(Sitting.started_at.desc())))


def _line(sitting: Sitting, fact: TestFact | None, set_aside: SetAside | None) -> SittingLine:
    by_percent = sitting.score and sitting.test.adaptive is None
    return SittingLine(
        sitting_id=sitting.id,
        test_key=sitting.test_key,
        title=sitting.test.title,
        started_at=sitting.started_at,
        verdict=None if fact is None else sittings.verdict_of(sitting.test, fact),
        percent=sittings.score_from_text(sitting.score).percent if by_percent else None,
        needed=sitting.test.cuts[0]["percent"],
        set_aside=set_aside,
    )


def _underway(learner_id: str, all_awards: list[Award]) -> tuple[Underway, ...]:
    """Return what the learner has begun to show and does not hold, the nearest to done first."""
    held = {award.achievement_id for award in all_awards if _is_held(award)}
    facts, begun = awards.facts_of(learner_id), []
    for version in catalogue.published():
        if version.achievement_id not in held:
            outcome = awards.judge(learner_id, version, facts, all_awards).outcome
            if outcome.evidence_ids:
                at_work = awards.is_missing_at_work(outcome)
                begun.append(Underway(version, outcome.progress, at_work))
    return tuple(sorted(begun, key=lambda each: -each.progress))


def _is_held(award: Award) -> bool:
    return award.state == AwardState.OFFERED or awards.counts(award)


def _next_step(learner_id: str, sat: list[SittingLine]) -> NextStep | None:
    for line in sat:
        if line.is_open:
            return NextStep(line.test_key, line.title, sitting_id=line.sitting_id)
    return _opened(learner_id, sat) or _to_prepare(sat)


def _opened(learner_id: str, sat: list[SittingLine]) -> NextStep | None:
    """Return a test that something shown has opened, and that was not taken yet."""
    taken = {line.test_key for line in sat}
    rows = select(Test).where(Test.is_current, Test.opens_when.is_not(None))
    for test in db.session.scalars(rows.order_by(Test.key)):
        fresh = test.key not in taken
        if fresh and isinstance(sittings.eligibility(learner_id, test), sittings.MayStart):
            return NextStep(test.key, test.title)
    return None


def _to_prepare(sat: list[SittingLine]) -> NextStep | None:
    """Return the latest test whose mark no sitting has reached."""
    shown = {line.test_key for line in sat if line.reached}
    for line in sat:
        if line.test_key not in shown:
            unclear = line.verdict is Verdict.NOT_ENOUGH
            return NextStep(line.test_key, line.title, gaps=True, unclear=unclear)
    return None
