"""Many-facet Rasch measurement: from ratings to severities, difficulties and abilities."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import numpy as np

from itembank.arguments import sentence_fault
from itembank.faults import fault
from rubrics.facets.completing import Fit
from rubrics.facets.connection import require_connected
from rubrics.facets.design import CRITERION, PERSON, RATER, Design, LongRatings, design_of
from rubrics.facets.extremes import estimable
from rubrics.facets.fitting import Search, fit_joint, fit_marginal
from rubrics.facets.reporting import reported
from rubrics.facets.results import Facets
from rubrics.facets.scales import Estimation, Scale
from rubrics.facets.steps import step_rule
from rubrics.rubric import checked_word


def many_facet(
    ratings: LongRatings,
    *,
    scale: str | Scale = Scale.RATING_SCALE,
    method: str | Estimation = Estimation.MARGINAL,
    steps_by: str = CRITERION,
    highest: Mapping[Hashable, int] | None = None,
    floating: str = PERSON,
    interaction: tuple[str, str] | None = (RATER, CRITERION),
    tolerance: float = 1e-8,
    max_iterations: int = 100,
) -> Facets:
    """Return abilities, severities and difficulties on one scale, with errors and fit.

    ``log(P_k / P_{k-1}) = theta_person - severity_rater - difficulty_criterion - tau_k``, less the
    measure of any further facet. Marginal estimation maximises the likelihood with persons drawn
    from a normal distribution, integrated over on a uniform grid whose spacing is at most the
    smallest posterior standard deviation; standard errors come from the observed information.
    Joint estimation takes each person as a parameter: severities come out too far apart and errors,
    which hold all else fixed, too small. It is for reference only.

    Parameters
    ----------
    ratings : LongRatings
        One rating a row, and at most one for each combination of levels.
    scale : str or Scale
        "rating scale": all share the steps `tau`; "partial credit": each level of `steps_by` has
        its own.
    method : str or Estimation
        "marginal" or "joint".
    steps_by : str
        The facet whose levels have their own steps, or their own `highest`.
    highest : mapping, optional
        On a rating scale that ends earlier for some levels of `steps_by`: their highest category.
    floating : str
        The facet whose mean is free; all others have mean 0, persons as a population.
    interaction : tuple of str, optional
        The two facets whose pairs are looked at for bias; left out where a facet is missing.
    tolerance : float
        The search ends when another step would add less to the log-likelihood.
    max_iterations : int
        Steps of the search.

    Returns
    -------
    Facets
        Levels whose ratings are all lowest or all highest are set aside, and placed afterwards
        where their total would be 0.3 less extreme.

    Raises
    ------
    ValueError
        Where the design is not connected, naming its subsets, and where arguments do not fit.

    References
    ----------
    Linacre, J. M. (1989). Many-facet Rasch measurement. Chicago: MESA Press.
    """
    scale = checked_word(Scale, scale, "scale")
    method = checked_word(Estimation, method, "method")
    design = design_of(ratings)
    rule = step_rule(design, scale, steps_by, highest)
    search = _search(design, floating, tolerance, max_iterations)
    pair = _pair(design, interaction)
    _require_persons(design)
    require_connected(design)
    found = estimable(design, rule, persons=method is Estimation.JOINT)
    require_connected(found.part.design, " once extremes are set aside")
    fit = fit_marginal if method is Estimation.MARGINAL else fit_joint
    fitted = fit(design, found, rule.owner, search)
    return reported(Fit(design, found, rule, fitted), scale, method, pair)


def _search(design: Design, floating: str, tolerance: float, max_iterations: int) -> Search:
    place = design.place("floating", floating)
    if not 0 < tolerance < np.inf:
        raise fault("tolerance", "positive and finite", tolerance)
    if max_iterations < 1:
        raise fault("max_iterations", "at least 1", max_iterations)
    return Search(place, tolerance, max_iterations)


def _pair(design: Design, interaction: tuple[str, str] | None) -> tuple[int, int] | None:
    if interaction is None or (interaction == (RATER, CRITERION) and CRITERION not in design.names):
        return None
    first, second = (design.place("interaction", name) for name in interaction)
    if first == second or not first or not second:
        raise fault("interaction", f"two of {', '.join(design.names[1:])}", interaction)
    return first, second


def _require_persons(design: Design) -> None:
    if design.size(0) < 2:
        raise sentence_fault("person", "at least two persons", f"{design.size(0)}")
