"""Records of how somebody isolated a vehicle, with drawings where photographs would be."""

from __future__ import annotations

from collections.abc import Mapping

from assessment.demo.works import drawing
from assessment.demo.works.pieces import (
    PICTURE,
    TEXT,
    Piece,
    Ranks,
    Work,
    content,
    headed,
    levels,
    reason,
)

RUBRIC = "hv-isolation"
DRAWN = {
    "protection": drawing.gloves,
    "lockout": drawing.lock_and_tag,
    "verification": drawing.readings,
}
"""What is drawn of a criterion."""


def isolation(number: int, at: Ranks, key: str) -> Work:
    """Return the record of one isolation; the same number and levels give the same one."""
    language = ("en", "en", "fr")[number % 3]
    facts, seen = _seen(number, language)
    places = dict(zip(seen, at, strict=True))
    title = content("works")["titles"][language].format(**facts)
    record = headed(title, number, language, [seen[each][rank] for each, rank in places.items()])
    return Work(
        key=key,
        rubric=RUBRIC,
        language=language,
        pieces=(
            Piece(record, TEXT, "record.txt", tuple(seen)),
            _drawings(number, places, facts, language),
        ),
        levels=levels(tuple(seen), at),
        reasons={each: reason(seen[each], rank) for each, rank in places.items()},
    )


def _seen(number: int, language: str) -> tuple[Mapping[str, str], dict[str, list[str]]]:
    """Return facts about a vehicle, and what would be seen at each level of each criterion."""
    own = content("isolations")[language]
    facts = own["facts"][number // 3 % len(own["facts"])]
    return facts, {
        criterion: [_one_of(ways, number + place).format(**facts) for ways in steps]
        for place, (criterion, steps) in enumerate(own["seen"].items())
    }


def _one_of(ways: list[str], number: int) -> str:
    return ways[number % len(ways)]


def _drawings(
    number: int, places: Mapping[str, int], facts: Mapping[str, str], language: str
) -> Piece:
    scene = drawing.Scene(facts, content("works")["drawn"][language], number)
    drawn = [draw(scene, places[criterion]) for criterion, draw in DRAWN.items()]
    return Piece(drawing.side_by_side(drawn), PICTURE, "photographs.png", tuple(DRAWN))
