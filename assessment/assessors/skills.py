"""What an assessor may rate on, and where they stand at each gate: their own page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

import rubrics
from assessment.access import Actor
from assessment.assessors import gates, training
from assessment.assessors.comparing import Judgement, Shortfall, judgement_from_text
from assessment.assessors.exemplar_places import exemplar_of
from assessment.assessors.exemplars import in_use
from assessment.errors import NoSuchRecord
from assessment.extensions import db
from assessment.locale import format_moment, ngettext
from assessment.locale import gettext as _
from assessment.performances.models import (
    AssignmentRole,
    RatingRow,
    RubricVersion,
    Task,
)
from assessment.performances.partners import within_reach
from assessment.performances.publishing import current_rubric, rubric_of
from assessment.performances.qualifications import Standing, gate_of, standing_at
from assessment.performances.rating import own_rating
from assessment.performances.trust_models import (
    ExemplarReference,
    Gate,
    GateAttempt,
    QualificationState,
)


@dataclass(frozen=True)
class Attempt:
    """One attempt at a gate: how far it is, and what came of it."""

    row: GateAttempt
    rated: int
    judgement: Judgement | None


@dataclass(frozen=True)
class Skill:
    """A rubric that an assessor may come to rate on; without a gate they may already."""

    rubric: rubrics.Rubric
    gate: Gate | None
    standing: Standing | None
    trained: int
    to_train: int

    @property
    def may_rate(self) -> bool:
        """Whether live work is handed out."""
        return self.standing is None or self.standing.may_rate


@dataclass(frozen=True)
class SkillPage:
    """The page of one skill: training, the gate, and attempts, the latest first."""

    skill: Skill
    trained_on: tuple[RatingRow, ...]
    attempts: tuple[Attempt, ...]
    why_not_now: str

    @property
    def is_attempting(self) -> bool:
        """Whether an attempt was begun and not ended."""
        return any(each.row.ended_at is None for each in self.attempts)


@dataclass(frozen=True)
class Line:
    """One criterion of an exemplar: what was marked, what was expected, and why."""

    criterion: rubrics.Criterion
    marked: rubrics.Level | None
    expected: rubrics.Level | None
    reason: Mapping[str, str]

    @property
    def is_alike(self) -> bool:
        """Whether the mark is the one expected."""
        return self.marked == self.expected


@dataclass(frozen=True)
class Expected:
    """An exemplar that was trained on, beside what was expected."""

    rubric: rubrics.Rubric
    lines: tuple[Line, ...]
    left: int


def skills_of(actor: Actor) -> list[Skill]:
    """Return what the actor may rate on, or come to."""
    rows = (
        select(RubricVersion.key)
        .join(Task, Task.rubric_id == RubricVersion.id)
        .where(Task.institution_id.in_(within_reach(actor)), Task.is_current)
        .distinct()
        .order_by(RubricVersion.key)
    )
    return [_skill(key, actor) for key in db.session.scalars(rows)]


def _skill(rubric_key: str, actor: Actor) -> Skill:
    row, gate, person_id = current_rubric(rubric_key), gate_of(rubric_key), actor.person_id or ""
    if row is None:
        raise NoSuchRecord("rubric", rubric_key)
    wanted = in_use(rubric_key).where(ExemplarReference.for_training).subquery()
    number = db.session.scalar(select(func.count()).select_from(wanted)) or 0
    left = len(training.training_left(person_id, rubric_key)) if gate else 0
    return Skill(
        rubric=rubric_of(row),
        gate=gate,
        standing=standing_at(person_id, rubric_key) if gate else None,
        trained=number - left if gate else 0,
        to_train=number if gate else 0,
    )


def skill_page(rubric_key: str, actor: Actor) -> SkillPage:
    """Return the page of one skill; NoSuchRecord for what the actor never rates on."""
    skill = next((each for each in skills_of(actor) if each.rubric.key == rubric_key), None)
    if skill is None or skill.gate is None:
        raise NoSuchRecord("skill", rubric_key)
    person_id = actor.person_id or ""
    return SkillPage(
        skill=skill,
        trained_on=tuple(training.trained_on(person_id, rubric_key)),
        attempts=tuple(_attempt(each) for each in gates.attempts_of(person_id, rubric_key)),
        why_not_now=gates.why_not_now(skill.gate, person_id),
    )


def _attempt(row: GateAttempt) -> Attempt:
    judgement = judgement_from_text(row.figures) if row.figures else None
    return Attempt(row, len(gates.ratings_of(row)), judgement)


def expected_of(assignment_id: str, actor: Actor) -> Expected:
    """Return what was expected of an exemplar that the actor has trained on, and released."""
    rating = own_rating(assignment_id, actor)
    if rating.role != AssignmentRole.TRAINING or rating.released_at is None:
        raise NoSuchRecord("exemplar", assignment_id)
    key = rating.assignment.rubric_key
    return Expected(
        rubric=rubric_of(rating.assignment.performance.task.rubric),
        lines=_lines(rating),
        left=len(training.training_left(rating.person_id, key)),
    )


def _lines(rating: RatingRow) -> tuple[Line, ...]:
    reference = exemplar_of(rating)
    rubric = rubric_of(reference.rubric)
    levels = {each.key: each for each in rubric.levels}
    return tuple(
        Line(
            criterion=each,
            marked=levels.get(rating.marks.get(each.key) or ""),
            expected=levels.get(reference.levels[each.key] or ""),
            reason=reference.reasons.get(each.key, {}),
        )
        for each in rubric.criteria
        if each.key in reference.levels
    )


def standing_sentence(standing: Standing) -> str:
    """Return where somebody stands at a gate, and what they can do, as a sentence."""
    match standing.state:
        case QualificationState.QUALIFIED:
            return _qualified(standing)
        case QualificationState.SUSPENDED:
            return _(
                "You cannot rate this at the moment: of work that had been rated before, too many"
                " of your levels lay away from those expected. It happens to careful people. Go"
                " through the training, then through the gate."
            )
        case QualificationState.EXPIRED if standing.because == "ratings":
            return _(
                "You have given as many ratings as a pass of the gate lasts for. Pass it anew."
            )
        case QualificationState.EXPIRED:
            return _("Your pass of the gate was for a time, which is over. Pass it anew.")
        case QualificationState.TRAINING if standing.because == "failed":
            return _("Your last attempt did not reach the bar. Train, and try again.")
    return _("You have not passed the gate yet. Train first, then rate the exemplars of the gate.")


def _qualified(standing: Standing) -> str:
    parts = [_("You may rate this.")]
    if standing.until is not None:
        parts.append(_("It lasts until %(moment)s.", moment=format_moment(standing.until)))
    if standing.ratings_left is not None:
        number = standing.ratings_left
        left = ngettext("One more rating.", "For %(num)s more ratings.", number)
        parts.append(left)
    return " ".join(parts)


def shortfall_sentence(shortfall: Shortfall) -> str:
    """Return what a judgement falls short of, as a sentence."""
    return {
        Shortfall.TOO_FEW: _("Too few exemplars were rated."),
        Shortfall.EXACT: _("Too few of the levels were those expected."),
        Shortfall.ADJACENT: _("Too many levels lay more than one step away."),
        Shortfall.SAFETY: _("Something was called safe that is not."),
    }[shortfall]
