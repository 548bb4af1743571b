"""What an assessor's desk shows: what waits, what is under way, and why there may be nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import rubrics
from assessment.access import Actor
from assessment.assessors.hours import usual_minutes
from assessment.errors import NoSuchRecord
from assessment.languages import wording
from assessment.locale import language
from assessment.performances.claiming import Queue, queue_of
from assessment.performances.eligibility import Choice
from assessment.performances.publishing import rubric_by_id
from assessment.performances.reach import Reach, Skill, reach_of

QUARTER = 15


class Emptiness(StrEnum):
    """Why nothing waits for somebody."""

    NOT_EMPTY = ""
    NO_GATE_PASSED = "no gate passed"
    """There is work, on rubrics whose gate they are not through."""
    FILTERED = "filtered"
    NOTHING = "nothing"
    """Whether others could take anything is not said: it would tell of a second look."""


@dataclass(frozen=True)
class Desk:
    """The desk of an assessor, of which `choice` shows a part."""

    queue: Queue
    choice: Choice
    minutes_left: int | None
    """About how long what is shown takes at the pace so far; None where that is not known."""
    why_empty: Emptiness
    closed: tuple[rubrics.Rubric, ...]
    """The rubrics on which they may not rate, before they are through the gate."""


def desk_of(actor: Actor, choice: Choice, reach: Reach | None = None) -> Desk:
    """Return the desk of an assessor; `reach` is what they reach, where that is known already."""
    reach = reach or reach_of(actor)
    queue = queue_of(actor, choice, reach)
    usual = usual_minutes(choice.rubric_key, actor) if queue.number else None
    return Desk(
        queue=queue,
        choice=choice,
        minutes_left=None if usual is None else _rounded(usual * queue.number),
        why_empty=_why_empty(queue, choice, actor, reach),
        closed=tuple(_rubrics(reach.closed)),
    )


def _why_empty(queue: Queue, choice: Choice, actor: Actor, reach: Reach) -> Emptiness:
    if queue.number:
        return Emptiness.NOT_EMPTY
    if choice != Choice() and queue_of(actor, reach=reach).number:
        return Emptiness.FILTERED
    if not reach.open and reach.closed:
        return Emptiness.NO_GATE_PASSED
    return Emptiness.NOTHING


def _rounded(minutes: float) -> int:
    """Return an estimate as people say it: minutes below an hour, then quarters, then hours."""
    if minutes < 60:
        return max(1, round(minutes))
    step = QUARTER if minutes < 180 else 60
    return step * round(minutes / step)


def _rubrics(skills: Iterable[Skill]) -> list[rubrics.Rubric]:
    """Return the rubrics of these skills, each once, by their keys."""
    newest = {each.rubric_key: each.newest_id for each in skills}
    return [rubric_by_id(newest[key]) for key in sorted(newest)]


def skills_in(reach: Reach) -> dict[str, str]:
    """Return the titles of the rubrics on which an assessor may rate, by their keys."""
    return {each.key: wording(each.title, language()) for each in _rubrics(reach.open)}


def rubric_within_reach(rubric_key: str, actor: Actor) -> rubrics.Rubric:
    """Return a rubric on which the actor rates or may come to; NoSuchRecord for any other."""
    skills = reach_of(actor).skills
    for each in _rubrics(each for each in skills if each.rubric_key == rubric_key):
        return each
    raise NoSuchRecord("rubric", rubric_key)
