"""Where a performance stands, as a shape and a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from assessment.languages import wording
from assessment.locale import gettext as _
from assessment.locale import language, ngettext
from assessment.performances.losing import Loss, loss_of
from assessment.performances.models import Performance, PerformanceState
from assessment.performances.outcomes import Outcome, OutcomeKind, outcome_from_text
from assessment.performances.publishing import policy_of, rubric_of


@dataclass(frozen=True)
class Standing:
    """Where a performance stands; `shape` is one of those that stand beside a word on a page."""

    shape: str
    sentence: str


def standing_of(performance: Performance) -> Standing:
    """Return where a performance stands, in the page's language."""
    outcome = outcome_from_text(performance.outcome) if performance.outcome else None
    match performance.state:
        case PerformanceState.DRAFT:
            return Standing("info", _("Not handed in yet"))
        case PerformanceState.WITHDRAWN:
            return Standing("info", _("Withdrawn"))
        case _ if loss := loss_of(performance):
            return Standing("unsure", _lost(loss))
        case PerformanceState.MORE_EVIDENCE:
            return Standing("unsure", _("More evidence, please: the assessors could not see all."))
        case PerformanceState.RESOLVED if outcome:
            return _resolved(performance, outcome)
    return Standing("info", _awaited(performance, outcome))


def _lost(loss: Loss) -> str:
    if loss is Loss.LOOKED_AT:
        return _("Being looked at again: something that the result rested on was set aside.")
    if loss is Loss.WANTS_EVIDENCE:
        return _("More evidence, please: something that the result rested on was set aside.")
    if loss is Loss.WANTS_OBSERVER:
        return _("Somebody who saw the work is missing: what one said of it was set aside.")
    if loss is Loss.SET_ASIDE:
        return _("This result counts no more: the institution set it aside.")
    return _("This result counts no more: something that it rested on was set aside.")


def _resolved(performance: Performance, outcome: Outcome) -> Standing:
    rubric, policy = rubric_of(performance.task.rubric), policy_of(performance.task)
    found, needed = (
        wording(rubric.levels[rubric.rank(key or policy.required)].title, language())
        for key in (outcome.level, policy.required)
    )
    if outcome.is_reached:
        sentence = _("Shown: level %(found)s, level %(needed)s needed.", found=found, needed=needed)
        return Standing("met", sentence)
    sentence = _(
        "Not yet shown: level %(found)s, level %(needed)s needed.", found=found, needed=needed
    )
    return Standing("not_yet", sentence)


def _awaited(performance: Performance, outcome: Outcome | None) -> str:
    kind = outcome.kind if outcome and _is_of_round(performance) else OutcomeKind.RATING
    if kind == OutcomeKind.THIRD_RATER:
        return _("Assessors see this differently; another one looks at it now.")
    if kind == OutcomeKind.ADJUDICATION:
        return _("Assessors see this differently; somebody who decides looks at it now.")
    if outcome and outcome.needs_occasions and kind == OutcomeKind.MORE_EVIDENCE:
        return _("Assessed; somebody has to see you do it on another day as well.")
    if outcome and outcome.needs_observers and not outcome.needs_assessors:
        return _("Assessed; somebody who saw the work is still to say so.")
    number = policy_of(performance.task).raters
    return ngettext(
        "Handed in; an assessor looks at it.",
        "Handed in; %(num)s assessors look at it, each without knowing of the other.",
        number,
    )


def _is_of_round(performance: Performance) -> bool:
    """Return whether a rating is in since it was last handed in."""
    return performance.state == PerformanceState.IN_MARKING
