"""Which items do what their model says, test by test."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

import itembank
from assessment.analysis.bank_report.forms import forms_of
from assessment.analysis.bank_report.populations import Group, groups_of
from assessment.analysis.bank_report.sections import Section, a_table
from assessment.analysis.reporting import Fitted
from assessment.locale import gettext as _
from itembank.fit import ItemFit
from itembank.parameters import Model
from itembank.plots.plot import Cell

MISFIT = 0.01
"""Of S-X2: below it an item is named; of so many items some are at 0.05 by chance."""
FEWEST_OF_A_FORM = 100
"""Learners with the same questions: fewer leave S-X2 hardly a cell to compare."""
_NONE = (math.nan,) * 5


def fit_section(fitted: Fitted, language: str) -> Section:
    """Return the section on the fit of items: of each test, the items that it asked."""
    columns = [
        (_("Test"), 0),
        (_("Item"), 0),
        ("S-X2", 2),
        (_("df"), 0),
        ("p", 4),
        (_("Learners"), 0),
        ("RMSD", 3),
        (_("Infit"), 2),
        ("z", 2),
        (_("Outfit"), 2),
        ("z", 2),
        (_("Answers"), 0),
    ]
    rows: list[tuple[Cell | None, ...]] = []
    sentences: list[str] = []
    for group in groups_of(fitted):
        found = [*_rows(fitted, group)]
        rows += found
        sentences += _said(group.test, found)
    table = a_table(columns, rows, language)
    return Section("fit", _("Fit of items"), tuple(sentences), table)


def _rows(fitted: Fitted, group: Group) -> Iterator[tuple[Cell | None, ...]]:
    """Yield a row for each item that a test asked: S-X2 by form, the rest from all answers."""
    free = _free(fitted, group)
    recorded = group.recorded
    asked = np.flatnonzero(forms_of(recorded).asked.any(axis=0))
    residual = _fits(group, free, recorded.scores, asked)
    summed = _by_form(group, free)
    for place in asked.tolist():
        statistic, df, p, n = _together(summed.get(place, ()), int(free[place]))
        each = residual.get(place)
        rest = (each.rmsd, each.infit, each.infit_z, each.outfit, each.outfit_z) if each else _NONE
        answers = int((recorded.scores[:, place] >= 0).sum())
        yield (group.test, recorded.items[place].key, statistic, df, p, n, *rest, answers)


def _fits(
    group: Group, free: NDArray[np.int64], scores: NDArray[np.int8], places: NDArray[np.int64]
) -> dict[int, ItemFit]:
    """Return by item how some of them fit; without those that everybody here answered alike."""
    columns = scores[:, places]
    varied = places[[np.unique(each[each >= 0]).size > 1 for each in columns.T]]
    if not varied.size:
        return {}
    own = group.parameters.take(varied)
    found = itembank.item_fit(scores[:, varied], own, prior=group.prior, n_free=free[varied])
    return dict(zip(varied.tolist(), found, strict=True))


def _free(fitted: Fitted, group: Group) -> NDArray[np.int64]:
    """Return how many parameters of each item these learners' answers settled.

    All of its own where half of its answers are theirs, and none where most are of other tests'.
    """
    here, everywhere = (
        (each.scores >= 0).sum(axis=0) for each in (group.recorded, fitted.recorded)
    )
    return np.where(2 * here >= everywhere, _own_parameters(fitted.support.model), 0)


def _own_parameters(model: Model) -> int:
    """Return how many parameters an item has to itself; what all share bends no item's counts."""
    own_slope = not model.has_unit_slope and model is not Model.ONE_PL
    return 1 + own_slope + model.has_guessing + model.has_upper


def _by_form(group: Group, free: NDArray[np.int64]) -> dict[int, list[ItemFit]]:
    """Return by item its fit in each form that enough learners had, all of whom had all of it."""
    found: dict[int, list[ItemFit]] = {}
    scores = group.recorded.scores
    given = scores >= 0
    forms = forms_of(group.recorded)
    for form, times in zip(forms.asked, forms.times, strict=True):
        if times < FEWEST_OF_A_FORM:
            continue
        own = scores[(given == form).all(axis=1)]
        for place, each in _fits(group, free, own, np.flatnonzero(form)).items():
            found.setdefault(place, []).append(each)
    return found


def _together(found: Sequence[ItemFit], free: int) -> tuple[float, int | None, float, int]:
    """Return S-X2 over forms, its degrees, p and people: other people's chi-squares add up.

    The item's parameters were estimated once, and are taken off once.
    """
    known = [each for each in found if math.isfinite(each.statistic)]
    if not known:
        return math.nan, None, math.nan, 0
    statistic = sum(each.statistic for each in known)
    df = sum(each.df + free for each in known) - free
    p = float(chdtrc(df, statistic)) if df > 0 else math.nan
    return statistic, df, p, int(sum(each.n_complete for each in known))


def _said(test: str, rows: Sequence[Sequence[Cell | None]]) -> Iterator[str]:
    most = max(int(row[5] or 0) for row in rows)
    if not most:
        yield _(
            "%(test)s: its questions are drawn for each learner, so that there are no %(n)s with "
            "the same ones and S-X2, which compares people of equal total, cannot be had. Infit, "
            "outfit and RMSD rest on all answers.",
            test=test,
            n=FEWEST_OF_A_FORM,
        )
        return
    yield _(
        "%(test)s: S-X2 rests on up to %(n)s learners, those of forms that %(fewest)s or more had; "
        "infit, outfit and RMSD rest on all answers.",
        test=test,
        n=most,
        fewest=FEWEST_OF_A_FORM,
    )
    bad = [str(row[1]) for row in rows if isinstance(row[4], float) and row[4] < MISFIT]
    if bad:
        yield _(
            "%(test)s: p of S-X2 is below %(p)s for: %(items)s.",
            test=test,
            p=MISFIT,
            items=", ".join(bad),
        )
