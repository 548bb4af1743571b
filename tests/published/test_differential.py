"""Differential functioning of the verbal aggression items, and of the FIMS mathematics items."""

from __future__ import annotations

import csv
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from itembank import dif
from itembank.differential import DifSize, OddsRatios
from tests.published.responses import RESPONSES


@dataclass(frozen=True, eq=False)
class People:
    """Scores (n_persons, n_items) with the groups that people are in."""

    scores: NDArray[np.int8]
    groups: NDArray[np.int64]


def verbal_aggression() -> People:
    """Vansteelandt (2000), as in De Boeck & Wilson (2004): 24 items, 316 people, by gender."""
    rows = _rows("verbal_aggression.csv")
    return People(rows[:, :24].astype(np.int8), rows[:, 25])


def fims(group: str) -> People:
    """Return 14 items of the First International Mathematics Study, by country or sex."""
    rows = _rows("tam_fims/fims_scored.csv")
    return People(rows[:, 1:15].astype(np.int8), rows[:, {"SEX": 0, "country": 15}[group]])


def flagged(places: NDArray[np.bool_]) -> list[int]:
    """Return the numbers of the items that are flagged, counted from 1."""
    return [int(place) + 1 for place in np.flatnonzero(places)]


def test_mantel_haenszel_on_verbal_aggression() -> None:
    """The values of difR 5.1 with continuity correction, to the four decimals it prints."""
    people = verbal_aggression()
    found = dif(people.scores, people.groups)
    assert flagged(found.flagged) == [6, 12, 16, 17, 19, 20]
    expected = {6: 9.6032, 12: 4.1188, 16: 6.3029, 17: 6.8395, 19: 5.7817, 20: 3.8880}
    for item, value in expected.items():
        assert found.statistic[item - 1] == pytest.approx(value, abs=5e-5)
    assert isinstance(found.details, OddsRatios)
    for item, odds, delta in ((6, 2.8804, -2.4861), (16, 0.3209, 2.6709), (17, 0.3746, 2.3072)):
        assert found.details.odds_ratio[item - 1] == pytest.approx(odds, abs=1e-4)
        assert found.effect[item - 1] == pytest.approx(delta, abs=1e-4)
    assert set(found.size) == {DifSize.NOT_ENOUGH}
    assert found.n[0].tolist() == [243, 73]


def test_mantel_haenszel_on_verbal_aggression_with_purification() -> None:
    people = verbal_aggression()
    found = dif(people.scores, people.groups, purify=True)
    assert flagged(found.flagged) == [6, 8, 14, 16, 17, 19, 20, 22, 23]
    assert found.settled
    assert flagged(~found.anchors) == flagged(found.flagged)


def test_logistic_regression_on_verbal_aggression() -> None:
    people = verbal_aggression()
    found = dif(people.scores, people.groups, "logistic")
    assert flagged(found.flagged) == [6, 16, 17, 19]
    assert found.statistic[[5, 15, 16, 18]] == pytest.approx(
        [11.4111, 7.6935, 10.2622, 7.2379], abs=5e-5
    )


METHODS = ("mantel-haenszel", "logistic", "likelihood-ratio")


def test_likelihood_ratios_of_the_rasch_model_agree_on_verbal_aggression() -> None:
    """With purification, the Rasch model's likelihood ratio flags what Mantel-Haenszel flags."""
    people = verbal_aggression()
    found = dif(people.scores, people.groups, "likelihood-ratio", model="rasch", purify=True)
    assert flagged(found.flagged) == [6, 8, 14, 16, 17, 19, 20, 22, 23]
    assert found.settled


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("group", "items"), [("country", [5, 7, 8, 13]), ("SEX", [2, 5, 11])])
def test_fims_by_country_and_by_sex(method: str, group: str, items: list[int]) -> None:
    """6,371 pupils in Australia and Japan: every method flags the items that differ most."""
    people = fims(group)
    found = dif(people.scores, people.groups, method, adjustment="benjamini-hochberg")
    assert set(items) <= set(flagged(found.flagged))
    assert found.enough.all()
    if method == "mantel-haenszel":
        assert set(items) <= {item + 1 for item in found.suspects}


def test_countries_differ_more_than_the_sexes() -> None:
    country, sex = (dif(own.scores, own.groups) for own in (fims("country"), fims("SEX")))
    assert country.size.count(DifSize.LARGE) == 4
    assert sex.size.count(DifSize.LARGE) == 0


def _rows(name: str) -> NDArray[np.int64]:
    path = RESPONSES / name
    if not path.exists():
        pytest.skip(f"the published table {name} is not in {RESPONSES}")
    with path.open(encoding="utf-8", newline="") as file:
        return np.array(list(csv.reader(file))[1:], dtype=np.float64).astype(np.int64)
