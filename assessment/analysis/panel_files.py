"""A panel's file: a row for each judge, a column for each item, read cell by cell."""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import fmean

from assessment.errors import Invalid
from assessment.fields import load_text
from assessment.items.service import NewStandard
from assessment.locale import gettext as _
from assessment.locale import ngettext

FEWEST_JUDGES = 2
MOST_FAULTS = 20
"""Shown; of more, their number is said."""
_DELIMITERS = ";\t,"
_LONGEST = 30
_JUDGE = frozenset({"", "judge", "juge"})
"""Names of a first column that holds labels, even where these are numbers."""
_SUMMARIES = frozenset(
    {"mean", "average", "avg", "total", "sum", "sd", "min", "max", "median"}
    | {"moyenne", "somme", "écart type", "écart-type", "médiane"}
)
"""Names of the lines with which a spreadsheet sums up those above."""
_ITEMS_OF_A_MEAN = 5
_ROUNDED = 0.0051
"""How far a mean that is rounded to a hundredth lies from what it was."""


@dataclass(frozen=True)
class PanelFile:
    """What a file holds of one round: a rating of every item by every judge."""

    items: tuple[str, ...]
    judges: tuple[str, ...]
    """Their labels, where the first column has some; only for holding rounds together."""
    ratings: tuple[tuple[float, ...], ...]


def standard_from_files(
    last: bytes,
    earlier: Sequence[bytes],
    known: Collection[str],
    *,
    test_key: str | None = None,
    cut_key: str | None = None,
) -> NewStandard:
    """Return what a panel's files say, the last round first; Invalid names every fault's place."""
    found = read_panel(last, known)
    rounds = tuple(
        _aligned(read_panel(each, known), found, place)
        for place, each in enumerate(earlier, start=1)
    )
    return NewStandard(
        items=found.items,
        ratings=found.ratings,
        earlier=rounds,
        test_key=test_key,
        cut_key=cut_key,
    )


def read_panel(source: bytes, known: Collection[str]) -> PanelFile:
    """Return one round's ratings; Invalid names each fault with its line and column."""
    lines = _lines(load_text(source))
    if not lines:
        raise Invalid(_("The file is empty. Its first line names items, by their keys."))
    (first, header), rows = lines[0], lines[1:]
    labelled = _is_labelled(header, rows, known)
    keys = [cell.strip() for cell in header[labelled:]]
    faults = [*_header_faults(first, keys, known, labelled), *_row_faults(header, rows, labelled)]
    _refuse(faults)
    judges = tuple(row[0].strip() for _line, row in rows) if labelled else ()
    ratings = tuple(tuple(_number_in(cell) for cell in row[labelled:]) for _line, row in rows)
    return PanelFile(tuple(keys), judges, ratings)


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """Return the lines that hold something, each with its number in the file."""
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count) if first else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        number = reader.line_num
        raise Invalid(
            _("Line %(line)s cannot be read as CSV: %(why)s.", line=number, why=error)
        ) from None


def _is_labelled(
    header: Sequence[str], rows: Sequence[tuple[int, list[str]]], known: Collection[str]
) -> bool:
    """Return whether the first column holds the judges' labels rather than an item's ratings."""
    name = header[0].strip()
    if name in known:
        return False
    return name.casefold() in _JUDGE or any(row and not _is_number(row[0]) for _line, row in rows)


def _header_faults(
    line: int, keys: Sequence[str], known: Collection[str], labelled: bool
) -> Iterator[str]:
    if not keys:
        yield _("Line %(line)s names no item.", line=line)
    repeated = Counter(keys)
    for column, key in enumerate(keys, start=1 + labelled):
        if key not in known:
            yield _(
                "Line %(line)s, column %(column)s: the bank has no item “%(key)s” in use.",
                line=line,
                column=column,
                key=_short(key),
            )
        elif repeated[key] > 1:
            yield _(
                "Line %(line)s, column %(column)s: the item “%(key)s” stands here more than once.",
                line=line,
                column=column,
                key=_short(key),
            )


def _row_faults(
    header: Sequence[str], rows: Sequence[tuple[int, list[str]]], labelled: bool
) -> Iterator[str]:
    if len(rows) < FEWEST_JUDGES:
        yield _("A panel has at least two judges, a line each; this file has %(n)s.", n=len(rows))
    seen: set[str] = set()
    if (mean := _mean_line(rows, labelled)) is not None:
        yield _(
            "Line %(line)s is the mean of those above it, and no judge: take it out.", line=mean
        )
    for line, row in rows:
        if len(row) != len(header):
            yield _(
                "Line %(line)s has %(found)s cells, and the first line has %(needed)s.",
                line=line,
                found=len(row),
                needed=len(header),
            )
            continue
        if labelled:
            yield from _label_faults(line, row[0].strip(), seen)
        yield from _cell_faults(line, row, header, labelled)


def _label_faults(line: int, label: str, seen: set[str]) -> Iterator[str]:
    if not label:
        yield _("Line %(line)s, column 1: the judge has no label, and others have.", line=line)
    elif label.casefold().strip(" .:") in _SUMMARIES:
        yield _(
            "Line %(line)s, column 1: “%(label)s” is no judge: take out lines that sum up others.",
            line=line,
            label=_short(label),
        )
    elif label in seen:
        yield _(
            "Line %(line)s, column 1: the judge “%(label)s” stands here more than once.",
            line=line,
            label=_short(label),
        )
    seen.add(label)


def _mean_line(rows: Sequence[tuple[int, list[str]]], labelled: bool) -> int | None:
    """Return the last line where each of its ratings is the mean of those above, to a hundredth."""
    cells = [row[labelled:] for _line, row in rows]
    if len(cells) <= FEWEST_JUDGES + 1 or len({len(row) for row in cells}) != 1:
        return None
    if len(cells[0]) < _ITEMS_OF_A_MEAN or not all(map(_is_number, chain(*cells))):
        return None
    *judges, last = ([_number_in(cell) for cell in row] for row in cells)
    means = [fmean(column) for column in zip(*judges, strict=True)]
    is_mean = all(abs(one - other) <= _ROUNDED for one, other in zip(means, last, strict=True))
    return rows[-1][0] if is_mean else None


def _cell_faults(
    line: int, row: Sequence[str], header: Sequence[str], labelled: bool
) -> Iterator[str]:
    for place, cell in enumerate(row):
        if place >= labelled and (why := _fault_of(cell.strip())):
            yield _(
                "Line %(line)s, column %(column)s (%(item)s): %(why)s",
                line=line,
                column=place + 1,
                item=_short(header[place].strip()),
                why=why,
            )


def _fault_of(cell: str) -> str:
    """Return what is wrong with a rating; "" where nothing is."""
    if not cell:
        return _("no rating. Every judge rates every item.")
    if not _is_number(cell):
        return _("“%(cell)s” is no number.", cell=_short(cell))
    if 0 <= _number_in(cell) <= 1:
        return ""
    return _(
        "%(cell)s is not from 0 to 1. Write 70 %% as 0.70: the share of people who are just good "
        "enough that would answer rightly.",
        cell=_short(cell),
    )


def _is_number(cell: str) -> bool:
    try:
        return math.isfinite(_number_in(cell))
    except ValueError:
        return False


def _number_in(cell: str) -> float:
    """Return a number that may have a decimal comma."""
    return float(cell.strip().replace(",", "."))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _refuse(faults: Sequence[str]) -> None:
    if not faults:
        return
    shown = list(faults[:MOST_FAULTS])
    more = len(faults) - len(shown)
    if more:
        shown.append(ngettext("And %(num)s fault more.", "And %(num)s faults more.", more))
    raise Invalid("\n".join(shown), faults=len(faults))


def _aligned(found: PanelFile, last: PanelFile, place: int) -> tuple[tuple[float, ...], ...]:
    """Return an earlier round in the order of the last one's judges and items."""
    if sorted(found.items) != sorted(last.items):
        raise Invalid(
            _("The earlier round %(n)s does not rate the same items as the last one.", n=place)
        )
    if sorted(found.judges) != sorted(last.judges) or len(found.ratings) != len(last.ratings):
        raise Invalid(
            _("The earlier round %(n)s does not have the same judges as the last one.", n=place)
        )
    columns = [found.items.index(key) for key in last.items]
    rows = [found.judges.index(label) for label in last.judges] or [*range(len(found.ratings))]
    return tuple(tuple(found.ratings[row][column] for column in columns) for row in rows)
