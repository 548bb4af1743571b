"""Decisions evaluated anew from their own record."""

from __future__ import annotations

from assessment.awards.models import Decision
from assessment.catalogue import service as catalogue
from assessment.evidence import service as evidence
from assessment.rules import Outcome, evaluate, outcome_to_text


def replayed(decision: Decision) -> Outcome:
    """Return what the recorded rule says of the recorded facts on the recorded day."""
    return evaluate(
        catalogue.parsed(decision.rule), evidence.facts_from_text(decision.facts), decision.on_date
    )


def replays_the_same(decision: Decision) -> bool:
    """Return whether evaluating the record again gives the same bytes."""
    return outcome_to_text(replayed(decision)) == decision.outcome
