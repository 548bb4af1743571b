"""Item parameters: one model per item, mixed freely in one set, on one logistic scale (D = 1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from itembank.arguments import (
    BoolArray,
    FloatArray,
    IntArray,
    frozen,
    numbers,
    one_each,
    require,
    sentence_fault,
)
from itembank.faults import chosen, fault

_MATRIX = "(n_items, max categories - 1)"


class Family(StrEnum):
    """A shape of response curve, shared by the models that differ in what is free."""

    DICHOTOMOUS = "dichotomous"
    GRADED = "graded"
    PARTIAL_CREDIT = "partial credit"


class Model(StrEnum):
    """An item response model; each names which parameters are free."""

    RASCH = "rasch"
    """Slope 1 (Rasch, 1960); the latent variance carries the discrimination."""
    ONE_PL = "1pl"
    """One slope, common to the items of this model, estimated."""
    TWO_PL = "2pl"
    """A slope and a difficulty each (Birnbaum, 1968)."""
    THREE_PL = "3pl"
    """As 2PL, with a lower asymptote: what guessing gives (Birnbaum, 1968)."""
    FOUR_PL = "4pl"
    """As 3PL, with an upper asymptote: what slips leave (Barton & Lord, 1981)."""
    GRM = "grm"
    """Graded response (Samejima, 1969): boundary thresholds, rising."""
    PCM = "pcm"
    """Partial credit (Masters, 1982): step thresholds, slope 1."""
    GPCM = "gpcm"
    """Generalised partial credit (Muraki, 1992): step thresholds."""

    @property
    def family(self) -> Family:
        """The shape of its curves."""
        if self is Model.GRM:
            return Family.GRADED
        return Family.PARTIAL_CREDIT if self.is_polytomous else Family.DICHOTOMOUS

    @property
    def is_polytomous(self) -> bool:
        """Whether scores above 1 are possible."""
        return self in {Model.GRM, Model.PCM, Model.GPCM}

    @property
    def has_unit_slope(self) -> bool:
        """Whether the slope is 1 by definition."""
        return self in {Model.RASCH, Model.PCM}

    @property
    def has_guessing(self) -> bool:
        """Whether the lower asymptote is free."""
        return self in {Model.THREE_PL, Model.FOUR_PL}

    @property
    def has_upper(self) -> bool:
        """Whether the upper asymptote is free."""
        return self is Model.FOUR_PL


def model_named(name: str | Model) -> Model:
    """Return the model of a name in any case; ValueError names those that there are."""
    return chosen("model", Model, name)


def models_for(model: str | Model | Sequence[str | Model], n_items: int) -> tuple[Model, ...]:
    """Return one model per item, from one name for all or one for each."""
    if isinstance(model, str) or not isinstance(model, Iterable):
        return (model_named(model),) * n_items
    models = tuple(model_named(each) for each in model)
    if len(models) != n_items:
        raise sentence_fault("model", f"one name, or one for each of {n_items} items", f"{models}")
    return models


@dataclass(frozen=True, eq=False, init=False)
class ItemParameters:
    """Parameters of items under their models, on the logistic metric with D = 1.

    Dichotomous: ``c + (d - c) / (1 + exp(-a (theta - b)))``; GRM: boundary ``k`` is
    ``1 / (1 + exp(-a (theta - b_k)))``; GPCM and PCM: the log odds of score ``k`` to ``k - 1`` are
    ``a (theta - b_k)``.

    Parameters
    ----------
    model : str, Model or a sequence of them
        One for all items, or one for each.
    slope : array_like, shape (n_items,)
        Discrimination ``a``, in 1 / logits; finite; 1 for Rasch and PCM. A single number serves
        all. A negative slope is allowed: it is what a miskeyed item has.
    threshold : array_like, shape (n_items, max categories - 1) or (n_items,)
        Logits, padded with NaN on the right. The first column is the difficulty ``b`` of a
        dichotomous item.
    guessing, upper : array_like, shape (n_items,)
        Asymptotes ``c`` and ``d``, probabilities with ``c < d``; 0 and 1 where the model has none.

    Raises
    ------
    ValueError
        Where a shape or a value is not as said here.

    References
    ----------
    Embretson, S. E., & Reise, S. P. (2000). Item response theory for psychologists. Erlbaum.
    """

    model: tuple[Model, ...]
    slope: FloatArray
    threshold: FloatArray
    guessing: FloatArray
    upper: FloatArray

    def __init__(
        self,
        model: str | Model | Sequence[str | Model],
        slope: ArrayLike,
        threshold: ArrayLike,
        guessing: ArrayLike = 0.0,
        upper: ArrayLike = 1.0,
    ) -> None:
        bounds = numbers("threshold", threshold)
        bounds = bounds[:, np.newaxis] if bounds.ndim == 1 else bounds
        if bounds.ndim != 2 or not bounds.size:
            raise sentence_fault("threshold", f"of shape {_MATRIX}", f"shape {bounds.shape}")
        set_ = object.__setattr__
        set_(self, "model", models_for(model, len(bounds)))
        set_(self, "threshold", frozen(bounds))
        for name, value in (("slope", slope), ("guessing", guessing), ("upper", upper)):
            set_(self, name, frozen(one_each(name, value, len(bounds))))
        _check(self)

    def __reduce__(self) -> tuple[type[ItemParameters], tuple[Any, ...]]:
        """Return how to make it anew: arrays that were pickled could be written to."""
        fields = self.model, self.slope, self.threshold, self.guessing, self.upper
        return ItemParameters, fields

    @property
    def n_items(self) -> int:
        """How many items there are."""
        return len(self.model)

    @cached_property
    def n_categories(self) -> IntArray:
        """The number of score categories of each item, shape (n_items,): 2 where dichotomous."""
        return np.asarray(np.isfinite(self.threshold).sum(axis=1) + 1)

    @cached_property
    def is_polytomous(self) -> BoolArray:
        """Whether each item's model is for graded scores, shape (n_items,)."""
        return np.array([model.is_polytomous for model in self.model])

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The items of each family of curves, with their places in this set."""
        family = np.array([model.family.value for model in self.model])
        places = [(each, np.flatnonzero(family == each.value)) for each in Family]
        return tuple(Part(each, index, self._part(index)) for each, index in places if index.size)

    def _part(self, index: IntArray) -> ItemParameters:
        is_all = (
            len(index) == self.n_items and int(self.n_categories.max()) > self.threshold.shape[1]
        )
        return self if is_all else self.take(index)

    @property
    def difficulty(self) -> FloatArray:
        """The mean threshold of each item, in logits, shape (n_items,)."""
        return np.asarray(np.nanmean(self.threshold, axis=1))

    def take(self, items: Iterable[int]) -> ItemParameters:
        """Return the parameters of some items, in the order given."""
        index = np.fromiter(items, dtype=np.int64)
        there = (index >= 0) & (index < self.n_items)
        require(there, "items", f"from 0 to {self.n_items - 1}", index)
        width = max(1, int(self.n_categories[index].max(initial=2)) - 1)
        return ItemParameters(
            [self.model[each] for each in index],
            self.slope[index],
            self.threshold[index, :width],
            self.guessing[index],
            self.upper[index],
        )


@dataclass(frozen=True, eq=False)
class Part:
    """The items of one family of curves within a set, and their places there."""

    family: Family
    places: IntArray
    parameters: ItemParameters


def joined(sets: Sequence[ItemParameters]) -> ItemParameters:
    """Return several sets as one, in order."""
    if not sets:
        raise fault("sets", "one or more", "none")
    width = max(each.threshold.shape[1] for each in sets)
    return ItemParameters(
        [model for each in sets for model in each.model],
        np.concatenate([each.slope for each in sets]),
        np.concatenate([_padded(each.threshold, width) for each in sets]),
        np.concatenate([each.guessing for each in sets]),
        np.concatenate([each.upper for each in sets]),
    )


def _padded(threshold: FloatArray, width: int) -> FloatArray:
    missing = width - threshold.shape[1]
    return np.pad(threshold, ((0, 0), (0, missing)), constant_values=np.nan)


def _check(parameters: ItemParameters) -> None:
    given = np.isfinite(parameters.threshold)
    in_front = np.logical_and.accumulate(given, axis=1)
    padded = given[:, 0] & np.all((given == in_front) & ~np.isinf(parameters.threshold), axis=1)
    _require_thresholds(padded, f"finite, with NaN only on the right, shape {_MATRIX}", parameters)
    single = parameters.is_polytomous | (given.sum(axis=1) == 1)
    _require_thresholds(single, "one for each dichotomous item", parameters)
    rising = "rising (falling, where the slope is negative) for a graded response item"
    _require_thresholds(_is_in_order(parameters), rising, parameters)
    unit = np.array([model.has_unit_slope for model in parameters.model])
    require(~unit | (parameters.slope == 1), "slope", "1 for rasch and pcm", parameters.slope)
    _check_asymptotes(parameters)


def require_items(value: object, name: str = "parameters") -> None:
    """Refuse what is no `ItemParameters`."""
    if not isinstance(value, ItemParameters):
        raise fault(name, "ItemParameters", value)


def _is_in_order(parameters: ItemParameters) -> BoolArray:
    """Return whether each item's boundaries are passed one after the other; NaN compares as so."""
    graded = np.array([model is Model.GRM for model in parameters.model])
    bounds = parameters.slope[:, np.newaxis] * parameters.threshold
    return np.asarray(~(graded & np.any(np.diff(bounds, axis=1) <= 0, axis=1)))


def _require_thresholds(holds: BoolArray, allowed: str, parameters: ItemParameters) -> None:
    """Refuse thresholds in which something does not hold, quoting those of the first item."""
    if not holds.all():
        place = int(np.flatnonzero(~holds)[0])
        values = ", ".join(f"{each:g}" for each in parameters.threshold[place])
        raise sentence_fault("threshold", allowed, f"({values})", str(place))


def _check_asymptotes(parameters: ItemParameters) -> None:
    guessing, upper = parameters.guessing, parameters.upper
    guesses = np.array([model.has_guessing for model in parameters.model])
    slips = np.array([model.has_upper for model in parameters.model])
    require((guessing >= 0) & (guessing < 1), "guessing", "from 0 to below 1", guessing)
    require(guesses | (guessing == 0), "guessing", "0 but for 3pl and 4pl", guessing)
    require((upper > guessing) & (upper <= 1), "upper", "above guessing, at most 1", upper)
    require(slips | (upper == 1), "upper", "1 but for 4pl", upper)
