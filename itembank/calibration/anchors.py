"""Items whose parameters are known, and hold a scale in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from itembank.arguments import distinct, sentence_fault
from itembank.faults import fault
from itembank.parameters import ItemParameters


@dataclass(frozen=True, eq=False)
class Anchors:
    """The places of items among those calibrated, and their parameters, which stay as they are.

    Parameters
    ----------
    items : sequence of int, shape (n_anchors,)
        Columns of the scores, each once.
    parameters : ItemParameters
        Of these items, in the same order, on the scale that the calibration is to be on.

    Raises
    ------
    ValueError
        Where there are not as many places as items, or a place stands twice.
    """

    items: Sequence[int]
    parameters: ItemParameters

    def __post_init__(self) -> None:
        if len(self.items) != self.parameters.n_items:
            allowed = f"{self.parameters.n_items} places, one for each item that is known"
            raise sentence_fault("anchors", allowed, f"{len(self.items)}")
        distinct("anchors", list(self.items))

    def check(self, n_items: int) -> None:
        """Refuse places that are not among the items."""
        for place, item in enumerate(self.items):
            if not 0 <= item < n_items:
                raise fault("anchors", f"places from 0 to {n_items - 1}", item, str(place))
