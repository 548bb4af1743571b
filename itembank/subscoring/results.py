"""What is known of the areas of a test: plain numbers, which a database can keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from itembank.arguments import finite, sentence_fault
from itembank.faults import fault


class Reporting(StrEnum):
    """How an area may be reported on."""

    SHOWN = "shown"
    """By its own score: that tells more of the area than the score on the whole test does."""
    AUGMENTED = "augmented"
    """By its own score and the rest of the test together: that tells more than the total does."""
    NOT_ENOUGH = "not enough"
    """Not at all: the total says as much, or too little is known."""


class Forms(StrEnum):
    """Which items a person was given."""

    SAME = "same"
    """All of them, everybody the same; who was not given some is left out."""
    DRAWN = "drawn"
    """Some of each area, drawn at random for each person."""


class Augmentation(StrEnum):
    """What an area's score is helped by."""

    TOTAL = "total"
    """The score on the whole test (Haberman, 2008)."""
    AREAS = "areas"
    """The scores on all areas, each with its own weight (Wainer et al., 2001)."""


@dataclass(frozen=True)
class Subscore:
    """What is known of one area.

    Attributes
    ----------
    area : str
    n_items : float
        How many items of it a form has; where forms are drawn, on average.
    highest : float
        The most points that a form gives in it.
    mean, sd : float
        Of observed scores, in points.
    reliability : float or None
        Coefficient alpha; None with a single item. Below 0 where items go against each other.
    prmse_subscore, prmse_total, prmse_augmented : float or None
        By how much the mean squared error of a guess at the true score of the area falls, as a
        share of its variance, when one knows the area's score, the total, and both. None where no
        true variance was found.
    standard_error, augmented_error : float or None
        Of the area's score, and of the augmented one, about the true score; points.
    advantage_error : float or None
        Standard error of `advantage` by the bootstrap; None where none was asked for.
    stability : float or None
        The share of resamples in which the reporting is the same; None where none was asked for.
    reporting : Reporting
    """

    area: str
    n_items: float
    highest: float
    mean: float
    sd: float
    reliability: float | None
    prmse_subscore: float | None
    prmse_total: float | None
    prmse_augmented: float | None
    standard_error: float | None
    augmented_error: float | None
    advantage_error: float | None
    stability: float | None
    reporting: Reporting

    @property
    def advantage(self) -> float | None:
        """How much more its own score tells than the total: the difference of their PRMSE."""
        if self.prmse_subscore is None or self.prmse_total is None:
            return None
        return self.prmse_subscore - self.prmse_total


@dataclass(frozen=True)
class Subscores:
    """What is known of the areas of a test.

    Attributes
    ----------
    areas : tuple of Subscore
        In the order in which the areas were first named.
    reliability : float or None
        Of the total: stratified alpha. None where the reliability of an area is not known.
    n_persons : int
        Whose scores were counted.
    forms : Forms
    augmentation : Augmentation
    weights : tuple of tuples of float, n_areas each
        Row by row, what each area's score adds to one area's augmented score, per point from its
        mean; a row of zeros where that area has none.
    """

    areas: tuple[Subscore, ...]
    reliability: float | None
    n_persons: int
    forms: Forms
    augmentation: Augmentation
    weights: tuple[tuple[float, ...], ...]

    def __getitem__(self, area: str) -> Subscore:
        """Return what is known of one area, by its name."""
        for each in self.areas:
            if each.area == area:
                return each
        raise KeyError(area)

    def reported(self, reporting: Reporting) -> tuple[str, ...]:
        """Return the names of the areas that are reported on in one way."""
        return tuple(each.area for each in self.areas if each.reporting is reporting)

    def augmented(self, points: Sequence[float] | Mapping[str, float]) -> tuple[float, ...]:
        """Return one person's augmented score in each area, in points, from 0 to the highest.

        Parameters
        ----------
        points : sequence of float, or mapping of area to float
            The person's score in every area, in points of a form as long as `n_items` says: a
            share of the points times `highest`, where this person's form was of another length.

        Raises
        ------
        ValueError
            Where there is not one finite score for each area.
        """
        away = self._points(points) - np.array([each.mean for each in self.areas])
        moved = np.array(self.weights) @ away
        return tuple(
            float(np.clip(each.mean + by, 0.0, each.highest))
            for each, by in zip(self.areas, moved, strict=True)
        )

    def _points(self, points: Sequence[float] | Mapping[str, float]) -> np.ndarray[Any, Any]:
        names = [each.area for each in self.areas]
        if isinstance(points, Mapping):
            if set(points) != set(names):
                raise fault("points", f"by area: {', '.join(names)}", sorted(points))
            points = [points[name] for name in names]
        found = finite("points", points, ndim=1, shape=f"({len(names)},)")
        if found.size != len(names):
            raise sentence_fault("points", f"of {len(names)} areas", f"{found.size}")
        return found

    def to_fields(self) -> dict[str, Any]:
        """Return everything as text, numbers, lists and None, as JSON has them."""
        fields = asdict(self)
        fields["areas"] = list(fields["areas"])
        fields["weights"] = [list(row) for row in self.weights]
        return fields

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> Subscores:
        """Return what `to_fields` gave, also after a journey through JSON."""
        own = dict(fields)
        areas = [{**each, "reporting": Reporting(each["reporting"])} for each in own.pop("areas")]
        return cls(
            areas=tuple(Subscore(**each) for each in areas),
            forms=Forms(own.pop("forms")),
            augmentation=Augmentation(own.pop("augmentation")),
            weights=tuple(tuple(row) for row in own.pop("weights")),
            **own,
        )
