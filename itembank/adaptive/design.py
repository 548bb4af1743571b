"""The design of an adaptive test: checked once, shared by all who take it."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypedDict

import numpy as np
from numpy.typing import ArrayLike

from itembank.ability.estimates import Prior
from itembank.adaptive.choices import Selection
from itembank.adaptive.content import Content, Reserve, content_for
from itembank.adaptive.orders import Orders
from itembank.adaptive.posterior import Nodes, PassMark, checked_cut, nodes_for
from itembank.adaptive.sprt import Sprt, SprtTable, sprt_table
from itembank.arguments import finite, require, sentence_fault
from itembank.faults import chosen, fault
from itembank.forms import Blueprint
from itembank.parameters import ItemParameters


@dataclass(frozen=True, eq=False, kw_only=True)
class AdaptiveDesign:
    """How a test adapts: its items, what it covers, how it chooses, and when it stops.

    Checked whole when it is made, and shared by all examinees: what it looks up is computed once.
    A test of it is an `AdaptiveTest`.

    Parameters
    ----------
    parameters : ItemParameters
        The items, under any models. An item is named by its index.
    areas : sequence of str, shape (n_items,), optional
        The content area of each item; needs a blueprint.
    blueprint : Blueprint or mapping of str to int, optional
        How many items of each area a test of full length has, exactly. Items of other areas are
        never chosen. Without one, any items serve.
    least : mapping of str to int, optional
        How many items of each area any test has at least, however early it stops. By default each
        area's share of `min_items`, rounded down.
    enemies : mapping of int to a collection of int
        Items that may not stand in the same test as the item named; enmity holds both ways.
    min_items, max_items : int
        The fewest items before the test may stop, and the most. The most is the blueprint's total;
        without a blueprint, as many as can stand together.
    selection : Selection or str
        By what the next item is chosen within an area. The area is chosen by the priority index:
        the value of its best item times the share of its count that is still open (Cheng & Chang,
        2009), among the areas that are still open.
    candidates : int
        One of so many best items is drawn (randomesque; Kingsbury & Zara, 1989).
    exposure : array_like, shape (n_items,), optional
        The probability with which an item that was chosen is given (Sympson & Hetter, 1985), as
        `sympson_hetter` finds it.
    n_strata : int
        For stratified selection, into how many strata of slope each area is divided.
    prior : Prior
        The distribution of ability before the first item.
    cut : float, optional
        The ability that counts as a pass, in logits, `cut_se` its standard error.
    se : float, optional
        Stop when the standard error of ability is at most this.
    certainty : float, optional
        Stop when the probability that ability is above the cut is at least this, or at most 1 minus
        this; with the prior's mean moved by `shift` logits either way as well.
    sprt : Sprt, optional
        Stop when the likelihood ratio around the cut leaves its bounds.

    Raises
    ------
    ValueError
        Where something is not as said here, or the items cannot fill the blueprint.

    References
    ----------
    Chang, H.-H., & Ying, Z. (1999). a-stratified multistage computerized adaptive testing. Applied
    Psychological Measurement, 23(3), 211-222.

    Cheng, Y., & Chang, H.-H. (2009). The maximum priority index method for severely constrained
    item selection in computerized adaptive testing. British Journal of Mathematical and Statistical
    Psychology, 62(2), 369-383.
    """

    parameters: ItemParameters = field(kw_only=False)
    areas: Sequence[str] | None = None
    blueprint: Blueprint | Mapping[str, int] | None = None
    least: Mapping[str, int] | None = None
    enemies: Mapping[int, Collection[int]] = field(default_factory=dict)
    min_items: int = 1
    max_items: int | None = None
    selection: Selection | str = Selection.INFORMATION
    candidates: int = 1
    exposure: ArrayLike | None = None
    n_strata: int = 4
    prior: Prior = field(default_factory=Prior)
    cut: float | None = None
    cut_se: float = 0.0
    shift: float = 1.0
    se: float | None = None
    certainty: float | None = None
    sprt: Sprt | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "selection", chosen("selection", Selection, self.selection))
        for name in ("min_items", "max_items", "candidates", "n_strata"):
            _check_count(self, name)
        checked_cut(self.pass_mark)
        _check_stopping(self)
        object.__setattr__(self, "exposure", _exposure(self.exposure, self.parameters.n_items))
        if self.min_items > self.content.total:
            raise fault("min_items", f"at most the {self.content.total} of a test", self.min_items)
        _ = self.start_reserve

    def with_exposure(self, exposure: ArrayLike | None) -> AdaptiveDesign:
        """Return the design with other exposure parameters; what it looks up is shared."""
        made = replace(self, exposure=exposure)
        made.__dict__.update({name: getattr(self, name) for name in ("nodes", "orders")})
        return made

    @property
    def pass_mark(self) -> PassMark | None:
        """The cut with its error, or None."""
        return None if self.cut is None else PassMark(self.cut, self.cut_se, self.shift)

    @cached_property
    def most_items(self) -> int:
        """The length of a test that nothing stops earlier."""
        return self.content.total

    @cached_property
    def fewest_items(self) -> int:
        """The length below which nothing stops a test: `min_items`, or what the areas need."""
        return max(self.min_items, sum(self.content.least))

    @cached_property
    def stops_early(self) -> bool:
        """Whether anything but its length can end the test."""
        return any(each is not None for each in (self.se, self.certainty, self.sprt))

    @cached_property
    def content(self) -> Content:
        """What the test covers."""
        blueprint = self.blueprint
        if blueprint is not None and not isinstance(blueprint, Blueprint):
            blueprint = Blueprint(blueprint)
        return content_for(
            self.parameters.n_items,
            areas=self.areas,
            counts=None if blueprint is None else blueprint.counts,
            least=self.least,
            enemies=self.enemies,
            lengths=(self.min_items, self.max_items),
        )

    @cached_property
    def start_reserve(self) -> Reserve:
        """The items set aside at the start of a test, so that tight areas can be filled."""
        return self.content.reserve()

    @cached_property
    def nodes(self) -> Nodes:
        """The nodes on which each examinee's posterior is held."""
        return nodes_for(self.parameters, self.prior, self.most_items, self.pass_mark)

    @cached_property
    def orders(self) -> Orders:
        """The items of each area in order of preference."""
        selection = Selection(self.selection)
        return Orders(self.parameters, self.content, self.prior, selection, self.n_strata)

    @cached_property
    def top_scores(self) -> list[int]:
        """The highest score of each item."""
        return [int(count) - 1 for count in self.parameters.n_categories]

    @cached_property
    def exposure_list(self) -> list[float] | None:
        """The exposure parameters, or None where exposure is free."""
        return None if self.exposure is None else np.asarray(self.exposure).tolist()

    @cached_property
    def sprt_table(self) -> SprtTable | None:
        """What each score adds to the likelihood ratio, or None without the test."""
        if self.sprt is None or self.cut is None:
            return None
        return sprt_table(self.parameters, self.cut, self.sprt)


class DesignOptions(TypedDict, total=False):
    """The options of a design, where a test is made from parameters alone."""

    areas: Sequence[str] | None
    blueprint: Blueprint | Mapping[str, int] | None
    least: Mapping[str, int] | None
    enemies: Mapping[int, Collection[int]]
    min_items: int
    max_items: int | None
    selection: Selection | str
    candidates: int
    exposure: ArrayLike | None
    n_strata: int
    prior: Prior
    cut: float | None
    cut_se: float
    shift: float
    se: float | None
    certainty: float | None
    sprt: Sprt | None


def _check_count(design: AdaptiveDesign, name: str) -> None:
    """Refuse a count that is not whole and positive, and a length that the items cannot give."""
    value, most = getattr(design, name), design.parameters.n_items
    if value is None and name == "max_items":
        return
    if type(value) is not int or value < 1:
        raise fault(name, "a whole number, 1 or more", value)
    if name.endswith("_items") and value > most:
        raise fault(name, f"at most the number of items, {most}", value)


def _exposure(value: ArrayLike | None, n_items: int) -> ArrayLike | None:
    if value is None:
        return None
    array = finite("exposure", value, ndim=1, shape="(n_items,)")
    if array.shape != (n_items,):
        raise sentence_fault("exposure", f"of shape ({n_items},)", f"shape {array.shape}")
    require((array > 0) & (array <= 1), "exposure", "above 0, at most 1", array)
    return array


def _check_stopping(design: AdaptiveDesign) -> None:
    if design.se is not None and not (math.isfinite(design.se) and design.se > 0):
        raise fault("se", "positive and finite", design.se)
    if design.certainty is not None and not 0.5 < design.certainty < 1:
        raise fault("certainty", "above 0.5 and below 1", design.certainty)
    for name in ("certainty", "sprt"):
        if getattr(design, name) is not None and design.cut is None:
            raise sentence_fault("cut", f"given with `{name}`", "none")
