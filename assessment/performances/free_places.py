"""What an assessor may take: in the order in which it is due, by what they may and want to rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import product
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    func,
    select,
    true,
    tuple_,
    union_all,
)

from assessment.access import Actor
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
    Task,
)
from assessment.performances.reach import Reach, reach_of

MOST_POOLS = 60
"""Beyond so many pools, one query over all is faster than one for each."""
Shape = tuple[bool, ...] | None
"""Which of the pools are lent; None for too many pools."""


@dataclass(frozen=True)
class _Pool:
    """Places that an index keeps together, in the order of the queue."""

    institution_id: str
    rubric_key: str
    language: str
    is_lent: bool
    """Whether its institution is a partner's, and not the assessor's own."""


def _pools(reach: Reach, choice: Choice) -> list[_Pool]:
    """Return where to look for what an assessor may take and asks for."""
    languages = [choice.language] if choice.language else [*LANGUAGES]
    skills = [each for each in reach.open if choice.rubric_key in {None, each.rubric_key}]
    return [
        _Pool(each.institution_id, each.rubric_key, language, each.is_lent)
        for each, language in product(skills, languages)
    ]


def first_free(actor: Actor, choice: Choice, most: int) -> Sequence[str]:
    """Return the ids of what an assessor may take, the first in the queue first."""
    reach = reach_of(actor, choice.task_key)
    pools = _pools(reach, choice)
    if not pools:
        return ()
    given = _given(pools, who_is(actor, reach.email), choice, most)
    found = db.session.execute(_statement(_shape(pools), bool(choice.task_key)), given)
    return [row[0] for row in found]


def _given(pools: Sequence[_Pool], who: Who, choice: Choice, most: int) -> dict[str, Any]:
    """Return the values of a statement over these pools."""
    given: dict[str, Any] = {**who.values, "most": most, "task": choice.task_key}
    if len(pools) > MOST_POOLS:
        given["pools"] = [(each.institution_id, each.rubric_key, each.language) for each in pools]
        return given
    for number, each in enumerate(pools):
        given[f"institution{number}"] = each.institution_id
        given[f"rubric{number}"] = each.rubric_key
        given[f"language{number}"] = each.language
    return given


def _shape(pools: Sequence[_Pool]) -> Shape:
    return None if len(pools) > MOST_POOLS else tuple(each.is_lent for each in pools)


@cache
def _statement(shape: Shape, of_task: bool) -> Select[str, datetime, str]:
    """Return the query of so many pools, built once: building it costs more than running it."""
    if shape is None:
        return _one_statement(of_task)
    each = [
        _in_order(_pool(number), Who.bound(), of_task=of_task, is_lent=is_lent)
        for number, is_lent in enumerate(shape)
    ]
    if len(each) == 1:
        return each[0]
    together = union_all(*(select(one.subquery()) for one in each)).subquery()
    columns = (together.c.id, together.c.turn_at, together.c.performance_id)
    rows = select(*columns).order_by(together.c.turn_at, together.c.id)
    return rows.limit(bindparam("most"))


def _pool(number: int) -> ColumnElement[bool]:
    return and_(
        Assignment.institution_id == bindparam(f"institution{number}"),
        Assignment.rubric_key == bindparam(f"rubric{number}"),
        Assignment.language == bindparam(f"language{number}"),
    )


def _one_statement(of_task: bool) -> Select[str, datetime, str]:
    """Return the query of any number of pools."""
    keys = tuple_(Assignment.institution_id, Assignment.rubric_key, Assignment.language)
    within = keys.in_(bindparam("pools", expanding=True))
    return _in_order(within, Who.bound(), of_task=of_task, is_lent=True)


def _in_order(
    pool: ColumnElement[bool], who: Who, *, of_task: bool, is_lent: bool
) -> Select[str, datetime, str]:
    task = with_performance(Performance.task_key == bindparam("task")) if of_task else true()
    lent = own_or_lent(who) if is_lent else true()
    columns = (Assignment.id, Assignment.turn_at, Assignment.performance_id)
    rows = select(*columns).where(pool, is_free(who), task, lent)
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


@dataclass(frozen=True)
class Line:
    """The head of what an assessor may take, and how many performances there are of it.

    Nobody takes two places of one performance, so that it is listed and counted once.
    """

    waiting: tuple[Waiting, ...] = ()
    number: int = 0
    places: int = 0
    """How many places were looked at; at the most that were asked for, there may be more."""


def line_of(reach: Reach, actor: Actor, choice: Choice, counted: int, listed: int) -> Line:
    """Return so many of what an assessor may take, the first in the queue first, and the number
    of performances among the first `counted` places."""
    pools = _pools(reach, choice)
    if not pools:
        return Line()
    given = _given(pools, who_is(actor, reach.email), choice, counted)
    statement = _listing(_shape(pools), bool(choice.task_key))
    found = db.session.execute(statement, {**given, "listed": listed}).all()
    if not found:
        return Line()
    number, places = found[0][:2]
    return Line(tuple(Waiting(*row[2:]) for row in found), number, places)


@cache
def _listing(shape: Shape, of_task: bool) -> Select[*tuple[Any, ...]]:
    """Return the query of what the first of so many counted places are about."""
    every = _statement(shape, of_task).subquery()
    in_order = (every.c.turn_at, every.c.id)
    rank = func.row_number().over(partition_by=every.c.performance_id, order_by=in_order)
    places = func.count().over().label("places")
    ranked = select(every.c.id, every.c.turn_at, rank.label("rank"), places).subquery()
    number = func.count().over().label("number")
    rows = (
        select(ranked.c.id, ranked.c.turn_at, number, ranked.c.places)
        .where(ranked.c.rank == 1)
        .order_by(ranked.c.turn_at, ranked.c.id)
    )
    head = rows.limit(bindparam("listed")).subquery()
    return (
        select(
            head.c.number,
            head.c.places,
            Task.title,
            Assignment.waiting_since,
            Assignment.due_at,
            Assignment.risk,
            Assignment.rubric_key,
            Assignment.language,
            Task.key,
        )
        .select_from(head)
        .join(Assignment, Assignment.id == head.c.id)
        .join(Assignment.performance)
        .join(Performance.task)
        .order_by(head.c.turn_at, head.c.id)
    )


def number_waiting(actor: Actor, choice: Choice, most: int) -> int:
    """Return how many places an assessor may take, counted up to `most`."""
    return len(first_free(actor, choice, most))
