"""What an adaptive test chooses, why it stops, and the line of its log that lets it be replayed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from itembank.item_json import canonical_json


class Selection(StrEnum):
    """By what the next item is chosen among those that the content allows."""

    INFORMATION = "information"
    """The most Fisher information at the estimated ability."""
    POSTERIOR = "posterior"
    """The most information on average over the posterior (van der Linden, 1998)."""
    STRATIFIED = "stratified"
    """The nearest difficulty among items of low slope first (Chang & Ying, 1999)."""
    SHADOW = "shadow"
    """The best item of the best whole form still possible (van der Linden & Reese, 1998)."""


class Stop(StrEnum):
    """Why an adaptive test ended."""

    LENGTH = "length"
    PRECISION = "precision"
    """The standard error is small enough."""
    CLASSIFIED = "classified"
    """Enough of the posterior lies on one side of the cut."""
    SPRT = "sprt"
    """The likelihood ratio left its bounds."""
    EXHAUSTED = "exhausted"
    """No item is left that may be given."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of an item, with all that it rested on.

    `position` counts from 0; `theta` and `se` are what was known before the item, in logits,
    rounded to 6 decimals; `candidates` are the items among which the draw decided, the best first;
    `draw` is from 0 to below 1 with 9 decimals, None where nothing was left to chance; `score` is
    None until it is recorded.
    """

    position: int
    item: int
    theta: float
    se: float
    candidates: tuple[int, ...]
    draw: float | None = None
    score: int | None = None

    def to_json(self) -> str:
        """Return the choice as canonical JSON text: equal choices have equal text."""
        return canonical_json(asdict(self))

    @staticmethod
    def from_json(text: str) -> Choice:
        """Return the choice that `to_json` wrote."""
        fields = json.loads(text)
        return Choice(**{**fields, "candidates": tuple(fields["candidates"])})
