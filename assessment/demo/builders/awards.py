"""Builders of results and of the awards that they earn, without any sitting behind them."""

from __future__ import annotations

from datetime import datetime

from assessment import clock
from assessment.access import system
from assessment.awards import service as awards
from assessment.awards.models import Award
from assessment.catalogue.models import Measure
from assessment.evidence import service as evidence
from assessment.evidence.models import Evidence
from assessment.ids import new_id
from assessment.people import service as people
from assessment.people.models import Person
from assessment.rules import Identity, Supervision, TestFact

BUILDER = system("builder")


def build_result(
    person: Person, test: Measure, percent: int = 90, occurred_at: datetime | None = None
) -> Evidence:
    """Return the evidence of a result of `person` in a test that was invigilated."""
    moment = occurred_at or clock.now()
    people.lock_learner(person.learner_id)
    return evidence.record(
        person.learner_id,
        evidence.Origin(
            source_id=new_id(),
            measure_key=test.key,
            measure_version=test.version,
            occurred_at=moment,
        ),
        TestFact(
            evidence_id="",
            test=test.key,
            test_version=test.version,
            points=percent,
            possible=100,
            occurred_on=moment,
            supervision=Supervision.INVIGILATED,
            identity=Identity.DOCUMENT,
        ),
        BUILDER,
    )


def build_awards(person: Person, test: Measure, percent: int = 90) -> list[Award]:
    """Return what a result in a test earns `person` at once."""
    build_result(person, test, percent)
    return awards.consider(person.learner_id, BUILDER)
