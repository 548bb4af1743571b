"""What becomes of an award: accepted, declined, lapsed or revoked."""

from __future__ import annotations

from sqlalchemy import select, update

from assessment import clock
from assessment.access import Action, Actor, institutions_for, require_at, system
from assessment.audit import service as audit
from assessment.awards import issuing
from assessment.awards.deciding import consider, day_of
from assessment.awards.granting import expiry
from assessment.awards.models import Award, AwardState
from assessment.awards.standing import facts_of
from assessment.catalogue import service as catalogue
from assessment.credentials import service as credentials
from assessment.credentials.models import RevokedFor
from assessment.errors import Conflict, Expired, Invalid, NoSuchRecord
from assessment.extensions import db
from assessment.locale import gettext as _
from assessment.people import service as people
from assessment.rules import evaluate

REVOCABLE = (AwardState.AWARDED, AwardState.EXPIRED)


def own_award(award_id: str, actor: Actor) -> Award:
    """Return an award of the actor's own; NoSuchRecord for anybody else's."""
    rows = select(Award).filter_by(id=award_id, learner_id=actor.learner_id)
    found = db.session.scalars(rows.execution_options(populate_existing=True)).first()
    if found is None:
        raise NoSuchRecord("award", award_id)
    return found


def institution_award(award_id: str, actor: Actor) -> Award:
    """Return an award of an institution at which the actor grants credit; else NoSuchRecord."""
    found = db.session.scalars(
        select(Award)
        .filter_by(id=award_id)
        .where(Award.institution_id.in_(institutions_for(actor, Action.GRANT_CREDIT)))
    ).first()
    if found is None:
        raise NoSuchRecord("award", award_id)
    return found


def accept(award_id: str, actor: Actor) -> list[Award]:
    """Return the awards that stand after accepting an offer: itself, and what it earns."""
    award = _locked_offer(award_id, actor)
    _require_still_earned(award)
    award.state = AwardState.AWARDED
    award.awarded_at = clock.now()
    version = award.achievement_version
    award.expires_on = expiry(version, day_of(version), award.expires_on)
    db.session.flush()
    audit.record(audit.learner_chain(award.learner_id), "award accepted", actor, award.id)
    issuing.issue_credential(award)
    return [award, *consider(award.learner_id, actor)]


def _require_still_earned(award: Award) -> None:
    """Refuse an offer whose evidence was set aside, or that a hold vetoes, since it was made."""
    decision = award.decision
    rule, facts = catalogue.parsed(decision.rule), facts_of(award.learner_id)
    if not evaluate(rule, facts, decision.on_date).met:
        raise Conflict(
            _("What this offer rests on has changed, so it cannot be accepted. Ask the registrar.")
        )


def decline(award_id: str, actor: Actor) -> None:
    """Decline an offer: it leaves no line on the transcript."""
    award = _locked_offer(award_id, actor)
    award.state = AwardState.DECLINED
    award.ended_at = clock.now()
    audit.record(audit.learner_chain(award.learner_id), "award declined", actor, award.id)


def lapse_offers() -> int:
    """Return how many offers ended because nobody answered within their time."""
    moment = clock.now()
    overdue = (Award.state == AwardState.OFFERED, Award.offer_ends_at <= moment)
    people.lock_learners(db.session.scalars(select(Award.learner_id).where(*overdue)))
    lapsed = db.session.execute(  # asked anew: an answer may have come before the lock
        update(Award)
        .where(*overdue)
        .values(state=AwardState.LAPSED, ended_at=moment)
        .returning(Award.learner_id, Award.id)
    ).all()
    for learner_id, award_id in lapsed:
        chain = audit.learner_chain(learner_id)
        audit.record(chain, "offer lapsed", system("lapse"), award_id)
    return len(lapsed)


def revoke(
    award_id: str, reason: str, actor: Actor, revoked_for: RevokedFor = RevokedFor.OTHER
) -> Award:
    """Return the award, revoked with a reason: its credential and its page say so at once.

    The learner reads the reason; the public reads `revoked_for`, a sort of reason. Where that is
    the evidence, and the work had fallen, a new conclusion of the same work earns it again.
    """
    award = institution_award(award_id, actor)
    require_at(actor, Action.GRANT_CREDIT, award.institution_id)
    people.lock_learner(award.learner_id)
    db.session.refresh(award)
    if not reason.strip():
        raise Invalid(_("Give the reason for revoking this award: the learner will read it."))
    require_revocable(award)
    award.state = AwardState.REVOKED
    award.reason, award.revoked_for = reason.strip(), revoked_for
    award.ended_at = clock.now()
    db.session.flush()
    credentials.revoke(award.learner_id, award.id, award.reason, actor, revoked_for)
    audit.record(audit.learner_chain(award.learner_id), "award revoked", actor, award.id)
    return award


def require_revocable(award: Award) -> None:
    """Raise Conflict unless an award can be revoked: it stands, or stood until it ran out."""
    if award.state not in REVOCABLE:
        raise Conflict(_("Only an award that stands can be revoked; this one does not."))


def _locked_offer(award_id: str, actor: Actor) -> Award:
    if actor.learner_id is not None:
        people.lock_learner(actor.learner_id)
    award = own_award(award_id, actor)
    if award.state != AwardState.OFFERED:
        raise Conflict(_("This offer has already been answered."))
    if award.offer_ends_at is not None and award.offer_ends_at <= clock.now():
        raise Expired(_("This offer has run out. Show the work again to be offered it anew."))
    return award
