"""The fit of items, test by test: S-X2 among those who had the same questions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from flask import Flask

import itembank
from assessment.analysis.bank_report.fitting import fit_section
from assessment.analysis.bank_report.populations import groups_of
from assessment.analysis.bank_report.sections import UNKNOWN
from assessment.analysis.calibrating import fitted_scores
from itembank.parameters import Model
from tests.assessment.analysis.bank_report.sharing import (
    FIRST,
    SECOND,
    answered,
    asking,
    drawn,
    two_forms,
    two_tests,
)


def test_each_test_of_a_bank_has_its_own_fit(context: Flask) -> None:
    fitted = fitted_scores(two_tests(600))
    section = fit_section(fitted, "en")
    assert section.table is not None
    rows = section.table.rows
    assert [row[0] for row in rows] == ["post"] * len(SECOND) + ["pre"] * len(FIRST)
    assert {row[5] for row in rows} == {600}
    _post, pre = groups_of(fitted)
    own = fitted.calibration.parameters.take(FIRST)
    alone = itembank.item_fit(pre.recorded.scores[:, list(FIRST)], own, prior=pre.prior)
    for row, each in zip(rows[len(SECOND) :], alone, strict=True):
        assert row[2:5] == (each.statistic, each.df, each.p)
    assert section.sentences[0].startswith("post: S-X2 rests on up to 600 learners")


def test_two_forms_of_a_test_add_up(context: Flask) -> None:
    recorded = asking(answered(["x"] * 1_000), two_forms(np.arange(1_000) % 2 == 0))
    fitted = fitted_scores(recorded)
    section = fit_section(fitted, "en")
    assert section.table is not None
    learners = {str(row[1]): row[5] for row in section.table.rows}
    assert learners["q-00"] == 500
    assert learners["q-10"] == 1_000
    (group,) = groups_of(fitted)
    halves = []
    for places in (FIRST, SECOND):
        own = fitted.calibration.parameters.take(places)
        scores = group.recorded.scores[:, list(places)]
        whole = scores[(scores >= 0).all(axis=1)]
        halves.append(itembank.item_fit(whole, own, prior=group.prior))
    first, second = halves[0][10], halves[1][10 - SECOND[0]]
    row = section.table.rows[10]
    assert row[2] == pytest.approx(first.statistic + second.statistic)
    assert row[3] == first.df + second.df + 2  # the slope and the difficulty are found once


def test_questions_drawn_for_each_leave_the_rest(context: Flask) -> None:
    section = fit_section(fitted_scores(drawn(800)), "en")
    assert section.table is not None
    assert {row[2] for row in section.table.rows} == {UNKNOWN}
    assert all(0.7 < float(row[7]) < 1.3 for row in section.table.rows)
    assert "its questions are drawn for each learner" in section.sentences[0]


def test_what_all_items_share_costs_no_degree(context: Flask) -> None:
    recorded = answered(["x"] * 400)
    by_model = {
        model: [row[3] for row in section.table.rows if row[3] != UNKNOWN]
        for model in (Model.RASCH, Model.ONE_PL)
        if (section := fit_section(fitted_scores(recorded, model), "en")).table is not None
    }
    assert by_model[Model.RASCH] == by_model[Model.ONE_PL]


def test_an_item_that_all_of_a_test_had_right_has_no_fit_there(context: Flask) -> None:
    recorded = two_tests(600)
    shared = SECOND[0]
    pre = np.array([test == "pre" for test in recorded.tests])
    scores = recorded.scores.copy()
    scores[pre, shared] = 1
    section = fit_section(fitted_scores(replace(recorded, scores=scores)), "en")
    assert section.table is not None
    rows = {(row[0], row[1]): row for row in section.table.rows}
    key = recorded.items[shared].key
    assert {*rows["pre", key][2:11]} == {UNKNOWN, 0}
    assert rows["pre", key][11] == 600
    assert UNKNOWN not in rows["post", key]
    assert UNKNOWN not in rows["pre", recorded.items[FIRST[0]].key]


def test_answers_that_settled_no_parameter_cost_no_degree(context: Flask) -> None:
    fitted = fitted_scores(answered(["many"] * 700 + ["few"] * 200))
    section = fit_section(fitted, "en")
    assert section.table is not None
    for group, free in zip(groups_of(fitted), (2, 0), strict=True):
        rows = [row for row in section.table.rows if row[0] == group.test]
        found = itembank.item_fit(
            group.recorded.scores, group.parameters, prior=group.prior, n_free=free
        )
        assert [row[3] for row in rows] == [each.df for each in found]
        assert [row[8] for row in rows] == [each.infit_z for each in found]
