"""What the tables of performances refuse to change, whoever asks: ratings, results, hands twice."""

from __future__ import annotations

from assessment import triggers

_RATED_BEFORE = """
    NEW.person_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM rating
        WHERE rating.performance_id = NEW.performance_id
        AND rating.person_id = NEW.person_id
        AND rating.assignment_id <> NEW.id
        AND (NEW.role IN ('reviewer', 'read behind')
             OR (NEW.role = 'adjudicator' AND rating.role <> 'adjudicator'))
    )
"""
_RELEASED_BEFORE = """
    EXISTS (
        SELECT 1 FROM rating
        WHERE rating.released_at IS NOT NULL
        AND (rating.id = NEW.id OR (rating.assignment_id = NEW.assignment_id
                                    AND rating.person_id = NEW.person_id))
    )
"""
FRESH_EYES = "who has rated it does not judge it again"
REFUSALS = (
    *triggers.unchanged(
        "rating", "a released rating is never changed", "OLD.released_at IS NOT NULL"
    ),
    *triggers.unchanged("rating_void", "what set a rating aside stays as it was"),
    *triggers.unchanged("resolution", "a conclusion stays as it was"),
    *triggers.declare(
        triggers.Refusal(
            "rating_once",
            "rating",
            "INSERT",
            "a released rating is never changed",
            _RELEASED_BEFORE,
        ),
        triggers.Refusal(
            "assignment_given_fresh", "assignment", "INSERT", FRESH_EYES, _RATED_BEFORE
        ),
        triggers.Refusal(
            "assignment_taken_fresh", "assignment", "UPDATE", FRESH_EYES, _RATED_BEFORE
        ),
    ),
)
"""A reviewer, an adjudicator and whoever reads behind has fresh eyes: a rule of the database."""
