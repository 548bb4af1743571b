"""What practice showed, area by area, and where it leads; nothing of it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

import itembank
from assessment.catalogue import service as catalogue
from assessment.catalogue.models import Competency, Opportunity
from assessment.extensions import db
from assessment.items.models import Area, Test
from assessment.sittings.answering import AsShown
from assessment.sittings.practice import Progress, Try, drawn
from assessment.sittings.scoring import parents


@dataclass(frozen=True)
class AreaShown:
    """What the answers to the questions of one area show, and where to learn more of it."""

    title: Mapping[str, str]
    points: float
    possible: float
    checked: int
    learning: tuple[Opportunity, ...]

    @property
    def complete(self) -> bool:
        """Whether every question of the area was answered right."""
        return self.points == self.possible


@dataclass(frozen=True)
class SelfCheck:
    """What the visitor showed, area by area, and the tests that may come next."""

    test: Test
    points: float
    possible: float
    checked: int
    areas: tuple[AreaShown, ...]
    next_tests: tuple[Test, ...]


def self_check(test: Test, progress: Progress) -> SelfCheck:
    """Return what was shown in each area, and what to do next."""
    score = itembank.PercentScoring(parents(test.bank_id)).score(_responses(test, progress))
    rows = select(Area).filter_by(bank_id=test.bank_id).order_by(Area.position)
    areas = list(db.session.scalars(rows))
    worded = catalogue.competencies({area.competency for area in areas if area.competency})
    return SelfCheck(
        test=test,
        points=score.points,
        possible=score.possible,
        checked=score.answered,
        areas=tuple(
            _area_shown(area, score.areas[area.key], worded)
            for area in areas
            if area.parent is None and area.key in score.areas
        ),
        next_tests=_next_tests(worded),
    )


def _responses(test: Test, progress: Progress) -> list[itembank.ScoredResponse]:
    nothing = Try(AsShown((), ""), checked=False)
    responses = []
    for position, question in enumerate(drawn(test, progress), start=1):
        given = progress.tries.get(position, nothing)
        responses.append(
            itembank.ScoredResponse(
                item_id=question.item.id,
                area=question.item.area,
                points=question.points(given.shown) if given.checked else 0.0,
                answered=given.checked,
            )
        )
    return responses


def _area_shown(
    area: Area, score: itembank.AreaScore, worded: Mapping[str, Competency]
) -> AreaShown:
    competency = worded.get(area.competency or "")
    complete = score.points == score.possible
    learning = [] if complete or not competency else catalogue.opportunities_for([competency.key])
    return AreaShown(
        title=competency.title if competency else area.title,
        points=score.points,
        possible=score.possible,
        checked=score.answered,
        learning=tuple(learning[:1]),
    )


def _next_tests(competency_keys: Iterable[str]) -> tuple[Test, ...]:
    """Return the tests that count, are open to all, and ask this; the shortest first."""
    banks = select(Area.bank_id).where(Area.competency.in_(list(competency_keys)))
    rows = select(Test).where(
        Test.is_current,
        Test.is_practice.is_(False),
        Test.opens_when.is_(None),
        Test.bank_id.in_(banks),
    )
    return tuple(sorted(db.session.scalars(rows), key=_length))


def _length(test: Test) -> tuple[int, str]:
    return sum(test.blueprint.values()), test.key
