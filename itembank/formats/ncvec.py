"""The pools of the United States' amateur-radio examinations, as the JSON that circulates.

One list of objects with id, question, answers, correct (counted from 0), correct_letter, refs and
figure. An id such as T1A03 is the third item of group T1A in subelement T1. A figure named T-1 in
a question is the file t-1.png. Figures come without descriptions. The CSV, YAML and text forms of
the same pools are not read: they say nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import partial

from itembank.faults import fault, sentence
from itembank.formats import json_text
from itembank.formats.intake import Intake, found_file, nested_areas
from itembank.formats.records import ParsedBank
from itembank.item_json import check_names, json_list, json_object
from itembank.items import Figure, Item, ItemKind

_REQUIRED = ("id", "question", "answers", "correct")
_FIELDS = frozenset((*_REQUIRED, "correct_letter", "refs", "figure"))
_ID = re.compile(r"([A-Z][0-9][A-Z])[0-9]{2}")
_FIGURE = re.compile(r"\bfigure ([A-Z][0-9]?-[0-9]+)\b", re.IGNORECASE)
_REFERENCE = re.compile(r"\[([^\[\]]+)\]")
_LETTERS = "ABCDEFGH"


def read(text: str, files: Collection[str]) -> ParsedBank:
    """Return the pool that the text of a file holds, with its figures among `files`."""
    entries = json_text.load(text)
    if not isinstance(entries, list) or not any(_looks_right(entry) for entry in entries):
        allowed = f"an NCVEC pool, a list of objects with {', '.join(_REQUIRED)}"
        raise ValueError(sentence("text", allowed, _outline(entries)))
    intake = Intake()
    for number, entry in enumerate(entries, start=1):
        item_id = entry.get("id") if isinstance(entry, Mapping) else None
        intake.offer(number, item_id, partial(_item, entry, files, f"entry {number}"))
    return intake.bank(partial(nested_areas, parent_of=_subelement))


def _looks_right(entry: object) -> bool:
    return isinstance(entry, Mapping) and set(_REQUIRED) <= set(entry)


def _outline(data: object) -> str:
    if isinstance(data, Mapping):
        return (
            f"an object with {', '.join(map(str, list(data)[:5]))}" if data else "an empty object"
        )
    return f"a list of {len(data)} other things" if isinstance(data, list) else "neither"


def _subelement(group: str) -> str:
    return group[:2]


def _item(entry: object, files: Collection[str], where: str) -> Item:
    fields = _fields(entry, where)
    match = _ID.fullmatch(str(fields["id"]))
    if match is None:
        raise fault("id", "like T1A03", fields["id"], where)
    options = json_list(fields["answers"], "answers", match[0])
    return Item(
        id=match[0],
        area=match[1],
        kind=ItemKind.CHOICE,
        stem=_english(fields["question"], "question", match[0]),
        options=tuple(_english(option, "answers", match[0]) for option in options),
        key=frozenset({_correct(fields, len(options), match[0])}),
        figure=_figure(fields, files, match[0]),
        references=tuple(_REFERENCE.findall(str(fields.get("refs", "")))),
    )


def _fields(entry: object, where: str) -> Mapping[str, object]:
    fields = json_object(entry, "entry", where)
    check_names(fields, _FIELDS, "entry", where)
    for name in _REQUIRED:
        if name not in fields:
            raise fault(name, "given", None, where)
    return fields


def _english(text: object, argument: str, where: str) -> Mapping[str, str]:
    if not isinstance(text, str):
        raise fault(argument, "text", text, where)
    return {"en": text}


def _correct(fields: Mapping[str, object], n_options: int, where: str) -> int:
    correct = fields["correct"]
    if type(correct) is not int or not 0 <= correct < min(n_options, len(_LETTERS)):
        raise fault("correct", f"the index of an option, below {n_options}", correct, where)
    letter = fields.get("correct_letter", _LETTERS[correct])
    if letter != _LETTERS[correct]:
        raise fault("correct_letter", f"{_LETTERS[correct]}, as `correct` says", letter, where)
    return correct


def _figure(fields: Mapping[str, object], files: Collection[str], where: str) -> Figure | None:
    """Return the figure that the field names or, where it is empty, that the question names."""
    mentioned = {f"{name.lower()}.png" for name in _FIGURE.findall(str(fields["question"]))}
    named = {str(fields["figure"]).lower()} if fields.get("figure") else mentioned
    if not named:
        return None
    if len(named | mentioned) > 1:
        raise fault("figure", "the one that the question names", sorted(named | mentioned), where)
    return Figure(found_file(named.pop(), files, where))
