"""A rule in sentences, for people who have not begun.

Every sentence is one message for translators, with named placeholders; message ids are English.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from assessment.rules.conditions import conditions_of
from assessment.rules.findings import as_written
from assessment.rules.language import (
    Achieved,
    AllOf,
    AnyOf,
    AreaScore,
    AtLeast,
    Credits,
    Held,
    Joint,
    Kind,
    Leaf,
    Located,
    Mastery,
    NoneOf,
    Recognised,
    RubricLevel,
    RubricShortfall,
    Rule,
    Score,
    Weighted,
    parts,
)
from assessment.rules.voices import Gettext, Names, Ngettext, Voice, plain_number


@dataclass(frozen=True)
class Requirement:
    """What one node of a rule asks, in sentences."""

    path: str
    kind: Kind
    sentence: str
    conditions: tuple[str, ...] = ()
    children: tuple[Requirement, ...] = ()


def requirement(
    rule: Rule,
    *,
    names: Names,
    gettext: Gettext,
    ngettext: Ngettext,
    format_percent: Callable[[float], str],
    format_number: Callable[[float], str] = plain_number,
) -> Requirement:
    """Return a rule as sentences: "Score at least 80 % on Post-test."."""
    voice = Voice(names, gettext, ngettext, format_percent, format_number=format_number)
    return _requirement(Located("", rule), voice, veto=False, share=None)


def _requirement(node: Located, voice: Voice, veto: bool, share: Fraction | None) -> Requirement:
    inside = veto or isinstance(node.rule, NoneOf)
    shares = _shares(node.rule)
    children = tuple(
        _requirement(part, voice, inside, shares[index] if shares else None)
        for index, part in enumerate(parts(node))
    )
    conditions = (*conditions_of(node.rule, voice), *_share(share, voice))
    return Requirement(
        node.path, node.rule.kind, sentence_of(node.rule, voice, veto), conditions, children
    )


def sentence_of(rule: Rule, voice: Voice, veto: bool = False) -> str:
    """Return what a node asks; inside a veto, what must not be the case."""
    match rule:
        case AllOf() | AnyOf() | AtLeast() | Weighted() | NoneOf():
            return _joint(rule, voice)
        case leaf:
            return _ruled_out(leaf, voice) if veto else _asked(leaf, voice)


def _shares(rule: Rule) -> list[Fraction]:
    """Return the share in per cent that each part of a ``weighted`` counts for."""
    if not isinstance(rule, Weighted):
        return []
    return [weight * 100 / sum(rule.weights) for weight in rule.weights]


def _share(share: Fraction | None, voice: Voice) -> tuple[str, ...]:
    if share is None:
        return ()
    shown = voice.format_percent(round(float(share), 1))
    return (voice.gettext("This part counts for %(share)s.", share=shown),)


def _joint(rule: Joint, voice: Voice) -> str:
    match rule:
        case AllOf():
            return voice.gettext("All of these are needed.")
        case AnyOf():
            return voice.gettext("Any one of these is enough.")
        case AtLeast():
            return voice.ngettext(
                "At least %(num)d of these is needed.",
                "At least %(num)d of these are needed.",
                rule.number,
            )
        case Weighted():
            return voice.gettext(
                "Together, these must come to at least %(needed)s; one can make up for another.",
                needed=voice.needed(rule.percent),
            )
        case NoneOf():
            return voice.gettext("None of these may be the case.")


def _asked(leaf: Leaf, voice: Voice) -> str:
    match leaf:
        case Score() | AreaScore() | Mastery():
            return _test_asked(leaf, voice)
        case RubricLevel():
            return _level_asked(leaf, voice)
        case Achieved():
            return _award_asked(leaf, voice)
        case Credits():
            return voice.gettext(
                "Earn at least this many credits: %(credits)s. These count: %(achievements)s.",
                credits=voice.format_number(as_written(leaf.credits)),
                achievements=_among(leaf, voice),
            )
        case Recognised():
            name = voice.names.recognition(leaf.recognition)
            return voice.gettext("Have %(recognition)s recognised.", recognition=name)
        case RubricShortfall() | Held():
            return _ruled_out(leaf, voice)


def _test_asked(leaf: Score | AreaScore | Mastery, voice: Voice) -> str:
    test = voice.names.test(leaf.test)
    match leaf:
        case Score():
            return voice.gettext(
                "Score at least %(needed)s on %(test)s.",
                needed=voice.needed(leaf.percent),
                test=test,
            )
        case AreaScore():
            return voice.gettext(
                "Score at least %(needed)s in %(area)s, part of %(test)s.",
                needed=voice.needed(leaf.percent),
                area=voice.names.area(leaf.test, leaf.area),
                test=test,
            )
        case Mastery():
            return voice.gettext(
                "Show on %(test)s, with a certainty of at least %(needed)s, that your ability is"
                " above its passing mark.",
                test=test,
                needed=voice.needed(leaf.probability * 100),
            )


def _level_asked(leaf: RubricLevel, voice: Voice) -> str:
    level = voice.names.level(leaf.rubric, leaf.criterion, leaf.level)
    rubric = voice.names.rubric(leaf.rubric)
    if leaf.criterion is None:
        return voice.gettext("Reach the level %(level)s in %(rubric)s.", level=level, rubric=rubric)
    return voice.gettext(
        "Reach the level %(level)s in %(criterion)s, part of %(rubric)s.",
        level=level,
        criterion=voice.names.criterion(leaf.rubric, leaf.criterion),
        rubric=rubric,
    )


def _award_asked(leaf: Achieved, voice: Voice) -> str:
    name = voice.names.achievement(leaf.achievement)
    if leaf.within_months is None:
        return voice.gettext("Hold %(achievement)s.", achievement=name)
    return voice.ngettext(
        "Hold %(achievement)s, awarded within the last %(num)d month.",
        "Hold %(achievement)s, awarded within the last %(num)d months.",
        leaf.within_months,
        achievement=name,
    )


def _among(leaf: Credits, voice: Voice) -> str:
    return ", ".join(voice.names.achievement(key) for key in leaf.among)


def _ruled_out(leaf: Leaf, voice: Voice) -> str:
    match leaf:
        case Score() | AreaScore() | Mastery():
            return _test_ruled_out(leaf, voice)
        case RubricLevel() | RubricShortfall():
            return _rating_ruled_out(leaf, voice)
        case Achieved():
            name = voice.names.achievement(leaf.achievement)
            return voice.gettext("You hold %(achievement)s.", achievement=name)
        case Credits():
            return voice.gettext(
                "You have at least this many credits: %(credits)s. These count: %(achievements)s.",
                credits=voice.format_number(as_written(leaf.credits)),
                achievements=_among(leaf, voice),
            )
        case Recognised():
            name = voice.names.recognition(leaf.recognition)
            return voice.gettext("You had %(recognition)s recognised.", recognition=name)
        case Held():
            name = voice.names.hold(leaf.hold)
            return voice.gettext("There is a hold on your record: %(hold)s.", hold=name)


def _test_ruled_out(leaf: Score | AreaScore | Mastery, voice: Voice) -> str:
    test = voice.names.test(leaf.test)
    match leaf:
        case Score():
            return voice.gettext(
                "You scored at least %(needed)s on %(test)s.",
                needed=voice.needed(leaf.percent),
                test=test,
            )
        case AreaScore():
            return voice.gettext(
                "You scored at least %(needed)s in %(area)s, part of %(test)s.",
                needed=voice.needed(leaf.percent),
                area=voice.names.area(leaf.test, leaf.area),
                test=test,
            )
        case Mastery():
            return voice.gettext(
                "You showed on %(test)s, with a certainty of at least %(needed)s, that your ability"
                " is above its passing mark.",
                test=test,
                needed=voice.needed(leaf.probability * 100),
            )


def _rating_ruled_out(leaf: RubricLevel | RubricShortfall, voice: Voice) -> str:
    if isinstance(leaf, RubricShortfall):
        return voice.gettext(
            "In %(rubric)s, %(criterion)s was last rated below the level %(level)s.",
            rubric=voice.names.rubric(leaf.rubric),
            criterion=voice.names.criterion(leaf.rubric, leaf.criterion),
            level=voice.names.level(leaf.rubric, leaf.criterion, leaf.below),
        )
    level = voice.names.level(leaf.rubric, leaf.criterion, leaf.level)
    rubric = voice.names.rubric(leaf.rubric)
    if leaf.criterion is None:
        return voice.gettext(
            "You reached the level %(level)s in %(rubric)s.", level=level, rubric=rubric
        )
    return voice.gettext(
        "You reached the level %(level)s in %(criterion)s, part of %(rubric)s.",
        level=level,
        criterion=voice.names.criterion(leaf.rubric, leaf.criterion),
        rubric=rubric,
    )
