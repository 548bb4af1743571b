"""From a fit to what is reported of each facet."""

from __future__ import annotations

import numpy as np

from itembank.arguments import FloatArray, IntArray
from rubrics.facets.completing import Fit
from rubrics.facets.design import Design
from rubrics.facets.fairness import fair_average
from rubrics.facets.moments import Looked, Moments, looked_at
from rubrics.facets.results import Bias, Facet, Facets, Thresholds
from rubrics.facets.scales import Estimation, Scale

Pair = tuple[int, int]
"""Two facets whose pairs of levels are looked at."""


def reported(fit: Fit, scale: Scale, method: Estimation, pair: Pair | None) -> Facets:
    """Return what was found, as it is reported."""
    found, fitted = _abilities_and_severities(fit), fit.fitted
    looked = _looked(fit, pair)
    measures = tuple(each + fitted.shift(facet) for facet, each in enumerate(found))
    persons, *others = (
        _facet(fit, facet, measures, looked.moments) for facet in range(len(measures))
    )
    return Facets(
        scale,
        method,
        persons,
        tuple(others),
        _thresholds(fit),
        fitted.population,
        None if pair is None else _bias(fit, pair, looked),
        fitted.log_likelihood,
        fitted.n_parameters,
        fitted.n_iter,
        fitted.converged,
        fitted.spacing,
    )


def _abilities_and_severities(fit: Fit) -> list[FloatArray]:
    return [fit.abilities.measure, *(each.measure for each in fit.severities)]


def _facet(fit: Fit, facet: int, measures: tuple[FloatArray, ...], moments: Moments) -> Facet:
    design, part = fit.design, fit.found.part
    size, where, levels = design.size(facet), part.where[facet], part.design.levels[facet]
    counts = design.counts(facet)
    extreme = np.ones(size, dtype=bool)
    extreme[where] = False
    return Facet(
        design.names[facet],
        design.labels[facet],
        measures[facet],
        (fit.severities[facet - 1] if facet else fit.abilities).se,
        _expanded(size, where, _ratio(levels, moments.squared, moments.variance)),
        _expanded(size, where, _ratio(levels, moments.standardised, np.ones(levels.size))),
        np.bincount(design.levels[facet], design.category, size) / counts,
        fair_average(fit, facet, measures),
        counts,
        _n_persons(design, facet),
        extreme,
    )


def _ratio(levels: IntArray, above: FloatArray, below: FloatArray) -> FloatArray:
    return np.asarray(np.bincount(levels, above) / np.bincount(levels, below))


def _expanded(size: int, where: IntArray, values: FloatArray) -> FloatArray:
    found = np.full(size, np.nan)
    found[where] = values
    return found


def _n_persons(design: Design, facet: int) -> IntArray:
    size = design.size(facet)
    met = np.unique(design.levels[0] * size + design.levels[facet])
    return np.bincount(met % size, minlength=size)


def _thresholds(fit: Fit) -> tuple[Thresholds, ...]:
    fitted, categories = fit.fitted, fit.found.grouped.categories
    labels, values = [None], [max(categories.values, key=len)]
    if (owner := fit.rule.owner) is not None:
        labels = [fit.design.labels[owner][place] for place in fit.found.part.where[owner]]
        values = list(categories.values)
    return tuple(
        Thresholds(
            label,
            tuple(own.tolist()),
            fitted.reported[steps.places],
            fitted.errors[steps.places],
        )
        for label, own, steps in zip(labels, values, fitted.layout.sets, strict=True)
    )


def _looked(fit: Fit, pair: Pair | None) -> Looked:
    codes = np.zeros(int(fit.found.part.kept.sum()), dtype=np.int64)
    if pair is not None:
        codes = np.unique(_met(fit, pair), return_inverse=True)[1]
    meetings = fit.meetings(fit.found.part.kept, fit.location)
    return looked_at(meetings, fit.fitted.clouds, fit.fitted.layout, fit.fitted.point, codes)


def _met(fit: Fit, pair: Pair) -> IntArray:
    """A number for the pair of levels that each rating estimated from is in."""
    first, second = (fit.design.levels[facet][fit.found.part.kept] for facet in pair)
    return np.asarray(first * fit.design.size(pair[1]) + second)


def _bias(fit: Fit, pair: Pair, looked: Looked) -> Bias:
    kept, size = fit.found.part.kept, fit.design.size(pair[1])
    met, codes, counts = np.unique(_met(fit, pair), return_inverse=True, return_counts=True)
    residual = np.bincount(codes, fit.score[kept] - looked.moments.expected)
    observed = np.bincount(codes, fit.design.category[kept]) / counts
    return Bias(
        (fit.design.names[pair[0]], fit.design.names[pair[1]]),
        met // size,
        met % size,
        -residual / looked.information,
        1 / np.sqrt(looked.information),
        counts,
        observed,
        observed - residual / counts,
    )
