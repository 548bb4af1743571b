"""Saving one answer with all its checks, beside a bare view that reads and writes the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from bench.figures import Figure, Finding
from bench.learners import QUESTIONS, Learner, believed, build_seats, signed_in
from bench.places import Kind, Places
from bench.servers import BARE, OURS, Server, serving

CLIENTS = 16
ROUNDS = 9
ANSWERS_A_ROUND = 20
"""Of each client, at one server, before it is the other's turn."""
LIMIT = 1.3


def measure(places: Places) -> Iterator[Finding]:
    """Yield the CPU of an answer at either server, and the ratio, on both databases."""
    for kind in Kind:
        yield from _on(kind, places)


def _on(kind: Kind, places: Places) -> Iterator[Finding]:
    ours, bare = places.installation(kind), places.installation(kind)
    our_seats, bare_seats = build_seats(ours, CLIENTS), build_seats(bare, CLIENTS)
    with serving(OURS, ours.environ) as server, serving(BARE, bare.environ) as yardstick:
        full = _Side(server, signed_in(server.port, our_seats))
        plain = _Side(yardstick, believed(yardstick.port, bare_seats))
        for side in (full, plain):
            side.answer(QUESTIONS)  # afterwards every answer changes one that is there
        pairs = [(full.answer(), plain.answer()) for _ in range(ROUNDS)]
    yield Figure(f"answer saved, CPU, {kind}", median(a for a, _ in pairs), "ms")
    yield Figure(f"the same in a bare view, {kind}", median(b for _, b in pairs), "ms")
    ratio = median(a / b for a, b in pairs)
    yield Figure(f"answer / bare view, {kind}", ratio, "x", LIMIT)


class _Side:
    """One server and its clients."""

    def __init__(self, server: Server, learners: list[Learner]) -> None:
        self.server = server
        self.learners = learners

    def answer(self, each: int = ANSWERS_A_ROUND) -> float:
        """Return the milliseconds of CPU of one answer, while all clients answer at once."""
        before = self.server.cpu_seconds()
        answer_at_once(self.learners, each)
        used = self.server.cpu_seconds() - before
        for learner in self.learners:
            learner.browser.rest()  # the other side's turn may last longer than a server waits
        return used / (each * len(self.learners)) * 1000


def answer_at_once(learners: Iterable[Learner], each: int) -> None:
    """Let every learner give so many answers, all at the same time."""

    def work(learner: Learner) -> None:
        for _ in range(each):
            learner.answer()

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(work, learners))
