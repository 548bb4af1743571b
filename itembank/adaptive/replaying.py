"""Proof that a log is what a design and a seed would have chosen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from itembank.adaptive.choices import Choice
from itembank.adaptive.delivery import AdaptiveTest
from itembank.adaptive.design import AdaptiveDesign


@dataclass(frozen=True, slots=True)
class Difference:
    """The first position at which a log and its replay part.

    `logged` is what the log says, `replayed` what the design chooses; None where one has ended.
    """

    position: int
    logged: Choice | None
    replayed: Choice | None


def replay(
    design: AdaptiveDesign,
    seed: int,
    log: Sequence[Choice],
    *,
    excluded: Collection[int] = (),
    avoided: Collection[int] = (),
) -> Difference | None:
    """Return the first difference between a log and what the design chooses; None if they agree.

    A log may end early, for a test may be abandoned; it may not go on after the test has stopped.
    Arguments as in `AdaptiveTest`, whose errors it raises.
    """
    test = AdaptiveTest(design, seed=seed, excluded=excluded, avoided=avoided)
    for position, logged in enumerate(log):
        chosen = test.choice()
        if chosen is None or not _agree(logged, chosen):
            return Difference(position, logged, chosen)
        if logged.score is None:
            return _after(log, position)
        test.record(logged.item, logged.score)
    return None


def _agree(logged: Choice, chosen: Choice) -> bool:
    """Return whether two choices are the same to the byte, but for the score."""
    return _unscored(logged).to_json() == _unscored(chosen).to_json()


def _unscored(choice: Choice) -> Choice:
    return replace(choice, score=None)


def _after(log: Sequence[Choice], position: int) -> Difference | None:
    """Return the difference that a line after an unscored one is."""
    if position + 1 == len(log):
        return None
    return Difference(position + 1, log[position + 1], None)
