"""What an assessor reaches: the rubrics of their institutions, and of those that name these."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, or_, select
from sqlalchemy.orm import aliased

from assessment import clock
from assessment.access import Action, Actor, institutions_for
from assessment.extensions import db
from assessment.people.models import Person
from assessment.performances.models import RubricVersion, Task
from assessment.performances.partners import lenders
from assessment.performances.qualifications import shut


@dataclass(frozen=True)
class Skill:
    """A rubric on which somebody could rate at an institution."""

    institution_id: str
    rubric_key: str
    newest_id: str
    """The latest version of the rubric."""
    is_closed: bool
    """Whether it has a gate which they are not through."""
    is_lent: bool
    """Whether the institution is a partner's, and not their own."""


@dataclass(frozen=True)
class Reach:
    """What an assessor reaches, asked once and passed on: every statement costs."""

    email: str = ""
    skills: tuple[Skill, ...] = ()

    @property
    def places(self) -> frozenset[str]:
        """The institutions whose work they may have: theirs and partners', where there is any."""
        return frozenset(each.institution_id for each in self.skills)

    @property
    def open(self) -> tuple[Skill, ...]:
        """The rubrics on which they may rate."""
        return tuple(each for each in self.skills if not each.is_closed)

    @property
    def closed(self) -> tuple[Skill, ...]:
        """The rubrics whose gate keeps them out."""
        return tuple(each for each in self.skills if each.is_closed)


def reach_of(actor: Actor, task_key: str | None = None) -> Reach:
    """Return what an assessor reaches, of one task where that is asked for."""
    own = institutions_for(actor, Action.ASSESS)
    if not own or actor.person_id is None:
        return Reach()
    asked = {"person": actor.person_id, "among": sorted(own), "moment": clock.now()}
    rows = db.session.execute(_statement(bool(task_key)), {**asked, "task": task_key}).all()
    skills = tuple(
        Skill(institution, key, newest, bool(is_closed), institution not in own)
        for institution, key, newest, is_closed, _email in rows
    )
    return Reach(email=rows[0][-1] if rows else "", skills=skills)


@cache
def _statement(of_task: bool) -> Select[str, str, str, bool, str]:
    """Return the query, built once: building it costs more than running it."""
    among: BindParameter[Any] = bindparam("among", expanding=True)
    rows = (
        select(Task.institution_id, RubricVersion.key)
        .join(RubricVersion, Task.rubric_id == RubricVersion.id)
        .where(or_(Task.institution_id.in_(among), Task.institution_id.in_(lenders(among))))
        .distinct()
    )
    pairs = (rows.where(Task.key == bindparam("task")) if of_task else rows).subquery()
    newest = aliased(RubricVersion)
    latest = select(newest.id).where(newest.key == pairs.c.key).order_by(newest.version.desc())
    email = select(Person.email).where(Person.id == bindparam("person")).scalar_subquery()
    key: ColumnElement[str] = pairs.c.key
    return select(
        pairs.c.institution_id, key, latest.limit(1).scalar_subquery(), shut(key), email
    ).order_by(pairs.c.institution_id, key)
