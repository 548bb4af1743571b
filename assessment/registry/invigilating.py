"""Start codes: what an invigilator may issue them for, and those that are still good."""

from __future__ import annotations

from sqlalchemy import select

from assessment import clock
from assessment.access import Action, Actor, institutions_for
from assessment.errors import NoSuchRecord
from assessment.extensions import db
from assessment.items.models import Test
from assessment.rules import Identity, Supervision
from assessment.sittings import service as sittings
from assessment.sittings.models import StartCode

SUPERVISED = (Supervision.INVIGILATED, Supervision.REMOTE)


def tests_to_invigilate(actor: Actor) -> list[Test]:
    """Return the current tests of the institutions at which the actor invigilates, by key."""
    query = select(Test).where(
        Test.is_current,
        Test.is_practice.is_(False),
        Test.institution_id.in_(institutions_for(actor, Action.INVIGILATE)),
    )
    return list(db.session.scalars(query.order_by(Test.key)))


def codes_in_force(actor: Actor) -> list[StartCode]:
    """Return the start codes of those institutions that are still good, the latest first."""
    query = select(StartCode).where(
        StartCode.expires_at > clock.now(),
        StartCode.institution_id.in_(institutions_for(actor, Action.INVIGILATE)),
    )
    return list(db.session.scalars(query.order_by(StartCode.issued_at.desc(), StartCode.id)))


def issue(
    test_key: str, supervision: Supervision, identity: Identity, actor: Actor
) -> sittings.IssuedCode:
    """Return a new start code for a test of an institution at which the actor invigilates."""
    for test in tests_to_invigilate(actor):
        if test.key == test_key:
            return sittings.issue_start_code(test, supervision, identity, actor)
    raise NoSuchRecord("test", test_key)
