"""A fault of one part of a report is said in that part, and the others stand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from flask import Flask

from assessment.analysis.bank_report.making import Wanted, report_on
from assessment.analysis.responses import NOT_GIVEN, recorded_scores
from assessment.extensions import db
from assessment.items.models import Bank
from itembank.parameters import Model
from tests.assessment.analysis.bank_report.sharing import ITEMS, answered
from tests.assessment.analysis.recording import of_scores, record


def test_forms_that_nothing_links_make_no_scale_and_the_rest_is_reported(context: Flask) -> None:
    scores = answered(["forms"] * 600).scores
    keys = [f"q-{n:02d}" for n in range(ITEMS)]
    test, _learners = record(of_scores("forms", keys, ["one"] * ITEMS, scores), key="forms")
    recorded = recorded_scores(test.bank_id)
    second = np.arange(ITEMS) >= ITEMS // 2
    asked = second == (np.arange(recorded.persons) % 2 == 1)[:, np.newaxis]
    apart = replace(recorded, scores=np.where(asked, recorded.scores, NOT_GIVEN).astype(np.int8))
    bank = db.session.get_one(Bank, test.bank_id)
    report = report_on(bank, apart, [], Wanted(model=Model.RASCH))
    sections = {each.key: each for each in report.sections}
    assert "do not make one scale" in sections["model"].sentences[0]
    table = sections["items"].table
    assert table is not None
    assert len(table.rows) == ITEMS
