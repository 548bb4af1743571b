"""What a leaf of a rule asks besides: how a test is sat, and by how many work is rated."""

from __future__ import annotations

from assessment.rules.facts import Identity, Supervision
from assessment.rules.language import AreaScore, Conditions, Mastery, RubricLevel, Rule, Score
from assessment.rules.voices import Voice


def conditions_of(rule: Rule, voice: Voice) -> tuple[str, ...]:
    """Return what a leaf asks besides, a sentence each."""
    match rule:
        case AreaScore():
            return (*_questions(rule, voice), *_sitting(rule.conditions, voice))
        case Score() | Mastery():
            return _sitting(rule.conditions, voice)
        case RubricLevel():
            return (*_raters(rule, voice), *_occasions(rule, voice))
    return ()


def _questions(leaf: AreaScore, voice: Voice) -> tuple[str, ...]:
    if leaf.items == 1:
        return ()
    return (
        voice.ngettext(
            "At least %(num)d question of this part must be answered.",
            "At least %(num)d questions of this part must be answered.",
            leaf.items,
        ),
    )


def _sitting(needed: Conditions, voice: Voice) -> tuple[str, ...]:
    return (*_supervision(needed.supervision, voice), *_identity(needed.identity, voice))


def _supervision(needed: Supervision, voice: Voice) -> tuple[str, ...]:
    match needed:
        case Supervision.NONE:
            return ()
        case Supervision.REMOTE:
            return (voice.gettext("It must be supervised, remotely or by an invigilator."),)
        case Supervision.INVIGILATED:
            return (voice.gettext("An invigilator must be present."),)


def _identity(needed: Identity, voice: Voice) -> tuple[str, ...]:
    match needed:
        case Identity.SELF:
            return ()
        case Identity.SIGN_IN:
            return (voice.gettext("You must be signed in."),)
        case Identity.DOCUMENT:
            return (voice.gettext("Your identity document must be checked."),)


def _raters(leaf: RubricLevel, voice: Voice) -> tuple[str, ...]:
    raters = voice.ngettext(
        "At least %(num)d person must rate it.",
        "At least %(num)d people must rate it.",
        leaf.raters,
    )
    roles = (
        voice.gettext(
            "Of these, at least %(number)s as %(role)s.",
            role=voice.names.role(each.role),
            number=each.number,
        )
        for each in leaf.including
    )
    return (raters, *roles)


def _occasions(leaf: RubricLevel, voice: Voice) -> tuple[str, ...]:
    if leaf.occasions == 1:
        return ()
    return (
        voice.ngettext(
            "It must be shown on at least %(num)d occasion.",
            "It must be shown on at least %(num)d separate occasions.",
            leaf.occasions,
        ),
    )
