"""What other slices ask of awards."""

from __future__ import annotations

from datetime import date

from assessment.awards.deciding import OFFER_DAYS, consider, day_of
from assessment.awards.explaining import (
    AwardExplanation,
    GapReport,
    explain_award,
    gap_report,
)
from assessment.awards.lifecycle import (
    accept,
    decline,
    institution_award,
    lapse_offers,
    own_award,
    revoke,
)
from assessment.awards.replay import replayed, replays_the_same
from assessment.awards.standing import awards_earned_by, awards_of, counts, facts_of
from assessment.awards.wording import explanation_of
from assessment.catalogue.references import parsed
from assessment.rules import Outcome, evaluate

__all__ = [
    "OFFER_DAYS",
    "AwardExplanation",
    "GapReport",
    "accept",
    "awards_earned_by",
    "awards_of",
    "consider",
    "counts",
    "day_of",
    "decline",
    "evaluate_rule",
    "explain_award",
    "explanation_of",
    "facts_of",
    "gap_report",
    "institution_award",
    "lapse_offers",
    "own_award",
    "parsed",
    "replayed",
    "replays_the_same",
    "revoke",
]


def evaluate_rule(learner_id: str, rule: str, on: date) -> Outcome:
    """Return what a rule says of a learner on a day, such as whether a test is open to them."""
    return evaluate(parsed(rule), facts_of(learner_id), on)
