"""Scores: what one answer is worth, and what a sitting shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Protocol

from itembank.entries import is_accepted, parse_number
from itembank.faults import fault
from itembank.items import Item, ItemKind
from itembank.responses import Answer
from itembank.wording import no_wording

PERCENT_DECIMALS = 2
_STEPS_PER_PERCENT: int = 10**PERCENT_DECIMALS
_FINEST_PART = 1_000  # points are fractions of small whole numbers: a third is exactly a third


class MultipleCredit(StrEnum):
    """How an item with several keys is credited."""

    ALL_OR_NOTHING = "all or nothing"
    RIGHT_MINUS_WRONG = "right minus wrong"


def score_item(
    item: Item, answer: Answer, *, multiple: MultipleCredit = MultipleCredit.ALL_OR_NOTHING
) -> float:
    """Return what an answer to an item is worth, from 0 to 1; a blank is worth 0."""
    if answer.is_blank:
        return 0.0
    if item.kind.has_options:
        return _score_choices(item, frozenset(answer.chosen), multiple)
    if item.kind is ItemKind.NUMERIC:
        return float(_is_close(item, answer.text))
    return float(is_accepted(answer.text, item.accepted))


def _score_choices(item: Item, chosen: frozenset[int], multiple: MultipleCredit) -> float:
    if not chosen <= set(range(len(item.options))):
        raise fault("answer", f"among {len(item.options)} options", sorted(chosen), item.id)
    if item.kind is ItemKind.CHOICE or multiple is MultipleCredit.ALL_OR_NOTHING:
        return float(chosen == item.key)
    right, wrong = len(chosen & item.key), len(chosen - item.key)
    return max(0, right - wrong) / len(item.key)


def _is_close(item: Item, text: str) -> bool:
    """Compare in decimals, as written: 12.55 is within 0.05 of 12.5, though not in binary."""
    try:
        number = parse_number(text, item.unit)
    except ValueError:
        return False
    distance = abs(number - Decimal(repr(item.answer)))
    return distance <= Decimal(repr(item.tolerance))


@dataclass(frozen=True, slots=True)
class ScoredResponse:
    """One item of a sitting with the points it earned."""

    item_id: str
    area: str
    points: float
    possible: float = 1.0
    answered: bool = True

    def __post_init__(self) -> None:
        if not self.possible > 0:
            raise fault("possible", "positive", self.possible, self.item_id)
        if not 0 <= self.points <= self.possible:
            raise fault("points", f"from 0 to {self.possible:g}", self.points, self.item_id)


@dataclass(frozen=True, slots=True)
class AreaScore:
    """What one area shows: its points, and how many of its items were answered."""

    points: float
    possible: float
    answered: int
    percent: float

    def reaches(self, cut: float) -> bool:
        """Return whether the percentage is at a cut or above it, exactly."""
        return reaches(self.percent, cut)


class MasteryBasis(StrEnum):
    """What a probability of mastery rests on."""

    ITEM_RESPONSE_THEORY = "item response theory"
    """The ability's posterior above the cut, on the bank's scale."""
    SAMPLED_ITEMS = "sampled items"
    """The items as a sample from a domain: nothing is known of how hard each is."""


@dataclass(frozen=True, slots=True)
class Score:
    """What a sitting shows.

    `percent` is rounded down to two decimals, so that it is at or above a cut of at most two
    decimals exactly when the points are: 70 of 100 reaches 70, and 69.999 does not. Models that
    estimate an ability add it on the logit scale, with its standard error and the probability
    that it is above the cut; `mastery_lowest` and `mastery_highest` are that probability where the
    prior's mean is one logit lower and higher. `basis` says what the probability rests on.
    """

    points: float
    possible: float
    answered: int
    percent: float
    areas: Mapping[str, AreaScore] = field(default_factory=no_wording)
    theta: float | None = None
    se: float | None = None
    mastery_probability: float | None = None
    mastery_lowest: float | None = None
    mastery_highest: float | None = None
    basis: MasteryBasis | None = None

    def reaches(self, cut: float) -> bool:
        """Return whether the percentage is at a cut or above it, exactly."""
        return reaches(self.percent, cut)


class ScoringModel(Protocol):
    """What turns the responses of a sitting into its score."""

    def score(self, responses: Sequence[ScoredResponse]) -> Score:
        """Return the score of one sitting, unanswered items included."""
        ...


class PercentScoring:
    """The share of the possible points, over the whole sitting and over each area.

    `parents` maps an area to the area above it; an area's score includes those below it.
    """

    def __init__(self, parents: Mapping[str, str] | None = None) -> None:
        self._parents = dict(parents or {})
        for area in self._parents:
            _check_no_cycle(area, self._parents)

    def score(self, responses: Sequence[ScoredResponse]) -> Score:
        """Return the score of one sitting, unanswered items included."""
        _check_distinct(responses)
        by_area: dict[str, list[ScoredResponse]] = {}
        for response in responses:
            for area in lineage(response.area, self._parents):
                by_area.setdefault(area, []).append(response)
        whole = _total(responses)
        return Score(
            points=whole.points,
            possible=whole.possible,
            answered=whole.answered,
            percent=whole.percent,
            areas=MappingProxyType({area: _total(by_area[area]) for area in sorted(by_area)}),
        )


def lineage(area: str, parents: Mapping[str, str]) -> Iterator[str]:
    """Return an area, then the area above it, up to the top."""
    yield area
    while area in parents:
        area = parents[area]
        yield area


def _check_no_cycle(area: str, parents: Mapping[str, str]) -> None:
    seen = set()
    for step in lineage(area, parents):
        if step in seen:
            raise fault("parents", "without a cycle", step, area)
        seen.add(step)


def _check_distinct(responses: Iterable[ScoredResponse]) -> None:
    seen = set()
    for response in responses:
        if response.item_id in seen:
            raise fault("responses", "one an item", "two", response.item_id)
        seen.add(response.item_id)


def _total(responses: Iterable[ScoredResponse]) -> AreaScore:
    points: int | Fraction = 0
    possible: int | Fraction = 0
    answered = 0
    for response in responses:
        points += _exact(response.points)
        possible += _exact(response.possible)
        answered += response.answered
    return AreaScore(float(points), float(possible), answered, percent(points, possible))


def _exact(points: float) -> int | Fraction:
    if float(points).is_integer():
        return int(points)
    return Fraction(points).limit_denominator(_FINEST_PART)


def percent(points: int | Fraction, possible: int | Fraction) -> float:
    """Return a share in percent, rounded down to two decimals; 0 where nothing was possible."""
    if not possible:
        return 0.0
    steps: int = points * 100 * _STEPS_PER_PERCENT // possible
    return steps / _STEPS_PER_PERCENT


def reaches(percentage: float, cut: float) -> bool:
    """Return whether a percentage rounded down is at a cut of at most two decimals or above."""
    if round(cut, PERCENT_DECIMALS) != cut:
        raise fault("cut", f"a percentage of at most {PERCENT_DECIMALS} decimals", cut)
    return percentage >= cut
