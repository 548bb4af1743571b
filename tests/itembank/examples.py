"""Builders of items, and strategies that make any valid one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from itembank import BankFormat, Figure, Item, ItemKind, ParsedBank, PoolItem, read_bank

BANKS = Path(__file__).resolve().parents[3] / "shared" / "data" / "banks"


def both(text: str) -> dict[str, str]:
    """Return wording in both languages."""
    return {"en": text, "fr": f"{text} (fr)"}


def choice(**changes: Any) -> Item:
    """Return a choice item of four options, the first of which is the key."""
    fields: dict[str, Any] = {
        "id": "HV-001",
        "area": "hazards",
        "kind": "choice",
        "stem": both("Which one?"),
        "options": [both(letter) for letter in "ABCD"],
        "key": [0],
    }
    return Item(**(fields | changes))


def numeric(**changes: Any) -> Item:
    """Return a numeric item whose answer is 12.5 V, give or take 0.05."""
    fields: dict[str, Any] = {
        "id": "HV-002",
        "area": "hazards",
        "kind": "numeric",
        "stem": both("How many volts?"),
        "answer": 12.5,
        "tolerance": 0.05,
        "unit": {"en": "V", "fr": "V"},
    }
    return Item(**(fields | changes))


def written(**changes: Any) -> Item:
    """Return an item answered by a word."""
    fields: dict[str, Any] = {
        "id": "HV-003",
        "area": "hazards",
        "kind": "text",
        "stem": both("What is it called?"),
        "accepted": {"en": ["lockout", "lock-out"], "fr": ["cadenassage", "œuvre achevée"]},
    }
    return Item(**(fields | changes))


def pool(area: str, n_items: int, **fields: Any) -> list[PoolItem]:
    """Return items of one area, each with four options."""
    return [PoolItem(f"{area}-{number}", area, n_options=4, **fields) for number in range(n_items)]


def real_bank(path: str, bank_format: BankFormat) -> ParsedBank:
    """Return a published bank with its figures; skip the test where it is absent."""
    file = BANKS / path
    if not file.exists():
        pytest.skip(f"the published bank {path} is not in {BANKS}")
    return read_bank(file.read_bytes(), bank_format, files=[f.name for f in file.parent.iterdir()])


ISED = "ised-amateur-2025/BankQuestions/amat_basic_quest_delim2025.txt"
TECHNICIAN = "ncvec/technician-2026-2030/technician-2026-2030.json"
GENERAL = "ncvec/general-2023-2027/general-2023-2027.json"

keys = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,10}", fullmatch=True)
texts = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp", "Cf")), min_size=1, max_size=20
)
wordings = st.fixed_dictionaries({"en": texts}, optional={"fr": texts})
numbers = st.floats(-1e15, 1e15)


@st.composite
def items(draw: st.DrawFn) -> Item:
    """Return any valid item."""
    kind = draw(st.sampled_from(list(ItemKind)))
    fields: dict[str, Any] = {
        "id": draw(keys),
        "area": draw(keys),
        "kind": kind,
        "stem": draw(wordings),
        "rationale": draw(st.just({}) | wordings),
        "references": draw(st.lists(texts, max_size=2)),
        "author": draw(st.just("") | texts),
    }
    fields["enemies"] = draw(st.frozensets(keys, max_size=3)) - {fields["id"]}
    if draw(st.booleans()):
        fields["figure"] = Figure(draw(keys), draw(st.just({}) | wordings))
    return Item(**(fields | draw(_answers(kind))))


@st.composite
def _answers(draw: st.DrawFn, kind: ItemKind) -> dict[str, Any]:
    if kind is ItemKind.NUMERIC:
        return {
            "answer": draw(numbers),
            "tolerance": draw(st.floats(0, 1e6)),
            "unit": draw(st.just({}) | wordings),
        }
    if kind is ItemKind.TEXT:
        return {
            "accepted": {
                "en": draw(
                    st.lists(st.from_regex(r"[a-zé]{1,9}", fullmatch=True), min_size=1, max_size=3)
                )
            }
        }
    english = draw(st.lists(texts, min_size=2, max_size=8, unique=True))
    most = 1 if kind is ItemKind.CHOICE else len(english)
    indexes = st.integers(0, len(english) - 1)
    return {
        "options": [{"en": text} for text in english],
        "key": draw(st.frozensets(indexes, min_size=1, max_size=most)),
        "fixed_order": draw(st.booleans()),
    }
