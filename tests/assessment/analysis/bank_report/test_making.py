"""A fault of one part of a report is said in that part, and the others stand."""

from __future__ import annotations

import numpy as np
from flask import Flask

from assessment.analysis.bank_report.making import Wanted, report_on
from assessment.items.models import Bank
from itembank.parameters import Model
from tests.assessment.analysis.bank_report.sharing import ITEMS, answered, asking


def test_forms_that_nothing_links_make_no_scale_and_the_rest_is_reported(context: Flask) -> None:
    first = np.repeat([True, False], 300)
    given = (np.arange(ITEMS) < ITEMS // 2) == first[:, np.newaxis]
    recorded = asking(answered(["forms"] * 600), given)
    bank = Bank(id="b" * 26, key="forms", title={"en": "Forms"})
    report = report_on(bank, recorded, [], Wanted(model=Model.RASCH))
    sections = {each.key: each for each in report.sections}
    assert "do not make one scale" in sections["model"].sentences[0]
    items = next(each for each in report.sections if each.table and len(each.table.rows) == ITEMS)
    assert items.key != "model"
