"""Two groups of learners, each with people of equal ability in the other to compare them with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import itembank
from assessment.analysis.bank_report.populations import Group
from assessment.analysis.responses import NOT_GIVEN, RecordedScores
from assessment.locale import gettext as _

MOSTLY = 0.5
"""Share of learners with the same questions from which they alone are compared, by their total."""


@dataclass(frozen=True)
class Pair:
    """Two groups of one grouping: the reference, and the focal group."""

    key: str
    title: str
    reference: str
    focal: str

    @property
    def name(self) -> str:
        """What the section is called."""
        return _(
            "%(title)s: %(one)s and %(other)s",
            title=self.title,
            one=self.reference,
            other=self.focal,
        )


@dataclass(frozen=True, eq=False)
class Compared:
    """Scores of two groups, the label of each learner, and the keys of the items.

    `ability` is what people are matched on; None where they had the same questions, whose total
    serves.
    """

    scores: NDArray[np.int8]
    labels: NDArray[np.str_]
    names: tuple[str, ...]
    ability: NDArray[np.float64] | None = None

    def size(self, label: str) -> int:
        """Return how many learners of a group are compared."""
        return int(np.count_nonzero(self.labels == label))


def labels_of(recorded: RecordedScores, of_learner: Mapping[str, str]) -> NDArray[np.str_]:
    """Return the label of each row; empty where none is known."""
    return np.array([of_learner.get(learner, "") for learner in recorded.learners], dtype=np.str_)


def compared(
    own: RecordedScores, of_learner: Mapping[str, str], pair: Pair, group: Group | None
) -> Compared:
    """Return what two groups answered in a test: by total where most had the same questions.

    Otherwise by ability, over the items on the scale; where there is no scale, nothing is left but
    those who did have the same questions.
    """
    everybody, labels = _of_pair(own, of_learner, pair)
    same = _same_questions(everybody, labels)
    if group is None or len(same.labels) > MOSTLY * everybody.persons:
        return same
    return _by_ability(*_of_pair(group.recorded, of_learner, pair), group)


def _of_pair(
    recorded: RecordedScores, of_learner: Mapping[str, str], pair: Pair
) -> tuple[RecordedScores, NDArray[np.str_]]:
    labels = labels_of(recorded, of_learner)
    kept = (labels == pair.reference) | (labels == pair.focal)
    return recorded.keep_persons(kept), labels[kept]


def _same_questions(recorded: RecordedScores, labels: NDArray[np.str_]) -> Compared:
    """Return those who were asked all that anybody was asked."""
    asked = np.flatnonzero((recorded.scores != NOT_GIVEN).any(axis=0))
    scores = recorded.scores[:, asked]
    whole = (scores != NOT_GIVEN).all(axis=1)
    varied = _varied(scores[whole])
    names = tuple(recorded.items[place].key for place in asked[varied])
    return Compared(scores[whole][:, varied], labels[whole], names)


def _by_ability(recorded: RecordedScores, labels: NDArray[np.str_], group: Group) -> Compared:
    """Return everybody, with the ability that the calibrated items show."""
    varied = _varied(recorded.scores)
    scores = recorded.scores[:, varied]
    answered = (scores != NOT_GIVEN).any(axis=1)
    names = tuple(recorded.items[place].key for place in np.flatnonzero(varied))
    found = itembank.estimate_ability(
        recorded.scores[answered], group.parameters, prior=group.prior
    )
    return Compared(scores[answered], labels[answered], names, found.theta)


def _varied(scores: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Return which items have both a right answer and another."""
    return np.asarray((scores == 1).any(axis=0) & (scores == 0).any(axis=0))
