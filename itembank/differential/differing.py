"""Differential functioning: which items work differently for people of equal ability."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from itembank.arguments import BoolArray, distinct, sentence_fault
from itembank.calibration.adequacy import HIGHEST
from itembank.differential.answers import Answers, checked_answers
from itembank.differential.likelihood_ratio import LikelihoodRatio, Report
from itembank.differential.logistic import logistic_tests
from itembank.differential.mantel import mantel_haenszel
from itembank.differential.matching import (
    Matched,
    Matching,
    checked_strata,
    on_given,
    on_scores,
)
from itembank.differential.purifying import purified
from itembank.differential.results import (
    Adjustment,
    Differential,
    DifKind,
    DifMethod,
    Tests,
)
from itembank.differential.verdict import Verdict
from itembank.faults import chosen, fault
from itembank.parameters import Model

Test: TypeAlias = Callable[[BoolArray], Tests]
"""Tests all items with some of them as anchors."""
_STRATA = 20
"""Strata of abilities for Mantel-Haenszel."""


def dif(
    scores: ArrayLike,
    groups: ArrayLike,
    method: str | DifMethod = DifMethod.MANTEL_HAENSZEL,
    *,
    kind: str | DifKind | None = None,
    reference: Hashable | None = None,
    matching: str | Matching | ArrayLike = Matching.TOTAL,
    n_strata: int | None = None,
    items: Sequence[int] | None = None,
    anchors: Sequence[int] | None = None,
    purify: bool = False,
    continuity: bool = True,
    weights: ArrayLike | None = None,
    level: float = 0.05,
    adjustment: str | Adjustment = Adjustment.NONE,
    needed: int | None = None,
    model: str | Model | Sequence[str | Model] = Model.TWO_PL,
    on_progress: Report | None = None,
) -> Differential:
    """Return which items work differently in two groups of people of equal ability.

    A difference in how able the groups are is no difference of an item: people are compared with
    others of the same matching score. A score is not quite ability, though, and where one group is
    much abler the first two methods flag too many items; the likelihood ratio does not.

    Parameters
    ----------
    scores : array_like, shape (n_persons, n_items)
        Whole numbers from 0; logistic regression takes 0 and 1 alone. NaN, or -1 among integers,
        where an item was not administered: people are then to be matched on given abilities.
    groups : array_like, shape (n_persons,)
        Labels of two groups, none missing.
    method : str or DifMethod
        mantel-haenszel, logistic or likelihood-ratio. The last calibrates both groups together,
        each with its own distribution of ability, and compares calibrations in which an item has
        the same parameters in both groups, and its own in each; asymptotes and slopes that items
        have in common stay the same. Categories that one group has nobody in join a neighbour.
    kind : str or DifKind, optional
        uniform, nonuniform or both. Mantel-Haenszel sees uniform differences alone; otherwise both
        are looked for by default.
    reference : optional
        Which group is the reference; by default, the first label in sorted order.
    matching : str, Matching or array_like, shape (n_persons,)
        The total score with the item's own (default), without it (rest), or numbers that came
        with the people, such as abilities. The likelihood ratio needs none.
    n_strata : int, optional
        Strata of about equal counts that given numbers are put in. By default 20 for
        Mantel-Haenszel, none for logistic regression. Scores are never put together.
    items : sequence of int, optional
        Which to test; by default, all.
    anchors : sequence of int, optional
        Items that people are matched on; by default, all. In the likelihood ratio: items that have
        the same parameters in both groups, but for the one that is tested; never one that a group
        answers all alike, which is tested as infinitely hard or easy there.
    purify : bool
        Whether flagged items are left out of the anchors and all items tested again, until the same
        items are flagged twice running.
    continuity : bool
        Whether Mantel-Haenszel's difference is brought half a person nearer to 0; not done with
        items of more than two categories.
    weights : array_like, shape (n_persons,), optional
        How often each row occurred.
    level : float
        An item is flagged where its p-value is below this.
    adjustment : str or Adjustment
        none, or benjamini-hochberg for the number of items.
    needed : int, optional
        Answers in the smaller group below which there is not enough to say how large a difference
        is; by default 200, and 300 for the likelihood ratio.
    model : str, Model or a sequence of them
        Of the likelihood ratio, as for `calibrate`.
    on_progress : callable, optional
        Called by the likelihood ratio with a `DifProgress` after each item.

    Returns
    -------
    Differential

    Raises
    ------
    ValueError
        Where scores have a wrong shape or are outside the categories; where a person or an item has
        no answer, or an item one score alone; where there are not two groups; and where another
        argument is not as said here.

    References
    ----------
    Holland, P. W., & Thayer, D. T. (1988). Differential item performance and the Mantel-Haenszel
    procedure. In H. Wainer & H. I. Braun (Eds.), Test validity (pp. 129-145). Erlbaum.

    Mantel, N. (1963). Chi-square tests with one degree of freedom: Extensions of the
    Mantel-Haenszel procedure. Journal of the American Statistical Association, 58, 690-700.

    Swaminathan, H., & Rogers, H. J. (1990). Detecting differential item functioning using logistic
    regression procedures. Journal of Educational Measurement, 27(4), 361-370.

    Jodoin, M. G., & Gierl, M. J. (2001). Evaluating Type I error and power rates using an effect
    size measure with the logistic regression procedure for DIF detection. Applied Measurement in
    Education, 14(4), 329-349.

    Thissen, D., Steinberg, L., & Wainer, H. (1993). Detection of differential item functioning
    using the parameters of item response models. In P. W. Holland & H. Wainer (Eds.), Differential
    item functioning (pp. 67-113). Erlbaum.
    """
    how = chosen("method", DifMethod, method)
    verdict = Verdict(level, chosen("adjustment", Adjustment, adjustment), needed, how)
    asked = _Asked(
        how,
        _kind(kind, how),
        matching,
        checked_strata(n_strata),
        continuity,
        level,
        model,
        on_progress,
    )
    highest = 1 if how is DifMethod.LOGISTIC else HIGHEST
    answers = checked_answers(scores, groups, weights, reference, highest=highest)
    first = _first_anchors(anchors, asked, len(answers.scores))
    if purify and not asked.on_scores:
        raise sentence_fault("purify", "False where a matching is given", "True")
    wanted = _places("items", items, len(answers.scores))
    test, linking = asked.test(answers, wanted, first)
    found = purified(test, verdict.flagged, linking, repeatedly=purify)
    return verdict.of(found, answers, asked.kind)


@dataclass(frozen=True, eq=False)
class _Asked:
    """What the caller wants computed."""

    method: DifMethod
    kind: DifKind
    matching: str | Matching | ArrayLike
    n_strata: int | None
    continuity: bool
    level: float
    model: str | Model | Sequence[str | Model]
    on_progress: Report | None

    def __post_init__(self) -> None:
        plain = isinstance(self.matching, str) and self.matching == Matching.TOTAL
        if self.method is DifMethod.LIKELIHOOD_RATIO and not plain:
            allowed = "left out with the method 'likelihood-ratio', which estimates abilities"
            raise sentence_fault("matching", allowed, "another")

    @property
    def on_scores(self) -> bool:
        """Whether people are matched on what they score on the anchors."""
        return isinstance(self.matching, str)

    def test(self, answers: Answers, wanted: BoolArray, first: BoolArray) -> tuple[Test, BoolArray]:
        """Return what tests some items with given anchors, and which of the first will do."""
        if self.method is DifMethod.LIKELIHOOD_RATIO:
            own_model, report = self.model, self.on_progress
            ratio = LikelihoodRatio(answers, own_model, self.kind, self.level, report)
            return lambda anchors: ratio.test(anchors, wanted), ratio.linking(first)
        if isinstance(self.matching, str):
            own = chosen("matching", Matching, self.matching)
            return lambda anchors: _only(
                wanted, self._tests(on_scores(answers, anchors, own))
            ), first
        strata = self.n_strata
        if strata is None and self.method is DifMethod.MANTEL_HAENSZEL:
            strata = _STRATA
        given = on_given(answers, self.matching, strata)
        return lambda _: _only(wanted, self._tests(given)), first

    def _tests(self, matched: Matched) -> Tests:
        if self.method is DifMethod.MANTEL_HAENSZEL:
            return mantel_haenszel(matched, continuity=self.continuity)
        return logistic_tests(matched, self.kind, self.level)


def _kind(kind: str | DifKind | None, method: DifMethod) -> DifKind:
    if method is not DifMethod.MANTEL_HAENSZEL:
        return DifKind.BOTH if kind is None else chosen("kind", DifKind, kind)
    found = DifKind.UNIFORM if kind is None else chosen("kind", DifKind, kind)
    if found is not DifKind.UNIFORM:
        raise fault("kind", "'uniform' for the method 'mantel-haenszel'", found.value)
    return found


def _first_anchors(anchors: Sequence[int] | None, asked: _Asked, n_items: int) -> BoolArray:
    if asked.on_scores:
        return _places("anchors", anchors, n_items)
    if anchors is not None:
        raise sentence_fault("anchors", "None where a matching is given", "items")
    return np.zeros(n_items, dtype=bool)


def _places(name: str, given: Sequence[int] | None, n_items: int) -> BoolArray:
    """Return which items are named; by default, all."""
    if given is None:
        return np.ones(n_items, dtype=bool)
    distinct(name, list(given))
    found = np.zeros(n_items, dtype=bool)
    for place, item in enumerate(given):
        if not (isinstance(item, int | np.integer) and 0 <= item < n_items):
            raise fault(name, f"places from 0 to {n_items - 1}", item, str(place))
        found[item] = True
    if not found.any():
        raise sentence_fault(name, "one item or more", "none")
    return found


def _only(wanted: BoolArray, tests: Tests) -> Tests:
    """Return tests of some items; the others are not tested."""
    return replace(
        tests,
        statistic=np.where(wanted, tests.statistic, np.nan),
        effect=np.where(wanted, tests.effect, np.nan),
        effect_se=np.where(wanted, tests.effect_se, np.nan),
    )
