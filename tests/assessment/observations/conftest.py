"""A workshop whose task asks for an observer, a learner with work begun, and whom they name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from assessment.access import Actor
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.observations import (
    build_nomination,
    build_observation,
    what_was_seen,
)
from assessment.demo.builders.performances import Workshop, build_performance, build_workshop
from assessment.observations.models import Nomination, Observation
from assessment.observations.service import Circumstances
from assessment.people.models import Person
from assessment.performances import service
from assessment.performances.models import Performance

AT_WORK = "rosa.delgado@lantern-motors.example"


@dataclass
class Scene:
    """One learner's work, which somebody at their workplace saw."""

    workshop: Workshop
    person: Person
    actor: Actor
    performance: Performance

    def named(self, email: str = AT_WORK, **more: Any) -> Nomination:
        """Return the nomination of somebody who saw it."""
        return build_nomination(self.performance, self.actor, email, **more)

    def seen(
        self, nomination: Nomination, sent: Circumstances | None = None, **changes: Any
    ) -> Observation:
        """Return what somebody sent by their link."""
        return build_observation(nomination, what_was_seen(self.performance, **changes), sent)


def build_scene(*, handed_in: bool = False, **policy: Any) -> Scene:
    """Return a scene; its work is handed in, or has just begun."""
    workshop = build_workshop(**({"observers": 1} | policy))
    person, actor = build_learner(display_name="Léa Fontaine", email="lea@example.org")
    begun = (
        build_performance(workshop.task, actor)
        if handed_in
        else service.begin(workshop.task, actor)
    )
    return Scene(workshop, person, actor, begun)


@pytest.fixture
def scene(context: Flask) -> Scene:
    return build_scene()
