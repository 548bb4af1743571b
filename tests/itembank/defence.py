"""What defends a test, as calls whose every argument can be spoilt, and what spoils an argument.

To add a function, add a line to `CALLS`: how it is called rightly, and of which sort each argument
is. What it must refuse follows. To add a mistake, add a line to `SPOILS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import partial
from typing import Any

import numpy as np

from itembank import (
    ItemParameters,
    angoff,
    assemble,
    bookmark,
    borderline_group,
    classification_accuracy,
    contrasting_groups,
    dif,
    empirical_reliability,
    estimate_ability,
    item_analysis,
    item_fit,
    link,
    local_dependence,
    marginal_reliability,
    miskeyed,
    person_fit,
    place_by_panel,
    plots,
    rule_accuracy,
    simulate_abilities,
    simulate_scores,
    subscores,
)
from itembank.accuracy import reaching, truly_reaching
from itembank.linking import drift

N, K = 400, 8
RNG = np.random.default_rng(5)
THETA = simulate_abilities(N, seed=1)
BANK = ItemParameters("2pl", np.linspace(0.8, 1.6, K), np.linspace(-1.5, 1.5, K))
OTHER = ItemParameters("2pl", BANK.slope * 1.1, BANK.threshold * 0.9 + 0.1)
SCORES = simulate_scores(THETA, BANK, seed=2).astype(np.float64)
GROUPS = np.arange(N) % 2
OPTIONS = np.where(SCORES == 1, 0, RNG.integers(1, 4, SCORES.shape))
KEYS = np.zeros(K, dtype=np.int64)
RATINGS = np.clip(RNG.normal(0.6, 0.15, (5, K)), 0.05, 0.95)
AREAS = ["a"] * 4 + ["b"] * 4
PAIRS = np.array([[place, place] for place in range(K)])
ABILITY = estimate_ability(SCORES, BANK)


class Sort(Enum):
    """What an argument is, which decides what spoils it."""

    SCORES = auto()
    """A table, one row a person."""
    RATINGS = auto()
    """A table of probabilities, one row a judge."""
    VECTOR = auto()
    """One number for each person or item."""
    NUMBER = auto()
    """A number within bounds."""
    WHOLE = auto()
    """A whole number of 0 or more."""
    ITEMS = auto()
    """Parameters of items."""
    NAME = auto()
    """One of a few words."""
    PLACES = auto()
    """Indices of items, each once."""


def _at(place: Any, value: float) -> Callable[[Any], Any]:
    def spoil(given: Any) -> Any:
        changed = np.array(given, dtype=np.float64)
        changed[place] = value
        return changed

    return spoil


def _all(value: Any) -> Callable[[Any], Any]:
    return lambda given: np.full(np.shape(given), value)


def _is(value: Any) -> Callable[[Any], Any]:
    return lambda _given: value


_TABLE: dict[str, Callable[[Any], Any]] = {
    "nothing": _is(None),
    "words": _is("words"),
    "a number": _is(1.0),
    "rows of different length": _is([[1, 0], [1]]),
    "three dimensions": lambda given: np.asarray(given)[np.newaxis],
    "text": _all("1"),
    "infinite at a place": _at((3, 1), np.inf),
    "below 0 at a place": _at((3, 1), -2.0),
    "no row": lambda given: given[:0],
    "no column": lambda given: given[:, :0],
    "nothing known": _all(np.nan),
}
SPOILS: dict[Sort, dict[str, Callable[[Any], Any]]] = {
    Sort.SCORES: _TABLE | {"half a score": _at((3, 1), 0.5)},
    Sort.RATINGS: _TABLE | {"per cent": lambda given: given * 100, "one judge": lambda r: r[:1]},
    Sort.VECTOR: {
        "words": _is("words"),
        "rows of different length": _is([[1, 0], [1]]),
        "one too few": lambda given: given[:-1],
        "two dimensions": lambda given: np.asarray(given)[np.newaxis],
        "infinite at a place": _at(1, np.inf),
        "unknown at a place": _at(1, np.nan),
    },
    Sort.NUMBER: {
        "nothing": _is(None),
        "words": _is("words"),
        "a list": _is([0.3, 0.4]),
        "not a number": _is(np.nan),
        "below 0": _is(-1.0),
        "enormous": _is(1e308),
        "complex": _is(1j),
    },
    Sort.WHOLE: {
        "words": _is("words"),
        "a list": _is([1]),
        "half": _is(0.5),
        "below 0": _is(-1),
        "not a number": _is(np.nan),
    },
    Sort.ITEMS: {"nothing": _is(None), "words": _is("words"), "a table": _is(np.ones((K, 2)))},
    Sort.NAME: {"nothing": _is(None), "another": _is("nope"), "a number": _is(3), "none": _is("")},
    Sort.PLACES: {
        "one twice": _is([0, 0]),
        "beyond the last": _is([K]),
        "below 0": _is([-1]),
        "half an item": _is([0.5]),
        "a list of lists": _is([[0], [1]]),
    },
}


@dataclass(frozen=True)
class Call:
    """A function with arguments that are right, and the sort of each that may be spoilt."""

    run: Callable[..., Any]
    given: Mapping[str, Any]
    sorts: Mapping[str, Sort]
    borne: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    """Arguments that may be so: pairs of argument and mistake."""

    def __call__(self, **spoilt: Any) -> Any:
        """Call the function, with some arguments spoilt."""
        return self.run(**{**self.given, **spoilt})


def _plotted(plot: Callable[..., Any], **given: Any) -> str:
    return str(plot(**given).svg)


_CUTS = {"own": 4.0}
_TRUE = truly_reaching({"own": BANK}, _CUTS)
CALLS = {
    "subscores": Call(
        subscores,
        {"scores": SCORES, "areas": AREAS, "draws": 3},
        {
            "scores": Sort.SCORES,
            "highest": Sort.VECTOR,
            "gain": Sort.NUMBER,
            "fewest_persons": Sort.WHOLE,
            "draws": Sort.WHOLE,
            "seed": Sort.WHOLE,
            "forms": Sort.NAME,
            "augmentation": Sort.NAME,
        },
    ),
    "lee": Call(
        classification_accuracy,
        {"parameters": BANK, "cuts": [4.0], "method": "lee"},
        {"parameters": Sort.ITEMS, "cuts": Sort.NUMBER, "method": Sort.NAME},
    ),
    "rudner": Call(
        classification_accuracy,
        {"parameters": BANK, "cuts": [0.0], "method": "rudner", "theta": THETA},
        {"parameters": Sort.ITEMS, "theta": Sort.VECTOR},
        frozenset({("theta", "one too few")}),
    ),
    "rule_accuracy": Call(
        rule_accuracy,
        {"measures": {"own": BANK}, "decide": reaching(_CUTS), "truth": _TRUE, "n_persons": 200},
        {"n_persons": Sort.WHOLE, "seed": Sort.WHOLE, "mean": Sort.NUMBER, "sd": Sort.NUMBER},
        frozenset({("mean", "below 0"), ("mean", "enormous"), ("sd", "enormous")}),
    ),
    "marginal_reliability": Call(
        marginal_reliability,
        {"parameters": BANK},
        {"parameters": Sort.ITEMS, "mean": Sort.NUMBER, "sd": Sort.NUMBER},
        frozenset({("mean", "below 0")}),
    ),
    "empirical_reliability": Call(
        empirical_reliability, {"ability": ABILITY}, {"weights": Sort.VECTOR}
    ),
    "item_fit": Call(
        item_fit,
        {"scores": SCORES, "calibrated": BANK},
        {
            "scores": Sort.SCORES,
            "calibrated": Sort.ITEMS,
            "weights": Sort.VECTOR,
            "n_free": Sort.WHOLE,
        },
    ),
    "person_fit": Call(
        person_fit,
        {"scores": SCORES, "calibrated": BANK},
        {"scores": Sort.SCORES, "calibrated": Sort.ITEMS, "method": Sort.NAME},
        frozenset({("scores", "no row"), ("scores", "nothing known")}),
    ),
    "local_dependence": Call(
        local_dependence,
        {"scores": SCORES, "calibrated": BANK},
        {
            "scores": Sort.SCORES,
            "calibrated": Sort.ITEMS,
            "weights": Sort.VECTOR,
            "threshold": Sort.NUMBER,
            "theta": Sort.VECTOR,
        },
    ),
    "item_analysis": Call(
        item_analysis,
        {"scores": SCORES, "choices": OPTIONS, "keys": KEYS},
        {
            "scores": Sort.SCORES,
            "choices": Sort.SCORES,
            "keys": Sort.VECTOR,
            "highest": Sort.VECTOR,
            "confidence": Sort.NUMBER,
        },
        frozenset(
            {("choices", "nothing"), ("choices", "nothing known"), ("keys", "unknown at a place")}
        ),
    ),
    "miskeyed": Call(
        miskeyed,
        {"analysis": item_analysis(SCORES, choices=OPTIONS, keys=KEYS)},
        {"slopes": Sort.VECTOR},
    ),
    **{
        f"dif {method}": Call(
            dif,
            {"scores": SCORES, "groups": GROUPS, "method": method, "items": [0], **more},
            {
                "scores": Sort.SCORES,
                "groups": Sort.VECTOR,
                "method": Sort.NAME,
                "items": Sort.PLACES,
                "anchors": Sort.PLACES,
                "weights": Sort.VECTOR,
                "level": Sort.NUMBER,
                "needed": Sort.WHOLE,
                "adjustment": Sort.NAME,
                "kind": Sort.NAME,
            },
            frozenset({("kind", "nothing")}),
        )
        for method, more in (
            ("mantel-haenszel", {}),
            ("logistic", {}),
            ("likelihood-ratio", {"model": "rasch"}),
        )
    },
    **{
        name: Call(
            run,
            {"source": BANK, "target": OTHER, "method": method, "common": PAIRS},
            {"source": Sort.ITEMS, "target": Sort.ITEMS, "method": Sort.NAME, **more},
        )
        for name, run, method, more in (
            ("link mean/sigma", link, "mean/sigma", {}),
            ("link stocking-lord", link, "stocking-lord", {}),
            ("drift", drift, "haebara", {"limit": Sort.NUMBER, "most_rmsd": Sort.NUMBER}),
        )
    },
    "angoff": Call(angoff, {"ratings": RATINGS}, {"ratings": Sort.RATINGS}),
    "bookmark": Call(
        bookmark,
        {"parameters": BANK, "bookmarks": [3, 4, 5]},
        {"parameters": Sort.ITEMS, "response_probability": Sort.NUMBER, "reading": Sort.NAME},
    ),
    "borderline_group": Call(
        borderline_group,
        {"scores": SCORES.sum(axis=1)[:50], "draws": 20},
        {"draws": Sort.WHOLE, "seed": Sort.WHOLE},
    ),
    "contrasting_groups": Call(
        contrasting_groups,
        {"scores": SCORES.sum(axis=1), "is_master": THETA + RNG.normal(size=N) > 0},
        {"scores": Sort.VECTOR, "is_master": Sort.VECTOR, "cost_of_false_pass": Sort.NUMBER},
    ),
    "place_by_panel": Call(
        place_by_panel,
        {"ratings": RATINGS},
        {"ratings": Sort.RATINGS, "judgement_sd": Sort.NUMBER},
    ),
    "assemble": Call(
        assemble,
        {"parameters": BANK, "blueprint": 2, "n_forms": 1, "theta": 0.0},
        {
            "parameters": Sort.ITEMS,
            "n_forms": Sort.WHOLE,
            "overlap": Sort.WHOLE,
            "uses": Sort.WHOLE,
            "fixed": Sort.PLACES,
            "excluded": Sort.PLACES,
            "difference": Sort.NUMBER,
            "gap": Sort.NUMBER,
            "time_limit": Sort.NUMBER,
        },
        frozenset({("difference", "nothing")}),
    ),
    "plots.item_characteristic": Call(
        partial(_plotted, plots.item_characteristic),
        {"parameters": BANK, "item": 1},
        {"parameters": Sort.ITEMS, "item": Sort.WHOLE},
    ),
    "plots.test_information": Call(
        partial(_plotted, plots.test_information), {"parameters": BANK}, {"parameters": Sort.ITEMS}
    ),
    "plots.wright_map": Call(
        partial(_plotted, plots.wright_map),
        {"parameters": BANK, "theta": THETA},
        {"parameters": Sort.ITEMS},
    ),
}


def mistakes() -> dict[str, tuple[Call, str, Any]]:
    """Return every call with one argument spoilt: the call, the argument and its value."""
    return {
        f"{name}, {argument}: {mistake}": (call, argument, spoil(_right(call, argument)))
        for name, call in CALLS.items()
        for argument, sort in call.sorts.items()
        for mistake, spoil in SPOILS[sort].items()
        if (argument, mistake) not in call.borne
    }


def _right(call: Call, argument: str) -> Any:
    """Return what an argument is where it is right; where it is left out, one for each person."""
    if argument in call.given:
        return call.given[argument]
    return np.ones(K if argument in {"highest", "slopes"} else N)
