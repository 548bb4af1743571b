"""What is still missing, in one sentence for each thing."""

from __future__ import annotations

from assessment.rules.facts import Identity, Supervision
from assessment.rules.language import (
    Achieved,
    AreaScore,
    Credits,
    Held,
    Mastery,
    Recognised,
    RubricLevel,
    RubricShortfall,
    Score,
)
from assessment.rules.outcomes import Figure, Missing, Quantity, uncut
from assessment.rules.voices import Voice


def lack(missing: Missing, voice: Voice) -> tuple[str, ...]:
    """Return the sentences for one leaf that stands in the way."""
    if missing.veto:
        return (_veto(missing, voice),)
    match missing.rule:
        case Score() | AreaScore() | Mastery() as leaf:
            return tuple(_test(leaf, figure, voice) for figure in missing.lacking)
        case RubricLevel() as rubric:
            return tuple(_rubric(rubric, figure, voice) for figure in missing.lacking)
        case _:
            return (_record(missing, voice),)


def _veto(missing: Missing, voice: Voice) -> str:
    match missing.rule:
        case Held(hold=kind):
            name = voice.names.hold(kind)
            return voice.gettext("A hold must be lifted first: %(hold)s.", hold=name)
        case RubricShortfall() as leaf:
            return voice.gettext(
                "Still missing: a new rating of %(criterion)s at the level %(level)s or above.",
                criterion=voice.names.criterion(leaf.rubric, leaf.criterion),
                level=voice.names.level(leaf.rubric, leaf.criterion, leaf.below),
            )
        case Achieved(achievement=key):
            name = voice.names.achievement(key)
            return voice.gettext(
                "You hold %(achievement)s, which rules this out.", achievement=name
            )
    return voice.gettext("Something on your record rules this out; please ask the registrar.")


def _test(leaf: Score | AreaScore | Mastery, figure: Figure, voice: Voice) -> str:
    match figure.quantity:
        case Quantity.SUPERVISION:
            return _supervision(leaf, voice)
        case Quantity.IDENTITY:
            return _identity(leaf, voice)
        case Quantity.ANSWERED if isinstance(leaf, AreaScore):
            return voice.ngettext(
                "Still missing: a sitting of %(test)s with at least %(num)d question answered in"
                " %(area)s.",
                "Still missing: a sitting of %(test)s with at least %(num)d questions answered in"
                " %(area)s.",
                leaf.items,
                test=voice.names.test(leaf.test),
                area=voice.names.area(leaf.test, leaf.area),
            )
    return _score(leaf, voice)


def _score(leaf: Score | AreaScore | Mastery, voice: Voice) -> str:
    test = voice.names.test(leaf.test)
    match leaf:
        case Score():
            return voice.gettext(
                "Still missing: at least %(needed)s on %(test)s.",
                needed=voice.needed(leaf.percent),
                test=test,
            )
        case AreaScore():
            return voice.gettext(
                "Still missing: at least %(needed)s in %(area)s, part of %(test)s.",
                needed=voice.needed(leaf.percent),
                area=voice.names.area(leaf.test, leaf.area),
                test=test,
            )
        case Mastery():
            return voice.gettext(
                "Still missing: a certainty of at least %(needed)s on %(test)s.",
                needed=voice.needed(leaf.probability * 100),
                test=test,
            )


def _supervision(leaf: Score | AreaScore | Mastery, voice: Voice) -> str:
    test = voice.names.test(leaf.test)
    if leaf.conditions.supervision is Supervision.INVIGILATED:
        return voice.gettext(
            "Still missing: a sitting of %(test)s with an invigilator present.", test=test
        )
    return voice.gettext(
        "Still missing: a sitting of %(test)s supervised remotely or by an invigilator.", test=test
    )


def _identity(leaf: Score | AreaScore | Mastery, voice: Voice) -> str:
    test = voice.names.test(leaf.test)
    if leaf.conditions.identity is Identity.DOCUMENT:
        return voice.gettext(
            "Still missing: a sitting of %(test)s with your identity document checked.", test=test
        )
    return voice.gettext("Still missing: a sitting of %(test)s while signed in.", test=test)


def _rubric(leaf: RubricLevel, figure: Figure, voice: Voice) -> str:
    rubric = voice.names.rubric(leaf.rubric)
    match figure.quantity:
        case Quantity.RATERS:
            return voice.ngettext(
                "Still missing for %(rubric)s: a rating by %(num)d more person.",
                "Still missing for %(rubric)s: ratings by %(num)d more people.",
                _more(figure),
                rubric=rubric,
            )
        case Quantity.ROLE:
            return voice.ngettext(
                "Still missing for %(rubric)s: %(num)d more rating in this role: %(role)s.",
                "Still missing for %(rubric)s: %(num)d more ratings in this role: %(role)s.",
                _more(figure),
                rubric=rubric,
                role=voice.names.role(figure.role or ""),
            )
        case Quantity.OCCASIONS:
            return voice.ngettext(
                "Still missing for %(rubric)s: %(num)d more occasion.",
                "Still missing for %(rubric)s: %(num)d more occasions.",
                _more(figure),
                rubric=rubric,
            )
    return _level(leaf, voice)


def _level(leaf: RubricLevel, voice: Voice) -> str:
    level = voice.names.level(leaf.rubric, leaf.criterion, leaf.level)
    rubric = voice.names.rubric(leaf.rubric)
    if leaf.criterion is None:
        return voice.gettext(
            "Still missing: the level %(level)s in %(rubric)s.", level=level, rubric=rubric
        )
    return voice.gettext(
        "Still missing: the level %(level)s in %(criterion)s, part of %(rubric)s.",
        level=level,
        criterion=voice.names.criterion(leaf.rubric, leaf.criterion),
        rubric=rubric,
    )


def _more(figure: Figure) -> int:
    """Return how many more are needed of what is counted."""
    needed, found = figure.needed, figure.found
    return int(needed or 0) - int(found or 0)


def _record(missing: Missing, voice: Voice) -> str:
    match missing.rule:
        case Achieved(achievement=key):
            return _award(voice.names.achievement(key), missing.lacking, voice)
        case Credits() as leaf:
            return voice.gettext(
                "Credits still missing: %(credits)s. These count: %(achievements)s.",
                credits=voice.format_number(_credits(missing.lacking)),
                achievements=", ".join(voice.names.achievement(key) for key in leaf.among),
            )
        case Recognised(recognition=key):
            name = voice.names.recognition(key)
            return voice.gettext("Still missing: recognition of %(recognition)s.", recognition=name)
    return voice.gettext("Something on your record rules this out; please ask the registrar.")


def _award(name: str, lacking: tuple[Figure, ...], voice: Voice) -> str:
    if any(figure.found is not None for figure in lacking):
        return voice.gettext("Still missing: a newer award of %(achievement)s.", achievement=name)
    return voice.gettext("Still missing: %(achievement)s.", achievement=name)


def _credits(lacking: tuple[Figure, ...]) -> float:
    """Return the credits still needed, rounded to the hundredth."""
    needed, found = lacking[0].needed, lacking[0].found
    numbers = [each if isinstance(each, int | float) else 0 for each in (needed, found)]
    return float(round(uncut(numbers[0]) - uncut(numbers[1]), 2))
