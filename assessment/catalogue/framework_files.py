"""Frameworks as files, in the JSON and the CSV that docs/frameworks.md describes."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from assessment.fields import Fields, load_json, load_text, refusal
from assessment.languages import LANGUAGES
from assessment.locale import gettext as _

MOST_COMPETENCIES = 20_000
SEPARATOR = "|"
COLUMNS = (
    "row",
    "key",
    "version",
    *(f"{name}_{language}" for name in ("title", "description") for language in LANGUAGES),
    "publisher",
    "licence",
    *(f"statements_{language}" for language in LANGUAGES),
)

_TOP = ("framework", "levels", "competencies")
_FRAMEWORK = ("key", "version", "title", "description", "publisher", "licence")
_LEVEL = ("key", "title", "description")
_COMPETENCY = ("key", "title", "description", "statements")


class FrameworkFormat(StrEnum):
    """The formats in which a framework can be read."""

    JSON = "json"
    CSV = "csv"


class RowKind(StrEnum):
    """What a row of the CSV holds."""

    FRAMEWORK = "framework"
    LEVEL = "level"
    COMPETENCY = "competency"


@dataclass(frozen=True)
class LevelData:
    """One level of proficiency."""

    key: str
    title: dict[str, str]
    description: dict[str, str]


@dataclass(frozen=True)
class CompetencyData:
    """One competency, with what can be observed of it."""

    key: str
    title: dict[str, str]
    description: dict[str, str]
    statements: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True)
class FrameworkData:
    """A framework as a file holds it, checked."""

    key: str
    version: str
    title: dict[str, str]
    description: dict[str, str]
    publisher: str
    licence: str
    levels: tuple[LevelData, ...]
    competencies: tuple[CompetencyData, ...]

    @property
    def digest(self) -> str:
        """The SHA-256 of all that it says."""
        text = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def read_framework(source: bytes, format: FrameworkFormat | str) -> FrameworkData:
    """Return the framework that a file holds; Invalid names the first fault and its place."""
    readers: Mapping[FrameworkFormat, Callable[[bytes], object]] = {
        FrameworkFormat.JSON: load_json,
        FrameworkFormat.CSV: _csv_data,
    }
    return framework_data(readers[FrameworkFormat(format)](source))


def framework_data(data: object) -> FrameworkData:
    """Return the framework that JSON data describes."""
    top = Fields(data, "", _TOP)
    heading = Fields(top.data.get("framework"), "framework", _FRAMEWORK)
    found = FrameworkData(
        key=heading.key("key"),
        version=heading.key("version"),
        title=heading.wording("title"),
        description=heading.optional_wording("description"),
        publisher=heading.line("publisher"),
        licence=heading.line("licence"),
        levels=tuple(_level(fields) for fields in top.objects("levels", _LEVEL)),
        competencies=tuple(_competency(each) for each in top.objects("competencies", _COMPETENCY)),
    )
    _check(found)
    return found


def _level(fields: Fields) -> LevelData:
    title, description = fields.wording("title"), fields.optional_wording("description")
    return LevelData(fields.key("key"), title, description)


def _competency(fields: Fields) -> CompetencyData:
    return CompetencyData(
        fields.key("key"),
        fields.wording("title"),
        fields.optional_wording("description"),
        fields.wordings("statements"),
    )


def _check(framework: FrameworkData) -> None:
    if not framework.publisher:
        raise refusal("framework.publisher", _("who publishes it"), _("nothing"))
    if not 0 < len(framework.competencies) <= MOST_COMPETENCIES:
        allowed = _("a list of 1 to %(n)s competencies", n=MOST_COMPETENCIES)
        raise refusal("competencies", allowed, len(framework.competencies))
    _check_unlike("levels", [level.key for level in framework.levels])
    _check_unlike("competencies", [each.key for each in framework.competencies])


def _check_unlike(name: str, keys: list[str]) -> None:
    first: dict[str, int] = {}
    for number, key in enumerate(keys):
        if first.setdefault(key, number) != number:
            raise refusal(f"{name}[{number}].key", _("unlike any before"), key)


def _csv_data(source: bytes) -> dict[str, object]:
    """Return the rows of a CSV as the JSON would hold them."""
    rows = list(_rows(load_text(source)))
    framework = [_heading(row) for kind, row in rows if kind is RowKind.FRAMEWORK]
    if len(framework) != 1:
        allowed = _("one row “framework”")
        raise refusal(_("the file"), allowed, len(framework))
    return {
        "framework": framework[0],
        "levels": [_described(row) for kind, row in rows if kind is RowKind.LEVEL],
        "competencies": [
            {**_described(row), "statements": _statements(row)}
            for kind, row in rows
            if kind is RowKind.COMPETENCY
        ],
    }


def _rows(text: str) -> Iterator[tuple[RowKind, Mapping[str, str]]]:
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        if set(reader.fieldnames or ()) != set(COLUMNS):
            allowed = _("with the columns %(names)s", names=", ".join(COLUMNS))
            raise refusal(_("line %(n)s", n=1), allowed, ", ".join(reader.fieldnames or ()))
        for row in reader:
            if None in row or None in row.values():
                allowed = _("of %(n)s cells", n=len(COLUMNS))
                raise refusal(_("line %(n)s", n=reader.line_num), allowed, _("another number"))
            yield _row_kind(row["row"], reader.line_num), row
    except csv.Error as error:
        raise refusal(_("line %(n)s", n=reader.line_num), "CSV", error) from None


def _row_kind(cell: str, line: int) -> RowKind:
    if cell not in set(RowKind):
        place = _("row in line %(n)s", n=line)
        raise refusal(place, _("one of %(names)s", names=", ".join(RowKind)), cell or _("nothing"))
    return RowKind(cell)


def _heading(row: Mapping[str, str]) -> dict[str, object]:
    names = ("version", "publisher", "licence")
    return {**_described(row), **{name: row[name] for name in names}}


def _described(row: Mapping[str, str]) -> dict[str, object]:
    return {
        "key": row["key"],
        "title": _wording(row, "title"),
        "description": _wording(row, "description"),
    }


def _wording(row: Mapping[str, str], name: str) -> dict[str, str]:
    cells = {language: row[f"{name}_{language}"] for language in LANGUAGES}
    return {language: cell for language, cell in cells.items() if cell.strip()}


def _statements(row: Mapping[str, str]) -> list[dict[str, str]]:
    """Return one wording for each place between separators; the languages must agree in number."""
    lists = {
        language: [part.strip() for part in cell.split(SEPARATOR)]
        for language, cell in _wording(row, "statements").items()
    }
    lengths = {len(parts) for parts in lists.values()}
    if len(lengths) > 1:
        place = f"{row['key']}: statements"
        raise refusal(place, _("as many in each language"), sorted(lengths))
    return [
        {language: parts[number] for language, parts in lists.items()}
        for number in range(max(lengths, default=0))
    ]
