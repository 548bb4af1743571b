"""What rated work showed, criterion by criterion, in the page's language; never who rated it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assessment.awards.models import Decision
from assessment.catalogue import service as catalogue
from assessment.evidence import service as evidence
from assessment.rules import RubricFact, outcome_from_text


@dataclass(frozen=True)
class RatedCriterion:
    """A criterion and the level that it reached, as their rubric calls them."""

    criterion: str
    level: str


@dataclass(frozen=True)
class RatedWork:
    """One performance that a decision rests on."""

    rubric: str
    level: str
    raters: int
    shown_at: datetime
    criteria: tuple[RatedCriterion, ...]


def rated_work(decision: Decision) -> tuple[RatedWork, ...]:
    """Return the rated work that a decision used, as it was recorded then."""
    used = outcome_from_text(decision.outcome).evidence_ids
    facts = evidence.facts_from_text(decision.facts).rubrics
    chosen = [fact for fact in facts if fact.evidence_id in used]
    if not chosen:
        return ()
    names = catalogue.rule_names()
    return tuple(_described(fact, names) for fact in chosen)


def _described(fact: RubricFact, names: catalogue.MeasureNames) -> RatedWork:
    return RatedWork(
        rubric=names.rubric(fact.rubric),
        level=names.level(fact.rubric, None, fact.level),
        raters=fact.raters,
        shown_at=fact.occurred_on,
        criteria=tuple(
            RatedCriterion(
                names.criterion(fact.rubric, key), names.level(fact.rubric, key, found.level)
            )
            for key, found in fact.criteria.items()
        ),
    )
