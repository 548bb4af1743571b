"""Complaints: what a learner holds against the way their work was dealt with, and the answer.

A complaint is about no level; for that there is the appeal. It goes to whoever answers complaints
at the institution, and to nobody who has a part in the work.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, exists, select

from assessment import clock
from assessment.access import Action, Actor, institutions_for
from assessment.audit import service as audit
from assessment.errors import Conflict, Forbidden, Invalid, NoSuchRecord
from assessment.extensions import db
from assessment.ids import new_id
from assessment.locale import gettext as _
from assessment.people import service as people
from assessment.performances.appeal_letters import tell_answer, tell_complaint
from assessment.performances.appeal_models import Complaint, Matter
from assessment.performances.models import Assignment, Performance, PerformanceState
from assessment.performances.showing import held_performance
from assessment.performances.threads import checked_text

LONGEST = 5_000
MOST_OPEN = 3
"""How many complaints about one performance may wait for their answer at once."""
MOST_LISTED = 100


def complaints_of(performance: Performance) -> list[Complaint]:
    """Return a learner's complaints about a performance, the first one first."""
    rows = select(Complaint).filter_by(
        learner_id=performance.learner_id, performance_id=performance.id
    )
    return list(db.session.scalars(rows.order_by(Complaint.made_at, Complaint.id)))


def complain(performance_id: str, matter: str, text: str, actor: Actor) -> Complaint:
    """Return the complaint, kept; whoever answers it is told. The same sent again is one."""
    performance = held_performance(performance_id, actor)
    if performance.state == PerformanceState.DRAFT:
        raise Conflict(_("Nobody has seen this work yet, so there is nothing to complain about."))
    if matter not in set(Matter):
        raise Invalid(_("Choose what your complaint is about."), field="matter")
    said = checked_text(text, LONGEST)
    waiting = [each for each in complaints_of(performance) if each.answered_at is None]
    for each in waiting:
        if (each.matter, each.text) == (matter, said):
            return each
    if len(waiting) >= MOST_OPEN:
        sentence = _("Your earlier complaints wait for an answer. Write again when you have it.")
        raise Conflict(sentence)
    return _keep(performance, Matter(matter), said, actor)


def _keep(performance: Performance, matter: Matter, text: str, actor: Actor) -> Complaint:
    made = Complaint(
        learner_id=performance.learner_id,
        id=new_id(),
        performance_id=performance.id,
        institution_id=performance.task.institution_id,
        matter=matter,
        text=text,
        made_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    chain = audit.learner_chain(made.learner_id)
    audit.record(chain, "complaint made", actor, made.id, matter=matter)
    tell_complaint(made)
    return made


def complaints_for(actor: Actor) -> Sequence[Complaint]:
    """Return the complaints that an actor may read: those without an answer, then the latest."""
    rows = _within_reach(actor).order_by(
        Complaint.answered_at.is_not(None), Complaint.made_at.desc(), Complaint.id
    )
    return db.session.scalars(rows.limit(MOST_LISTED)).all()


def complaint_for(complaint_id: str, actor: Actor) -> Complaint:
    """Return a complaint that the actor may read; NoSuchRecord for any other."""
    rows = _within_reach(actor).where(Complaint.id == complaint_id)
    found = db.session.scalar(rows.execution_options(populate_existing=True))
    if found is None:
        raise NoSuchRecord("complaint", complaint_id)
    return found


def _within_reach(actor: Actor) -> Select[Complaint]:
    """Return the complaints to the actor's institutions on work in which they have no part."""
    has_part = exists().where(
        Assignment.learner_id == Complaint.learner_id,
        Assignment.performance_id == Complaint.performance_id,
        Assignment.person_id == actor.person_id,
    )
    reach = institutions_for(actor, Action.ANSWER_COMPLAINTS)
    return select(Complaint).where(Complaint.institution_id.in_(reach), ~has_part)


def answer(complaint_id: str, text: str, actor: Actor) -> Complaint:
    """Return the complaint, answered once and for all; the learner is told."""
    people.lock_learner(complaint_for(complaint_id, actor).learner_id)
    complaint = complaint_for(complaint_id, actor)
    if complaint.learner_id == actor.learner_id:
        raise Forbidden(_("Your own complaint is answered by somebody else."))
    if complaint.answered_at is not None:
        raise Conflict(_("This complaint has been answered. Here is the answer."))
    complaint.answer = checked_text(text, LONGEST)
    complaint.answered_by = actor.person_id
    complaint.answered_at = clock.now()
    db.session.flush()
    audit.record(
        audit.learner_chain(complaint.learner_id), "complaint answered", actor, complaint.id
    )
    tell_answer(complaint)
    return complaint
