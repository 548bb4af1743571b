"""Issuing: one credential an award, signed at once, saying no more than it should."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from assessment import clock, transactions
from assessment.credentials import service
from assessment.credentials.did import key_id
from assessment.credentials.duties import store_data_integrity
from assessment.credentials.issuing import DATA_INTEGRITY_JOB, NOC_PROFILE
from assessment.credentials.keyring import current_key
from assessment.credentials.models import Credential, StatusSlot
from assessment.credentials.names import confirms
from assessment.credentials.places import did_of
from assessment.credentials.signing import credential_in, sign_data_integrity, sign_jwt
from assessment.credentials.verification import Form, State
from assessment.demo.builders.credentials import build_credential, build_request
from assessment.demo.builders.people import build_institution, build_person
from assessment.extensions import db
from assessment.ids import new_id
from assessment.jobs.models import Job
from assessment.people.models import Institution, Person
from tests.conftest import DATABASES, build_app

PARALLEL = 20


def test_both_forms_are_valid(credential: Credential) -> None:
    verdicts = [service.check(form) for form in (credential.jwt, service.document_for(credential))]
    assert [verdict.state for verdict in verdicts] == [State.VALID, State.VALID]
    assert [verdict.form for verdict in verdicts] == [Form.JWT, Form.DATA_INTEGRITY]


def test_the_other_institutions_key_is_refused(credential: Credential) -> None:
    other = build_institution("harbour-institute")
    key, did = current_key(other), did_of(other)
    written = credential_in(credential.jwt)
    forged = sign_data_integrity(written, key, did, credential.issued_at)
    assert service.check(sign_jwt(written, key, did)).state is State.ALTERED
    assert service.check(json.dumps(forged)).state is State.ALTERED


def test_an_award_has_one_credential(holder: Person, college: Institution) -> None:
    request = build_request(holder, college)
    first, second = service.issue(request), service.issue(request)
    assert first is second
    assert db.session.scalar(select(func.count()).select_from(StatusSlot)) == 1
    assert service.credential_of(holder.learner_id, request.subject_id) is first
    assert service.credential_of(build_person().learner_id, request.subject_id) is None


def test_what_is_signed_names_nobody(credential: Credential, holder: Person) -> None:
    both = json.dumps(credential_in(credential.jwt).to_vc(), ensure_ascii=False)
    both += service.document_for(credential)
    for secret in (holder.email, holder.learner_id, holder.id, credential.subject_id):
        assert secret not in both
    assert "anary" not in both


def test_the_name_can_be_confirmed_by_whoever_knows_it(credential: Credential) -> None:
    claims = service.check(credential.jwt).claims
    assert claims is not None
    assert confirms(claims, "  Canary   Le\N{COMBINING ACUTE ACCENT}gale-Nom ") is True
    assert confirms(claims, "Canary Légal-Nom") is False
    assert confirms(claims, "") is False


def test_a_credential_without_a_name_confirms_none(college: Institution) -> None:
    claims = service.check(build_credential(build_person(), college).jwt).claims
    assert claims is not None
    assert confirms(claims, "Anybody") is None


def test_two_credentials_of_one_person_cannot_be_tied_together(
    holder: Person, college: Institution
) -> None:
    first, second = (build_credential(holder, college) for _ in range(2))
    subjects = [credential_in(each.jwt).to_vc()["credentialSubject"] for each in (first, second)]
    assert subjects[0]["id"] != subjects[1]["id"]
    assert subjects[0]["identifier"] != subjects[1]["identifier"]


def test_an_occupation_is_named_by_its_code(credential: Credential) -> None:
    achievement = credential_in(credential.jwt).to_vc()["credentialSubject"]["achievement"]
    assert achievement["alignment"][0]["targetUrl"] == NOC_PROFILE + "72410"
    assert achievement["alignment"][0]["targetName"] == "NOC 72410 / CNP 72410"


def test_the_end_is_signed(holder: Person, college: Institution) -> None:
    ends = clock.now() - timedelta(days=1)
    expired = build_credential(holder, college, expires_at=ends)
    assert service.check(expired.jwt).state is State.EXPIRED
    assert service.standing(expired, clock.now()) is service.Standing.EXPIRED
    assert service.standing(expired, ends - timedelta(days=1)) is service.Standing.VALID


def test_the_job_stores_what_was_computed_on_request(credential: Credential) -> None:
    computed = service.document_for(credential)
    job = db.session.scalars(select(Job).filter_by(kind=DATA_INTEGRITY_JOB)).one()
    db.session.commit()
    for _ in range(2):
        store_data_integrity(job.payload)
    db.session.expire_all()
    kept = db.session.get_one(Credential, (job.payload["learner_id"], credential.id))
    assert kept.data_integrity == computed == service.document_for(kept)


def test_the_job_of_a_credential_that_is_gone_does_nothing(college: Institution) -> None:
    store_data_integrity({"learner_id": new_id(), "credential_id": new_id()})


def test_the_key_is_named_not_embedded(credential: Credential, college: Institution) -> None:
    header = service.check(credential.jwt)
    assert header.issuer is not None
    assert list(header.issuer.keys) == [key_id(did_of(college), 1)]


@pytest.mark.parametrize("kind", DATABASES)
def test_parallel_issues_of_one_award_make_one_credential(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    app = build_app(kind, tmp_path, request)
    with app.app_context():
        asked = build_request(build_person(), build_institution("northern-college"))
        db.session.commit()

    def issue(_number: int) -> str:
        with app.app_context(), transactions.writing():
            return service.issue(asked).id

    with ThreadPoolExecutor(PARALLEL) as threads:
        ids = set(threads.map(issue, range(PARALLEL)))
    with app.app_context():
        assert [each.id for each in db.session.scalars(select(Credential))] == list(ids)
        assert db.session.scalar(select(func.count()).select_from(Job)) == 1


@pytest.mark.parametrize("kind", DATABASES)
def test_parallel_first_issues_share_one_key_and_one_list(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    app = build_app(kind, tmp_path, request)
    with app.app_context():
        houses = [build_institution("northern-college"), build_institution("harbour-institute")]
        person = build_person()
        orders = [houses, houses[::-1]] * (PARALLEL // 4)
        asked = [[build_request(person, house) for house in order] for order in orders]
        db.session.commit()

    def issue(requests: list[service.IssueRequest]) -> list[State]:
        with app.app_context(), transactions.writing():
            issued = [service.issue(each).jwt for each in requests]
        with app.app_context():
            return [service.check(each).state for each in issued]

    with ThreadPoolExecutor(PARALLEL) as threads:
        assert {state for states in threads.map(issue, asked) for state in states} == {State.VALID}
    with app.app_context():
        credentials = list(db.session.scalars(select(Credential)))
        places = {(each.status_list.number, each.status_index) for each in credentials}
        assert len(places) == len(credentials) == PARALLEL
        assert {number for number, _place in places} == {1, 2}
        assert {each.key_number for each in credentials} == {1}
