"""What views, commands and desks ask of performances."""

from __future__ import annotations

from assessment.performances.beginning import begin
from assessment.performances.evidence import add_file, add_text, artefact_of, attachment_of, remove
from assessment.performances.learner_pages import (
    PerformancePage,
    TaskPage,
    performance_page,
    task_page,
    tasks_of,
)
from assessment.performances.marking_pages import MarkingPage, file_of, marking_page, picture_of
from assessment.performances.models import Performance, PerformanceState
from assessment.performances.outcomes import Outcome, OutcomeKind, outcome_from_text
from assessment.performances.places import LEASE, Queue, claim_next, queue_of
from assessment.performances.publishing import (
    current_rubric,
    current_task,
    policy_of,
    publish_rubric,
    publish_task,
    rubric_of,
)
from assessment.performances.rating import (
    Given,
    Hold,
    Kept,
    OtherDraft,
    Released,
    Unfinished,
    own_rating,
    release,
    save,
)
from assessment.performances.showing import own_performance, performances_of
from assessment.performances.skipping import ask_second_look, skip
from assessment.performances.skips import SkipReason
from assessment.performances.specifications import TaskSpec, task_from_json
from assessment.performances.submitting import declaration, submit, withdraw
from assessment.performances.words import Standing, standing_of

__all__ = [
    "LEASE",
    "Given",
    "Hold",
    "Kept",
    "MarkingPage",
    "OtherDraft",
    "Outcome",
    "OutcomeKind",
    "Performance",
    "PerformancePage",
    "PerformanceState",
    "Queue",
    "Released",
    "SkipReason",
    "Standing",
    "TaskPage",
    "TaskSpec",
    "Unfinished",
    "add_file",
    "add_text",
    "artefact_of",
    "ask_second_look",
    "attachment_of",
    "begin",
    "claim_next",
    "current_rubric",
    "current_task",
    "declaration",
    "file_of",
    "marking_page",
    "outcome_from_text",
    "own_performance",
    "own_rating",
    "performance_page",
    "performances_of",
    "picture_of",
    "policy_of",
    "publish_rubric",
    "publish_task",
    "queue_of",
    "release",
    "remove",
    "rubric_of",
    "save",
    "skip",
    "standing_of",
    "submit",
    "task_from_json",
    "task_page",
    "tasks_of",
    "withdraw",
]
