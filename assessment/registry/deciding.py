"""Doing what a desk's form asks for, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable

from assessment import transactions
from assessment.errors import Conflict, Invalid

Refusal = Conflict | Invalid


def refusal_of(decide: Callable[[], object]) -> Refusal | None:
    """Return why something could not be done, with nothing of it kept; None once it is kept."""
    try:
        decide()
    except (Conflict, Invalid) as refusal:
        transactions.rollback()
        return refusal
    transactions.commit()
    return None
