"""The forms of a test: which questions were asked together, and how often."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assessment.analysis.responses import NOT_GIVEN, RecordedScores

MOST = 100
"""Forms that a figure is averaged over: beyond that, those of so many sittings, drawn at random."""
SEED = 20_260
"""Of that draw: the same sittings give the same report."""


@dataclass(frozen=True, eq=False)
class Forms:
    """The different forms of a test; one where everybody had the same questions.

    `asked` says which items are in each, shape (n_forms, n_items); `times`, how often it was given.
    """

    asked: NDArray[np.bool_]
    times: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.times)

    @property
    def items(self) -> tuple[NDArray[np.int64], ...]:
        """The places of each form's items."""
        return tuple(np.flatnonzero(form) for form in self.asked)

    def sample(self, most: int = MOST) -> Forms:
        """Return all of them where they are few, else those of so many sittings, drawn by a seed.

        A form that was given more often is as much likelier to be drawn.
        """
        if len(self) <= most:
            return self
        sittings = np.repeat(np.arange(len(self)), self.times)
        drawn = np.random.default_rng(SEED).choice(sittings, most, replace=False)
        places, times = np.unique(drawn, return_counts=True)
        return Forms(self.asked[places], times)


def forms_of(recorded: RecordedScores, length: int | None = None) -> Forms:
    """Return the forms that learners had; of so many questions alone where a length is given."""
    given = recorded.scores != NOT_GIVEN
    if length is not None:
        given = given[given.sum(axis=1) == length]
    asked, times = np.unique(given, axis=0, return_counts=True)
    return Forms(asked, times.astype(np.int64))
