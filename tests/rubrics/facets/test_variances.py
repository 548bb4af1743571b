"""Errors from sparse information are those of the inverse."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from rubrics.facets import many_facet, variances
from rubrics.facets.newton import solve
from rubrics.facets.variances import inverse_but, inverse_diagonal
from tests.rubrics.facets.worlds import world


def scattered(size: int, seed: int = 0) -> csr_array:
    """What raters who share a few persons have: sparse, and heaviest on the diagonal."""
    draw = np.random.default_rng(seed)
    ends = draw.integers(0, size, (3 * size, 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    shared = csr_array((-draw.uniform(0.2, 1.0, len(ends)), ends.T), shape=(size, size))
    shared = csr_array(shared + shared.T)
    weight = -np.asarray(shared.sum(axis=1)) / 0.7
    return csr_array(shared + csr_array(np.diag(weight + 0.1)))


def test_the_diagonal_of_an_inverse() -> None:
    matrix = scattered(700)
    exact = np.diag(np.linalg.inv(matrix.toarray()))
    found = inverse_diagonal(matrix)
    assert found == pytest.approx(exact, rel=5e-3)
    assert (found <= exact * (1 + 1e-9)).all()
    alone = 1 / matrix.diagonal()  # what no power of the matrix would find
    assert np.median(exact / alone) > 1.05


def test_conjugate_gradients_solve() -> None:
    matrix = scattered(300)
    right = np.random.default_rng(1).normal(size=300)
    assert solve(matrix, right) == pytest.approx(np.linalg.solve(matrix.toarray(), right))
    assert solve(matrix, np.zeros(300)) == pytest.approx(np.zeros(300))


def test_where_nothing_curves_the_first_direction_goes_up() -> None:
    right = np.array([1.0, 2.0])
    assert solve(csr_array(-np.eye(2)), right) @ right > 0


def test_more_that_is_singular_than_shifts_is_refused() -> None:
    assert inverse_but(np.diag([2.0, 0.0]), 1) == pytest.approx(np.diag([0.5, 0.0]))
    with pytest.raises(ValueError, match="vary apart from one another"):
        inverse_but(np.diag([2.0, 0.0, 0.0]), 1)


@pytest.mark.parametrize("scale", ["rating scale", "partial credit"])
@pytest.mark.parametrize("floating", ["person", "rater", "criterion"])
def test_large_designs_have_the_errors_of_small_ones(
    monkeypatch: pytest.MonkeyPatch, scale: str, floating: str
) -> None:
    ratings = world(2, n_persons=300, n_raters=60, n_criteria=3).ratings
    dense = many_facet(ratings, scale=scale, floating=floating)
    monkeypatch.setattr(variances, "DENSE", 0)
    sparse = many_facet(ratings, scale=scale, floating=floating)
    for one, other in zip(sparse.others, dense.others, strict=True):
        assert one.se == pytest.approx(other.se, rel=5e-3)
    assert sparse.population.mean_se == pytest.approx(dense.population.mean_se, rel=1e-4)
    assert sparse.population.sd_se == pytest.approx(dense.population.sd_se, rel=1e-4)


def test_errors_do_not_depend_on_which_facet_is_eliminated() -> None:
    """The longer of two facets is; with as many raters as criteria, the other one."""
    one = world(4, n_persons=100, n_raters=5, n_criteria=4).ratings
    person, rater, criterion = (np.asarray(each) for each in (one.person, one.rater, one.criterion))
    found = many_facet(one, floating="criterion")
    swapped = many_facet(type(one)(person, criterion, rater, one.category), floating="rater")
    assert found.raters.se == pytest.approx(swapped.criteria.se, rel=1e-6)
    assert found.criteria.se == pytest.approx(swapped.raters.se, rel=1e-6)
