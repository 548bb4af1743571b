"""What the tables of messages, appeals and complaints refuse, whoever asks."""

from __future__ import annotations

from assessment import triggers

_SAID = "what was said stays as it was said"
REFUSALS = (
    *triggers.unchanged("message", _SAID),
    *triggers.unchanged("appealed_criterion", _SAID),
    *triggers.declare(
        triggers.Refusal(
            "complaint_answered_once",
            "complaint",
            "UPDATE",
            "a complaint that was answered stays as it was",
            "OLD.answered_at IS NOT NULL",
        ),
        triggers.Refusal("complaint_kept", "complaint", "DELETE", "a complaint is kept"),
        triggers.Refusal("appeal_kept", "appeal", "DELETE", "an appeal is kept"),
    ),
)
"""Messages, appeals and complaints stay readable for ever, as they were written."""
