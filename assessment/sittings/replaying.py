"""Replay: does an adaptive sitting's seed, with its answers, lead to the questions it asked?"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import itembank
from assessment.items.service import Design
from assessment.sittings.adaptive import Asked, answers, asked_now, begun, design_of, withheld_of
from assessment.sittings.models import Ending, Sitting, SittingItem


@dataclass(frozen=True)
class Difference:
    """The first choice of a sitting that a replay does not make again."""

    position: int
    stored: str
    """Canonical JSON of what was asked and why; empty where nothing was."""
    replayed: str


def replay_choices(sitting: Sitting) -> Difference | None:
    """Return the first question that its seed and its answers do not lead to; None for none."""
    design, given = design_of(sitting), [*answers(sitting)]
    test = begun(design, int(sitting.seed), withheld_of(sitting))
    for question in sitting.questions:
        stored, replayed = _text(_as_asked(question)), _replayed(design, test)
        if stored != replayed:
            return Difference(question.position, stored, replayed)
        if question.position <= len(given):
            test.record(*given[question.position - 1])
    return _difference_at_end(sitting, _replayed(design, test))


def _difference_at_end(sitting: Sitting, replayed: str) -> Difference | None:
    """Return the question that a replay would still ask of a sitting that was complete."""
    if sitting.ending != Ending.COMPLETE or not replayed:
        return None
    return Difference(sitting.position + 1, "", replayed)


def _replayed(design: Design, test: itembank.AdaptiveTest) -> str:
    asked = asked_now(design, test)
    return "" if asked is None else _text(asked)


def _as_asked(question: SittingItem) -> Asked:
    order = tuple(question.option_order)
    return Asked(question.item_version_id, order, question.choice or {})


def _text(asked: Asked) -> str:
    return itembank.canonical_json(asdict(asked))
