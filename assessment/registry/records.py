"""One award as the registrar sees it: its evidence, its decision, and what rests on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assessment.access import Actor
from assessment.awards import service as awards
from assessment.awards.models import Award
from assessment.catalogue import service as catalogue
from assessment.catalogue.models import MeasureKind
from assessment.credentials import service as credentials
from assessment.credentials.models import Credential, RevokedFor
from assessment.evidence import service as evidence
from assessment.evidence.models import Hold
from assessment.languages import LANGUAGES
from assessment.people import service as people
from assessment.people.models import Person
from assessment.registry.listing import Shows, shows
from assessment.rules import Identity, Supervision, TestFact

Text = dict[str, str]


@dataclass(frozen=True)
class Line:
    """One sitting that a decision used."""

    evidence_id: str
    name: Text
    percent: float
    occurred_at: datetime
    supervision: Supervision
    identity: Identity


@dataclass(frozen=True)
class Record:
    """An award with all that the registrar needs to answer for it."""

    award: Award
    person: Person | None
    credential: Credential | None
    shows: Shows
    lines: tuple[Line, ...]
    digest: str
    replays: bool
    holds: tuple[Hold, ...]
    is_in_doubt: bool


def record_of(award_id: str, actor: Actor) -> Record:
    """Return an award of one of the actor's institutions; NoSuchRecord for any other."""
    award = awards.institution_award(award_id, actor)
    return Record(
        award=award,
        person=people.person_of_learner(award.learner_id),
        credential=credentials.credential_of(award.learner_id, award.id),
        shows=shows(award),
        lines=_lines(award),
        digest=award.decision.outcome_digest,
        replays=awards.replays_the_same(award.decision),
        holds=tuple(evidence.holds(award.learner_id)),
        is_in_doubt=awards.is_in_doubt(award),
    )


def _lines(award: Award) -> tuple[Line, ...]:
    used = awards.evidence_of(award)
    tests = evidence.facts_from_text(award.decision.facts).tests
    return tuple(_line(fact) for fact in tests if fact.evidence_id in used)


def _line(fact: TestFact) -> Line:
    measure = catalogue.current_measure(MeasureKind.TEST, fact.test)
    return Line(
        evidence_id=fact.evidence_id,
        name=measure.title if measure else dict.fromkeys(LANGUAGES, fact.test),
        percent=100 * float(fact.points) / float(fact.possible) if fact.possible else 0.0,
        occurred_at=fact.occurred_on,
        supervision=fact.supervision,
        identity=fact.identity,
    )


def resting_on(award: Award) -> tuple[Award, ...]:
    """Return the awards that stand and rest on this one, or on another that does."""
    others = [one for one in awards.awards_of(award.learner_id) if one.state in awards.STANDING]
    return tuple(awards.resting_on({award.id}, others))


def revoke(award_id: str, reason: str, revoked_for: RevokedFor, actor: Actor) -> Award:
    """Return the award, revoked: its credential, its page and the status list say so at once."""
    return awards.revoke(award_id, reason, actor, revoked_for)


def revocable(award_id: str, actor: Actor) -> Award:
    """Return an award of the actor's institution that can still be revoked."""
    award = awards.institution_award(award_id, actor)
    awards.require_revocable(award)
    return award
