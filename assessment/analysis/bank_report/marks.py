"""How sure the marks of tests are: how often they put learners where they truly are."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

import itembank
from assessment.analysis.bank_report.delivering import Delivered
from assessment.analysis.bank_report.forms import forms_of
from assessment.analysis.bank_report.sections import Section, a_table
from assessment.analysis.bank_report.simulating import PERSONS, mark_accuracy
from assessment.analysis.reporting import Fitted
from assessment.items import service as items
from assessment.items.models import Test
from assessment.locale import gettext as _
from itembank.calibration import Latent
from itembank.parameters import ItemParameters, Model
from itembank.plots.plot import Cell

MORE_LIKELY = 0.5
"""The probability of mastery that is looked at where no rule asks for another."""


def accuracy_section(
    bank_id: str,
    fitted: Fitted | None,
    given: Mapping[str, Delivered],
    asked: Mapping[str, Sequence[float]],
    language: str,
) -> Section:
    """Return the section on marks: of each test, how often its marks put learners rightly.

    `given` are the tests as they are delivered; `asked`, by test, the probabilities of mastery that
    rules need.
    """
    rows, left_out = [], []
    for test in items.current_tests(bank_id):
        found = [*_rows(test, fitted, given.get(test.key), asked.get(test.key, ()))]
        rows += found
        if not found:
            left_out.append(test.key)
    sentences = [*_sentences()]
    if left_out:
        tests = ", ".join(left_out)
        sentences.append(_("There is not enough to say it of: %(tests)s.", tests=tests))
    table = a_table(_columns(), rows, language) if rows else None
    return Section("accuracy", _("How sure the marks are"), tuple(sentences), table)


def _columns() -> list[tuple[str, int]]:
    return [
        (_("Test"), 0),
        (_("Mark"), 0),
        (_("Decided by"), 0),
        (_("Accuracy"), 3),
        (_("its error"), 3),
        (_("Consistency"), 3),
        (_("Kappa"), 3),
        (_("Passed wrongly"), 3),
        (_("Failed wrongly"), 3),
    ]


def _sentences() -> Iterator[str]:
    yield _(
        "The share of learners put on the side of the mark where they truly are, and put on the "
        "same side twice. Of marks in points, by Lee’s method, on the forms that learners had and "
        "the ability that they showed."
    )
    yield _(
        "Of marks in logits, and where questions are chosen by the answers before, from "
        "%(persons)s simulated learners of that ability, on the scale in use; “failed wrongly” "
        "then counts those, too, of whom there is not enough evidence.",
        persons=PERSONS,
    )


def _rows(
    test: Test, fitted: Fitted | None, given: Delivered | None, asked: Sequence[float]
) -> Iterator[tuple[Cell | None, ...]]:
    """Yield a row for each way in which a mark of a test decides."""
    judged = items.governing(test)
    if test.adaptive is None and fitted is not None:
        yield from _in_points(test, fitted, [cut for cut in test.cuts if cut["key"] not in judged])
    if given is None:
        return
    for place, cut in enumerate(test.cuts):
        decides = test.adaptive is not None or cut["key"] in judged
        usual = [MORE_LIKELY] if decides else []
        needed = (asked or usual) if place == 0 else usual
        if cut["key"] in given.cuts and (place == 0 or test.adaptive is None):
            for each in needed:
                yield _in_logits(given, cut["key"], each)


def _in_logits(given: Delivered, key: str, needed: float) -> tuple[Cell | None, ...]:
    mark = given.cuts[key]
    found = mark_accuracy(given, mark, needed)
    how = _(
        "ability above %(cut)s logits, %(needed)s %% sure",
        cut=f"{mark.theta:.2f}",
        needed=f"{100 * needed:g}",
    )
    return (
        given.test.key,
        key,
        how,
        found.accuracy.value,
        found.accuracy.se,
        found.consistency.value,
        found.kappa.value,
        found.false_positive.value,
        found.false_negative.value,
    )


def _in_points(
    test: Test, fitted: Fitted, cuts: Sequence[Mapping[str, Any]]
) -> list[tuple[Cell | None, ...]]:
    """Return the accuracy of marks in per cent, over recorded forms that are calibrated whole."""
    recorded = fitted.recorded
    if test.key not in recorded.groups:
        return []
    latent = fitted.calibration.latent[recorded.groups.index(test.key)]
    length = sum(test.blueprint.values())
    whole = forms_of(recorded.keep_tests([test.key]), length).sample()
    if not len(whole):
        return []
    own = _standardised(fitted.calibration.parameters, latent)
    forms = [own.take(form) for form in whole.items]
    return [_mark(test.key, cut, forms, whole.times) for cut in cuts]


def _standardised(own: ItemParameters, latent: Latent) -> ItemParameters:
    """Return the same items on the scale on which these learners' ability is standard normal."""
    slope = own.slope * latent.sd
    difficulty = (own.threshold[:, 0] - latent.mean) / latent.sd
    return ItemParameters(Model.FOUR_PL, slope, difficulty, own.guessing, own.upper)


def _mark(
    test_key: str,
    cut: Mapping[str, Any],
    forms: Sequence[ItemParameters],
    times: NDArray[np.int64],
) -> tuple[Cell | None, ...]:
    """Return a row: of each form as often as it was given."""
    percent = float(cut["percent"])
    found = np.array([_shares(form, form.n_items * percent / 100) for form in forms])
    accuracy, *rest = np.average(found, axis=0, weights=times).tolist()
    how = _("points, %(percent)s %%", percent=f"{percent:g}")
    return (test_key, str(cut["key"]), how, accuracy, None, *rest)


def _shares(form: ItemParameters, cut: float) -> list[float]:
    """Return shares at a cut as it stands: what is true is not rounded up with what is seen."""
    if cut <= 0:
        return [math.nan] * 5
    (one,) = itembank.classification_accuracy(form, cut).by_cut
    shares = one.accuracy, one.consistency, one.kappa, one.false_positive, one.false_negative
    return [*map(float, shares)]
