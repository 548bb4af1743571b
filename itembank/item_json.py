"""Items as plain JSON: how they are stored, exchanged and told apart from their versions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from itembank.faults import fault
from itembank.items import Figure, Item

_REQUIRED = ("id", "area", "kind", "stem")
_LISTS = ("options", "key", "references", "enemies")
_OBJECTS = ("stem", "unit", "accepted", "rationale", "figure")
_OTHERS = ("id", "area", "kind", "answer", "tolerance", "fixed_order", "author")
_FIELDS = frozenset((*_LISTS, *_OBJECTS, *_OTHERS))
_FIGURE_FIELDS = frozenset(("file", "description"))


class RepeatedKeys(dict[str, object]):
    """A JSON object in which one key is written twice, so that its meaning is a guess."""


def canonical_json(value: object) -> str:
    """Return JSON text that is the same for equal values: sorted, compact and without NaN."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def content_digest(item: Item, *, figure_digest: str = "") -> str:
    """Return the SHA-256 of all that makes a version of an item, as 64 hexadecimal digits.

    A figure counts by its name and description. Give the digest of its bytes as well where they
    are at hand: the same name may hold another picture in the next edition.
    """
    content = canonical_json([item_to_json(item), figure_digest])
    return hashlib.sha256(content.encode()).hexdigest()


def item_to_json(item: Item) -> dict[str, object]:
    """Return an item as a plain JSON object, in the native format; empty fields are left out."""
    optional: dict[str, object] = {
        "options": [dict(option) for option in item.options],
        "key": sorted(item.key),
        "unit": dict(item.unit),
        "accepted": {language: list(forms) for language, forms in item.accepted.items()},
        "rationale": dict(item.rationale),
        "figure": _figure_to_json(item.figure) if item.figure else None,
        "fixed_order": item.fixed_order,
        "references": list(item.references),
        "enemies": sorted(item.enemies),
        "author": item.author,
    }
    given = {name: value for name, value in optional.items() if value}
    return {**_required_to_json(item), **given, **_number_to_json(item)}


def _required_to_json(item: Item) -> dict[str, object]:
    return {"id": item.id, "area": item.area, "kind": str(item.kind), "stem": dict(item.stem)}


def _number_to_json(item: Item) -> dict[str, object]:
    if item.answer is None:
        return {}
    return {"answer": item.answer, "tolerance": item.tolerance}


def _figure_to_json(figure: Figure) -> dict[str, object]:
    description: dict[str, object] = (
        {"description": dict(figure.description)} if figure.description else {}
    )
    return {"file": figure.file, **description}


def item_from_json(data: object, where: str = "") -> Item:
    """Return the item that a JSON object of the native format describes; refuse any doubt."""
    fields = json_object(data, "item", where)
    where = where or str(fields.get("id", ""))
    check_names(fields, _FIELDS, "item", where)
    for name in _REQUIRED:
        if fields.get(name) is None:
            raise fault(name, "given", None, where)
    _check_shapes(fields, where)
    given = {name: value for name, value in fields.items() if value is not None}
    figure = {"figure": _figure(given["figure"], where)} if "figure" in given else {}
    return Item(**(given | figure))  # type: ignore[arg-type]  # the names are checked above, the values by Item


def _check_shapes(fields: Mapping[str, object], where: str) -> None:
    for name in _LISTS:
        if fields.get(name) is not None:
            json_list(fields[name], name, where)
    for name in _OBJECTS:
        if fields.get(name) is not None:
            json_object(fields[name], name, where)
    for number, option in enumerate(json_list(fields.get("options") or [], "options", where)):
        json_object(option, f"options[{number}]", where)


def json_list(data: object, argument: str, where: str) -> list[object]:
    """Return a JSON list, or refuse what is none."""
    if not isinstance(data, list):
        raise fault(argument, "a list", data, where)
    return data


def json_object(data: object, argument: str, where: str) -> Mapping[str, object]:
    """Return a JSON object, or refuse what is none or names a key twice."""
    if isinstance(data, RepeatedKeys):
        raise fault(argument, "an object in which each name stands once", dict(data), where)
    if not isinstance(data, Mapping):
        raise fault(argument, "an object", data, where)
    return data


def check_names(
    fields: Mapping[str, object], known: frozenset[str], argument: str, where: str
) -> None:
    """Refuse a name that means nothing here: it may be a known one, misspelt."""
    for name in fields:
        if name not in known:
            raise fault(argument, f"made of {', '.join(sorted(known))}", name, where)


def _figure(data: object, where: str) -> Figure:
    fields = json_object(data, "figure", where)
    check_names(fields, _FIGURE_FIELDS, "figure", where)
    description = json_object(fields.get("description") or {}, "figure.description", where)
    return Figure(fields.get("file"), description)  # type: ignore[arg-type]  # checked by Figure
