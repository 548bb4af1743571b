"""The native JSON: a bank with its titled areas and items of every kind."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial

from itembank.faults import fault, sentence
from itembank.formats import json_text
from itembank.formats.intake import Intake, with_figure_found
from itembank.formats.records import Area, ParsedBank
from itembank.item_json import RepeatedKeys, check_names, item_from_json, json_list, json_object
from itembank.items import Item
from itembank.wording import checked_key, checked_text, checked_wording, no_wording

_PARTS = ("bank", "areas", "items")
_BANK_FIELDS = frozenset(("key", "title", "licence"))
_AREA_FIELDS = frozenset(("key", "title", "parent", "competency"))


def read(text: str, files: Collection[str]) -> ParsedBank:
    """Return the bank that the text of a file holds, with its figures among `files`."""
    parts = _parts(json_text.load(text))
    heading = _heading(parts["bank"])
    intake = Intake()
    areas = {area.key: area for area in _areas(parts["areas"], intake)}
    for number, entry in enumerate(json_list(parts["items"], "items", ""), start=1):
        item_id = entry.get("id") if isinstance(entry, Mapping) else None
        intake.offer(number, item_id, partial(_item, entry, areas, files, f"items[{number - 1}]"))
    taken = intake.bank(lambda _: areas.values())
    return replace(taken, key=heading.key, title=heading.title, licence=heading.licence)


def _parts(data: object) -> Mapping[str, object]:
    allowed = f"a bank in the native JSON, an object with {', '.join(_PARTS)}"
    if not isinstance(data, Mapping) or isinstance(data, RepeatedKeys):
        kind = "a list" if isinstance(data, list) else "a name twice, or no object"
        raise ValueError(sentence("text", allowed, kind))
    if set(data) != set(_PARTS):
        raise ValueError(sentence("text", allowed, ", ".join(map(str, data)) or "none"))
    return data


def _heading(data: object) -> ParsedBank:
    fields = _fields(data, "bank", _BANK_FIELDS, "bank")
    key, title, licence = (fields.get(name) for name in ("key", "title", "licence"))
    return ParsedBank(
        key=checked_key(key, "key", "bank") if key is not None else "",
        title=_title(title, "bank") if title is not None else no_wording(),
        licence=checked_text(licence, "licence", "bank") if licence is not None else "",
    )


def _title(data: object, where: str) -> Mapping[str, str]:
    return checked_wording(json_object(data, "title", where), "title", where)


def _fields(data: object, argument: str, known: frozenset[str], where: str) -> Mapping[str, object]:
    fields = json_object(data, argument, where)
    check_names(fields, known, argument, where)
    return fields


def _areas(data: object, intake: Intake) -> Iterator[Area]:
    known: set[str] = set()
    for number, entry in enumerate(json_list(data, "areas", ""), start=1):
        try:
            area = _area(entry, known, f"areas[{number - 1}]")
        except ValueError as error:
            key = entry.get("key") if isinstance(entry, Mapping) else None
            intake.refuse(number, key, str(error))
        else:
            known.add(area.key)
            yield area


def _area(entry: object, known: set[str], where: str) -> Area:
    fields = _fields(entry, "area", _AREA_FIELDS, where)
    key = checked_key(fields.get("key"), "key", where)
    if key in known:
        raise fault("key", "unlike any before", key, where)
    parent, competency = fields.get("parent"), fields.get("competency")
    if parent is not None and parent not in known:
        raise fault("parent", "an area that stands before", parent, where)
    return Area(
        key,
        _title(fields.get("title"), where),
        None if parent is None else checked_key(parent, "parent", where),
        None if competency is None else checked_key(competency, "competency", where),
    )


def _item(entry: object, areas: Mapping[str, Area], files: Collection[str], where: str) -> Item:
    item = item_from_json(entry, where)
    if item.area not in areas:
        raise fault("area", "one of the bank's areas", item.area, where)
    return with_figure_found(item, files)
