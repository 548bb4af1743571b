"""The questions of an adaptive sitting, each chosen when the answer before it is in.

Nothing is kept between requests: the test is made again from the sitting's seed, its scale, what
was withheld when it began, and the answers so far. So it goes on the same after a restart, and can
be replayed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any

from sqlalchemy import Row, insert, select

import itembank
from assessment.access import Actor
from assessment.extensions import db
from assessment.items import service as items
from assessment.items.service import Design
from assessment.sittings import ending
from assessment.sittings.ending import Ended
from assessment.sittings.models import Ending, Response, Sitting, SittingItem
from assessment.sittings.withholding import Withheld


@dataclass(frozen=True)
class Asked:
    """A question as a sitting asks it, and why it was chosen."""

    item_version_id: str
    option_order: tuple[int, ...]
    choice: dict[str, Any]
    """Ability and its error when it was chosen, the candidates, and the draw among them."""


def go_on(learner_id: str, sitting_id: str, actor: Actor) -> Ended | None:
    """Add the question that follows from the answers; or end the sitting, and return the end.

    Called under the learner's lock, in the transaction that saves the answer.
    """
    sitting = db.session.get_one(Sitting, (learner_id, sitting_id), populate_existing=True)
    design = design_of(sitting)
    asked = asked_now(
        design, begun(design, int(sitting.seed), withheld_of(sitting), answers(sitting))
    )
    if asked is None:
        return ending.conclude(sitting, Ending.COMPLETE, actor)
    _add(sitting, asked)
    return None


def _add(sitting: Sitting, asked: Asked) -> None:
    sitting.position += 1
    key = {"learner_id": sitting.learner_id, "sitting_id": sitting.id}
    row = {**key, "position": sitting.position, **asdict(asked)}
    db.session.flush()
    db.session.execute(insert(SittingItem), [row])
    db.session.expire(sitting, ["questions", "responses"])


def design_of(sitting: Sitting) -> Design:
    """Return the design that the sitting began on."""
    return items.design(sitting.test, sitting.parameter_set_id or "")


def withheld_of(sitting: Sitting) -> Withheld:
    """Return what the sitting leaves out."""
    return Withheld(**{name: tuple(each) for name, each in (sitting.withheld or {}).items()})


def begun(
    design: Design, seed: int, withheld: Withheld, given: Iterable[tuple[int, int]] = ()
) -> itembank.AdaptiveTest:
    """Return a test as it stands after some answers: each an item of the design and its score."""
    places = design.places
    return itembank.AdaptiveTest.resumed(
        design.adaptive,
        seed,
        given,
        excluded=[places[each] for each in withheld.never],
        avoided=[places[each] for each in withheld.last],
    )


def answers(sitting: Sitting) -> Iterator[tuple[int, int]]:
    """Yield the place in the design of each answered question, in order, and its score."""
    design = design_of(sitting)
    for version_id, answer in _saved(sitting):
        item, place = items.content(version_id), design.places[version_id]
        points = itembank.score_item(item, itembank.read_answer(answer))
        response = itembank.ScoredResponse(item.id, item.area, points)
        yield place, itembank.category_of(response, design.adaptive.top_scores[place])


def _saved(sitting: Sitting) -> Sequence[Row[str, str]]:
    """Return the item version and the answer of each answered question, in order."""
    rows = (
        select(SittingItem.item_version_id, Response.answer)
        .join(
            Response,
            (Response.learner_id == SittingItem.learner_id)
            & (Response.sitting_id == SittingItem.sitting_id)
            & (Response.position == SittingItem.position),
        )
        .where(SittingItem.learner_id == sitting.learner_id, SittingItem.sitting_id == sitting.id)
        .order_by(SittingItem.position)
    )
    return db.session.execute(rows).all()


def asked_now(design: Design, test: itembank.AdaptiveTest) -> Asked | None:
    """Return the question that a test asks now, in the terms of a sitting; None once it stopped."""
    choice = test.choice()
    if choice is None:
        return None
    version_id = design.version_ids[choice.item]
    return Asked(
        version_id,
        _option_order(items.content(version_id), test.seed, choice.position),
        {
            "theta": choice.theta,
            "se": choice.se,
            "candidates": [design.version_ids[each] for each in choice.candidates],
            "draw": choice.draw,
        },
    )


def _option_order(item: itembank.Item, seed: int, position: int) -> tuple[int, ...]:
    """Return the order of options at a place, which its seed and the place alone decide."""
    if item.fixed_order:
        return tuple(range(len(item.options)))
    digest = blake2b(f"options:{seed}:{position}".encode(), digest_size=8).digest()
    return itembank.shuffle_options(len(item.options), int.from_bytes(digest, "big"))
