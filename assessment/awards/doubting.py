"""Awards in doubt: what each rule says once evidence is gone, and what the registrar decides.

Nothing is revoked here, nor by what calls this: an award that evidence no longer holds up stands
until a registrar revokes it, or says why it stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select

from assessment import clock
from assessment.access import Action, Actor, institutions_for
from assessment.audit import service as audit
from assessment.awards.lifecycle import institution_award
from assessment.awards.models import Award, AwardDoubt, AwardState
from assessment.awards.standing import awards_of, evidence_of, facts_of
from assessment.catalogue import service as catalogue
from assessment.errors import Conflict, Invalid
from assessment.evidence import service as evidence
from assessment.extensions import db
from assessment.locale import gettext as _
from assessment.people import service as people
from assessment.rules import (
    AchievementFact,
    Facts,
    Outcome,
    RecognitionFact,
    RubricFact,
    TestFact,
    evaluate,
)
from assessment.upsert import insert_once

IN_QUESTION = (AwardState.OFFERED, AwardState.AWARDED, AwardState.EXPIRED)
"""An offer that its evidence no longer holds up cannot be accepted; the others a registrar ends."""
TO_DECIDE = (AwardState.AWARDED, AwardState.EXPIRED)
NONE: frozenset[str] = frozenset()
Fact = TypeVar("Fact", TestFact, RubricFact, RecognitionFact, AchievementFact)


@dataclass(frozen=True)
class Rerun:
    """A decision made again without some evidence: the award that it made, and what comes of it."""

    award: Award
    outcome: Outcome

    @property
    def stands(self) -> bool:
        """Whether the rule is met all the same."""
        return self.outcome.met


def rerun_without(
    learner_id: str,
    evidence_ids: Iterable[str],
    instead: Sequence[RubricFact] = (),
    kept: frozenset[str] = NONE,
) -> tuple[Rerun, ...]:
    """Return what becomes of each decision that rests on this evidence, or on an award that falls.

    `instead` is what would take the evidence's place. An award in `kept` stays, whatever its rule
    says. Writes nothing.
    """
    now = facts_of(learner_id)
    held = [award for award in awards_of(learner_id) if award.state in IN_QUESTION]
    gone = set(evidence_ids)
    while True:
        resting = [award for award in held if evidence_of(award) & gone]
        found = [Rerun(award, _again(award, now, gone, instead)) for award in resting]
        fallen = {each.award.id for each in found if not each.stands} - kept
        if fallen <= gone:
            return tuple(found)
        gone |= fallen


def _again(award: Award, now: Facts, gone: set[str], instead: Sequence[RubricFact]) -> Outcome:
    """Return what the rule of a decision says of what stands today, as on the day it was made.

    Awards and holds are those of that day: what became of them since is another matter.
    """
    decision = award.decision
    then = evidence.facts_from_text(decision.facts)
    facts = Facts(
        tests=_without(now.tests, gone),
        rubrics=(*_without(now.rubrics, gone), *instead),
        achievements=_without(_both(now.achievements, then.achievements), gone),
        recognitions=_without(now.recognitions, gone),
        holds=then.holds,
    )
    return evaluate(catalogue.parsed(decision.rule), facts, decision.on_date)


def _without(facts: Iterable[Fact], gone: set[str]) -> tuple[Fact, ...]:
    return tuple(fact for fact in facts if fact.evidence_id not in gone)


def _both(
    now: Iterable[AchievementFact], then: Iterable[AchievementFact]
) -> tuple[AchievementFact, ...]:
    """Return the awards of either day, each once."""
    return tuple({fact.evidence_id: fact for fact in (*now, *then)}.values())


def raise_doubts(
    learner_id: str, evidence_id: str, actor: Actor, before: Iterable[str] = ()
) -> list[Award]:
    """Return the awards that stand on evidence which was just set aside, each noted as in doubt.

    `before` is the evidence whose place it had taken: an award may have been made on that.
    """
    fallen = [
        each.award
        for each in rerun_without(learner_id, (evidence_id, *before))
        if not each.stands and each.award.state in TO_DECIDE
    ]
    for award in fallen:
        is_first = insert_once(
            AwardDoubt,
            learner_id=learner_id,
            award_id=award.id,
            evidence_id=evidence_id,
            raised_at=clock.now(),
            kept_because="",
            kept_by="",
        )
        if is_first or _is_asked_anew(award, evidence_id):
            audit.record(audit.learner_chain(learner_id), "award in doubt", actor, award.id)
    return fallen


def _is_asked_anew(award: Award, evidence_id: str) -> bool:
    """Return whether an award that was kept when evidence fell is in doubt again.

    It is where somebody set that evidence aside for good since: that is another reason.
    """
    key = (award.learner_id, award.id, evidence_id)
    doubt = db.session.get_one(AwardDoubt, key, populate_existing=True)
    cause = evidence.void_cause(award.learner_id, evidence_id)
    if doubt.kept_at is None or cause != evidence.VoidCause.SET_ASIDE:
        return False
    doubt.kept_at, doubt.kept_because, doubt.kept_by = None, "", ""
    db.session.flush()
    return True


def doubts_for(actor: Actor, most: int) -> list[Award]:
    """Return the awards of the actor's institutions about which somebody has to decide."""
    rows = (
        select(Award)
        .join(
            AwardDoubt,
            (AwardDoubt.learner_id == Award.learner_id) & (AwardDoubt.award_id == Award.id),
        )
        .where(
            AwardDoubt.kept_at.is_(None),
            Award.state.in_(TO_DECIDE),
            Award.institution_id.in_(institutions_for(actor, Action.GRANT_CREDIT)),
        )
        .order_by(AwardDoubt.raised_at, Award.id)
        .limit(most)
    )
    return list(dict.fromkeys(db.session.scalars(rows)))


def doubts_about(award: Award) -> list[AwardDoubt]:
    """Return what put an award in doubt, decided or not, the first one first."""
    rows = select(AwardDoubt).filter_by(learner_id=award.learner_id, award_id=award.id)
    anew = rows.execution_options(populate_existing=True)
    return list(db.session.scalars(anew.order_by(AwardDoubt.raised_at, AwardDoubt.evidence_id)))


def is_in_doubt(award: Award) -> bool:
    """Return whether somebody has to decide about an award."""
    return award.state in TO_DECIDE and any(each.kept_at is None for each in doubts_about(award))


def rerun_of(award: Award) -> Rerun:
    """Return what the rule of an award says today, without what fell and was not kept."""
    gone = _fallen(award.learner_id)
    found = rerun_without(award.learner_id, gone, kept=_kept(award.learner_id))
    for each in found:
        if each.award.id == award.id:
            return each
    return Rerun(award, _again(award, facts_of(award.learner_id), gone, ()))


def _fallen(learner_id: str) -> set[str]:
    """Return the evidence that put awards of a learner in doubt, and such awards once revoked.

    With it all that those awards were made on and that counts no more.
    """
    doubts = db.session.scalars(select(AwardDoubt).filter_by(learner_id=learner_id)).all()
    revoked = {each.award_id for each in doubts if each.award.state not in IN_QUESTION}
    used = {used for each in doubts for used in evidence_of(each.award)}
    gone = {each for each in used if evidence.void_reason(learner_id, each) is not None}
    return {each.evidence_id for each in doubts} | revoked | gone


def keep(award_id: str, reason: str, actor: Actor) -> Award:
    """Return an award in doubt, which stays all the same, with the reason; audited."""
    award = institution_award(award_id, actor)
    people.lock_learner(award.learner_id)
    db.session.refresh(award)
    if not reason.strip():
        raise Invalid(_("Give the reason why this award stays."), field="reason")
    if not is_in_doubt(award):
        raise Conflict(_("Nothing about this award waits for a decision any more."))
    for doubt in doubts_about(award):
        _settle(doubt, reason.strip(), actor)
    audit.record(audit.learner_chain(award.learner_id), "award kept", actor, award.id)
    _clear_what_rests_on(award, actor)
    return award


def _settle(doubt: AwardDoubt, reason: str, actor: Actor) -> None:
    if doubt.kept_at is None:
        doubt.kept_because, doubt.kept_by = reason, actor.reference
        doubt.kept_at = clock.now()
        db.session.flush()


def _clear_what_rests_on(award: Award, actor: Actor) -> None:
    """Take awards out of doubt that were in it because of this one alone."""
    for doubt in _open_doubts(award.learner_id):
        other = doubt.award
        if rerun_of(other).stands:
            _settle(doubt, _("What it rests on was kept."), actor)
            audit.record(audit.learner_chain(other.learner_id), "award kept", actor, other.id)


def _open_doubts(learner_id: str) -> list[AwardDoubt]:
    rows = select(AwardDoubt).filter_by(learner_id=learner_id, kept_at=None)
    return list(db.session.scalars(rows.order_by(AwardDoubt.award_id)))


def _kept(learner_id: str) -> frozenset[str]:
    """Return the awards of a learner that were kept in spite of what fell."""
    doubts = select(AwardDoubt.award_id, AwardDoubt.kept_at).filter_by(learner_id=learner_id)
    rows = db.session.execute(doubts).all()
    open_ones = {award_id for award_id, kept_at in rows if kept_at is None}
    return frozenset(award_id for award_id, _kept_at in rows) - open_ones
