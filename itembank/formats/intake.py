"""Taking in items one by one, so that a bad one is refused and the rest go on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from itembank.faults import fault, sentence
from itembank.formats.records import Area, ParsedBank, Refusal
from itembank.items import Figure, Item

MOST_ITEMS = 50_000
_LONGEST_SHOWN_ID = 64


class Intake:
    """What was taken so far, and what was refused with its line."""

    def __init__(self) -> None:
        self._items: list[Item] = []
        self._refused: list[Refusal] = []
        self._lines: dict[str, int] = {}

    def offer(self, line: int, item_id: object, read: Callable[[], Item]) -> None:
        """Take the item that `read` returns, or note why it cannot be taken."""
        if len(self._items) + len(self._refused) >= MOST_ITEMS:
            raise fault("text", f"a bank of {MOST_ITEMS} items at most", "more", f"line {line}")
        try:
            item = read()
            self._check_new(item, line)
        except ValueError as error:
            self.refuse(line, item_id, str(error))
        else:
            self._items.append(item)

    def refuse(self, line: int, item_id: object, reason: str) -> None:
        """Note that a part of the file is not taken."""
        known = item_id[:_LONGEST_SHOWN_ID] if isinstance(item_id, str) else ""
        self._refused.append(Refusal(line, known, reason))

    def _check_new(self, item: Item, line: int) -> None:
        first = self._lines.setdefault(item.id, line)
        if first != line:
            got = f"the id of line or entry {first}"
            raise ValueError(sentence("id", "unlike any before", got, item.id))

    def bank(self, areas: Callable[[Iterable[Item]], Iterable[Area]]) -> ParsedBank:
        """Return what was taken, in the order of the file, with the areas of its items."""
        return ParsedBank(
            areas=tuple(areas(self._items)),
            items=tuple(self._items),
            refused=tuple(self._refused),
            warnings=tuple(_warnings(self._items)),
        )


def _warnings(items: Collection[Item]) -> Iterator[str]:
    ids = {item.id for item in items}
    for item in items:
        partly = set(item.stem) - item.languages
        if partly:
            yield f"{item.id} is not complete in {', '.join(sorted(partly))}."
        unknown = item.enemies - ids
        if unknown:
            yield f"{item.id} names enemies that are not here: {', '.join(sorted(unknown))}."


def titled_by_key(key: str, languages: Iterable[str]) -> Mapping[str, str]:
    """Return an area's key as its title, for formats that carry no titles."""
    return dict.fromkeys(sorted(languages), key)


def nested_areas(items: Iterable[Item], parent_of: Callable[[str], str]) -> Iterator[Area]:
    """Return the areas of items in order of key, each parent before its first child."""
    languages: dict[str, set[str]] = {}
    for item in items:
        for key in (item.area, parent_of(item.area)):
            languages.setdefault(key, set()).update(item.languages)
    children = {item.area for item in items}
    for key in sorted(languages):
        parent = parent_of(key) if key in children else None
        yield Area(key, titled_by_key(key, languages[key]), parent)


def with_figure_found(item: Item, files: Collection[str]) -> Item:
    """Return an item whose figure is named as its file is, whatever the case of its letters."""
    if item.figure is None:
        return item
    name = found_file(item.figure.file, files, item.id)
    return replace(item, figure=Figure(name, item.figure.description))


def found_file(name: str, files: Collection[str], where: str) -> str:
    """Return the name of a file as it is among the files at hand."""
    if name in files:
        return name
    for file in sorted(files):
        if file.casefold() == name.casefold():
            return file
    raise fault("figure", "the name of a file that comes with the bank", name, where)
