"""Accounts of observers: what they said is found under their account, and does not change."""

from __future__ import annotations

from sqlalchemy import select, update

from assessment import clock
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.errors import Conflict, Expired, Forbidden
from assessment.extensions import db
from assessment.locale import gettext as _
from assessment.observations.models import Nomination, Observation, Observer


def claim(nomination: Nomination, actor: Actor) -> Observer:
    """Return the observer who used this link, now with the actor's account; a second time too."""
    if actor.person_id is None:
        raise Forbidden(_("Sign in first, then open the link in your mail again."))
    if actor.learner_id == nomination.learner_id:
        raise Forbidden(_("This is about your own work: nobody sees their own work for us."))
    _require_claimable(nomination)
    observer = _observer_of(nomination)
    taken = db.session.execute(
        update(Observer)
        .where(Observer.id == observer.id, Observer.person_id.is_(None))
        .values(person_id=actor.person_id, claimed_at=clock.now())
        .returning(Observer.id)
        .execution_options(synchronize_session=False)
    ).first()
    db.session.refresh(observer)
    if observer.person_id != actor.person_id:
        raise Conflict(_("This is kept under another account already."))
    if taken is not None:
        audit.record(audit.SYSTEM_CHAIN, "observer claimed", actor, observer.id)
    return observer


def _require_claimable(nomination: Nomination) -> None:
    """Refuse where somebody asked to be forgotten, or the link has run out."""
    if nomination.email is None:
        raise Expired(_("This request was erased. There is nothing to do."))
    if nomination.expires_at <= clock.now():
        raise Expired(_("This link was good for 21 days; what was sent by it stays as it is."))


def may_claim(nomination: Nomination) -> bool:
    """Return whether what a link brought can still be kept under an account."""
    return nomination.email is not None and nomination.expires_at > clock.now()


def _observer_of(nomination: Nomination) -> Observer:
    rows = select(Observer).join(Observation, Observation.observer_id == Observer.id)
    found = db.session.scalars(rows.where(Observation.nomination_id == nomination.id)).first()
    if found is None:
        raise Expired(_("Nothing was sent by this link so far; there is nothing to keep."))
    return found


def is_claimed(nomination: Nomination, actor: Actor) -> bool:
    """Return whether what this link brought is kept under the actor's account."""
    rows = select(Observer.id).join(Observation, Observation.observer_id == Observer.id)
    mine = rows.where(
        Observation.nomination_id == nomination.id, Observer.person_id == (actor.person_id or "")
    )
    return db.session.scalar(mine) is not None


def given_by(actor: Actor) -> list[Observation]:
    """Return what the actor said as an observer, the latest first."""
    rows = select(Observation).join(Observer, Observer.id == Observation.observer_id)
    own = rows.where(Observer.person_id == (actor.person_id or ""))
    return list(db.session.scalars(own.order_by(Observation.received_at.desc(), Observation.id)))
