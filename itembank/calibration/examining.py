"""What the scores can support: refused, put together, or let through, before anything is fitted."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from itembank.arguments import FloatArray, IntArray, ScoreArray, distinct, sentence_fault
from itembank.calibration.adequacy import HIGHEST, NEEDED, ItemAdequacy, Standing, judged
from itembank.calibration.anchors import Anchors
from itembank.calibration.categories import collapsed_categories, recoded, recounted
from itembank.calibration.persons import (
    counts_of_scores,
    named,
    require_answers,
    require_linked,
)
from itembank.calibration.results import Collapsed
from itembank.calibration.starting import Items
from itembank.faults import fault
from itembank.parameters import Model, models_for

_MINIMUM = {"provisional": Standing.PROVISIONAL, "publish": Standing.PUBLISHABLE}


@dataclass(frozen=True, eq=False)
class Asked:
    """What the caller says of the items."""

    models: tuple[Model, ...]
    highest: IntArray
    """The highest score that each may have."""
    anchors: Anchors | None
    item_ids: tuple[Hashable, ...] | None


@dataclass(frozen=True, eq=False)
class Examined:
    """The items as they are fitted, and what is told of them."""

    items: Items
    collapsed: tuple[Collapsed, ...]
    adequacy: tuple[ItemAdequacy, ...]
    item_ids: tuple[Hashable, ...] | None
    n_persons: float


@dataclass(frozen=True)
class Support:
    """What the caller wants of the number of answers."""

    minimum: str | None
    fewest_per_category: float

    def __post_init__(self) -> None:
        if self.minimum is not None and self.minimum not in _MINIMUM:
            raise fault("minimum", "'provisional', 'publish' or None", self.minimum)
        if not self.fewest_per_category >= 0:
            raise fault("fewest_per_category", "0 or more", self.fewest_per_category)


def asked(
    model: str | Model | Sequence[str | Model],
    anchors: Anchors | None,
    shape: tuple[int, ...],
    item_ids: Sequence[Hashable] | None,
) -> Asked:
    """Return what the caller says of the items, where it fits the shape of the scores."""
    if len(shape) != 2 or not shape[1]:
        raise sentence_fault("scores", "of shape (n_persons, n_items)", f"shape {shape}")
    models = list(models_for(model, shape[1]))
    if item_ids is not None:
        if len(item_ids) != shape[1]:
            raise sentence_fault("item_ids", f"of {shape[1]} items", f"{len(item_ids)}")
        distinct("item_ids", item_ids)
    highest = np.array([HIGHEST if each.is_polytomous else 1 for each in models])
    if anchors is not None:
        anchors.check(shape[1])
        known = anchors.parameters
        for item, own, size in zip(anchors.items, known.model, known.n_categories, strict=True):
            models[item], highest[item] = own, size - 1
    return Asked(tuple(models), highest, anchors, None if item_ids is None else tuple(item_ids))


def examined(
    wanted: Asked,
    scores: ScoreArray,
    weight: FloatArray | None,
    support: Support,
) -> Examined:
    """Refuse what cannot be fitted; put categories together, in the scores (n_items, ..) too."""
    anchored = () if wanted.anchors is None else tuple(wanted.anchors.items)
    require_answers(scores)
    require_linked(scores, anchored)
    counts = counts_of_scores(scores, weight)
    items = Items(wanted.models, tuple(counts), wanted.anchors)
    _require_variety(counts, items.free)
    judgement = judged(counts, wanted.models)
    _require_enough([judgement[item] for item in items.free], support.minimum)
    collapsed = _collapsed(items, support.fewest_per_category)
    recoded(scores, collapsed)
    for each in collapsed:
        counts[each.item] = recounted(counts[each.item], each.scores)
    for item in anchored:
        missing = int(wanted.highest[item]) + 1 - len(counts[item])
        counts[item] = np.pad(counts[item], (0, missing))
    fitted = Items(wanted.models, tuple(counts), wanted.anchors)
    total = float(scores.shape[1] if weight is None else weight.sum())
    return Examined(fitted, collapsed, judgement, wanted.item_ids, total)


def _collapsed(items: Items, fewest: float) -> tuple[Collapsed, ...]:
    several = [item for item in items.free if items.models[item].is_polytomous]
    return collapsed_categories(items.counts, several, max(fewest, np.finfo(float).tiny))


def _require_variety(counts: Sequence[FloatArray], free: Sequence[int]) -> None:
    for item in free:
        present = np.flatnonzero(counts[item])
        if present.size < 2:
            allowed = "of two categories or more in each item that is not anchored"
            got = f"only {present[0]}" if present.size else "no answer of positive weight"
            raise sentence_fault("scores", allowed, got, f"item {item}")


def _require_enough(items: Sequence[ItemAdequacy], minimum: str | None) -> None:
    if minimum is None:
        return
    few = [each for each in items if each.standing < _MINIMUM[minimum]]
    if not few:
        return
    model = few[0].model
    needed = NEEDED[model]
    number = needed.publish if minimum == "publish" else needed.provisional
    same = [each for each in few if each.model is model]
    allowed = f"at least {number} answers to each item of the {model} model"
    least, most = (pick(each.n_answers for each in same) for pick in (min, max))
    got = f"{least:g}" if least == most else f"{least:g} to {most:g}"
    raise sentence_fault("scores", allowed, got, named("item", [each.item for each in same]))
