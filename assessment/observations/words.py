"""What pages call the stages of a request, relationships, interests and signs of a conflict."""

from __future__ import annotations

from dataclasses import dataclass

from assessment.locale import gettext as _
from assessment.observations.links import Stage, stage_of
from assessment.observations.models import (
    Asks,
    Ending,
    Interest,
    Nomination,
    Reached,
    Relationship,
    Sign,
)
from assessment.observations.reading import Fate, fate_of


@dataclass(frozen=True)
class Standing:
    """Where a request stands; `shape` is one of those that stand beside a word on a page."""

    shape: str
    sentence: str
    next_step: str = ""
    """What to do where it does not help, as long as others may be named."""


def standing_of(nomination: Nomination, *, is_told: bool = False) -> Standing:
    """Return where a request stands, as whoever named the observer reads it.

    `is_told` is whether the time has come to say that what was sent is flagged.
    """
    stage = stage_of(nomination)
    if stage is Stage.ENDED:
        return _ended(nomination)
    if nomination.asks == Asks.WHO and stage is not Stage.RAN_OUT:
        return _of_employer(stage)
    if stage is Stage.USED:
        return _sent(nomination, is_told=is_told)
    return {
        Stage.WAITING: Standing("offered", _("Asked; not answered yet")),
        Stage.OPENED: Standing("unsure", _("Saw it, and has opened the form")),
        Stage.RAN_OUT: Standing("not_yet", _("Not answered within 21 days")),
    }[stage]


def _sent(nomination: Nomination, *, is_told: bool) -> Standing:
    fate = fate_of(nomination)
    if fate is Fate.COUNTS or (fate is Fate.FLAGGED and not is_told):
        return Standing("met", _("Sent"))
    sentence = {
        Fate.SET_ASIDE: _("Sent; does not count: it could not be confirmed."),
        Fate.FLAGGED: _("Sent; does not count: something speaks for a conflict of interest."),
    }[fate]
    return Standing("not_yet", sentence, _("Name somebody else who saw you do it."))


def _of_employer(stage: Stage) -> Standing:
    if stage is Stage.USED:
        return Standing("met", _("Has named who saw it"))
    return Standing("offered", _("Asked who saw it; not answered yet"))


def _ended(nomination: Nomination) -> Standing:
    if nomination.asks == Asks.WHO and nomination.ended_because == Ending.NOT_SEEN:
        return Standing("not_yet", _("Cannot say who saw it"))
    return {
        Ending.REVOKED: Standing("info", _("Taken back")),
        Ending.NOT_SEEN: Standing("not_yet", _("Did not see it")),
        Ending.WRONG_PERSON: Standing("not_yet", _("Is the wrong person")),
        Ending.ERASED: Standing("info", _("Erased at their request")),
        Ending.SET_ASIDE: Standing("info", _("Closed")),
        Ending.OVER: Standing("info", _("Not needed any more")),
    }[Ending(nomination.ended_because or Ending.REVOKED)]


def relationships() -> dict[str, str]:
    """Return what an observer can be to a learner at work, as the observer says it."""
    return {
        Relationship.SUPERVISOR: _("I am their supervisor"),
        Relationship.COLLEAGUE: _("I work beside them"),
        Relationship.MENTOR: _("I show them the work, or train them"),
        Relationship.CLIENT: _("I am a client"),
        Relationship.OTHER: _("Something else"),
    }


def relationship_name(relationship: Relationship) -> str:
    """Return the same as others read it."""
    return {
        Relationship.SUPERVISOR: _("supervisor"),
        Relationship.COLLEAGUE: _("colleague"),
        Relationship.MENTOR: _("mentor or trainer"),
        Relationship.CLIENT: _("client"),
        Relationship.OTHER: _("other"),
    }[relationship]


def interests() -> dict[str, str]:
    """Return the ties beside work that an observer can declare."""
    return {
        Interest.NONE: _("None of these"),
        Interest.FAMILY: _("We are family, or live together"),
        Interest.FRIEND: _("We are friends outside of work"),
        Interest.BUSINESS: _("We share a business or money"),
    }


def sign_name(sign: Sign) -> str:
    """Return what a sign of a conflict says to those who rate or decide."""
    return {
        Sign.DECLARED: _("a conflict of interest was declared"),
        Sign.OWN_ADDRESS: _("sent by the learner’s own address"),
        Sign.OWN_DEVICE: _("sent from the learner’s own device"),
        Sign.RATES_IT: _("sent by somebody who also rates this work"),
        Sign.TOO_MANY: _("more than 5 observations of this learner by one person in 90 days"),
        Sign.SAME_NETWORK: _("sent from where the observer was named"),
        Sign.SAME_NAME: _("the same family name"),
    }[sign]


def found_name(found: Reached) -> str:
    """Return what a call that is over has found."""
    if found is Reached.ERASED:
        return _("Erased at their request; cannot be called any more, and does not count")
    if found is Reached.NOT_REACHED:
        return _("Not reached, in 3 calls; it counts")
    return findings()[found]


def findings() -> dict[str, str]:
    """Return what a call to a workplace can find."""
    return {
        Reached.CONFIRMED: _("Confirmed it"),
        Reached.NOT_REACHED: _("Not reached"),
        Reached.DENIED: _("Not confirmed"),
    }
