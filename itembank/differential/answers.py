"""Answers of two groups, checked."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from itembank.arguments import BoolArray, FloatArray, ScoreArray, scores_given, sentence_fault
from itembank.calibration.adequacy import HIGHEST
from itembank.calibration.persons import (
    checked_groups,
    checked_weights,
    named,
    require_answers,
    score_array,
)
from itembank.faults import fault


@dataclass(frozen=True, eq=False)
class Answers:
    """Scores (n_items, n_persons) in bytes, -1 for not administered, and who is in which group."""

    scores: ScoreArray
    is_focal: BoolArray
    weight: FloatArray | None
    reference: Hashable
    focal: Hashable

    @property
    def counts(self) -> FloatArray:
        """How many of the reference and the focal group answered each item, (n_items, 2)."""
        weight = np.ones(self.is_focal.size) if self.weight is None else self.weight
        by_group = np.stack([np.where(self.is_focal, 0.0, weight), self.is_focal * weight])
        return np.stack([by_group @ (row >= 0) for row in self.scores])


def checked_answers(
    scores: ArrayLike,
    groups: ArrayLike,
    weights: ArrayLike | None,
    reference: Hashable | None,
    *,
    highest: int = HIGHEST,
) -> Answers:
    """Return the answers of two groups, or say what is wrong with them."""
    given = scores_given(scores)
    if given.ndim != 2 or not given.shape[1]:
        allowed = "of shape (n_persons, n_items), neither of them 0"
        raise sentence_fault("scores", allowed, f"shape {given.shape}")
    array = score_array(given, np.full(given.shape[1], highest))
    require_answers(array)
    weight = checked_weights(weights, array.shape[1])
    found = checked_groups(groups, array.shape[1], weight)
    if len(found.labels) != 2:
        raise sentence_fault("groups", "labels of two groups", f"{len(found.labels)}")
    first = found.labels[0] if reference is None else reference
    if first not in found.labels:
        raise fault("reference", f"one of the labels {found.labels}", reference)
    place = found.labels.index(first)
    _require_variety(array)
    return Answers(array, found.place != place, weight, first, found.labels[1 - place])


def _require_variety(scores: ScoreArray) -> None:
    highest = scores.max(axis=1)
    lowest = np.where(scores < 0, highest[:, np.newaxis], scores).min(axis=1)
    same = np.flatnonzero(lowest == highest)
    if same.size:
        allowed = "of two categories or more in each item"
        raise sentence_fault("scores", allowed, "only one", named("item", same.tolist()))
