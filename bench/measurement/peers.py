"""Calibration beside girth, on the same data and judged by the same likelihood."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.figures import Figure, Finding, Skipped
from bench.measurement.likelihood import log_likelihood
from bench.measurement.sizes import Sizes
from bench.measurement.timing import timed
from bench.measurement.worlds import Scores, binary_items, graded_items, scores_of
from itembank import ItemParameters, calibrate

_OF_GIRTH = 0.1
_WORSE = 0.01
_MIRT_GRM_SECONDS = 1.25
"""CPU seconds of mirt 1.47 at the same size, measured elsewhere on two cores."""


def measure(sizes: Sizes) -> Iterator[Finding]:
    """Yield what calibration takes, and how good it is, beside girth."""
    for model, items in (("2pl", binary_items), ("grm", graded_items)):
        scores = scores_of(sizes.peers, items(sizes.peers.items))
        yield from _against_girth(model, scores, sizes)


def _against_girth(model: str, scores: Scores, sizes: Sizes) -> Iterator[Finding]:
    name = f"{model.upper()} {sizes.peers}"
    work = partial(calibrate, scores, model, standard_errors=False, minimum=None)
    ours = timed(work, sizes.repeats)
    if model == "grm":
        yield Figure(f"{name}; mirt, elsewhere", ours.seconds, "s", _MIRT_GRM_SECONDS)
    if find_spec("girth") is None:
        yield Skipped(f"{name}; a tenth of girth", "girth is not installed (extra: bench)")
        return
    theirs = timed(partial(_girth, model, scores))
    yield Figure(f"{name}; a tenth of girth", ours.seconds, "s", _OF_GIRTH * theirs.seconds)
    likelihoods = [_likelihood(scores, each) for each in (ours.result.parameters, theirs.result)]
    worse = max(likelihoods[1] - likelihoods[0], 0.0)
    yield Figure(f"{name}, log-likelihood below girth's", worse, "", _WORSE)


def _girth(model: str, scores: Scores) -> ItemParameters:
    """Return girth's estimates; items are its rows, and its lowest category is 1."""
    girth = import_module("girth")  # untyped, and there only with the extra

    fit = girth.twopl_mml if model == "2pl" else girth.grm_mml
    found: dict[str, NDArray[Any]] = fit(scores.T.astype(np.int64) + (model == "grm"))
    difficulty = np.asarray(found["Difficulty"], dtype=np.float64)
    return ItemParameters(model, np.asarray(found["Discrimination"]), difficulty)


def _likelihood(scores: Scores, parameters: ItemParameters) -> float:
    return log_likelihood(scores, parameters.slope, parameters.threshold)
