"""The ledger: written once for each source, set aside with a reason, never changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from assessment import clock
from assessment.access import system
from assessment.errors import Invalid, NoSuchRecord
from assessment.evidence import service
from assessment.evidence.models import Evidence, EvidenceVoid
from assessment.extensions import db
from assessment.people import service as people
from assessment.rules import TestFact

SYSTEM = system("test")
MOMENT = datetime(2026, 5, 3, 14, tzinfo=UTC)


@pytest.fixture
def learner_id(context: Flask) -> str:
    return people.new_learner().id


def record(learner_id: str, source: str = "sitting", points: int = 3) -> Evidence:
    """Record one sitting of the test `post`."""
    fact = TestFact("", "post", 1, points, 4, MOMENT)
    return service.record(learner_id, service.Origin(source, "post", 1, MOMENT), fact, SYSTEM)


def test_one_source_is_one_row_whatever_is_said_of_it_afterwards(learner_id: str) -> None:
    first = record(learner_id)
    assert record(learner_id, points=4) is first
    (fact,) = service.facts(learner_id).tests
    assert (fact.evidence_id, fact.points) == (first.id, 3)


def test_what_was_recorded_since_leaves_out_what_was_recorded_before(
    learner_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(learner_id)
    since = clock.now()
    monkeypatch.setattr(clock, "now", lambda: since + timedelta(seconds=1))
    later = record(learner_id, "another")
    assert [fact.evidence_id for fact in service.facts(learner_id, since).tests] == [later.id]
    assert len(service.facts(learner_id).tests) == 2


def test_evidence_is_set_aside_with_a_reason_and_its_row_stays(learner_id: str) -> None:
    row = record(learner_id)
    with pytest.raises(Invalid):
        service.void(learner_id, row.id, " ", SYSTEM)
    with pytest.raises(NoSuchRecord):
        service.void(people.new_learner().id, row.id, "not hers", SYSTEM)
    for reason in ("It was disturbed.", "again"):
        service.void(learner_id, row.id, reason, SYSTEM)
    assert service.facts(learner_id).tests == ()
    assert service.evidence_rows(learner_id) == []
    assert db.session.scalar(select(func.count()).select_from(Evidence)) == 1
    assert db.session.scalars(select(EvidenceVoid)).one().reason == "It was disturbed."


def test_a_hold_stands_until_it_is_lifted(learner_id: str) -> None:
    hold = service.place_hold(learner_id, "integrity", "under review", SYSTEM)
    assert [fact.kind for fact in service.facts(learner_id).holds] == ["integrity"]
    with pytest.raises(NoSuchRecord):
        service.lift_hold(people.new_learner().id, hold.id, SYSTEM)
    service.lift_hold(learner_id, hold.id, SYSTEM)
    lifted = hold.lifted_at
    service.lift_hold(learner_id, hold.id, SYSTEM)
    assert hold.lifted_at == lifted
    assert service.facts(learner_id).holds == ()
