"""What is made of tests of many items: which are flagged, and on how many answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from itembank.arguments import BoolArray, FloatArray, number, whole
from itembank.differential.answers import Answers
from itembank.differential.purifying import Rounds
from itembank.differential.results import (
    Adjustment,
    Differential,
    DifKind,
    DifMethod,
    DifSize,
    Effect,
    Tests,
)
from itembank.differential.significance import benjamini_hochberg, chi_squared_p

_EFFECTS = {
    DifMethod.MANTEL_HAENSZEL: Effect.DELTA,
    DifMethod.LOGISTIC: Effect.R2,
    DifMethod.LIKELIHOOD_RATIO: Effect.EXPECTED,
}


@dataclass(frozen=True)
class Verdict:
    """When an item is flagged, and on how many answers there is enough to say."""

    level: float
    adjustment: Adjustment
    asked: int | None
    method: DifMethod

    def __post_init__(self) -> None:
        number("level", self.level, "above 0 and below 1", lambda level: 0 < level < 1)
        if self.asked is not None:
            whole("needed", self.asked, 0)

    @property
    def needed(self) -> int:
        """How many answers the smaller group needs."""
        return self.method.needed if self.asked is None else self.asked

    def adjusted(self, tests: Tests) -> FloatArray:
        """Return p-values as the caller wants them adjusted."""
        p = chi_squared_p(tests.statistic, tests.degrees)
        return p if self.adjustment is Adjustment.NONE else benjamini_hochberg(p)

    def flagged(self, tests: Tests) -> BoolArray:
        """Return which items are flagged."""
        return np.asarray(self.adjusted(tests) < self.level)

    def of(self, rounds: Rounds[Tests], answers: Answers, kind: DifKind) -> Differential:
        """Return the result."""
        tests, n = rounds.found, answers.counts
        enough = n.min(axis=1) >= self.needed
        size = [
            own if some else DifSize.NOT_ENOUGH
            for own, some in zip(tests.size, enough & ~np.isnan(tests.statistic), strict=True)
        ]
        return Differential(
            method=self.method,
            kind=kind,
            reference=answers.reference,
            focal=answers.focal,
            statistic=tests.statistic,
            degrees=tests.degrees,
            p=chi_squared_p(tests.statistic, tests.degrees),
            p_adjusted=self.adjusted(tests),
            flagged=self.flagged(tests),
            effect=tests.effect,
            effect_se=tests.effect_se,
            direction=tests.direction,
            size=tuple(size),
            n=n,
            enough=enough,
            needed=self.needed,
            level=self.level,
            adjustment=self.adjustment,
            effect_kind=_EFFECTS[self.method],
            anchors=rounds.anchors,
            n_rounds=rounds.n_rounds,
            settled=rounds.settled,
            details=tests.details,
        )
