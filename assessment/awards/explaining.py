"""Why something was awarded, what is still missing, and where to learn it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assessment.awards.deciding import day_of
from assessment.awards.learning import gap_competencies
from assessment.awards.models import Award
from assessment.awards.replay import replays_the_same
from assessment.awards.standing import facts_of
from assessment.awards.wording import explanation_of
from assessment.catalogue import service as catalogue
from assessment.catalogue.models import AchievementVersion, Opportunity
from assessment.catalogue.references import parsed
from assessment.rules import (
    Explanation,
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
    on, facts = day_of(version), facts_of(learner_id)
    outcome = evaluate(parsed(version.rule), facts, on)
    competencies = gap_competencies(outcome, facts, on)
    opportunities = catalogue.opportunities_for(competencies) if competencies else []
    return GapReport(version, explanation_of(outcome), tuple(opportunities), on)
