"""What views, commands and desks ask of performances."""

from __future__ import annotations

from assessment.performances.anchors import Place, Ticks, place_of, ticks_of, words_of
from assessment.performances.beginning import begin
from assessment.performances.changes import Changes, what_changed
from assessment.performances.claiming import (
    LEASE,
    Draft,
    Queue,
    claim_next,
    drafts_of,
    queue_of,
    under_way,
)
from assessment.performances.concluding import resolutions_of
from assessment.performances.eligibility import Choice
from assessment.performances.evidence import (
    add_file,
    add_text,
    artefact_of,
    attach_own,
    attachment_of,
    choosable,
    has_room,
    left_behind,
    own_artefact,
    put_back,
    take_out,
    ticks_now,
)
from assessment.performances.free_places import Waiting, number_waiting
from assessment.performances.learner_pages import (
    PerformancePage,
    performance_page,
)
from assessment.performances.marking_pages import MarkingPage, evidence_of, marking_page
from assessment.performances.models import Performance, PerformanceState
from assessment.performances.next_steps import NextForWork, next_for_work
from assessment.performances.outcomes import Outcome, OutcomeKind, outcome_from_text
from assessment.performances.places import expected_at, hurry, places_of
from assessment.performances.publishing import (
    current_rubric,
    current_task,
    handling_of,
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
from assessment.performances.showing import is_editable, own_performance, performances_of
from assessment.performances.skipping import ask_second_look, skip
from assessment.performances.skips import SkipReason
from assessment.performances.specifications import TaskSpec, task_from_json
from assessment.performances.submitting import (
    consent,
    declaration,
    shows_others,
    submit,
    withdraw,
)
from assessment.performances.task_pages import TaskPage, task_page, tasks_of
from assessment.performances.voiding import void_rating
from assessment.performances.words import Standing, standing_of

__all__ = [
    "LEASE",
    "Changes",
    "Choice",
    "Draft",
    "Given",
    "Hold",
    "Kept",
    "MarkingPage",
    "NextForWork",
    "OtherDraft",
    "Outcome",
    "OutcomeKind",
    "Performance",
    "PerformancePage",
    "PerformanceState",
    "Place",
    "Queue",
    "Released",
    "SkipReason",
    "Standing",
    "TaskPage",
    "TaskSpec",
    "Ticks",
    "Unfinished",
    "Waiting",
    "add_file",
    "add_text",
    "artefact_of",
    "ask_second_look",
    "attach_own",
    "attachment_of",
    "begin",
    "choosable",
    "claim_next",
    "consent",
    "current_rubric",
    "current_task",
    "declaration",
    "drafts_of",
    "evidence_of",
    "expected_at",
    "handling_of",
    "has_room",
    "hurry",
    "is_editable",
    "left_behind",
    "marking_page",
    "next_for_work",
    "number_waiting",
    "outcome_from_text",
    "own_artefact",
    "own_performance",
    "own_rating",
    "performance_page",
    "performances_of",
    "place_of",
    "places_of",
    "policy_of",
    "publish_rubric",
    "publish_task",
    "put_back",
    "queue_of",
    "release",
    "resolutions_of",
    "rubric_of",
    "save",
    "shows_others",
    "skip",
    "standing_of",
    "submit",
    "take_out",
    "task_from_json",
    "task_page",
    "tasks_of",
    "ticks_now",
    "ticks_of",
    "under_way",
    "void_rating",
    "what_changed",
    "withdraw",
    "words_of",
]
