"""Behind the link of somebody at an employer: who saw the work, named by whoever knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from assessment import clock
from assessment.access import Actor
from assessment.errors import AssessmentError, Expired, Invalid
from assessment.locale import gettext as _
from assessment.observations import service as observations
from assessment.observations.models import Asks, Nomination
from assessment.people import service as people
from assessment.performances.denied import Denied, require_not_denied
from assessment.performances.models import Performance, Task
from assessment.performances.observing import hold, performance_of

MYSELF = "myself"


@dataclass(frozen=True)
class Named:
    """Those who saw the work, as somebody at the employer wrote it: by the place in the form."""

    by_row: dict[int, observations.Named] = field(default_factory=dict)
    has_myself: bool = False


@dataclass(frozen=True)
class AskedWho:
    """What whoever holds the link of an employer is asked about: whose work, and which task."""

    nomination: Nomination
    task: Task
    learner_name: str
    institution_name: dict[str, str]


def asked_who(token: str) -> AskedWho:
    """Return what an open link asks; Expired, with what to do, where it is good no more."""
    nomination = observations.nomination_of(token, Asks.WHO)
    performance = performance_of(observations.require_open(nomination))
    learner = people.person_of_learner(nomination.learner_id)
    return AskedWho(
        nomination=nomination,
        task=performance.task,
        learner_name=learner.display_name if learner else "",
        institution_name=people.institution(nomination.institution_id).name,
    )


def name_observers(token: str, named: Named, *, is_own_device: bool) -> list[Nomination]:
    """Return the nominations of those who saw it, their links on the way; the link is used up.

    Unusable says what is wrong, each at its field. They count for the learner's limits.
    """
    contact = observations.require_open(observations.nomination_of(token, Asks.WHO))
    if is_own_device:
        sentence = _("This is the learner’s own device. Open the link in your mail on another one.")
        raise observations.Unusable({MYSELF: sentence})
    meant = _checked(named, contact)
    observations.admit_all(list(meant.values()), contact.nominated_by)
    contact = observations.require_open(hold(token, Asks.WHO))
    made = _nominate_all(meant, contact, performance_of(contact))
    observations.answered(contact, made, observations.actor_of_link(contact))
    return made


def _checked(named: Named, contact: Nomination) -> dict[str, observations.Named]:
    """Return whom somebody names, by their fields, in the form in which it is kept."""
    faults: dict[str, str] = {}
    meant: dict[str, observations.Named] = {}
    for place, each in _given(named, contact):
        try:
            meant[place] = observations.checked(each)
        except Invalid as refusal:
            name = str(refusal.details.get("field", "email"))
            faults[place if place == MYSELF else f"{place}-{name}"] = refusal.sentence
    if not meant and not faults:
        faults[MYSELF] = _("Name at least one person who saw it, yourself if you did.")
    if faults:
        raise observations.Unusable(faults)
    return meant


def _given(named: Named, contact: Nomination) -> Iterator[tuple[str, observations.Named]]:
    """Yield those who are named; where the learner asked their employer stays a sign to look at."""
    employer, origin = contact.employer or "", contact.origin
    if named.has_myself:
        yield (
            MYSELF,
            observations.Named(
                name=contact.name or "",
                email=contact.email or "",
                employer=employer,
                language=contact.language,
                origin=origin,
            ),
        )
    for row, each in named.by_row.items():
        yield f"observers-{row}", replace(each, employer=employer, origin=origin)


def _nominate_all(
    meant: dict[str, observations.Named], contact: Nomination, performance: Performance
) -> list[Nomination]:
    task = performance.task
    subject = observations.Subject(
        performance.learner_id, performance.id, task.title, task.institution_id
    )
    actor = observations.actor_of_link(contact)
    faults: dict[str, str] = {}
    made = [_nominate(place, each, subject, actor, faults) for place, each in meant.items()]
    if faults:
        raise observations.Unusable(faults)
    return [each for each in made if each is not None]


def _nominate(
    place: str,
    named: observations.Named,
    subject: observations.Subject,
    actor: Actor,
    faults: dict[str, str],
) -> Nomination | None:
    try:
        require_not_denied(named, subject)
        return observations.nominate(named, subject, actor)
    except REFUSALS as refusal:
        faults[place if place == MYSELF else f"{place}-email"] = _sentence(refusal)
        return None


REFUSALS = (
    observations.OwnAddress,
    observations.AskedAlready,
    observations.WrongPerson,
    Denied,
    observations.Full,
)


def _sentence(refusal: AssessmentError) -> str:
    """Return what a refusal says to somebody at an employer; nothing of what others have said."""
    if isinstance(refusal, observations.OwnAddress):
        return _("This is the address of the person whose work it is. Name somebody else.")
    if isinstance(refusal, observations.AskedAlready):
        return _("This person is asked already; leave them out.")
    if isinstance(refusal, observations.WrongPerson | Denied):
        return _("Name somebody else here.")
    return _("So many people are asked already that no more can be. Name fewer.")


def require_lasting(contact: Nomination) -> None:
    """Refuse to show whom somebody named once their link has run out, or was erased."""
    if contact.expires_at <= clock.now() or contact.email is None:
        raise Expired(_("This page is not shown any more. There is nothing to do."))


def names_of(contact: Nomination) -> Sequence[Nomination]:
    """Return those whom somebody at an employer named."""
    by = observations.actor_of_link(contact).reference
    asked = observations.nominations(contact.learner_id, contact.performance_id)
    return [each for each in asked if each.nominated_by == by]
