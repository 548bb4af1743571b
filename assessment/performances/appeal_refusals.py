"""What the tables of messages, appeals and complaints refuse, whoever asks."""

from __future__ import annotations

from assessment import triggers

_SAID = "what was said stays as it was said"
REFUSALS = (
    *triggers.unchanged("message", _SAID),
    *triggers.declare(
        triggers.Refusal(
            "appealed_criterion_unchanged",
            "appealed_criterion",
            "UPDATE",
            _SAID,
            "OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL"
            " OR NEW.criterion <> OLD.criterion OR NEW.level <> OLD.level"
            " OR NEW.reason <> OLD.reason OR NEW.position <> OLD.position"
            " OR NEW.resolution_id <> OLD.resolution_id OR NEW.appeal_id <> OLD.appeal_id",
        ),
        triggers.Refusal("appealed_criterion_kept", "appealed_criterion", "DELETE", _SAID),
        triggers.Refusal(
            "appeal_withdrawn_once",
            "appeal",
            "UPDATE",
            "an appeal that was taken back stays so",
            "OLD.withdrawn_at IS NOT NULL",
        ),
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
"""Messages, appeals and complaints stay readable for ever, as they were written.

Of an appeal it can be said once that it was taken back.
"""
