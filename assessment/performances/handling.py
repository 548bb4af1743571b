"""How the work on a task is dealt with: what may be shown, how often, how fast, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from assessment.fields import Fields, refusal, shown
from assessment.locale import gettext as _

LONGEST_DAYS = 3_650
MOST_ATTEMPTS = 1_000
TURN_AROUND_DAYS = 10
APPEAL_DAYS = 30


class EvidenceKind(StrEnum):
    """A kind of work that can be shown."""

    TEXT = "text"
    PICTURE = "picture"
    DOCUMENT = "document"
    VIDEO = "video"


class Conflicts(StrEnum):
    """What becomes of an observation by somebody in a conflict of interest."""

    DO_NOT_COUNT = "do not count"
    FLAG = "flag"
    """It counts, and whoever decides is told."""


@dataclass(frozen=True, kw_only=True)
class Observing:
    """How those who see the work are dealt with.

    `invited` is whether a learner may name them, even where the policy needs none; with
    `cap_by_employer`, all observers of one employer count as one.
    """

    invited: bool = False
    conflicts: Conflicts = Conflicts.DO_NOT_COUNT
    cap_by_employer: bool = False


@dataclass(frozen=True, kw_only=True)
class Handling:
    """What a task says of the way work is handled, beside what makes its result.

    `attempts` is how many performances of it one learner may have, None for any number, with
    `wait_days` between them. A rating is expected within `turn_around_days`. `partners` are the
    institutions that lend assessors where the home has fewer than two who qualify. `read_behind` is
    the share of results that somebody looks at again, all of those near the required level where
    `near` says so. `expected` tells learners what is expected of what they show. With `projects`,
    employers may have it done as a project of theirs.
    """

    evidence: tuple[EvidenceKind, ...] = tuple(EvidenceKind)
    attempts: int | None = None
    wait_days: int = 0
    turn_around_days: int = TURN_AROUND_DAYS
    partners: tuple[str, ...] = ()
    read_behind: float = 0.0
    near: bool = False
    observers: Observing = field(default_factory=Observing)
    appeal_days: int = APPEAL_DAYS
    expected: Mapping[str, str] = field(default_factory=dict)
    projects: bool = False

    def takes(self, media_type: str) -> bool:
        """Return whether something of this media type may be shown."""
        return kind_of(media_type) in self.evidence


def kind_of(media_type: str) -> EvidenceKind:
    """Return the kind of evidence that a media type is."""
    family = media_type.partition("/")[0]
    return _FAMILIES.get(family, EvidenceKind.DOCUMENT)


_FAMILIES = {
    "text": EvidenceKind.TEXT,
    "image": EvidenceKind.PICTURE,
    "video": EvidenceKind.VIDEO,
}
_KNOWN = tuple(Handling.__dataclass_fields__)
_OBSERVING = tuple(Observing.__dataclass_fields__)


def handling_from_json(data: object, where: str = "handling") -> Handling:
    """Return the handling that JSON data describes; Invalid names the first fault and its place."""
    fields = Fields(data, where, _KNOWN)
    return Handling(
        evidence=_evidence(fields),
        attempts=fields.whole("attempts", 1, MOST_ATTEMPTS),
        wait_days=fields.whole("wait_days", 0, LONGEST_DAYS) or 0,
        turn_around_days=fields.whole("turn_around_days", 1, LONGEST_DAYS) or TURN_AROUND_DAYS,
        partners=tuple(dict.fromkeys(fields.keys("partners"))),
        read_behind=_share(fields, "read_behind"),
        near=fields.truth("near"),
        observers=_observing(fields),
        appeal_days=_or(fields.whole("appeal_days", 0, LONGEST_DAYS), APPEAL_DAYS),
        expected=fields.optional_wording("expected"),
        projects=fields.truth("projects"),
    )


def _or(given: int | None, default: int) -> int:
    return default if given is None else given


def _evidence(fields: Fields) -> tuple[EvidenceKind, ...]:
    """Return the kinds that are named, all where none is, in our own order."""
    named = fields.keys("evidence")
    for number, name in enumerate(named):
        if name not in set(EvidenceKind):
            allowed = _("one of %(names)s", names=", ".join(EvidenceKind))
            raise refusal(f"{fields.place('evidence')}[{number}]", allowed, shown(name))
    return tuple(each for each in EvidenceKind if each in named or not named)


def _share(fields: Fields, name: str) -> float:
    value = fields.data.get(name)
    if value is None:
        return 0.0
    sound = isinstance(value, int | float) and not isinstance(value, bool)
    if not sound or not 0 <= value <= 1:
        raise refusal(fields.place(name), _("a number from 0 to 1"), shown(value))
    return float(value)


def _observing(fields: Fields) -> Observing:
    """Return how observers are dealt with; a task that says so invites them."""
    if not fields.given("observers"):
        return Observing()
    given = Fields(fields.data["observers"], fields.place("observers"), _OBSERVING)
    return Observing(
        invited=given.truth("invited", default=True),
        conflicts=given.word("conflicts", Conflicts, Conflicts.DO_NOT_COUNT),
        cap_by_employer=given.truth("cap_by_employer"),
    )


def handling_to_json(handling: Handling) -> dict[str, Any]:
    """Return a handling as data from which it can be read again."""
    return asdict(handling)
