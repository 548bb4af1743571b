"""The M-step: one Fisher scoring step of all items at once, and of the groups' distributions.

A single step from where the expectation was taken converges at the rate of full maximisation
(Lange, 1995, Journal of the Royal Statistical Society B, 57, 425-437), and shares the expectation's
tables.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from itembank.arguments import BoolArray, FloatArray
from itembank.calibration.expectation import Expectation
from itembank.calibration.families import outer_sums
from itembank.calibration.layout import Cluster
from itembank.calibration.point import Point, Space
from itembank.calibration.priors import Beta, LogNormal, Normals, Priors

_LONGEST = 2.0
_HALVINGS = 30
_RIDGE = 1e-9
_FARTHEST = 12.0
_NARROWEST = 0.04


@dataclass(frozen=True, eq=False)
class Slope:
    """First derivatives and information of one cluster: (n_items, width), (.., width, width)."""

    gradient: FloatArray
    information: FloatArray


@dataclass(frozen=True, eq=False)
class Tabled:
    """A point, with the log-probabilities by cluster that its expectation was taken with."""

    point: Point
    logs: list[FloatArray]
    nodes: FloatArray


def step(space: Space, tabled: Tabled, found: Expectation, priors: Priors) -> Point:
    """Return the change of every parameter, 0 where it is fixed."""
    items, at, nodes = [], tabled.point, tabled.nodes
    each = zip(space.clusters, at.items, found.counts, tabled.logs, strict=True)
    for cluster, x, counts, log_p in each:
        likelihood = _likelihood(cluster, x, counts, log_p, nodes)
        change = _solved(cluster, x, _with_priors(cluster, x, likelihood, priors))
        items.append(_shortened(cluster, x, change))
    return Point(tuple(items), _latent_step(at.latent, found.mass, nodes, space.free_latent))


def log_prior(clusters: tuple[Cluster, ...], at: Point, priors: Priors) -> float:
    """Return the logarithm of the priors' density of free parameters, up to a constant."""
    total = 0.0
    for cluster, x in zip(clusters, at.items, strict=True):
        chosen = cluster.choices
        if priors.slope is not None:
            total += priors.slope.log_density(x[chosen[:, 0], 0]).sum()
        if x.shape[1] == 4 and cluster.model.has_guessing:
            for place, prior in ((2, priors.guessing), (3, priors.upper)):
                if prior is not None:
                    total += prior.log_density(expit(x[chosen[:, place], place])).sum()
        if priors.threshold is not None and cluster.is_dichotomous:
            found = priors.threshold.take(cluster.items).log_density(
                cluster.family.threshold(x)[:, 0]
            )
            total += found[cluster.free[:, 1]].sum()
    return float(total)


def _likelihood(
    cluster: Cluster, x: FloatArray, counts: FloatArray, log_p: FloatArray, nodes: FloatArray
) -> Slope:
    score = cluster.family.gradient(x, nodes, log_p)
    flat = score.reshape(*score.shape[:2], -1)
    gradient = (flat @ counts.reshape(len(x), -1, 1))[:, :, 0]
    expected = counts.sum(axis=1, keepdims=True) * np.exp(log_p)
    return Slope(gradient, outer_sums(score, expected))


def _with_priors(cluster: Cluster, x: FloatArray, likelihood: Slope, priors: Priors) -> Slope:
    """Add the priors' derivatives; information is kept positive, as Fisher scoring needs it."""
    gradient, information = likelihood.gradient.copy(), likelihood.information.copy()
    if priors.slope is not None:
        share = 1 / len(x) if cluster.is_tied else 1.0
        first, second = slope_terms(priors.slope, x[:, 0])
        gradient[:, 0] += share * first
        information[:, 0, 0] += share * np.maximum(second, 0.0)
    if cluster.model.has_guessing:
        for place, prior in ((2, priors.guessing), (3, priors.upper)):
            if prior is not None:
                first, second = beta_terms(prior, x[:, place])
                gradient[:, place] += first
                information[:, place, place] += second
    if priors.threshold is not None and cluster.is_dichotomous:
        terms = threshold_terms(cluster, x, priors.threshold)
        gradient[:, :2] += terms.first
        information[:, :2, :2] += terms.outer
    return Slope(gradient, information)


@dataclass(frozen=True, eq=False)
class ThresholdTerms:
    """Derivatives of thresholds' log densities in slope and intercept, 0 where there is none.

    `first` is (n_items, 2); `outer`, never negative, and `bend` are (n_items, 2, 2): together,
    minus the second derivatives.
    """

    first: FloatArray
    outer: FloatArray
    bend: FloatArray


def threshold_terms(cluster: Cluster, x: FloatArray, prior: Normals) -> ThresholdTerms:
    """Return the derivatives of ``-(b - m)^2 / (2 s^2)``, with ``b = -d / a``."""
    own = prior.take(cluster.items)
    weight = np.nan_to_num(1 / own.sd**2)
    away = weight * np.nan_to_num(cluster.family.threshold(x)[:, 0] - own.mean)
    rate = cluster.family.threshold_jacobian(x)[:, 0, :2]
    bend = np.zeros((len(x), 2, 2))
    bend[:, 0, 0] = 2 * away * rate[:, 0] * rate[:, 1]
    bend[:, 0, 1] = bend[:, 1, 0] = away * rate[:, 1] ** 2
    outer = weight[:, np.newaxis, np.newaxis] * rate[:, :, np.newaxis] * rate[:, np.newaxis]
    return ThresholdTerms(-away[:, np.newaxis] * rate, outer, bend)


def slope_terms(prior: LogNormal, slope: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the first and minus the second derivative of a slope's log density."""
    slope = np.where(slope > 0, slope, 1.0)  # what is not positive has no density, or is fixed
    log = np.log(slope) - prior.mean
    first = -(1 + log / prior.sd**2) / slope
    return first, -((1 + log / prior.sd**2) - 1 / prior.sd**2) / slope**2


def beta_terms(prior: Beta, logits: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the first and minus the second derivative in the logit of a probability."""
    p, q = expit(logits), expit(-logits)
    return (
        (prior.alpha - 1) * q - (prior.beta - 1) * p,
        (prior.alpha + prior.beta - 2) * p * q,
    )


def _solved(cluster: Cluster, x: FloatArray, slope: Slope) -> FloatArray:
    if cluster.is_tied:
        return _tied(*_free_part(cluster.free, slope))
    change = _untied(cluster.free, slope)
    if x.shape[1] < 4:
        return change
    held = _held(x, change)
    stopped = cluster.free & (held != change)
    if not np.any(stopped):
        return change
    moved = np.where(stopped, held, 0.0)
    pull = (slope.information @ moved[:, :, np.newaxis])[:, :, 0]
    rest = Slope(slope.gradient - pull, slope.information)
    return moved + _untied(cluster.free & ~stopped, rest)


def _untied(free: BoolArray, slope: Slope) -> FloatArray:
    gradient, information = _free_part(free, slope)
    return np.asarray(np.linalg.solve(information, gradient[:, :, np.newaxis])[:, :, 0])


def _free_part(free: BoolArray, slope: Slope) -> tuple[FloatArray, FloatArray]:
    """A system that leaves fixed parameters where they are, and is never singular."""
    both = free[:, :, np.newaxis] & free[:, np.newaxis]
    information = np.where(both, slope.information, 0.0)
    diagonal = np.arange(free.shape[1])
    ridge = _RIDGE * (1 + information[:, diagonal, diagonal])
    information[:, diagonal, diagonal] += np.where(free, ridge, 1.0)
    return np.where(free, slope.gradient, 0.0), information


def _tied(gradient: FloatArray, information: FloatArray) -> FloatArray:
    """Solve for one slope in common: intercepts are eliminated item by item."""
    cross, own = information[:, 1:, 0], information[:, 1:, 1:]
    both = np.stack([cross, gradient[:, 1:]], axis=2)
    by_slope, by_rest = np.moveaxis(np.linalg.solve(own, both), 2, 0)
    curvature = np.sum(information[:, 0, 0]) - np.sum(cross * by_slope)
    change = (np.sum(gradient[:, 0]) - np.sum(cross * by_rest)) / curvature
    rest = by_rest - change * by_slope
    return np.concatenate([np.full((len(rest), 1), change), rest], axis=1)


def _shortened(cluster: Cluster, x: FloatArray, change: FloatArray) -> FloatArray:
    """Shorten the steps of items that would go too far, or where no model is."""
    longest = np.abs(change).max(axis=1)
    factor = _LONGEST / np.maximum(longest, _LONGEST)
    for _ in range(_HALVINGS):
        fits = cluster.family.is_allowed(x + factor[:, np.newaxis] * change)
        if np.all(fits):
            break
        factor = np.where(fits, factor, factor / 2)
    if cluster.is_tied:
        factor = np.full_like(factor, factor.min())
    return np.asarray(change * factor[:, np.newaxis])


def _held(x: FloatArray, change: FloatArray) -> FloatArray:
    """Keep the logits of asymptotes from leaps, and from where they tell nothing any more."""
    held, free = change.copy(), np.isfinite(x[:, 2:])
    goal = np.clip(x[:, 2:] + np.clip(change[:, 2:], -1, 1), -_FARTHEST, _FARTHEST)
    held[:, 2:][free] = goal[free] - x[:, 2:][free]
    return held


def _latent_step(
    latent: FloatArray, mass: FloatArray, nodes: FloatArray, free: BoolArray
) -> FloatArray:
    """From each group's mean and log SD to those of its expected distribution."""
    total = mass.sum(axis=1)
    mean = np.where(free[:, 0], mass @ nodes / total, latent[:, 0])
    away = nodes - mean[:, np.newaxis]
    spread = np.sqrt((mass * away**2).sum(axis=1) / total).clip(_NARROWEST)
    change = np.stack([mean, np.log(spread)], axis=1) - latent
    return np.where(free, change, 0.0)
