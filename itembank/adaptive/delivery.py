"""One examinee's adaptive test: what to ask next, what is known, and when it is enough."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import floor, sqrt
from typing import NamedTuple, Unpack

import numpy as np

from itembank.ability.estimates import Ability, Evidence, Method
from itembank.adaptive.choices import Choice, Stop
from itembank.adaptive.design import AdaptiveDesign, DesignOptions
from itembank.adaptive.draws import DRAWS
from itembank.adaptive.picking import Pick, Picker
from itembank.adaptive.sprt import Sprt
from itembank.faults import fault
from itembank.parameters import ItemParameters

_MICRO = 1e6
_FADED = 1e-60  # below this total mass the posterior is scaled up again


@dataclass(frozen=True, slots=True)
class Chances:
    """The probability that ability is above the cut, and with the prior moved down, and up."""

    above: float
    lowest: float
    highest: float


class AdaptiveTest:
    """A test that one examinee takes: it initialises, selects, records, estimates and stops.

    Nothing in it depends on the clock, on a stateful generator or on the order of a set: the same
    design, seed and answers give the same items on any machine. Ability is rounded to 6 decimals
    before it decides, ties go to the lower index, and the draw of each position is a hash of the
    seed and the position.

    Parameters
    ----------
    design : AdaptiveDesign or ItemParameters
        With parameters alone, `options` are those of `AdaptiveDesign`.
    seed : int
        What all draws of this examinee come from.
    excluded : collection of int
        Items that this examinee cannot be given.
    avoided : collection of int
        Items that come only where nothing else is left in their area: those seen before, say.

    Raises
    ------
    ValueError
        Where an argument is not as said here, or the blueprint cannot be filled without the items
        that are excluded.

    Examples
    --------
    >>> test = AdaptiveTest(ItemParameters("rasch", 1.0, [-1.0, 0.0, 1.0]), max_items=2)
    >>> test.next_item()
    1
    >>> test.record(1, 1)
    >>> test.next_item()
    2
    """

    def __init__(
        self,
        design: AdaptiveDesign | ItemParameters,
        *,
        seed: int = 0,
        excluded: Collection[int] = (),
        avoided: Collection[int] = (),
        **options: Unpack[DesignOptions],
    ) -> None:
        self.design = _design(design, options)
        self.seed = _whole("seed", seed)
        self._picker = Picker(
            self.design,
            self.seed,
            _items("excluded", excluded, self.design),
            _items("avoided", avoided, self.design),
        )
        nodes = self.design.nodes
        self._rows, self._sums, self._centre = nodes.rows, nodes.sums, nodes.centre
        self._mass = nodes.prior.copy()
        self._steps: list[_Step] = []
        self._ratio = 0.0
        self._pick: Pick | None = None
        self._stop: Stop | None = None
        self._look()

    @classmethod
    def resumed(
        cls,
        design: AdaptiveDesign | ItemParameters,
        seed: int,
        responses: Iterable[tuple[int, int]],
        *,
        excluded: Collection[int] = (),
        avoided: Collection[int] = (),
        **options: Unpack[DesignOptions],
    ) -> AdaptiveTest:
        """Return the test as it stood after some responses: pairs of an item and its score.

        The choices are made again, so that the state is the same as if the test had never been
        interrupted. Where an item is not the one that would be chosen (the design may have changed
        since), the item that was given counts; `replay` tells.
        """
        test = cls(design, seed=seed, excluded=excluded, avoided=avoided, **options)
        for item, score in responses:
            if test.next_item() != item:
                test._give_instead(item)
            test.record(item, score)
        return test

    @property
    def theta(self) -> float:
        """The mean of the posterior, in logits, rounded to 6 decimals."""
        return self._theta

    @property
    def se(self) -> float:
        """The standard deviation of the posterior, in logits, rounded to 6 decimals."""
        return self._se

    @property
    def ability(self) -> Ability:
        """The ability as estimated so far, with the scores that it rests on."""
        scores = np.full(self.design.parameters.n_items, -1, dtype=np.int8)
        for item, score in self.responses:
            scores[item] = score
        evidence = Evidence(scores, self.design.parameters, self.design.prior)
        return Ability(np.array(self._theta), np.array(self._se), Method.EAP, evidence)

    @property
    def chances(self) -> Chances | None:
        """How probable it is that ability is above the cut; None without a cut."""
        if self.design.cut is None:
            return None
        mass, _, _, above, low, low_above, high, high_above = self._seen
        shares = (above / mass, low_above / low, high_above / high)
        return Chances(*(_rounded(min(max(share, 0.0), 1.0)) for share in shares))

    @property
    def log_ratio(self) -> float:
        """The log-likelihood ratio of the sequential test; 0 where the design has none."""
        return self._ratio

    @property
    def stopped(self) -> Stop | None:
        """Why the test ended, or None while it goes on."""
        self.next_item()
        return self._stop

    @property
    def responses(self) -> tuple[tuple[int, int], ...]:
        """The items given, each with its score, in order."""
        return tuple((step.pick.item, step.score) for step in self._steps)

    @property
    def tried(self) -> frozenset[int]:
        """The items given, and those that exposure control held back from this examinee."""
        given = frozenset(step.pick.item for step in self._steps)
        return given | self._picker.held_back

    @property
    def log(self) -> tuple[Choice, ...]:
        """Every choice so far; the last has no score while the test waits for it."""
        made = [_choice(at, step, step.score) for at, step in enumerate(self._steps)]
        waiting = self.choice()
        return (*made, waiting) if waiting else tuple(made)

    def choice(self) -> Choice | None:
        """Return the choice of the item that `next_item` gives; None when the test has ended."""
        if self.next_item() is None or self._pick is None:
            return None
        waiting = _Step(self._pick, self._theta, self._se, 0)
        return _choice(len(self._steps), waiting, None)

    def next_item(self) -> int | None:
        """Return the index of the item to give now, or None when the test has ended.

        Asked again before an answer is recorded, it returns the same item.
        """
        if self._pick is None and self._stop is None:
            self._pick = self._picker.pick(self.design.orders.at(self._theta, self._se))
            if self._pick is None:
                self._stop = Stop.EXHAUSTED
        return None if self._pick is None else self._pick.item

    def record(self, item: int, score: int) -> None:
        """Record the score of the item that `next_item` gave.

        Raises
        ------
        ValueError
            Where the item is another, or the score is not one of its categories.
        """
        pick = self._pick
        if pick is None or item != pick.item:
            raise fault("item", f"what `next_item` gave, {self.next_item()}", item)
        if type(score) is not int or not 0 <= score <= self.design.top_scores[pick.item]:
            score = self._checked(pick.item, score)
        self._steps.append(_Step(pick, self._theta, self._se, score))
        self._picker.give(pick.item)
        np.multiply(self._mass, self._rows[pick.item, score], out=self._mass)
        self._look()
        if self.design.sprt_table is not None:
            self._ratio += self.design.sprt_table.gains[pick.item][score]
        self._pick = None
        self._stop = self._reason()

    def _checked(self, item: int, score: object) -> int:
        top = self.design.top_scores[item]
        if isinstance(score, bool | np.bool_ | np.integer) and 0 <= int(score) <= top:
            return int(score)
        raise fault("score", f"a whole number from 0 to {top}", score, f"item {item}")

    def _look(self) -> None:
        """Take the posterior's mean and standard deviation."""
        self._seen = self._sums.dot(self._mass).tolist()
        mass, first, second = self._seen[:3]
        mean = first / mass
        self._theta = _rounded(self._centre + mean)
        self._se = _rounded(sqrt(second / mass - mean * mean))
        if mass < _FADED:
            self._mass /= mass

    def _reason(self) -> Stop | None:
        design, length = self.design, len(self._steps)
        if length >= design.most_items:
            return Stop.LENGTH
        if not design.stops_early or length < design.fewest_items or self._picker.n_lacking:
            return None
        if design.se is not None and self._se <= design.se:
            return Stop.PRECISION
        if design.certainty is not None and self._is_classified(design.certainty):
            return Stop.CLASSIFIED
        return Stop.SPRT if design.sprt is not None and self._is_decided(design.sprt) else None

    def _is_classified(self, certainty: float) -> bool:
        mass, _, _, above = self._seen[:4]
        chances = None if 1 - certainty < _rounded(above / mass) < certainty else self.chances
        if chances is None:
            return False
        each = (chances.above, chances.lowest, chances.highest)
        return min(each) >= certainty or max(each) <= 1 - certainty

    def _is_decided(self, sprt: Sprt) -> bool:
        return self._ratio >= sprt.upper or self._ratio <= sprt.lower

    def _give_instead(self, item: int) -> None:
        """Take an item as given, whatever would have been chosen."""
        given = {step.pick.item for step in self._steps}
        if type(item) is not int or not 0 <= item < self.design.parameters.n_items:
            raise fault("responses", "of items of the design", item, str(len(given)))
        if item in given:
            raise fault("responses", "of distinct items", item, str(len(given)))
        self._pick, self._stop = Pick(item, (), None), None


class _Step(NamedTuple):
    pick: Pick
    theta: float
    se: float
    score: int


def _choice(position: int, step: _Step, score: int | None) -> Choice:
    draw = None if step.pick.draw is None else step.pick.draw / DRAWS
    return Choice(position, step.pick.item, step.theta, step.se, step.pick.line, draw, score)


def _rounded(value: float) -> float:
    """Return a number at 6 decimals, halves upwards: the nearest double to the decimal."""
    return floor(value * _MICRO + 0.5) / _MICRO


def _design(design: AdaptiveDesign | ItemParameters, options: DesignOptions) -> AdaptiveDesign:
    if isinstance(design, ItemParameters):
        return AdaptiveDesign(design, **options)
    if options:
        raise fault("options", "part of the design, where there is one", sorted(options))
    return design


def _whole(name: str, value: object) -> int:
    if type(value) is not int:
        raise fault(name, "a whole number", value)
    return value


def _items(name: str, items: Collection[int], design: AdaptiveDesign) -> frozenset[int]:
    most = design.parameters.n_items - 1
    for item in items:
        if type(item) is not int or not 0 <= item <= most:
            raise fault(name, f"indices of items, from 0 to {most}", item)
    return frozenset(items)
