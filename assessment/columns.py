"""Column types and the annotated columns that tables share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import JSON, DateTime, Dialect, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator

from assessment.ids import ID_LENGTH, new_id


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC; SQLite would drop the zone, and a naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return `value` in UTC, as the database keeps it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"`moment` must be aware of its zone; got {value!r} at a UtcDateTime.")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the stored moment, aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


JSON_COLUMN = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""None is SQL's NULL: the JSON word ``null`` would read the same and compare otherwise."""

Id = Annotated[str, mapped_column(String(ID_LENGTH))]
NewId = Annotated[str, mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)]
Key = Annotated[str, mapped_column(String(120))]
Short = Annotated[str, mapped_column(String(40))]
Line = Annotated[str, mapped_column(String(300))]
LongText = Annotated[str, mapped_column(Text)]
Moment = Annotated[datetime, mapped_column(UtcDateTime)]
Wording = Annotated[dict[str, str], mapped_column(JSON_COLUMN)]
Data = Annotated[Any, mapped_column(JSON_COLUMN)]

STORED = {"stored": True}
"""The `info` of a column that names a file in storage, so that a backup takes the file along."""
