"""How sure the evidence makes us, in sentences: what was measured, against which mark, on what."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from assessment.rules.assurances import Assurance
from assessment.rules.certainty import SUREST, Bounds, certainty_of
from assessment.rules.facts import AbilityFact, Basis
from assessment.rules.findings import as_written
from assessment.rules.outcomes import STEPS, Outcome
from assessment.rules.voices import Gettext, Names, Ngettext, Voice, plain_logits

CLEAR = Fraction("0.01")
"""Nearer to 0 or 1 than this, tenths of a per cent are told apart."""
SURE = 0.75
"""From here on it reads as being sure; below, as a probability."""


def sureness(outcome: Outcome, voice: Voice) -> tuple[str, ...]:
    """Return how sure we are of one node: a leaf by its sitting, a joint by what bounds it."""
    if outcome.children:
        bounds = certainty_of(outcome) if len(outcome.children) > 1 else None
        return () if bounds is None else (_together(bounds, voice),)
    found = [used.assurance for used in outcome.facts if used.assurance is not None]
    return tuple(sentence for each in found for sentence in assured(each, voice))


def assurance_sentences(
    assurance: Assurance,
    *,
    names: Names,
    gettext: Gettext,
    ngettext: Ngettext,
    format_percent: Callable[[float], str],
    format_logits: Callable[[float], str] = plain_logits,
) -> tuple[str, ...]:
    """Return what an assurance says: how sure, from what, and what else it might have been."""
    voice = Voice(names, gettext, ngettext, format_percent, format_logits=format_logits)
    return assured(assurance, voice)


def assured(assurance: Assurance, voice: Voice) -> tuple[str, ...]:
    """Return the sentences of an assurance, the one that matters first."""
    return (
        _sure(assurance, voice),
        *(_measured(assurance.ability, voice) if assurance.ability is not None else ()),
        *_expected(assurance, voice),
    )


def _together(bounds: Bounds, voice: Voice) -> str:
    """Return between what the sureness of several parts lies; rounded outwards, so it is so."""
    lower, upper = (Fraction(round(each * STEPS), STEPS) for each in (bounds.lower, bounds.upper))
    least = _per_cent(min(_cut(lower), SUREST), voice)
    most = _per_cent(min(-_cut(-upper), SUREST), voice)
    if least == most or lower > 1 - CLEAR:
        sure = probable(float(lower), voice)
        return voice.gettext("Of all of this together, we are %(sure)s sure.", sure=sure)
    return voice.gettext(
        "Of all of this together, we are sure to at least %(lower)s and at most %(upper)s.",
        lower=least,
        upper=most,
    )


def _sure(assurance: Assurance, voice: Voice) -> str:
    if assurance.basis is Basis.SAMPLED:
        return _sampled(assurance, voice)
    sure = probable(assurance.probability, voice)
    if assurance.probability >= SURE:
        return voice.gettext(
            "We are %(sure)s sure that your ability is above the passing mark.", sure=sure
        )
    return voice.gettext(
        "The probability that your ability is above the passing mark is %(sure)s.", sure=sure
    )


def _sampled(assurance: Assurance, voice: Voice) -> str:
    sure = probable(assurance.probability, voice)
    if assurance.probability >= SURE:
        return voice.ngettext(
            "Judged from a sample of %(num)d question of this domain, we are %(sure)s sure that you"
            " would reach the passing mark on all of it.",
            "Judged from a sample of %(num)d questions of this domain, we are %(sure)s sure that"
            " you would reach the passing mark on all of it.",
            assurance.questions or 0,
            sure=sure,
        )
    return voice.ngettext(
        "Judged from a sample of %(num)d question of this domain, the probability that you would"
        " reach the passing mark on all of it is %(sure)s.",
        "Judged from a sample of %(num)d questions of this domain, the probability that you would"
        " reach the passing mark on all of it is %(sure)s.",
        assurance.questions or 0,
        sure=sure,
    )


def _measured(ability: AbilityFact, voice: Voice) -> tuple[str, str]:
    measured = voice.gettext(
        "On the scale of abilities, whose unit is called the logit, you were measured at %(theta)s,"
        " give or take %(se)s (one standard error); the passing mark is at %(mark)s.",
        theta=voice.format_logits(ability.theta),
        se=voice.format_logits(ability.se),
        mark=voice.format_logits(ability.mark),
    )
    return (measured, _scaled(ability, voice))


def _scaled(ability: AbilityFact, voice: Voice) -> str:
    if ability.simulated:
        return voice.gettext(
            "The scale of this demonstration was calibrated from simulated responses (set"
            " %(number)s).",
            number=ability.scale,
        )
    if ability.judged:
        return voice.gettext(
            "Questions and passing mark were placed by a panel’s judgement (set %(number)s): there"
            " are no responses behind them yet, and these figures take that judgement for right.",
            number=ability.scale,
        )
    return voice.gettext(
        "The scale was calibrated from recorded responses (set %(number)s).", number=ability.scale
    )


def _expected(assurance: Assurance, voice: Voice) -> tuple[str, ...]:
    if assurance.lowest is None or assurance.highest is None:
        return ()
    lowest, highest = (probable(each, voice) for each in (assurance.lowest, assurance.highest))
    if lowest == highest:
        return (
            voice.gettext(
                "Before your first answer we took both sides of the mark for equally likely. From a"
                " lower start, or a higher one, the result would be about the same."
            ),
        )
    return (
        voice.gettext(
            "Before your first answer we took both sides of the mark for equally likely. From a"
            " lower start, or a higher one, the probability would be %(lowest)s or %(highest)s.",
            lowest=lowest,
            highest=highest,
        ),
    )


def probable(probability: float, voice: Voice) -> str:
    """Return a probability in whole per cent; near 0 and 100, as less than 1 or more than 99.

    It is cut, not rounded, so that what falls short never reads as what was needed. A tenth of a
    per cent is more than a model of answers can know.
    """
    exact = Fraction(repr(float(probability)))
    if exact < CLEAR:
        return voice.gettext("less than %(share)s", share=_per_cent(CLEAR, voice))
    if exact > 1 - CLEAR:
        return voice.gettext("more than %(share)s", share=_per_cent(1 - CLEAR, voice))
    return _per_cent(_cut(exact), voice)


def _cut(share: Fraction) -> Fraction:
    """Return a share cut to the per cent, near 0 and 1 to the tenth; minus a share, raised so."""
    step = Fraction(1, 100) if CLEAR <= abs(share) <= 1 - CLEAR else Fraction(1, 1000)
    return math.floor(share / step) * step


def _per_cent(share: Fraction, voice: Voice) -> str:
    return voice.format_percent(as_written(share * 100))
