from __future__ import annotations

from hashlib import blake2b

import numpy as np

from itembank.adaptive.draws import DRAWS, draw_at


def test_draws_are_what_they_were_on_the_first_day() -> None:
    assert [draw_at(1, 0), draw_at(1, 1), draw_at(-5, 30)] == [908386171, 921615222, 766350666]


def test_a_draw_is_a_hash_of_seed_and_position() -> None:
    digest = blake2b(b"12:34", digest_size=8).digest()
    assert draw_at(12, 34) == int.from_bytes(digest, "big") % 10**9


def test_draws_are_uniform_and_differ_between_positions() -> None:
    draws = np.array([draw_at(seed, at) for seed in range(100) for at in range(100)]) / DRAWS
    assert len(set(draws.tolist())) > 9_990
    deciles = np.bincount((draws * 10).astype(int), minlength=10)
    assert ((deciles - 1_000) ** 2 / 1_000).sum() < 27.9  # chi-square, 9 degrees, p = 0.001
