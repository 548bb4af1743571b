"""What an item version says: read from the database once per process, for it never changes."""

from __future__ import annotations

import json
import mimetypes
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import select

import itembank
from assessment import storage
from assessment.errors import NoSuchRecord
from assessment.extensions import db
from assessment.items.models import ItemVersion

CAPACITY = 20_000


class _Kept:
    """The contents read last, by id of their version; ids are random and never used again."""

    def __init__(self) -> None:
        self._items: OrderedDict[str, itembank.Item] = OrderedDict()
        self._lock = Lock()

    def get(self, version_id: str) -> itembank.Item | None:
        """Return a content that was read before, or None."""
        with self._lock:
            found = self._items.get(version_id)
            if found is not None:
                self._items.move_to_end(version_id)
            return found

    def put(self, version_id: str, item: itembank.Item) -> None:
        """Keep a content, and let go of the one not asked for the longest."""
        with self._lock:
            self._items[version_id] = item
            if len(self._items) > CAPACITY:
                self._items.popitem(last=False)


_kept = _Kept()


@dataclass(frozen=True)
class FigureFile:
    """The picture of an item."""

    data: bytes
    media_type: str


def content(version_id: str) -> itembank.Item:
    """Return what an item version says, with its key: never to be shown as it is."""
    found = _kept.get(version_id)
    return found if found is not None else contents([version_id])[version_id]


def contents(version_ids: Iterable[str]) -> dict[str, itembank.Item]:
    """Return what several item versions say; one query for all that this process has not read."""
    wanted = list(version_ids)
    found = {each: item for each in wanted if (item := _kept.get(each)) is not None}
    missing = [each for each in wanted if each not in found]
    if missing:
        query = select(ItemVersion.id, ItemVersion.content).where(ItemVersion.id.in_(missing))
        found |= {each: remember(each, text) for each, text in db.session.execute(query)}
    for each in wanted:
        if each not in found:
            raise NoSuchRecord("item version", each)
    return found


def remember(version_id: str, text: str) -> itembank.Item:
    """Return the item that stored text holds, kept for the next who asks."""
    item = itembank.item_from_json(json.loads(text))
    _kept.put(version_id, item)
    return item


def figure(version_id: str) -> FigureFile:
    """Return the picture of an item version."""
    key = db.session.scalar(select(ItemVersion.figure_key).where(ItemVersion.id == version_id))
    if key is None:
        raise NoSuchRecord("figure", version_id)
    media_type = mimetypes.guess_type(key)[0] or "application/octet-stream"
    return FigureFile(storage.read(key), media_type)
