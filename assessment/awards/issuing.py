"""What a credential is told of an award: plain facts, composed and signed by `credentials`."""

from __future__ import annotations

from datetime import datetime, time

from assessment.awards.models import Award
from assessment.awards.rated_work import signed_line, work_facts
from assessment.awards.wording import requirement_text
from assessment.catalogue import service as catalogue
from assessment.catalogue.models import AchievementKind, AchievementVersion, MeasureKind
from assessment.credentials import service as credentials
from assessment.evidence import service as evidence
from assessment.languages import LANGUAGES
from assessment.people import service as people
from assessment.rules import TestFact, outcome_from_text

TYPES = {
    AchievementKind.COMPETENCY: credentials.AchievementType.COMPETENCY,
    AchievementKind.MICRO_CREDENTIAL: credentials.AchievementType.MICRO_CREDENTIAL,
    AchievementKind.COURSE_CREDIT: credentials.AchievementType.COURSE,
    AchievementKind.CERTIFICATE: credentials.AchievementType.CERTIFICATE,
}


def issue_credential(award: Award) -> None:
    """Sign the credential of an award, in the transaction that awarded it."""
    version = award.achievement_version
    assert award.awarded_at is not None  # noqa: S101 - offered awards are signed when accepted
    credentials.issue(
        credentials.IssueRequest(
            learner_id=award.learner_id,
            subject_id=award.id,
            institution_id=award.institution_id,
            legal_name=people.legal_name_of(award.learner_id),
            achievement=_described(version),
            assessed_by_id=version.assessed_by_id,
            authored_by_id=version.authored_by_id,
            evidence=_evidence(award),
            awarded_at=award.awarded_at,
            expires_at=_end_of(award),
        )
    )


def _end_of(award: Award) -> datetime | None:
    """Return the last second of the last day, where the awarding institution is."""
    if award.expires_on is None:
        return None
    zone = people.zone(people.institution(award.institution_id))
    return datetime.combine(award.expires_on, time(23, 59, 59), zone)


def _described(version: AchievementVersion) -> credentials.Described:
    achievement = version.achievement
    return credentials.Described(
        key=achievement.key,
        version=version.version,
        type=TYPES[AchievementKind(achievement.kind)],
        name=version.title,
        description=version.summary,
        criteria=requirement_text(version.rule),
        credit_hours=version.credit_hours,
        occupations=tuple(version.occupations),
    )


def _evidence(award: Award) -> tuple[credentials.Evidence, ...]:
    """Return one line for each test and for all rated work that the decision used."""
    facts = evidence.facts_from_text(award.decision.facts)
    used = outcome_from_text(award.decision.outcome).evidence_ids
    tests = [_test_line(fact) for fact in facts.tests if fact.evidence_id in used]
    return (*tests, *map(signed_line, work_facts(award.decision)))


def _test_line(fact: TestFact) -> credentials.Evidence:
    measure = catalogue.current_measure(MeasureKind.TEST, fact.test)
    name: credentials.Text = measure.title if measure else dict.fromkeys(LANGUAGES, fact.test)
    return credentials.Evidence(
        name=name, narrative=name, supervision=fact.supervision, identity=fact.identity
    )
