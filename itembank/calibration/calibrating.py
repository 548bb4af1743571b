"""Calibration: from scores to item parameters, with all that they rest on."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from itembank.arguments import FloatArray, IntArray, ScoreArray, distinct, sentence_fault
from itembank.calibration.adequacy import NEEDED, ItemAdequacy, Standing, judged
from itembank.calibration.anchors import Anchors
from itembank.calibration.categories import collapsed_categories, recoded, recounted
from itembank.calibration.expectation import BLOCK, Mapping, narrowest, tables
from itembank.calibration.fitting import Fit, Patience, Problem, Progress, Search
from itembank.calibration.information import BLOCK as WIDE_BLOCK
from itembank.calibration.information import observed_information
from itembank.calibration.layout import Layout
from itembank.calibration.persons import (
    HIGHEST,
    Persons,
    checked_weights,
    counts_of_scores,
    grouped,
    named,
    require_answers,
    require_linked,
    score_array,
)
from itembank.calibration.point import Space, log_tables
from itembank.calibration.populations import LatentChoice, free_latent, latent_choice
from itembank.calibration.priors import Priors
from itembank.calibration.quadrature import standard_grid
from itembank.calibration.reporting import errors, flags, latents, parameters_at, places
from itembank.calibration.results import Calibration, Collapsed
from itembank.calibration.starting import Items, clusters, starting_point
from itembank.faults import fault
from itembank.parameters import Model, models_for

NODES = 61
"""Nodes of the grid to begin with, over six standard deviations either way."""
MOST_NODES = 2_001
_WIDEST = 1.25
_STEEPEST = 2.0


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
    """Return item parameters by marginal maximum likelihood."""
    asked = _asked(model, anchors, np.shape(scores), item_ids)
    array = score_array(scores, asked.highest)
    weight = checked_weights(weights, array.shape[1])
    items, collapsed, judgement = _examined(asked, array, weight, minimum, fewest_per_category)
    persons = grouped(array, weight, groups)
    del array
    problem = _problem(persons, items, priors or Priors(), latent_choice(latent), map)
    start = starting_point(items, problem.layout.clusters, len(persons.labels))
    patience = Patience(tolerance, max_iterations, on_progress)
    search = Search(problem, start, standard_grid(n_nodes or NODES), patience)
    fit = _refined(search, n_nodes)
    return _reported(fit, problem, persons, items, collapsed, judgement, standard_errors, item_ids)


@dataclass(frozen=True, eq=False)
class Asked:
    """What the caller says of the items."""

    models: tuple[Model, ...]
    highest: IntArray
    anchors: Anchors | None


def _asked(
    model: str | Model | Sequence[str | Model],
    anchors: Anchors | None,
    shape: tuple[int, ...],
    item_ids: Sequence[Hashable] | None,
) -> Asked:
    if len(shape) != 2:
        raise sentence_fault("scores", "of shape (n_persons, n_items)", f"shape {shape}")
    models = list(models_for(model, shape[1]))
    if item_ids is not None:
        if len(item_ids) != shape[1]:
            raise sentence_fault("item_ids", f"of {shape[1]} items", f"{len(item_ids)}")
        distinct("item_ids", item_ids)
    highest = np.array([HIGHEST if each.is_polytomous else 1 for each in models])
    if anchors is not None:
        anchors.check(shape[1])
        for item, own, size in zip(
            anchors.items, anchors.parameters.model, anchors.parameters.n_categories, strict=True
        ):
            models[item], highest[item] = own, size - 1
    return Asked(tuple(models), highest, anchors)


def _examined(
    asked: Asked,
    scores: ScoreArray,
    weight: FloatArray | None,
    minimum: str | None,
    fewest: float,
) -> tuple[Items, tuple[Collapsed, ...], tuple[ItemAdequacy, ...]]:
    """Refuse what cannot be fitted; put categories together, in the scores as well."""
    anchored = () if asked.anchors is None else tuple(asked.anchors.items)
    require_answers(scores)
    require_linked(scores, anchored)
    counts = counts_of_scores(scores, weight)
    free = [item for item in range(len(scores)) if item not in set(anchored)]
    _require_variety(counts, free)
    judgement = judged(counts, asked.models)
    _require_enough([judgement[item] for item in free], minimum)
    several = [item for item in free if asked.models[item].is_polytomous]
    collapsed = collapsed_categories(counts, several, fewest)
    recoded(scores, collapsed)
    for each in collapsed:
        counts[each.item] = recounted(counts[each.item], each.scores)
    for item in anchored:
        counts[item] = np.pad(counts[item], (0, int(asked.highest[item]) + 1 - len(counts[item])))
    return Items(asked.models, tuple(counts), asked.anchors), collapsed, judgement


def _require_variety(counts: Sequence[FloatArray], free: Sequence[int]) -> None:
    for item in free:
        present = np.flatnonzero(counts[item])
        if present.size < 2:
            allowed = "of two categories or more in each item that is not anchored"
            got = f"only {present[0]}" if present.size else "no answer of positive weight"
            raise sentence_fault("scores", allowed, got, f"item {item}")


def _require_enough(judged_items: Sequence[ItemAdequacy], minimum: str | None) -> None:
    if minimum is None:
        return
    asked = {"provisional": Standing.PROVISIONAL, "publish": Standing.PUBLISHABLE}.get(minimum)
    if asked is None:
        raise fault("minimum", "'provisional', 'publish' or None", minimum)
    few = [each for each in judged_items if each.standing < asked]
    if not few:
        return
    needed = NEEDED[few[0].model]
    number = needed.publish if minimum == "publish" else needed.provisional
    same = [each for each in few if each.model is few[0].model]
    allowed = f"at least {number} answers to each item of the {few[0].model} model"
    least = min(each.n_answers for each in same)
    got = f"{least:g} or more" if len(same) > 1 else f"{least:g}"
    raise sentence_fault("scores", allowed, got, named("item", [each.item for each in same]))


def _problem(
    persons: Persons, items: Items, priors: Priors, choice: LatentChoice, apply: Mapping
) -> Problem:
    laid = clusters(items)
    layout = Layout(laid, bool((persons.scores < 0).any()))
    anchored = items.anchored
    models = [model for place, model in enumerate(items.models) if place not in set(anchored)]
    free = free_latent(choice, models, anchored, len(persons.labels))
    blocks = persons.blocks(layout.order, BLOCK)
    return Problem(blocks, layout, Space(laid, free), priors, apply)


def _refined(search: Search, n_nodes: int | None) -> Fit:
    """Search on finer grids until the grid is fine enough for what was found on it."""
    while True:
        fit = search.run()
        needed = _spacing_needed(search.problem, fit)
        if fit.grid.spacing <= needed:
            return fit
        finer = fit.grid.finer(max(needed, fit.grid.spacing / 3))
        if n_nodes is not None or finer.nodes.size > MOST_NODES:
            allowed = f"enough for a spacing of {needed:.3g} logits, or None"
            raise sentence_fault("n_nodes", allowed, f"{fit.grid.nodes.size}")
        search.regrid(finer)


def _spacing_needed(problem: Problem, fit: Fit) -> float:
    """The narrowest posterior and the steepest curve say how far apart nodes may be."""
    clusters, point, grid = problem.layout.clusters, fit.at.point, fit.grid
    logs = log_tables(clusters, point, grid.nodes)
    at = tables(problem.layout, logs, grid.log_density(point.latent))
    widths = problem.apply(partial(narrowest, at=at, nodes=grid.nodes), problem.blocks)
    steepest = max(float(np.abs(x[:, 0]).max()) for x in point.items)
    return min(_WIDEST * min(widths), _STEEPEST / max(steepest, 1e-9))


def _reported(
    fit: Fit,
    problem: Problem,
    persons: Persons,
    items: Items,
    collapsed: tuple[Collapsed, ...],
    judgement: tuple[ItemAdequacy, ...],
    standard_errors: bool,
    item_ids: Sequence[Hashable] | None,
) -> Calibration:
    layout, point = problem.layout, fit.at.point
    parameters = parameters_at(layout, point)
    found = None
    if standard_errors:
        wide = persons.blocks(layout.order, WIDE_BLOCK)
        information = observed_information(problem, fit.at, fit.grid, wide)
        found = errors(layout, problem.space, point, information)
    spread = np.full(point.latent.shape, np.nan) if found is None else found.latent
    latent = latents(point, spread)
    each = None if found is None else found.items
    free = tuple(sorted(set(range(len(items.models))) - set(items.anchored)))
    return Calibration(
        parameters=parameters,
        standard_errors=each,
        covariance=None if found is None else found.covariance,
        places=places(problem.space),
        latent=latent,
        groups=persons.labels,
        prior=problem.priors,
        grid=fit.grid,
        log_likelihood=fit.at.found.log_likelihood,
        n_parameters=len(fit.at.vector),
        n_persons=persons.total,
        n_patterns=persons.n_rows,
        n_iter=fit.n_iter,
        n_evaluations=fit.n_evaluations,
        converged=fit.converged,
        message=fit.message,
        adequacy=judgement,
        flags=flags(parameters, each, latent, free),
        collapsed=collapsed,
        item_ids=None if item_ids is None else tuple(item_ids),
    )
