"""What the page of a task shows before it is begun, and which tasks show an achievement."""

from __future__ import annotations

from dataclasses import dataclass

import rubrics
from assessment.catalogue import service as catalogue
from assessment.catalogue.models import AchievementVersion
from assessment.performances.handling import Handling
from assessment.performances.models import Task
from assessment.performances.publishing import handling_of, policy_of, rubric_of, tasks_for


@dataclass(frozen=True)
class TaskPage:
    """A task before it is begun: what is looked for, and what it takes."""

    task: Task
    rubric: rubrics.Rubric
    policy: rubrics.Policy
    handling: Handling

    @property
    def required(self) -> rubrics.Level:
        """The level to reach."""
        return self.rubric.levels[self.rubric.rank(self.policy.required)]


def task_page(task: Task) -> TaskPage:
    """Return what a task says before it is begun."""
    return TaskPage(task, rubric_of(task.rubric), policy_of(task), handling_of(task))


def tasks_of(version: AchievementVersion) -> list[Task]:
    """Return the tasks that can show what an achievement asks for, itself or underneath."""
    return tasks_for(catalogue.rubrics_named_by(catalogue.rule_of(version)))
