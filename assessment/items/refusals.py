"""What the tables of items refuse, whoever asks: a panel's raw cut stays as it was."""

from __future__ import annotations

from assessment import triggers

_SENTENCE = "a raw cut stays as the panel set it"
_THERE_ALREADY = """
    EXISTS (
        SELECT 1 FROM panel_standard
        WHERE panel_standard.id = NEW.id
        OR (panel_standard.bank_id = NEW.bank_id AND panel_standard.number = NEW.number)
    )
"""
REFUSALS = (
    *triggers.unchanged("panel_standard", _SENTENCE),
    *triggers.declare(
        triggers.Refusal(
            "panel_standard_once", "panel_standard", "INSERT", _SENTENCE, _THERE_ALREADY
        )
    ),
)
