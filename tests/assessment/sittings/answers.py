"""Answer a sitting as somebody who knows, or does not."""

from __future__ import annotations

from collections.abc import Callable

from assessment.access import Actor
from assessment.extensions import db
from assessment.items import service as items
from assessment.sittings import service
from assessment.sittings.models import Sitting, SittingItem


def place_of_key(sitting: Sitting, position: int) -> int:
    """Return where the right option of a question is shown."""
    question = db.session.get_one(SittingItem, (sitting.learner_id, sitting.id, position))
    (key,) = items.content(question.item_version_id).key
    return list(question.option_order).index(key)


def answer(sitting: Sitting, position: int, actor: Actor, *, right: bool = True) -> service.Saved:
    """Save a right or a wrong answer to one question."""
    place = place_of_key(sitting, position)
    chosen = place if right else (place + 1) % 4
    return service.save_answer(sitting.id, position, service.Given(chosen=(str(chosen),)), actor)


def answer_all(sitting: Sitting, actor: Actor, *, right: int) -> None:
    """Answer every question, the first `right` of them rightly."""
    for position in range(1, sum(sitting.test.blueprint.values()) + 1):
        answer(sitting, position, actor, right=position <= right)


def answer_until_it_ends(
    sitting: Sitting, actor: Actor, knows: Callable[[int], bool] = lambda _position: True
) -> service.Ended:
    """Answer an adaptive sitting, rightly where `knows` says so of the position, until it stops."""
    while True:
        position = sitting.position
        saved = answer(sitting, position, actor, right=knows(position))
        if saved.ended is not None:
            return saved.ended
        assert sitting.position == position + 1


def sit(key: str, actor: Actor, *, right: int = 99) -> service.Ended:
    """Begin, answer and submit a test."""
    test = items.current_test(key)
    assert test is not None
    sitting = service.begin(test, actor)
    answer_all(sitting, actor, right=right)
    return service.submit(sitting.id, actor)
