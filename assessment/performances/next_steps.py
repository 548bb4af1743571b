"""What a learner can do for the work that they show: the one thing that helps most, first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from assessment.performances.models import ENDED, Performance, PerformanceState
from assessment.performances.nominating import naming_of
from assessment.performances.showing import performances_of
from assessment.performances.threads import thread_of


class ToDo(StrEnum):
    """What is to be done for a performance."""

    ADD_EVIDENCE = "add evidence"
    ANSWER = "answer"
    NAME_OBSERVER = "name observer"
    GO_ON = "go on"


@dataclass(frozen=True)
class NextForWork:
    """A performance, and what its learner can do for it now."""

    performance: Performance
    to_do: ToDo


def next_for_work(learner_id: str) -> NextForWork | None:
    """Return what is to be done for a learner's work, the most pressing first; None for nothing."""
    open_ones = [each for each in performances_of(learner_id) if each.state not in ENDED]
    for to_do, is_due in _DUE.items():
        for each in open_ones:
            if is_due(each):
                return NextForWork(each, to_do)
    return None


def _is_asked_for_more(performance: Performance) -> bool:
    return performance.state == PerformanceState.MORE_EVIDENCE


def _is_asked_something(performance: Performance) -> bool:
    """Return whether the last message is of somebody who rates it, and can be answered."""
    thread = thread_of(performance)
    return thread.may_write and bool(thread.lines) and not thread.lines[-1].is_mine


def _lacks_observer(performance: Performance) -> bool:
    is_handed_in = performance.state in {PerformanceState.SUBMITTED, PerformanceState.IN_MARKING}
    return is_handed_in and naming_of(performance).lacks_somebody


def _is_begun(performance: Performance) -> bool:
    return performance.state == PerformanceState.DRAFT


_DUE: dict[ToDo, Callable[[Performance], bool]] = {
    ToDo.ADD_EVIDENCE: _is_asked_for_more,
    ToDo.ANSWER: _is_asked_something,
    ToDo.NAME_OBSERVER: _lacks_observer,
    ToDo.GO_ON: _is_begun,
}
"""When each is due; what somebody waits for comes before what nobody does."""
