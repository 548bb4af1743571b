"""Learners in projects: joining while there is a seat, leaving, and delivering."""

from __future__ import annotations

import hashlib

from sqlalchemy import select

from assessment import clock
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.errors import Conflict, Forbidden, Invalid
from assessment.extensions import db
from assessment.ids import new_id
from assessment.locale import gettext as _
from assessment.observations.mailboxes import canonical
from assessment.people import service as people
from assessment.performances import service as performances
from assessment.performances.handling import EvidenceKind
from assessment.projects import files, letters
from assessment.projects.finding import (
    held_part,
    learner_name,
    link_of,
    part_or_none,
    performance_of,
    published,
)
from assessment.projects.models import Participation, Project, ProjectState
from assessment.upsert import insert_once

LONGEST_DELIVERY = 20_000


def join(project_id: str, actor: Actor) -> Participation:
    """Return the learner's part in a project: taken now, or before; its performance is begun."""
    if actor.learner_id is None:
        raise Forbidden(_("Sign in to join a project."))
    people.lock_learner(actor.learner_id)
    project = _held(project_id)
    there = part_or_none(project_id, actor)
    if there is not None:
        return there
    _require_joinable(project, actor.learner_id)
    task = performances.current_task(project.task_key)
    if task is None:
        raise Conflict(_("The task of this project is offered no more."))
    return _take_seat(project, performances.begin(task, actor).id, actor)


def _held(project_id: str) -> Project:
    """Return a published project, locked, so that its seats are taken one after the other."""
    found = published(project_id)
    db.session.refresh(found, with_for_update=True)
    return found


def _require_joinable(project: Project, learner_id: str) -> None:
    if project.state != ProjectState.OPEN or _is_over(project):
        raise Conflict(_("This project takes nobody any more."))
    person = people.person_of_learner(learner_id)
    if person is not None and canonical(person.email) == canonical(project.email):
        raise Forbidden(_("This project is your own; you cannot do it for yourself."))


def _is_over(project: Project) -> bool:
    return project.due_at is None or project.due_at <= clock.now()


def _take_seat(project: Project, performance_id: str, actor: Actor) -> Participation:
    """Return a part with the first free seat; a unique key decides between two who want it."""
    learner_id, part_id = actor.learner_id or "", new_id()
    rows = select(Participation.seat).filter_by(project_id=project.id, left_at=None)
    free = sorted(set(range(1, project.seats + 1)) - set(db.session.scalars(rows)))
    made = bool(free) and insert_once(
        Participation,
        learner_id=learner_id,
        id=part_id,
        project_id=project.id,
        performance_id=performance_id,
        seat=free[0],
        joined_at=clock.now(),
        delivery="",
        by_own_device=False,
        learner_said="",
    )
    if not made:
        raise Conflict(_("Every place in this project is taken."))
    _record("project joined", learner_id, part_id, actor)
    return db.session.get_one(Participation, (learner_id, part_id))


def leave(project_id: str, actor: Actor) -> None:
    """Give a seat back before anything is delivered; the learner's own evidence stays theirs."""
    held = held_part(project_id, actor)
    if held.part.delivered_at is not None:
        raise Conflict(_("You have delivered; you can leave no more."))
    held.part.left_at = clock.now()
    files.let_go(held.part)
    db.session.flush()
    _record("project left", held.part.learner_id, held.part.id, actor)


def mark_of(drafted: str) -> str:
    """Return by what a window says which draft it shows."""
    return hashlib.sha256(drafted.encode()).hexdigest()[:16]


def _require_fresh(part: Participation, typed: str, seen: str) -> None:
    """Refuse what was typed over a draft that another window has changed since."""
    if seen and typed != part.delivery and seen != mark_of(part.delivery):
        raise Conflict(
            _(
                "This text was changed in another window since you opened this one. Both are here:"
                " make one of them, and send it again."
            ),
            field="text",
        )


def deliver(project_id: str, text: str, actor: Actor, seen: str = "") -> Participation:
    """Return the part with what was delivered; the employer is told, and sees it once.

    `seen` is the mark of the draft that it was typed over, where one was shown. What is delivered
    is a piece of the learner's performance as well, where that can still be changed.
    """
    held = held_part(project_id, actor)
    part, typed = held.part, text.replace("\r\n", "\n").strip()
    if part.delivered_at is not None:
        raise Conflict(_("You have delivered already; it changes no more."))
    if _is_over(held.project):
        raise Conflict(_("The day to deliver has passed."))
    _require_fresh(part, typed, seen)
    _require_words(typed)
    files.require_visible(part)
    part.delivery, part.delivered_at = typed, clock.now()
    db.session.flush()
    _attach(part, actor)
    _record("project delivered", part.learner_id, part.id, actor)
    letter = letters.delivering(held.project, learner_name(part), link_of(held.project))
    letters.mail_employer(held.project, letter, part.id)
    return part


def draft(project_id: str, text: str, actor: Actor, seen: str = "") -> None:
    """Keep what is typed so far; nobody else sees it."""
    part, typed = files.open_part(project_id, actor), text.replace("\r\n", "\n").strip()
    _require_fresh(part, typed, seen)
    if typed:
        _require_words(typed)
    part.delivery = typed
    db.session.flush()
    _record("delivery drafted", part.learner_id, part.id, actor)


def _require_words(typed: str) -> None:
    if not typed or len(typed) > LONGEST_DELIVERY:
        sentence = _("Write what you deliver, in at most %(n)s characters.", n=LONGEST_DELIVERY)
        raise Invalid(sentence, field="text")


def _attach(part: Participation, actor: Actor) -> None:
    """Make what was delivered a piece of the performance, as showing all that the task can."""
    performance = performance_of(part)
    if not performances.is_editable(performance):
        return
    everywhere = {each.key: "" for each in performances.policy_of(performance.task).shown}
    if EvidenceKind.TEXT in performances.handling_of(performance.task).evidence:
        performances.add_text(performance.id, part.delivery, everywhere, actor)
    files.attach(part, everywhere, actor)


def _record(act: str, learner_id: str, part_id: str, actor: Actor) -> None:
    audit.record(audit.learner_chain(learner_id), act, actor, part_id)
