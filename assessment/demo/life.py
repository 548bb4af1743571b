"""Some life for the demo: learners who took tests before anybody looks, through the services."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import itembank
from assessment.access import Actor
from assessment.errors import Invalid
from assessment.items import service as items
from assessment.people.accounts import actor_of
from assessment.people.models import Person
from assessment.sittings import service as sittings
from assessment.sittings.models import SittingItem

PRE_TEST, POST_TEST = "bev-pre", "bev-post"

Mistakes = Mapping[str, int]
"""How many questions of an area a learner gets wrong."""


def live(people: Mapping[str, Person]) -> int:
    """Return how many awards the demo's learners have earned by taking their tests."""
    maxime, amina = actor_of(people["learner-fr"]), actor_of(people["learner-access"])
    sat = (
        take_test(PRE_TEST, maxime, {"bev-emergency": 1}),
        take_test(POST_TEST, maxime, {"bev-emergency": 3}),
        take_test(PRE_TEST, amina, {"bev-hazards": 2, "bev-deenergizing": 2, "bev-emergency": 1}),
    )
    return sum(len(ended.awards) for ended in sat)


def take_test(key: str, actor: Actor, mistakes: Mistakes) -> sittings.Ended:
    """Return the sitting of a learner who knows every answer but for some mistakes."""
    test = items.current_test(key)
    if test is None:
        raise Invalid(f"There is no test with the key {key}.")
    sitting = sittings.begin(test, actor)
    left = Counter(mistakes)
    for question in sitting.questions:
        item = items.content(question.item_version_id)
        wrong = left[item.area] > 0
        left[item.area] -= wrong
        given = mistaken(item, question) if wrong else known(item, question)
        sittings.save_answer(sitting.id, question.position, given, actor)
    return sittings.submit(sitting.id, actor)


def known(item: itembank.Item, question: SittingItem) -> sittings.Given:
    """Return the right answer to an item, in the terms of the page that shows it."""
    if item.kind.has_options:
        return _chosen(item.key, question)
    if item.answer is not None:
        return sittings.Given(text=f"{item.answer:g}")
    return sittings.Given(text=next(iter(item.accepted.values()))[0])


def mistaken(item: itembank.Item, question: SittingItem) -> sittings.Given:
    """Return a wrong answer to an item."""
    if item.kind.has_options:
        others = [index for index in range(len(item.options)) if index not in item.key]
        return _chosen(others[:1], question)
    return sittings.Given(text="0" if item.answer else "?")


def _chosen(indexes: Iterable[int], question: SittingItem) -> sittings.Given:
    places = {original: shown for shown, original in enumerate(question.option_order)}
    return sittings.Given(chosen=tuple(str(places[index]) for index in indexes))
