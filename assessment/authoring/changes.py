"""What changed between two versions of an item, field by field and word by word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import itembank

_PIECE = re.compile(r"\s+|[^\W_]+|.", re.DOTALL)


class Mark(StrEnum):
    """What became of a piece of text."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Segment:
    """A run of text of which the same is to be said."""

    mark: Mark
    text: str


@dataclass(frozen=True)
class Change:
    """One field that differs: its path, such as `options.2.fr`, and its text with marks."""

    field: str
    segments: tuple[Segment, ...]


def changes(before: itembank.Item, after: itembank.Item) -> tuple[Change, ...]:
    """Return each field that differs between two versions, in order of name."""
    old, new = _texts(before), _texts(after)
    return tuple(
        Change(field, segments(old.get(field, ""), new.get(field, "")))
        for field in sorted(old.keys() | new.keys())
        if old.get(field) != new.get(field)
    )


def segments(before: str, after: str) -> tuple[Segment, ...]:
    """Return the text of two wordings as one, with what was removed and added marked."""
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return tuple(_segments(matcher, old, new))


def _segments(
    matcher: difflib.SequenceMatcher[str], old: list[str], new: list[str]
) -> Iterator[Segment]:
    for _tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        removed, added = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        if removed == added:
            yield Segment(Mark.KEPT, added)
            continue
        if removed:
            yield Segment(Mark.REMOVED, removed)
        if added:
            yield Segment(Mark.ADDED, added)


def _texts(item: itembank.Item) -> dict[str, str]:
    """Return every field of an item as text, by its path; options count from 1 as people do."""
    data = itembank.item_to_json(item)
    if item.kind.has_options:
        data["key"] = ", ".join(str(index + 1) for index in sorted(item.key))
    return dict(_flat("", data))


def _flat(path: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield from _flat(f"{path}.{name}" if path else str(name), part)
    elif isinstance(value, list):
        for number, part in enumerate(value, start=1):
            yield from _flat(f"{path}.{number}", part)
    else:
        yield path, str(value)
