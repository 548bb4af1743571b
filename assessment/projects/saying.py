"""What both sides say of each other: sealed until both have, or for 14 days after the first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from assessment import clock
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.errors import Conflict, Invalid
from assessment.extensions import db
from assessment.jobs import service as jobs
from assessment.locale import gettext as _
from assessment.observations import service as observations
from assessment.observations.models import Relationship
from assessment.observations.saying import require_sound
from assessment.people import service as people
from assessment.performances.denied import is_denied
from assessment.performances.models import ENDED, Performance
from assessment.performances.nominating import terms_of
from assessment.performances.observing import raters_of
from assessment.performances.settling import settle
from assessment.projects import letters
from assessment.projects.briefs import actor_of, admit
from assessment.projects.finding import Joined, held_part, part_by_link, performance_of
from assessment.projects.models import Participation, Project

OPEN = "projects.open"
SEALED = timedelta(days=14)
LONGEST_FEEDBACK = 4_000


@dataclass(frozen=True)
class Said:
    """What an employer says: what they saw of each skill, and words for the learner."""

    seen: observations.Seen
    feedback: str


def said_of(part: Participation) -> Said | None:
    """Return what the employer said, or None."""
    if part.employer_said is None:
        return None
    kept: Mapping[str, Any] = part.employer_said
    seen = {**kept["seen"], "days": tuple(kept["seen"]["days"])}
    return Said(observations.Seen(**seen), kept["feedback"])


def say_of_learner(
    token: str, part_id: str, said: Said, by_own_device: bool, address: str
) -> Participation:
    """Return the part with what the employer said, kept once; Unusable says what is wrong."""
    admit(address)
    held = _held(token, part_id)
    part, seen = held.part, replace(said.seen, relationship=Relationship.CLIENT, note="")
    earlier = said_of(part)
    if earlier is not None and earlier.seen.once == seen.once:
        return part
    _require_unsaid(part, part.employer_said_at is not None)
    require_sound(seen, held.project.email or "", terms_of(performance_of(part).task))
    feedback = said.feedback.strip()
    if len(feedback) > LONGEST_FEEDBACK:
        sentence = _("Write at most %(n)s characters here.", n=LONGEST_FEEDBACK)
        raise observations.Unusable({"feedback": sentence})
    part.employer_said = {"seen": asdict(seen), "feedback": feedback}
    part.employer_said_at, part.by_own_device = clock.now(), by_own_device
    _keep(held, "employer's feedback kept", actor_of(held.project))
    return part


def _held(token: str, part_id: str) -> Joined:
    """Return somebody's part in the project of a link, read anew once the learner is locked."""
    people.lock_learner(part_by_link(token, part_id).part.learner_id)
    return part_by_link(token, part_id)


def say_of_employer(project_id: str, text: str, actor: Actor) -> Participation:
    """Return the part with what the learner said of the employer, kept once."""
    held = held_part(project_id, actor)
    part, typed = held.part, text.replace("\r\n", "\n").strip()
    _require_unsaid(part, part.learner_said_at is not None)
    if not typed or len(typed) > LONGEST_FEEDBACK:
        sentence = _("Write something of at most %(n)s characters.", n=LONGEST_FEEDBACK)
        raise Invalid(sentence, field="text")
    part.learner_said, part.learner_said_at = typed, clock.now()
    _keep(held, "feedback on employer kept", actor)
    return part


def _require_unsaid(part: Participation, is_said: bool) -> None:
    if part.delivered_at is None:
        raise Conflict(_("Nothing is delivered yet; there is nothing to say of it."))
    if is_said:
        raise Conflict(_("You have said it already; it changes no more."))
    if part.opened_at is not None:
        raise Conflict(_("The 14 days have passed, and what was said is open: nothing is added."))


def _keep(held: Joined, act: str, actor: Actor) -> None:
    """Keep what one side said; it opens with the second, or when the days are over."""
    part = held.part
    db.session.flush()
    audit.record(audit.learner_chain(part.learner_id), act, actor, part.id)
    if part.employer_said_at is not None and part.learner_said_at is not None:
        unseal(held.project, part, actor)
        return
    payload = {"learner_id": part.learner_id, "participation_id": part.id}
    at = clock.now() + SEALED
    jobs.enqueue(OPEN, payload, once_key=f"participation:{part.id}:open", run_at=at)
    if part.employer_said_at is not None:
        letters.mail_learner(part, letters.page_of(held.project))


def unseal(project: Project, part: Participation, actor: Actor) -> None:
    """Let both sides read what was said, and make what the employer saw evidence, once.

    The learner is locked. It counts as that of an observer, and all such together as one; only
    where what was delivered is part of the work, and no word of theirs on it was set aside.
    """
    if part.opened_at is not None:
        return
    part.opened_at = clock.now()
    db.session.flush()
    audit.record(audit.learner_chain(part.learner_id), "feedback opened", actor, part.id)
    said = said_of(part)
    if said is not None:
        _observe(project, part, said)


def _observe(project: Project, part: Participation, said: Said) -> None:
    performance = performance_of(part)
    if project.email is None or not _is_evidence(project, part, performance):
        return
    source = observations.Source(
        learner_id=part.learner_id,
        performance_id=part.performance_id,
        institution_id=performance.task.institution_id,
        email=project.email,
        is_capped=True,
        pieces=tuple(part.pieces),
    )
    devices = frozenset({part.learner_id} if part.by_own_device else ())
    raters = raters_of(performance.id)
    sent = observations.Circumstances(device_of=devices, rated_by=raters)
    actor = actor_of(project)
    row = observations.receive_from(source, said.seen, terms_of(performance.task), sent, actor)
    part.observation_id = row.id
    settle(performance, actor)


def _is_evidence(project: Project, part: Participation, performance: Performance) -> bool:
    """Return whether what an employer says is about the work, which somebody still rates."""
    here = {each.artefact_id for each in performance.shown}
    return (
        performance.state not in ENDED
        and bool(part.pieces)
        and here.issuperset(part.pieces)
        and not is_denied(project.mailbox, part.learner_id, performance.id)
    )
