"""Publishing tests: what is refused, what is written for rules, and in which version."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

import itembank
from assessment.access import Role
from assessment.catalogue.models import MeasureKind
from assessment.catalogue.service import current_measure
from assessment.demo.builders import examinations
from assessment.demo.builders.catalogue import BUILDER, both
from assessment.demo.builders.items import (
    build_bank,
    build_test,
    choice_item,
    parsed_bank,
    specification,
)
from assessment.demo.builders.people import build_institution, build_staff
from assessment.errors import AssessmentError, Conflict, Forbidden, Invalid
from assessment.extensions import db
from assessment.items.models import Bank, Test, TestMode
from assessment.items.service import (
    Adaptivity,
    Cut,
    adaptivity_of,
    bank_pool,
    current_test,
    current_tests,
    pool,
    practice_tests,
    publish_test,
    shortfalls,
    test_from_json,
)
from assessment.people.models import Institution
from tests.assessment.people.actors import actor_for


@pytest.fixture
def bank(context: Flask) -> str:
    return build_bank(build_institution(), parsed_bank("a", "b", each=3))


def test_a_test_becomes_a_measure_that_rules_may_name(bank: str) -> None:
    test = build_test("pre", bank, attempts=2, window_days=30, wait_days=1)
    measure = current_measure(MeasureKind.TEST, "pre")
    assert measure is not None
    assert (measure.version, measure.attempts, measure.window_days) == (1, 2, 30)
    assert [(area["key"], area["count"]) for area in measure.areas] == [("a", 1), ("b", 1)]
    assert current_test("pre") is test
    build_test("post", bank, opens_when={"test": "pre", "percent": 80})
    opened = current_measure(MeasureKind.TEST, "post")
    assert opened is not None
    assert opened.opens_when == '{"percent":80,"test":"pre"}'


def test_publishing_again_makes_the_next_version(bank: str) -> None:
    first = build_test("pre", bank)
    second = build_test("pre", bank, minutes=45)
    assert (first.version, first.is_current) == (1, False)
    assert (second.version, second.is_current) == (2, True)
    assert current_tests(second.bank_id) == [second]
    measure = current_measure(MeasureKind.TEST, "pre")
    assert measure is not None
    assert (measure.version, measure.minutes) == (2, 45)


def test_sections_count_what_their_topics_ask(context: Flask) -> None:
    areas = (
        itembank.Area("s", both("Section")),
        itembank.Area("a", both("Topic a"), parent="s"),
        itembank.Area("b", both("Topic b"), parent="s"),
    )
    bank = build_bank(build_institution(), replace(parsed_bank("a", "b"), areas=areas))
    build_test("pre", bank, blueprint={"a": 1, "b": 2})
    measure = current_measure(MeasureKind.TEST, "pre")
    assert measure is not None
    assert {area["key"]: area["count"] for area in measure.areas} == {"s": 3, "a": 1, "b": 2}


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"blueprint": {"a": 1, "b": 4}}, "Area b has 3 of the 4"),
        ({"blueprint": {"nowhere": 1}}, "has no area nowhere. Its areas are: "),
        ({"blueprint": {"a": 0}}, "blueprint"),
        ({"blueprint": {}}, "blueprint"),
        ({"opens_when": {"test": "missing", "percent": 80}}, "'missing' at /test"),
        ({"opens_when": {"achievement": "missing"}}, "/achievement"),
        ({"opens_when": {"test": "t", "percent": 101}}, "/percent"),
        ({"opens_when": "always"}, "rule"),
        ({"cuts": ()}, "cuts"),
        ({"cuts": (Cut("p", both("P"), 80), Cut("h", both("H"), 70))}, "rise"),
        ({"cuts": (Cut("p", both("P"), 70), Cut("p", both("H"), 80))}, "twice"),
        ({"cuts": (Cut("p", {"en": "Passed"}, 70),)}, "cuts.p.title.fr"),
        ({"title": {"en": "English alone"}}, "title.fr"),
        ({"languages": ()}, "languages"),
        ({"languages": ("en", "de")}, "de"),
        ({"window_days": 30}, "attempts"),
        ({"mode": TestMode.ADAPTIVE, "attempts": 2}, "attest bank calibrate"),
        ({"mode": TestMode.ADAPTIVE}, "number of attempts, or days to wait"),
        ({"mode": TestMode.ADAPTIVE, "is_practice": True}, "Practice"),
        ({"adaptive": Adaptivity()}, "adaptive"),
        ({"institution": "nobody"}, "nobody"),
        ({"bank": "nobank"}, "nobank"),
        ({"key": "no good"}, "key"),
    ],
)
def test_what_cannot_be_delivered_is_refused_by_name(
    given: dict[str, Any], named: str, bank: str
) -> None:
    spec = specification("t", bank)
    with pytest.raises(Invalid) as refused:
        publish_test(replace(spec, **given), BUILDER)
    assert named in refused.value.sentence
    assert current_test("t") is None


def test_a_language_is_offered_only_where_the_bank_is_complete_in_it(context: Flask) -> None:
    english = [
        choice_item(f"e-{n}", "e", stem={"en": f"Only {n}?"}, options=({"en": "yes"}, {"en": "no"}))
        for n in range(2)
    ]
    areas = (itembank.Area("a", both("a")), itembank.Area("e", both("e")))
    parsed = replace(parsed_bank("a", items=english), areas=areas)
    bank = build_bank(build_institution(), parsed)
    with pytest.raises(Invalid) as refused:
        build_test("t", bank)
    assert "language fr" in refused.value.sentence
    assert refused.value.details == {"areas": ["e"]}
    assert build_test("t", bank, languages=("en",)).blueprint == {"a": 1, "e": 1}


def test_practice_is_open_to_all_and_no_rule_may_name_it(bank: str) -> None:
    test = build_test("try", bank, is_practice=True, cuts=())
    assert practice_tests() == [test]
    assert current_measure(MeasureKind.TEST, "try") is None
    with pytest.raises(Invalid):
        build_test("t", bank, opens_when={"test": "try", "percent": 50})
    with pytest.raises(Conflict):
        build_test("try", bank)


def test_a_key_belongs_to_the_institution_that_published_it(bank: str) -> None:
    other = build_institution()
    build_test("t", bank)
    their_bank = build_bank(other, parsed_bank("a"))
    with pytest.raises(Conflict):
        build_test("t", their_bank)
    stranger = actor_for(build_staff(Role.AUTHOR, other))
    with pytest.raises(Forbidden):
        publish_test(specification("mine", bank, institution=other.key), stranger)


def test_the_pool_has_the_current_versions_and_follows_the_bank(bank: str) -> None:
    test = build_test("t", bank)
    before = pool(test)
    assert len(before.items) == 6
    assert set(before.version_ids) == {f"{area}-{n}" for area in "ab" for n in (1, 2, 3)}
    assert pool(test) is before
    institution_id = test.institution_id
    _import_again(bank, institution_id, choice_item("a-1", "a", key=frozenset({2})))
    after = pool(test)
    assert after.version_ids["a-1"] != before.version_ids["a-1"]
    assert after.version_ids["a-2"] == before.version_ids["a-2"]


def _import_again(bank: str, institution_id: str, item: itembank.Item) -> None:
    from assessment.items.service import BankSpec, import_bank  # noqa: PLC0415 - read once here

    parsed = itembank.ParsedBank(items=(item,))
    import_bank(parsed, BankSpec(key=bank, institution_id=institution_id), BUILDER)


def test_areas_that_need_sight_are_known(context: Flask) -> None:
    shown = choice_item("s-1", "s", figure=itembank.Figure("a.png"))
    areas = (itembank.Area("s", both("s")),)
    bank = build_bank(build_institution(), replace(parsed_bank(items=[shown]), areas=areas))
    test = build_test("t", bank)
    assert shortfalls(test) == ()
    assert [gap.area for gap in shortfalls(test, without_sight=True)] == ["s"]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"minutes": True}, "minutes"),
        ({"minutes": 1e308}, "minutes"),
        ({"minutes": -5}, "minutes"),
        ({"minutes": 10**30}, "minutes"),
        ({"cuts": [{"key": "p", "title": {"en": "P"}, "percent": float("nan")}]}, "percent"),
        ({"cuts": [{"key": "p", "title": {"en": "P"}, "percent": True}]}, "cuts[0].percent"),
        ({"cuts": [{"key": "p", "title": {"en": "P"}, "percent": 100.1}]}, "percent"),
        ({"cuts": "high"}, "cuts"),
        ({"blueprint": {"a": True}}, "blueprint.a"),
        ({"blueprint": {"a": None}}, "blueprint.a"),
        ({"blueprint": "all"}, "blueprint"),
        ({"attempts": 0}, "attempts"),
        ({"mode": "psychic"}, "mode"),
        ({"adaptive": []}, "adaptive"),
        ({"adaptive": {"speed": 1}}, "adaptive.speed"),
        ({"adaptive": {"most": 0}}, "adaptive.most"),
        ({"adaptive": {"least": 2.5}}, "adaptive.least"),
        ({"adaptive": {"sure": 0.5}}, "adaptive.sure"),
        ({"adaptive": {"sure": 1}}, "adaptive.sure"),
        ({"adaptive": {"se": float("inf")}}, "adaptive.se"),
        ({"adaptive": {"candidates": 1e3}}, "adaptive.candidates"),
        ({"adaptive": {"exposure": 1.1}}, "adaptive.exposure"),
        ({"forms": []}, "forms"),
        ({"forms": {"overlap": 1}}, "forms.parallel"),
        ({"forms": {"parallel": 1}}, "forms.parallel"),
        ({"forms": {"parallel": 21}}, "forms.parallel"),
        ({"forms": {"parallel": 2, "overlap": -1}}, "forms.overlap"),
        ({"forms": {"parallel": 2, "uses": 3}}, "forms.uses"),
        ({"forms": {"parallel": 2, "difference": 1.5}}, "forms.difference"),
        ({"forms": {"parallel": 2, "seeds": 1}}, "forms.seeds"),
        ({"colour": "red"}, "colour"),
        ({"title": "plain"}, "title"),
        ({"key": "../../etc"}, "key"),
    ],
)
def test_numeric_bombs_and_strange_fields_are_refused_with_their_place(
    change: dict[str, Any], place: str, context: Flask
) -> None:
    data: dict[str, Any] = {
        "key": "t",
        "bank": "b",
        "title": {"en": "T"},
        "blueprint": {"a": 1},
        "cuts": [{"key": "pass", "title": {"en": "P"}, "percent": 70}],
        "languages": ["en"],
    }
    assert test_from_json(data).cuts[0].percent == 70
    with pytest.raises(AssessmentError) as refused:
        test_from_json(data | change)
    assert place in refused.value.sentence


@pytest.fixture
def scaled(context: Flask) -> Bank:
    """Return a bank of twelve calibrated questions in each of two areas."""
    bank = examinations.build_bank(build_institution(), "scaled")
    examinations.build_scale(bank)
    return bank


def adaptive(bank: Bank, **given: Any) -> Test:
    blueprint = dict.fromkeys(examinations.AREAS, 6)
    fields = {"mode": TestMode.ADAPTIVE, "blueprint": blueprint, "wait_days": 1, **given}
    return build_test("t", bank.key, **fields)


def test_an_adaptive_test_is_as_long_as_its_blueprint(scaled: Bank) -> None:
    kept = adaptivity_of(adaptive(scaled))
    assert (kept.most, kept.least, kept.sure, kept.candidates) == (12, 10, 0.95, 5)
    short = adaptivity_of(adaptive(scaled, blueprint=None, adaptive=Adaptivity(sure=0.9)))
    assert (short.most, short.least, short.sure) == (2, 2, 0.9)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"adaptive": Adaptivity(most=13)}, "adaptive.most"),
        ({"adaptive": Adaptivity(least=13)}, "adaptive.least"),
        ({"adaptive": Adaptivity(exposure=0.4)}, "at least 0.5, as area wires"),
        ({"adaptive": Adaptivity(sure=2)}, "certainty"),
        ({"blueprint": {"wires": 13}}, "Area wires has 12 of the 13"),
        ({"cuts": (Cut("pass", both("P"), 100),)}, "no ability reaches"),
    ],
)
def test_an_adaptive_test_that_its_scale_cannot_deliver_is_refused(
    given: dict[str, Any], named: str, scaled: Bank
) -> None:
    with pytest.raises(AssessmentError) as refused, db.session.begin_nested():
        adaptive(scaled, **given)
    assert named in refused.value.sentence
    assert current_test("t") is None


def test_an_adaptive_test_asks_nothing_but_calibrated_questions(scaled: Bank) -> None:
    test = adaptive(scaled)
    pilot = examinations.build_item(13, "wires")
    _import_again(scaled.key, scaled.institution_id, pilot)
    assert len(bank_pool(scaled.id).items) == 25
    assert len(pool(test).items) == 24
    with pytest.raises(Invalid, match="questions on the bank’s scale alone"):
        adaptive(scaled, blueprint={"wires": 13})


def test_a_test_of_which_a_rule_asks_a_percentage_does_not_become_adaptive(scaled: Bank) -> None:
    build_test("t", scaled.key, blueprint=dict.fromkeys(examinations.AREAS, 6))
    college = db.session.get_one(Institution, scaled.institution_id)
    rule: dict[str, object] = {"test": "t", "percent": 80}
    examinations.build_achievement(college, "course", rule)
    with pytest.raises(Invalid, match="these rules ask one of t: course"):
        adaptive(scaled)
    examinations.build_achievement(college, "course", {"test": "t", "mastery": 0.9})
    assert adaptive(scaled).version == 2
    with pytest.raises(Invalid, match="so a percentage says nothing"):
        examinations.build_achievement(college, "other", rule)
