"""Builders of banks and tests, for the demo and for tests; they flush."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from assessment.demo.builders.catalogue import BUILDER, both
from assessment.ids import new_id
from assessment.items.models import Test
from assessment.items.service import BankSpec, Cut, TestSpec, import_bank, publish_test
from assessment.people.models import Institution
from itembank import Area, Item, ItemKind, ParsedBank


def choice_item(item_id: str, area: str, **fields: Any) -> Item:
    """Return a choice item in both languages, whose first option is the key."""
    defaults: dict[str, Any] = {
        "kind": ItemKind.CHOICE,
        "stem": both(f"Question {item_id}?"),
        "options": tuple(both(f"{item_id} option {number}") for number in range(4)),
        "key": frozenset({0}),
        "rationale": both(f"Because of {item_id}."),
    }
    return Item(id=item_id, area=area, **{**defaults, **fields})


def parsed_bank(*areas: str, each: int = 3, items: Iterable[Item] = ()) -> ParsedBank:
    """Return a bank with `each` choice items in each area, and further `items`."""
    made = [
        choice_item(f"{area}-{number}", area) for area in areas for number in range(1, each + 1)
    ]
    return ParsedBank(areas=tuple(Area(key, both(key)) for key in areas), items=(*made, *items))


def build_bank(institution: Institution, parsed: ParsedBank, key: str | None = None) -> str:
    """Return the key of a bank that holds what `parsed` holds."""
    key = key or f"bank-{new_id()[:8]}"
    spec = BankSpec(key=key, institution_id=institution.id, title=both("Bank"))
    import_bank(parsed, spec, BUILDER)
    return key


def specification(key: str, bank: str, **given: Any) -> TestSpec:
    """Return a test that asks one item of each area of a bank, in both languages."""
    defaults: dict[str, Any] = {
        "title": both(key.title()),
        "purpose": both("Shows what you know."),
        "blueprint": None,
        "cuts": (Cut("pass", both("Passed"), 70),),
        "languages": ("en", "fr"),
        "minutes": 30,
    }
    return TestSpec(key=key, bank=bank, **{**defaults, **given})


def build_test(key: str, bank: str, **given: Any) -> Test:
    """Return the published version of a test on a bank."""
    return publish_test(specification(key, bank, **given), BUILDER)
