"""Issue a credential: composed and signed in the transaction that awarded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from uuid import uuid4

from sqlalchemy import select

from assessment.access import system
from assessment.audit import service as audit
from assessment.catalogue.models import Occupation
from assessment.credentials.compose import (
    AchievementType,
    Alignment,
    AwardedAchievement,
    Content,
    Evidence,
    HashedName,
    Issuer,
    Recipient,
    Text,
    compose,
    hash_name,
)
from assessment.credentials.keyring import current_key
from assessment.credentials.models import Credential
from assessment.credentials.names import settled
from assessment.credentials.places import address, issuer_of
from assessment.credentials.shown import shown_data
from assessment.credentials.signing import sign_jwt
from assessment.credentials.slots import Slot, take_slot
from assessment.credentials.status import StatusEntry
from assessment.extensions import db
from assessment.ids import new_id
from assessment.jobs import service as jobs
from assessment.people import service as people
from assessment.upsert import insert_once

DATA_INTEGRITY_JOB = "credentials.data_integrity"
NOC_PROFILE = "https://noc.esdc.gc.ca/Structure/NOCProfile?version=2021.0&code="
NOC: Text = {
    "en": "National Occupational Classification (NOC) 2021",
    "fr": "Classification nationale des professions (CNP) 2021",
}


@dataclass(frozen=True, kw_only=True)
class Described:
    """What was achieved, as the catalogue describes it; `occupations` are NOC 2021 codes."""

    key: str
    version: int
    type: AchievementType
    name: Text
    description: Text
    criteria: Text
    credit_hours: float | None = None
    occupations: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class IssueRequest:
    """All that a credential is told; `subject_id` is the award, of which no more is known here.

    The legal name goes into the document as a salted hash alone: it confirms the name to whoever
    knows it, and names nobody.
    """

    learner_id: str
    subject_id: str
    institution_id: str
    achievement: Described
    awarded_at: datetime
    legal_name: str = ""
    assessed_by_id: str | None = None
    authored_by_id: str | None = None
    evidence: tuple[Evidence, ...] = ()
    expires_at: datetime | None = None


def credential_of(learner_id: str, subject_id: str) -> Credential | None:
    """Return the credential that documents an award; None where it has none."""
    query = select(Credential).filter_by(learner_id=learner_id, subject_id=subject_id)
    return db.session.scalars(query).one_or_none()


def issue(request: IssueRequest) -> Credential:
    """Return the credential of an award: signed now, or before by whoever was first."""
    known = credential_of(request.learner_id, request.subject_id)
    if known is not None:
        return known
    credential_id = new_id()
    if _insert(credential_id, request):
        _follow_up(credential_id, request)
    query = select(Credential).filter_by(
        learner_id=request.learner_id, subject_id=request.subject_id
    )
    return db.session.scalars(query).one()


def _insert(credential_id: str, request: IssueRequest) -> bool:
    """Sign and write the credential; return whether this call was the first."""
    institution = people.institution(request.institution_id)
    key = current_key(institution)
    slot = take_slot(institution.id)
    issuer = issuer_of(institution)
    content = _content(credential_id, request, issuer, slot)
    return insert_once(
        Credential,
        learner_id=request.learner_id,
        id=credential_id,
        subject_id=request.subject_id,
        institution_id=institution.id,
        key_number=key.number,
        status_list_id=slot.list_id,
        status_index=slot.place,
        shown=shown_data(content),
        jwt=sign_jwt(compose(content), key, issuer.did),
        issued_at=request.awarded_at,
        expires_at=request.expires_at,
        shared=True,
        shows_name=False,
        revoked_reason="",
    )


def _follow_up(credential_id: str, request: IssueRequest) -> None:
    chain = audit.learner_chain(request.learner_id)
    actor = system("credentials")
    audit.record(chain, "credential issued", actor, credential_id, award=request.subject_id)
    jobs.enqueue(
        DATA_INTEGRITY_JOB,
        {"learner_id": request.learner_id, "credential_id": credential_id},
        once_key=f"{DATA_INTEGRITY_JOB}:{credential_id}",
    )


def _content(credential_id: str, request: IssueRequest, issuer: Issuer, slot: Slot) -> Content:
    return Content(
        id=address("credentials", credential_id),
        issuer=issuer,
        recipient=Recipient(id=uuid4().urn, hashed_name=_hashed_name(request.legal_name)),
        achievement=_achievement(request),
        status=StatusEntry(address("status", slot.number), slot.place),
        awarded_at=request.awarded_at,
        expires_at=request.expires_at,
        assessed_by=_institution(request.assessed_by_id),
        evidence=request.evidence,
    )


def _hashed_name(legal_name: str) -> HashedName | None:
    name = settled(legal_name)
    return hash_name(name, token_hex(16)) if name else None


def _achievement(request: IssueRequest) -> AwardedAchievement:
    described = request.achievement
    return AwardedAchievement(
        id=address("achievements", described.key),
        type=described.type,
        name=described.name,
        description=described.description,
        criteria=described.criteria,
        version=str(described.version),
        credit_hours=described.credit_hours,
        author=_institution(request.authored_by_id),
        alignments=tuple(_occupation(code) for code in described.occupations),
    )


def _institution(institution_id: str | None) -> Issuer | None:
    return issuer_of(people.institution(institution_id)) if institution_id else None


def _occupation(code: str) -> Alignment:
    known = db.session.get(Occupation, code)
    title: Text = known.title if known else {"en": f"NOC {code}", "fr": f"CNP {code}"}
    return Alignment(name=title, url=NOC_PROFILE + code, framework=NOC, code=code)
