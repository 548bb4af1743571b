"""What whoever rates a performance sees of it: blind, and only while the place is theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import rubrics
from assessment import storage
from assessment.access import Actor
from assessment.errors import NoSuchRecord
from assessment.performances.evidence import attachment_of
from assessment.performances.media import MediaType, drawn
from assessment.performances.models import (
    Assignment,
    AssignmentRole,
    AssignmentState,
    Attachment,
    RatingRow,
    Task,
)
from assessment.performances.pieces import ShownArtefact, shown_artefacts
from assessment.performances.publishing import rubric_of
from assessment.performances.rating import own_rating
from assessment.performances.settling import released

Criteria = tuple[rubrics.Criterion, ...]


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
        artefacts=shown_artefacts(performance.shown) if is_open else (),
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
