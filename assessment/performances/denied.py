"""Whose word of a piece of work was set aside: they say nothing more of it, by any way."""

from __future__ import annotations

from sqlalchemy import select

from assessment.errors import Expired, Invalid
from assessment.extensions import db
from assessment.locale import gettext as _
from assessment.observations import service as observations
from assessment.observations.models import Observation, ObservationVoid, Observer


class Denied(Invalid):
    """Whoever is named has said something of this work that was set aside."""


def is_denied(mailbox: str, learner_id: str, performance_id: str) -> bool:
    """Return whether what a mailbox said of this very work was set aside."""
    denied = (
        select(ObservationVoid.observation_id)
        .join(
            Observation,
            (Observation.learner_id == ObservationVoid.learner_id)
            & (Observation.id == ObservationVoid.observation_id),
        )
        .join(Observer, Observer.id == Observation.observer_id)
        .where(
            Observation.learner_id == learner_id,
            Observation.performance_id == performance_id,
            Observer.known_by == mailbox,
        )
    )
    return db.session.scalar(denied.limit(1)) is not None


def require_not_denied(named: observations.Named, subject: observations.Subject) -> None:
    """Refuse to name whoever's word of this very work was set aside."""
    mailbox = observations.known_by(named.email)
    if is_denied(mailbox, subject.learner_id, subject.performance_id):
        sentence = _("What this person said of this work was set aside. Name somebody else.")
        raise Denied(sentence, field="email")


def require_believed(mailbox: str, learner_id: str, performance_id: str) -> None:
    """Refuse what comes by another link from whoever's word of this very work was set aside."""
    if is_denied(mailbox, learner_id, performance_id):
        raise Expired(_("This request is closed. There is nothing to do."))
