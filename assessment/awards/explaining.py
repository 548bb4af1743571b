"""Why something was awarded, what is still missing, and where to learn it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from assessment.awards.deciding import day_of
from assessment.awards.models import Award
from assessment.awards.replay import parsed, replays_the_same
from assessment.awards.standing import facts_of
from assessment.awards.wording import explanation_of
from assessment.catalogue import service as catalogue
from assessment.catalogue.models import AchievementVersion, MeasureKind, Opportunity
from assessment.rules import (
    Explanation,
    LearningArea,
    Source,
    evaluate,
    outcome_from_text,
)


@dataclass(frozen=True)
class AwardExplanation:
    """A decision in sentences, and whether its record still replays to the same bytes."""

    award: Award
    explanation: Explanation
    on: date
    digest: str
    replays: bool


@dataclass(frozen=True)
class GapReport:
    """What is still missing for an achievement, and learning for those gaps alone."""

    version: AchievementVersion
    explanation: Explanation
    opportunities: tuple[Opportunity, ...]
    on: date

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
    )


def gap_report(learner_id: str, version: AchievementVersion) -> GapReport:
    """Return how a learner stands today on an achievement that is not yet awarded."""
    on = day_of(version)
    explanation = explanation_of(evaluate(parsed(version.rule), facts_of(learner_id), on))
    competencies = _competencies(explanation.learning)
    opportunities = catalogue.opportunities_for(competencies) if competencies else []
    return GapReport(version, explanation, tuple(opportunities), on)


def _competencies(areas: Iterable[LearningArea]) -> list[str]:
    """Return the keys of the competencies behind the gaps, each once."""
    found: dict[str, None] = {}
    for area in areas:
        found.update(dict.fromkeys(_competencies_of(area)))
    return list(found)


def _competencies_of(area: LearningArea) -> list[str]:
    if area.source is Source.ACHIEVEMENT:
        version = catalogue.published_version(area.key)
        return list(version.competency_keys) if version else []
    if area.source is Source.TEST:
        measure = catalogue.current_measure(MeasureKind.TEST, area.key)
        rows = measure.areas if measure else []
        wanted = [row for row in rows if area.part in (None, row["key"])]
        return [row["competency"] for row in wanted if row.get("competency")]
    return []
