"""What reading a bank's file gives: its areas, its items and each line refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from itembank.items import Item
from itembank.wording import no_wording


@dataclass(frozen=True, slots=True)
class Area:
    """A content area of a bank.

    `title` is never empty: where the file names no title, it is the key. `parent` is the key of
    the area above it, and `competency` that of the competency it belongs to, where there is one.
    """

    key: str
    title: Mapping[str, str]
    parent: str | None = None
    competency: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A part of a file that was not taken, and why.

    `line` is the line of a text file, or the place in the list of a JSON file, counted from 1.
    """

    line: int
    item_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class ParsedBank:
    """What a file holds: what can be taken, and what was refused.

    `key` and `title` are empty where the format does not carry them.
    """

    key: str = ""
    title: Mapping[str, str] = field(default_factory=no_wording)
    licence: str = ""
    areas: tuple[Area, ...] = ()
    items: tuple[Item, ...] = ()
    refused: tuple[Refusal, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def needs_sight(self) -> tuple[str, ...]:
        """The ids of items that only people who see can answer."""
        return tuple(item.id for item in self.items if item.needs_sight)

    @property
    def parents(self) -> Mapping[str, str]:
        """The area above each area that has one: what scoring by area asks for."""
        return {area.key: area.parent for area in self.areas if area.parent is not None}
