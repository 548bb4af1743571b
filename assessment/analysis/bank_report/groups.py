"""Groups of learners that a file names, to compare items between them; never kept."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from io import StringIO

from assessment.errors import Invalid
from assessment.locale import gettext as _

LONGEST_LABEL = 60
MOST_LABELS = 20


def groups_from_csv(data: bytes) -> dict[str, dict[str, str]]:
    """Return by column what group each learner is in: `learner` first, then a column a grouping.

    Invalid names the line of the first fault.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(_("The groups must be a CSV file in UTF-8.")) from None
    rows = _rows(text)
    header = [title.strip() for title in rows[0]] if rows else []
    if (
        len(header) < 2
        or header[0].lower() != "learner"
        or len(set(header)) != len(header)
        or not all(header)
    ):
        raise Invalid(
            _(
                "The first line must be “learner” and a name for each grouping, each once, with "
                "commas or semicolons between them."
            )
        )
    found: dict[str, dict[str, str]] = {title: {} for title in header[1:]}
    for line, row in enumerate(rows[1:], start=2):
        _read(row, line, header, found)
    _require_few(found)
    return found


def _rows(text: str) -> list[list[str]]:
    """Return the cells; between them are semicolons where the first line has these and no comma."""
    first = text.partition("\n")[0]
    delimiter = ";" if ";" in first and "," not in first else ","
    try:
        return list(csv.reader(StringIO(text), delimiter=delimiter))
    except csv.Error:
        raise Invalid(_("The groups are no CSV file: a cell is too long, or not closed.")) from None


def _read(row: list[str], line: int, header: list[str], found: dict[str, dict[str, str]]) -> None:
    if not any(cell.strip() for cell in row):
        return
    if len(row) != len(header):
        message = _("Line %(line)s has %(found)s cells, and the first line %(needed)s.")
        raise Invalid(message % {"line": line, "found": len(row), "needed": len(header)})
    learner = row[0].strip()
    if not learner or learner in found[header[1]]:
        raise Invalid(_("Line %(line)s names no learner, or one named before.", line=line))
    for title, label in zip(header[1:], row[1:], strict=True):
        if len(label.strip()) > LONGEST_LABEL:
            raise Invalid(_("Line %(line)s has a label that is too long.", line=line))
        found[title][learner] = label.strip()


def _require_few(found: Mapping[str, Mapping[str, str]]) -> None:
    for title, labels in found.items():
        if len(set(labels.values()) - {""}) > MOST_LABELS:
            raise Invalid(
                _(
                    "“%(title)s” has more than %(most)s different labels: it is no grouping.",
                    title=title,
                    most=MOST_LABELS,
                )
            )
