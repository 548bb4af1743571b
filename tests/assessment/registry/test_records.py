"""One award on the desk: its evidence, its replay, what rests on it, and its revocation."""

from __future__ import annotations

import pytest

from assessment.awards.models import AwardState
from assessment.credentials.models import RevokedFor
from assessment.demo.builders.awards import build_awards
from assessment.demo.builders.people import build_person
from assessment.errors import Conflict, Invalid, NoSuchRecord
from assessment.extensions import db
from assessment.registry import service
from assessment.rules import Identity, Supervision
from tests.assessment.registry.offices import Office, build_office


def test_an_award_with_its_evidence(office: Office) -> None:
    award = office.award(legal_name="Zoë Roy")
    record = service.record_of(award.id, office.registrar)
    assert [(line.percent, line.supervision, line.identity) for line in record.lines] == [
        (90.0, Supervision.INVIGILATED, Identity.DOCUMENT)
    ]
    assert record.replays
    assert record.digest == award.decision.outcome_digest
    assert record.person is not None
    assert record.credential is not None
    assert record.holds == ()


def test_a_record_that_was_changed_does_not_replay(office: Office) -> None:
    award = office.award()
    award.decision.facts = award.decision.facts.replace('"90"', '"85"')
    assert not service.record_of(award.id, office.registrar).replays


def test_another_institutions_award_is_not_there(office: Office) -> None:
    theirs = build_office("harbour-institute").award()
    for ask in (service.record_of, service.revocable):
        with pytest.raises(NoSuchRecord):
            ask(theirs.id, office.registrar)
    with pytest.raises(NoSuchRecord):
        service.revoke(theirs.id, "A reason.", RevokedFor.ERROR, office.registrar)
    assert theirs.state == AwardState.AWARDED


def test_what_rests_on_an_award(office: Office) -> None:
    course, certificate = build_awards(build_person(), office.test)
    assert service.resting_on(course) == (certificate,)
    assert service.resting_on(certificate) == ()
    service.revoke(certificate.id, "A reason.", RevokedFor.ERROR, office.registrar)
    assert service.resting_on(course) == ()


def test_revoking_reaches_the_credential(office: Office) -> None:
    award = office.award()
    service.revoke(award.id, " A reason. ", RevokedFor.EVIDENCE, office.registrar)
    record = service.record_of(award.id, office.registrar)
    assert record.shows is service.Shows.REVOKED
    assert record.credential is not None
    assert record.credential.revoked_for == RevokedFor.EVIDENCE
    assert record.credential.revoked_reason == record.award.reason == "A reason."
    with pytest.raises(Conflict):
        service.revocable(award.id, office.registrar)


def test_a_revocation_has_a_reason(office: Office) -> None:
    award = office.award()
    with pytest.raises(Invalid):
        service.revoke(award.id, "  ", RevokedFor.ERROR, office.registrar)
    db.session.rollback()
