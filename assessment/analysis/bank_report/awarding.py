"""How sure whole rules are: how often an achievement is granted to those who truly earned it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

import itembank
from assessment import rules
from assessment.analysis.bank_report.delivering import Delivered
from assessment.analysis.bank_report.forms import SEED
from assessment.analysis.bank_report.sections import Section, a_table
from assessment.analysis.bank_report.simulating import PERSONS, Taking
from assessment.catalogue import service as catalogue
from assessment.items import service as items
from assessment.locale import gettext as _
from assessment.rules.language import AreaScore, Kind, Mastery, Rule, Score
from itembank.accuracy import RuleAccuracy
from itembank.plots.plot import Cell

_JOINTS = frozenset({Kind.ALL, Kind.ANY, Kind.AT_LEAST, Kind.WEIGHTED, Kind.NONE})
_WHEN = datetime(2000, 1, 1, tzinfo=UTC)  # no leaf about a test looks at the day
_FINE = 10**6


@dataclass(frozen=True)
class NamedRule:
    """The rule of a published achievement, or of what opens a test."""

    key: str
    rule: Rule

    @property
    def leaves(self) -> tuple[Rule, ...]:
        """What it is made of, without what joins it."""
        found = (each.rule for each in rules.walk(self.rule))
        return tuple(each for each in found if each.kind not in _JOINTS)

    @property
    def tests(self) -> frozenset[str]:
        """The tests that it names."""
        named = (Score, AreaScore, Mastery)
        return frozenset(each.test for each in self.leaves if isinstance(each, named))


def rules_about(bank_id: str) -> tuple[NamedRule, ...]:
    """Return the rules of published achievements that name a test of a bank."""
    own = {test.key for test in items.current_tests(bank_id)}
    found = (
        NamedRule(each.achievement.key, catalogue.rule_of(each)) for each in catalogue.published()
    )
    return tuple(each for each in found if each.tests & own)


def rules_that_open(bank_id: str) -> tuple[NamedRule, ...]:
    """Return what opens a bank's tests, under their keys."""
    tests = items.current_tests(bank_id)
    return tuple(
        NamedRule(test.key, catalogue.parsed(test.opens_when)) for test in tests if test.opens_when
    )


def sureness_asked(named: Sequence[NamedRule]) -> dict[str, list[float]]:
    """Return by test the probabilities of mastery that rules need, lowest first."""
    found: dict[str, set[float]] = {}
    for leaf in (leaf for each in named for leaf in each.leaves):
        if isinstance(leaf, Mastery):
            found.setdefault(leaf.test, set()).add(float(leaf.probability))
    return {test: sorted(each) for test, each in found.items()}


def awarding_section(
    named: Sequence[NamedRule], given: Mapping[str, Delivered], language: str
) -> Section:
    """Return the section on whole rules, of those that ask for tests on this scale alone."""
    columns = [
        (_("Achievement"), 0),
        (_("Tests"), 0),
        (_("Accuracy"), 3),
        (_("its error"), 3),
        (_("Consistency"), 3),
        (_("Kappa"), 3),
        (_("Granted wrongly"), 3),
        (_("Refused wrongly"), 3),
    ]
    rows = [_row(each, _accuracy(each, given)) for each in named if _is_simulated(each, given)]
    left_out = [each.key for each in named if not _is_simulated(each, given)]
    table = a_table(columns, rows, language) if rows else None
    sentences = (*_sentences(rows, left_out),)
    return Section("awarding", _("How sure whole rules are"), sentences, table)


def _sentences(rows: Sequence[object], left_out: Sequence[str]) -> Iterator[str]:
    if rows:
        yield _(
            "From %(persons)s simulated learners, who take each test once, all with the same "
            "ability, supervised and identified as the rule asks. It is true of them where ability "
            "lies above the mark, and where the points that ability makes likely reach the per "
            "cent.",
            persons=PERSONS,
        )
    if left_out:
        yield _(
            "Not simulated, as they ask for more than tests of this bank that are on its scale and "
            "have been sat often enough: %(achievements)s.",
            achievements=", ".join(left_out),
        )
    if not rows and not left_out:
        yield _("No published achievement asks for a test of this bank.")


def _is_simulated(named: NamedRule, given: Mapping[str, Delivered]) -> bool:
    return all(
        isinstance(leaf, Score | Mastery)
        and leaf.test in given
        and (isinstance(leaf, Mastery) or given[leaf.test].design is None)
        for leaf in named.leaves
    )


def _row(named: NamedRule, found: RuleAccuracy) -> tuple[Cell | None, ...]:
    return (
        named.key,
        ", ".join(sorted(named.tests)),
        found.accuracy.value,
        found.accuracy.se,
        found.consistency.value,
        found.kappa.value,
        found.false_positive.value,
        found.false_negative.value,
    )


def _accuracy(named: NamedRule, given: Mapping[str, Delivered]) -> RuleAccuracy:
    own = {test: given[test] for test in sorted(named.tests)}
    people = max(own.values(), key=lambda each: each.persons).people

    def decide(taken: Mapping[str, NDArray[np.float64]]) -> NDArray[np.bool_]:
        return _granted(named.rule, taken)

    def truth(abilities: Mapping[str, NDArray[np.float64]]) -> NDArray[np.bool_]:
        return _granted(
            named.rule, {test: _true(own[test], theta) for test, theta in abilities.items()}
        )

    return itembank.rule_accuracy(
        {test: Taking(each, each.passing) for test, each in own.items()},
        decide,
        truth,
        mean=people.mean,
        sd=people.sd,
        n_persons=PERSONS,
        seed=SEED,
    )


def _true(of: Delivered, theta: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what sittings would be that left nothing to chance, as `Taking` does."""
    above = (theta >= of.passing.theta).astype(np.float64)
    share = np.zeros(theta.size) if of.design is not None else of.share_at(theta)
    right = np.round(share * _FINE)
    return np.column_stack([right, np.full(theta.size, _FINE), above, above, above])


def _granted(rule: Rule, taken: Mapping[str, NDArray[np.float64]]) -> NDArray[np.bool_]:
    """Return for each person whether the rule is met by what their sittings show."""
    persons = len(next(iter(taken.values())))
    found = [
        rules.evaluate(rule, _facts(taken, person), _WHEN.date()).verdict is rules.Verdict.MET
        for person in range(persons)
    ]
    return np.array(found, dtype=bool)


def _facts(taken: Mapping[str, NDArray[np.float64]], person: int) -> rules.Facts:
    return rules.Facts(tests=tuple(_fact(test, rows[person]) for test, rows in taken.items()))


def _fact(test: str, row: NDArray[np.float64]) -> rules.TestFact:
    right, asked, likely, lowest, highest = row.tolist()
    return rules.TestFact(
        evidence_id=test,
        test=test,
        test_version=1,
        points=Fraction(int(right)),
        possible=Fraction(int(asked)),
        occurred_on=_WHEN,
        mastery=likely,
        supervision=rules.Supervision.INVIGILATED,
        identity=rules.Identity.DOCUMENT,
        mastery_lowest=lowest,
        mastery_highest=highest,
    )
