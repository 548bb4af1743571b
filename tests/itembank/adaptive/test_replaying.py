from __future__ import annotations

from dataclasses import replace

import pytest

from itembank import AdaptiveTest, replay
from itembank.adaptive import Choice
from tests.itembank.adaptive.examinees import answered, design

ADAPTIVE = design(candidates=3)


def logged() -> tuple[Choice, ...]:
    return answered(AdaptiveTest(ADAPTIVE, seed=9), 0.1).log


def test_a_log_replays() -> None:
    assert replay(ADAPTIVE, 9, logged()) is None
    assert replay(ADAPTIVE, 9, [Choice.from_json(choice.to_json()) for choice in logged()]) is None


def test_a_log_may_end_early_and_wait() -> None:
    log = logged()
    assert replay(ADAPTIVE, 9, ()) is None
    assert replay(ADAPTIVE, 9, log[:5]) is None
    assert replay(ADAPTIVE, 9, (*log[:5], replace(log[5], score=None))) is None


@pytest.mark.parametrize("name", ["item", "theta", "se", "candidates", "draw", "position"])
def test_any_other_value_is_a_difference(name: str) -> None:
    log = logged()
    other = {"item": 59, "theta": 9.0, "se": 9.0, "candidates": (1,), "draw": None, "position": 7}
    changed = (*log[:3], replace(log[3], **{name: other[name]}), *log[4:])
    found = replay(ADAPTIVE, 9, changed)
    assert found is not None
    assert (found.position, found.logged) == (3, changed[3])
    assert found.replayed == replace(log[3], score=None)


def test_a_changed_score_shows_in_the_next_choice() -> None:
    log = logged()
    found = replay(ADAPTIVE, 9, (replace(log[0], score=1 - (log[0].score or 0)), *log[1:]))
    assert found is not None
    assert found.position == 1


def test_another_seed_is_a_difference() -> None:
    assert replay(ADAPTIVE, 10, logged()) is not None


def test_a_log_cannot_go_on_after_the_end() -> None:
    log = logged()
    found = replay(ADAPTIVE, 9, (*log, replace(log[-1], position=12)))
    assert found is not None
    assert (found.position, found.replayed) == (12, None)


def test_a_log_cannot_go_on_after_a_line_without_a_score() -> None:
    log = logged()
    found = replay(ADAPTIVE, 9, (log[0], replace(log[1], score=None), log[2]))
    assert found is not None
    assert (found.position, found.logged) == (2, log[2])
