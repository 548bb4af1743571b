"""What learners do: begin a performance, submit it, and withdraw it."""

from __future__ import annotations

from sqlalchemy import func, select

from assessment import clock
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.errors import Conflict, Forbidden, Invalid, NoSuchRecord
from assessment.extensions import db
from assessment.ids import new_id
from assessment.locale import gettext as _
from assessment.locale import language as current_language
from assessment.people import service as people
from assessment.performances.models import (
    EDITABLE,
    ENDED,
    AssignmentRole,
    Performance,
    PerformanceState,
    Submission,
    Task,
)
from assessment.performances.places import close_places, open_places
from assessment.performances.publishing import policy_of
from assessment.upsert import insert_once


def begin(task: Task, actor: Actor) -> Performance:
    """Return the learner's open performance of `task`: begun now, or already under way."""
    if actor.learner_id is None:
        raise Forbidden(_("Sign in to show your work: it is kept under your account."))
    people.lock_learner(actor.learner_id)
    own = select(Performance).filter_by(learner_id=actor.learner_id, task_key=task.key)
    under_way = own.where(Performance.state.not_in(ENDED))
    found = db.session.scalars(under_way.execution_options(populate_existing=True)).first()
    return found or _begin(task, actor.learner_id, actor)


def _begin(task: Task, learner_id: str, actor: Actor) -> Performance:
    own = {"learner_id": learner_id, "task_key": task.key}
    number = 1 + (db.session.scalar(select(func.max(Performance.number)).filter_by(**own)) or 0)
    first = insert_once(
        Performance,
        id=new_id(),
        task_id=task.id,
        number=number,
        state=PerformanceState.DRAFT,
        round=1,
        version=0,
        begun_at=clock.now(),
        **own,
    )
    row = db.session.scalars(select(Performance).filter_by(number=number, **own)).one()
    if first:
        chain = audit.learner_chain(learner_id)
        audit.record(chain, "performance begun", actor, row.id, task=task.key)
    return row


def own_performance(performance_id: str, actor: Actor) -> Performance:
    """Return the actor's own performance; NoSuchRecord for anybody else's."""
    found = db.session.get(Performance, (actor.learner_id or "", performance_id))
    if found is None:
        raise NoSuchRecord("performance", performance_id)
    return found


def held_performance(performance_id: str, actor: Actor) -> Performance:
    """Return the actor's own performance, read anew once the learner is locked."""
    learner_id = actor.learner_id or ""
    people.lock_learner(learner_id)
    found = db.session.get(Performance, (learner_id, performance_id), populate_existing=True)
    if found is None:
        raise NoSuchRecord("performance", performance_id)
    return found


def editable_performance(performance_id: str, actor: Actor) -> Performance:
    """Return the actor's own performance, locked; Conflict where it can no longer be changed."""
    found = held_performance(performance_id, actor)
    if found.state not in EDITABLE:
        raise Conflict(_("This work has been handed in; it can be changed no more."))
    return found


def performances_of(learner_id: str) -> list[Performance]:
    """Return a learner's performances, the latest first."""
    rows = select(Performance).filter_by(learner_id=learner_id)
    return list(db.session.scalars(rows.order_by(Performance.begun_at.desc(), Performance.id)))


def declaration() -> str:
    """Return what a learner declares on submitting, in the page's language."""
    return _(
        "This is my own work. Where others helped me or I used tools that write or draw for me,"
        " I say so in it."
    )


def submit(performance_id: str, actor: Actor) -> Performance:
    """Return the performance, handed in; submitting it again changes nothing.

    The caller has asked for the declaration, which is kept in the words that were read.
    """
    found = held_performance(performance_id, actor)
    if found.state not in EDITABLE:
        return found
    _require_something_new(found)
    found.version += 1
    found.state = PerformanceState.SUBMITTED
    found.submitted_at = clock.now()
    db.session.add(_submission(found))
    db.session.flush()
    db.session.refresh(found, ["submissions"])
    policy = policy_of(found.task)
    asked = tuple(each.key for each in policy.shown)
    open_places(found, AssignmentRole.ASSESSOR, policy.raters, asked)
    chain, version = audit.learner_chain(found.learner_id), found.version
    audit.record(
        chain,
        "performance submitted",
        actor,
        found.id,
        version=version,
        files=[each.artefact.sha256 for each in found.shown],
    )
    return found


def _submission(performance: Performance) -> Submission:
    return Submission(
        learner_id=performance.learner_id,
        performance_id=performance.id,
        version=performance.version,
        statement=declaration(),
        language=current_language(),
        submitted_at=performance.submitted_at,
    )


def _require_something_new(performance: Performance) -> None:
    if not performance.shown:
        raise Invalid(_("Add a text or a file first: there is nothing to look at yet."))
    if all(each.since_version <= performance.version for each in performance.shown):
        raise Invalid(_("Add what the assessors asked for first: nothing is new yet."))


def withdraw(performance_id: str, actor: Actor) -> Performance:
    """Return the performance, withdrawn: nobody rates it any more, and it counts for nothing."""
    found = held_performance(performance_id, actor)
    if found.state == PerformanceState.RESOLVED:
        raise Conflict(_("This work has been assessed; it can be withdrawn no more."))
    if found.state != PerformanceState.WITHDRAWN:
        found.state = PerformanceState.WITHDRAWN
        found.ended_at = clock.now()
        close_places(found)
        chain = audit.learner_chain(found.learner_id)
        audit.record(chain, "performance withdrawn", actor, found.id)
    return found
