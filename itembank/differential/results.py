"""What an analysis of differential functioning found, and what it rests on."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from itembank.arguments import BoolArray, FloatArray, IntArray
from itembank.calibration.estimated import Latent
from itembank.parameters import ItemParameters


class DifMethod(StrEnum):
    """How items are compared between people of equal ability."""

    MANTEL_HAENSZEL = "mantel-haenszel"
    """The odds of a right answer among people of equal score."""
    LOGISTIC = "logistic"
    """Logistic regressions on score and group."""
    LIKELIHOOD_RATIO = "likelihood-ratio"
    """Calibrations in which an item has the same parameters in both groups, and its own in each."""

    @property
    def needed(self) -> int:
        """How many people the smaller group needs, by the design of the analysis."""
        return 300 if self is DifMethod.LIKELIHOOD_RATIO else 200


class DifKind(StrEnum):
    """Which differences between the groups are looked for."""

    UNIFORM = "uniform"
    """The item is harder for one group at every ability."""
    NONUNIFORM = "nonuniform"
    """The item tells abilities apart better in one group, beyond a uniform difference."""
    BOTH = "both"
    """Either."""


class DifSize(StrEnum):
    """How large a difference is, in the classes of the Educational Testing Service."""

    NEGLIGIBLE = "A"
    MODERATE = "B"
    LARGE = "C"
    NOT_ENOUGH = "not enough"
    """There are too few answers to say, or the item was not tested."""


class Adjustment(StrEnum):
    """What is done about testing many items at once."""

    NONE = "none"
    BENJAMINI_HOCHBERG = "benjamini-hochberg"
    """Of the items that are flagged, the share flagged by chance is held at the level."""


class Effect(StrEnum):
    """What `Differential.effect` is; where it has a sign, below 0 is harder for the focal group."""

    DELTA = "MH D-DIF"
    """``-2.35 log(odds ratio)``, on the delta scale; of an item of more than two categories, the
    standardised mean difference in standard deviations of the item.
    """
    R2 = "change of R squared"
    """Nagelkerke's R squared of the larger regression above that of the smaller; never negative."""
    EXPECTED = "difference of expected scores"
    """Mean over the focal group's abilities, as a share of the item's highest score."""


@dataclass(frozen=True, eq=False)
class OddsRatios:
    """What Mantel-Haenszel found besides, by item; NaN for items of more than two categories.

    `odds_ratio` is the odds of a right answer in the reference group over those in the focal group,
    `log_se` the standard error of its logarithm. `difference` is the standardised mean difference:
    the focal group's mean score less what it would be if its members scored like those of the
    reference group with equal matching score.
    """

    odds_ratio: FloatArray
    log_se: FloatArray
    difference: FloatArray


@dataclass(frozen=True, eq=False)
class Regressions:
    """What logistic regression found besides, by item.

    `coefficients` (n_items, 4) are those of a constant, the matching score in standard deviations
    from its mean, the focal group, and their product; `standard_errors` are theirs. `zumbo_thomas`
    holds the classes by the older, laxer limits of 0.13 and 0.26.
    """

    coefficients: FloatArray
    standard_errors: FloatArray
    zumbo_thomas: tuple[DifSize, ...]


@dataclass(frozen=True, eq=False)
class GroupCurves:
    """What the likelihood ratio found besides.

    `of_reference` and `of_focal` are the parameters of each item when it has its own in each group,
    on the scale of the items that are the same in both. `latent` are the groups' distributions of
    ability, the reference group's first. `unsigned` is the mean absolute difference of the curves
    over the focal group's abilities, as a share of the highest score. `converged` says item by
    item whether both calibrations came to their end. An item that nobody of a group, or everybody,
    gets right has a threshold there far beyond all abilities, in place of an infinite one.
    """

    of_reference: ItemParameters
    of_focal: ItemParameters
    latent: tuple[Latent, ...]
    unsigned: FloatArray
    converged: BoolArray


Details: TypeAlias = OddsRatios | Regressions | GroupCurves


@dataclass(frozen=True, eq=False)
class Tests:
    """What a method finds of all items, as `Differential` explains it."""

    statistic: FloatArray
    degrees: IntArray
    effect: FloatArray
    effect_se: FloatArray
    direction: IntArray
    size: tuple[DifSize, ...]
    details: Details


@dataclass(frozen=True, eq=False)
class Differential:
    """Which items work differently in two groups of people of equal ability, and how much.

    Attributes
    ----------
    method, kind : DifMethod, DifKind
        What was computed, and which differences were looked for.
    reference, focal
        The labels of the two groups.
    statistic, p : ndarray, shape (n_items,)
        Chi-squared under no difference, and how likely one as large is; NaN where an item was not
        tested, and where nothing can be compared.
    degrees : ndarray of int, shape (n_items,)
        Degrees of freedom.
    p_adjusted : ndarray, shape (n_items,)
        For the number of items, as `adjustment` says; otherwise `p`.
    flagged : ndarray of bool, shape (n_items,)
        Whether `p_adjusted` is below `level`.
    effect, effect_se : ndarray, shape (n_items,)
        The size of the difference in the unit that `effect_kind` says; a standard error where there
        is one, else NaN.
    direction : ndarray of int, shape (n_items,)
        -1 where the item is harder for the focal group, 1 where it is harder for the reference
        group, people of middling ability being compared; 0 where neither.
    size : tuple of DifSize, shape (n_items,)
        The class of the effect; `NOT_ENOUGH` where the smaller group has fewer than `needed`, and
        where there is no statistic.
    n : ndarray, shape (n_items, 2)
        Answers of the reference and the focal group.
    enough : ndarray of bool, shape (n_items,)
        Whether both groups have `needed` answers.
    needed : int
    level : float
    adjustment : Adjustment
    effect_kind : Effect
    anchors : ndarray of bool, shape (n_items,)
        The items that people were matched on in the end; all False where a matching was given. An
        item that a group answers all alike is never one in the likelihood ratio.
    n_rounds : int
        How often all items were tested; 1 without purification.
    settled : bool
        Whether a further round would flag the same items.
    details : OddsRatios, Regressions or GroupCurves
        What the method found besides.
    """

    method: DifMethod
    kind: DifKind
    reference: Hashable
    focal: Hashable
    statistic: FloatArray
    degrees: IntArray
    p: FloatArray
    p_adjusted: FloatArray
    flagged: BoolArray
    effect: FloatArray
    effect_se: FloatArray
    direction: IntArray
    size: tuple[DifSize, ...]
    n: FloatArray
    enough: BoolArray
    needed: int
    level: float
    adjustment: Adjustment
    effect_kind: Effect
    anchors: BoolArray
    n_rounds: int
    settled: bool
    details: Details

    @property
    def n_items(self) -> int:
        """How many items were tested."""
        return self.statistic.size

    @property
    def suspects(self) -> tuple[int, ...]:
        """The places of items that are flagged on enough answers, by a difference that matters."""
        matters = (DifSize.MODERATE, DifSize.LARGE)
        return tuple(
            item
            for item, size in enumerate(self.size)
            if self.flagged[item] and self.enough[item] and size in matters
        )
