"""Tables of responses that others published, as sittings of a test: rows written at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import insert

import itembank
from assessment import clock
from assessment.demo.builders.examinations import BUILDER, build_test
from assessment.demo.builders.people import build_institution
from assessment.extensions import db
from assessment.ids import new_id
from assessment.items import service as items
from assessment.items.models import Test
from assessment.people.models import Institution, Learner
from assessment.sittings.models import Ending, Response, Sitting, SittingItem, SittingState

OPTIONS = 8
Row: TypeAlias = dict[str, object]


@dataclass(frozen=True)
class Table:
    """Answers of one person a row: the option chosen, whose first is the key; -1 for none."""

    bank: str
    items: tuple[str, ...]
    areas: tuple[str, ...]
    chosen: NDArray[np.int64]


def of_scores(
    bank: str, items: Sequence[str], areas: Sequence[str], scores: NDArray[np.int64]
) -> Table:
    """Return a table of right and wrong answers: 1 right, 0 wrong, -1 none."""
    chosen = np.where(scores < 0, -1, 1 - scores)
    return Table(bank, tuple(items), tuple(areas), chosen)


def record(table: Table, *, key: str, language: str = "en") -> tuple[Test, list[str]]:
    """Return a test of all items of a new bank, and the learners who have sat it, row by row."""
    test = _test(table, key)
    learners = [new_id() for _row in table.chosen]
    db.session.execute(
        insert(Learner), [{"id": each, "created_at": clock.now()} for each in learners]
    )
    sittings = [_sitting(test, learner, language) for learner in learners]
    db.session.execute(insert(Sitting), sittings)
    versions = items.bank_pool(test.bank_id).version_ids
    order = [versions[name] for name in table.items]
    db.session.execute(insert(SittingItem), list(_questions(sittings, order)))
    if given := list(_responses(sittings, table.chosen)):
        db.session.execute(insert(Response), given)
    return test, learners


def _test(table: Table, key: str) -> Test:
    institution = build_institution(f"{table.bank}-college")
    _import(institution, table)
    counts = {area: table.areas.count(area) for area in dict.fromkeys(table.areas)}
    return build_test(institution, table.bank, key, blueprint=counts, attempts=None)


def _import(institution: Institution, table: Table) -> None:
    parsed = itembank.ParsedBank(
        key=table.bank,
        title={"en": table.bank, "fr": table.bank},
        areas=tuple(
            itembank.Area(area, {"en": area.title(), "fr": area.title()}, None, area)
            for area in dict.fromkeys(table.areas)
        ),
        items=tuple(_item(name, area) for name, area in zip(table.items, table.areas, strict=True)),
    )
    spec = items.BankSpec(key=table.bank, institution_id=institution.id)
    items.import_bank(parsed, spec, BUILDER)


def _item(name: str, area: str) -> itembank.Item:
    return itembank.Item(
        id=name,
        area=area,
        kind=itembank.ItemKind.CHOICE,
        stem={"en": f"{name}?", "fr": f"{name} ?"},
        options=tuple({"en": f"{n} of {name}", "fr": f"{n} de {name}"} for n in range(OPTIONS)),
        key=frozenset({0}),
    )


def _sitting(test: Test, learner_id: str, language: str) -> Row:
    now = clock.now()
    return {
        "learner_id": learner_id,
        "id": new_id(),
        "test_id": test.id,
        "test_key": test.key,
        "number": 1,
        "state": SittingState.SCORED,
        "ending": Ending.SUBMITTED,
        "seed": "0",
        "started_at": now,
        "ended_at": now,
        "terms_version": "1",
        "terms": {"language": language},
    }


def _questions(sittings: Sequence[Row], order: Sequence[str]) -> Iterator[Row]:
    for sitting in sittings:
        for position, version_id in enumerate(order, start=1):
            yield {
                "learner_id": sitting["learner_id"],
                "sitting_id": sitting["id"],
                "position": position,
                "item_version_id": version_id,
                "option_order": list(range(OPTIONS)),
            }


def _responses(sittings: Sequence[Row], chosen: NDArray[np.int64]) -> Iterator[Row]:
    answers = [itembank.Answer(chosen=(option,)).canonical for option in range(OPTIONS)]
    for sitting, row in zip(sittings, chosen, strict=True):
        for position, option in enumerate(row.tolist(), start=1):
            if option >= 0:
                yield {
                    "learner_id": sitting["learner_id"],
                    "sitting_id": sitting["id"],
                    "position": position,
                    "answer": answers[option],
                    "revision": 1,
                    "saved_at": clock.now(),
                }
