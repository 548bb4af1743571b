"""Scores are read in blocks, whatever their type, and refused where they do not fit the items."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from itembank import ItemParameters
from itembank.ability.scores import ROWS, score_matrix

THREE = ItemParameters(
    ["2pl", "grm", "rasch"], [1.2, 1.0, 1.0], [[0, np.nan], [-1, 1], [0, np.nan]]
)


def read(scores: Any) -> list[tuple[list[float], list[float] | None]]:
    blocks = score_matrix(scores, THREE).blocks()
    return [
        (row.tolist(), None if block.given is None else block.given[place].tolist())
        for _, block in blocks
        for place, row in enumerate(block.scores)
    ]


@pytest.mark.parametrize("kind", [np.int8, np.int64, np.uint8, np.float64, np.float32])
def test_every_type_reads_the_same(kind: type[np.generic]) -> None:
    scores = np.array([[1, 2, 0], [0, 1, 1]]).astype(kind)
    assert read(scores) == [([1, 2, 0], None), ([0, 1, 1], None)]


@pytest.mark.parametrize(
    "scores", [np.array([[1, -1, 0]], dtype=np.int8), [[1, np.nan, 0]], [[1, None, 0]]]
)
def test_what_was_not_administered_scores_nothing_and_is_not_given(scores: Any) -> None:
    assert read(scores) == [([1, 0, 0], [1, 0, 1])]


def test_truths_are_right_and_wrong() -> None:
    assert read(np.array([[True, True, False]])) == [([1, 1, 0], None)]


def test_the_callers_scores_are_not_written_over() -> None:
    scores = np.array([[1.0, np.nan, 0.0]])
    read(scores)
    assert np.isnan(scores[0, 1])


def test_one_person_is_one_row() -> None:
    matrix = score_matrix([1, 2, 0], THREE)
    assert matrix.is_one_person
    assert matrix.values.shape == (1, 3)


def test_blocks_are_all_persons_in_order_or_those_asked_for() -> None:
    scores = np.zeros((2 * ROWS + 3, 3), dtype=np.int8)
    scores[:, 1] = np.arange(len(scores)) % 3
    matrix = score_matrix(scores, THREE)
    own = [block.scores[:, 1].copy() for _, block in matrix.blocks()]
    assert np.array_equal(np.concatenate(own), scores[:, 1])
    rows = np.array([ROWS + 1, 2, 2 * ROWS + 1])
    (place, block), *rest = matrix.blocks(rows)
    assert (place, rest) == (slice(0, 3), [])
    assert block.scores[:, 1].tolist() == scores[rows, 1].tolist()


WRONG = "`scores` must be a whole number from 0 to"


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        ([[0, 0, 2.0]], f"{WRONG} 1, or NaN for not administered; got 2 at (0, 2)."),
        ([[0, 3, 0.0]], f"{WRONG} 2, or NaN for not administered; got 3 at (0, 1)."),
        ([[0, 0.5, 0]], f"{WRONG} 2, or NaN for not administered; got 0.5 at (0, 1)."),
        ([[0, np.inf, 0]], f"{WRONG} 2, or NaN for not administered; got inf at (0, 1)."),
        ([[0, 0, -1.0]], f"{WRONG} 1, or NaN for not administered; got -1 at (0, 2)."),
        ([[0, 0, -2]], f"{WRONG} 1, or -1 for not administered; got -2 at (0, 2)."),
        ([[0, 0]], "`scores` must be of shape (n_persons, 3) or (3,); got shape (1, 2)."),
        (0, "`scores` must be of shape (n_persons, 3) or (3,); got shape ()."),
    ],
)
def test_what_does_not_fit_is_refused(scores: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        score_matrix(scores, THREE)


def test_the_place_of_a_wrong_score_counts_persons_over_all_blocks() -> None:
    scores = np.zeros((ROWS + 5, 3), dtype=np.int8)
    scores[ROWS + 3, 2] = 7
    with pytest.raises(ValueError, match=rf"got 7 at \({ROWS + 3}, 2\)"):
        score_matrix(scores, THREE)
