"""How many parallel forms a test has and what they share, as its author says it."""

from __future__ import annotations

from dataclasses import dataclass

from assessment.fields import Fields, refusal
from assessment.items.adaptivity import MOST_QUESTIONS
from assessment.locale import gettext as _

FEWEST_FORMS = 2
MOST_FORMS = 20

_KNOWN = ("parallel", "overlap", "uses", "difference")


@dataclass(frozen=True, kw_only=True)
class Parallels:
    """So many forms with the same blueprint, equally telling at the marks.

    Two of them share `overlap` questions at most, and a question stands in `uses` forms at most;
    None is as many as the others allow. What two forms tell differs by the share `difference` at
    most.
    """

    parallel: int
    overlap: int = 0
    uses: int | None = None
    difference: float = 0.05


def read_parallels(data: object, where: str = "forms") -> Parallels:
    """Return what JSON data says; what is left out is as in `Parallels`."""
    fields = Fields(data, where, _KNOWN)
    parallel = fields.whole("parallel", FEWEST_FORMS, MOST_FORMS)
    if parallel is None:
        raise refusal(fields.place("parallel"), _("the number of forms"), _("nothing"))
    difference = fields.number("difference", 1.0)
    return Parallels(
        parallel=parallel,
        overlap=fields.whole("overlap", 0, MOST_QUESTIONS) or 0,
        uses=fields.whole("uses", 1, parallel),
        difference=Parallels.difference if difference is None else difference,
    )
