"""Builders of credentials that no award stands behind, for tests; they flush."""

from __future__ import annotations

from datetime import datetime

from assessment import clock
from assessment.credentials import service as credentials
from assessment.credentials.models import Credential
from assessment.credentials.service import AchievementType, Evidence
from assessment.ids import new_id
from assessment.people.models import Institution, Person
from assessment.rules import Identity, Supervision

THEORY = credentials.Described(
    key="high-voltage-theory",
    version=1,
    type=AchievementType.COURSE,
    name={"en": "High-voltage safety: theory", "fr": "Sécurité haute tension : théorie"},
    description={"en": "What to know before work.", "fr": "Ce qu'il faut savoir avant le travail."},
    criteria={"en": "80 % on the post-test.", "fr": "80 % au test final."},
    credit_hours=3.0,
    occupations=("72410",),
)
POST_TEST = Evidence(
    name={"en": "Post-test", "fr": "Test final"},
    narrative={"en": "30 questions.", "fr": "30 questions."},
    supervision=Supervision.INVIGILATED,
    identity=Identity.DOCUMENT,
)


def build_request(
    person: Person,
    institution: Institution,
    subject_id: str | None = None,
    expires_at: datetime | None = None,
) -> credentials.IssueRequest:
    """Return what would issue `person` a credential of `institution` now."""
    return credentials.IssueRequest(
        learner_id=person.learner_id,
        subject_id=subject_id or new_id(),
        institution_id=institution.id,
        achievement=THEORY,
        legal_name=person.legal_name,
        assessed_by_id=institution.id,
        authored_by_id=institution.id,
        evidence=(POST_TEST,),
        awarded_at=clock.now(),
        expires_at=expires_at,
    )


def build_credential(
    person: Person, institution: Institution, expires_at: datetime | None = None
) -> Credential:
    """Return a credential that `institution` has now issued to `person`."""
    return credentials.issue(build_request(person, institution, expires_at=expires_at))
