"""How sure marks and whole rules are: at the mark that decides, as tests are given and scored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pytest
from flask import Flask

import itembank
from assessment.analysis.bank_report.awarding import awarding_section, rules_about, sureness_asked
from assessment.analysis.bank_report.deciding import decision_sections
from assessment.analysis.bank_report.delivering import Delivered, delivered, population
from assessment.analysis.bank_report.marks import accuracy_section
from assessment.analysis.bank_report.sections import Section
from assessment.analysis.bank_report.simulating import Taking, mark_accuracy
from assessment.analysis.responses import RecordedScores, asked_items
from assessment.demo.builders.examinations import (
    AREAS,
    BUILDER,
    build_achievement,
    build_adaptive_test,
    build_bank,
    build_scale,
    build_test,
)
from assessment.demo.builders.people import build_institution
from assessment.items import service as items
from assessment.items.models import Bank
from assessment.people.models import Institution

SAT = 200
MEAN, SD = 0.4, 1.2
WHOLE = dict.fromkeys(AREAS, 12)


@dataclass(frozen=True)
class Place:
    """A bank with an institution of its own."""

    institution: Institution
    bank: Bank


@pytest.fixture
def place(context: Flask) -> Place:
    institution = build_institution("report-college")
    return Place(institution, build_bank(institution, "report"))


def sittings(bank: Bank, tests: Mapping[str, int], spread: float = 2.0) -> RecordedScores:
    """Return sittings of tests of so many questions each, drawn for each learner."""
    asked = asked_items(bank.id)
    rng = np.random.default_rng(4)
    persons = SAT * len(tests)
    difficulty = np.tile(np.linspace(-spread, spread, 12), 2)
    own = itembank.ItemParameters("2pl", 1.5, difficulty)
    scores = itembank.simulate_scores(rng.normal(MEAN, SD, persons), own, seed=4).astype(np.int8)
    lengths = np.repeat([*tests.values()], SAT)[:, np.newaxis]
    scores[rng.random(scores.shape).argsort(axis=1) >= lengths] = -1
    names = tuple(test for test in tests for _ in range(SAT))
    return RecordedScores(scores, asked, names, learners=tuple(map(str, range(persons))))


def given(place: Place, **tests: int) -> dict[str, Delivered]:
    """Return the bank's tests as they are delivered, of those with so many questions."""
    recorded = sittings(place.bank, tests)
    found = {each.key: delivered(each, recorded) for each in items.current_tests(place.bank.id)}
    return {key: each for key, each in found.items() if each is not None}


def rows_of(section: Section) -> list[dict[str, object]]:
    """Return the rows of a table by the titles of its columns."""
    if section.table is None:
        return []
    return [dict(zip(section.table.titles, row, strict=True)) for row in section.table.rows]


def test_the_ability_of_those_who_sat_is_found_on_the_scale_in_use() -> None:
    rng = np.random.default_rng(1)
    own = itembank.ItemParameters("2pl", 1.4, rng.normal(size=20))
    scores = itembank.simulate_scores(rng.normal(0.7, 1.3, 3_000), own, seed=2).astype(np.int8)
    scores[rng.random(scores.shape) < 0.3] = -1
    found = population(scores, own)
    assert found.mean == pytest.approx(0.7, abs=0.08)
    assert found.sd == pytest.approx(1.3, abs=0.08)


def test_an_adaptive_test_is_simulated_at_its_mark(place: Place) -> None:
    build_scale(place.bank)
    build_adaptive_test(place.institution, "report", "quick")
    made = given(place, quick=12)
    (row,) = rows_of(accuracy_section(place.bank.id, None, made, {}, "en"))
    mark = made["quick"].passing
    assert row["Decided by"] == f"ability above {mark.theta:.2f} logits, 50 % sure"
    assert 0.75 < float(str(row["Accuracy"])) < 0.99
    sure = mark_accuracy(made["quick"], mark, 0.95)
    assert sure.false_positive.value < float(str(row["Passed wrongly"]))
    assert sure.false_negative.value > float(str(row["Failed wrongly"]))


def test_a_simulated_adaptive_sitting_has_the_questions_that_its_design_chose(place: Place) -> None:
    build_scale(place.bank)
    build_adaptive_test(place.institution, "report", "quick")
    (of,) = given(place, quick=12).values()
    rows = Taking(of, of.passing)(np.array([-3.0, 0.0, 3.0]), 1)
    assert np.all((rows[:, 1] >= 4) & (rows[:, 1] <= 12))
    assert rows[0, 2] < 0.1 < 0.9 < rows[2, 2]
    assert np.all((rows[:, 3] <= rows[:, 2]) & (rows[:, 2] <= rows[:, 4]))


def test_a_mark_that_a_panel_set_is_looked_at_where_it_lies(place: Place) -> None:
    test = build_test(place.institution, "report", "judged", blueprint=WHOLE)
    keys = tuple(each.key for each in asked_items(place.bank.id))
    ratings = tuple((share,) * len(keys) for share in (0.45, 0.5, 0.55))
    items.publish_standard(place.bank.id, items.NewStandard(items=keys, ratings=ratings), BUILDER)
    recorded = sittings(place.bank, {"judged": 24}, spread=0.0)
    of = delivered(test, recorded)
    assert of is not None
    (row,) = rows_of(accuracy_section(place.bank.id, None, {"judged": of}, {}, "en"))
    assert of.passing.theta == pytest.approx(0.0, abs=1e-3)
    assert str(row["Decided by"]).startswith("ability above")
    theta = np.random.default_rng(1).normal(of.people.mean, of.people.sd, 20_000)
    rudner = itembank.classification_accuracy(of.parameters, 0.0, method="rudner", theta=theta)
    assert float(str(row["Accuracy"])) == pytest.approx(rudner.accuracy, abs=0.05)


def test_a_whole_rule_is_simulated_leaf_by_leaf(place: Place) -> None:
    build_scale(place.bank)
    build_test(place.institution, "report", "long", blueprint=WHOLE)
    build_adaptive_test(place.institution, "report", "quick")
    sure: dict[str, object] = {"test": "quick", "mastery": 0.9}
    points: dict[str, object] = {"test": "long", "percent": 75}
    for key, rule in {
        "sure": sure,
        "points": points,
        "both": {"all": [sure, points]},
        "either": {"any": [sure, points]},
        "other": {"all": [sure, {"achievement": "points"}]},
    }.items():
        build_achievement(place.institution, key, rule)
    named = rules_about(place.bank.id)
    assert sureness_asked(named) == {"quick": [0.9]}
    made = given(place, long=24, quick=12)
    section = awarding_section(named, made, "en")
    rows = {str(row["Achievement"]): row for row in rows_of(section)}
    assert set(rows) == {"sure", "points", "both", "either"}
    assert section.sentences[1].endswith(": other.")
    assert rows["both"]["Tests"] == "long, quick"
    people = made["long"].people
    theta = np.random.default_rng(2).normal(people.mean, people.sd, 5_000)
    (lee,) = itembank.classification_accuracy(made["long"].parameters, 18, theta=theta).by_cut
    points_alone = rows["points"]
    assert float(str(points_alone["Accuracy"])) == pytest.approx(lee.accuracy, abs=0.03)
    assert float(str(points_alone["Granted wrongly"])) == pytest.approx(
        lee.false_positive, abs=0.03
    )
    refused = {key: float(str(row["Refused wrongly"])) for key, row in rows.items()}
    assert refused["either"] < refused["sure"]
    assert refused["sure"] > refused["points"]


def test_a_rule_about_one_mark_is_as_sure_as_the_mark(place: Place) -> None:
    build_scale(place.bank)
    build_test(place.institution, "report", "long", blueprint=WHOLE)
    build_achievement(place.institution, "sure", {"test": "long", "mastery": 0.8})
    opens = {"test": "long", "mastery": 0.7}
    build_test(place.institution, "report", "next", opens_when=opens)
    recorded = sittings(place.bank, {"long": 24})
    marks, whole = decision_sections(place.bank.id, recorded, None, "en")
    (to_open, of_mark), (of_rule,) = rows_of(marks), rows_of(whole)
    assert str(to_open["Decided by"]).endswith("logits, 70 % sure")
    assert str(of_mark["Decided by"]).endswith("logits, 80 % sure")
    assert of_rule["Accuracy"] == of_mark["Accuracy"]
    assert of_rule["Granted wrongly"] == of_mark["Passed wrongly"]


def test_without_a_scale_or_sittings_nothing_is_simulated(place: Place) -> None:
    build_test(place.institution, "report", "long", blueprint=WHOLE)
    assert given(place, long=24) == {}
    build_scale(place.bank)
    assert given(place, other=24) == {}
    assert list(given(place, long=24)) == ["long"]
    marks, whole = decision_sections(place.bank.id, sittings(place.bank, {"other": 24}), None, "en")
    assert marks.table is None
    assert whole.sentences == ("No published achievement asks for a test of this bank.",)
