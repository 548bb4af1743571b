"""What the pages of a performance show: to its learner, and, blind, to whoever rates it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import rubrics
from assessment import storage
from assessment.access import Actor
from assessment.artefacts.models import Artefact
from assessment.catalogue import service as catalogue
from assessment.catalogue.models import AchievementVersion
from assessment.errors import NoSuchRecord
from assessment.performances.evidence import attachment_of
from assessment.performances.media import MediaType, drawn
from assessment.performances.models import (
    EDITABLE,
    ENDED,
    Assignment,
    AssignmentRole,
    AssignmentState,
    Attachment,
    Performance,
    PerformanceState,
    RatingRow,
    Task,
)
from assessment.performances.outcomes import Outcome, OutcomeKind, outcome_from_text
from assessment.performances.publishing import policy_of, rubric_of, tasks_for
from assessment.performances.rating import own_rating
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
class ShownArtefact:
    """A piece as a page lists it; `number` is its place, `text` what it says if it is one."""

    attachment: Attachment
    text: str | None

    @property
    def number(self) -> int:
        """Its place among the artefacts."""
        return self.attachment.position

    @property
    def artefact(self) -> Artefact:
        """What is attached."""
        return self.attachment.artefact

    @property
    def is_picture(self) -> bool:
        """Whether it can be drawn."""
        return MediaType(self.artefact.media_type).is_picture


def _shown(attachments: list[Attachment]) -> tuple[ShownArtefact, ...]:
    return tuple(ShownArtefact(each, _text(each.artefact)) for each in attachments)


def _text(artefact: Artefact) -> str | None:
    if artefact.media_type != MediaType.TEXT or artefact.storage_key is None:
        return None
    return storage.read(artefact.storage_key).decode()


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
        artefacts=_shown(performance.shown),
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


@dataclass(frozen=True)
class OtherMarks:
    """What an assessor before said, without a name; an adjudicator sees it, and nobody else."""

    marks: Mapping[str, str | None]
    comments: Mapping[str, str]


@dataclass(frozen=True)
class MarkingPage:
    """The page on which one person rates: evidence beside the rubric, and no name anywhere."""

    assignment: Assignment
    rating: RatingRow
    task: Task
    rubric: rubrics.Rubric
    criteria: Criteria
    artefacts: tuple[ShownArtefact, ...]
    others: tuple[OtherMarks, ...]
    version: int
    is_open: bool

    @property
    def is_released(self) -> bool:
        """Whether the rating counts already."""
        return self.rating.released_at is not None

    @property
    def adjudicates(self) -> bool:
        """Whether it is to settle what others could not."""
        return self.assignment.role == AssignmentRole.ADJUDICATOR

    @property
    def titles(self) -> Mapping[str, Mapping[str, str]]:
        """The titles of the rubric's criteria, by key."""
        return {each.key: each.title for each in self.rubric.criteria}

    @property
    def level_titles(self) -> Mapping[str, Mapping[str, str]]:
        """The titles of the rubric's levels, by key."""
        return {each.key: each.title for each in self.rubric.levels}


def marking_page(assignment_id: str, actor: Actor) -> MarkingPage:
    """Return the actor's page of an assignment; the evidence only while the place is theirs."""
    rating = own_rating(assignment_id, actor)
    assignment = rating.assignment
    performance, rubric = assignment.performance, rubric_of(assignment.performance.task.rubric)
    is_open = _is_held(assignment, actor)
    asked = tuple(each for each in rubric.criteria if each.key in assignment.criteria)
    return MarkingPage(
        assignment=assignment,
        rating=rating,
        task=performance.task,
        rubric=rubric,
        criteria=asked,
        artefacts=_shown(performance.shown) if is_open else (),
        others=_others(assignment) if is_open else (),
        version=performance.version,
        is_open=is_open,
    )


def _is_held(assignment: Assignment, actor: Actor) -> bool:
    return assignment.state == AssignmentState.OPEN and assignment.person_id == actor.person_id


def _others(assignment: Assignment) -> tuple[OtherMarks, ...]:
    if assignment.role != AssignmentRole.ADJUDICATOR:
        return ()
    given = [each for each in released(assignment.performance) if each.round == assignment.round]
    return tuple(OtherMarks(each.marks, each.comments) for each in given)


def file_of(assignment_id: str, artefact_id: str, actor: Actor) -> Attachment:
    """Return a file that the actor may take away: of pictures they get what we draw alone."""
    piece = _evidence_of(assignment_id, artefact_id, actor)
    if MediaType(piece.artefact.media_type).is_picture:
        raise NoSuchRecord("artefact", artefact_id)
    return piece


def _evidence_of(assignment_id: str, artefact_id: str, actor: Actor) -> Attachment:
    """Return an artefact of a performance that the actor has to rate now."""
    assignment = own_rating(assignment_id, actor).assignment
    if not _is_held(assignment, actor):
        raise NoSuchRecord("artefact", artefact_id)
    return attachment_of(assignment.performance, artefact_id)


def picture_of(assignment_id: str, artefact_id: str, actor: Actor) -> bytes:
    """Return a picture as we draw it; NoSuchRecord for what is none, or cannot be drawn."""
    artefact = _evidence_of(assignment_id, artefact_id, actor).artefact
    picture = None
    if MediaType(artefact.media_type).is_picture and artefact.storage_key is not None:
        picture = drawn(storage.read(artefact.storage_key))
    if picture is None:
        raise NoSuchRecord("artefact", artefact_id)
    return picture
