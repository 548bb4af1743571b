"""Learners in projects: joining while there is a seat, leaving, and delivering."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from assessment import clock
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.errors import Conflict, Forbidden, Invalid
from assessment.extensions import db
from assessment.ids import new_id
from assessment.locale import gettext as _
from assessment.observations import service as observations
from assessment.observations.mailboxes import known_by
from assessment.people import service as people
from assessment.performances import service as performances
from assessment.performances.handling import EvidenceKind
from assessment.projects import files, letters, mates
from assessment.projects.finding import (
    held_part,
    held_project,
    learner_name,
    link_of,
    part_or_none,
    performance_of,
    team_of,
)
from assessment.projects.models import Participation, Project, ProjectState
from assessment.upsert import insert_once

LONGEST_DELIVERY = 20_000
LONGEST_SHARE = 500


def join(project_id: str, actor: Actor) -> Participation:
    """Return the learner's part in a project: taken now, or before; its performance is begun."""
    if actor.learner_id is None:
        raise Forbidden(_("Sign in to join a project."))
    people.lock_learner(actor.learner_id)
    project = held_project(project_id)
    there = part_or_none(project_id, actor)
    if there is not None:
        return there
    _require_joinable(project, actor.learner_id)
    task = performances.current_task(project.task_key)
    if task is None:
        raise Conflict(_("The task of this project is offered no more."))
    performance = performances.begin(task, actor)
    if not performances.is_editable(performance):
        raise Conflict(
            _(
                "You have handed in work for this task, and what you deliver could not be part of"
                " it. Join once that is decided, or withdraw it."
            )
        )
    part = _take_seat(project, performance.id, actor)
    _let_know(project, part)
    return part


def _let_know(project: Project, part: Participation) -> None:
    """Keep the contact of a project away from rating the work that they are shown."""
    if project.email is not None:
        key = (part.learner_id, part.performance_id, part.id)
        observations.keep_known(*key, project.email)


def _require_joinable(project: Project, learner_id: str) -> None:
    if project.state != ProjectState.OPEN or _is_over(project):
        raise Conflict(_("This project takes nobody any more."))
    person = people.person_of_learner(learner_id)
    if person is not None and known_by(person.email) == project.mailbox:
        raise Forbidden(_("This project is your own; you cannot do it for yourself."))
    if _left_delivered(project.id, learner_id):
        raise Conflict(
            _("You left a team that has delivered for this project. Choose another project.")
        )


def _left_delivered(project_id: str, learner_id: str) -> bool:
    """Return whether somebody has left a team, and may have read what it had delivered."""
    left = aliased(Participation)
    of_mates = exists().where(
        Participation.project_id == project_id,
        Participation.team == left.team,
        Participation.delivered_at < left.left_at,
    )
    rows = select(left.id).where(
        left.project_id == project_id, left.learner_id == learner_id, of_mates
    )
    return db.session.scalar(rows.limit(1)) is not None


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
    """Give a seat back before one has delivered; the learner's own evidence stays theirs.

    Whoever leaves a team that has delivered does not come back.
    """
    held = held_part(project_id, actor)
    if held.part.delivered_at is not None:
        raise Conflict(_("You have delivered; you can leave no more."))
    held_project(project_id)
    mates.end_all(held.part)
    observations.forget_known(held.part.learner_id, held.part.id)
    held.part.left_at = clock.now()
    files.let_go(held.part)
    db.session.flush()
    _record("project left", held.part.learner_id, held.part.id, actor)


@dataclass(frozen=True)
class Typed:
    """What a learner delivers in words; in a team, with what they did themselves."""

    text: str
    own: str = ""
    seen: str = ""
    """The mark of the draft that it was typed over, where one was shown."""

    @classmethod
    def of(cls, text: str, own: str = "", seen: str = "") -> Typed:
        """Return what was typed, in the form in which it is kept."""
        return cls(text.replace("\r\n", "\n").strip(), " ".join(own.split()), seen)


def mark_of(part: Participation) -> str:
    """Return by what a window says which draft it shows."""
    drafted = f"{part.delivery}\n{part.own_share}" if part.own_share else part.delivery
    return hashlib.sha256(drafted.encode()).hexdigest()[:16]


def _require_fresh(part: Participation, typed: Typed) -> None:
    """Refuse what was typed over a draft that another window has changed since."""
    is_same = (typed.text, typed.own) == (part.delivery, part.own_share)
    if typed.seen and not is_same and typed.seen != mark_of(part):
        raise Conflict(
            _(
                "This text was changed in another window since you opened this one. Both are here:"
                " make one of them, and send it again."
            ),
            field="text",
        )


def deliver(project_id: str, typed: Typed, actor: Actor) -> Participation:
    """Return the part with what was delivered; the employer is told, and sees it once.

    What is delivered is a piece of the learner's performance as well, where that can still be
    changed. From the first of a team on, the team stays as it is.
    """
    held = held_part(project_id, actor)
    held_project(project_id)
    part = held.part
    if part.delivered_at is not None:
        raise Conflict(_("You have delivered already; it changes no more."))
    if _is_over(held.project):
        raise Conflict(_("The day to deliver has passed."))
    _require_fresh(part, typed)
    _require_words(typed.text)
    size = len(team_of(part))
    _require_share(typed.own, is_needed=size > 1)
    files.require_visible(part)
    _keep(part, typed, size, actor)
    _record("project delivered", part.learner_id, part.id, actor)
    letter = letters.delivering(held.project, learner_name(part), link_of(held.project))
    letters.mail_employer(held.project, letter, part.id)
    return part


def _keep(part: Participation, typed: Typed, size: int, actor: Actor) -> None:
    part.delivery, part.delivered_at = typed.text, clock.now()
    part.own_share = typed.own if size > 1 else ""
    mates.end_all(part)
    db.session.flush()
    part.pieces = _attached(part, size, actor)
    db.session.flush()


def draft(project_id: str, typed: Typed, actor: Actor) -> None:
    """Keep what is typed so far; nobody else sees it."""
    part = files.open_part(project_id, actor)
    _require_fresh(part, typed)
    if typed.text:
        _require_words(typed.text)
    _require_share(typed.own, is_needed=False)
    part.delivery, part.own_share = typed.text, typed.own
    db.session.flush()
    _record("delivery drafted", part.learner_id, part.id, actor)


def _require_words(typed: str) -> None:
    if not typed or len(typed) > LONGEST_DELIVERY:
        sentence = _("Write what you deliver, in at most %(n)s characters.", n=LONGEST_DELIVERY)
        raise Invalid(sentence, field="text")


def _require_share(own: str, *, is_needed: bool) -> None:
    if len(own) > LONGEST_SHARE or (is_needed and not own):
        sentence = _("Say in at most %(n)s characters what you did yourself.", n=LONGEST_SHARE)
        raise Invalid(sentence, field="own")


def _attached(part: Participation, size: int, actor: Actor) -> list[str]:
    """Return what became pieces of the performance, by ids: all of it that still fits.

    It is attached as showing all that the task can.
    """
    performance = performance_of(part)
    if not performances.is_editable(performance):
        return []
    everywhere = {each.key: "" for each in performances.policy_of(performance.task).shown}
    made: list[str] = []
    texts = [_share_of(part, size), part.delivery] if size > 1 else [part.delivery]
    sizes = [len(each.encode()) for each in texts]
    if takes_words(part) and performances.has_room(performance, *sizes):
        added = [performances.add_text(performance.id, each, everywhere, actor) for each in texts]
        made.append(added[-1].artefact_id)
    return [*made, *files.attach(part, everywhere, actor)]


def takes_words(part: Participation) -> bool:
    """Return whether what is delivered in words can be a piece of the performance."""
    task = performance_of(part).task
    return EvidenceKind.TEXT in performances.handling_of(task).evidence


def number_left_out(part: Participation) -> int:
    """Return how many texts and files of what was delivered are no pieces of the performance."""
    return int(takes_words(part)) + len(files.files_of(part)) - len(part.pieces)


def _share_of(part: Participation, size: int) -> str:
    return _(
        "Done in a team of %(n)s people. What I did myself: %(sentence)s",
        n=size,
        sentence=part.own_share,
    )


def _record(act: str, learner_id: str, part_id: str, actor: Actor) -> None:
    audit.record(audit.learner_chain(learner_id), act, actor, part_id)
