"""The items that a test may draw: read once per process and revision of the bank."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from sqlalchemy import select

import itembank
from assessment.extensions import db
from assessment.items.contents import contents
from assessment.items.models import Bank, Item, ItemVersion, Test, TestMode
from assessment.items.scales import current_set, measured


@dataclass(frozen=True)
class Pool:
    """What drawing a form needs; `version_ids` has the current version of each item, by key."""

    items: tuple[itembank.PoolItem, ...]
    version_ids: Mapping[str, str]


def pool(test: Test) -> Pool:
    """Return the items that a test may draw if it begins now."""
    return drawable(test.bank_id, test.mode)


def drawable(bank_id: str, mode: TestMode) -> Pool:
    """Return what a test may draw: an adaptive one nothing but items on the bank's scale."""
    every = bank_pool(bank_id)
    if mode == TestMode.LINEAR:
        return every
    found = current_set(bank_id)
    return calibrated(every, measured(found.id).places if found else ())


def calibrated(every: Pool, known: Container[str]) -> Pool:
    """Return the part of a pool whose item versions are `known` to a scale."""
    versions = {key: each for key, each in every.version_ids.items() if each in known}
    items = tuple(item for item in every.items if item.id in versions)
    return Pool(items, MappingProxyType(versions))


def bank_pool(bank_id: str) -> Pool:
    """Return the current versions of a bank's items that are not retired."""
    revision = db.session.scalar(select(Bank.revision).where(Bank.id == bank_id))
    return _pool(bank_id, revision or "")


@lru_cache(maxsize=64)
def _pool(bank_id: str, _revision: str) -> Pool:
    query = (
        select(Item.key, ItemVersion.id)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(Item.bank_id == bank_id, Item.retired_at.is_(None))
        .where(ItemVersion.version == Item.current_version)
        .order_by(Item.key)
    )
    version_ids = {key: version_id for key, version_id in db.session.execute(query)}  # noqa: C416 - a Row is no pair to mypy
    read = contents(version_ids.values())
    return Pool(
        tuple(itembank.pool_item(read[each]) for each in version_ids.values()),
        MappingProxyType(version_ids),
    )
