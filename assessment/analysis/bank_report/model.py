"""What a model says: which items fit it, which go together, how sure the marks are."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import itembank
from assessment.analysis.bank_report.exactness import middle_form, reliability_sentence
from assessment.analysis.bank_report.fitting import fit_section
from assessment.analysis.bank_report.populations import Group, groups_of
from assessment.analysis.bank_report.sections import Section, a_table
from assessment.analysis.reporting import Fitted
from assessment.items import service as items
from assessment.locale import gettext as _
from assessment.locale import ngettext
from itembank.plots import Plot, Table, test_information, wright_map

ODD = 0.05


def model_sections(bank_id: str, fitted: Fitted, language: str) -> Iterator[Section]:
    """Yield the sections that rest on a model."""
    group = groups_of(fitted)[0]  # the largest: what follows is looked at within one population
    yield _scale(bank_id, fitted, language)
    yield fit_section(fitted, language)
    yield _dependence(fitted, group, language)
    yield _persons(group, language)


def _scale(bank_id: str, fitted: Fitted, language: str) -> Section:
    calibration, recorded = fitted.calibration, fitted.recorded
    fit = _(
        "Model %(model)s, %(persons)s sittings, %(items)s items; log-likelihood %(value)s, "
        "AIC %(aic)s, BIC %(bic)s; %(message)s.",
        model=fitted.support.model.value,
        persons=recorded.persons,
        items=len(recorded.items),
        value=f"{calibration.log_likelihood:.2f}",
        aic=f"{calibration.aic:.1f}",
        bic=f"{calibration.bic:.1f}",
        message=_converged(calibration),
    )
    adaptive = {test.key for test in items.current_tests(bank_id) if test.adaptive is not None}
    groups = groups_of(fitted)
    exact = [reliability_sentence(group, group.test in adaptive) for group in groups]
    table, plots = _parameters(fitted, language), _plots(groups[0], language)
    said = _("The plot of information is of one form of %(test)s.", test=groups[0].test)
    return Section("model", _("The model"), (fit, *exact, said), table, plots)


def _converged(calibration: itembank.Calibration) -> str:
    if calibration.converged:
        return _("converged after %(n)s steps", n=calibration.n_iter)
    return _("did not converge in %(n)s steps: read all of this with care", n=calibration.n_iter)


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


def _plots(group: Group, language: str) -> tuple[Plot, ...]:
    own = group.parameters
    ability = itembank.estimate_ability(group.recorded.scores, own, prior=group.prior)
    return (
        wright_map(own, ability.theta, language=language),
        test_information(own.take(middle_form(group)), language=language),
    )


def _dependence(fitted: Fitted, group: Group, language: str) -> Section:
    found = itembank.local_dependence(group.recorded.scores, group.parameters, prior=group.prior)
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


def _persons(group: Group, language: str) -> Section:
    found = itembank.person_fit(group.recorded.scores, group.parameters, prior=group.prior)
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
