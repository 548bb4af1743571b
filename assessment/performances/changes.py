"""What changed in a performance since it was handed in before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assessment.performances.models import Attachment, Performance

Pieces = Mapping[str, Mapping[str, str]]
"""Where to look for each criterion, by the id of the attachment."""


@dataclass(frozen=True)
class Changes:
    """What is new, what was taken out, and of what is still there, what it is now said to show.

    `new` holds ids of attachments; `moved` the criteria that are shown elsewhere, newly or no
    longer, by the attachment's id. All of it is empty where there is nothing to compare with.
    """

    new: frozenset[str] = frozenset()
    taken_out: tuple[Attachment, ...] = ()
    moved: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def are_any(self) -> bool:
        """Whether anything changed."""
        return bool(self.new or self.taken_out or self.moved)


def what_changed(performance: Performance) -> Changes:
    """Return what the version that was handed in last changed in the one before."""
    versions = [each.pieces for each in performance.submissions[-2:]]
    if len(versions) < 2:
        return Changes()
    return _between(performance, *versions)


def what_would_change(performance: Performance) -> Changes:
    """Return what handing it in now would change in the version before."""
    if not performance.submissions:
        return Changes()
    now = {each.id: each.anchors for each in performance.shown}
    return _between(performance, performance.submissions[-1].pieces, now)


def _between(performance: Performance, before: Pieces, after: Pieces) -> Changes:
    gone = before.keys() - after.keys()
    moved = {key: _moved(before[key], after[key]) for key in after if key in before}
    return Changes(
        new=frozenset(after.keys() - before.keys()),
        taken_out=tuple(each for each in performance.attachments if each.id in gone),
        moved={key: criteria for key, criteria in moved.items() if criteria},
    )


def _moved(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    known = dict.fromkeys((*after, *before))
    return tuple(key for key in known if before.get(key) != after.get(key))
