"""From scores on items to what may be said of areas."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from itembank.arguments import number, sentence_fault, whole
from itembank.faults import chosen
from itembank.subscoring.counting import Counted, counted
from itembank.subscoring.covariances import Covariances, covariances
from itembank.subscoring.reduction import Reductions, reductions, reportings
from itembank.subscoring.resampling import Spread, spread
from itembank.subscoring.results import Augmentation, Forms, Reporting, Subscore, Subscores

FEWEST_PERSONS = 200
"""Below so many, no area is reported on, whatever the numbers say."""
LEAST_GAIN = 0.01
"""How much more an augmented score must tell, as a share of the variance of true scores."""
_MOST_DRAWS = 10_000


def subscores(
    scores: ArrayLike,
    areas: Sequence[str],
    *,
    forms: str | Forms = Forms.SAME,
    lengths: Sequence[float] | None = None,
    highest: ArrayLike | None = None,
    augmentation: str | Augmentation = Augmentation.TOTAL,
    gain: float = LEAST_GAIN,
    fewest_persons: int = FEWEST_PERSONS,
    draws: int = 0,
    seed: int = 0,
) -> Subscores:
    """Return whether the score on each area of a test tells more of it than the total does.

    A score is worth as much as it tells of the true score of the area: the proportion by which it
    reduces the mean squared error of a guess (PRMSE). Of the area's own score that is its
    reliability, coefficient alpha; of the total it is the squared correlation with the true score
    of the area; of both together, that of their regression. An area is shown where its own score
    tells more than the total; else augmented where both together tell more, by `gain`, than the
    better of them; else not reported on.

    Parameters
    ----------
    scores : array_like, shape (n_persons, n_items)
        Points from 0 up; -1 among whole numbers, NaN among floats, for not administered.
    areas : sequence of str, shape (n_items,)
        The area of each item; two or more of them.
    forms : Forms or its name
        ``same``: everybody has all the items, and who lacks some is left out. ``drawn``: every
        person has items drawn at random from each area, so that how hard theirs were is error as
        well. Not for adaptive tests, whose items depend on the answers.
    lengths : sequence of float, in the order in which areas are first named, optional
        How many items of each area a form has; what is found is for such a form. Default: as many
        as there are, or as persons had on average where forms are drawn.
    highest : array_like, shape (n_items,), optional
        The most points that each item gives. Default: the most that anybody had, at least 1.
    augmentation : Augmentation or its name
        ``total`` (Haberman), or ``areas``: each with its own weight (Wainer).
    gain : float
        From 0 to 1.
    fewest_persons : int
        With fewer persons, every area is `NOT_ENOUGH`.
    draws, seed : int
        How many resamples of persons the errors rest on, 0 for none; and from which seed.

    Returns
    -------
    Subscores

    Raises
    ------
    ValueError
        Where an argument is not as said here, and where fewer than two persons can be counted.

    References
    ----------
    Haberman, S. J. (2008). When can subscores have value? Journal of Educational and Behavioral
    Statistics, 33(2), 204-229.

    Wainer, H., Vevea, J. L., Camacho, F., Reeve, B. B., Rosa, K., Nelson, L., Swygert, K. A., &
    Thissen, D. (2001). Augmented scores. In D. Thissen & H. Wainer (Eds.), Test scoring
    (pp. 343-387). Erlbaum.
    """
    kind = chosen("forms", Forms, forms)
    help_by = chosen("augmentation", Augmentation, augmentation)
    _check(gain, fewest_persons, draws)
    of = counted(scores, areas, kind, lengths, highest)
    found = covariances(of.sums, of.lengths, kind)
    _require_pairs(found, of.names)
    reduced = reductions(found, help_by)
    reporting = reportings(reduced, gain)
    if of.n_persons < fewest_persons:
        reporting = (Reporting.NOT_ENOUGH,) * len(of.names)
    apart = spread(of, kind, help_by, gain, draws=draws, seed=seed)
    return Subscores(
        areas=_described(of, found, reduced, apart, reporting),
        reliability=_known(_quotient(found.true.sum(), found.observed.sum())),
        n_persons=of.n_persons,
        forms=kind,
        augmentation=help_by,
        weights=tuple(tuple(float(each) for each in row) for row in reduced.weights),
    )


def _described(
    of: Counted,
    found: Covariances,
    reduced: Reductions,
    apart: Spread,
    reporting: tuple[Reporting, ...],
) -> tuple[Subscore, ...]:
    truth, observed = np.diag(found.true), np.diag(found.observed)
    left = np.maximum(truth, 0.0) * (1 - reduced.augmented)
    return tuple(
        Subscore(
            area=name,
            n_items=float(of.lengths[k]),
            highest=float(of.highest[k]),
            mean=float(of.mean[k]),
            sd=math.sqrt(max(0.0, observed[k])),
            reliability=_known(_quotient(truth[k], observed[k])),
            prmse_subscore=_known(reduced.subscore[k]),
            prmse_total=_known(reduced.total[k]),
            prmse_augmented=_known(reduced.augmented[k]),
            standard_error=_known(_root(found.error[k])),
            augmented_error=_known(_root(left[k])),
            advantage_error=_known(apart.error[k]),
            stability=_known(apart.stability[k]),
            reporting=reporting[k],
        )
        for k, name in enumerate(of.names)
    )


def _quotient(part: float, whole: float) -> float:
    return part / whole if whole > 0 else math.nan


def _root(variance: float) -> float:
    return math.nan if math.isnan(variance) else math.sqrt(max(0.0, variance))


def _known(value: float) -> float | None:
    """Return a number, or None where there is none: JSON has no NaN."""
    return float(value) if math.isfinite(value) else None


def _check(gain: float, fewest_persons: int, draws: int) -> None:
    number("gain", gain, "from 0 to 1", lambda given: 0 <= given <= 1)
    whole("fewest_persons", fewest_persons, 0)
    if draws != 0:
        whole("draws", draws, 2, _MOST_DRAWS)


def _require_pairs(found: Covariances, names: tuple[str, ...]) -> None:
    """Refuse areas of which nobody was given both."""
    apart = np.argwhere(np.isnan(found.true) & ~np.eye(len(names), dtype=bool))
    if apart.size:
        one, other = (names[int(each)] for each in apart[0])
        allowed = "of some persons who were given items of each two areas"
        raise sentence_fault("scores", allowed, f"none with {one!r} and {other!r}")
