"""Calibration: from scores to item parameters, with all that they rest on."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from itembank.arguments import ScoreArray, scores_given
from itembank.calibration.anchors import Anchors
from itembank.calibration.examining import Asked, Examined, Support, asked, examined
from itembank.calibration.expectation import BLOCK, Mapping
from itembank.calibration.fineness import checked_nodes, refined
from itembank.calibration.fitting import Fit, Patience, Problem, Progress, Search
from itembank.calibration.information import BLOCK as WIDE_BLOCK
from itembank.calibration.information import observed_information
from itembank.calibration.persons import (
    Persons,
    arranged,
    checked_groups,
    checked_weights,
    score_array,
)
from itembank.calibration.point import Space
from itembank.calibration.populations import LatentChoice, free_latent
from itembank.calibration.priors import Priors, complete_priors
from itembank.calibration.quadrature import standard_grid
from itembank.calibration.reporting import (
    Errors,
    errors,
    flags,
    latents,
    of_collapsed,
    parameters_at,
    places,
)
from itembank.calibration.results import Calibration
from itembank.calibration.starting import clusters, starting_point
from itembank.faults import chosen
from itembank.parameters import Model


def calibrate(
    scores: ArrayLike,
    model: str | Model | Sequence[str | Model],
    *,
    standard_errors: bool = True,
    weights: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    anchors: Anchors | None = None,
    priors: Priors | None = None,
    latent: str | LatentChoice = LatentChoice.DEFAULT,
    minimum: str | None = "provisional",
    fewest_per_category: float = 1,
    item_ids: Sequence[Hashable] | None = None,
    n_nodes: int | None = None,
    tolerance: float = 1e-4,
    max_iterations: int = 500,
    map: Mapping = map,
    on_progress: Callable[[Progress], None] | None = None,
) -> Calibration:
    """Return item parameters by marginal maximum likelihood, with all that they rest on.

    Maximises ``sum_i f_i log sum_q g(theta_q) prod_j P_j(u_ij | theta_q)`` plus the logarithms of
    the priors, by an accelerated EM algorithm that never goes downhill; `g` is normal, on a
    uniform grid that is refined until its spacing is at most 1.25 times the smallest posterior
    standard deviation, and at most 2 over the steepest slope. Logistic metric, D = 1.

    Parameters
    ----------
    scores : array_like, shape (n_persons, n_items)
        Whole numbers from 0; of any integer type with -1, or floats with NaN, where an item was
        not administered. Data missing by design are no trouble; what was shown and left blank is
        not missing.
    model : str, Model or a sequence of them
        One for all items, or one for each: rasch, 1pl, 2pl, 3pl, 4pl, grm, pcm, gpcm.
    standard_errors : bool
        Whether to compute them, and the covariance, from the observed information.
    weights : array_like, shape (n_persons,), optional
        How often each row occurred, 0 or more.
    groups : array_like, shape (n_persons,), optional
        Labels. Each group has its own normal distribution of ability; the first in sorted order
        sets the scale, unless items are anchored.
    anchors : Anchors, optional
        Items that keep parameters known before.
    priors : Priors, optional
        By default, on guessing and upper asymptotes alone. Priors on thresholds, such as a panel's
        placing gives, say where the scale lies: every group's mean and SD are then free, and free
        slopes get the log-normal prior `AROUND_ONE`, mode 1, where they have none.
    latent : str or LatentChoice
        What is free of the distribution of ability: see `LatentChoice`.
    minimum : {"provisional", "publish", None}
        Refuse items with fewer answers than their model needs for this (`adequacy.NEEDED`).
    fewest_per_category : float
        Categories of graded items with fewer answers are put together with a neighbour, which
        the result records; by default, those that nobody scored in.
    item_ids : sequence, optional
        Names of the items, without duplicates; kept in the result.
    n_nodes : int, optional
        Nodes of the grid, which is then not refined: too few are refused. By default 61 to begin
        with, over six standard deviations either way.
    tolerance : float
        Largest change of a parameter (slope, intercept, 4 times an asymptote, mean, log SD) in a
        last step.
    max_iterations : int
        Steps after which the search gives up: the result then says `converged` False.
    map : callable
        Applies a function to blocks of persons, as the built-in one does; an engine that runs on
        many machines goes here.
    on_progress : callable, optional
        Called with a `Progress` before each step.

    Returns
    -------
    Calibration

    Raises
    ------
    ValueError
        Where scores have a wrong shape or are outside the categories; where a person or an item
        has no answer, an item one score alone, or items are in booklets that nothing links; where
        there are too few answers; and where another argument is not as said here.

    References
    ----------
    Bock, R. D., & Aitkin, M. (1981). Marginal maximum likelihood estimation of item parameters:
    Application of an EM algorithm. Psychometrika, 46(4), 443-459.
    """
    given = scores_given(scores)
    wanted = asked(model, anchors, given.shape, item_ids)
    support = Support(minimum, fewest_per_category)
    patience = Patience(tolerance, max_iterations, on_progress)
    grid = standard_grid(checked_nodes(n_nodes))
    choice = chosen("latent", LatentChoice, latent)
    found, persons = prepared(given, wanted, weights, groups, support)
    problem = posed(persons, found, priors or Priors(), choice, map)
    start = starting_point(found.items, problem.space.clusters, len(persons.labels))
    fit = refined(Search(problem, start, grid, patience), may_refine=n_nodes is None)
    each = _errors(fit, problem, persons) if standard_errors else None
    return _reported(fit, problem, persons, found, each)


def prepared(
    given: ScoreArray,
    wanted: Asked,
    weights: ArrayLike | None,
    groups: ArrayLike | None,
    support: Support,
) -> tuple[Examined, Persons]:
    """Check and arrange; one copy of the scores is left, in bytes."""
    array = score_array(given, wanted.highest)
    weight = checked_weights(weights, array.shape[1])
    labels = checked_groups(groups, array.shape[1], weight)
    found = examined(wanted, array, weight, support)
    return found, arranged(array, weight, labels, clusters(found.items))


def posed(
    persons: Persons,
    found: Examined,
    priors: Priors,
    choice: LatentChoice,
    apply: Mapping = map,
) -> Problem:
    """Return what is maximised."""
    items = found.items
    loose = [items.models[place] for place in items.free]
    own = complete_priors(priors, items.models, items.free)
    placed = items.anchored if own.threshold is None else range(own.threshold.n_items)
    free = free_latent(choice, loose, placed, len(persons.labels))
    space = Space(clusters(items), free)
    return Problem(persons.blocks(BLOCK), persons.booklets, space, own, apply)


def _errors(fit: Fit, problem: Problem, persons: Persons) -> Errors:
    blocks = persons.blocks(WIDE_BLOCK)
    information = observed_information(problem, fit.at, fit.grid, blocks)
    return errors(problem.space, fit.at.point, information)


def _reported(
    fit: Fit, problem: Problem, persons: Persons, found: Examined, each: Errors | None
) -> Calibration:
    space, point = problem.space, fit.at.point
    parameters = parameters_at(space.clusters, point, found.items.anchors)
    spread = np.full(point.latent.shape, np.nan) if each is None else each.latent
    latent = latents(point, spread)
    bare = Calibration(
        parameters=parameters,
        standard_errors=None if each is None else each.items,
        covariance=None if each is None else each.covariance,
        places=places(space),
        latent=latent,
        groups=persons.labels,
        prior=problem.priors,
        grid=fit.grid,
        log_likelihood=fit.at.found.log_likelihood,
        n_parameters=len(fit.at.vector),
        n_persons=found.n_persons,
        n_patterns=persons.n_rows,
        n_iter=fit.n_iter,
        n_evaluations=fit.n_evaluations,
        converged=fit.converged,
        message=fit.message,
        adequacy=found.adequacy,
        collapsed=found.collapsed,
        item_ids=found.item_ids,
    )
    own = flags(parameters, bare.errors_on_scale, latent, found.items.free)
    return replace(bare, flags=(*own, *of_collapsed(found.collapsed)))
