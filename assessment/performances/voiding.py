"""Setting a released rating aside: it stays as it was given, and counts no more."""

from __future__ import annotations

from assessment import clock
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.errors import Invalid
from assessment.locale import gettext as _
from assessment.performances.models import COUNTED, RatingRow, RatingVoid
from assessment.performances.settling import settle
from assessment.upsert import insert_once


def void_rating(rating: RatingRow, reason: str, actor: Actor) -> None:
    """Let a released rating count no more; the caller has locked the learner.

    What stood on it alone falls with it, and somebody else is asked. What was awarded is revoked
    by nobody but a registrar. Doing it again is doing it once.
    """
    if not reason.strip():
        raise Invalid(_("Give the reason why this rating no longer counts."), field="reason")
    is_first = rating.released_at is not None and insert_once(
        RatingVoid,
        rating_id=rating.id,
        reason=reason.strip(),
        voided_by=actor.reference,
        voided_at=clock.now(),
    )
    if not is_first:
        return
    chain = audit.learner_chain(rating.learner_id)
    audit.record(chain, "rating set aside", actor, rating.id, performance=rating.performance_id)
    if rating.role in COUNTED:
        settle(rating.assignment.performance, actor)
