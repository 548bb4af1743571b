"""Why forms are impossible: the constraints that do not go together, as few as can be named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from itembank.assembly.asking import Asked
from itembank.assembly.constraints import Constraint, Group
from itembank.assembly.program import Limits, solve
from itembank.faults import sentence

_UNFINISHED = "Time ran out: some of these may not be in the way, and others may."


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
    """Forms that there cannot be.

    Attributes
    ----------
    n_forms : int
    causes : tuple of tuples of Reason
        One cause after another: constraints that cannot be kept together. Without any one of them,
        the others of that cause can. Each cause has to be mended.
    is_finished : bool
        Whether time sufficed to find that this is so, and that forms are possible without all that
        is named. Else some of the constraints that are named may not be in the way, and others may.
    """

    def __init__(
        self, n_forms: int, causes: tuple[tuple[Reason, ...], ...], *, is_finished: bool = True
    ) -> None:
        self.n_forms = n_forms
        self.causes = causes
        self.is_finished = is_finished
        forms = "1 form" if n_forms == 1 else f"{n_forms} forms"
        got = "; and also ".join("; ".join(map(str, cause)) for cause in causes)
        said = sentence("parameters", f"items of which {forms} can be made", got)
        super().__init__(said if is_finished else f"{said} {_UNFINISHED}")

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The constraints of all causes, each once, areas first."""
        once = dict.fromkeys(reason for cause in self.causes for reason in cause)
        return tuple(sorted(once, key=lambda each: each.constraint is not Constraint.AREA))


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
    """Return the error that names the causes, each by groups that cannot be kept together.

    Where a cause is found, its areas are dropped (all of it, where it has none), and the rest is
    looked at again: until forms are possible, or the time is up.
    """
    left, causes, is_finished = groups_of(asked), [], True
    while True:
        cause, is_sure = _cause(asked, left, limits)
        causes.append(cause)
        dropped = [each for each in cause if each.constraint is Constraint.AREA] or cause
        left = [each for each in left if each not in dropped]
        found = solve(asked, {*left}, limits, best=False)
        is_finished = is_sure and (found.is_impossible or found.chosen is not None)
        if not is_finished or not found.is_impossible:
            break
    order = groups_of(asked)
    causes.sort(key=lambda cause: [order.index(each) for each in cause])
    named = tuple(tuple(_reasons(asked, cause)) for cause in causes)
    return AssemblyImpossible(asked.wishes.n_forms, named, is_finished=is_finished)


def _cause(asked: Asked, groups: list[Group], limits: Limits) -> tuple[list[Group], bool]:
    """Return groups that cannot be kept together, and whether each is known to be needed for that.

    Each group in turn is left out for good where the others are impossible without it (Chinneck,
    2008, the deletion filter). A group of which time does not let tell stays.
    """
    left, is_sure = groups, True
    for at, group in enumerate(groups):
        others = [each for each in left if each != group]
        found = solve(asked, {*others}, limits.shared(len(groups) - at), best=False)
        if found.is_impossible:
            left = others
        elif found.chosen is None:
            is_sure = False
    return left, is_sure


def _reasons(asked: Asked, groups: list[Group]) -> Iterator[Reason]:
    """Yield the reasons, areas first."""
    areas = [each for each in groups if each.constraint is Constraint.AREA]
    for group in [*areas, *reversed([each for each in groups if each not in areas])]:
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
