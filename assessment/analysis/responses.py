"""What learners answered to a bank's items, as the matrix that a calibration takes."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, select

import itembank
from assessment.extensions import db
from assessment.items import service as items
from assessment.items.models import Item, ItemVersion, Test
from assessment.items.service import PanelPrior
from assessment.sittings.models import Response, Sitting, SittingItem, SittingState

NOT_GIVEN = -1
BATCH = 10_000
_BLANK = itembank.BLANK.canonical


@dataclass(frozen=True)
class AskedItem:
    """An item in use, as its current version says."""

    key: str
    area: str
    version_id: str


@dataclass(frozen=True, eq=False)
class RecordedScores:
    """Scores of a bank's items, one row for each first sitting of a learner in a test.

    What was asked and left open when the sitting ended was not right. A wording of old counts with
    the current one only where the two are the same to the letter.
    """

    scores: NDArray[np.int8]
    """Shape (n_persons, n_items): 1 right, 0 not right, -1 not asked."""
    items: tuple[AskedItem, ...]
    tests: tuple[str, ...]
    """The key of each row's test: those who pass a pre-test are another group than all."""
    left_open: int = 0
    """Sittings without a single answer: they say nothing of the items, and have no row."""
    panel: PanelPrior | None = None
    """What a panel believes of the items; None where none placed them."""
    learners: tuple[str, ...] = ()
    """Whose each row is."""
    chosen: NDArray[np.int16] | None = None
    """Shape (n_persons, n_items): the option, -1 where none was chosen or none is offered."""

    @property
    def persons(self) -> int:
        """How many rows there are."""
        return len(self.tests)

    @property
    def groups(self) -> tuple[str, ...]:
        """The tests as groups, the one with the most sittings first: it sets the scale."""
        sizes = Counter(self.tests)
        return tuple(sorted(sizes, key=lambda test: (-sizes[test], test)))

    @property
    def codes(self) -> NDArray[np.int64]:
        """Each row's group, by its place in `groups`."""
        places = {test: place for place, test in enumerate(self.groups)}
        return np.array([places[test] for test in self.tests], dtype=np.int64)

    def keep_items(self, kept: Sequence[int]) -> RecordedScores:
        """Return some of the items, with the persons who were asked one of them."""
        scores = self.scores[:, list(kept)]
        rows = np.flatnonzero(np.any(scores != NOT_GIVEN, axis=1))
        return replace(
            self._keep_rows(rows),
            scores=scores[rows],
            items=tuple(self.items[place] for place in kept),
            chosen=None if self.chosen is None else self.chosen[rows][:, list(kept)],
        )

    def keep_tests(self, kept: Iterable[str]) -> RecordedScores:
        """Return the persons who sat one of some tests."""
        wanted = frozenset(kept)
        rows = [row for row, test in enumerate(self.tests) if test in wanted]
        return self._keep_rows(np.array(rows, dtype=np.int64))

    def keep_persons(self, kept: NDArray[np.bool_]) -> RecordedScores:
        """Return some of the rows."""
        return self._keep_rows(np.flatnonzero(kept))

    def _keep_rows(self, rows: NDArray[np.int64]) -> RecordedScores:
        return replace(
            self,
            scores=self.scores[rows],
            tests=tuple(self.tests[row] for row in rows),
            learners=tuple(self.learners[row] for row in rows) if self.learners else (),
            chosen=None if self.chosen is None else self.chosen[rows],
        )

    @property
    def believed(self) -> NDArray[np.bool_]:
        """Which items a panel believes something of."""
        known = {} if self.panel is None else self.panel.thresholds
        return np.array([each.version_id in known for each in self.items], dtype=bool)


@dataclass
class _Sheets:
    """The sheets of answers as they are read: places and scores, in arrays that stay small."""

    columns: Mapping[str, int]
    """The place of each item version, of those with the current wording."""
    contents: Mapping[str, itembank.Item]
    tests: list[str] = field(default_factory=list)
    answered: set[int] = field(default_factory=set)
    rows: array[int] = field(default_factory=lambda: array("l"))
    places: array[int] = field(default_factory=lambda: array("l"))
    scores: array[int] = field(default_factory=lambda: array("b"))
    options: array[int] = field(default_factory=lambda: array("h"))
    learners: list[str] = field(default_factory=list)
    known: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    """The score and the option of each different answer, found once."""

    def add(self, version_id: str, answer: str | None) -> None:
        """Add one question of the sheet that was begun last."""
        row = len(self.tests) - 1
        blank = answer is None or answer == _BLANK
        if not blank:
            self.answered.add(row)
        place = self.columns.get(version_id)
        if place is not None:
            self.rows.append(row)
            self.places.append(place)
            score, option = (0, -1) if blank or answer is None else self._read(version_id, answer)
            self.scores.append(score)
            self.options.append(option)

    def _read(self, version_id: str, answer: str) -> tuple[int, int]:
        found = self.known.get((version_id, answer))
        if found is None:
            given = itembank.read_answer(answer)
            points = itembank.score_item(self.contents[version_id], given)
            option = given.chosen[0] if len(given.chosen) == 1 else -1
            found = self.known[version_id, answer] = (int(points >= 1), option)
        return found

    def matrix(self, asked: tuple[AskedItem, ...]) -> RecordedScores:
        """Return all sheets on which something was answered."""
        scores = np.full((len(self.tests), len(asked)), NOT_GIVEN, dtype=np.int8)
        scores[np.asarray(self.rows), np.asarray(self.places)] = np.asarray(self.scores)
        chosen = np.full(scores.shape, -1, dtype=np.int16)
        chosen[np.asarray(self.rows), np.asarray(self.places)] = np.asarray(self.options)
        kept = sorted(self.answered)
        return RecordedScores(
            scores[kept],
            asked,
            tuple(self.tests[row] for row in kept),
            len(self.tests) - len(kept),
            learners=tuple(self.learners[row] for row in kept),
            chosen=chosen[kept],
        )


def recorded_scores(bank_id: str) -> RecordedScores:
    """Return what was recorded of a bank: scored sittings, the first of each learner and test."""
    asked = asked_items(bank_id)
    columns = _columns(bank_id, asked)
    sheets = _Sheets(columns, items.contents(columns))
    current = None
    questions = _answers(bank_id).execution_options(yield_per=BATCH)
    for learner_id, sitting_id, test, version_id, answer in db.session.execute(questions):
        if (learner_id, sitting_id) != current:
            current = learner_id, sitting_id
            sheets.tests.append(test)
            sheets.learners.append(learner_id)
        sheets.add(version_id, answer)
    return replace(sheets.matrix(asked), panel=items.panel_prior(bank_id))


def asked_items(bank_id: str) -> tuple[AskedItem, ...]:
    """Return a bank's items in use, in order of key."""
    pool = items.bank_pool(bank_id)
    found = [AskedItem(each.id, each.area, pool.version_ids[each.id]) for each in pool.items]
    return tuple(sorted(found, key=lambda each: each.key))


def _columns(bank_id: str, asked: tuple[AskedItem, ...]) -> dict[str, int]:
    """Return the place of every version whose wording is the current one's."""
    places = {each.version_id: place for place, each in enumerate(asked)}
    query = (
        select(ItemVersion.id, ItemVersion.item_id, ItemVersion.digest)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(Item.bank_id == bank_id)
    )
    versions = [
        (version_id, (item_id, digest)) for version_id, item_id, digest in db.session.execute(query)
    ]
    wordings = {wording: places[id_] for id_, wording in versions if id_ in places}
    return {id_: wordings[wording] for id_, wording in versions if wording in wordings}


def _answers(bank_id: str) -> Select[str, str, str, str, str]:
    """Return every question of every sitting that counts, a sitting's questions together."""
    return (
        select(
            Sitting.learner_id,
            Sitting.id,
            Sitting.test_key,
            SittingItem.item_version_id,
            Response.answer,
        )
        .join(Test, Test.id == Sitting.test_id)
        .join(
            SittingItem,
            (SittingItem.learner_id == Sitting.learner_id) & (SittingItem.sitting_id == Sitting.id),
        )
        .outerjoin(
            Response,
            (Response.learner_id == SittingItem.learner_id)
            & (Response.sitting_id == SittingItem.sitting_id)
            & (Response.position == SittingItem.position),
        )
        .where(Test.bank_id == bank_id, Sitting.number == 1)
        .where(Sitting.state == SittingState.SCORED)
        .order_by(Sitting.learner_id, Sitting.id)
    )
