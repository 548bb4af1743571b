"""Why something was awarded, what is still missing, and where to learn it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from assessment.awards.deciding import judge
from assessment.awards.doubting import doubts_about, is_in_doubt
from assessment.awards.learning import gap_competencies, is_missing_at_work
from assessment.awards.models import Award
from assessment.awards.rated_work import RatedWork, rated_work
from assessment.awards.replay import replays_the_same
from assessment.awards.standing import awards_of, evidence_of, facts_of, has_run_out
from assessment.awards.wording import explanation_of
from assessment.catalogue import service as catalogue
from assessment.catalogue.models import AchievementVersion, MeasureKind, Opportunity
from assessment.evidence.models import Evidence
from assessment.evidence.setting_aside import SetAside, set_aside_among
from assessment.languages import LANGUAGES
from assessment.rules import (
    Explanation,
    outcome_from_text,
)


@dataclass(frozen=True)
class Fallen:
    """Evidence that an award rests on and that counts no more."""

    title: Mapping[str, str]
    set_aside: SetAside


@dataclass(frozen=True)
class AwardExplanation:
    """A decision in sentences, and whether its record still replays to the same bytes."""

    award: Award
    explanation: Explanation
    on: date
    digest: str
    replays: bool
    has_run_out: bool
    """Whether the award's last day is past."""
    works: tuple[RatedWork, ...] = ()
    """The rated work that it rests on."""
    fallen: tuple[Fallen, ...] = ()
    """What of it was set aside since."""
    is_in_doubt: bool = False
    """Whether a registrar has to decide whether it stays."""
    kept_at: datetime | None = None
    """When a registrar decided last that it stays all the same; None where none had to, or has."""


@dataclass(frozen=True)
class GapReport:
    """What is still missing for an achievement, and learning for those gaps alone."""

    version: AchievementVersion
    explanation: Explanation
    opportunities: tuple[Opportunity, ...]
    on: date
    at_work: bool
    """Whether something that is missing is shown at work."""

    @property
    def missing(self) -> tuple[str, ...]:
        """What, if shown, would earn it."""
        return self.explanation.missing


def explain_award(award: Award) -> AwardExplanation:
    """Return the recorded decision of an award in sentences of the page's language."""
    decision = award.decision
    return AwardExplanation(
        award=award,
        explanation=explanation_of(outcome_from_text(decision.outcome)),
        on=decision.on_date,
        digest=decision.outcome_digest,
        replays=replays_the_same(decision),
        has_run_out=has_run_out(award),
        works=rated_work(decision),
        fallen=_fallen(award),
        is_in_doubt=is_in_doubt(award),
        kept_at=None if is_in_doubt(award) else _kept_at(award),
    )


def _fallen(award: Award) -> tuple[Fallen, ...]:
    named = evidence_of(award) | {each.evidence_id for each in doubts_about(award)}
    gone = set_aside_among(award.learner_id, named)
    return tuple(Fallen(_title(each.evidence), each) for each in gone)


def _title(row: Evidence) -> Mapping[str, str]:
    measure = catalogue.measure_version(MeasureKind(row.kind), row.measure_key, row.measure_version)
    return measure.title if measure else dict.fromkeys(LANGUAGES, row.measure_key)


def _kept_at(award: Award) -> datetime | None:
    return max((each.kept_at for each in doubts_about(award) if each.kept_at), default=None)


def gap_report(learner_id: str, version: AchievementVersion) -> GapReport:
    """Return how a learner stands today on an achievement that is not yet awarded."""
    judged = judge(learner_id, version, facts_of(learner_id), awards_of(learner_id))
    competencies = gap_competencies(judged.outcome, judged.facts, judged.on)
    opportunities = catalogue.opportunities_for(competencies)
    return GapReport(
        version=version,
        explanation=explanation_of(judged.outcome),
        opportunities=tuple(opportunities),
        on=judged.on,
        at_work=is_missing_at_work(judged.outcome),
    )
