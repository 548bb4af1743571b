"""The tables of the battery: every estimator, and every mistake that one can be handed.

To add an estimator, write a function from scores and parameters to `Estimates`, and add a line to
`ESTIMATORS` that says of which kind it is: what it must refuse, and what must not change its
results, follows. To add a mistake, add a line to `MISTAKES`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import numpy as np
from numpy.typing import NDArray

from itembank import (
    ItemParameters,
    Model,
    calibrate,
    classify,
    dif,
    estimate_ability,
    item_analysis,
    item_fit,
    local_dependence,
    person_fit,
    simulate_abilities,
    simulate_scores,
    subscores,
)
from itembank.arguments import numbers
from tests.itembank.banks import mixed_bank, spread_bank

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Estimates:
    """What an estimator found: numbers of each person, and numbers of each item."""

    by_person: Floats | None = None
    by_item: Floats | None = None


class Kind(Enum):
    """What an estimator does with scores, which decides what it must refuse."""

    CALIBRATION = auto()
    """Finds the items' parameters: every person and item must tell something."""
    POSTERIOR = auto()
    """Has a prior, and so an answer for a person without answers."""
    LIKELIHOOD = auto()
    """Has nothing to say of a person without answers."""
    COMPLETE = auto()
    """Counts persons who answered everything, and has numbers of a test's areas or items."""
    ITEMS = auto()
    """Has numbers of items, from as many answers as there are; -9 where there are none."""
    CURVES = auto()
    """The same, and holds a curve against each item's answers, which must not be all alike."""


EVERYBODY = frozenset(Kind)


@dataclass(frozen=True)
class Estimator:
    """An estimator under its name, and its kind."""

    kind: Kind
    run: Callable[[Any, ItemParameters], Estimates]


def _calibrated(scores: Any, parameters: ItemParameters) -> Estimates:
    found = calibrate(scores, parameters.model, minimum=None)
    each = found.parameters
    errors = found.standard_errors
    assert errors is not None
    columns = [
        each.slope,
        *each.threshold.T,
        each.guessing,
        each.upper,
        errors.slope,
        *errors.threshold.T,
    ]
    return Estimates(by_item=np.nan_to_num(np.stack(columns, axis=1), nan=-9.0))


def _ability(method: str) -> Callable[[Any, ItemParameters], Estimates]:
    def run(scores: Any, parameters: ItemParameters) -> Estimates:
        found = estimate_ability(scores, parameters, method)
        return Estimates(by_person=np.stack([found.theta, found.se], axis=-1))

    return run


def _classified(scores: Any, parameters: ItemParameters) -> Estimates:
    found = classify(estimate_ability(scores, parameters), 0.3, cut_se=0.1)
    return Estimates(by_person=np.stack([found.probability, found.lowest, found.highest], axis=-1))


def _subscored(scores: Any, parameters: ItemParameters) -> Estimates:
    """Return what is known of each item's area: the easier items are one, the others another."""
    areas = ["hard" if each > 0 else "easy" for each in parameters.difficulty]
    found = subscores(scores, areas, highest=parameters.n_categories - 1, augmentation="areas")
    by_area = {
        each.area: [
            each.mean,
            each.sd,
            each.reliability,
            each.prmse_total,
            each.prmse_augmented,
            found.reliability,
        ]
        for each in found.areas
    }
    return Estimates(by_item=np.array([by_area[area] for area in areas], dtype=np.float64))


def _item_fit(scores: Any, parameters: ItemParameters) -> Estimates:
    names = ("statistic", "df", "p", "rmsd", "infit", "infit_z", "outfit", "outfit_z", "n")
    found = item_fit(scores, parameters)
    return _of_items([[getattr(each, name) for name in names] for each in found])


def _person_fit(scores: Any, parameters: ItemParameters) -> Estimates:
    found = person_fit(scores, parameters)
    columns = np.stack([found.lz, found.lz_star, found.p, found.theta], axis=-1)
    return Estimates(by_person=np.nan_to_num(columns, nan=-9.0))


def _local_dependence(scores: Any, parameters: ItemParameters) -> Estimates:
    found = local_dependence(scores, parameters)
    columns = [np.nansum(found.adjusted, axis=1), found.n.sum(axis=1)]
    return _of_items(np.stack(columns, axis=1))


def _item_analysis(scores: Any, parameters: ItemParameters) -> Estimates:
    names = ("difficulty", "mean", "sd", "item_rest", "alpha_if_deleted", "n")
    found = item_analysis(scores, highest=parameters.n_categories - 1)
    return _of_items([[getattr(each, name) for name in names] for each in found.items])


def _of_items(columns: Any) -> Estimates:
    return Estimates(by_item=np.nan_to_num(np.asarray(columns, dtype=np.float64), nan=-9.0))


def _differential(scores: Any, parameters: ItemParameters) -> Estimates:
    """Return how an item differs between those with an odd number of answers and the others."""
    keys = [
        (model.value, *np.nan_to_num(threshold))
        for model, threshold in zip(parameters.model, parameters.threshold, strict=True)
    ]
    order = sorted(range(parameters.n_items), key=keys.__getitem__)
    item, groups = order[len(order) // 2], _parities(scores, parameters.n_items)
    found = dif(scores, groups, "likelihood-ratio", model=parameters.model, items=[item])
    return _of_items(np.stack([found.statistic, found.effect, *found.n.T], axis=1))


def _parities(scores: Any, n_items: int) -> NDArray[np.int64]:
    """Return whether each person has an odd number of answers; nothing of what is no table."""
    try:
        table = numbers("scores", scores, ndim=2)
    except ValueError:
        return np.zeros(0, dtype=np.int64)
    return np.sum(table[:, :n_items] >= 0, axis=1) % 2


ESTIMATORS = {
    "calibrate": Estimator(Kind.CALIBRATION, _calibrated),
    "likelihood-ratio": Estimator(Kind.CALIBRATION, _differential),
    "eap": Estimator(Kind.POSTERIOR, _ability("eap")),
    "map": Estimator(Kind.POSTERIOR, _ability("map")),
    "ml": Estimator(Kind.LIKELIHOOD, _ability("ml")),
    "wle": Estimator(Kind.LIKELIHOOD, _ability("wle")),
    "classify": Estimator(Kind.POSTERIOR, _classified),
    "subscores": Estimator(Kind.COMPLETE, _subscored),
    "item_fit": Estimator(Kind.CURVES, _item_fit),
    "person_fit": Estimator(Kind.POSTERIOR, _person_fit),
    "local_dependence": Estimator(Kind.ITEMS, _local_dependence),
    "item_analysis": Estimator(Kind.ITEMS, _item_analysis),
}


@dataclass(frozen=True)
class Mistake:
    """Something that can be wrong with scores, and who must refuse it; others must bear it."""

    make: Callable[[Floats], Any]
    refused_by: frozenset[Kind] = EVERYBODY
    arguments: frozenset[str] = frozenset({"scores"})
    """What the message may name; a row too short is one name of a model too many as well."""


def _with(place: Any, value: float) -> Callable[[Floats], Floats]:
    def make(scores: Floats) -> Floats:
        changed = scores.copy()
        changed[place] = value
        return changed

    return make


def _two_booklets(scores: Floats) -> Floats:
    """Return scores in which no person links the first two items with the others."""
    changed = scores.copy()
    half = len(changed) // 2
    changed[:half, 2:] = np.nan
    changed[half:, :2] = np.nan
    return changed


def _whole_numbers(scores: Floats) -> NDArray[np.int8]:
    return np.nan_to_num(scores, nan=-1).astype(np.int8)


SHAPE = frozenset({"scores", "model"})
CALIBRATION = frozenset({Kind.CALIBRATION})
VARIED = frozenset({Kind.CALIBRATION, Kind.CURVES})
MANY = frozenset({Kind.CALIBRATION, Kind.COMPLETE, Kind.ITEMS, Kind.CURVES})
EVERYTHING = frozenset({Kind.CALIBRATION, Kind.COMPLETE})
WITHOUT_PRIOR = frozenset({Kind.CALIBRATION, Kind.LIKELIHOOD})

MISTAKES = {
    "an item too few": Mistake(lambda scores: scores[:, :-1], arguments=SHAPE),
    "an item too many": Mistake(lambda scores: np.hstack([scores, scores]), arguments=SHAPE),
    "no item": Mistake(lambda scores: scores[:, :0], arguments=SHAPE),
    "nobody": Mistake(lambda scores: scores[:0], MANY),
    "three dimensions": Mistake(lambda scores: scores[np.newaxis], arguments=SHAPE),
    "a single number": Mistake(lambda _: 1.0, arguments=SHAPE),
    "rows of different length": Mistake(lambda _: [[1, 0], [1]], arguments=SHAPE),
    "nothing": Mistake(lambda _: None, arguments=SHAPE),
    "words": Mistake(lambda scores: np.full(scores.shape, "right")),
    "numbers written as text": Mistake(lambda scores: scores.astype(str)),
    "complex numbers": Mistake(lambda scores: scores + 0j),
    "an infinite score": Mistake(_with((3, 1), np.inf)),
    "minus infinity": Mistake(_with((3, 1), -np.inf)),
    "half a score": Mistake(_with((3, 1), 0.5)),
    "a negative score": Mistake(_with((3, 1), -2.0)),
    "minus one among floats": Mistake(_with((3, 1), -1.0)),
    "a score above the categories": Mistake(_with((3, 1), 2.0)),
    "a whole number below minus one": Mistake(
        lambda scores: _with((3, 1), -2)(_whole_numbers(scores))
    ),
    "a person without answers": Mistake(_with(3, np.nan), WITHOUT_PRIOR),
    "an item without answers": Mistake(_with((slice(None), 1), np.nan), EVERYTHING),
    "an item that all get right": Mistake(_with((slice(None), 1), 1.0), VARIED),
    "an item that nobody gets right": Mistake(_with((slice(None), 1), 0.0), VARIED),
    "booklets without a link": Mistake(_two_booklets, EVERYTHING),
}


def _with_none(scores: Floats) -> list[list[float | None]]:
    return [[None if np.isnan(each) else float(each) for each in row] for row in scores]


def _read_only(scores: Floats) -> Floats:
    copy = scores.copy()
    copy.setflags(write=False)
    return copy


REPRESENTATIONS: dict[str, Callable[[Floats], Any]] = {
    "small integers": _whole_numbers,
    "large integers": lambda scores: _whole_numbers(scores).astype(np.int64),
    "single precision": lambda scores: scores.astype(np.float32),
    "columns first": np.asfortranarray,
    "every other row of a larger table": lambda scores: np.repeat(scores, 2, axis=0)[::2],
    "a table that cannot be written to": _read_only,
    "lists": lambda scores: scores.tolist(),
    "lists with nothing where nothing was asked": _with_none,
    "a mask over what was not asked": lambda scores: np.ma.MaskedArray(
        np.nan_to_num(scores, nan=1.0), mask=np.isnan(scores)
    ),
}


BANKS = {
    model.value: spread_bank(model, 5, n_categories=3 if model.is_polytomous else 2)
    for model in Model
} | {"mixed": mixed_bank()}


N_PERSONS = {
    Kind.CALIBRATION: 400,
    Kind.POSTERIOR: 40,
    Kind.LIKELIHOOD: 40,
    Kind.COMPLETE: 400,
    Kind.ITEMS: 400,
    Kind.CURVES: 400,
}
"""Items take more persons to know than persons take items."""


def scores_for(
    bank: ItemParameters, kind: Kind = Kind.CALIBRATION, *, some_missing: bool = True
) -> Floats:
    """Return simulated scores of a bank, with every tenth answer missing but to the first item."""
    theta = simulate_abilities(N_PERSONS[kind], seed=14)
    given = np.random.default_rng(12).random((theta.size, bank.n_items)) < 0.9
    given[:, 0] = True
    scores = simulate_scores(theta, bank, seed=16, administered=given if some_missing else None)
    return np.where(scores < 0, np.nan, scores)
