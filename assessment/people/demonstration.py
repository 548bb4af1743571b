"""The people of the demo, who sign in with one click there, and nowhere else."""

from __future__ import annotations

from sqlalchemy import select

from assessment import installation
from assessment.errors import NoSuchRecord
from assessment.extensions import db
from assessment.people.models import Person


def demo_people() -> list[Person]:
    """Return the demo's people in their order; none on any other installation."""
    if not installation.holds(installation.Fact.DEMO):
        return []
    query = select(Person).where(Person.demo_order.is_not(None)).order_by(Person.demo_order)
    return list(db.session.scalars(query))


def demo_person(person_id: str) -> Person:
    """Return one of the demo's people; there are none on any other installation."""
    for person in demo_people():
        if person.id == person_id and person.disabled_at is None:
            return person
    raise NoSuchRecord("demo person", person_id)
