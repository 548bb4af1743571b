"""Observers of a performance: whom learners name, what is asked, and what a call to them found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import rubrics
from assessment import clock
from assessment.access import Actor
from assessment.errors import Conflict, Forbidden
from assessment.extensions import db
from assessment.locale import gettext as _
from assessment.observations import service as observations
from assessment.observations.models import (
    Asks,
    Ending,
    Nomination,
    Observation,
    Reached,
)
from assessment.people import service as people
from assessment.performances.concluding import is_looked_at_again, resolutions_of
from assessment.performances.denied import require_not_denied
from assessment.performances.denying import denying
from assessment.performances.handling import Conflicts
from assessment.performances.models import ENDED, Performance, PerformanceState, Task
from assessment.performances.notices import tell_does_not_count
from assessment.performances.publishing import handling_of, policy_of, rubric_of
from assessment.performances.seen_so_far import SeenSoFar, seen_so_far
from assessment.performances.settling import settle
from assessment.performances.showing import held_performance, own_performance
from assessment.performances.without import require_same

ASKED = frozenset({observations.Stage.WAITING, observations.Stage.OPENED})


def takes_observers(task: Task) -> bool:
    """Return whether learners may name people who saw the work."""
    policy = policy_of(task)
    invites = handling_of(task).observers.invited
    return bool(policy.observable) and (policy.observers_needed > 0 or invites)


def name_observer(performance_id: str, named: observations.Named, actor: Actor) -> Nomination:
    """Return the nomination of somebody who saw this work; their link is on its way."""
    named = observations.checked(named)
    observations.admit(named, actor)
    found = _held(performance_id, actor)
    task = found.task
    subject = observations.Subject(found.learner_id, found.id, task.title, task.institution_id)
    require_not_denied(named, subject)
    return observations.nominate(named, subject, actor)


def _held(performance_id: str, actor: Actor) -> Performance:
    found = held_performance(performance_id, actor)
    if not takes_observers(found.task):
        raise Forbidden(_("Nobody is asked as an observer for this task."))
    if found.state in ENDED:
        raise Conflict(_("This work is assessed or withdrawn; nobody is asked about it any more."))
    return found


def ask_again(performance_id: str, nomination_id: str, actor: Actor) -> None:
    """Mail somebody the same link again."""
    own = own_performance(performance_id, actor)
    row = observations.of_performance(own.learner_id, own.id, nomination_id)
    observations.admit(observations.Named(name="", email=row.email or ""), actor)
    found = _held(performance_id, actor)
    row = observations.of_performance(found.learner_id, found.id, nomination_id)
    observations.resend(row, actor)


def take_back(performance_id: str, nomination_id: str, actor: Actor) -> None:
    """End the link of somebody, who is asked no more; a page that is open sends nothing."""
    found = held_performance(performance_id, actor)
    row = observations.of_performance(found.learner_id, found.id, nomination_id)
    observations.end(row, Ending.REVOKED, actor)


def terms_of(task: Task) -> observations.Terms:
    """Return what a task asks of observers."""
    policy, handling = policy_of(task), handling_of(task)
    return observations.Terms(
        rubric_key=task.rubric.key,
        rubric_version=task.rubric.version,
        criteria=tuple(each.key for each in policy.observable),
        levels=policy.rubric.scale,
        conflicts_count=handling.observers.conflicts == Conflicts.FLAG,
        cap_by_employer=handling.observers.cap_by_employer,
    )


@dataclass(frozen=True)
class Naming:
    """What a learner sees of those who were asked what they saw."""

    performance: Performance
    nominations: tuple[Nomination, ...]
    seen: tuple[observations.Seeing, ...]
    """What they said, once it is decided; nothing before."""
    so_far: SeenSoFar
    """How many have said so, as far as the learner is told."""
    is_decided: bool
    may_name: bool

    @property
    def needed(self) -> int:
        """How many have to say that they saw it."""
        return self.so_far.needed

    @property
    def counted(self) -> int:
        """How many have; until it is told what of it counts, all who have sent something."""
        return self.so_far.counted

    @property
    def is_told(self) -> bool:
        """Whether the learner reads what counts of what was sent."""
        return self.so_far.is_told

    @property
    def lacks_somebody(self) -> bool:
        """Whether fewer people are asked than are missing; one at an employer may name several."""
        asked = [each for each in self.nominations if observations.stage_of(each) in ASKED]
        return self.so_far.missing > len(asked) and all(each.asks == Asks.WHAT for each in asked)

    @property
    def unseen(self) -> tuple[rubrics.Criterion, ...]:
        """The criteria for which somebody else has to be named, as far as it is known."""
        return self.so_far.unseen if self.may_name else ()

    @property
    def criteria(self) -> tuple[rubrics.Criterion, ...]:
        """The criteria that observers are asked about."""
        return policy_of(self.performance.task).observable

    def level(self, key: str) -> rubrics.Level:
        """Return a level of the rubric."""
        rubric = rubric_of(self.performance.task.rubric)
        return rubric.levels[rubric.rank(key)]


def naming_of(performance: Performance) -> Naming:
    """Return what the owner of a performance sees of its observers."""
    key = (performance.learner_id, performance.id)
    decided_at = _decided_at(performance)
    return Naming(
        performance=performance,
        nominations=tuple(observations.nominations(*key)),
        seen=tuple(
            each
            for each in observations.seeings_of(*key)
            if decided_at is not None and each.received_at <= decided_at
        ),
        so_far=seen_so_far(performance),
        is_decided=decided_at is not None,
        may_name=takes_observers(performance.task) and performance.state not in ENDED,
    )


def _decided_at(performance: Performance) -> datetime | None:
    """Return up to when what was said is open to the learner; None while nothing was decided."""
    if performance.state == PerformanceState.RESOLVED and not is_looked_at_again(performance):
        return clock.now()
    return max((each.resolved_at for each in resolutions_of(performance)), default=None)


def keep_call(observation_id: str, found: Reached, actor: Actor, seen: str | None = None) -> None:
    """Keep what a call to a workplace found, with all that follows from it.

    `seen` is what a page said would follow: Conflict where it would be something else by now.
    """
    call = observations.call_of(observation_id, actor)
    people.lock_learner(call.learner_id)
    call = observations.call_of(observation_id, actor)
    if found is Reached.DENIED and seen is not None and call.outcome is None:
        require_same(seen, denying(observation_id, actor).would.seen)
    if observations.keep_call(call, found, actor):
        _settle_without(call.learner_id, observation_id, actor)


def _settle_without(learner_id: str, observation_id: str, actor: Actor) -> None:
    row = db.session.get_one(Observation, (learner_id, observation_id))
    key = (learner_id, row.performance_id)
    performance = db.session.get_one(Performance, key, populate_existing=True)
    was_over = performance.state in ENDED  # where its result falls now, that is told already
    settle(performance, actor)
    if not was_over and performance.state not in ENDED and seen_so_far(performance).missing:
        tell_does_not_count(performance, observation_id)


@dataclass(frozen=True)
class Given:
    """One observation that somebody gave: of which task, and when."""

    task_title: dict[str, str]
    observation: Observation


def given_by(actor: Actor) -> list[Given]:
    """Return what the actor said as an observer, the latest first."""
    return [
        Given(_performance(row.learner_id, row.performance_id).task.title, row)
        for row in observations.given_by(actor)
    ]


def _performance(learner_id: str, performance_id: str) -> Performance:
    return db.session.get_one(Performance, (learner_id, performance_id))
