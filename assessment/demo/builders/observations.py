"""Builders of observers, their links and what they saw, for the demo and for tests; they flush."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from assessment import clock
from assessment.access import Actor
from assessment.observations.models import Interest, Nomination, Observation, Relationship
from assessment.observations.service import Circumstances, Named, Seen, token_of
from assessment.performances import nominating, observing
from assessment.performances.models import Performance

EMPLOYER = "Lantern Bay Motors"


def build_nomination(
    performance: Performance, actor: Actor, email: str, name: str = "Rosa Delgado", **more: Any
) -> Nomination:
    """Return the nomination of somebody who saw the work."""
    named = Named(name=name, email=email, employer=EMPLOYER, **more)
    return nominating.name_observer(performance.id, named, actor)


def what_was_seen(performance: Performance, level: str = "proficient", **changes: Any) -> Seen:
    """Return a form in which everything was seen at one level, yesterday, by a supervisor."""
    yesterday = (clock.now() - timedelta(days=1)).date().isoformat()
    seen = Seen(
        marks=dict.fromkeys(nominating.terms_of(performance.task).criteria, level),
        days=(yesterday,),
        relationship=Relationship.SUPERVISOR,
        interest=Interest.NONE,
        name="Rosa Delgado",
        employer=EMPLOYER,
        role="Shop supervisor",
        is_confirmed=True,
        once="first",
    )
    return replace(seen, **changes)


def build_observation(
    nomination: Nomination, seen: Seen, sent: Circumstances | None = None
) -> Observation:
    """Return what an observer sent by their link."""
    token = token_of(nomination.nonce)
    return observing.observe(token, seen, sent or Circumstances(), "192.0.2.77")
