"""What authors and psychometricians see of the banks of their institutions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Text, cast, func, select

import itembank
from assessment import rules
from assessment.access import Action, Actor, institutions_for
from assessment.authoring.changes import Change, changes
from assessment.catalogue import service as catalogue
from assessment.errors import NoSuchRecord
from assessment.extensions import db
from assessment.items import service as items
from assessment.items.models import (
    Area,
    Bank,
    Item,
    ItemVersion,
    ParameterSet,
    ParameterSource,
    Test,
)

PAGE_SIZE = 50


@dataclass(frozen=True)
class BankLine:
    """A bank in the list, with what it holds."""

    bank: Bank
    items: int
    needs_sight: int
    scale: ParameterSet | None
    tests: tuple[Test, ...]


@dataclass(frozen=True)
class ItemFilters:
    """Which items are asked for; None asks for all.

    `language` is one that items are complete in ("en"), or are not ("-en").
    """

    area: str | None = None
    kind: itembank.ItemKind | None = None
    needs_sight: bool | None = None
    language: str | None = None
    retired: bool = False


@dataclass(frozen=True)
class ItemLine:
    """An item in the list, as its current version says."""

    item: Item
    version: ItemVersion
    content: itembank.Item


@dataclass(frozen=True)
class ItemPage:
    """One page of items."""

    lines: tuple[ItemLine, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """The number of pages, at least 1."""
        return max(1, -(-self.total // PAGE_SIZE))


@dataclass(frozen=True)
class VersionLine:
    """A version of an item, and what it changed in the one before."""

    version: ItemVersion
    content: itembank.Item
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class ItemDetail:
    """An item with its versions, the newest first."""

    item: Item
    area: Area | None
    versions: tuple[VersionLine, ...]

    @property
    def current(self) -> VersionLine:
        """The version that sittings draw."""
        return self.versions[0]


@dataclass(frozen=True)
class BlueprintLine:
    """How many questions a test asks in an area, and how many the bank has there."""

    area: str
    title: dict[str, str]
    asked: int
    available: int


@dataclass(frozen=True)
class FormLine:
    """A parallel form of a test: what it tells at the passing mark, and whether it can be given."""

    number: int
    questions: int
    information: float
    is_whole: bool


@dataclass(frozen=True)
class TestDetail:
    """A test with its blueprint and what stands in its way."""

    __test__ = False  # not a test case, whatever its name

    test: Test
    blueprint: tuple[BlueprintLine, ...]
    opens_when: rules.Requirement | None
    shortfalls: tuple[itembank.Shortfall, ...]
    without_sight: tuple[itembank.Shortfall, ...]
    forms: tuple[FormLine, ...]
    panels: Mapping[str, int]
    """By the key of a mark, the number of the panel that set it."""
    unplaced: tuple[str, ...]
    """What is to be said of the marks that a panel was to set and does not."""
    is_judged: bool
    """Whether the bank's scale rests on a panel's judgement alone."""
    forms_are_judged: bool
    """Whether the forms were put together by such a scale."""


def banks(actor: Actor) -> list[BankLine]:
    """Return the banks of the actor's institutions, in order of key."""
    theirs = institutions_for(actor, Action.AUTHOR_ITEMS)
    query = select(Bank).where(Bank.institution_id.in_(theirs)).order_by(Bank.key)
    return [_bank_line(bank) for bank in db.session.scalars(query)]


def _bank_line(bank: Bank) -> BankLine:
    pool = items.bank_pool(bank.id).items
    sight = sum(item.needs_sight for item in pool)
    scale = items.current_set(bank.id)
    return BankLine(bank, len(pool), sight, scale, tuple(items.current_tests(bank.id)))


def own_bank(key: str, actor: Actor) -> Bank:
    """Return a bank of one of the actor's institutions."""
    theirs = institutions_for(actor, Action.AUTHOR_ITEMS)
    query = select(Bank).where(Bank.key == key, Bank.institution_id.in_(theirs))
    bank = db.session.scalar(query)
    if bank is None:
        raise NoSuchRecord("bank", key)
    return bank


def bank_tests(bank: Bank) -> list[Test]:
    """Return the current tests of a bank, in order of key."""
    return items.current_tests(bank.id)


def bank_items(bank: Bank, filters: ItemFilters, page: int = 1) -> ItemPage:
    """Return a page of a bank's items, in order of key."""
    matching = (
        select(Item, ItemVersion)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(Item.bank_id == bank.id, ItemVersion.version == Item.current_version)
        .where(*_conditions(filters))
    )
    total = db.session.scalar(select(func.count()).select_from(matching.subquery())) or 0
    page = min(max(1, page), max(1, -(-total // PAGE_SIZE)))
    rows = db.session.execute(
        matching.order_by(Item.key).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    ).all()
    found = items.contents(version.id for _item, version in rows)
    lines = tuple(ItemLine(item, version, found[version.id]) for item, version in rows)
    return ItemPage(lines, total, page)


def _conditions(filters: ItemFilters) -> list[ColumnElement[bool]]:
    retired = Item.retired_at.is_not(None) if filters.retired else Item.retired_at.is_(None)
    found: list[ColumnElement[bool]] = [retired]
    if filters.area is not None:
        found.append(ItemVersion.area_key == filters.area)
    if filters.kind is not None:
        found.append(ItemVersion.kind == filters.kind)
    if filters.needs_sight is not None:
        found.append(ItemVersion.needs_sight == filters.needs_sight)
    if filters.language is not None:
        language = filters.language.removeprefix("-")
        complete = cast(ItemVersion.languages, Text).contains(f'"{language}"', autoescape=True)
        found.append(~complete if filters.language.startswith("-") else complete)
    return found


def item_detail(bank: Bank, item_key: str) -> ItemDetail:
    """Return an item of a bank with all its versions."""
    item = _item(bank, item_key)
    query = select(ItemVersion).where(ItemVersion.item_id == item.id).order_by(ItemVersion.version)
    versions = db.session.scalars(query).all()
    found = items.contents(version.id for version in versions)
    area = db.session.get(Area, (bank.id, item.area_key))
    return ItemDetail(item, area, tuple(reversed(_lines(versions, found))))


def _item(bank: Bank, item_key: str) -> Item:
    item = db.session.scalar(select(Item).where(Item.bank_id == bank.id, Item.key == item_key))
    if item is None:
        raise NoSuchRecord("item", f"{bank.key}/{item_key}")
    return item


def _lines(versions: Sequence[ItemVersion], found: dict[str, itembank.Item]) -> list[VersionLine]:
    lines: list[VersionLine] = []
    for version in versions:
        content = found[version.id]
        changed = changes(lines[-1].content, content) if lines else ()
        lines.append(VersionLine(version, content, changed))
    return lines


def item_figure(bank: Bank, item_key: str, number: int) -> items.FigureFile:
    """Return the picture of one version of an item."""
    item = _item(bank, item_key)
    version_id = db.session.scalar(
        select(ItemVersion.id).where(ItemVersion.item_id == item.id, ItemVersion.version == number)
    )
    return items.figure(version_id or "")


def test_detail(bank: Bank, test_key: str) -> TestDetail:
    """Return a current test of a bank, with its blueprint beside what the bank has."""
    test = items.current_test(test_key)
    if test is None or test.bank_id != bank.id:
        raise NoSuchRecord("test", f"{bank.key}/{test_key}")
    found = items.current_set(bank.id)
    return TestDetail(
        test=test,
        blueprint=_blueprint(bank, test),
        opens_when=_opens_when(test),
        shortfalls=items.shortfalls(test),
        without_sight=items.shortfalls(test, without_sight=True),
        forms=_forms(test),
        panels={key: each.number for key, each in items.governing(test).items()},
        unplaced=() if found is None else tuple(items.unplaced_marks(test, found)),
        is_judged=found is not None and found.source == ParameterSource.PANEL,
        forms_are_judged=any(
            items.measured(form.parameter_set_id).source == ParameterSource.PANEL
            for form in items.forms_of(test)
        ),
    )


def _forms(test: Test) -> tuple[FormLine, ...]:
    whole = {form.number for form in items.whole_forms(test)}
    return tuple(
        FormLine(
            number=form.number,
            questions=len(form.version_ids),
            information=form.information[test.cuts[0]["key"]],
            is_whole=form.number in whole,
        )
        for form in items.forms_of(test)
    )


def _opens_when(test: Test) -> rules.Requirement | None:
    if test.opens_when is None:
        return None
    return catalogue.requirement(rules.parse_text(test.opens_when))


def _blueprint(bank: Bank, test: Test) -> tuple[BlueprintLine, ...]:
    titles = {area.key: area.title for area in bank.areas}
    pool = items.pool(test).items
    return tuple(
        BlueprintLine(
            area, titles.get(area, {"en": area}), count, sum(each.area == area for each in pool)
        )
        for area, count in test.blueprint.items()
    )
