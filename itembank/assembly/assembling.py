"""Forms assembled: the best that a pool allows under all constraints at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from itembank.arguments import FloatArray, frozen, number
from itembank.arguments import sentence_fault as told
from itembank.assembly.asking import Asked, Wishes, asked_of
from itembank.assembly.program import Limits, Solved, solve
from itembank.assembly.refusing import groups_of, impossible
from itembank.parameters import ItemParameters

_LEAST_INFORMATION = 1e-6
"""What is less tells nothing, nor does the search distinguish it from nothing."""


class AssemblyUnfinished(RuntimeError):
    """No forms were found in the time given, and none were shown to be impossible."""


@dataclass(frozen=True, eq=False)
class Assembly:
    """Parallel forms.

    Attributes
    ----------
    forms : tuple of tuples of int
        The items of each form by their places, rising; forms in order of these.
    theta : ndarray, shape (n_points,)
    information : ndarray, shape (n_forms, n_points)
        Of each form at each ability, in 1 / logits squared.
    objective : float
        The least information of any form at any point, over its target there.
    bound : float
        What no forms can exceed.
    gap : float
        How far the objective may be below the best, as a share of itself.
    is_finished : bool
        Whether the gap asked for was reached. Forms that were found when time ran out may be
        others on a faster machine; those of a finished search are the same everywhere.
    """

    forms: tuple[tuple[int, ...], ...]
    theta: FloatArray
    information: FloatArray
    objective: float
    bound: float
    gap: float
    is_finished: bool

    @property
    def overlap(self) -> int:
        """The most items that two forms share."""
        sets = [{*form} for form in self.forms]
        shared = [len(one & other) for at, one in enumerate(sets) for other in sets[:at]]
        return max(shared, default=0)

    @property
    def se(self) -> FloatArray:
        """The standard error of ability by each form, in logits, shape (n_forms, n_points)."""
        with np.errstate(divide="ignore"):
            return np.asarray(1.0 / np.sqrt(self.information))


def assemble(
    parameters: ItemParameters,
    blueprint: Mapping[str, int] | int,
    *,
    n_forms: int,
    theta: ArrayLike,
    areas: Sequence[str] | None = None,
    target: ArrayLike = 1.0,
    overlap: int | None = None,
    uses: int | None = None,
    enemies: Mapping[int, Collection[int]] | None = None,
    fixed: Collection[int] = (),
    excluded: Collection[int] = (),
    difference: float | None = 0.05,
    gap: float = 0.01,
    time_limit: float = 60.0,
) -> Assembly:
    """Return parallel forms: the same content, and at the cut as much information as there can be.

    The least information of any form is made as large as the pool allows, at every point in
    proportion to its target (maximin; van der Linden & Boekkooi-Timminga, 1989), as a mixed integer
    program that HiGHS solves. The same input gives the same forms.

    Parameters
    ----------
    parameters : ItemParameters
        Of the pool.
    blueprint : mapping of str to int, or int
        How many items of each area a form has; a number, where there are no areas.
    n_forms : int
        From 1 to 100.
    theta : array_like, shape () or (n_points,)
        Where information counts: the cut or the cuts, in logits.
    areas : sequence of str, optional
        The area of each item; items of areas that the blueprint does not name stand in no form.
    target : array_like, shape () or (n_points,)
        How much information counts for as much at each point as at the others. Only proportions
        matter.
    overlap : int, optional
        The most items that two forms share; 0 for none. Without it, any number.
    uses : int, optional
        The most forms that an item stands in.
    enemies : mapping of int to a collection of int, optional
        By its place, the items that each item does not meet; enmity holds both ways.
    fixed : collection of int
        Items that stand in every form, an anchor; they count for neither `overlap` nor `uses`.
    excluded : collection of int
        Items that stand in no form.
    difference : float, optional
        By how much, as a share of the least, the information of two forms may differ at a point;
        None for as much as may be.
    gap : float
        The search ends when the objective is within this share of its bound.
    time_limit : float
        Seconds after which the best forms found so far are returned. Where there can be none, what
        is left of them goes into finding out why.

    Returns
    -------
    Assembly

    Raises
    ------
    AssemblyImpossible
        A ValueError that names the constraints which cannot be kept together, each cause by
        itself; where time ran out, it says that this is not known for certain.
    AssemblyUnfinished
        A RuntimeError, where time ran out before any forms were found.
    ValueError
        Where an argument is not as said here, or where the best forms tell nothing at one of the
        points.

    References
    ----------
    van der Linden, W. J., & Boekkooi-Timminga, E. (1989). A maximin model for IRT-based test design
    with practical constraints. Psychometrika, 54(2), 237-247.
    """
    wishes = Wishes(n_forms, overlap, uses, enemies or {}, fixed, excluded, difference)
    asked = asked_of(parameters, blueprint, areas, (theta, target), wishes)
    limits = _limits(gap, time_limit)
    solved = solve(asked, {*groups_of(asked)}, limits, best=True)
    if solved.is_impossible:
        raise impossible(asked, limits)
    if solved.chosen is None:
        sentence = f"No forms were found in {time_limit:g} s, nor that there can be none."
        raise AssemblyUnfinished(sentence)
    found = _assembly(asked, solved, np.atleast_1d(theta))
    if found.objective < _LEAST_INFORMATION:
        worst = found.theta[(found.information / asked.target).min(axis=0).argmin()]
        allowed = "where each form can have information"
        raise told("theta", allowed, f"forms of which one has next to none at {worst:g}")
    return found


def _limits(gap: float, time_limit: float) -> Limits:
    number("gap", gap, "from 0 to below 1", lambda share: 0 <= share < 1)
    number("time_limit", time_limit, "a positive number of seconds", lambda given: given > 0)
    return Limits.within(float(gap), float(time_limit))


def _assembly(asked: Asked, solved: Solved, theta: FloatArray) -> Assembly:
    chosen = np.asarray(solved.chosen) > 0.5
    forms = sorted(tuple(np.flatnonzero(form).tolist()) for form in chosen)
    information = np.array([asked.information[:, form].sum(axis=1) for form in forms])
    objective = float((information / asked.target).min())
    bound = max(solved.bound, objective)
    return Assembly(
        forms=tuple(tuple(asked.items[[*form]].tolist()) for form in forms),
        theta=frozen(np.asarray(theta, dtype=np.float64)),
        information=frozen(information),
        objective=objective,
        bound=bound,
        gap=(bound - objective) / objective if objective else 0.0,
        is_finished=solved.is_finished,
    )
