"""Rows as JSON and back, the same for either database; what does not fit its column is refused."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
)

LARGEST = 2**63


class RowError(ValueError):
    """A row that does not fit its table; the message says what and where."""


class Kind(StrEnum):
    """What a column holds, whatever the database calls it."""

    DATA = "JSON"
    TRUTH = "true or false"
    MOMENT = "a moment with its zone"
    DAY = "a date"
    WHOLE = "a whole number"
    NUMBER = "a finite number"
    TEXT = "text"


KINDS = (
    (JSON, Kind.DATA),
    (Boolean, Kind.TRUTH),
    (DateTime, Kind.MOMENT),
    (Date, Kind.DAY),
    (Integer, Kind.WHOLE),
    (Numeric, Kind.NUMBER),
    (Float, Kind.NUMBER),
    (String, Kind.TEXT),
)


def tables(connection: Connection) -> list[Table]:
    """Return the tables that the database has, referenced ones first, without Alembic's own."""
    metadata = MetaData()
    metadata.reflect(connection)
    found = [table for table in metadata.sorted_tables if table.name != "alembic_version"]
    for table in found:
        _let_nothing_be_null(table)
    return found


def _let_nothing_be_null(table: Table) -> None:
    """Let None in a nullable JSON column mean NULL: the JSON word null is something, to SQL."""
    for column in table.columns:
        if isinstance(column.type, JSON) and column.nullable:
            column.type = type(column.type)(none_as_null=True)


def kind_of(column: Column[Any]) -> Kind:
    """Return what `column` holds."""
    for kind_of_type, kind in KINDS:
        if isinstance(column.type, kind_of_type):
            return kind
    raise RowError(f"{column.table.name}.{column.name} is of a type that a backup does not know.")


def encode(table: Table, row: Any) -> bytes:
    """Return a row as one line of JSON."""
    values = {column.name: _plain(row[column.name]) for column in table.columns}
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return moment.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value


def decode(table: Table, line: bytes, *, naive: bool) -> dict[str, Any]:
    """Return the row of one line, every value checked; `naive` as SQLite keeps its moments."""
    try:
        values = json.loads(line, parse_constant=_refuse_constant)
    except RowError:
        raise
    except ValueError as wrong:
        raise RowError(f"{table.name}: a line is not JSON.") from wrong
    columns = {column.name: column for column in table.columns}
    if not isinstance(values, dict) or values.keys() != columns.keys():
        raise RowError(f"{table.name}: a line has not exactly the columns of its table.")
    row = {name: _checked(columns[name], value) for name, value in values.items()}
    return {name: _as_kept(value, naive) for name, value in row.items()}


def _refuse_constant(word: str) -> None:
    raise RowError(f"{word} is not a number that JSON knows.")


def _checked(column: Column[Any], value: Any) -> Any:
    kind = kind_of(column)
    where = f"{column.table.name}.{column.name}"
    if value is None and kind is not Kind.DATA:
        if not column.nullable:
            raise RowError(f"{where} must be {kind}; got nothing.")
        return None
    try:
        checked = CHECKS[kind](value)
    except (TypeError, ValueError) as wrong:
        raise RowError(f"{where} must be {kind}; got {type(value).__name__}.") from wrong
    length = getattr(column.type, "length", None)
    if kind is Kind.TEXT and length is not None and len(checked) > length:
        raise RowError(f"{where} must be text of at most {length} characters; got {len(checked)}.")
    return checked


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise TypeError
    return value


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not -LARGEST <= value < LARGEST:
        raise TypeError
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError
    return float(value)


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError
    return moment.astimezone(UTC)


def _day(value: Any) -> date:
    return date.fromisoformat(_text(value))


def _data(value: Any) -> Any:
    return value


CHECKS: dict[Kind, Callable[[Any], Any]] = {
    Kind.DATA: _data,
    Kind.TRUTH: _truth,
    Kind.MOMENT: _moment,
    Kind.DAY: _day,
    Kind.WHOLE: _whole,
    Kind.NUMBER: _number,
    Kind.TEXT: _text,
}


def _as_kept(value: Any, naive: bool) -> Any:
    if naive and isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return value
