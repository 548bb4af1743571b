"""How an adaptive test chooses its questions and when it stops, as its author says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from assessment.fields import Fields, refusal, shown
from assessment.items.models import Test
from assessment.locale import gettext as _

FEWEST = 10
SUREST = 0.999
UNSURE = 0.5
WIDEST = 5.0
MOST_CANDIDATES = 50
MOST_QUESTIONS = 1000

_KNOWN = ("most", "least", "sure", "se", "candidates", "exposure")


@dataclass(frozen=True, kw_only=True)
class Adaptivity:
    """How long an adaptive test is, how sure it has to be, and how widely it chooses.

    `most` is the length at which it stops in any case, where the blueprint is met exactly; None is
    all that the blueprint asks. It stops after `least` questions or later (None: ten, or all of a
    shorter test): when it is `sure` that the ability lies above the passing mark or below it, or
    when the standard error is `se`. Each question is drawn among the `candidates` best ones. A
    question that more than the share `exposure` of the latest sittings held is left out while
    others can take its place.
    """

    most: int | None = None
    least: int | None = None
    sure: float = 0.95
    se: float | None = None
    candidates: int = 5
    exposure: float | None = None

    @property
    def data(self) -> dict[str, Any]:
        """What the test's version keeps."""
        return asdict(self)


def read_adaptivity(data: object, where: str = "adaptive") -> Adaptivity:
    """Return what JSON data says; what is left out is as in `Adaptivity`."""
    fields, usual = Fields(data, where, _KNOWN), Adaptivity()
    return Adaptivity(
        most=fields.whole("most", 1, MOST_QUESTIONS),
        least=fields.whole("least", 1, MOST_QUESTIONS),
        sure=_sure(fields) or usual.sure,
        se=fields.number("se", WIDEST),
        candidates=fields.whole("candidates", 1, MOST_CANDIDATES) or usual.candidates,
        exposure=fields.number("exposure", 1.0),
    )


def _sure(fields: Fields) -> float | None:
    sure = fields.number("sure", SUREST)
    if sure is not None and sure <= UNSURE:
        allowed = _("above %(n)s, which says nothing", n=UNSURE)
        raise refusal(fields.place("sure"), allowed, shown(sure))
    return sure


def adaptivity_of(test: Test) -> Adaptivity:
    """Return how an adaptive test chooses and stops, with the lengths of its blueprint."""
    return Adaptivity(**(test.adaptive or {}))


def settled(adaptive: Adaptivity, blueprint: Mapping[str, int]) -> Adaptivity:
    """Return it with the lengths that the blueprint gives; refused where the two disagree."""
    total = sum(blueprint.values())
    asked = _("%(n)s, as many as the blueprint asks in all", n=total)
    if adaptive.most not in (None, total):
        raise refusal("adaptive.most", asked, shown(adaptive.most))
    least = min(FEWEST, total) if adaptive.least is None else adaptive.least
    if least > total:
        raise refusal("adaptive.least", _("at most %(asked)s", asked=asked), shown(least))
    return replace(adaptive, most=total, least=least)
