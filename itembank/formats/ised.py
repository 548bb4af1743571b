"""The bank of Canada's amateur-radio examination: `;` between eleven fields, and no quoting.

A line is an id, then a question with its key and three wrong options in English, then the same in
French. The key always comes first, so options must be shuffled before anyone sees them. Quotes
inside a field are part of its text. An id such as B-001-002-003 is the third item of topic
B-001-002 in section B-001.
"""

from __future__ import annotations

import re
from functools import partial

from itembank.faults import fault, sentence, shown
from itembank.formats.intake import Intake, nested_areas
from itembank.formats.records import ParsedBank
from itembank.items import Item, ItemKind

_TEXTS = ("question", "correct_answer", *(f"incorrect_answer_{n}" for n in (1, 2, 3)))
HEADER = ("question_id", *(f"{t}_english" for t in _TEXTS), *(f"{t}_french" for t in _TEXTS))

_ID = re.compile(r"([A-Z]-[0-9]{3}-[0-9]{3})-[0-9]{3}")


def read(text: str) -> ParsedBank:
    """Return the bank that the text of a file holds."""
    lines = text.split("\n")
    header = tuple(name.strip() for name in lines[0].split(";"))
    if header != HEADER:
        allowed = f"an ISED bank, whose first line begins `{HEADER[0]};{HEADER[1]}`"
        raise fault("text", allowed, lines[0].strip(), "line 1")
    intake = Intake()
    for number, line in enumerate(lines[1:], start=2):
        if line.strip():
            intake.offer(number, line.split(";")[0].strip(), partial(_item, line))
    return intake.bank(partial(nested_areas, parent_of=_section))


def _section(area: str) -> str:
    return area.rpartition("-")[0]


def _item(line: str) -> Item:
    fields = [field.strip() for field in line.split(";")]
    match = _ID.fullmatch(fields[0])
    if match is None:
        raise fault("question_id", "like B-001-002-003", fields[0])
    if len(fields) != len(HEADER):
        raise ValueError(sentence("line", f"{len(HEADER)} fields", str(len(fields)), fields[0]))
    for name, field in zip(HEADER, fields, strict=True):
        if not field:
            raise ValueError(sentence(name, "given", shown(field), fields[0]))
    return Item(
        id=fields[0],
        area=match[1],
        kind=ItemKind.CHOICE,
        stem={"en": fields[1], "fr": fields[6]},
        options=tuple({"en": fields[n], "fr": fields[n + 5]} for n in range(2, 6)),
        key=frozenset({0}),
    )
