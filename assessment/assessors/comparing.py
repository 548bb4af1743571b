"""Marks beside what was expected, and whether so many of them are good enough; pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

import numpy as np

import rubrics

Marks = Mapping[str, str | None]

N_RESAMPLES = 2000
SEED = 0
PERCENTILES = (2.5, 97.5)


@dataclass(frozen=True)
class Compared:
    """One rating beside what was expected: how many marks, alike, close, and dangerously wrong."""

    judged: int
    exact: int
    adjacent: int
    safety_misses: int

    def is_good(self, bar: Bar) -> bool:
        """Whether this one alone lies within the bar."""
        judged = max(self.judged, 1)
        is_alike = self.exact / judged >= bar.share_exact
        return is_alike and self.adjacent / judged >= bar.share_adjacent and not self.safety_misses


@dataclass(frozen=True)
class Bar:
    """What marks have to reach: shares from 0 to 1 over `needed` ratings or more.

    `misses` is how many dangerous misses are too many.
    """

    needed: int
    share_exact: float
    share_adjacent: float
    misses: int = 1


class Shortfall(StrEnum):
    """Why marks do not reach a bar."""

    TOO_FEW = "too few"
    EXACT = "exact"
    ADJACENT = "adjacent"
    SAFETY = "safety"


@dataclass(frozen=True)
class Share:
    """A share of marks, with the 95 % interval by resampling ratings; None where it has none."""

    value: float
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Judgement:
    """What ratings come to beside what was expected of them, and what they fall short of."""

    ratings: int
    judged: int
    exact: Share
    adjacent: Share
    safety_misses: int
    short_of: tuple[Shortfall, ...]

    @property
    def passed(self) -> bool:
        """Whether the bar is reached."""
        return not self.short_of


def compare(marks: Marks, expected: Marks, rubric: rubrics.Rubric) -> Compared:
    """Return a rating beside what was expected, over the criteria of which something was.

    "Not observed" is like "not observed" alone. It is a dangerous miss to call safe what is below
    the level that is critical for safety, or what could not be seen.
    """
    pairs = [(marks.get(key), level) for key, level in expected.items()]
    return Compared(
        judged=len(pairs),
        exact=sum(one == other for one, other in pairs),
        adjacent=sum(_is_close(one, other, rubric) for one, other in pairs),
        safety_misses=sum(
            _is_miss(marks.get(each.key), expected[each.key], each, rubric)
            for each in rubric.criteria
            if each.key in expected and each.is_safety_critical
        ),
    )


def _is_close(one: str | None, other: str | None, rubric: rubrics.Rubric) -> bool:
    if one is None or other is None:
        return one == other
    return abs(rubric.rank(one) - rubric.rank(other)) <= 1


def _is_miss(
    mark: str | None, expected: str | None, criterion: rubrics.Criterion, rubric: rubrics.Rubric
) -> bool:
    safe = rubric.rank(criterion.safety_level)
    is_safe = expected is not None and rubric.rank(expected) >= safe
    return mark is not None and rubric.rank(mark) >= safe and not is_safe


def judge(ratings: Sequence[Compared], bar: Bar) -> Judgement:
    """Return whether ratings reach a bar, all their marks counted together."""
    judged = sum(each.judged for each in ratings)
    exact, adjacent = _share(ratings, "exact"), _share(ratings, "adjacent")
    misses = sum(each.safety_misses for each in ratings)
    short = {
        Shortfall.TOO_FEW: len(ratings) < bar.needed,
        Shortfall.EXACT: exact.value < bar.share_exact,
        Shortfall.ADJACENT: adjacent.value < bar.share_adjacent,
        Shortfall.SAFETY: misses >= bar.misses,
    }
    return Judgement(
        ratings=len(ratings),
        judged=judged,
        exact=exact,
        adjacent=adjacent,
        safety_misses=misses,
        short_of=tuple(each for each, is_short in short.items() if is_short),
    )


def _share(ratings: Sequence[Compared], name: str) -> Share:
    """Return a share with its interval; whole ratings are resampled, whose marks go together."""
    judged = np.array([each.judged for each in ratings], dtype=float)
    right = np.array([getattr(each, name) for each in ratings], dtype=float)
    if not judged.sum():
        return Share(0.0, None, None)
    value = float(right.sum() / judged.sum())
    if len(ratings) < 2 or np.ptp(right / np.maximum(judged, 1)) == 0:
        return Share(value, None, None)
    drawn = np.random.default_rng(SEED).integers(0, len(ratings), (N_RESAMPLES, len(ratings)))
    shares = right[drawn].sum(axis=1) / judged[drawn].sum(axis=1)
    lower, upper = np.percentile(shares, PERCENTILES)
    return Share(value, float(lower), float(upper))


def judgement_to_text(judgement: Judgement) -> str:
    """Return a judgement as it is kept: canonical JSON, shares rounded to four places."""
    data = asdict(judgement)
    for name in ("exact", "adjacent"):
        data[name] = {
            key: None if each is None else round(each, 4) for key, each in data[name].items()
        }
    return json.dumps(data, sort_keys=True, separators=(",", ":"))


def judgement_from_text(text: str) -> Judgement:
    """Return the judgement that was kept."""
    data = json.loads(text)
    shares = {name: Share(**data[name]) for name in ("exact", "adjacent")}
    short = tuple(Shortfall(each) for each in data["short_of"])
    return Judgement(**(data | shares | {"short_of": short}))
