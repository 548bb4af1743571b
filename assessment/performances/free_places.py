"""What an assessor may take: in the order in which it is due, by what they may and want to rate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import product
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Select,
    and_,
    bindparam,
    select,
    true,
    tuple_,
    union_all,
)

from assessment.access import Action, Actor, institutions_for
from assessment.extensions import db
from assessment.languages import LANGUAGES
from assessment.performances.eligibility import (
    Choice,
    Who,
    is_free,
    own_or_lent,
    who_is,
    with_performance,
)
from assessment.performances.models import (
    Assignment,
    Performance,
    RubricVersion,
    Task,
)
from assessment.performances.partners import lenders_to
from assessment.performances.qualifications import closed_rubrics

MOST_POOLS = 60
"""Beyond so many pools, one query over all is faster than one for each."""


@dataclass(frozen=True)
class _Pool:
    """Places that an index keeps together, in the order of the queue."""

    institution_id: str
    rubric_key: str
    language: str
    is_lent: bool
    """Whether its institution is a partner's, and not the assessor's own."""


def rubrics_within_reach(actor: Actor) -> frozenset[str]:
    """Return the keys of the rubrics that an assessor may rate on, where they may rate."""
    return frozenset(each.rubric_key for each in _pools(actor, Choice()))


def _pools(actor: Actor, choice: Choice) -> list[_Pool]:
    """Return where to look for what an assessor may take and asks for."""
    own = institutions_for(actor, Action.ASSESS)
    if not own or actor.person_id is None:
        return []
    lent = lenders_to(own) - own
    languages = [choice.language] if choice.language else [*LANGUAGES]
    closed = closed_rubrics(actor.person_id)
    skills = [each for each in _skills(own | lent, choice) if each[1] not in closed]
    return [
        _Pool(institution, key, language, institution in lent)
        for (institution, key), language in product(skills, languages)
    ]


def _skills(institutions: frozenset[str], choice: Choice) -> list[tuple[str, str]]:
    found = db.session.execute(
        _skills_statement(bool(choice.rubric_key), bool(choice.task_key)),
        {"among": institutions, "rubric": choice.rubric_key, "task": choice.task_key},
    )
    return sorted((institution, key) for institution, key in found)


@cache
def _skills_statement(of_rubric: bool, of_task: bool) -> Select[str, str]:
    rows = (
        select(Task.institution_id, RubricVersion.key)
        .join(RubricVersion, Task.rubric_id == RubricVersion.id)
        .where(Task.institution_id.in_(bindparam("among", expanding=True)))
        .distinct()
    )
    if of_rubric:
        rows = rows.where(RubricVersion.key == bindparam("rubric"))
    return rows.where(Task.key == bindparam("task")) if of_task else rows


def first_free(actor: Actor, choice: Choice, most: int) -> Sequence[str]:
    """Return the ids of what an assessor may take, the first in the queue first."""
    pools = _pools(actor, choice)
    if not pools:
        return ()
    given: dict[str, Any] = {**who_is(actor).values, "most": most, "task": choice.task_key}
    if len(pools) > MOST_POOLS:
        given["pools"] = [(each.institution_id, each.rubric_key, each.language) for each in pools]
        return _ids(_one_statement(bool(choice.task_key)), given)
    for number, each in enumerate(pools):
        given[f"institution{number}"] = each.institution_id
        given[f"rubric{number}"] = each.rubric_key
        given[f"language{number}"] = each.language
    lent = tuple(each.is_lent for each in pools)
    return _ids(_statement(lent, bool(choice.task_key)), given)


def _ids(statement: Executable, given: dict[str, Any]) -> list[str]:
    return [row[0] for row in db.session.execute(statement, given)]


@cache
def _statement(lent: tuple[bool, ...], of_task: bool) -> Executable:
    """Return the query of so many pools, built once: building it costs more than running it."""
    each = [
        _in_order(_pool(number), Who.bound(), of_task=of_task, is_lent=is_lent)
        for number, is_lent in enumerate(lent)
    ]
    if len(each) == 1:
        return each[0]
    together = union_all(*(select(one.subquery()) for one in each)).subquery()
    rows = select(together.c.id).order_by(together.c.turn_at, together.c.id)
    return rows.limit(bindparam("most"))


def _pool(number: int) -> ColumnElement[bool]:
    return and_(
        Assignment.institution_id == bindparam(f"institution{number}"),
        Assignment.rubric_key == bindparam(f"rubric{number}"),
        Assignment.language == bindparam(f"language{number}"),
    )


@cache
def _one_statement(of_task: bool) -> Executable:
    """Return the query of any number of pools."""
    keys = tuple_(Assignment.institution_id, Assignment.rubric_key, Assignment.language)
    within = keys.in_(bindparam("pools", expanding=True))
    return _in_order(within, Who.bound(), of_task=of_task, is_lent=True)


def _in_order(
    pool: ColumnElement[bool], who: Who, *, of_task: bool, is_lent: bool
) -> Select[str, datetime]:
    task = with_performance(Performance.task_key == bindparam("task")) if of_task else true()
    lent = own_or_lent(who) if is_lent else true()
    rows = select(Assignment.id, Assignment.turn_at).where(pool, is_free(who), task, lent)
    return rows.order_by(Assignment.turn_at, Assignment.id).limit(bindparam("most"))


@dataclass(frozen=True)
class Waiting:
    """One place that waits for somebody: what it is about, and since when; never whose it is."""

    title: dict[str, str]
    since: datetime
    due_at: datetime
    risk: int
    rubric_key: str
    language: str
    task_key: str


def waiting(ids: Sequence[str]) -> Iterator[Waiting]:
    """Yield what these places are about, the first in the queue first."""
    for row in db.session.execute(_WAITING, {"ids": list(ids)}):
        yield Waiting(*row)


_WAITING = (
    select(
        Task.title,
        Assignment.waiting_since,
        Assignment.due_at,
        Assignment.risk,
        Assignment.rubric_key,
        Assignment.language,
        Task.key,
    )
    .join(Assignment.performance)
    .join(Performance.task)
    .where(Assignment.id.in_(bindparam("ids", expanding=True)))
    .order_by(Assignment.turn_at, Assignment.id)
)


def number_waiting(actor: Actor, choice: Choice, most: int) -> int:
    """Return how many places an assessor may take, counted up to `most`."""
    return len(first_free(actor, choice, most))
