"""What a model says: which items fit it, which go together, how sure the marks are."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import itembank
from assessment.analysis.bank_report.sections import Section, a_table
from assessment.analysis.calibrating import fitted_scores
from assessment.analysis.reporting import Fitted
from assessment.analysis.responses import RecordedScores
from assessment.analysis.supporting import NotSupported
from assessment.items import service as items
from assessment.items.models import Test
from assessment.locale import gettext as _
from assessment.locale import ngettext
from itembank.calibration import Latent, Progress
from itembank.parameters import ItemParameters, Model
from itembank.plots import Plot, Table, test_information, wright_map
from itembank.plots.plot import Cell

MISFIT = 0.01
"""Of S-X2: below it an item is named; of so many items some are at 0.05 by chance."""
ODD = 0.05
_WHOLE = 1e-9  # 7.000000001 questions are 7
FORMS = 20
"""Recorded forms over which the accuracy of a mark is averaged, where questions are drawn."""


@dataclass(frozen=True, eq=False)
class Group:
    """The sittings of one test, with its distribution of ability, in a calibration of several."""

    test: str
    recorded: RecordedScores
    prior: itembank.Prior


def model_sections(
    bank_id: str,
    recorded: RecordedScores,
    model: Model,
    language: str,
    on_progress: Callable[[Progress], None] | None = None,
) -> Iterator[Section]:
    """Yield the sections that rest on a model; one that says why where there is not enough."""
    try:
        fitted = fitted_scores(recorded, model, on_progress)
    except NotSupported as refusal:
        yield Section("model", _("The model"), (str(refusal),))
        return
    group = _largest(fitted)
    yield _scale(fitted, group, language)
    yield _fit(fitted, group, language)
    yield _dependence(fitted, group, language)
    yield _persons(fitted, group, language)
    yield _accuracy(bank_id, fitted, language)


def _largest(fitted: Fitted) -> Group:
    """Return the test with the most sittings: fit is looked at within one population."""
    test = fitted.recorded.groups[0]
    latent = fitted.calibration.latent[0]
    own = fitted.recorded.keep_tests([test])
    return Group(test, own, itembank.Prior(latent.mean, latent.sd))


def _scale(fitted: Fitted, group: Group, language: str) -> Section:
    calibration, recorded = fitted.calibration, fitted.recorded
    sentences = (
        _(
            "Model %(model)s, %(persons)s sittings, %(items)s items; log-likelihood %(value)s, "
            "AIC %(aic)s, BIC %(bic)s; %(message)s.",
            model=fitted.support.model.value,
            persons=recorded.persons,
            items=len(recorded.items),
            value=f"{calibration.log_likelihood:.2f}",
            aic=f"{calibration.aic:.1f}",
            bic=f"{calibration.bic:.1f}",
            message=calibration.message,
        ),
        _(
            "Reliability of ability in %(test)s: %(value)s (marginal).",
            test=group.test,
            value=f"{_reliability(fitted, group):.3f}",
        ),
    )
    table, plots = _parameters(fitted, language), _plots(fitted, group, language)
    return Section("model", _("The model"), sentences, table, plots)


def _reliability(fitted: Fitted, group: Group) -> float:
    mean, sd = group.prior.mean, group.prior.sd
    return itembank.marginal_reliability(fitted.calibration.parameters, mean=mean, sd=sd)


def _parameters(fitted: Fitted, language: str) -> Table:
    own, errors = fitted.calibration.parameters, fitted.errors
    columns = [
        (_("Item"), 0),
        (_("Slope"), 3),
        (_("its error"), 3),
        (_("Difficulty (logits)"), 3),
        (_("its error"), 3),
        (_("Guessing"), 3),
        (_("Answers"), 0),
    ]
    rows = [
        (
            asked.key,
            float(own.slope[place]),
            float(errors.slope[place]),
            float(own.threshold[place, 0]),
            float(errors.threshold[place, 0]),
            float(own.guessing[place]),
            int(fitted.calibration.adequacy[place].n_answers),
        )
        for place, asked in enumerate(fitted.recorded.items)
    ]
    return a_table(columns, rows, language)


def _plots(fitted: Fitted, group: Group, language: str) -> tuple[Plot, ...]:
    own = fitted.calibration.parameters
    ability = itembank.estimate_ability(group.recorded.scores, own, prior=group.prior)
    return (
        wright_map(own, ability.theta, language=language),
        test_information(own, language=language),
    )


def _fit(fitted: Fitted, group: Group, language: str) -> Section:
    own = fitted.calibration.parameters
    free = 1 if fitted.support.model.has_unit_slope else None  # the spread is no item's own
    found = itembank.item_fit(group.recorded.scores, own, prior=group.prior, n_free=free)
    columns = [
        (_("Item"), 0),
        ("S-X2", 2),
        (_("df"), 0),
        ("p", 4),
        ("RMSD", 3),
        (_("Infit"), 2),
        ("z", 2),
        (_("Outfit"), 2),
        ("z", 2),
    ]
    rows = [
        (
            asked.key,
            each.statistic,
            each.df,
            each.p,
            each.rmsd,
            each.infit,
            each.infit_z,
            each.outfit,
            each.outfit_z,
        )
        for asked, each in zip(fitted.recorded.items, found, strict=True)
    ]
    whole = int(max(each.n_complete for each in found))
    sentences = [
        _(
            "Within %(test)s. S-X2 rests on %(n)s learners who were asked every item.",
            test=group.test,
            n=whole,
        )
    ]
    bad = [
        asked.key
        for asked, each in zip(fitted.recorded.items, found, strict=True)
        if each.p < MISFIT
    ]
    if bad:
        sentences.append(_("S-X2 is below %(p)s for: %(items)s.", p=MISFIT, items=", ".join(bad)))
    return Section("fit", _("Fit of items"), tuple(sentences), a_table(columns, rows, language))


def _dependence(fitted: Fitted, group: Group, language: str) -> Section:
    own = fitted.calibration.parameters
    found = itembank.local_dependence(group.recorded.scores, own, prior=group.prior)
    names = [each.key for each in fitted.recorded.items]
    rows = [
        (names[each.items[0]], names[each.items[1]], each.q3, each.adjusted, int(each.n))
        for each in found.flags
    ]
    columns = [
        (_("Item"), 0),
        (_("goes with"), 0),
        ("Q3", 3),
        (_("above the average"), 3),
        (_("Learners"), 0),
    ]
    sentence = ngettext(
        "%(num)s pair of items has more in common than ability explains.",
        "%(num)s pairs of items have more in common than ability explains.",
        len(rows),
    )
    table = a_table(columns, rows, language) if rows else None
    return Section("dependence", _("Items that go together"), (sentence,), table)


def _persons(fitted: Fitted, group: Group, language: str) -> Section:
    own = fitted.calibration.parameters
    found = itembank.person_fit(group.recorded.scores, own, prior=group.prior)
    known = found.p[np.isfinite(found.p)]
    share = float(np.mean(known < ODD)) if known.size else float("nan")
    sentence = _(
        "lz* is below its limit at 5 in 100 for %(share)s in 100 of %(n)s learners of %(test)s; "
        "where the model holds about 5 are. It is a reason to look at sittings, and at a person "
        "never by itself.",
        share=f"{100 * share:.1f}",
        n=known.size,
        test=group.test,
    )
    return Section("persons", _("Answers that are odd together"), (sentence,))


def _accuracy(bank_id: str, fitted: Fitted, language: str) -> Section:
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
    given = recorded.keep_tests([test.key]).scores >= 0
    length = sum(test.blueprint.values())
    whole = np.unique(given[given.sum(axis=1) == length], axis=0)[:FORMS]
    if not len(whole):
        return []
    forms = [fitted.calibration.parameters.take(np.flatnonzero(form)) for form in whole]
    return [_mark(test.key, cut, forms, latent) for cut in test.cuts]


def _mark(
    test_key: str, cut: Mapping[str, Any], forms: Sequence[ItemParameters], latent: Latent
) -> tuple[Cell | None, ...]:
    steps = np.linspace(-6, 6, 241)
    nodes, weights = latent.mean + latent.sd * steps, np.exp(-(steps**2) / 2)
    found = []
    for form in forms:
        least = math.ceil(form.n_items * float(cut["percent"]) / 100 - _WHOLE)
        if least >= 1:
            each = itembank.classification_accuracy(form, least, nodes=nodes, weights=weights)
            (one,) = each.by_cut
            shares = one.accuracy, one.consistency, one.kappa, one.false_positive
            found.append([*shares, one.false_negative])
    means: list[float] = np.mean(found or np.full((1, 5), np.nan), axis=0).tolist()
    return (test_key, str(cut["key"]), float(cut["percent"]), *means)
