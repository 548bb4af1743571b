"""Builders of whole sittings, for the demo and for tests; they flush.

Beginning and scoring go through the services. The answers between are written in one go, as the
same rows that saving them one by one leaves behind.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import insert

import itembank
from assessment import clock
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.extensions import db
from assessment.items import service as items
from assessment.items.models import Test
from assessment.sittings import service as sittings
from assessment.sittings.models import Response, Sitting, SittingItem

Knows = Callable[[itembank.Item], bool]
"""Whether a learner knows the answer to an item."""


def sit_whole(test: Test, actor: Actor, knows: Knows) -> sittings.Ended:
    """Return a scored sitting of a linear test, in which every question was answered."""
    sitting = sittings.begin(test, actor)
    rows = [_saved(sitting, question, knows) for question in sitting.questions]
    db.session.execute(insert(Response), rows)
    chain = audit.learner_chain(sitting.learner_id)
    for row in rows:
        at = {"position": row["position"], "revision": row["revision"]}
        audit.record(chain, "answer saved", actor, sitting.id, **at)
    return sittings.submit(sitting.id, actor)


def _saved(sitting: Sitting, question: SittingItem, knows: Knows) -> dict[str, Any]:
    item = items.content(question.item_version_id)
    return {
        "learner_id": sitting.learner_id,
        "sitting_id": sitting.id,
        "position": question.position,
        "answer": answer_to(item, knows=knows(item)).canonical,
        "revision": 1,
        "flagged": False,
        "saved_at": clock.now(),
    }


def answer_to(item: itembank.Item, *, knows: bool) -> itembank.Answer:
    """Return a right or a wrong answer to an item."""
    if item.kind.has_options:
        others = [index for index in range(len(item.options)) if index not in item.key]
        return itembank.Answer(tuple(item.key) if knows else tuple(others[:1]))
    if not knows:
        return itembank.Answer(text="0" if item.answer else "?")
    number = item.answer
    text = f"{number:g}" if number is not None else next(iter(item.accepted.values()))[0]
    return itembank.Answer(text=text)
