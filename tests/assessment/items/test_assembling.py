"""The parallel forms of a test: put together when it is published, from the bank's scale."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations
from typing import Any
from unittest.mock import Mock

import pytest
from flask import Flask
from sqlalchemy import func, select

import itembank
from assessment.demo.builders.catalogue import BUILDER
from assessment.demo.builders.examinations import (
    AREAS,
    build_bank,
    build_item,
    build_scale,
    build_test,
    publish,
)
from assessment.demo.builders.items import build_bank as build_from
from assessment.demo.builders.items import parsed_bank
from assessment.demo.builders.people import build_institution
from assessment.errors import Conflict, Invalid
from assessment.extensions import db
from assessment.fields import load_json
from assessment.items import assembling
from assessment.items.commands import report_lines
from assessment.items.form_models import TestForm
from assessment.items.models import Bank, CutScore, Test, TestMode
from assessment.items.parallels import Parallels, read_parallels
from assessment.items.service import (
    BankSpec,
    Cut,
    ImportReport,
    TestSpec,
    bank_pool,
    contents,
    current_set,
    current_test,
    forms_of,
    forms_to_assemble,
    import_bank,
    publish_test,
    put_together,
    test_from_json,
    whole_forms,
)
from assessment.people.models import Institution
from itembank.assembly import AssemblyImpossible, Constraint, Reason
from tests.assessment.items.test_documentation import example


@pytest.fixture
def institution(context: Flask) -> Institution:
    return build_institution("college")


@pytest.fixture
def bank(institution: Institution) -> Bank:
    found = build_bank(institution, "wiring")
    build_scale(found)
    return found


def published(bank: Bank, institution: Institution, **asked: Any) -> Test:
    forms = Parallels(**{"parallel": 3, "difference": 0.5, **asked})
    return build_test(institution, bank.key, "pre", forms=forms)


def import_again(bank: Bank, *made: itembank.Item, retire: bool = False) -> ImportReport:
    spec = BankSpec(key=bank.key, institution_id=bank.institution_id)
    return import_bank(itembank.ParsedBank(items=made), spec, BUILDER, retire=retire)


def test_forms_have_the_blueprint_and_share_nothing(bank: Bank, institution: Institution) -> None:
    test = published(bank, institution)
    forms = forms_of(test)
    assert [form.number for form in forms] == [1, 2, 3]
    held = [each for form in forms for each in form.version_ids]
    assert len({*held}) == len(held) == 12
    for form in forms:
        areas = Counter(item.area for item in contents(form.version_ids).values())
        assert areas == dict.fromkeys(AREAS, 2)
        assert form.information.keys() == {"pass"}
    told = [form.information["pass"] for form in forms]
    assert max(told) <= 1.5 * min(told)
    assert {form.number for form in whole_forms(test)} == {1, 2, 3}
    found = current_set(bank.id)
    assert found is not None
    rows = select(TestForm.parameter_set_id).where(TestForm.test_id == test.id)
    assert {*db.session.scalars(rows)} == {found.id}


def test_the_same_bank_and_wishes_give_the_same_forms(bank: Bank, institution: Institution) -> None:
    first, second = (published(bank, institution) for _ in range(2))
    assert (first.version, second.version) == (1, 2)
    assert forms_of(first) == forms_of(second)


def test_a_test_without_forms_has_none(bank: Bank, institution: Institution) -> None:
    test = build_test(institution, bank.key, "pre")
    assert forms_of(test) == whole_forms(test) == ()
    assert not db.session.scalar(select(func.count()).select_from(TestForm))


def test_enemies_meet_in_no_form(bank: Bank, institution: Institution) -> None:
    wires = [f"wires-{n:03d}" for n in range(1, 13)]
    import_again(bank, *(build_item(n, "tools", enemies=frozenset(wires[:9])) for n in range(1, 7)))
    build_scale(bank)
    for form in forms_of(published(bank, institution, parallel=2)):
        held = {item.id for item in contents(form.version_ids).values()}
        hostile = held & {f"tools-{n:03d}" for n in range(1, 7)}
        assert not (hostile and held & {*wires[:9]})


def test_items_that_lack_a_language_or_a_place_on_the_scale_are_in_no_form(
    bank: Bank, institution: Institution
) -> None:
    english = [replace(build_item(n, "wires"), stem={"en": f"Only {n}?"}) for n in range(1, 7)]
    import_again(bank, *english)
    build_scale(bank)
    import_again(bank, build_item(90, "wires"))
    with pytest.raises(Invalid) as refused:
        published(bank, institution, parallel=4)
    assert "2 questions of area wires, which has 6 that are on" in refused.value.sentence
    held = {each for form in forms_of(published(bank, institution)) for each in form.version_ids}
    assert not {"wires-090", *(item.id for item in english)} & {
        item.id for item in contents(held).values()
    }


SHORT_OF_BOTH = (
    "7 forms of this test cannot be put together. Each form needs 2 questions of area "
    "tools, which has 12 that are on the bank’s scale and complete in every language of the test. "
    "Each form needs 2 questions of area "
    "wires, which has 12 that are on the bank’s scale and complete in every language of the test. "
    "Two forms may share 0 questions at most. Ask for fewer forms, allow more, or bring "
    "more questions onto the scale."
)


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        (
            {"parallel": 7},
            SHORT_OF_BOTH,
        ),
        ({"parallel": 8, "overlap": 2, "uses": 1}, "stand in 1 of the forms at most."),
    ],
)
def test_what_cannot_be_put_together_says_what_is_in_the_way(
    asked: dict[str, Any], named: str, bank: Bank, institution: Institution
) -> None:
    with pytest.raises(Invalid) as refused:
        published(bank, institution, **asked)
    assert named in refused.value.sentence


def test_a_refusal_says_where_time_did_not_suffice(
    bank: Bank, institution: Institution, monkeypatch: pytest.MonkeyPatch
) -> None:
    unsure = AssemblyImpossible(7, ((Reason(Constraint.OVERLAP, 0),),), is_finished=False)
    monkeypatch.setattr(itembank, "assemble", Mock(side_effect=unsure))
    with pytest.raises(Invalid) as refused:
        published(bank, institution, parallel=7)
    assert refused.value.sentence == (
        "7 forms of this test cannot be put together. Two forms may share 0 questions at most. "
        "There was not the time to find out which of this is in the way, and whether more is. "
        "Ask for fewer forms, allow more, or bring more questions onto the scale."
    )


def asked(bank: Bank, institution: Institution) -> TestSpec:
    words = {"en": "Forms", "fr": "Versions"}
    return TestSpec(
        key="pre",
        bank=bank.key,
        institution=institution.key,
        title=words,
        purpose=words,
        blueprint=dict.fromkeys(AREAS, 2),
        cuts=(Cut("pass", words, 75),),
        languages=("en", "fr"),
        minutes=40,
        forms=Parallels(parallel=2, difference=0.5),
    )


def test_reading_what_forms_are_put_together_from_writes_nothing(
    bank: Bank, institution: Institution
) -> None:
    spec = asked(bank, institution)
    source = forms_to_assemble(spec, BUILDER)
    assert source is not None
    assert current_test("pre") is None
    assert not db.session.scalar(select(func.count()).select_from(CutScore))
    test = publish_test(spec, BUILDER, put_together(source))
    assert (test.version, len(forms_of(test))) == (1, 2)
    with pytest.raises(ValueError, match="`assembled` must be given"):
        publish_test(spec, BUILDER)


@pytest.mark.parametrize("change", ["scale", "withdrawn", "mark"])
def test_forms_are_not_written_where_what_they_rest_on_has_changed(
    change: str, bank: Bank, institution: Institution
) -> None:
    spec = asked(bank, institution)
    source = forms_to_assemble(spec, BUILDER)
    assert source is not None
    assembled = put_together(source)
    if change == "scale":
        build_scale(bank)
    elif change == "withdrawn":
        read = contents(bank_pool(bank.id).version_ids.values())
        import_again(bank, *[*read.values()][1:], retire=True)
    else:
        spec = replace(spec, cuts=(replace(spec.cuts[0], percent=60),))
    with pytest.raises(Conflict, match="changed while the forms were put together"):
        publish_test(spec, BUILDER, assembled)


def test_forms_need_a_scale_and_a_passing_mark_on_it(institution: Institution, bank: Bank) -> None:
    with pytest.raises(Invalid, match="attest bank calibrate plain --publish"):
        published(build_bank(institution, "plain"), institution)
    cuts = (Cut("pass", {"en": "Pass", "fr": "Réussite"}, 100),)
    with pytest.raises(Invalid, match="a passing mark that an ability reaches"):
        build_test(institution, bank.key, "pre", forms=Parallels(parallel=2), cuts=cuts)
    assert forms_of(published(bank, institution))


def test_each_reason_is_a_sentence() -> None:
    number = {Constraint.DIFFERENCE: 0.05, Constraint.ENEMIES: 1}
    reasons = [Reason(each, number.get(each, 3)) for each in Constraint]
    said = " ".join(
        assembling._reason(each)
        for each in reasons
        if each.constraint not in {Constraint.AREA, Constraint.FIXED}
    )
    assert said == (
        "What two forms tell at a mark may differ by 5 % at most. "
        "1 pair of questions may not meet. "
        "Two forms may share 3 questions at most. "
        "A question may stand in 3 of the forms at most."
    )


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"mode": TestMode.ADAPTIVE, "attempts": 2}, "chooses each question by itself"),
        ({"is_practice": True, "cuts": ()}, "draws its questions anew each time"),
    ],
)
def test_neither_adaptive_tests_nor_practice_have_forms(
    given: dict[str, Any], named: str, bank: Bank, institution: Institution
) -> None:
    with pytest.raises(Invalid, match=named):
        build_test(institution, bank.key, "pre", forms=Parallels(parallel=2), **given)


def test_a_form_that_lost_a_question_is_not_whole_and_the_report_says_when_none_is(
    bank: Bank, institution: Institution
) -> None:
    test = published(bank, institution)
    read = contents(bank_pool(bank.id).version_ids.values())
    kept = {item.id: item for item in read.values()}
    first, second, third = ([read[each].id for each in form.version_ids] for form in forms_of(test))
    del kept[first[0]]
    assert import_again(bank, *kept.values(), retire=True).unfillable == ()
    assert [form.number for form in whole_forms(test)] == [2, 3]
    reworded = replace(kept[second[1]], stem={"en": "Anew?", "fr": "Encore ?"})
    kept[reworded.id] = reworded
    import_again(bank, *kept.values(), retire=True)
    assert [form.number for form in whole_forms(test)] == [3]
    del kept[third[0]]
    report = import_again(bank, *kept.values(), retire=True)
    assert [(each.test_key, each.shortfalls) for each in report.unfillable] == [("pre", ())]
    lines = [*report_lines(report)]
    assert "Each form of the test pre has lost a question: publish the test again." in lines


def test_the_test_with_forms_of_the_documentation_is_published(context: Flask) -> None:
    parsed = parsed_bank("hazards", "isolation", each=12)
    key = build_from(build_institution(), parsed, "bev-safety")
    build_scale(db.session.scalars(select(Bank).where(Bank.key == key)).one())
    spec = test_from_json(load_json(example("tests.md", "json", 2)))
    assert spec.forms == Parallels(parallel=3, overlap=2, uses=2)
    forms = forms_of(publish(spec))
    assert [len(form.version_ids) for form in forms] == [10, 10, 10]
    sets = [{*form.version_ids} for form in forms]
    assert all(len(one & other) <= 2 for one, other in combinations(sets, 2))


def test_what_is_left_out_is_as_usual() -> None:
    assert read_parallels({"parallel": 4}) == Parallels(parallel=4, overlap=0, uses=None)
    assert read_parallels({"parallel": 4}).difference == 0.05
    assert read_parallels({"parallel": 4, "difference": 0.2}).difference == 0.2
