"""The gap report after a test: where the latest sitting was below the mark, and where to learn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from assessment.awards import service as awards
from assessment.catalogue import service as catalogue
from assessment.catalogue.models import AchievementVersion, MeasureKind, Opportunity
from assessment.errors import NoSuchRecord
from assessment.evidence.setting_aside import SetAside, tests_set_aside
from assessment.items import service as items
from assessment.items.models import Test
from assessment.rules import references
from assessment.sittings import service as sittings


@dataclass(frozen=True)
class WeakArea:
    """An area to learn."""

    key: str
    title: Mapping[str, str]


@dataclass(frozen=True)
class TestGaps:
    """What a learner might learn before sitting a test again."""

    __test__ = False  # not a test case, whatever its name

    test: Test
    areas: tuple[WeakArea, ...]
    are_below: bool
    """Whether the latest sitting showed these areas below the mark; otherwise they are all."""
    opportunities: tuple[Opportunity, ...]
    eligibility: sittings.EligibilityView
    leads_to: tuple[AchievementVersion, ...]
    set_aside: tuple[SetAside, ...]
    """Results of it that a registrar set aside."""


def gaps_of(learner_id: str, test_key: str) -> TestGaps:
    """Return the gaps of a learner in a test that they have sat; NoSuchRecord if they have not."""
    test = items.current_test(test_key)
    if test is None or not sittings.past_sittings(learner_id, test_key):
        raise NoSuchRecord("test", test_key)
    mark = Fraction(str(test.cuts[0]["percent"]))
    facts = awards.facts_of(learner_id)
    weak = awards.weak_areas(test_key, facts, mark)
    found = catalogue.opportunities_for(awards.competencies_of(test_key, weak))
    return TestGaps(
        test=test,
        areas=_titled(test_key, weak),
        are_below=bool(awards.areas_below(test_key, facts, mark)),
        opportunities=tuple(found),
        eligibility=sittings.eligibility_view(learner_id, test),
        leads_to=_leading_to(test_key),
        set_aside=tuple(
            each
            for each in tests_set_aside(learner_id).values()
            if each.evidence.measure_key == test_key
        ),
    )


def _titled(test_key: str, keys: list[str]) -> tuple[WeakArea, ...]:
    measure = catalogue.current_measure(MeasureKind.TEST, test_key)
    rows = measure.areas if measure else []
    return tuple(WeakArea(row["key"], row["title"]) for row in rows if row["key"] in keys)


def _leading_to(test_key: str) -> tuple[AchievementVersion, ...]:
    """Return the published achievements whose own rule names the test."""
    return tuple(
        version
        for version in catalogue.published()
        if test_key in {each.key for each in references(catalogue.rule_of(version)).tests}
    )
