"""Mails about messages, appeals and complaints: that there is something to read, no more."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from assessment.access import Role
from assessment.extensions import db
from assessment.languages import wording
from assessment.locale import gettext as _
from assessment.locale import language
from assessment.people.models import Person, RoleGrant
from assessment.performances.appeal_models import Complaint
from assessment.performances.letters import Letter, address, send, send_to_learner, today
from assessment.performances.models import Assignment, Performance


def tell_learner(performance: Performance) -> None:
    """Mail the learner that an assessor wrote, at most once a day for each performance."""

    def write() -> Letter:
        text = _(
            "An assessor wrote to you about: %(title)s.\n\nRead it and answer here:\n\n%(link)s\n\n"
            "This mail comes at most once a day.\n",
            title=wording(performance.task.title, language()),
            link=address(f"/performances/{performance.id}/messages"),
        )
        return Letter(_("There is a message about your work"), text)

    once = f"message:{performance.id}:learner:{today()}"
    send_to_learner(performance.learner_id, write, once)


def tell_assessor(place: Assignment) -> None:
    """Mail whoever has a place that its learner wrote, at most once a day for each place."""
    person = db.session.get(Person, place.person_id or "")
    if person is not None:
        send(person, lambda: _to_assessor(place), f"message:{place.id}:{person.id}:{today()}")


def _to_assessor(place: Assignment) -> Letter:
    text = _(
        "The learner wrote about work that you have under way:\n\n%(link)s\n\n"
        "This mail comes at most once a day.\n",
        link=address(f"/assessor/{place.id}/messages"),
    )
    return Letter(_("There is a message about work that you rate"), text)


def tell_nobody_is_free(place: Assignment) -> None:
    """Mail the registrars that nobody may take what was appealed, at most once a day."""
    for person in holders_of((Role.REGISTRAR,), place.institution_id):
        send(person, _nobody_is_free, f"appeal without anybody:{person.id}:{today()}")


def _nobody_is_free() -> Letter:
    text = _(
        "A learner appealed, and every assessor who may rate this has rated it already, or"
        " has no role for it now. Which work it is, and what you can do:\n\n%(link)s\n",
        link=address("/registrar/appeals"),
    )
    return Letter(_("Nobody may look at an appeal"), text)


def tell_complaint(complaint: Complaint) -> None:
    """Mail whoever answers complaints at the institution that there is one, at most once a day."""
    for person in readers_of(complaint.performance_id, complaint.institution_id):
        send(person, _complaint, f"complaint:{person.id}:{today()}")


def _complaint() -> Letter:
    text = _(
        "A learner wrote to your institution. Read it and answer here:\n\n%(link)s\n\n"
        "This mail comes at most once a day.\n",
        link=address("/registrar/complaints"),
    )
    return Letter(_("There is a complaint to answer"), text)


def tell_answer(complaint: Complaint) -> None:
    """Mail the learner that their complaint was answered."""

    def write() -> Letter:
        text = _(
            "The institution answered your complaint:\n\n%(link)s\n",
            link=address(f"/performances/{complaint.performance_id}/complaint"),
        )
        return Letter(_("Your complaint was answered"), text)

    send_to_learner(complaint.learner_id, write, f"complaint answered:{complaint.id}")


ANSWERING = (Role.REGISTRAR, Role.ADMINISTRATOR)


def readers_of(performance_id: str, institution_id: str) -> list[Person]:
    """Return who may read a complaint: whoever answers them there, and has not rated the work."""
    part = select(Assignment.person_id).filter_by(performance_id=performance_id)
    raters = set(db.session.scalars(part))
    return [each for each in holders_of(ANSWERING, institution_id) if each.id not in raters]


def holders_of(roles: Collection[Role], institution_id: str) -> list[Person]:
    """Return who holds one of these roles at an institution."""
    granted = select(RoleGrant.person_id).where(
        RoleGrant.institution_id == institution_id, RoleGrant.role.in_(roles)
    )
    rows = select(Person).where(Person.id.in_(granted), Person.disabled_at.is_(None))
    return list(db.session.scalars(rows.order_by(Person.id)))
