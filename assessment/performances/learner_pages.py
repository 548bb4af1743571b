"""What the pages of a performance show to its learner."""

from __future__ import annotations

from dataclasses import dataclass

import rubrics
from assessment.evidence.setting_aside import SetAside, set_aside_among
from assessment.performances.agreeing import Likeness, likeness_of
from assessment.performances.anchors import place_of, words_of
from assessment.performances.changes import Changes, what_would_change
from assessment.performances.concluding import (
    concluded_before,
    is_looked_at_again,
    resolutions_of,
)
from assessment.performances.handling import Handling
from assessment.performances.losing import Loss, loss_of, next_step, other_under_way
from assessment.performances.models import (
    EDITABLE,
    ENDED,
    AssignmentRole,
    Attachment,
    Performance,
    PerformanceState,
    RatingRow,
)
from assessment.performances.outcomes import Outcome, OutcomeKind, outcome_from_text
from assessment.performances.pieces import ShownArtefact, shown_artefacts
from assessment.performances.publishing import handling_of, policy_of
from assessment.performances.settling import INDEPENDENT, released
from assessment.performances.stuck import is_known_to_lack_anybody
from assessment.performances.timeline import Standings, Step, due_of, timeline_of

Criteria = tuple[rubrics.Criterion, ...]


@dataclass(frozen=True)
class Showing:
    """A criterion that a piece shows, and where to look, in the page's language."""

    criterion: rubrics.Criterion
    place: str


@dataclass(frozen=True)
class OwnPiece:
    """A piece as its learner sees it: what it is, and what it shows."""

    shown: ShownArtefact
    shows: tuple[Showing, ...]
    is_new: bool
    """Whether nobody but its learner has seen it yet."""

    @property
    def number(self) -> int:
        """Its place among all that was ever attached."""
        return self.shown.number


@dataclass(frozen=True)
class Comment:
    """What an assessor said of a criterion."""

    text: str
    on_appeal: bool


@dataclass(frozen=True)
class CriterionLine:
    """One criterion on the learner's page: what is attached, what was found, what was said."""

    criterion: rubrics.Criterion
    minimum: rubrics.Level | None
    """The level to reach in it; None where any will do."""
    pieces: tuple[OwnPiece, ...]
    level: rubrics.Level | None
    comments: tuple[Comment, ...]
    needs_more: bool

    @property
    def attached(self) -> tuple[int, ...]:
        """The numbers of the pieces that show it."""
        return tuple(each.number for each in self.pieces)

    def place_in(self, piece: OwnPiece) -> str:
        """Return where in a piece it is shown; nothing for everywhere."""
        return next(each.place for each in piece.shows if each.criterion is self.criterion)


@dataclass(frozen=True)
class PerformancePage:
    """The learner's page of a performance."""

    performance: Performance
    rubric: rubrics.Rubric
    policy: rubrics.Policy
    handling: Handling
    pieces: tuple[OwnPiece, ...]
    taken_out: tuple[OwnPiece, ...]
    lines: tuple[CriterionLine, ...]
    outcome: Outcome | None
    level: rubrics.Level | None
    required: rubrics.Level
    likeness: Likeness
    changes: Changes
    steps: tuple[Step, ...]
    loss: Loss
    """Why its result counts no more."""
    set_aside: SetAside | None
    """When and why a registrar set the result itself aside; None where none did."""
    goes_on_in: str | None
    """The id of another performance of the task, where this one is over and that goes on."""

    @property
    def is_editable(self) -> bool:
        """Whether the learner may still change it."""
        return self.performance.state in EDITABLE

    @property
    def next_step(self) -> str:
        """What its learner can do where its result counts no more."""
        return next_step(self.loss)

    @property
    def may_be_withdrawn(self) -> bool:
        """Whether it can still be withdrawn."""
        return self.performance.state not in ENDED

    @property
    def unattached(self) -> Criteria:
        """The criteria that nothing is attached to."""
        return tuple(line.criterion for line in self.lines if not line.pieces)

    @property
    def wanted(self) -> tuple[CriterionLine, ...]:
        """The criteria of which more is asked."""
        return tuple(line for line in self.lines if line.needs_more)

    @property
    def still_wanted(self) -> Criteria:
        """Of the criteria of which more is asked, those to which nothing new is attached."""
        touched = {key for keys in self.changes.moved.values() for key in keys}
        return tuple(
            line.criterion
            for line in self.wanted
            if line.criterion.key not in touched and not any(each.is_new for each in line.pieces)
        )


def performance_page(performance: Performance) -> PerformancePage:
    """Return the learner's page; of ratings only what may be seen now."""
    policy = policy_of(performance.task)
    rubric = policy.rubric
    outcome = outcome_from_text(performance.outcome) if performance.outcome else None
    ratings = released(performance)
    level = outcome.level if outcome else None
    pieces = _pieces(performance.shown, performance, policy)
    return PerformancePage(
        performance=performance,
        rubric=rubric,
        policy=policy,
        handling=handling_of(performance.task),
        pieces=pieces,
        taken_out=_pieces(_taken_out(performance), performance, policy),
        lines=tuple(_lines(performance, policy, outcome, ratings, pieces)),
        outcome=outcome,
        level=rubric.levels[rubric.rank(level)] if level else None,
        required=rubric.levels[rubric.rank(policy.required)],
        likeness=likeness_of(ratings if _is_resolved(performance) else (), policy),
        changes=what_would_change(performance),
        steps=timeline_of(performance, _standings(performance, outcome, ratings)),
        loss=(loss := loss_of(performance)),
        set_aside=_set_aside(performance) if loss is Loss.SET_ASIDE else None,
        goes_on_in=other.id if loss and (other := other_under_way(performance)) else None,
    )


def _set_aside(performance: Performance) -> SetAside | None:
    ids = [each.evidence_id for each in resolutions_of(performance)[-1:] if each.evidence_id]
    return next(iter(set_aside_among(performance.learner_id, ids)), None)


def _standings(
    performance: Performance, outcome: Outcome | None, ratings: list[RatingRow]
) -> Standings:
    """Return who has rated in this round, and until when the others are expected to."""
    is_of_round = performance.state == PerformanceState.IN_MARKING
    return Standings(
        outcome=outcome if is_of_round else None,
        ratings_in=sum(
            each.round == performance.round and each.role in INDEPENDENT for each in ratings
        ),
        due_at=due_of(performance),
        lacks_anybody=is_known_to_lack_anybody(performance),
    )


def _taken_out(performance: Performance) -> list[Attachment]:
    """Return what was part of the last version and is no part of the next one."""
    last = performance.version
    return [each for each in performance.attachments if last and each.until_version == last]


def _pieces(
    attachments: list[Attachment], performance: Performance, policy: rubrics.Policy
) -> tuple[OwnPiece, ...]:
    return tuple(
        OwnPiece(
            shown=each,
            shows=_shows(each.attachment, policy),
            is_new=each.attachment.since_version > performance.version,
        )
        for each in shown_artefacts(attachments)
    )


def _shows(attachment: Attachment, policy: rubrics.Policy) -> tuple[Showing, ...]:
    kind = attachment.artefact.media_type
    return tuple(
        Showing(each, words_of(place_of(attachment.anchors[each.key], kind)))
        for each in policy.shown
        if each.key in attachment.anchors
    )


def _lines(
    performance: Performance,
    policy: rubrics.Policy,
    outcome: Outcome | None,
    ratings: list[RatingRow],
    pieces: tuple[OwnPiece, ...],
) -> list[CriterionLine]:
    before = concluded_before(performance)
    levels = (outcome.levels if outcome else None) or (before.levels if before else None) or {}
    wanted = _wanted(performance, outcome)
    known = before.ratings if before else ()
    said = [each for each in ratings if _may_see(performance) or each.id in known]
    return [
        CriterionLine(
            criterion=each,
            minimum=policy.rubric.levels[rank] if (rank := policy.minimum(each.key)) else None,
            pieces=tuple(a for a in pieces if each.key in a.shown.attachment.anchors),
            level=_level(policy.rubric, levels.get(each.key)),
            comments=_comments(each.key, said),
            needs_more=each.key in wanted,
        )
        for each in policy.shown
    ]


def _may_see(performance: Performance) -> bool:
    """Return whether the learner may see what assessors said: once all of them have."""
    return performance.state == PerformanceState.MORE_EVIDENCE or _is_resolved(performance)


def _is_resolved(performance: Performance) -> bool:
    """Return whether there is a result, and nobody looks again because it fell."""
    is_closed = performance.state == PerformanceState.RESOLVED
    return is_closed and not is_looked_at_again(performance)


def _wanted(performance: Performance, outcome: Outcome | None) -> tuple[str, ...]:
    """Return the criteria of which more evidence is asked."""
    if performance.state != PerformanceState.MORE_EVIDENCE or outcome is None:
        return ()
    return outcome.criteria if outcome.kind == OutcomeKind.MORE_EVIDENCE else ()


def _level(rubric: rubrics.Rubric, key: str | None) -> rubrics.Level | None:
    return None if key is None else rubric.levels[rubric.rank(key)]


def _comments(criterion: str, ratings: list[RatingRow]) -> tuple[Comment, ...]:
    """Return what was said of a criterion, in the order of the rounds, on appeal at the end."""
    said = [
        (each.round, Comment(each.comments[criterion], each.role == AssignmentRole.REVIEWER))
        for each in ratings
        if criterion in each.comments
    ]
    in_order = sorted(said, key=lambda each: (each[0], each[1].on_appeal))
    return tuple(comment for _round, comment in in_order)
