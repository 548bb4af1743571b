"""Scores on items as they are given, made into what subscores are computed from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from itembank.arguments import (
    FloatArray,
    IntArray,
    ScoreArray,
    finite,
    require,
    scores_given,
    sentence_fault,
)
from itembank.calibration.persons import score_array
from itembank.faults import fault
from itembank.subscoring.covariances import PersonSums, person_sums
from itembank.subscoring.results import Forms

_FEWEST_AREAS = 2
_FEWEST_COUNTED = 2
_MOST_POINTS = int(np.iinfo(np.int8).max)


@dataclass(frozen=True, eq=False)
class Counted:
    """Sums of persons by area, and what a form is: its areas, their lengths, means and points."""

    names: tuple[str, ...]
    sums: PersonSums
    lengths: FloatArray
    mean: FloatArray
    highest: FloatArray

    @property
    def n_persons(self) -> int:
        """How many persons were counted."""
        return len(self.sums.away)


def counted(
    scores: ArrayLike,
    areas: Sequence[str],
    forms: Forms,
    lengths: Sequence[float] | None,
    highest: ArrayLike | None,
) -> Counted:
    """Return the scores of those who can be counted, or say what is wrong with an argument."""
    given = scores_given(scores)
    names, place = _areas(areas, given)
    top = _highest(highest, len(place))
    points = _whole_rows(score_array(given, top), forms)
    if highest is None:
        top = np.maximum(points.max(axis=1), 1)
    sums = person_sums(points, place, len(names))
    size = np.bincount(place)
    own = _lengths(lengths, sums, len(names))
    mean = own * np.bincount(place, weights=sums.item_means) / size
    return Counted(names, sums, own, mean, own * np.bincount(place, weights=top) / size)


def _areas(areas: Sequence[str], given: ScoreArray) -> tuple[tuple[str, ...], IntArray]:
    """Return the names of the areas, in the order in which they come, and each item's place."""
    labels = [areas] if isinstance(areas, str) else list(areas)
    for item, label in enumerate(labels):
        if not isinstance(label, str) or not label:
            raise fault("areas", "names, one for each item", label, str(item))
    names = tuple(dict.fromkeys(labels))
    if len(names) < _FEWEST_AREAS:
        raise sentence_fault("areas", f"{_FEWEST_AREAS} or more", f"{len(names)}")
    if given.ndim != 2 or given.shape[1] != len(labels):
        allowed = f"of shape (n_persons, {len(labels)}), as `areas` has items"
        raise sentence_fault("scores", allowed, f"shape {given.shape}")
    return names, np.array([names.index(label) for label in labels], dtype=np.int64)


def _highest(highest: ArrayLike | None, n_items: int) -> IntArray:
    if highest is None:
        return np.full(n_items, _MOST_POINTS)
    found = finite("highest", highest, ndim=1, shape=f"({n_items},)")
    if found.size != n_items:
        raise sentence_fault("highest", f"of shape ({n_items},)", f"shape {found.shape}")
    whole = (found == np.rint(found)) & (found >= 1) & (found <= _MOST_POINTS)
    require(whole, "highest", f"whole numbers from 1 to {_MOST_POINTS}", found)
    return found.astype(np.int64)


def _whole_rows(points: ScoreArray, forms: Forms) -> ScoreArray:
    """Return (n_items, n_persons) without those who cannot be counted."""
    answered = points >= 0
    has = answered.all(axis=0) if forms is Forms.SAME else answered.any(axis=0)
    if np.count_nonzero(has) < _FEWEST_COUNTED:
        who = "given all items" if forms is Forms.SAME else "given some item"
        allowed = f"of {_FEWEST_COUNTED} persons or more who were {who}"
        raise sentence_fault("scores", allowed, f"{np.count_nonzero(has)}")
    return points if has.all() else points[:, has]


def _lengths(lengths: Sequence[float] | None, sums: PersonSums, n_areas: int) -> FloatArray:
    if lengths is None:
        return np.asarray(sums.given.mean(axis=0))
    found = finite("lengths", lengths, ndim=1, shape=f"({n_areas},)")
    if found.size != n_areas:
        raise sentence_fault("lengths", f"of {n_areas} areas", f"{found.size}")
    require(found > 0, "lengths", "positive", found)
    return found
