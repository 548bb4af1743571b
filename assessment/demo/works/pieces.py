"""What a made-up work is: its pieces, the level that each criterion is at, and why."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from assessment import resources
from assessment.languages import LANGUAGES

SCALE = ("beginning", "developing", "proficient", "expert")
TEXT, PICTURE = "text/plain", "image/png"
FIRST_ORDER = 2101
FOLDER = resources.HERE / "demo" / "content"

Ranks = tuple[int, ...]
"""The place on the scale of each criterion, in the order of the rubric."""


@dataclass(frozen=True)
class Piece:
    """One text or drawn picture of a work, and the criteria that it shows."""

    data: bytes
    media_type: str
    name: str
    criteria: tuple[str, ...]


@dataclass(frozen=True)
class Work:
    """A work that somebody could hand in, with the levels that it was written to be at.

    `reasons` say of each criterion why, in every language; the work itself is in `language`.
    """

    key: str
    rubric: str
    language: str
    pieces: tuple[Piece, ...]
    levels: Mapping[str, str]
    reasons: Mapping[str, Mapping[str, str]]


@cache
def content(name: str) -> Any:
    """Return what a file of the demo's content holds."""
    return json.loads((FOLDER / f"{name}.json").read_bytes())


def ranks(profile: str) -> Ranks:
    """Return the places on the scale that a row of digits stands for."""
    return tuple(int(digit) for digit in profile)


def levels(criteria: Sequence[str], at: Ranks) -> dict[str, str]:
    """Return the level of each criterion."""
    return {key: SCALE[rank] for key, rank in zip(criteria, at, strict=True)}


def order_number(number: int) -> int:
    """Return the number of the work order that a work is about: no two works have the same."""
    return FIRST_ORDER + number


def headed(title: str, number: int, language: str, parts: Sequence[str]) -> bytes:
    """Return a text below its title and the number of its work order."""
    order = content("works")["order"][language].format(number=order_number(number))
    return "\n\n".join([title, order, *parts]).encode()


def reason(steps: Sequence[str], rank: int) -> dict[str, str]:
    """Return why something is at its level, in every language: what it shows, and what it lacks.

    `steps` is what would be seen at each level.
    """
    frames = content("works")["reasons"]
    return {
        language: "\n\n".join(
            [
                frames["shown"][language].format(here=steps[rank]),
                *(
                    frames["next"][language].format(more=more)
                    for more in steps[rank + 1 : rank + 2]
                ),
            ]
        )
        for language in LANGUAGES
    }
