"""Rubrics: what a performance is scored against, criterion by criterion, on one ordered scale."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType
from typing import TypeVar

from itembank.faults import fault, sentence
from itembank.wording import checked_key, checked_wording

FEWEST_LEVELS = 2
MOST_LEVELS = 12
MOST_CRITERIA = 60
MOST_POINTS = 10_000

_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, kw_only=True)
class Level:
    """One step of a rubric's scale, and the points that it is worth."""

    key: str
    title: Mapping[str, str]
    points: int

    def __post_init__(self) -> None:
        checked_key(self.key, "level.key")
        object.__setattr__(self, "title", checked_wording(self.title, "title", self.key))
        checked_whole(self.points, "points", 0, MOST_POINTS, self.key)


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One thing that is looked for, with what each level of it looks like, in words.

    `descriptors` holds a wording for each level, by the level's key. `weight` counts where points
    are added up. A criterion with a `safety_level` is safety-critical: below that level nothing
    else compensates. `observers_may_rate` says whether those who saw the work are asked about it.
    """

    key: str
    title: Mapping[str, str]
    descriptors: Mapping[str, Mapping[str, str]]
    weight: int = 1
    safety_level: str = ""
    observers_may_rate: bool = True

    def __post_init__(self) -> None:
        checked_key(self.key, "criterion.key")
        object.__setattr__(self, "title", checked_wording(self.title, "title", self.key))
        object.__setattr__(self, "descriptors", _descriptors(self.descriptors, self.key))
        checked_whole(self.weight, "weight", 1, MOST_POINTS, self.key)
        checked_truth(self.observers_may_rate, "observers_may_rate", self.key)

    @property
    def is_safety_critical(self) -> bool:
        """Whether nothing else compensates for falling short of it."""
        return bool(self.safety_level)


@dataclass(frozen=True, kw_only=True)
class Rubric:
    """One version of a rubric; checked when made, read-only afterwards.

    `levels` run from the lowest to the highest and are worth ever more points. A criterion that was
    not observed has no level: that is not the lowest one.
    """

    key: str
    version: int = 1
    title: Mapping[str, str]
    levels: tuple[Level, ...]
    criteria: tuple[Criterion, ...]

    def __post_init__(self) -> None:
        checked_key(self.key, "key")
        checked_whole(self.version, "version", 1, 10**9, self.key)
        object.__setattr__(self, "title", checked_wording(self.title, "title", self.key))
        object.__setattr__(self, "levels", tuple(self.levels))
        object.__setattr__(self, "criteria", tuple(self.criteria))
        _check_levels(self.levels, self.key)
        _check_number("criteria", self.criteria, 1, MOST_CRITERIA, self.key)
        checked_distinct([each.key for each in self.criteria], "criteria", self.key)
        for each in self.criteria:
            _check_criterion(each, self.scale)
        if not self.languages:
            allowed = "complete, levels and descriptors included, in at least one language"
            raise fault("title", allowed, sorted(self.title), self.key)

    @cached_property
    def scale(self) -> tuple[str, ...]:
        """The keys of the levels, lowest first."""
        return tuple(level.key for level in self.levels)

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages in which the whole rubric can be read."""
        return frozenset.intersection(*(frozenset(words) for words in _wordings(self)))

    @property
    def is_safety_critical(self) -> bool:
        """Whether any criterion is safety-critical."""
        return any(each.is_safety_critical for each in self.criteria)

    def criterion(self, key: str, where: str = "") -> Criterion:
        """Return the criterion of that key, or refuse a key that the rubric does not have."""
        for each in self.criteria:
            if each.key == key:
                return each
        known = ", ".join(each.key for each in self.criteria)
        raise fault("criterion", f"one of {known}", key, where)

    def rank(self, level: str, where: str = "") -> int:
        """Return the place of a level on the scale, from 0 for the lowest."""
        if level not in self.scale:
            raise fault("level", f"one of {', '.join(self.scale)}", level, where)
        return self.scale.index(level)


def checked_whole(value: object, argument: str, least: int, most: int, where: str = "") -> int:
    """Return a whole number between two others."""
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return value
    raise fault(argument, f"a whole number from {least} to {most}", value, where)


def checked_truth(value: object, argument: str, where: str = "") -> bool:
    """Return what is true or false, and nothing that is merely like it."""
    if isinstance(value, bool):
        return value
    raise fault(argument, "true or false", value, where)


def checked_word(kind: type[_Word], value: object, argument: str, where: str = "") -> _Word:
    """Return the member of an enumeration that a word names."""
    try:
        return kind(value)  # type: ignore[arg-type]  # whatever it is, the enum decides
    except ValueError:
        raise fault(argument, f"one of {', '.join(kind)}", value, where) from None


def checked_distinct(keys: Sequence[str], argument: str, where: str = "") -> Sequence[str]:
    """Return keys of which none stands twice."""
    for place, key in enumerate(keys):
        if key in keys[:place]:
            raise fault(argument, "without duplicates", key, where)
    return keys


def _descriptors(value: object, where: str) -> Mapping[str, Mapping[str, str]]:
    if not isinstance(value, Mapping):
        raise fault("descriptors", "a mapping of level to text", value, where)
    return MappingProxyType(
        {level: checked_wording(value[level], f"descriptors.{level}", where) for level in value}
    )


def _check_number(name: str, things: tuple[object, ...], least: int, most: int, where: str) -> None:
    if not least <= len(things) <= most:
        raise fault(name, f"{least} to {most}", len(things), where)


def _check_levels(levels: tuple[Level, ...], where: str) -> None:
    _check_number("levels", levels, FEWEST_LEVELS, MOST_LEVELS, where)
    checked_distinct([level.key for level in levels], "levels", where)
    for lower, higher in pairwise(levels):
        if higher.points <= lower.points:
            allowed = "worth more points than the level below"
            raise fault("levels", allowed, higher.points, f"{where}.{higher.key}")


def _check_criterion(criterion: Criterion, scale: tuple[str, ...]) -> None:
    for level in scale:
        if level not in criterion.descriptors:
            allowed = "given for every level"
            raise ValueError(sentence("descriptors", allowed, f"none for {level}", criterion.key))
    for level in criterion.descriptors:
        if level not in scale:
            raise fault("descriptors", f"keyed by {', '.join(scale)}", level, criterion.key)
    if criterion.is_safety_critical and criterion.safety_level not in scale[1:]:
        allowed = f"one of {', '.join(scale[1:])}: every performance reaches the lowest level"
        raise fault("safety_level", allowed, criterion.safety_level, criterion.key)


def _wordings(rubric: Rubric) -> Iterator[Mapping[str, str]]:
    yield rubric.title
    titled: Iterable[Level | Criterion] = (*rubric.levels, *rubric.criteria)
    for each in titled:
        yield each.title
    for criterion in rubric.criteria:
        yield from criterion.descriptors.values()
