"""The native CSV: one item a row, in English, French or both, as a spreadsheet writes it.

The delimiter is a comma, a semicolon or a tab, whichever the header uses. A row that is broken by
a quote left open costs only its first line: reading goes on with the line after it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from itembank.entries import parse_number
from itembank.faults import fault, sentence
from itembank.formats.intake import Intake, titled_by_key, with_figure_found
from itembank.formats.records import Area, ParsedBank
from itembank.item_json import item_from_json
from itembank.items import MOST_OPTIONS, Item

_LANGUAGES = ("en", "fr")
_PLAIN = ("id", "area", "kind", "author")
_OTHERS = ("key", "answer", "tolerance", "figure", "fixed_order", "references", "enemies")
_WORDINGS = (
    "stem",
    "unit",
    "accepted",
    "rationale",
    "figure_description",
    *(f"option_{number}" for number in range(1, MOST_OPTIONS + 1)),
)
COLUMNS = frozenset(
    (*_PLAIN, *_OTHERS, *(f"{name}_{tag}" for name in _WORDINGS for tag in _LANGUAGES))
)
_REQUIRED = ("id", "area", "kind")
_TRUTHS = dict.fromkeys(("true", "yes", "1", "vrai", "oui"), True) | dict.fromkeys(
    ("false", "no", "0", "faux", "non"), False
)
_MOST_LINES_A_ROW = 100


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: tuple[str, ...]
    problem: str = ""


def read(text: str, files: Collection[str]) -> ParsedBank:
    """Return the bank that the text of a file holds, with its figures among `files`."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    delimiter = max(",;\t", key=lines[0].count)
    header = _header(lines[0], delimiter)
    intake = Intake()
    for row in _rows(lines, delimiter, len(header)):
        if row.problem:
            intake.refuse(row.line, row.cells[0] if row.cells else "", row.problem)
        else:
            cells = {name: cell.strip() for name, cell in zip(header, row.cells, strict=True)}
            intake.offer(row.line, cells["id"], partial(_item, cells, files, f"line {row.line}"))
    return intake.bank(_areas)


def _header(line: str, delimiter: str) -> tuple[str, ...]:
    names = [name.strip() for name in next(csv.reader([line], delimiter=delimiter), [])]
    while names and not names[-1]:
        names.pop()
    for name in _REQUIRED:
        if name not in names:
            allowed = f"a bank in the native CSV, with the columns {', '.join(_REQUIRED)}"
            raise fault("text", allowed, line, "line 1")
    for name in names:
        if name not in COLUMNS or names.count(name) > 1:
            raise fault("text", "a bank whose columns are known and stand once", name, "line 1")
    return tuple(names)


def _rows(lines: list[str], delimiter: str, width: int) -> Iterator[_Row]:
    at = 1
    while at < len(lines):
        row, n_lines = _row(lines, at, delimiter, width)
        if row.problem or any(cell.strip() for cell in row.cells):
            yield row
        at += 1 if row.problem else n_lines


def _row(lines: list[str], at: int, delimiter: str, width: int) -> tuple[_Row, int]:
    """Return the row that begins at a line, and the number of lines that it takes."""
    following = (f"{line}\n" for line in lines[at : at + _MOST_LINES_A_ROW])
    reader = csv.reader(following, delimiter=delimiter, strict=True)
    try:
        cells = next(reader)
    except csv.Error as error:
        first = lines[at].split(delimiter)[0].strip('" ')
        problem = sentence("row", "quoted as CSV is", f"“{error}”", f"line {at + 1}")
        return _Row(at + 1, (first,), problem), 1
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    return _Row(at + 1, tuple(cells), _width_problem(cells, width, at + 1)), reader.line_num


def _width_problem(cells: list[str], width: int, line: int) -> str:
    if not cells or len(cells) == width:
        return ""
    return sentence("row", f"{width} fields", str(len(cells)), f"line {line}")


def _areas(items: Iterable[Item]) -> Iterator[Area]:
    for key in dict.fromkeys(item.area for item in items):
        yield Area(key, titled_by_key(key, _LANGUAGES))


def _item(cells: Mapping[str, str], files: Collection[str], where: str) -> Item:
    given = {name: cell for name, cell in cells.items() if cell}
    fields: dict[str, object] = {name: given[name] for name in _PLAIN if name in given}
    for name, value in _converted(given, where):
        if value not in (None, {}, []):
            fields[name] = value
    return with_figure_found(item_from_json(fields, where), files)


def _converted(cells: Mapping[str, str], where: str) -> Iterator[tuple[str, object]]:
    for name in ("stem", "unit", "rationale"):
        yield name, _wording(cells, name)
    yield "options", _options(cells, where)
    yield "accepted", {tag: _list(text) for tag, text in _wording(cells, "accepted").items()}
    yield "figure", _figure(cells)
    for name in ("references", "enemies"):
        yield name, _list(cells.get(name, ""))
    readers: Mapping[str, Callable[[str, str], object]] = {
        "key": _key,
        "answer": _number,
        "tolerance": _number,
        "fixed_order": _truth,
    }
    for name, read_cell in readers.items():
        if name in cells:
            yield name, read_cell(cells[name], f"{where}, column {name}")


def _wording(cells: Mapping[str, str], name: str) -> dict[str, str]:
    columns = {tag: f"{name}_{tag}" for tag in _LANGUAGES}
    return {tag: cells[column] for tag, column in columns.items() if column in cells}


def _options(cells: Mapping[str, str], where: str) -> list[dict[str, str]]:
    options = [_wording(cells, f"option_{number}") for number in range(1, MOST_OPTIONS + 1)]
    while options and not options[-1]:
        options.pop()
    if {} in options:
        raise fault(f"option_{options.index({}) + 1}", "given where a later one is", "", where)
    return options


def _figure(cells: Mapping[str, str]) -> dict[str, object] | None:
    description = _wording(cells, "figure_description")
    if not description and "figure" not in cells:
        return None
    return {"file": cells.get("figure", ""), "description": description}


def _list(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]


def _key(cell: str, where: str) -> list[int]:
    """Return indexes counted from 0, as everywhere but in a spreadsheet."""
    for part in _list(cell):
        if part not in map(str, range(1, MOST_OPTIONS + 1)):
            raise fault("key", "option numbers from 1, with | between", part, where)
    return [int(part) - 1 for part in _list(cell)]


def _number(cell: str, where: str) -> float:
    try:
        return float(parse_number(cell))
    except ValueError:
        raise fault("number", "written like 12.5 or 12,5", cell, where) from None


def _truth(cell: str, where: str) -> bool:
    if cell.casefold() not in _TRUTHS:
        raise fault("fixed_order", "true or false", cell, where)
    return _TRUTHS[cell.casefold()]
