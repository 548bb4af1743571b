"""Fair averages: the category expected of a level, where all other facets are at their mean."""

from __future__ import annotations

import numpy as np

from itembank.arguments import FloatArray, IntArray
from rubrics.facets.categories import reached
from rubrics.facets.completing import Fit


def fair_average(fit: Fit, facet: int, measures: tuple[FloatArray, ...]) -> FloatArray:
    """Return the fair average of each level of a facet; persons are facet 0.

    `measures` are those reported, of persons first. Where steps differ, it is the mean over the
    levels that they belong to.
    """
    eta = _at_the_mean(fit, facet, measures)
    owner = fit.rule.facet
    if owner is None:
        return _expected(fit, eta, np.zeros(eta.size, dtype=np.int64))
    if facet == owner:
        return _expected(fit, eta, fit.group_of_level)
    used = np.flatnonzero(fit.group_of_level >= 0)
    away = measures[owner][used] - _mean(fit, owner, measures)
    each = [
        _expected(fit, eta - own, np.full(eta.size, fit.group_of_level[level]))
        for level, own in zip(used, away, strict=True)
    ]
    return np.asarray(np.mean(each, axis=0))


def _at_the_mean(fit: Fit, facet: int, measures: tuple[FloatArray, ...]) -> FloatArray:
    """Ability less all else, for each level of a facet."""
    means = np.array([-_mean(fit, other, measures) for other in range(len(measures))])
    means[0] = fit.fitted.population.mean
    others = means.sum() - means[facet]
    return np.asarray(others + (measures[0] if not facet else -measures[facet]))


def _mean(fit: Fit, facet: int, measures: tuple[FloatArray, ...]) -> float:
    """The mean of the levels that were estimated: one extreme level moves nobody's average."""
    return float(measures[facet][fit.found.part.where[facet]].mean())


def _expected(fit: Fit, eta: FloatArray, group: IntArray) -> FloatArray:
    layout, categories = fit.fitted.layout, fit.found.grouped.categories
    thresholds = layout.thresholds(fit.fitted.point)[group]
    expected = reached(eta, thresholds, layout.gains[group]).mean
    found = categories.valued()[group, 0] + expected
    return np.where(group >= 0, found, np.nan)
