"""The design of an adaptive test on one scale: what all who take it on that scale share.

It rests on rows that never change, so that a process makes each design once, and a sitting that is
replayed years later meets the same one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import itembank
from assessment.errors import Conflict
from assessment.extensions import db
from assessment.items.adaptivity import adaptivity_of
from assessment.items.contents import contents
from assessment.items.models import Test
from assessment.items.scales import Scale, scale
from assessment.items.unplaced import why_no_passing_mark
from assessment.locale import gettext as _

PRIOR_SD = 1.0
"""Of ability around the passing mark, in logits: belongs to every version of a test."""


@dataclass(frozen=True, eq=False)
class Design:
    """How an adaptive test adapts, and which item version each of its items is."""

    adaptive: itembank.AdaptiveDesign
    version_ids: tuple[str, ...]
    places: Mapping[str, int]
    """Where each item version stands among the design's items."""


class NoDesign(Conflict):
    """An adaptive test that cannot be delivered on a scale; `reason` is for who keeps the bank."""

    code = "no_design"

    def __init__(self, reason: str) -> None:
        super().__init__(_("This test cannot adapt on its bank’s scale: %(reason)s", reason=reason))


def design(test: Test, parameter_set_id: str) -> Design:
    """Return the design of an adaptive test on a scale; NoDesign where there can be none."""
    return _design(test.id, parameter_set_id)


@lru_cache(maxsize=16)
def _design(test_id: str, parameter_set_id: str) -> Design:
    test = db.session.get_one(Test, test_id)
    own = scale(parameter_set_id, test)
    cut = own.cuts.get(test.cuts[0]["key"])
    if cut is None:
        why = why_no_passing_mark(test, parameter_set_id)
        raise NoDesign(why or _("no ability reaches the passing mark, or guessing alone does."))
    asked = _asked(test, own)
    try:
        adaptive = _adaptive(test, own, cut, asked)
    except ValueError as fault:
        raise NoDesign(str(fault)) from None
    version_ids = tuple(own.version_ids[place] for place, _item in asked)
    places = {version_id: place for place, version_id in enumerate(version_ids)}
    return Design(adaptive, version_ids, MappingProxyType(places))


def _asked(test: Test, own: Scale) -> list[tuple[int, itembank.Item]]:
    """Return the items of the scale that are in an area of the test, with their place on it."""
    read = contents(own.version_ids)
    found = ((place, read[each]) for place, each in enumerate(own.version_ids))
    return [(place, item) for place, item in found if item.area in test.blueprint]


def _adaptive(
    test: Test, own: Scale, cut: itembank.Cut, asked: Sequence[tuple[int, itembank.Item]]
) -> itembank.AdaptiveDesign:
    chosen, items = adaptivity_of(test), [item for _place, item in asked]
    return itembank.AdaptiveDesign(
        own.parameters.take([place for place, _item in asked]),
        areas=[item.area for item in items],
        blueprint=dict(sorted(test.blueprint.items())),  # databases keep no order of keys
        enemies=_enemies(items),
        min_items=chosen.least or 1,
        candidates=min(chosen.candidates, len(items)),
        prior=itembank.Prior(mean=cut.theta, sd=PRIOR_SD),
        cut=cut.theta,
        cut_se=cut.se,
        certainty=chosen.sure,
        se=chosen.se,
    )


def _enemies(items: Sequence[itembank.Item]) -> dict[int, set[int]]:
    """Return by place the items that may not meet: enemies, and versions of the same item."""
    places: dict[str, set[int]] = {}
    for place, item in enumerate(items):
        places.setdefault(item.id, set()).add(place)
    found = {}
    for place, item in enumerate(items):
        others = [places.get(enemy, set()) for enemy in sorted(item.enemies)]
        found[place] = places[item.id].union(*others) - {place}
    return {place: others for place, others in found.items() if others}
