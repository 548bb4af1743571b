"""What the demo's learners have under way, so that each of them has a next step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete

from assessment import clock, mail
from assessment.demo import handing_in, seeing
from assessment.demo.past import WORKPLACES, task_of
from assessment.demo.works import isolated
from assessment.demo.works.isolated import isolation
from assessment.demo.works.pieces import ranks
from assessment.extensions import db
from assessment.jobs.models import Job, JobState
from assessment.observations.naming import MAIL_LINK, REMIND
from assessment.people.models import Person
from assessment.people.service import actor_of
from assessment.performances.notices import WORK_WAITS

HARJIT, LISE = WORKPLACES[:2]
FRENCH, ENGLISH = 92, 93
"""Numbers of works in these languages that nobody else has."""

LETTERS = (mail.KIND, MAIL_LINK, REMIND, WORK_WAITS)
DELIVERED = timedelta(days=2)
"""How long ago mails were written that are told of as delivered."""


def tell(people: Mapping[str, Person], today: datetime) -> int:
    """Return how many have an isolation under way: one handed it in, one has not yet."""
    task = task_of(isolated.RUBRIC)
    maxime, priya = actor_of(people["learner-fr"]), actor_of(people["learner"])
    with clock.telling(today - timedelta(days=1)):
        shown = isolation(ENGLISH, ranks("22232"), "priya")
        seeing.name(handing_in.hand_in(task, shown, priya), HARJIT, priya)
    with clock.telling(today - timedelta(hours=5)):
        drafted = isolation(FRENCH, ranks("22221"), "maxime")
        seeing.name(handing_in.begin(task, drafted, maxime), LISE, maxime)
    return 2


def forget_letters(today: datetime) -> None:
    """Let nobody be written to about what happened long before the demonstration was there."""
    old = delete(Job).where(
        Job.kind.in_(LETTERS), Job.state == JobState.WAITING, Job.run_at < today - DELIVERED
    )
    db.session.execute(old)
