"""What other slices ask of awards."""

from __future__ import annotations

from datetime import date

from assessment.awards.deciding import consider, judge
from assessment.awards.doubting import (
    Rerun,
    doubts_about,
    doubts_for,
    is_in_doubt,
    keep,
    raise_doubts,
    rerun_of,
    rerun_without,
)
from assessment.awards.explaining import (
    AwardExplanation,
    GapReport,
    explain_award,
    gap_report,
)
from assessment.awards.granting import OFFER_DAYS
from assessment.awards.learning import (
    areas_below,
    competencies_of,
    is_missing_at_work,
    weak_areas,
)
from assessment.awards.lifecycle import (
    accept,
    decline,
    institution_award,
    lapse_offers,
    own_award,
    require_revocable,
    revoke,
)
from assessment.awards.replay import replayed, replays_the_same
from assessment.awards.standing import (
    STANDING,
    awards_earned_by,
    awards_of,
    counts,
    evidence_of,
    facts_of,
    has_run_out,
    learners_with_expired_awards,
    resting_on,
    zone,
)
from assessment.awards.wording import assurance_text, explanation_of
from assessment.catalogue import service as catalogue
from assessment.rules import Outcome, evaluate

__all__ = [
    "OFFER_DAYS",
    "STANDING",
    "AwardExplanation",
    "GapReport",
    "Rerun",
    "accept",
    "areas_below",
    "assurance_text",
    "awards_earned_by",
    "awards_of",
    "competencies_of",
    "consider",
    "counts",
    "decline",
    "doubts_about",
    "doubts_for",
    "evaluate_rule",
    "evidence_of",
    "explain_award",
    "explanation_of",
    "facts_of",
    "gap_report",
    "has_run_out",
    "institution_award",
    "is_in_doubt",
    "is_missing_at_work",
    "judge",
    "keep",
    "lapse_offers",
    "learners_with_expired_awards",
    "own_award",
    "raise_doubts",
    "replayed",
    "replays_the_same",
    "require_revocable",
    "rerun_of",
    "rerun_without",
    "resting_on",
    "revoke",
    "weak_areas",
    "zone",
]


def evaluate_rule(learner_id: str, rule: str, on: date) -> Outcome:
    """Return what a rule says of a learner on a day, such as whether a test is open to them."""
    return evaluate(catalogue.parsed(rule), facts_of(learner_id), on)
