"""How much is measured: the sizes that the limits are stated for, or less in a test."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Size:
    """Persons by items."""

    persons: int
    items: int

    def __str__(self) -> str:
        return f"{self.persons:,} x {self.items}"


@dataclass(frozen=True)
class Sizes:
    """The size of each measurement."""

    binary: Size = Size(10_000, 100)
    guessing: Size = Size(10_000, 50)
    peers: Size = Size(5_000, 30)
    many: Size = Size(100_000, 100)
    most: Size = Size(1_000_000, 100)
    ability: Size = Size(100_000, 50)
    bank: int = 10_000
    assembled: int = 1_000
    examinees: int = 200
    catsim_examinees: int = 1
    repeats: int = 5

    def to_json(self) -> str:
        """Return the sizes as text, for another process."""
        return json.dumps(asdict(self))


def sizes_of(text: str) -> Sizes:
    """Return the sizes that a text holds."""
    fields: dict[str, Any] = json.loads(text)
    for name, value in fields.items():
        fields[name] = Size(**value) if isinstance(value, dict) else value
    return Sizes(**fields)
