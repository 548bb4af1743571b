"""Decisions evaluated anew from their own record."""

from __future__ import annotations

from functools import lru_cache

from assessment.awards.models import Decision
from assessment.evidence.recording import facts_from_text
from assessment.rules import Outcome, Rule, evaluate, outcome_to_text, parse_text


@lru_cache(maxsize=4096)
def parsed(rule: str) -> Rule:
    """Return the rule that a text holds; a published rule's text never changes."""
    return parse_text(rule)


def replayed(decision: Decision) -> Outcome:
    """Return what the recorded rule says of the recorded facts on the recorded day."""
    return evaluate(parsed(decision.rule), facts_from_text(decision.facts), decision.on_date)


def replays_the_same(decision: Decision) -> bool:
    """Return whether evaluating the record again gives the same bytes."""
    return outcome_to_text(replayed(decision)) == decision.outcome
