"""Why forms are impossible: the constraints that do not go together, as few as can be named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from itembank.assembly.asking import Asked
from itembank.assembly.constraints import Constraint, Group
from itembank.assembly.program import Limits, solve
from itembank.faults import sentence


@dataclass(frozen=True, slots=True)
class Reason:
    """A constraint that cannot be kept together with the others named beside it.

    `asked` is its number: items of an area in each form, forms that an item may stand in, items
    that two forms may share, pairs of enemies, items in every form, the share by which information
    may differ. `there` is how many items an area has, without those excluded; None for others.
    """

    constraint: Constraint
    asked: float
    area: str = ""
    there: int | None = None

    def __str__(self) -> str:
        """Return it as a clause of a sentence."""
        sentences = {
            Constraint.AREA: "area {area}: {asked:g} items asked in each form, {there} there",
            Constraint.USES: "each item in at most {asked:g} of the forms",
            Constraint.OVERLAP: "two forms share at most {asked:g} items",
            Constraint.ENEMIES: "{asked:g} pairs of enemies do not meet",
            Constraint.FIXED: "{asked:g} items stand in every form",
            Constraint.DIFFERENCE: "information differs by at most {asked:.3g} of the least",
        }
        text = sentences[self.constraint]
        return text.format(area=self.area, asked=self.asked, there=self.there)


class AssemblyImpossible(ValueError):
    """Forms that there cannot be; `reasons` has the constraints that do not go together.

    Without any one of them, forms are possible that keep the others, as far as the time limit
    allowed to tell.
    """

    def __init__(self, n_forms: int, reasons: tuple[Reason, ...]) -> None:
        self.n_forms = n_forms
        self.reasons = reasons
        forms = "1 form" if n_forms == 1 else f"{n_forms} forms"
        got = "; ".join(map(str, reasons))
        super().__init__(sentence("parameters", f"items of which {forms} can be made", got))


def groups_of(asked: Asked) -> list[Group]:
    """Return the groups of constraints that are asked for, in the order of `Constraint`."""
    wishes = asked.wishes
    given = {
        Constraint.DIFFERENCE: wishes.difference is not None and wishes.n_forms > 1,
        Constraint.ENEMIES: len(asked.pairs) > 0,
        Constraint.OVERLAP: wishes.overlap is not None,
        Constraint.USES: wishes.uses is not None,
        Constraint.FIXED: len(asked.fixed) > 0,
    }
    found = [Group(each) for each in Constraint if given.get(each)]
    return found + [Group(Constraint.AREA, area) for area in asked.areas]


def impossible(asked: Asked, limits: Limits) -> AssemblyImpossible:
    """Return the error that names a smallest set of groups which cannot be kept together.

    Each group in turn is left out for good where the others are impossible without it (Chinneck,
    2008, the deletion filter). What the time limit leaves open counts as possible.
    """
    left = groups_of(asked)
    for group in [*left]:
        others = [each for each in left if each != group]
        if solve(asked, {*others}, limits, best=False).is_impossible:
            left = others
    reasons = _reasons(asked, left)
    return AssemblyImpossible(asked.wishes.n_forms, tuple(reasons))


def _reasons(asked: Asked, groups: list[Group]) -> Iterator[Reason]:
    """Yield the reasons, areas first."""
    for group in reversed(groups):
        if group.constraint is Constraint.AREA:
            at = asked.areas.index(group.area)
            there = int(asked.in_area[at].sum())
            yield Reason(group.constraint, int(asked.needed[at]), group.area, there)
        else:
            yield Reason(group.constraint, _number(asked, group.constraint))


def _number(asked: Asked, constraint: Constraint) -> float:
    numbers = {
        Constraint.DIFFERENCE: asked.wishes.difference,
        Constraint.ENEMIES: len(asked.pairs),
        Constraint.OVERLAP: asked.wishes.overlap,
        Constraint.USES: asked.wishes.uses,
        Constraint.FIXED: len(asked.fixed),
    }
    return numbers[constraint] or 0
