"""The forms of a test: all of them where they are few, else a fair draw of those given."""

from __future__ import annotations

import numpy as np

from assessment.analysis.bank_report.forms import MOST, forms_of
from tests.assessment.analysis.bank_report.sharing import ITEMS, answered, asking, drawn, two_forms


def test_forms_are_counted_by_how_often_they_were_given() -> None:
    first = np.repeat([True, False], [30, 10])
    found = forms_of(asking(answered(["x"] * 40), two_forms(first)))
    assert sorted(found.times.tolist()) == [10, 30]
    assert found.sample() is found
    assert len(forms_of(asking(answered(["x"] * 40), two_forms(first)), length=3)) == 0


def test_a_draw_of_forms_stands_for_all_of_them() -> None:
    recorded = drawn(1_500)
    found = forms_of(recorded)
    kept = found.sample()
    assert len(found) > MOST
    assert kept.times.sum() == MOST
    shares = np.average(kept.asked, axis=0, weights=kept.times)
    assert np.abs(shares - 10 / ITEMS).max() < 0.2  # the first in order would lack the first items
    backwards = forms_of(recorded._keep_rows(np.arange(1_500)[::-1])).sample()
    assert np.array_equal(backwards.asked, kept.asked)


def test_a_form_that_was_given_often_is_drawn_often() -> None:
    rare = drawn(300)
    often = np.tile(np.arange(ITEMS) < 10, (300, 1))
    given = np.vstack([rare.scores >= 0, often])
    kept = forms_of(asking(answered(["x"] * 600), given)).sample()
    assert 35 <= kept.times.max() <= 65
