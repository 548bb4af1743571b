"""Likelihood ratios: an item's own parameters in each group against the same in both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from itembank.arguments import BoolArray, FloatArray, sentence_fault
from itembank.calibration.calibrating import posed, prepared
from itembank.calibration.examining import Asked, Examined, Support, asked
from itembank.calibration.expectation import BLOCK, Block
from itembank.calibration.fineness import NODES, refined
from itembank.calibration.fitting import Fit, Patience, Problem, Search
from itembank.calibration.information import BLOCK as WIDE_BLOCK
from itembank.calibration.persons import Persons
from itembank.calibration.point import Point, Space, log_tables
from itembank.calibration.populations import LatentChoice
from itembank.calibration.priors import Priors
from itembank.calibration.quadrature import standard_grid
from itembank.calibration.reporting import latents, parameters_at
from itembank.calibration.starting import starting_point
from itembank.differential.answers import Answers
from itembank.differential.climbing import Landscape, Summit
from itembank.differential.mantel import sizes
from itembank.differential.results import DifKind, GroupCurves, Tests
from itembank.differential.sharing import Own, Parameters, Sharing
from itembank.differential.significance import chi_squared_p
from itembank.differential.varying import comparable, unlimited, variety
from itembank.faults import fault
from itembank.parameters import ItemParameters, Model

_MODERATE, _LARGE = 0.05, 0.10
"""Of a mean difference of curves: Dorans and Holland's (1993) limits of standardisation."""


@dataclass(frozen=True)
class DifProgress:
    """How far an analysis is: items tested in this round, of how many, and which round it is."""

    n_tested: int
    n_items: int
    n_round: int


Report = Callable[[DifProgress], None]


class LikelihoodRatio:
    """Calibrations of both groups together: one of all items in common, others from there."""

    def __init__(
        self,
        answers: Answers,
        model: str | Model | Sequence[str | Model],
        kind: DifKind,
        level: float,
        on_progress: Report | None,
    ) -> None:
        wanted = asked(model, None, answers.scores.T.shape, None)
        graded = [item for item, each in enumerate(wanted.models) if each.is_polytomous]
        given = comparable(answers, graded)
        posed_as = _Posed.of(given, wanted)
        problem, persons = posed_as.problem, posed_as.persons
        self._variety = variety(persons, problem.space)
        fit = self._first_fit(posed_as, given, wanted)
        self._all = Space(problem.space.clusters, np.ones_like(problem.space.free_latent))
        free = problem.space.free_latent
        self._parameters = Parameters(self._all, free, self._variety.limits)
        grid = fit.grid.serving(fit.at.point.latent)
        self._land = Landscape(
            problem,
            self._all,
            grid,
            _by_group(persons, BLOCK),
            _by_group(persons, WIDE_BLOCK),
            fit.at.point,
        )
        self._testable = self._variety.compared.copy()
        if kind is DifKind.NONUNIFORM:
            self._testable &= self._variety.varied
        self._kind, self._level, self._report = kind, level, on_progress
        self._n_rounds, self._is_wide = 0, False
        if kind is DifKind.NONUNIFORM and not self._parameters.has_slope.any():
            raise fault("kind", "'uniform' or 'both' where no item has a slope of its own", kind)
        self._joint = self._joint_fit()

    def _first_fit(self, found: _Posed, answers: Answers, wanted: Asked) -> Fit:
        """Return a calibration of all items in common, but in groups where they are at a limit."""
        self.linking(self._variety.varied)
        if not self._variety.is_limited.any():
            return found.fit()
        return _Posed.of(unlimited(answers, self._variety), wanted).fit()

    def linking(self, anchors: BoolArray) -> BoolArray:
        """Return the anchors that tell how able both groups are, or say that there is none."""
        found = anchors & self._variety.varied
        if not found.any():
            allowed = "one item or more that neither group answers all alike"
            raise sentence_fault("anchors", allowed, "none")
        return found

    def test(self, anchors: BoolArray, wanted: BoolArray) -> Tests:
        """Return the tests of items; those that are no anchors have their own parameters."""
        self._n_rounds += 1
        found, converged = self._round(anchors, wanted)
        if converged or self._is_wide:
            return found
        self._is_wide = True
        self._land = self._land.wider()
        self._joint = self._joint_fit()
        return self._round(anchors, wanted)[0]

    def _round(self, anchors: BoolArray, wanted: BoolArray) -> tuple[Tests, bool]:
        """Return the tests, and whether all calibrations came to their end."""
        base = self._baseline(~anchors & self._variety.compared)
        table, curves = np.full((anchors.size, 3), np.nan), _Curves(base, self._all)
        items = np.flatnonzero(wanted & self._testable).tolist()
        for n_tested, item in enumerate(items, 1):
            table[item] = self._tested(item, base, curves)
            if self._report is not None:
                self._report(DifProgress(n_tested, len(items), self._n_rounds))
        return self._tests(table, base, curves), bool(np.all(table[items, 2] != 0))

    def _joint_fit(self) -> Summit:
        """Return the calibration of all items in common, to the last digit."""
        sharing = self._parameters.sharing(self._own(self._variety.is_limited))
        fixed = self._all.vector(self._land.fixed)
        given = sharing.vector(np.tile(fixed, (2, 1)), np.ones((2, fixed.size)))
        start = self._land.height(sharing.spread(given, fixed))
        if start is None:
            raise RuntimeError("a calibration must end where there is a model")
        return self._land.climb(sharing, given, sharing.summed(self._land.informations(start)))

    def _own(self, differs: BoolArray) -> Own:
        slope = self._kind is not DifKind.UNIFORM
        return Own(differs & self._parameters.has_slope & slope, differs)

    def _baseline(self, differs: BoolArray) -> _Baseline:
        own, alike = self._own(differs), self._own(self._variety.is_limited)
        joint = _Baseline(self._joint, alike, self._informations(self._joint))
        if own.equals(alike):
            return joint
        summit = self._from(joint, own)
        return _Baseline(summit, own, self._informations(summit))

    def _informations(self, summit: Summit) -> list[FloatArray]:
        return self._land.informations(summit.at)

    def _from(self, base: _Baseline, own: Own) -> Summit:
        """Return the greatest likelihood where other parameters are the groups' own."""
        if own.equals(base.own):
            return base.summit
        sharing = self._parameters.sharing(own)
        weight = np.maximum(np.stack([np.diag(each) for each in base.informations]), _LEAST)
        start = sharing.vector(base.summit.at.own, weight)
        informations = self._nearby(base, own, sharing, start)
        return self._land.climb(sharing, start, sharing.summed(informations))

    def _nearby(
        self, base: _Baseline, own: Own, sharing: Sharing, start: FloatArray
    ) -> list[FloatArray]:
        """Return the information of each group; at a limit there was none of what now is free."""
        back = base.own.threshold & ~own.threshold & self._variety.is_limited
        if not back.any():
            return base.informations
        height = self._land.height(sharing.spread(start, self._all.vector(self._land.fixed)))
        return base.informations if height is None else self._land.informations(height)

    def _tested(self, item: int, base: _Baseline, curves: _Curves) -> FloatArray:
        """Return an item's likelihood ratio, degrees of freedom, and whether all converged."""
        has_slope = bool(self._parameters.has_slope[item]) and self._kind is not DifKind.UNIFORM
        nonuniform = self._kind is DifKind.NONUNIFORM
        if nonuniform and not has_slope:
            return np.full(3, np.nan)
        larger = base.own.of(item, slope=has_slope, threshold=True)
        smaller = base.own.of(item, slope=False, threshold=nonuniform)
        more, less = self._from(base, larger), self._from(base, smaller)
        curves.keep(item, more)
        degrees = self._parameters.n_own(larger) - self._parameters.n_own(smaller)
        ratio = 2 * (more.at.objective - less.at.objective)
        converged = base.summit.converged and more.converged and less.converged
        return np.array([max(ratio, 0.0), degrees, converged])

    def _tests(self, table: FloatArray, base: _Baseline, curves: _Curves) -> Tests:
        degrees = np.nan_to_num(table[:, 1]).astype(np.int64)
        latent = self._all.point(base.summit.at.own[0], self._land.fixed).latent
        mass = np.exp(self._land.grid.log_density(latent))[1]
        away = np.where(np.isnan(table[:, :1]), np.nan, curves.apart(self._land.grid.nodes))
        effect, unsigned = away @ mass, np.abs(away) @ mass
        significant = chi_squared_p(table[:, 0], degrees) < self._level
        details = GroupCurves(
            *curves.parameters(),
            latents(Point((), latent), np.full(latent.shape, np.nan)),
            unsigned,
            table[:, 2] == 1,
        )
        return Tests(
            table[:, 0],
            degrees,
            effect,
            np.full(len(table), np.nan),
            np.sign(np.nan_to_num(effect)).astype(np.int64),
            sizes(significant & (unsigned >= _MODERATE), significant & (unsigned >= _LARGE)),
            details,
        )


_LEAST = 1e-9


@dataclass(frozen=True, eq=False)
class _Posed:
    """What is maximised where all items are in common."""

    found: Examined
    persons: Persons
    problem: Problem

    @classmethod
    def of(cls, answers: Answers, wanted: Asked) -> _Posed:
        """Return what answers pose."""
        given, labels = answers.scores.T, answers.is_focal
        found, persons = prepared(given, wanted, answers.weight, labels, Support(None, 1))
        return cls(found, persons, posed(persons, found, Priors(), LatentChoice.DEFAULT))

    def fit(self) -> Fit:
        """Return the calibration."""
        clusters = self.problem.space.clusters
        start = starting_point(self.found.items, clusters, len(self.persons.labels))
        search = Search(self.problem, start, standard_grid(NODES), Patience(1e-4, 500, None))
        return refined(search, may_refine=True)


@dataclass(frozen=True, eq=False)
class _Baseline:
    """A calibration that others start from, and the information of each group there."""

    summit: Summit
    own: Own
    informations: list[FloatArray]


class _Curves:
    """Each item's parameters in each group, when they are its own."""

    def __init__(self, base: _Baseline, space: Space) -> None:
        self._space = space
        self._latent = base.summit.at.points[0].latent
        self._items = [[x.copy() for x in point.items] for point in base.summit.at.points]

    def keep(self, item: int, summit: Summit) -> None:
        """Keep one item's parameters from a calibration."""
        for place, cluster in enumerate(self._space.clusters):
            row = np.flatnonzero(cluster.items == item)
            for kept, point in zip(self._items, summit.at.points, strict=True):
                kept[place][row] = point.items[place][row]

    def apart(self, nodes: FloatArray) -> FloatArray:
        """Return the focal group's expected scores less the reference group's, as shares."""
        reference, focal = (self._expected(group, nodes) for group in (0, 1))
        return focal - reference

    def parameters(self) -> tuple[ItemParameters, ItemParameters]:
        """Return the parameters of the reference and of the focal group."""
        reference, focal = (
            parameters_at(self._space.clusters, self._point(group), None) for group in (0, 1)
        )
        return reference, focal

    def _point(self, group: int) -> Point:
        return Point(tuple(self._items[group]), self._latent)

    def _expected(self, group: int, nodes: FloatArray) -> FloatArray:
        clusters = self._space.clusters
        found = np.zeros((sum(len(each.items) for each in clusters), nodes.size))
        logs = log_tables(clusters, self._point(group), nodes)
        for cluster, log in zip(clusters, logs, strict=True):
            steps = np.arange(cluster.n_steps + 1) / cluster.n_steps
            found[cluster.items] = np.einsum("k,jkq->jq", steps, np.exp(log))
        return found


def _by_group(persons: Persons, size: int) -> tuple[tuple[Block, ...], ...]:
    blocks = persons.blocks(size)
    return tuple(tuple(each for each in blocks if each.group == group) for group in (0, 1))
