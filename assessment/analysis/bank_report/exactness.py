"""How exactly the tests of a bank measure, by the forms that learners had."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

import itembank
from assessment.analysis.bank_report.forms import forms_of
from assessment.analysis.bank_report.populations import Group
from assessment.locale import gettext as _


def reliability_sentence(group: Group, is_adaptive: bool) -> str:
    """Return how reliable ability is in a test: of the forms that it gave, not of the bank."""
    if is_adaptive:
        return _(
            "Reliability of ability in %(test)s: %(value)s (empirical, as each learner’s questions "
            "were chosen by the answers before).",
            test=group.test,
            value=f"{_empirical(group):.3f}",
        )
    forms = forms_of(group.recorded)
    return _(
        "Reliability of ability in %(test)s: %(value)s (marginal, on average over the forms that "
        "learners had; forms: %(forms)s, calibrated questions in each: %(questions)s).",
        test=group.test,
        value=f"{_marginal(group):.3f}",
        forms=len(forms),
        questions=_range(forms.asked.sum(axis=1)),
    )


def _range(counts: NDArray[np.int64]) -> str:
    fewest, most = int(counts.min()), int(counts.max())
    return str(fewest) if fewest == most else f"{fewest}–{most}"


def _marginal(group: Group) -> float:
    own, prior = group.parameters, group.prior
    forms = forms_of(group.recorded).sample()
    found = [
        itembank.marginal_reliability(own.take(form), mean=prior.mean, sd=prior.sd)
        for form in forms.items
    ]
    return float(np.average(found, weights=forms.times))


def _empirical(group: Group) -> float:
    own = group.parameters
    found = itembank.estimate_ability(group.recorded.scores, own, prior=group.prior)
    return itembank.empirical_reliability(found) if np.ptp(found.theta) else float("nan")


def middle_form(group: Group) -> NDArray[np.int64]:
    """Return the items of one form: of those that were given, of middle information at the mean."""
    forms = forms_of(group.recorded).sample()
    own = itembank.information([group.prior.mean], group.parameters)[0]
    order = np.argsort(forms.asked @ own, kind="stable")
    passed = np.cumsum(forms.times[order]) * 2 >= forms.times.sum()
    return forms.items[int(order[np.flatnonzero(passed)[0]])]
