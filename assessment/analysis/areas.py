"""Which areas of a test tell more than its total: found from recorded sittings, and kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select

import itembank
from assessment.access import Actor
from assessment.analysis.responses import NOT_GIVEN, AskedItem, RecordedScores, recorded_scores
from assessment.extensions import db
from assessment.items import service as items
from assessment.items.models import Area, Test
from assessment.sittings.models import Sitting, SittingState
from itembank.subscoring import Forms, Reporting, Subscore

FEWEST_SITTINGS = 200
"""Of a test: fewer do not tell what its areas do."""
MORE_BY = 1.2
"""How many times the sittings of the last report there are before there is another."""
_FEWEST_AREAS = 2


@dataclass(frozen=True, eq=False)
class TestAreas:
    """What sittings of one test say of its areas, those above others included."""

    __test__ = False  # not a test case, whatever its name

    test: Test
    persons: int
    areas: Mapping[str, items.AreaFigures]

    @property
    def told(self) -> tuple[str, ...]:
        """The areas that tell more than the total."""
        return tuple(key for key, each in self.areas.items() if each.told)


def test_areas(bank_id: str, recorded: RecordedScores) -> list[TestAreas]:
    """Return what recorded scores say of the areas of each linear test of a bank.

    Nothing of a test with too few sittings, and of an adaptive one, whose questions are chosen.
    """
    above = _parents(bank_id)
    found = []
    for test in items.current_tests(bank_id):
        own = _asked_in(test, recorded)
        if test.adaptive is None and own.persons >= FEWEST_SITTINGS:
            found.append(TestAreas(test, own.persons, _figures(own, above)))
    return found


def _asked_in(test: Test, recorded: RecordedScores) -> RecordedScores:
    """Return the sittings of a test, with the items of areas that its current version asks."""
    own = recorded.keep_tests([test.key])
    return own.keep_items(
        [place for place, item in enumerate(own.items) if item.area in test.blueprint]
    )


def keep_areas(found: Sequence[TestAreas], actor: Actor) -> None:
    """Keep what was found of areas; result pages go by it from now on."""
    for each in found:
        items.record_areas(each.test.id, each.persons, each.areas, actor)


def banks_to_report() -> list[str]:
    """Return the banks some test of which has many more sittings than its areas' report."""
    return sorted({test.bank_id for test in _linear_tests() if _is_due(test)})


def report_bank(bank_id: str, actor: Actor) -> list[TestAreas]:
    """Return what is known of the areas of a bank's tests from what is recorded now; keep it."""
    found = test_areas(bank_id, recorded_scores(bank_id))
    keep_areas(found, actor)
    return found


def _linear_tests() -> Iterator[Test]:
    rows = select(Test).where(Test.is_current, Test.is_practice.is_(False))
    return (test for test in db.session.scalars(rows) if test.adaptive is None)


def _is_due(test: Test) -> bool:
    before = items.latest_areas(test.id)
    scored = (
        select(func.count())
        .select_from(Sitting)
        .where(
            Sitting.test_key == test.key, Sitting.number == 1, Sitting.state == SittingState.SCORED
        )
    )
    number = db.session.scalar(scored) or 0
    return number >= FEWEST_SITTINGS and (before is None or number >= MORE_BY * before.persons)


def _parents(bank_id: str) -> dict[str, str | None]:
    rows = select(Area.key, Area.parent).filter_by(bank_id=bank_id).order_by(Area.position)
    return dict(db.session.execute(rows).all())


def _figures(
    recorded: RecordedScores, above: Mapping[str, str | None]
) -> dict[str, items.AreaFigures]:
    """Return what is known of the areas that items are in, and of the areas above those."""
    given = np.flatnonzero(np.any(recorded.scores != NOT_GIVEN, axis=0))
    asked, scores = [recorded.items[place] for place in given], recorded.scores[:, given]
    levels = [[each.area for each in asked], [_top(each, above) for each in asked]]
    found: dict[str, items.AreaFigures] = {}
    for areas in levels:
        found |= _partition(scores, areas)
    return found


def _top(item: AskedItem, above: Mapping[str, str | None]) -> str:
    key, passed = item.area, set[str]()
    while (parent := above.get(key)) is not None and parent not in passed:
        passed.add(key)
        key = parent
    return key


def _partition(scores: NDArray[np.int8], areas: Sequence[str]) -> dict[str, items.AreaFigures]:
    """Return what is known of areas that share all items among them.

    Nothing of a single one, nor where too few had questions of some two: versions of a test may
    differ in what they ask.
    """
    if len(set(areas)) < _FEWEST_AREAS or _met_together(scores, areas) < FEWEST_SITTINGS:
        return {}
    is_whole = not np.any(scores == NOT_GIVEN)
    found = itembank.subscores(scores, areas, forms=Forms.SAME if is_whole else Forms.DRAWN)
    return {each.area: _kept(each) for each in found.areas}


def _met_together(scores: NDArray[np.int8], areas: Sequence[str]) -> int:
    """Return how many sittings the two areas had that were asked together least often."""
    names = np.array(areas)
    asked = np.array(
        [np.any(scores[:, names == area] != NOT_GIVEN, axis=1) for area in dict.fromkeys(areas)],
        dtype=np.int64,
    )
    return int((asked @ asked.T).min())


def _kept(found: Subscore) -> items.AreaFigures:
    return items.AreaFigures(
        items=round(found.n_items),
        reliability=found.reliability,
        prmse=found.prmse_subscore,
        prmse_total=found.prmse_total,
        prmse_augmented=found.prmse_augmented,
        told=found.reporting is Reporting.SHOWN,
    )
