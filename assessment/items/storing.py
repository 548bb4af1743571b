"""Writing what an import changed: rows in bulk, pictures once each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update

import itembank
from assessment import clock, storage
from assessment.extensions import db
from assessment.ids import new_id
from assessment.items.comparing import Change
from assessment.items.models import Area, Bank, Item, ItemVersion
from assessment.items.pictures import Picture
from assessment.upsert import insert_once

Row = dict[str, Any]


def upsert_bank(key: str, institution_id: str, title: Mapping[str, str], licence: str) -> Bank:
    """Return the bank under a key, locked; a title or licence that is given replaces its own."""
    insert_once(
        Bank,
        id=new_id(),
        key=key,
        title=dict(title) or {"en": key},
        institution_id=institution_id,
        licence=licence,
        revision=new_id(),
        created_at=clock.now(),
    )
    query = select(Bank).where(Bank.key == key).with_for_update()
    bank = db.session.scalars(query.execution_options(populate_existing=True)).one()
    bank.title = dict(title) or bank.title
    bank.licence = licence or bank.licence
    return bank


def upsert_areas(bank: Bank, areas: Iterable[itembank.Area]) -> None:
    """Write the areas of a file; a title that is only its key does not replace a better one."""
    known = {area.key: area for area in bank.areas}
    for position, area in enumerate(areas, start=1):
        found = known.get(area.key)
        if found is None:
            found = Area(bank_id=bank.id, key=area.key, title=dict(area.title))
            db.session.add(found)
        elif set(area.title.values()) != {area.key}:
            found.title = dict(area.title)
        found.parent = area.parent
        found.competency = area.competency or found.competency
        found.position = position
    db.session.flush()
    db.session.expire(bank, ["areas"])


def store_changes(bank: Bank, changed: Sequence[Change]) -> None:
    """Write new items, new versions and what is no longer retired."""
    figure_keys = _store_pictures(changed)
    ids = {each.item.id: each.before.item_id if each.before else new_id() for each in changed}
    _execute(insert(Item), [_item(bank, each, ids) for each in changed if each.is_new])
    _execute(
        update(Item),
        [
            {
                "id": ids[each.item.id],
                "area_key": each.item.area,
                "current_version": each.version,
                "retired_at": None,
            }
            for each in changed
            if not each.is_new
        ],
    )
    versions = [each for each in changed if each.is_new or each.is_changed]
    _execute(insert(ItemVersion), [_version(each, ids, figure_keys) for each in versions])


def _execute(statement: Any, rows: list[Row]) -> None:
    if rows:
        db.session.execute(statement, rows)


def _store_pictures(changed: Iterable[Change]) -> dict[str, str]:
    """Return where each picture is kept, by its digest; the same picture is kept once."""
    found: dict[str, Picture] = {
        each.picture.digest: each.picture for each in changed if each.picture is not None
    }
    return {digest: storage.store(each.data, each.suffix) for digest, each in found.items()}


def _item(bank: Bank, change: Change, ids: Mapping[str, str]) -> Row:
    return {
        "id": ids[change.item.id],
        "bank_id": bank.id,
        "key": change.item.id,
        "area_key": change.item.area,
        "current_version": change.version,
        "retired_at": None,
    }


def _version(change: Change, ids: Mapping[str, str], figure_keys: Mapping[str, str]) -> Row:
    item = change.item
    return {
        "id": new_id(),
        "item_id": ids[item.id],
        "version": change.version,
        "area_key": item.area,
        "kind": item.kind,
        "content": itembank.canonical_json(itembank.item_to_json(item)),
        "digest": change.digest,
        "needs_sight": item.needs_sight,
        "languages": sorted(item.languages),
        "figure_key": figure_keys[change.picture.digest] if change.picture else None,
        "created_at": clock.now(),
    }


def retire_items(bank: Bank, keys: Iterable[str]) -> None:
    """Mark items as retired: their versions stay, and no form draws them again."""
    db.session.execute(
        update(Item)
        .where(Item.bank_id == bank.id, Item.key.in_(list(keys)))
        .values(retired_at=clock.now())
    )
