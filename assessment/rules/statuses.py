"""How one node of an outcome stands, in one sentence."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

from assessment.rules.assured import probable
from assessment.rules.certainty import SUREST, UNSUREST
from assessment.rules.language import (
    Achieved,
    AllOf,
    AnyOf,
    AreaScore,
    AtLeast,
    Credits,
    Held,
    Leaf,
    Mastery,
    NoneOf,
    Recognised,
    RubricLevel,
    RubricShortfall,
    Score,
    Weighted,
)
from assessment.rules.outcomes import Figure, Outcome, Quantity, Verdict, uncut
from assessment.rules.voices import Voice


def status(outcome: Outcome, voice: Voice, veto: bool = False) -> str:
    """Return how a node stands; inside a veto, whether it stands in the way."""
    match outcome.rule:
        case Held():
            return _hold(outcome, voice)
        case RubricShortfall() as leaf:
            return _shortfall(outcome, leaf, voice)
        case _ if veto:
            return _in_the_way(outcome.met, voice)
        case AllOf() | AnyOf() | AtLeast() | Weighted() | NoneOf():
            return _joint(outcome, voice)
        case leaf:
            return _leaf(outcome, leaf, voice)


def _in_the_way(stands: bool, voice: Voice) -> str:
    if stands:
        return voice.gettext("This stands in the way.")
    return voice.gettext("This does not stand in the way.")


def _hold(outcome: Outcome, voice: Voice) -> str:
    if not outcome.facts:
        return voice.gettext("There is no such hold.")
    since = voice.format_date(outcome.facts[0].when)
    return voice.gettext("This hold has stood since %(date)s.", date=since)


def _shortfall(outcome: Outcome, leaf: RubricShortfall, voice: Voice) -> str:
    found = outcome.figures[0].found
    if found is None:
        return voice.gettext("This has not been rated yet.")
    level = voice.names.level(leaf.rubric, leaf.criterion, str(found))
    if outcome.met:
        return voice.gettext("The last rating was %(level)s, which is too low.", level=level)
    return voice.gettext("The last rating was %(level)s, which is enough.", level=level)


def _joint(outcome: Outcome, voice: Voice) -> str:
    match outcome.rule:
        case AllOf():
            return _all(outcome, voice)
        case AnyOf():
            return _any(outcome.met, voice)
        case AtLeast(number=number):
            met = sum(child.met for child in outcome.children)
            return voice.gettext(
                "Shown so far: %(found)s; needed: %(needed)s.", found=met, needed=number
            )
        case Weighted(percent=percent):
            return _compared(outcome.figures[0], percent, outcome.met, voice)
    return _none(outcome.met, voice)


def _any(shown: bool, voice: Voice) -> str:
    if shown:
        return voice.gettext("One of these ways is shown.")
    return voice.gettext("None of these ways is shown yet.")


def _none(clear: bool, voice: Voice) -> str:
    if clear:
        return voice.gettext("Nothing stands in the way.")
    return voice.gettext("Something stands in the way.")


def _all(outcome: Outcome, voice: Voice) -> str:
    """Return how many parts are shown; a veto is no part to show, and speaks when it applies."""
    asked = [child for child in outcome.children if not isinstance(child.rule, NoneOf)]
    shown = sum(child.met for child in asked)
    if shown < len(asked):
        return voice.gettext(
            "Shown so far: %(found)s; needed: %(needed)s.", found=shown, needed=len(asked)
        )
    if not outcome.met or not asked:
        return _none(outcome.met, voice)
    return voice.gettext("All of this is shown.")


def _leaf(outcome: Outcome, leaf: Leaf, voice: Voice) -> str:
    match leaf:
        case Score() | AreaScore() | Mastery():
            return _test(outcome, leaf, voice)
        case RubricLevel():
            return _level(outcome, leaf, voice)
        case Achieved():
            return _award(outcome, voice)
        case Credits():
            return _credits(outcome, voice)
        case Recognised() if outcome.facts:
            on = voice.format_date(outcome.facts[0].when)
            return voice.gettext("Recognised on %(date)s.", date=on)
    return voice.gettext("Not yet recognised.")


def _test(outcome: Outcome, leaf: Score | AreaScore | Mastery, voice: Voice) -> str:
    if not outcome.facts:
        return voice.gettext("Not yet shown.")
    if outcome.verdict is Verdict.NOT_ENOUGH:
        return _not_enough(outcome, voice)
    figure, needed = outcome.figures[0], _asked(leaf)
    if figure.met and not outcome.met:
        found = _probability if isinstance(leaf, Mastery) else percent_found
        return voice.gettext(
            "Not yet shown under the conditions needed: %(found)s, %(needed)s needed.",
            found=found(figure, needed, voice),
            needed=voice.needed(needed),
        )
    if isinstance(leaf, Mastery):
        return _certainty(outcome, needed, voice)
    return _compared(figure, needed, outcome.met, voice)


def _asked(leaf: Score | AreaScore | Mastery) -> Fraction:
    """Return the per cent that a leaf asks."""
    return leaf.probability * 100 if isinstance(leaf, Mastery) else leaf.percent


def _compared(figure: Figure, needed: Fraction, met: bool, voice: Voice) -> str:
    found, asked = percent_found(figure, needed, voice), voice.needed(needed)
    if met:
        return voice.gettext("Shown: %(found)s, %(needed)s needed.", found=found, needed=asked)
    return voice.gettext("Not yet shown: %(found)s, %(needed)s needed.", found=found, needed=asked)


def _certainty(outcome: Outcome, needed: Fraction, voice: Voice) -> str:
    found, asked = _probability(outcome.figures[0], needed, voice), voice.needed(needed)
    if outcome.met:
        return voice.gettext(
            "Shown with a certainty of %(found)s, %(needed)s needed.", found=found, needed=asked
        )
    return voice.gettext(
        "Not yet shown: certainty %(found)s, %(needed)s needed.", found=found, needed=asked
    )


def _not_enough(outcome: Outcome, voice: Voice) -> str:
    for figure in outcome.figures:
        if figure.quantity is Quantity.ANSWERED:
            return voice.gettext(
                "Not enough questions to say: %(found)s answered, %(needed)s needed.",
                found=figure.found,
                needed=figure.needed,
            )
    return _unsure(outcome, voice)


def _unsure(outcome: Outcome, voice: Voice) -> str:
    """Return why a probability is not enough to say: there is none, or the start would decide."""
    figure = outcome.figures[0]
    if not isinstance(outcome.rule, Mastery) or figure.found is None:
        return voice.gettext("Not enough evidence to say.")
    needed = outcome.rule.probability * 100
    return voice.gettext(
        "Not enough evidence to say: certainty %(found)s, %(needed)s needed, and what was expected"
        " beforehand would still decide it.",
        found=_probability(figure, needed, voice),
        needed=voice.needed(needed),
    )


def _probability(figure: Figure, needed: Fraction, voice: Voice) -> str:
    """Return a probability found, which is never quite sure unless that is what was needed.

    It reads as in the sentences that say how sure we are, unless what was needed is finer.
    """
    if needed.denominator == 1:
        return probable(float(figure.found or 0), voice)
    most = max(SUREST, needed / 100)
    found = max(UNSUREST, min(most, uncut(float(figure.found or 0))))
    return percent_found(replace(figure, found=float(found)), needed, voice, scale=100)


def percent_found(figure: Figure, needed: Fraction, voice: Voice, scale: int = 1) -> str:
    """Return a per cent found, cut to one decimal, or to as many as the per cent needed has.

    It is cut, not rounded, so that what falls short never reads as what was needed.
    """
    found = uncut(figure.found if isinstance(figure.found, int | float) else 0) * scale
    decimals = next((n for n in range(1, 10) if (needed * 10**n).denominator == 1), 1)
    tenths = math.floor(found * 10**decimals)
    whole = tenths % 10**decimals == 0
    return voice.format_percent(tenths // 10**decimals if whole else tenths / 10**decimals)


def _level(outcome: Outcome, leaf: RubricLevel, voice: Voice) -> str:
    if not outcome.facts:
        return voice.gettext("Not yet shown.")
    found = outcome.figures[0].found
    if found is None:
        return voice.gettext("Not enough evidence to say: this was not observed.")
    levels = [
        voice.names.level(leaf.rubric, leaf.criterion, key) for key in (str(found), leaf.level)
    ]
    return _levels(outcome, levels[0], levels[1], voice)


def _levels(outcome: Outcome, found: str, needed: str, voice: Voice) -> str:
    if outcome.met:
        return voice.gettext(
            "Shown: level %(found)s, level %(needed)s needed.", found=found, needed=needed
        )
    if outcome.verdict is Verdict.NOT_ENOUGH:
        return voice.gettext(
            "Not enough evidence to say: level %(found)s so far, level %(needed)s needed.",
            found=found,
            needed=needed,
        )
    return voice.gettext(
        "Not yet shown: level %(found)s, level %(needed)s needed.", found=found, needed=needed
    )


def _award(outcome: Outcome, voice: Voice) -> str:
    if not outcome.facts:
        return voice.gettext("Not yet awarded.")
    on = voice.format_date(outcome.facts[0].when)
    if outcome.met:
        return voice.gettext("Awarded on %(date)s.", date=on)
    return voice.gettext("Awarded on %(date)s, which is too long ago.", date=on)


def _credits(outcome: Outcome, voice: Voice) -> str:
    figure = outcome.figures[0]
    found, needed = (
        voice.format_number(each if isinstance(each, int | float) else 0)
        for each in (figure.found, figure.needed)
    )
    if outcome.met:
        return voice.gettext(
            "Shown: %(found)s credits, %(needed)s needed.", found=found, needed=needed
        )
    return voice.gettext(
        "Not yet shown: %(found)s credits, %(needed)s needed.", found=found, needed=needed
    )
