"""Item fit as others computed it: S-X2 of LSAT sections 6 and 7, and of attitudes to science.

Computed by others: mirt 1.47 (tolerance 1e-7, 61 nodes), in 2026. Tables: Bock & Lieberman (1970),
Psychometrika 35, 179-197; Eurobarometer (1992).
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from itembank import calibrate
from itembank.fit import item_fit
from tests.published.responses import Table, patterns, persons


@dataclass(frozen=True)
class Published:
    """A table under a model: the file, and each item's S-X2 with its degrees of freedom.

    `n_free` is how many parameters mirt counts with each item, where that is not as we count.
    """

    table: str
    model: str
    statistic: tuple[float, ...]
    df: tuple[int, ...]
    n_free: int | None = None

    def read(self) -> Table:
        """Return the table; the test skips where it is not here."""
        return persons(self.table, 1) if self.table == "Science.csv" else patterns(self.table)


PUBLISHED = {
    "LSAT6, Rasch": Published(
        "LSAT6.csv", "rasch", (0.436, 1.576, 0.872, 0.190, 0.190), (2, 2, 1, 2, 2), n_free=2
    ),
    "LSAT6, 2PL": Published(
        "LSAT6.csv", "2pl", (0.450, 1.691, 0.666, 0.175, 0.111), (2, 2, 1, 2, 2)
    ),
    "LSAT7, 2PL": Published(
        "LSAT7.csv", "2pl", (4.751, 14.453, 1.273, 5.236, 0.941), (2, 2, 2, 2, 2)
    ),
    "Science, GRM": Published("Science.csv", "grm", (4.787, 8.757, 7.554, 9.925), (6, 9, 8, 11)),
}
"""The degrees of freedom of the 2PL on LSAT6 were not printed; they are those of the same cells.

Those of Rasch are as mirt counts: with each item the spread of ability, which all items share.
"""


@pytest.mark.parametrize("published", PUBLISHED.values(), ids=PUBLISHED)
def test_item_fit_is_the_published_one(published: Published) -> None:
    table = published.read()
    calibration = calibrate(
        table.scores, published.model, weights=table.weights, tolerance=1e-7, max_iterations=5_000
    )
    found = item_fit(table.scores, calibration, weights=table.weights, n_free=published.n_free)
    assert [each.statistic for each in found] == pytest.approx(published.statistic, abs=6e-4)
    assert tuple(each.df for each in found) == published.df
