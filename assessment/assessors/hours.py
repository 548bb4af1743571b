"""What an assessor has rated, when, and how long it took: for their pay, and for an estimate."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from statistics import median

from sqlalchemy import Select, bindparam, select

from assessment.access import Actor
from assessment.cells import safe
from assessment.extensions import db
from assessment.languages import wording
from assessment.locale import language
from assessment.people import service as people
from assessment.performances.claiming import LIVE
from assessment.performances.eligibility import has_role
from assessment.performances.models import Assignment, AssignmentState, Performance, RatingRow, Task
from assessment.performances.partners import within_reach

LONGEST = timedelta(hours=1)
"""What one rating counts for at most: whoever is away for longer has left the desk."""
FEWEST = 5
"""So many ratings tell how long one takes."""
MOST_READ = 200
COLUMNS = ("rated_on", "institution", "task", "title", "begun_at", "released_at", "minutes")
"""Names for programs, in no language; one row a rating."""


@dataclass(frozen=True)
class Stint:
    """One rating that was released, and the time that it took; of whose work it says nothing."""

    task_key: str
    title: dict[str, str]
    institution_id: str
    begun_at: datetime
    released_at: datetime

    @property
    def minutes(self) -> int:
        """How long it took, begun minutes counted whole."""
        taken = min(self.released_at - self.begun_at, LONGEST)
        return max(1, -(-int(taken.total_seconds()) // 60))


def stints_of(actor: Actor) -> list[Stint]:
    """Return what the actor has rated where they still rate, the latest first."""
    rows = (
        select(
            Task.key,
            Task.title,
            Assignment.institution_id,
            RatingRow.begun_at,
            RatingRow.released_at,
        )
        .select_from(Assignment)
        .join(RatingRow, RatingRow.assignment_id == Assignment.id)
        .join(Assignment.performance)
        .join(Performance.task)
        .where(
            Assignment.person_id == actor.person_id,
            Assignment.state == AssignmentState.RELEASED,
            Assignment.role.in_(LIVE),
            Assignment.institution_id.in_(within_reach(actor)),
            RatingRow.person_id == actor.person_id,
            RatingRow.released_at.is_not(None),
        )
        .order_by(RatingRow.released_at.desc(), RatingRow.id)
    )
    found = db.session.execute(rows)
    return [
        Stint(key, title, institution_id, since, until)
        for key, title, institution_id, since, until in found
        if until is not None
    ]


def hours_csv(actor: Actor) -> str:
    """Return the actor's ratings as CSV text with a header."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    stints = stints_of(actor)
    names = {each.id: each.key for each in people.institutions({s.institution_id for s in stints})}
    for each in stints:
        writer.writerow([safe(cell) for cell in _cells(each, names[each.institution_id])])
    return text.getvalue()


def _cells(stint: Stint, institution: str) -> Sequence[str]:
    return (
        stint.released_at.date().isoformat(),
        institution,
        stint.task_key,
        wording(stint.title, language()),
        stint.begun_at.isoformat(timespec="minutes"),
        stint.released_at.isoformat(timespec="minutes"),
        str(stint.minutes),
    )


def usual_minutes(rubric_key: str | None, actor: Actor) -> float | None:
    """Return how long the actor's ratings on a rubric took, in the middle; on any rubric for None.

    None where there are too few to say.
    """
    found = db.session.execute(
        _times(of_rubric=rubric_key is not None), {"person": actor.person_id, "rubric": rubric_key}
    )
    taken = [min(until - since, LONGEST) for since, until in found if until is not None]
    if len(taken) < FEWEST:
        return None
    return median(each.total_seconds() for each in taken) / 60


@cache
def _times(*, of_rubric: bool) -> Select[datetime, datetime | None]:
    """Return the query, built once: building it costs more than running it."""
    rows = (
        select(RatingRow.begun_at, RatingRow.released_at)
        .select_from(Assignment)
        .join(RatingRow, RatingRow.assignment_id == Assignment.id)
        .where(
            Assignment.person_id == bindparam("person"),
            Assignment.state == AssignmentState.RELEASED,
            has_role(Assignment.role, LIVE),
            RatingRow.released_at.is_not(None),
        )
        .limit(MOST_READ)
    )
    return rows.where(Assignment.rubric_key == bindparam("rubric")) if of_rubric else rows
