"""Why something was awarded, what is still missing, and where to learn it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assessment.awards.deciding import judge
from assessment.awards.learning import gap_competencies, is_missing_at_work
from assessment.awards.models import Award
from assessment.awards.rated_work import RatedWork, rated_work
from assessment.awards.replay import replays_the_same
from assessment.awards.standing import awards_of, facts_of, has_run_out
from assessment.awards.wording import explanation_of
from assessment.catalogue import service as catalogue
from assessment.catalogue.models import AchievementVersion, Opportunity
from assessment.rules import (
    Explanation,
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
    has_run_out: bool
    """Whether the award's last day is past."""
    works: tuple[RatedWork, ...] = ()
    """The rated work that it rests on."""


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
    )


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
