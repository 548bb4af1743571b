"""Response tables that others published, read where they lie; a test skips where none is."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

RESPONSES = Path(__file__).resolve().parents[3] / "shared" / "data" / "responses"

ENVIRONMENT_SCORES = {"very concerned": 0, "slightly concerned": 1, "not very concerned": 2}


@dataclass(frozen=True, eq=False)
class Table:
    """Scores of each row of a file, shape (n_rows, n_items), and how many persons it stands for."""

    scores: NDArray[np.int8]
    weights: NDArray[np.int64]

    @property
    def persons(self) -> NDArray[np.int8]:
        """The scores of each person, shape (n_persons, n_items)."""
        return np.repeat(self.scores, self.weights, axis=0)


def patterns(name: str) -> Table:
    """Return a table of response patterns whose last column is their frequency."""
    rows = np.array(_rows(name), dtype=np.int64)
    return Table(rows[:, :-1].astype(np.int8), rows[:, -1])


def persons(name: str, first_category: int = 0) -> Table:
    """Return a table of one person a row, with scores counted from 0."""
    rows = np.array(_rows(name), dtype=np.int64) - first_category
    return Table(rows.astype(np.int8), np.ones(len(rows), dtype=np.int64))


def environment() -> Table:
    """Return the table of concern for the environment, whose scores are words."""
    rows = [[ENVIRONMENT_SCORES[word] for word in row] for row in _rows("ltm_Environment.csv")]
    return Table(np.array(rows, dtype=np.int8), np.ones(len(rows), dtype=np.int64))


def patterns_of(table: Table) -> Table:
    """Return a table with each pattern once, and how many persons have it."""
    rows, counts = np.unique(table.persons, axis=0, return_counts=True)
    return Table(rows, counts)


def _rows(name: str) -> list[list[str]]:
    path = RESPONSES / name
    if not path.exists():
        pytest.skip(f"the published table {name} is not in {RESPONSES}")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]
