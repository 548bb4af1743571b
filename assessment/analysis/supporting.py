"""Which items have the responses that a model needs, and whether a bank supports it at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assessment.analysis.responses import NOT_GIVEN, RecordedScores
from assessment.errors import Conflict
from assessment.items import service as items
from assessment.locale import gettext as _
from itembank.calibration import Standing, adequacy
from itembank.calibration.adequacy import NEEDED, ItemAdequacy
from itembank.parameters import Model

MODELS = (Model.RASCH, Model.ONE_PL, Model.TWO_PL, Model.THREE_PL, Model.FOUR_PL)
"""Models of items that are right or not, from the least demanding to the most."""
FEWEST_SITTINGS = 30
"""Of one test: fewer do not tell where its learners stand."""
FEWEST_ITEMS = 5


class NotSupported(Conflict):
    """The responses are too few for the model; the sentence says which they support."""

    code = "too_few_responses"


@dataclass(frozen=True, eq=False)
class Support:
    """What may be calibrated under a model, and what has to wait."""

    model: Model
    recorded: RecordedScores
    """Of the tests that are large enough, and of the items that have enough responses."""
    adequacy: tuple[ItemAdequacy, ...]
    """Of those items."""
    pilot: tuple[items.PilotItem, ...]
    small_tests: tuple[str, ...]
    asked: int
    """How many items were asked at all."""

    @property
    def holds(self) -> bool:
        """Whether half of the items that were asked, and enough for a scale, can be calibrated."""
        count = len(self.recorded.items)
        return count >= FEWEST_ITEMS and 2 * count >= self.asked


def supported(recorded: RecordedScores, model: Model) -> Support:
    """Return what responses support of a model; NotSupported says what else they do."""
    found = support(recorded, model)
    if not found.holds:
        raise NotSupported(_refusal(recorded, found))
    return found


def support(recorded: RecordedScores, model: Model) -> Support:
    """Return which items have the responses that a model needs."""
    sizes = Counter(recorded.tests)
    small = sorted(test for test, size in sizes.items() if size < FEWEST_SITTINGS)
    large = recorded.keep_tests(sizes.keys() - small)
    judged = adequacy(large.scores, model)
    reasons = [
        _reason(each, believed) for each, believed in zip(judged, large.believed, strict=True)
    ]
    kept = [each for each, reason in zip(judged, reasons, strict=True) if reason is None]
    return Support(
        model=model,
        recorded=large.keep_items([each.item for each in kept]),
        adequacy=tuple(kept),
        pilot=tuple(_pilots(large, judged, reasons)),
        small_tests=tuple(small),
        asked=sum(each.n_answers > 0 for each in judged),
    )


def _reason(each: ItemAdequacy, believed: bool) -> items.PilotReason | None:
    """Return why an item cannot be fitted; with a panel's belief, few answers of both kinds do."""
    if believed and min(each.counts) > 0:
        return None
    if each.standing == Standing.REFUSED:
        return items.PilotReason.FEW_RESPONSES
    return items.PilotReason.ONE_SIDED if each.thin else None


def _pilots(
    recorded: RecordedScores,
    judged: Sequence[ItemAdequacy],
    reasons: Sequence[items.PilotReason | None],
) -> list[items.PilotItem]:
    return [
        items.PilotItem(item=recorded.items[each.item].key, reason=reason, figure=_figure(each))
        for each, reason in zip(judged, reasons, strict=True)
        if reason is not None
    ]


def _figure(each: ItemAdequacy) -> float:
    return each.n_answers if each.standing == Standing.REFUSED else min(each.counts)


def _refusal(recorded: RecordedScores, found: Support) -> str:
    if not recorded.persons:
        return _("No scored sitting of this bank is on record yet, so there is nothing to fit.")
    others = [model for model in MODELS if model is not found.model]
    fit = [model.value for model in others if support(recorded, model).holds]
    enough = _("These responses support: %(models)s (--model).", models=", ".join(fit))
    none = _("They support no model yet: more sittings are needed.")
    sentences = [_shortage(recorded, found), *_left_out(found), enough if fit else none]
    return " ".join(sentences)


def _shortage(recorded: RecordedScores, found: Support) -> str:
    counts = np.count_nonzero(recorded.scores != NOT_GIVEN, axis=0)
    few = counts[counts < NEEDED[found.model].provisional]
    return _(
        "%(model)s needs %(needed)s responses to an item (%(publish)s to publish it). %(persons)s "
        "sittings give too few to %(few)s of %(all)s items: %(lowest)s to %(highest)s.",
        model=found.model.value,
        needed=NEEDED[found.model].provisional,
        publish=NEEDED[found.model].publish,
        persons=recorded.persons,
        few=few.size,
        all=counts.size,
        lowest=few.min(initial=few.max(initial=0)),
        highest=few.max(initial=0),
    )


def _left_out(found: Support) -> list[str]:
    if not found.small_tests:
        return []
    few = _(
        "Tests with fewer than %(n)s sittings are left out: %(tests)s.",
        n=FEWEST_SITTINGS,
        tests=", ".join(found.small_tests),
    )
    return [few]
