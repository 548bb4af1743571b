"""What whoever rates a performance sees of it: blind, and only while the place is theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import rubrics
from assessment.access import Actor
from assessment.artefacts import service as artefacts
from assessment.artefacts.models import Artefact
from assessment.errors import NoSuchRecord
from assessment.performances.anchors import Place, place_of, words_of
from assessment.performances.changes import Changes, what_changed
from assessment.performances.evidence import attachment_of
from assessment.performances.models import (
    Assignment,
    AssignmentRole,
    AssignmentState,
    Attachment,
    Performance,
    RatingRow,
    Task,
)
from assessment.performances.publishing import rubric_of
from assessment.performances.rating import own_rating
from assessment.performances.settling import released

Criteria = tuple[rubrics.Criterion, ...]
DECIDES = frozenset({AssignmentRole.ADJUDICATOR})
"""Who sees the marks before, without a name."""


@dataclass(frozen=True)
class OtherMarks:
    """What an assessor before said, without a name; an adjudicator sees it, and nobody else."""

    marks: Mapping[str, str | None]
    comments: Mapping[str, str]


@dataclass(frozen=True)
class Anchor:
    """Where in a piece to look for a criterion: in words, and as the parts of the page to go to."""

    criterion: str
    words: str
    place: Place
    piece: int

    @property
    def fragment(self) -> str:
        """The part of the page that shows it."""
        page = self.place.page
        return f"piece-{self.piece}" if page is None else f"piece-{self.piece}-page-{page}"


@dataclass(frozen=True)
class Piece:
    """One piece of evidence as whoever rates sees it; never its name."""

    attachment: Attachment
    shown: artefacts.Shown
    text: str
    anchors: tuple[Anchor, ...]
    is_new: bool
    moved: tuple[str, ...]
    """Criteria for which it is said since the version before to show something, or elsewhere."""

    @property
    def number(self) -> int:
        """Its place among the pieces."""
        return self.attachment.position

    @property
    def artefact_id(self) -> str:
        """The id in addresses."""
        return self.attachment.artefact_id

    @property
    def kind(self) -> artefacts.ShownAs:
        """How it is shown."""
        return self.shown.kind


@dataclass(frozen=True)
class MarkingPage:
    """The page on which one person rates: evidence beside the rubric, and no name anywhere."""

    assignment: Assignment
    rating: RatingRow
    task: Task
    rubric: rubrics.Rubric
    criteria: Criteria
    pieces: tuple[Piece, ...]
    others: tuple[OtherMarks, ...]
    taken_out: tuple[int, ...]
    """The numbers of pieces that were part of the version before."""
    version: int
    is_open: bool

    @property
    def is_released(self) -> bool:
        """Whether the rating counts already."""
        return self.rating.released_at is not None

    @property
    def adjudicates(self) -> bool:
        """Whether it is to settle what others could not."""
        return self.assignment.role in DECIDES

    @property
    def due_at(self) -> datetime:
        """When the learner expects it."""
        return self.assignment.due_at

    @property
    def titles(self) -> Mapping[str, Mapping[str, str]]:
        """The titles of the rubric's criteria, by key."""
        return {each.key: each.title for each in self.rubric.criteria}

    @property
    def level_titles(self) -> Mapping[str, Mapping[str, str]]:
        """The titles of the rubric's levels, by key."""
        return {each.key: each.title for each in self.rubric.levels}

    def anchors_of(self, criterion: str) -> tuple[Anchor, ...]:
        """Return where to look for a criterion."""
        return tuple(
            anchor
            for piece in self.pieces
            for anchor in piece.anchors
            if anchor.criterion == criterion
        )


def marking_page(assignment_id: str, actor: Actor) -> MarkingPage:
    """Return the actor's page of an assignment; the evidence only while the place is theirs."""
    rating = own_rating(assignment_id, actor)
    assignment = rating.assignment
    performance, rubric = assignment.performance, rubric_of(assignment.performance.task.rubric)
    is_open = _is_held(assignment, actor)
    changes = what_changed(performance)
    return MarkingPage(
        assignment=assignment,
        rating=rating,
        task=performance.task,
        rubric=rubric,
        criteria=tuple(each for each in rubric.criteria if each.key in assignment.criteria),
        pieces=_pieces(_handed_in(performance), changes) if is_open else (),
        others=_others(assignment) if is_open else (),
        taken_out=tuple(each.position for each in changes.taken_out),
        version=performance.version,
        is_open=is_open,
    )


def _handed_in(performance: Performance) -> list[Attachment]:
    """Return the pieces of the version that was handed in last; a draft since is nobody's yet."""
    return [each for each in performance.shown if each.since_version <= performance.version]


def _pieces(attachments: Sequence[Attachment], changes: Changes) -> tuple[Piece, ...]:
    return tuple(_piece(each, changes) for each in attachments)


def _piece(attachment: Attachment, changes: Changes) -> Piece:
    shown = artefacts.shown(attachment.artefact)
    is_text = shown.kind is artefacts.ShownAs.TEXT
    return Piece(
        attachment=attachment,
        shown=shown,
        text=artefacts.text(attachment.artefact) if is_text else "",
        anchors=tuple(_anchor(attachment, *each) for each in attachment.anchors.items()),
        is_new=attachment.id in changes.new,
        moved=changes.moved.get(attachment.id, ()),
    )


def _anchor(attachment: Attachment, criterion: str, text: str) -> Anchor:
    place = place_of(text, attachment.artefact.media_type)
    return Anchor(criterion, words_of(place), place, attachment.position)


def _is_held(assignment: Assignment, actor: Actor) -> bool:
    return assignment.state == AssignmentState.OPEN and assignment.person_id == actor.person_id


def _others(assignment: Assignment) -> tuple[OtherMarks, ...]:
    if assignment.role not in DECIDES:
        return ()
    given = [each for each in released(assignment.performance) if each.round == assignment.round]
    return tuple(OtherMarks(each.marks, each.comments) for each in given)


def evidence_of(assignment_id: str, artefact_id: str, actor: Actor) -> Artefact:
    """Return an artefact of a performance that the actor has to rate now; what may be shown of it
    is for `artefacts.service` to say."""
    assignment = own_rating(assignment_id, actor).assignment
    piece = attachment_of(assignment.performance, artefact_id)
    if not _is_held(assignment, actor) or piece not in _handed_in(assignment.performance):
        raise NoSuchRecord("artefact", artefact_id)
    return piece.artefact
