"""A workshop whose task employers may have done, its administrator, and a learner."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from assessment import mail
from assessment.access import Actor, Role
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.people import build_institution, build_staff
from assessment.demo.builders.performances import build_rubric, build_task
from assessment.demo.builders.projects import build_project
from assessment.observations.service import token_of
from assessment.people.models import Institution, Person
from assessment.people.service import actor_of
from assessment.performances.handling import Handling
from assessment.performances.models import Task
from assessment.projects.models import Project


@dataclass
class Yard:
    """An institution with a task for projects, whoever keeps them, and a learner."""

    institution: Institution
    task: Task
    keeper: Person
    learner: Person

    @property
    def keeps(self) -> Actor:
        """The administrator, when they act."""
        return actor_of(self.keeper)

    @property
    def learns(self) -> Actor:
        """The learner, when they act."""
        return actor_of(self.learner)

    def project(self, **changes: Any) -> Project:
        """Return a project that is open to learners."""
        return build_project(self.task.key, self.keeps, **changes)

    @staticmethod
    def link(project: Project) -> str:
        """Return the secret part of the employer's link."""
        return token_of(project.nonce)


def build_yard() -> Yard:
    """Return a yard."""
    institution = build_institution("workshop")
    build_rubric(institution)
    learner, _actor = build_learner(display_name="Léa Fontaine", email="lea@example.org")
    return Yard(
        institution=institution,
        task=build_task(institution, handling=Handling(projects=True)),
        keeper=build_staff(Role.ADMINISTRATOR, institution),
        learner=learner,
    )


@pytest.fixture
def yard(context: Flask) -> Yard:
    return build_yard()


def token_sent(act: Callable[[], object], texts: list[str] | None = None) -> str:
    """Return the secret part of the link to a team that is mailed by `act`, and keep the text."""
    sent: list[str] = []
    real = mail.send

    def send(to: str, subject: str, text: str, **named: Any) -> None:
        sent.append(text)
        real(to, subject, text, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mail, "send", send)
        act()
    (text,) = sent
    if texts is not None:
        texts.append(text)
    found = re.search(r"/teams/(\S+)", text)
    assert found is not None
    return found[1]
