"""What those who saw the work say of it, as ratings that are resolved with the assessors'."""

from __future__ import annotations

from dataclasses import dataclass, replace

import rubrics
from assessment.observations import service as observations
from assessment.performances.models import Performance


@dataclass(frozen=True)
class Observed:
    """One observation, by its id, as a rating; one that does not count is in conflict."""

    id: str
    rating: rubrics.Rating


def observed(performance: Performance, policy: rubrics.Policy) -> list[Observed]:
    """Return the observations of a performance."""
    asked = {each.key for each in policy.observable}
    facts = observations.observations_of(performance.learner_id, performance.id)
    here = {each.artefact_id for each in performance.shown}
    return [Observed(each.id, _as_rating(_of_this(each, here), asked)) for each in facts]


def _of_this(fact: observations.ObservationFact, here: set[str]) -> observations.ObservationFact:
    """Return an observation, which counts as long as all that it is about belongs to the work."""
    return fact if here.issuperset(fact.pieces) else replace(fact, counts=False)


def _as_rating(fact: observations.ObservationFact, asked: set[str]) -> rubrics.Rating:
    """Return the marks of the criteria that observers may rate; others are not theirs to give."""
    return rubrics.Rating(
        rater=f"observer:{fact.observer}",
        role=rubrics.Role.OBSERVER,
        marks={key: mark for key, mark in fact.marks.items() if key in asked},
        occasions=fact.days,
        in_conflict=not fact.counts,
        is_capped=fact.is_capped,
    )
