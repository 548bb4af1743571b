"""What the pages of a performance show to its learner."""

from __future__ import annotations

from dataclasses import dataclass

import rubrics
from assessment.catalogue import service as catalogue
from assessment.catalogue.models import AchievementVersion
from assessment.performances.models import (
    EDITABLE,
    ENDED,
    Performance,
    PerformanceState,
    RatingRow,
    Task,
)
from assessment.performances.outcomes import Outcome, OutcomeKind, outcome_from_text
from assessment.performances.pieces import ShownArtefact, shown_artefacts
from assessment.performances.publishing import policy_of, rubric_of, tasks_for
from assessment.performances.settling import released

Criteria = tuple[rubrics.Criterion, ...]


@dataclass(frozen=True)
class TaskPage:
    """A task before it is begun: what is looked for, and what it takes."""

    task: Task
    rubric: rubrics.Rubric
    policy: rubrics.Policy

    @property
    def required(self) -> rubrics.Level:
        """The level to reach."""
        return self.rubric.levels[self.rubric.rank(self.policy.required)]


def task_page(task: Task) -> TaskPage:
    """Return what a task says before it is begun."""
    return TaskPage(task, rubric_of(task.rubric), policy_of(task))


def tasks_of(version: AchievementVersion) -> list[Task]:
    """Return the tasks that can show what an achievement asks for, itself or underneath."""
    return tasks_for(catalogue.rubrics_named_by(catalogue.rule_of(version)))


@dataclass(frozen=True)
class CriterionLine:
    """One criterion on the learner's page: what is attached, what was found, what was said."""

    criterion: rubrics.Criterion
    attached: tuple[int, ...]
    level: rubrics.Level | None
    comments: tuple[str, ...]
    needs_more: bool


@dataclass(frozen=True)
class PerformancePage:
    """The learner's page of a performance."""

    performance: Performance
    rubric: rubrics.Rubric
    artefacts: tuple[ShownArtefact, ...]
    lines: tuple[CriterionLine, ...]
    outcome: Outcome | None
    level: rubrics.Level | None
    required: rubrics.Level
    ratings_in: int
    ratings_needed: int

    @property
    def is_editable(self) -> bool:
        """Whether the learner may still change it."""
        return self.performance.state in EDITABLE

    @property
    def may_be_withdrawn(self) -> bool:
        """Whether it can still be withdrawn."""
        return self.performance.state not in ENDED

    @property
    def unattached(self) -> Criteria:
        """The criteria that nothing is attached to."""
        return tuple(line.criterion for line in self.lines if not line.attached)

    @property
    def awaits(self) -> OutcomeKind:
        """What is awaited while it is being marked."""
        return self.outcome.kind if self.outcome else OutcomeKind.RATING


def performance_page(performance: Performance) -> PerformancePage:
    """Return the learner's page; of ratings only what may be seen now."""
    rubric, policy = rubric_of(performance.task.rubric), policy_of(performance.task)
    outcome = outcome_from_text(performance.outcome) if performance.outcome else None
    ratings = released(performance)
    level = outcome.level if outcome else None
    return PerformancePage(
        performance=performance,
        rubric=rubric,
        artefacts=shown_artefacts(performance.shown),
        lines=tuple(_lines(performance, policy, outcome, ratings)),
        outcome=outcome,
        level=rubric.levels[rubric.rank(level)] if level else None,
        required=rubric.levels[rubric.rank(policy.required)],
        ratings_in=sum(each.round == performance.round for each in ratings),
        ratings_needed=policy.raters,
    )


def _lines(
    performance: Performance,
    policy: rubrics.Policy,
    outcome: Outcome | None,
    ratings: list[RatingRow],
) -> list[CriterionLine]:
    may_see = performance.state in {PerformanceState.RESOLVED, PerformanceState.MORE_EVIDENCE}
    levels = (outcome.levels if outcome else None) or {}
    short = performance.state == PerformanceState.MORE_EVIDENCE and outcome
    return [
        CriterionLine(
            criterion=each,
            attached=tuple(a.position for a in performance.shown if each.key in a.anchors),
            level=_level(policy.rubric, levels.get(each.key)),
            comments=_comments(each.key, ratings) if may_see else (),
            needs_more=bool(short and each.key in short.criteria),
        )
        for each in policy.shown
    ]


def _level(rubric: rubrics.Rubric, key: str | None) -> rubrics.Level | None:
    return None if key is None else rubric.levels[rubric.rank(key)]


def _comments(criterion: str, ratings: list[RatingRow]) -> tuple[str, ...]:
    return tuple(each.comments[criterion] for each in ratings if criterion in each.comments)
