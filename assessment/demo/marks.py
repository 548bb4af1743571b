"""Marks as people give them: near the level that a work was made for, a little kind or severe."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from assessment.demo.works.pieces import SCALE

SPREAD = 0.26
"""The standard deviation of one mark, in steps of the scale."""

Marks = Mapping[str, str | None]
"""The level of each criterion; None where nothing of it is to be seen."""


@dataclass(frozen=True)
class Rater:
    """Somebody who marks; `kindness` is how many steps above the level their marks lie."""

    kindness: float

    def marks(self, work: str, levels: Marks) -> Marks:
        """Return a level for each criterion that can be seen; the same for the same work."""
        chance = random.Random(f"{work} {self.kindness}")  # noqa: S311 - a story, not a secret
        return {
            key: None if level is None else self._mark(SCALE.index(level), chance)
            for key, level in levels.items()
        }

    def _mark(self, rank: int, chance: random.Random) -> str:
        near = round(rank + self.kindness + chance.gauss(0, SPREAD))
        return SCALE[min(max(near, 0), len(SCALE) - 1)]
