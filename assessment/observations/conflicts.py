"""Conflicts of interest: what is declared, and what can be seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from assessment import clock
from assessment.extensions import db
from assessment.observations.employers import folded
from assessment.observations.mailboxes import canonical, known_by
from assessment.observations.models import CONFLICTS, Interest, Observation, Observer, Sign
from assessment.people import service as people

TOO_MANY = 5
WITHIN = timedelta(days=90)


@dataclass(frozen=True)
class Circumstances:
    """How a form was sent: by which device, from where, and by whom if they are signed in.

    `device_of` are the learners to whom the device is known to belong; `origin` is a keyed hash of
    the network and the browser, `named_from` the same of whoever named the observer. `rated_by` are
    the keyed hashes of the mailboxes of those who have, or had, a part in rating the work.
    """

    device_of: frozenset[str] = frozenset()
    origin: str = ""
    named_from: str = ""
    rated_by: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Tie:
    """Who says what they saw of whom, with the interest that they declare."""

    learner_id: str
    email: str
    name: str
    interest: Interest
    observer: Observer


def signs_of(tie: Tie, sent: Circumstances) -> tuple[Sign, ...]:
    """Return what speaks for a conflict of interest, and what is only worth a look, in order."""
    found = set(_signs(tie, sent))
    return tuple(sign for sign in Sign if sign in found)


def _signs(tie: Tie, sent: Circumstances) -> Iterator[Sign]:
    if tie.interest is not Interest.NONE:
        yield Sign.DECLARED
    if tie.learner_id in sent.device_of:
        yield Sign.OWN_DEVICE
    if sent.origin and sent.origin == sent.named_from:
        yield Sign.SAME_NETWORK
    if known_by(tie.email) in sent.rated_by:
        yield Sign.RATES_IT
    if _earlier(tie) >= TOO_MANY:
        yield Sign.TOO_MANY
    learner = people.person_of_learner(tie.learner_id)
    if learner is None:
        return
    if canonical(learner.email) == canonical(tie.email) or learner.id == tie.observer.person_id:
        yield Sign.OWN_ADDRESS
    if _family_name(tie.name) == _family_name(learner.legal_name or learner.display_name):
        yield Sign.SAME_NAME


def _earlier(tie: Tie) -> int:
    rows = select(func.count()).where(
        Observation.observer_id == tie.observer.id,
        Observation.learner_id == tie.learner_id,
        Observation.received_at > clock.now() - WITHIN,
    )
    return db.session.scalar(rows.select_from(Observation)) or 0


def _family_name(name: str) -> str:
    words = folded(name).split()
    return words[-1] if words else ""


def is_conflict(signs: tuple[Sign, ...]) -> bool:
    """Return whether any of the signs is a conflict of interest."""
    return not CONFLICTS.isdisjoint(signs)
