"""Scores that say how sure they are: by ability on a bank's scale, or by sampling from a domain."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from itembank.ability import Ability, Prior, estimate_ability
from itembank.faults import fault
from itembank.mastery import Cut, classify, mastery_by_sampling
from itembank.parameters import ItemParameters
from itembank.scoring import MasteryBasis, PercentScoring, Score, ScoredResponse

DECIMALS = 6
"""How many decimals of theta, its standard error and a probability are kept: replays compare."""


class AbilityScoring:
    """The percentage, with the ability on a bank's scale and the probability of mastery.

    Ability is the mean of the posterior over the items that have parameters; items without them
    (new wordings on trial) count in the percentage only. An item of a dichotomous model is right
    where it earned all of its points: partial credit is none. An item of a polytomous model scores
    its share of the points times its highest category, to the nearest category, halves upwards.
    Unanswered items are wrong.

    Parameters
    ----------
    parameters : ItemParameters
    places : mapping
        From an item's id to its place among the parameters.
    cut : Cut, optional
        The pass mark on the scale; without one there is no probability of mastery.
    parents : mapping, optional
        As for `PercentScoring`.
    prior : Prior, optional
        Normal at the cut with a standard deviation of 1 where not given; standard normal where
        there is no cut either.

    Raises
    ------
    ValueError
        Where a place is not among the parameters.

    See Also
    --------
    estimate_ability, classify : The formulas, and their sources.
    """

    def __init__(
        self,
        parameters: ItemParameters,
        places: Mapping[str, int],
        cut: Cut | None = None,
        *,
        parents: Mapping[str, str] | None = None,
        prior: Prior | None = None,
    ) -> None:
        for item_id, place in places.items():
            if not 0 <= place < parameters.n_items:
                raise fault("places", f"from 0 to {parameters.n_items - 1}", place, item_id)
        self._percent = PercentScoring(parents)
        self._parameters, self._places, self._cut = parameters, places, cut
        self._prior = prior or Prior(cut.theta if cut else 0.0)

    def score(self, responses: Sequence[ScoredResponse]) -> Score:
        """Return the score of one sitting, unanswered items included."""
        plain = self._percent.score(responses)
        ability = self.ability(responses)
        if ability is None:
            return plain
        score = replace(plain, theta=_kept(ability.theta), se=_kept(ability.se))
        return score if self._cut is None else _with_mastery(score, ability, self._cut)

    def ability(self, responses: Sequence[ScoredResponse]) -> Ability | None:
        """Return the ability that a sitting shows; None where no item of it has parameters."""
        scaled = [each for each in responses if each.item_id in self._places]
        if not scaled:
            return None
        own = self._parameters.take(self._places[each.item_id] for each in scaled)
        tops = own.n_categories - 1
        scores = [category_of(each, int(top)) for each, top in zip(scaled, tops, strict=True)]
        return estimate_ability(np.array(scores, dtype=np.int8), own, prior=self._prior)


def category_of(response: ScoredResponse, top: int) -> int:
    """Return the score of a response in an item whose highest score is `top`.

    With two categories, 1 for all of the points and else 0; with more, the share of the points
    times the highest, to the nearest, halves upwards. `top` is 1 or more.
    """
    if top == 1:
        return int(response.points >= response.possible)
    return math.floor(response.points / response.possible * top + 0.5)


class SampledScoring:
    """The percentage, with the probability that the share of the whole domain is above a cut.

    For a test whose items are drawn from a domain and are not calibrated; `cut` is the pass mark in
    percent. `mastery_by_sampling` gives the formula.

    Raises
    ------
    ValueError
        Where `cut` is not from 0 to 100.
    """

    def __init__(self, cut: float, parents: Mapping[str, str] | None = None) -> None:
        if not 0 <= cut <= 100:
            raise fault("cut", "a percentage from 0 to 100", cut)
        self._share = cut / 100
        self._percent = PercentScoring(parents)

    def score(self, responses: Sequence[ScoredResponse]) -> Score:
        """Return the score of one sitting, unanswered items included."""
        plain = self._percent.score(responses)
        if not plain.possible:
            return plain
        probability = mastery_by_sampling(plain.points, plain.possible, self._share)
        return replace(
            plain, mastery_probability=_kept(probability), basis=MasteryBasis.SAMPLED_ITEMS
        )


def _with_mastery(score: Score, ability: Ability, cut: Cut) -> Score:
    found = classify(ability, cut)
    return replace(
        score,
        mastery_probability=_kept(found.probability),
        mastery_lowest=_kept(found.lowest),
        mastery_highest=_kept(found.highest),
        basis=MasteryBasis.ITEM_RESPONSE_THEORY,
    )


def _kept(value: float | np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    return round(float(value), DECIMALS) + 0.0  # never minus zero, whose text differs
