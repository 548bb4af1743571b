"""How often a whole rule over several measures decides rightly, by simulation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from itembank.accuracy.simulated import RuleAccuracy, rule_accuracy_of
from itembank.arguments import (
    BoolArray,
    FloatArray,
    finite,
    generator_of,
    one_each,
    require,
    sentence_fault,
    whole,
)
from itembank.curves import expected_score
from itembank.faults import fault
from itembank.parameters import ItemParameters
from itembank.simulation import simulate_scores

Scores: TypeAlias = NDArray[Any]
"""What a measure gives, one row a person."""
Measure: TypeAlias = ItemParameters | Callable[[FloatArray, int], Scores]
"""Items that everybody is given; or what gives scores from abilities (n_persons,) and a seed."""
Decide: TypeAlias = Callable[[Mapping[str, Scores]], BoolArray]
"""From everybody's scores by measure, who is granted: truths, shape (n_persons,)."""
Truth: TypeAlias = Callable[[Mapping[str, FloatArray]], BoolArray]
"""From everybody's ability by measure, for whom it is true: truths, shape (n_persons,)."""

_FEWEST, _MOST = 100, 10_000_000
_SEEDS = 2**31


def rule_accuracy(
    measures: Mapping[str, Measure],
    decide: Decide,
    truth: Truth,
    *,
    correlation: ArrayLike = 1.0,
    mean: ArrayLike = 0.0,
    sd: ArrayLike = 1.0,
    n_persons: int = 10_000,
    seed: int = 0,
) -> RuleAccuracy:
    """Return how accurately and how consistently a rule over several measures decides.

    Abilities are drawn from a multivariate normal distribution; of each person every measure is
    taken twice, independently given ability; the rule decides on each; and both decisions are held
    against what is true of the abilities.

    Parameters
    ----------
    measures : mapping of name to Measure
        Items, or a function of abilities (n_persons,) and a seed that gives scores, one row a
        person: for drawn forms, adaptive tests, and performances that raters judge.
    decide : callable
        From scores by name of measure, whom the rule grants; truths, shape (n_persons,). `reaching`
        makes one for tests with cuts, and `each_person` one from a rule about one person; any
        function will do, and ``&``, ``|`` join what functions give.
    truth : callable
        From abilities by name of measure, shape (n_persons,) each, for whom it is true; truths.
        `truly_reaching` makes one for tests.
    correlation : array_like, shape (n_measures, n_measures), or a number
        Of abilities, in the order of `measures`; a number is that of each two. Default 1: all
        measure the same ability.
    mean, sd : array_like, shape (n_measures,), or a number
        Of abilities, in logits.
    n_persons : int
        How many are drawn.
    seed : int
        0 or more; the same seed gives the same result under one version of numpy.

    Returns
    -------
    RuleAccuracy

    Raises
    ------
    ValueError
        Where an argument is not as said here, or a callable gives something else.
    """
    if not measures:
        raise sentence_fault("measures", "one or more", "none")
    whole("n_persons", n_persons, _FEWEST, _MOST)
    rng = generator_of(seed)
    abilities = _abilities(
        tuple(measures), rng, n_persons, correlation=correlation, mean=mean, sd=sd
    )
    first, second = (
        _truths("decide", decide(_taken(measures, abilities, rng)), n_persons) for _ in range(2)
    )
    return rule_accuracy_of(first, second, _truths("truth", truth(abilities), n_persons))


def reaching(cuts: Mapping[str, float], *, fewest: int | None = None) -> Decide:
    """Return a rule: the sum of scores reaches its cut in so many measures; by default in all.

    -1 and NaN, not administered, count for nothing.
    """
    needed = _needed(cuts, fewest)

    def decide(scores: Mapping[str, Scores]) -> BoolArray:
        _among("cuts", cuts, scores)
        reached = [_points(name, scores[name]) >= cuts[name] for name in cuts]
        return np.asarray(np.sum(reached, axis=0) >= needed)

    return decide


def _points(name: str, scores: Scores) -> FloatArray:
    """Return everybody's sum on one measure."""
    if scores.ndim != 2:
        allowed = f"of scores, shape (n_persons, n_items), for `reaching` to sum, in {name!r}"
        raise sentence_fault("measures", allowed, f"shape {scores.shape}")
    return np.asarray(np.nansum(np.maximum(scores, 0), axis=1, dtype=np.float64))


def each_person(rule: Callable[[Mapping[str, Scores]], bool]) -> Decide:
    """Return a rule over all persons from one that looks at one person's scores by measure."""

    def decide(scores: Mapping[str, Scores]) -> BoolArray:
        n_persons = len(next(iter(scores.values())))
        return np.array(
            [
                bool(rule({name: rows[person] for name, rows in scores.items()}))
                for person in range(n_persons)
            ]
        )

    return decide


def truly_reaching(
    measures: Mapping[str, ItemParameters], cuts: Mapping[str, float], *, fewest: int | None = None
) -> Truth:
    """Return what is true where the expected sum reaches its cut in so many measures, or all."""
    needed = _needed(cuts, fewest)
    _among("cuts", cuts, measures)

    def truth(abilities: Mapping[str, FloatArray]) -> BoolArray:
        reached = [
            expected_score(abilities[name], measures[name]).sum(axis=1) >= cuts[name]
            for name in cuts
        ]
        return np.asarray(np.sum(reached, axis=0) >= needed)

    return truth


def _needed(cuts: Mapping[str, float], fewest: int | None) -> int:
    if not cuts:
        raise sentence_fault("cuts", "of one measure or more", "none")
    finite("cuts", list(cuts.values()), ndim=1)
    return len(cuts) if fewest is None else whole("fewest", fewest, 1, len(cuts))


def _among(argument: str, names: Iterable[str], known: Iterable[str]) -> None:
    known = tuple(known)
    for name in names:
        if name not in known:
            raise fault(argument, f"of measures: {', '.join(known)}", name)


def _abilities(
    names: Sequence[str],
    rng: np.random.Generator,
    n_persons: int,
    *,
    correlation: ArrayLike,
    mean: ArrayLike,
    sd: ArrayLike,
) -> dict[str, FloatArray]:
    n = len(names)
    root = _root(correlation, n)
    centre, spread = one_each("mean", mean, n), one_each("sd", sd, n)
    require(spread >= 0, "sd", "0 or more", spread)
    drawn = centre + spread * (rng.standard_normal((n_persons, n)) @ root)
    return {name: np.ascontiguousarray(drawn[:, place]) for place, name in enumerate(names)}


def _root(correlation: ArrayLike, n: int) -> FloatArray:
    """Return the symmetric root of a correlation matrix, which may be singular."""
    found = finite("correlation", correlation)
    if found.ndim == 0:
        found = np.full((n, n), float(found))
        np.fill_diagonal(found, 1.0)
    if found.shape != (n, n):
        allowed = f"a number or of shape ({n}, {n})"
        raise sentence_fault("correlation", allowed, f"shape {found.shape}")
    if not (np.allclose(found, found.T) and np.allclose(np.diag(found), 1.0)):
        raise sentence_fault("correlation", "symmetric, with 1 in the diagonal", "another matrix")
    values, vectors = np.linalg.eigh(found)
    if values[0] < -1e-9:
        raise sentence_fault("correlation", "positive semidefinite", f"eigenvalue {values[0]:.3g}")
    return np.asarray(np.sqrt(np.maximum(values, 0.0))[:, np.newaxis] * vectors.T)


def _taken(
    measures: Mapping[str, Measure], abilities: Mapping[str, FloatArray], rng: np.random.Generator
) -> dict[str, Scores]:
    """Return everybody's scores by measure, each measure from a seed of its own."""
    found = {}
    for name, measure in measures.items():
        seed = int(rng.integers(_SEEDS))
        if isinstance(measure, ItemParameters):
            found[name] = simulate_scores(abilities[name], measure, seed=seed)
        else:
            found[name] = _given(name, measure(abilities[name], seed), len(abilities[name]))
    return found


def _given(name: str, scores: ArrayLike, n_persons: int) -> Scores:
    found = np.asarray(scores)
    if found.ndim == 0 or len(found) != n_persons or found.dtype.kind not in "biuf":
        allowed = f"functions that give numbers, one row for each of {n_persons} persons"
        raise sentence_fault(
            "measures", allowed, f"{found.dtype.name} of shape {found.shape} in {name!r}"
        )
    return found


def _truths(name: str, given: BoolArray, n_persons: int) -> BoolArray:
    found = np.asarray(given)
    if found.dtype != np.bool_ or found.shape != (n_persons,):
        got = f"{found.dtype.name} of shape {found.shape}"
        raise sentence_fault(name, f"a function that gives truths, shape ({n_persons},)", got)
    return found
