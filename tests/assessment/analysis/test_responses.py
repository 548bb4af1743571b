"""The matrix of recorded scores: whose sittings, which wordings, and what an open question is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import select

import itembank
from assessment.analysis.responses import NOT_GIVEN, RecordedScores, recorded_scores
from assessment.demo.builders.examinations import (
    AREAS,
    BUILDER,
    Examination,
    build_examination,
    build_item,
    build_learner,
)
from assessment.extensions import db
from assessment.items import service as items
from assessment.items.models import Bank
from assessment.people.models import Institution
from assessment.sittings import service
from tests.assessment.sittings.answers import answer, sit


@pytest.fixture
def examination(context: Flask) -> Examination:
    return build_examination()


def recorded(examination: Examination) -> RecordedScores:
    return recorded_scores(bank(examination).id)


def bank(examination: Examination) -> Bank:
    return db.session.scalars(select(Bank).where(Bank.key == examination.bank_key)).one()


def import_items(examination: Examination, changed: dict[str, str]) -> None:
    """Import the bank again with another wording of some items of the first area."""
    made = [build_item(n, area) for area in AREAS for n in range(1, 13)]
    worded = [
        replace(item, stem=dict.fromkeys(("en", "fr"), changed.get(item.id, item.stem["en"])))
        for item in made
    ]
    parsed = itembank.ParsedBank(
        key=examination.bank_key,
        areas=tuple(itembank.Area(area, {"en": area}, None, area) for area in AREAS),
        items=tuple(worded),
    )
    keeper = db.session.get_one(Institution, bank(examination).institution_id)
    items.import_bank(
        parsed, items.BankSpec(key=examination.bank_key, institution_id=keeper.id), BUILDER
    )


def test_a_row_has_what_was_right_and_what_was_not_and_what_was_not_asked(
    examination: Examination,
) -> None:
    ended = sit("pre", build_learner()[1], right=3)
    found = recorded(examination)
    assert found.scores.dtype == np.int8
    assert found.scores.shape == (1, 24)
    assert found.tests == ("pre",)
    by_version = {
        each.version_id: score
        for each, score in zip(found.items, found.scores[0].tolist(), strict=True)
    }
    asked = [by_version.pop(question.item_version_id) for question in ended.sitting.questions]
    assert asked == [1, 1, 1, 0]
    assert set(by_version.values()) == {NOT_GIVEN}
    assert [each.key for each in found.items] == sorted(each.key for each in found.items)


def test_what_was_left_open_was_not_right_and_a_sheet_without_an_answer_is_no_sheet(
    examination: Examination,
) -> None:
    (_, first), (_, second) = build_learner(), build_learner()
    one = service.begin(examination.pre, first)
    answer(one, 1, first)
    service.submit(one.id, first)
    service.submit(service.begin(examination.pre, second).id, second)
    found = recorded(examination)
    assert found.left_open == 1
    assert sorted(found.scores[found.scores != NOT_GIVEN].tolist()) == [0, 0, 0, 1]


def test_an_answer_that_was_taken_back_is_left_open(examination: Examination) -> None:
    actor = build_learner()[1]
    sitting = service.begin(examination.pre, actor)
    answer(sitting, 1, actor)
    answer(sitting, 2, actor)
    service.save_answer(sitting.id, 1, service.Given(revision=1), actor)
    service.submit(sitting.id, actor)
    assert np.count_nonzero(recorded(examination).scores == 1) == 1


def test_only_the_first_sitting_of_a_learner_in_each_test_counts(examination: Examination) -> None:
    actor = build_learner()[1]
    sit("pre", actor, right=4)
    sit("pre", actor, right=0)
    sit("post", actor, right=2)
    found = recorded(examination)
    rights = np.count_nonzero(found.scores == 1, axis=1).tolist()
    assert sorted(zip(found.tests, rights, strict=True)) == [("post", 2), ("pre", 4)]


def test_an_open_sitting_does_not_count_yet(examination: Examination) -> None:
    actor = build_learner()[1]
    sitting = service.begin(examination.pre, actor)
    answer(sitting, 1, actor)
    assert recorded(examination).persons == 0


def test_another_wording_is_another_item_and_the_old_one_again_is_the_same(
    examination: Examination,
) -> None:
    import_items(examination, {})
    for _ in range(8):
        sit("pre", build_learner()[1])
    before = recorded(examination)
    (place, *_) = np.flatnonzero(np.any(before.scores == 1, axis=0)).tolist()
    key = before.items[place].key
    import_items(examination, {key: "Reworded?"})
    reworded = recorded(examination)
    assert reworded.items[place].version_id != before.items[place].version_id
    assert set(reworded.scores[:, place].tolist()) == {NOT_GIVEN}
    import_items(examination, {})
    again = recorded(examination)
    assert again.items[place].version_id not in {
        before.items[place].version_id,
        reworded.items[place].version_id,
    }
    assert again.scores[:, place].tolist() == before.scores[:, place].tolist()


def test_a_bank_without_sittings_has_no_rows(examination: Examination) -> None:
    found = recorded(examination)
    assert found.scores.shape == (0, 24)


def test_parts_of_the_matrix_keep_whom_they_concern(examination: Examination) -> None:
    sit("pre", build_learner()[1], right=4)
    actor = build_learner()[1]
    sit("pre", actor, right=3)
    sit("post", actor, right=2)
    found = recorded(examination)
    assert found.keep_tests(["post"]).tests == ("post",)
    (row,) = (row for row, test in enumerate(found.tests) if test == "post")
    asked = np.flatnonzero(found.scores[row] != NOT_GIVEN)
    part = found.keep_items(asked.tolist())
    assert [each.key for each in part.items] == [found.items[place].key for place in asked]
    assert np.all(np.any(part.scores != NOT_GIVEN, axis=1))
    assert part.persons >= 1
