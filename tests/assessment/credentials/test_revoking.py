"""Revoking: the page, both forms and the status list say so at once."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from assessment import clock
from assessment.access import system
from assessment.credentials import service
from assessment.credentials.models import Credential, RevokedFor
from assessment.credentials.verification import State
from assessment.demo.builders.credentials import build_credential
from assessment.errors import NoSuchRecord
from assessment.extensions import db
from assessment.people.models import Institution, Person


def revoke(credential: Credential, reason: str = "A wrong name.") -> None:
    service.revoke(
        credential.learner_id, credential.subject_id, reason, system("test"), RevokedFor.ERROR
    )


def test_both_forms_and_the_list_say_revoked_at_once(
    credential: Credential, holder: Person, college: Institution
) -> None:
    other = build_credential(holder, college)
    revoke(credential)
    forms = (credential.jwt, service.document_for(credential))
    assert {service.check(form).state for form in forms} == {State.REVOKED}
    bits = service.status_state(1).bits
    assert [bits.is_set(each.status_index) for each in (credential, other)] == [True, False]
    assert service.check(other.jwt).state is State.VALID


def test_the_first_revocation_stands(credential: Credential) -> None:
    revoke(credential)
    moment = credential.revoked_at
    revoke(credential, "Another reason.")
    assert (credential.revoked_at, credential.revoked_reason) == (moment, "A wrong name.")
    assert credential.revoked_for == RevokedFor.ERROR


def test_an_award_without_a_credential_has_nothing_to_revoke(holder: Person) -> None:
    service.revoke(holder.learner_id, "nothing", "A reason.", system("test"))


def test_the_list_has_the_same_bytes_until_it_changes(
    credential: Credential, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = service.status_state(1)
    later = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    again = service.status_state(1)
    assert (again.tag, again.signed()) == (before.tag, before.signed())
    revoke(credential)
    after = service.status_state(1)
    assert after.tag != before.tag
    changed = json.loads(after.signed())
    assert changed["validFrom"] == changed["proof"]["created"] == later.strftime("%FT%TZ")


def test_a_new_key_signs_the_list_anew(credential: Credential, college: Institution) -> None:
    before = service.status_state(1).tag
    service.rotate_key(college, system("test"))
    state = service.status_state(1)
    assert state.tag != before
    assert json.loads(state.signed())["proof"]["verificationMethod"].endswith("#key-2")


def test_there_is_no_list_of_that_number(credential: Credential) -> None:
    with pytest.raises(NoSuchRecord):
        service.status_state(2)
    db.session.rollback()
