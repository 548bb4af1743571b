"""The actor that a person is, as the sign-in would say it."""

from __future__ import annotations

from assessment.access import Actor, ActorKind, Role
from assessment.people.models import Person


def actor_for(person: Person) -> Actor:
    """Return `person` as whoever calls a service."""
    return Actor(
        ActorKind.PERSON,
        person_id=person.id,
        learner_id=person.learner_id,
        roles=frozenset((Role(grant.role), grant.institution_id) for grant in person.grants),
    )
