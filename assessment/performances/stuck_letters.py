"""Mails to an institution about work that nobody may rate: how much of it, and why, by rubric."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import func, select, update

from assessment import clock, mail
from assessment.access import Role
from assessment.extensions import db
from assessment.jobs.service import enqueue
from assessment.languages import wording
from assessment.locale import gettext as _
from assessment.locale import language, ngettext
from assessment.people.models import Person
from assessment.performances.appeal_letters import holders_of
from assessment.performances.eligibility import waits
from assessment.performances.models import Assignment
from assessment.performances.publishing import current_rubric, rubric_of
from assessment.performances.reviewers import Why
from assessment.performances.stuck_models import StuckPlace

NOBODY_MAY = "performances.nobody_may"
TOLD = (Role.REGISTRAR, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Number:
    """How many places on one rubric nobody may take, for one cause."""

    rubric_key: str
    because: Why
    places: int


def nobody_may(institution_id: str) -> None:
    """Have an institution told today, once, how much of its work nobody may rate."""
    day = clock.now().date().isoformat()
    payload = {"institution_id": institution_id, "day": day}
    enqueue(NOBODY_MAY, payload, once_key=f"{NOBODY_MAY}:{institution_id}:{day}")


def tell_nobody_may(institution_id: str, day: str) -> None:
    """Mail the registrars and administrators what nobody may rate, and note that they know."""
    numbers = numbers_of(institution_id)
    readers = holders_of(TOLD, institution_id)
    if not numbers or not readers:
        return
    for person in readers:
        _tell(person, numbers, f"{NOBODY_MAY}:{institution_id}:{person.id}:{day}")
    untold = update(StuckPlace).filter_by(institution_id=institution_id, told_at=None)
    now = untold.values(told_at=clock.now())
    db.session.execute(now.execution_options(synchronize_session="fetch"))


def numbers_of(institution_id: str) -> list[Number]:
    """Return how many places nobody may take at an institution, by rubric and cause."""
    rows = (
        select(Assignment.rubric_key, StuckPlace.because, func.count())
        .join(Assignment, Assignment.id == StuckPlace.assignment_id)
        .where(StuckPlace.institution_id == institution_id, waits(clock.now()))
        .group_by(Assignment.rubric_key, StuckPlace.because)
        .order_by(Assignment.rubric_key, StuckPlace.because)
    )
    return [Number(key, Why(because), number) for key, because, number in db.session.execute(rows)]


def _tell(person: Person, numbers: Sequence[Number], once_key: str) -> None:
    with force_locale(person.language):
        subject = _("There is work that nobody may rate")
        text = _(
            "Learners handed in work, and there is nobody at the moment who may rate it:\n\n"
            "%(numbers)s\n\nWhich work it is, since when it waits, and what you can do:\n\n"
            "%(link)s\n\nThis mail comes at most once a day, until somebody may.\n",
            numbers="\n".join(_line(each) for each in numbers),
            link=f"{current_app.extensions['attest_settings'].base_url}/registrar/stuck",
        )
    mail.send(person.email, subject, text, language=person.language, once_key=once_key)


def _line(number: Number) -> str:
    places = ngettext("%(num)s rating is missing", "%(num)s ratings are missing", number.places)
    return _(
        "- %(rubric)s: %(places)s. %(why)s",
        rubric=_title(number.rubric_key),
        places=places,
        why=why_in_words(number.because),
    )


def _title(rubric_key: str) -> str:
    found = current_rubric(rubric_key)
    return wording(rubric_of(found).title, language()) if found else rubric_key


def why_in_words(because: Why) -> str:
    """Return why nobody may take a place, in the page's language."""
    return {
        Why.NO_ASSESSOR: _("There is no assessor."),
        Why.NOBODY_QUALIFIED: _("No assessor is qualified for this rubric at the moment."),
        Why.ALL_HAVE_PART: _(
            "Everybody who may rate on this rubric has had a part in the work, or left it to"
            " others."
        ),
    }[because]
