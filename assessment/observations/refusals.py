"""What the tables of observations refuse, whoever asks: what somebody saw stays as they said it."""

from __future__ import annotations

from assessment import triggers

_SENTENCE = "what somebody saw is never changed"
_THERE_ALREADY = """
    EXISTS (
        SELECT 1 FROM observation
        WHERE observation.id = NEW.id OR observation.nomination_id = NEW.nomination_id
    )
"""
REFUSALS = (
    *triggers.unchanged("observation", _SENTENCE),
    *triggers.declare(
        triggers.Refusal("observation_once", "observation", "INSERT", _SENTENCE, _THERE_ALREADY)
    ),
    *triggers.unchanged("observation_void", "what set an observation aside stays as it was"),
)
