"""How sure the marks of tests are: how often they put learners where they truly are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

import itembank
from assessment.analysis.bank_report.forms import forms_of
from assessment.analysis.bank_report.sections import Section, a_table
from assessment.analysis.reporting import Fitted
from assessment.items import service as items
from assessment.items.models import Test
from assessment.locale import gettext as _
from itembank.calibration import Latent
from itembank.parameters import ItemParameters
from itembank.plots.plot import Cell


def accuracy_section(bank_id: str, fitted: Fitted, language: str) -> Section:
    """Return the section on marks: of each test, how often its marks put learners rightly."""
    columns = [
        (_("Test"), 0),
        (_("Mark"), 0),
        (_("Percent"), 1),
        (_("Accuracy"), 3),
        (_("Consistency"), 3),
        (_("Kappa"), 3),
        (_("Passed wrongly"), 3),
        (_("Failed wrongly"), 3),
    ]
    rows, left_out = [], []
    for test in items.current_tests(bank_id):
        found = [] if test.adaptive is not None else _marks(test, fitted)
        rows += found
        if not found:
            left_out.append(test.key)
    sentences = [
        _(
            "By Lee’s method, on the forms that learners had and the ability that they showed: the "
            "share of learners put on the side of the mark where they truly are, and put on the "
            "same side twice."
        )
    ]
    if left_out:
        tests = ", ".join(left_out)
        sentences.append(_("There is not enough to say it of: %(tests)s.", tests=tests))
    table = a_table(columns, rows, language) if rows else None
    return Section("accuracy", _("How sure the marks are"), tuple(sentences), table)


def _marks(test: Test, fitted: Fitted) -> list[tuple[Cell | None, ...]]:
    """Return the accuracy of each mark of a test, over recorded forms that are calibrated whole."""
    recorded = fitted.recorded
    if test.key not in recorded.groups:
        return []
    latent = fitted.calibration.latent[recorded.groups.index(test.key)]
    length = sum(test.blueprint.values())
    whole = forms_of(recorded.keep_tests([test.key]), length).sample()
    if not len(whole):
        return []
    forms = [fitted.calibration.parameters.take(form) for form in whole.items]
    return [_mark(test.key, cut, forms, whole.times, latent) for cut in test.cuts]


def _mark(
    test_key: str,
    cut: Mapping[str, Any],
    forms: Sequence[ItemParameters],
    times: NDArray[np.int64],
    latent: Latent,
) -> tuple[Cell | None, ...]:
    """Return a row: of each form as often as it was given."""
    share = float(cut["percent"]) / 100
    found = np.array([_shares(form, form.n_items * share, latent) for form in forms])
    means: list[float] = np.average(found, axis=0, weights=times).tolist()
    return (test_key, str(cut["key"]), float(cut["percent"]), *means)


def _shares(form: ItemParameters, cut: float, latent: Latent) -> list[float]:
    if cut <= 0:
        return [math.nan] * 5
    found = itembank.classification_accuracy(form, cut, mean=latent.mean, sd=latent.sd)
    (one,) = found.by_cut
    shares = one.accuracy, one.consistency, one.kappa, one.false_positive, one.false_negative
    return [*map(float, shares)]
