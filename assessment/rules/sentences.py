"""An outcome in sentences, for the learner it is about.

Nobody is told that they failed: what is not shown is "not yet shown", with the figure found, the
figure needed, and what is still missing. Inside a ``none`` everything is turned round for the
reader: there, `met` means that nothing stands in the way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from assessment.rules.assured import sureness
from assessment.rules.facts import AbilityFact, Identity, Source, Supervision
from assessment.rules.lacks import lack
from assessment.rules.language import (
    Achieved,
    AreaScore,
    Credits,
    Kind,
    Leaf,
    Mastery,
    NoneOf,
    RubricLevel,
    Score,
)
from assessment.rules.outcomes import Missing, Outcome, Quantity, Used, Verdict, gaps
from assessment.rules.requirements import Requirement, requirement
from assessment.rules.statuses import status
from assessment.rules.voices import Gettext, Names, Ngettext, Voice, plain_logits, plain_number


@dataclass(frozen=True)
class LearningArea:
    """Where learning would close a gap: a test or one area of it, a rubric or one criterion, or an
    achievement.
    """

    source: Source
    key: str
    part: str | None = None


@dataclass(frozen=True)
class Explanation:
    """One node of an outcome in sentences.

    `requirement` and `conditions` say what was asked, `sentence` how it stands, `facts` what it
    rests on, `sureness` how sure that makes us, `missing` what would meet it by the nearest way.
    `learning` names where learning would help, other ways included; a sitting that only lacked its
    conditions names nothing. `ability` is what a sitting measured, to draw beside its mark.
    """

    path: str
    kind: Kind
    requirement: str
    conditions: tuple[str, ...]
    sentence: str
    verdict: Verdict
    met: bool
    progress: float
    facts: tuple[str, ...]
    sureness: tuple[str, ...]
    ability: AbilityFact | None
    missing: tuple[str, ...]
    learning: tuple[LearningArea, ...]
    children: tuple[Explanation, ...]


def explain(
    outcome: Outcome,
    *,
    names: Names,
    gettext: Gettext,
    ngettext: Ngettext,
    format_date: Callable[[date], str],
    format_percent: Callable[[float], str],
    format_number: Callable[[float], str] = plain_number,
    format_logits: Callable[[float], str] = plain_logits,
) -> Explanation:
    """Return an outcome as sentences, with every fact that it rests on."""
    voice = Voice(
        names, gettext, ngettext, format_percent, format_date, format_number, format_logits
    )
    asked = requirement(
        outcome.rule,
        names=names,
        gettext=gettext,
        ngettext=ngettext,
        format_percent=format_percent,
        format_number=format_number,
    )
    return _explain(outcome, asked, voice, veto=False)


def _explain(outcome: Outcome, asked: Requirement, voice: Voice, veto: bool) -> Explanation:
    inside = veto or isinstance(outcome.rule, NoneOf)
    met = outcome.met is not veto
    return Explanation(
        path=outcome.path,
        kind=outcome.kind,
        requirement=asked.sentence,
        conditions=asked.conditions,
        sentence=status(outcome, voice, veto),
        verdict=(Verdict.MET if met else Verdict.NOT_YET) if veto else outcome.verdict,
        met=met,
        progress=float(met) if veto else outcome.progress,
        facts=tuple(_fact(used, voice) for used in outcome.facts),
        sureness=() if veto else sureness(outcome, voice),
        ability=None if veto else _ability(outcome),
        missing=() if veto else _missing(outcome, voice),
        learning=() if veto else learning_areas(outcome),
        children=tuple(
            _explain(child, part, voice, inside)
            for child, part in zip(outcome.children, asked.children, strict=True)
        ),
    )


def _ability(outcome: Outcome) -> AbilityFact | None:
    """Return what the sitting that a leaf rests on measured."""
    found = (used.assurance for used in outcome.facts if used.assurance is not None)
    return next((each.ability for each in found), None)


def _missing(outcome: Outcome, voice: Voice) -> tuple[str, ...]:
    sentences = (sentence for each in outcome.missing for sentence in lack(each, voice))
    return tuple(dict.fromkeys(sentences))


def learning_areas(outcome: Outcome) -> tuple[LearningArea, ...]:
    """Return where learning would close the gaps of an outcome, each once, in the rule's order."""
    found = (area for gap in gaps(outcome) if _learnable(gap) for area in _areas(gap.rule))
    return tuple(dict.fromkeys(found))


_LEARNT = (Quantity.SCORE, Quantity.MASTERY, Quantity.LEVEL, Quantity.MONTHS, Quantity.CREDITS)


def _learnable(gap: Missing) -> bool:
    """Return whether ability is lacking, and not only a condition, a rater or an occasion."""
    lacks = not gap.lacking or any(figure.quantity in _LEARNT for figure in gap.lacking)
    return lacks and not gap.veto


def _areas(leaf: Leaf) -> tuple[LearningArea, ...]:
    match leaf:
        case Score(test=test) | Mastery(test=test):
            return (LearningArea(Source.TEST, test),)
        case AreaScore(test=test, area=area):
            return (LearningArea(Source.TEST, test, area),)
        case RubricLevel(rubric=rubric, criterion=criterion):
            return (LearningArea(Source.RUBRIC, rubric, criterion),)
        case Achieved(achievement=key):
            return (LearningArea(Source.ACHIEVEMENT, key),)
        case Credits(among=among):
            return tuple(LearningArea(Source.ACHIEVEMENT, key) for key in among)
    return ()


def _fact(used: Used, voice: Voice) -> str:
    """Return what is known of one fact, a whole sentence or several."""
    on = voice.format_date(used.when)
    match used.source:
        case Source.TEST:
            return " ".join((voice.gettext("Sat on %(date)s.", date=on), *_checks(used, voice)))
        case Source.RUBRIC:
            return voice.gettext("Shown on %(date)s.", date=on)
        case Source.ACHIEVEMENT:
            return voice.gettext("Awarded on %(date)s.", date=on)
        case Source.RECOGNITION:
            return voice.gettext("Recognised on %(date)s.", date=on)
        case Source.HOLD:
            return voice.gettext("Placed on %(date)s.", date=on)


def _checks(used: Used, voice: Voice) -> tuple[str, ...]:
    return (
        supervision_sentence(used.supervision or Supervision.NONE, voice.gettext),
        identity_sentence(used.identity or Identity.SELF, voice.gettext),
    )


def supervision_sentence(supervision: Supervision, gettext: Gettext) -> str:
    """Return how a sitting was supervised, as a sentence."""
    match supervision:
        case Supervision.NONE:
            return gettext("Nobody supervised it.")
        case Supervision.REMOTE:
            return gettext("It was supervised remotely.")
        case Supervision.INVIGILATED:
            return gettext("An invigilator was present.")


def identity_sentence(identity: Identity, gettext: Gettext) -> str:
    """Return how a learner's identity was checked, as a sentence."""
    match identity:
        case Identity.SELF:
            return gettext("Identity was declared by the learner.")
        case Identity.SIGN_IN:
            return gettext("Identity was checked by signing in.")
        case Identity.DOCUMENT:
            return gettext("An identity document was checked.")
