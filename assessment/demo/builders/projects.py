"""Builders of employers' projects, for tests; they flush."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from assessment import clock
from assessment.access import Actor
from assessment.demo.builders.observations import what_was_seen
from assessment.extensions import db
from assessment.ids import new_id
from assessment.observations.service import Named, token_of
from assessment.projects import service
from assessment.projects.models import Participation, Project

EMPLOYER = "Lantern Bay Motors"
ADDRESS = "192.0.2.78"


ROSA = "rosa@lantern-motors.example"


def build_invitation(task_key: str, actor: Actor, email: str = ROSA) -> Project:
    """Return a project of which the employer is to write the brief."""
    named = Named(name="Rosa Delgado", email=email, employer=EMPLOYER, language="en")
    return service.invite(named, task_key, actor)


def a_brief(**changes: Any) -> service.Brief:
    """Return a brief for one learner, to be delivered in ten days."""
    brief = service.Brief(
        title="Make a van safe",
        text="Isolate the battery of our delivery van, and write down how.",
        due=(clock.now() + timedelta(days=10)).date(),
        seats=1,
        languages=("en", "fr"),
    )
    return replace(brief, **changes)


def build_project(task_key: str, actor: Actor, *, email: str = ROSA, **changes: Any) -> Project:
    """Return a project that learners may join."""
    project = build_invitation(task_key, actor, email)
    service.propose(token_of(project.nonce), a_brief(**changes), ADDRESS)
    service.publish(project.id, actor)
    return project


def build_delivery(project: Project, actor: Actor, *artefact_ids: str) -> Participation:
    """Return the part of a learner who has joined and delivered, with files of their own."""
    service.join(project.id, actor)
    for each in artefact_ids:
        service.add_file(project.id, each, actor)
    return service.deliver(project.id, service.Typed("I isolated it so."), actor)


def build_team(project: Project, *actors: Actor) -> None:
    """Let learners join a project, as one team."""
    team = new_id()
    for each in actors:
        service.join(project.id, each).team = team
    db.session.flush()


def what_is_said(
    part: Participation, level: str = "proficient", feedback: str = "Well done.", **changes: Any
) -> service.Said:
    """Return what an employer says: everything seen at one level."""
    return service.Said(what_was_seen(service.performance_of(part), level, **changes), feedback)
