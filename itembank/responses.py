"""Responses: what a learner gave as an answer, read from a form and written for storage."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from itembank.entries import LONGEST_ENTRY, LONGEST_NUMBER, check_length, parse_number
from itembank.faults import fault
from itembank.item_json import canonical_json
from itembank.items import Item, ItemKind


@dataclass(frozen=True, slots=True)
class Answer:
    """What a learner answered: options by their original indexes, or a text.

    The order in which options were ticked or shown is no part of it, so equal answers are equal.
    """

    chosen: tuple[int, ...] = ()
    text: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "chosen", tuple(sorted(set(self.chosen))))

    @property
    def is_blank(self) -> bool:
        """Whether nothing was answered."""
        return not self.chosen and not self.text.strip()

    @property
    def canonical(self) -> str:
        """The answer as canonical JSON text: the same for equal answers, to store and compare."""
        fields: dict[str, object] = {}
        if self.chosen:
            fields["chosen"] = list(self.chosen)
        if self.text:
            fields["text"] = self.text
        return canonical_json(fields)


BLANK = Answer()


def read_answer(stored: str) -> Answer:
    """Return the answer that canonical JSON text holds."""
    try:
        fields = json.loads(stored)
        answer = Answer(tuple(fields.pop("chosen", ())), fields.pop("text", ""))
    except (ValueError, AttributeError, TypeError) as error:
        raise fault("stored", "an answer in JSON", stored) from error
    if fields or not _well_typed(answer):
        raise fault("stored", "an answer in JSON", stored)
    return answer


def _well_typed(answer: Answer) -> bool:
    indexes_are = all(type(index) is int and index >= 0 for index in answer.chosen)
    return indexes_are and isinstance(answer.text, str)


def parse_answer(
    item: Item,
    *,
    chosen: Iterable[int | str] = (),
    text: str = "",
    option_order: Sequence[int] | None = None,
) -> Answer:
    """Return the answer that a form posted for an item.

    `chosen` are the positions as shown, counted from 0; `option_order` says which original option
    was shown at each position (as drawn in the form; the original order when it is None). Text
    that is not even a number for a numeric item raises EntryError, so that it is never stored.
    """
    if item.kind.has_options:
        if text:
            raise fault("text", f"absent for a {item.kind} item", text, item.id)
        return _chosen_answer(item, [*chosen], option_order)
    if [*chosen]:
        raise fault("chosen", f"absent for a {item.kind} item", chosen, item.id)
    return _written_answer(item, text)


def _chosen_answer(
    item: Item, positions: Sequence[int | str], option_order: Sequence[int] | None
) -> Answer:
    order = range(len(item.options)) if option_order is None else option_order
    if sorted(order) != list(range(len(item.options))):
        raise fault("option_order", "an order of the item's options", option_order, item.id)
    if item.kind is ItemKind.CHOICE and len(positions) > 1:
        raise fault("chosen", "one option at most", positions, item.id)
    return Answer(tuple(order[_position(at, len(order), item.id)] for at in positions))


def _position(value: int | str, n_options: int, where: str) -> int:
    positions = {str(position): position for position in range(n_options)}
    if str(value) not in positions:
        raise fault("chosen", f"positions from 0 to {n_options - 1}", value, where)
    return positions[str(value)]


def _one_line(text: str) -> str:
    """Return an entry with a space for each control character, which no database need hold."""
    readable = (" " if unicodedata.category(each) in ("Cc", "Cs") else each for each in text)
    return "".join(readable).strip()


def _written_answer(item: Item, text: str) -> Answer:
    check_length(text, LONGEST_NUMBER if item.kind is ItemKind.NUMERIC else LONGEST_ENTRY)
    entry = _one_line(text)
    if entry and item.kind is ItemKind.NUMERIC:
        parse_number(entry, item.unit)
    return Answer(text=entry)
