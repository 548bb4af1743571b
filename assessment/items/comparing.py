"""A bank's file compared with the bank: what is new, what changed, what is gone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select

import itembank
from assessment.extensions import db
from assessment.items.models import Bank, Item, ItemVersion
from assessment.items.pictures import Picture

REPORTED_EVERY = 50
LONGEST_REFUSED_ID = 64

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Held:
    """An item as the bank holds it now."""

    item_id: str
    version: int
    digest: str
    is_retired: bool


@dataclass(frozen=True)
class Change:
    """An item of a file that the bank does not hold as it is."""

    item: itembank.Item
    digest: str
    picture: Picture | None
    before: Held | None

    @property
    def is_new(self) -> bool:
        """Whether the bank has no item of this key."""
        return self.before is None

    @property
    def is_changed(self) -> bool:
        """Whether the bank's current version says something else."""
        return self.before is not None and self.before.digest != self.digest

    @property
    def is_returned(self) -> bool:
        """Whether the item was retired, and is in the file again."""
        return self.before is not None and self.before.is_retired

    @property
    def version(self) -> int:
        """The number of the version that says what the file says."""
        before = self.before.version if self.before else 0
        return before + (self.is_new or self.is_changed)


def held_items(bank: Bank | None) -> dict[str, Held]:
    """Return every item of a bank by key, the retired ones too."""
    if bank is None:
        return {}
    query = (
        select(Item.key, Item.id, ItemVersion.version, ItemVersion.digest, Item.retired_at)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(Item.bank_id == bank.id, ItemVersion.version == Item.current_version)
    )
    return {
        key: Held(item_id, version, digest, retired_at is not None)
        for key, item_id, version, digest, retired_at in db.session.execute(query)
    }


def changes(
    items: Collection[itembank.Item],
    held: Mapping[str, Held],
    figures: Mapping[str, Picture],
    on_progress: Progress,
) -> Iterator[Change]:
    """Yield each item that the bank does not hold as it is."""
    for done, item in enumerate(items, start=1):
        shown = figures.get(item.figure.file) if item.figure else None
        digest = itembank.content_digest(item, figure_digest=shown.digest if shown else "")
        change = Change(item, digest, shown, held.get(item.id))
        if change.is_new or change.is_changed or change.is_returned:
            yield change
        if done % REPORTED_EVERY == 0 or done == len(items):
            on_progress(done)


def missing(parsed: itembank.ParsedBank, held: Mapping[str, Held]) -> tuple[str, ...]:
    """Return the keys of items that the file no longer holds; a refused line is not gone."""
    present = {item.id for item in parsed.items}
    refused = {each.item_id for each in parsed.refused}
    return tuple(
        key
        for key, each in sorted(held.items())
        if not each.is_retired and key not in present and key[:LONGEST_REFUSED_ID] not in refused
    )
