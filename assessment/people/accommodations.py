"""Accommodations: the time and the form of every test, set once per person.

An institution may set any multiple of the time up to 5, minutes on top, and questions that need
no sight. Learners give themselves extra time, breaks and questions that need no sight, at once,
up to the limits of the institution that assesses them. The larger multiple counts, never their
product: somebody who has 1.5 from an institution and chose 1.25 has 1.5.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sqlalchemy import func, select

from assessment import clock
from assessment.access import Action, Actor, require_at
from assessment.audit import service as audit
from assessment.errors import Conflict, Forbidden, Invalid
from assessment.extensions import db
from assessment.jobs import service as jobs
from assessment.locale import gettext as _
from assessment.people.institutions import LARGEST_MULTIPLE
from assessment.people.learners import lock_learner
from assessment.people.models import Accommodation, Institution
from assessment.upsert import insert_once

LARGEST_ADDITION = 600
APPLY_ALLOWANCE = "sittings.apply_allowance"
"""The job that gives a changed allowance to the learner's running sittings."""


@dataclass(frozen=True)
class Allowance:
    """What one learner is given in every test."""

    multiplier: float = 1.0
    added_minutes: int = 0
    break_minutes: int = 0
    without_sight: bool = False

    def extend(self, minutes: int) -> int:
        """Return the minutes that this learner has where others have `minutes`.

        minutes * multiplier, rounded up, + added_minutes + break_minutes: the clock does not stop
        in a break, the deadline lies later by as much.
        """
        extended = math.ceil(round(minutes * self.multiplier, 6))  # 40 * 1.1 is 44.000000000000006
        return extended + self.added_minutes + self.break_minutes


@dataclass(frozen=True)
class SelfServiceLimits:
    """How far learners may help themselves."""

    multiplier: float
    break_minutes: int


NO_ALLOWANCE = Allowance()


def allowance(learner_id: str, institution_id: str | None = None) -> Allowance:
    """Return what this learner is given where `institution_id` assesses.

    Without an institution, what learners chose themselves counts as far as every institution
    of this installation would let it.
    """
    times = select(func.min(Institution.self_service_time_limit))
    breaks = select(func.min(Institution.self_service_break_limit))
    if institution_id is not None:
        times = times.where(Institution.id == institution_id)
        breaks = breaks.where(Institution.id == institution_id)
    row = db.session.execute(
        select(Accommodation, times.scalar_subquery(), breaks.scalar_subquery()).where(
            Accommodation.learner_id == learner_id
        )
    ).one_or_none()
    return NO_ALLOWANCE if row is None else _within(row[0], row[1], row[2])


def _within(stored: Accommodation, time_limit: float | None, break_limit: int | None) -> Allowance:
    return Allowance(
        multiplier=max(stored.multiplier, min(stored.own_multiplier, time_limit or 1.0)),
        added_minutes=stored.added_minutes,
        break_minutes=min(stored.own_break_minutes, break_limit or 0),
        without_sight=stored.without_sight or stored.own_without_sight,
    )


def time_allowed(minutes: int, given: Allowance) -> str:
    """Return the time of a test as its taker reads it: "60 min (extended from 40)"."""
    extended = given.extend(minutes)
    if extended == minutes:
        return _("%(minutes)s min", minutes=minutes)
    return _("%(extended)s min (extended from %(minutes)s)", extended=extended, minutes=minutes)


def accommodation_of(learner_id: str) -> Accommodation:
    """Return what is stored for this learner: what an institution set, and what they chose.

    An unsaved row with nothing in it, where there is none: a page that shows it writes nothing.
    """
    return db.session.get(Accommodation, learner_id) or _blank(learner_id)


def _blank(learner_id: str) -> Accommodation:
    return Accommodation(learner_id=learner_id, **_NOTHING_SET)


_NOTHING_SET = {
    "multiplier": 1.0,
    "added_minutes": 0,
    "own_multiplier": 1.0,
    "own_break_minutes": 0,
    "without_sight": False,
    "own_without_sight": False,
}


def self_service_limits() -> SelfServiceLimits:
    """Return the farthest that any institution lets learners help themselves."""
    times, breaks = db.session.execute(
        select(
            func.max(Institution.self_service_time_limit),
            func.max(Institution.self_service_break_limit),
        )
    ).one()
    return SelfServiceLimits(times or 1.0, breaks or 0)


def set_own_allowance(
    *, multiplier: float, break_minutes: int, without_sight: bool, actor: Actor
) -> Allowance:
    """Return the learner's new allowance, which they gave themselves; running sittings follow."""
    if actor.learner_id is None:
        raise Forbidden(_("Sign in to set your own extra time."))
    limits = self_service_limits()
    if not 1 <= multiplier <= limits.multiplier:
        sentence = _("Extra time is a multiple from 1 to %(limit)g.", limit=limits.multiplier)
        raise Invalid(sentence, field="multiplier")
    if not 0 <= break_minutes <= limits.break_minutes:
        sentence = _("Breaks are from 0 to %(limit)s minutes.", limit=limits.break_minutes)
        raise Invalid(sentence, field="break_minutes")
    stored = _locked(actor.learner_id)
    stored.own_multiplier = multiplier
    stored.own_break_minutes = break_minutes
    stored.own_without_sight = without_sight
    return _changed(stored, "accommodation chosen", actor)


def set_accommodation(
    learner_id: str,
    *,
    institution_id: str,
    multiplier: float,
    added_minutes: int,
    without_sight: bool,
    actor: Actor,
) -> Allowance:
    """Return the learner's new allowance, which an institution set; it counts in every test."""
    require_at(actor, Action.MANAGE_PEOPLE, institution_id)
    if not 1 <= multiplier <= LARGEST_MULTIPLE:
        sentence = _("The time is multiplied by 1 to %(limit)g.", limit=LARGEST_MULTIPLE)
        raise Invalid(sentence, field="multiplier")
    if not 0 <= added_minutes <= LARGEST_ADDITION:
        sentence = _("Added time is from 0 to %(limit)s minutes.", limit=LARGEST_ADDITION)
        raise Invalid(sentence, field="added_minutes")
    stored = _locked(learner_id)
    _refuse_lowering(stored, institution_id, multiplier, added_minutes, without_sight)
    stored.multiplier = multiplier
    stored.added_minutes = added_minutes
    stored.without_sight = without_sight
    stored.set_by_institution_id = institution_id
    return _changed(stored, "accommodation set", actor, institution=institution_id)


def _refuse_lowering(
    stored: Accommodation, institution_id: str, multiplier: float, added: int, sight: bool
) -> None:
    other = stored.set_by_institution_id
    less = multiplier < stored.multiplier or added < stored.added_minutes
    if other not in (None, institution_id) and (less or (stored.without_sight and not sight)):
        raise Conflict(_("Another institution set more than this. Only it may set less."))


def _locked(learner_id: str) -> Accommodation:
    lock_learner(learner_id)
    insert_once(Accommodation, learner_id=learner_id, updated_at=clock.now(), **_NOTHING_SET)
    return db.session.get_one(Accommodation, learner_id)


def _changed(stored: Accommodation, act: str, actor: Actor, **details: str) -> Allowance:
    stored.updated_at = clock.now()
    db.session.flush()
    given = allowance(stored.learner_id)
    chain = audit.learner_chain(stored.learner_id)
    audit.record(chain, act, actor, stored.learner_id, **vars(given), **details)
    jobs.enqueue(APPLY_ALLOWANCE, {"learner_id": stored.learner_id})
    return given
