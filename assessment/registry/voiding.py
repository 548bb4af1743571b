"""Setting evidence, or one rating, aside: what would follow is shown first, then it is done.

No award is revoked by it. Those that nothing holds up any more are listed for a registrar, who
revokes each, or says why it stays.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from assessment.access import Action, Actor, institutions_for
from assessment.awards import service as awards
from assessment.awards.models import Award
from assessment.errors import Conflict, Forbidden, NoSuchRecord
from assessment.evidence import service as ledger
from assessment.evidence.models import Evidence, EvidenceKind
from assessment.extensions import db
from assessment.locale import gettext as _
from assessment.people import service as people
from assessment.people.models import Person
from assessment.performances import appealing, voiding
from assessment.performances.concluding import evidence_before, resolutions_of
from assessment.performances.ending import end_for_good
from assessment.performances.models import (
    COUNTED,
    Assignment,
    AssignmentRole,
    AssignmentState,
    Performance,
    RatingRow,
    RatingVoid,
    ResolutionRow,
)
from assessment.performances.without import (
    UNDECIDED,
    Without,
    fallen,
    require_same,
    without,
)
from assessment.registry.evidence import Piece, evidence_piece
from assessment.registry.letters import tell_set_aside

Rerun = awards.Rerun
TO_END = frozenset({None, ledger.VoidCause.FALLEN})
"""Why evidence may count no more, and somebody's word can still end it: it may come back."""


@dataclass(frozen=True)
class Given:
    """A rating as the registrar sees it: by whom and when, and not the marks."""

    rating: RatingRow
    person: Person
    void: RatingVoid | None


@dataclass(frozen=True)
class EvidencePage:
    """Evidence, what rests on it, and the ratings that made it."""

    piece: Piece
    person: Person | None
    reruns: tuple[Rerun, ...]
    """What becomes of the decisions that rest on it, if it no longer counts."""
    ratings: tuple[Given, ...]
    in_doubt: tuple[Award, ...]
    """Once it was set aside: the awards about which somebody has to decide."""

    @property
    def seen(self) -> str:
        """What the page said would follow, to compare with when it is done."""
        return fallen(self.reruns)

    @property
    def may_end(self) -> bool:
        """Whether it can be set aside for good."""
        return _may_end(self.piece)


def _may_end(piece: Piece) -> bool:
    return piece.void is None or piece.void.cause in TO_END


def evidence_page(evidence_id: str, actor: Actor) -> EvidencePage:
    """Return what would follow if evidence no longer counted, or what did; writes nothing."""
    piece = evidence_piece(evidence_id, actor)
    row = piece.row
    performance = _performance_behind(row.learner_id, row.source_id)
    return EvidencePage(
        piece=piece,
        person=people.person_of_learner(row.learner_id),
        reruns=() if not _may_end(piece) else awards.rerun_without(row.learner_id, _whole(row)),
        ratings=_ratings(performance, actor)
        if performance and not has_part(performance, actor)
        else (),
        in_doubt=tuple(_in_doubt(piece, actor)) if piece.void else (),
    )


def _whole(row: Evidence) -> tuple[str, ...]:
    """Return evidence with that whose place it took: an award may have been made on either."""
    return (row.id, *evidence_before(row.learner_id, row.source_id))


def _in_doubt(piece: Piece, actor: Actor) -> list[Award]:
    own = institutions_for(actor, Action.GRANT_CREDIT)
    found = awards.awards_of(piece.row.learner_id)
    return [
        each
        for each in found
        if each.institution_id in own
        and awards.is_in_doubt(each)
        and any(doubt.evidence_id == piece.row.id for doubt in awards.doubts_about(each))
    ]


def _performance_behind(learner_id: str, source_id: str) -> Performance | None:
    """Return the performance that a conclusion is of; None for what is no conclusion."""
    resolution = db.session.get(ResolutionRow, (learner_id, source_id))
    if resolution is None:
        return None
    return db.session.get(Performance, (learner_id, resolution.performance_id))


def _ratings(performance: Performance, actor: Actor) -> tuple[Given, ...]:
    """Return the ratings that made a result, where the actor's institution had it rated."""
    rows = (
        select(RatingRow, Person, RatingVoid)
        .join(Assignment, Assignment.id == RatingRow.assignment_id)
        .join(Person, Person.id == RatingRow.person_id)
        .outerjoin(RatingVoid, RatingVoid.rating_id == RatingRow.id)
        .where(
            RatingRow.learner_id == performance.learner_id,
            RatingRow.performance_id == performance.id,
            RatingRow.released_at.is_not(None),
            RatingRow.role.in_(COUNTED),
            Assignment.institution_id.in_(institutions_for(actor, Action.GRANT_CREDIT)),
        )
        .order_by(RatingRow.released_at, RatingRow.id)
    )
    return tuple(Given(rating, person, void) for rating, person, void in db.session.execute(rows))


def set_aside(evidence_id: str, reason: str, seen: str, actor: Actor) -> list[Award]:
    """Return the awards that are in doubt now that evidence no longer counts.

    What had only fallen is set aside for good by it, so that no later rating brings it back.
    `seen` is what the page said would follow: Conflict where it would be something else by now.
    """
    row = evidence_piece(evidence_id, actor).row
    _require_not_own(row.learner_id, actor)
    people.lock_learner(row.learner_id)
    if ledger.void_cause(row.learner_id, row.id) not in TO_END:
        raise Conflict(_("This evidence has been set aside already. Here is what followed."))
    require_same(seen, fallen(awards.rerun_without(row.learner_id, _whole(row))))
    ledger.void(row.learner_id, row.id, reason, actor)
    performance = _performance_behind(row.learner_id, row.source_id)
    if performance is not None:
        db.session.refresh(performance)
        end_for_good(performance, actor)
    tell_set_aside(row, _page_of(row))
    return awards.raise_doubts(row.learner_id, row.id, actor, _whole(row))


def _page_of(row: Evidence) -> str:
    """Return the page on which its learner reads that evidence was set aside, and why."""
    if row.kind == EvidenceKind.TEST:
        return f"/sittings/{row.source_id}"
    performance = _performance_behind(row.learner_id, row.source_id)
    return f"/performances/{performance.id}" if performance else "/me"


def _require_not_own(learner_id: str, actor: Actor) -> None:
    if learner_id == actor.learner_id:
        raise Forbidden(_("What is on your own record is decided by another registrar."))


@dataclass(frozen=True)
class RatingPage:
    """A rating, and what would follow if it did not count."""

    given: Given
    performance: Performance
    evidence_id: str | None
    would: Without


def rating_page(rating_id: str, actor: Actor) -> RatingPage:
    """Return what would follow if a rating did not count; writes nothing."""
    given = _given(rating_id, actor)
    performance = given.rating.assignment.performance
    _require_not_own(performance.learner_id, actor)
    if has_part(performance, actor):
        sentence = _(
            "You rate this work, or may take it now: it is being looked at. Another registrar"
            " decides this, or you do once it is rated."
        )
        raise Forbidden(sentence)
    last = resolutions_of(performance)[-1:]
    if not last or given.void is not None:
        return RatingPage(given, performance, None, UNDECIDED)
    would = without(performance, given.rating.id, last[0])
    return RatingPage(given, performance, last[0].evidence_id, would)


def _given(rating_id: str, actor: Actor) -> Given:
    rows = select(RatingRow.learner_id, RatingRow.performance_id).where(RatingRow.id == rating_id)
    key = db.session.execute(rows).first()
    performance = db.session.get(Performance, tuple(key)) if key else None
    found = _ratings(performance, actor) if performance else ()
    for each in found:
        if each.rating.id == rating_id:
            return each
    raise NoSuchRecord("rating", rating_id)


def has_part(performance: Performance, actor: Actor) -> bool:
    """Return whether it is their own, or theirs to rate: who rated it is not for them to see.

    While it waits for anybody, it may be theirs to take next, wherever they are an assessor.
    """
    if performance.learner_id == actor.learner_id:
        return True
    rows = select(Assignment.id).where(
        Assignment.performance_id == performance.id,
        Assignment.state == AssignmentState.OPEN,
    )
    if not institutions_for(actor, Action.ASSESS):
        rows = rows.where(Assignment.person_id == actor.person_id)
    return db.session.scalar(rows.limit(1)) is not None


def set_rating_aside(rating_id: str, reason: str, seen: str, actor: Actor) -> str | None:
    """Return the evidence that the result was, now that a rating no longer counts; None for none.

    Somebody else is asked where too little is left, and what was appealed is looked at anew.
    """
    rating = _given(rating_id, actor).rating
    _require_not_own(rating.learner_id, actor)
    people.lock_learner(rating.learner_id)
    db.session.get_one(
        Performance, (rating.learner_id, rating.performance_id), populate_existing=True
    )
    page = rating_page(rating_id, actor)
    if page.given.void is not None:
        raise Conflict(_("This rating has been set aside already."))
    require_same(seen, page.would.seen)
    voiding.void_rating(rating, reason, actor)
    if rating.role == AssignmentRole.REVIEWER:
        appealing.look_anew(rating)
    return page.evidence_id
