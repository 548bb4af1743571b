"""Facts and rules for tests, by hand and by hypothesis, over one small vocabulary."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from assessment.rules import (
    AbilityFact,
    AchievementFact,
    AreaFact,
    Basis,
    CriterionFact,
    Facts,
    HoldFact,
    Identity,
    Missing,
    RecognitionFact,
    RubricFact,
    Rule,
    Supervision,
    TestFact,
    parse,
)
from assessment.rules.language import (
    Achieved,
    AreaScore,
    Credits,
    Held,
    Mastery,
    Recognised,
    RubricLevel,
    RubricShortfall,
    Score,
)

ON = date(2025, 5, 3)
AT = datetime(2025, 5, 3, 14, 0, tzinfo=UTC)
LEVELS = ("novice", "proficient", "expert")
TESTS, AREAS, ACHIEVEMENTS = ("pre", "post"), ("hazards", "tools"), ("theory", "practice", "first")
ROLES = ("assessor", "observer")


def sat(evidence_id: str = "e1", test: str = "post", score: Any = 80, **rest: Any) -> TestFact:
    """Return a sitting scored out of 100."""
    options: dict[str, Any] = {"test_version": 1, "possible": 100, "occurred_on": AT}
    return TestFact(evidence_id, test, points=score, **(options | rest))


def measured(probability: float, *, within: float = 0.02, **rest: Any) -> TestFact:
    """Return a sitting that measured ability, sure to `probability`, give or take `within`."""
    ability = AbilityFact(theta=0.62, se=0.31, mark=0.1, mark_se=0.05, scale=2, simulated=True)
    options: dict[str, Any] = {
        "mastery": probability,
        "mastery_lowest": round(probability - within, 6),
        "mastery_highest": round(probability + within, 6),
        "basis": Basis.ITEM_RESPONSE,
        "ability": ability,
    }
    return sat(**(options | rest))


def shown(evidence_id: str = "p1", level: str = "proficient", **rest: Any) -> RubricFact:
    """Return a rated performance of the rubric "task"."""
    options: dict[str, Any] = {"raters": 1, "occurred_on": AT, "levels": LEVELS, "version": 1}
    return RubricFact(evidence_id, "task", level=level, **(options | rest))


def safety(level: str, levels: tuple[str, ...] = LEVELS) -> dict[str, CriterionFact]:
    """Return the level of the criterion "safety"."""
    return {"safety": CriterionFact(level, levels)}


_scored = st.integers(0, 20).flatmap(
    lambda possible: st.builds(
        AreaFact, st.integers(-1, possible), st.just(possible), st.integers(0, possible)
    )
)
_times = st.integers(-900, 0).map(lambda days: AT + timedelta(days=days))
_days = st.integers(-900, 30).map(lambda days: ON + timedelta(days=days))
_shares = st.integers(0, 1000).map(lambda n: n / 1000)

_abilities = st.builds(
    AbilityFact,
    theta=st.floats(-6, 6),
    se=st.floats(0, 3),
    mark=st.floats(-3, 3),
    mark_se=st.floats(0, 1),
    scale=st.integers(1, 9),
    simulated=st.booleans(),
    judged=st.booleans(),
)
_tests = st.builds(
    TestFact,
    evidence_id=st.just(""),
    test=st.sampled_from(TESTS),
    test_version=st.integers(1, 2),
    points=st.integers(0, 30) | st.integers(0, 60).map(lambda n: Fraction(n, 3)),
    possible=st.integers(0, 30),
    occurred_on=_times,
    areas=st.dictionaries(st.sampled_from(AREAS), _scored),
    mastery=st.none() | _shares,
    mastery_lowest=st.none() | _shares,
    mastery_highest=st.none() | _shares,
    basis=st.none() | st.sampled_from(Basis),
    ability=st.none() | _abilities,
    supervision=st.sampled_from(Supervision),
    identity=st.sampled_from(Identity),
)
_criteria: st.SearchStrategy[dict[str, CriterionFact]] = st.sampled_from(LEVELS).map(
    safety
) | st.just({})
_rubrics = st.builds(
    RubricFact,
    evidence_id=st.just(""),
    rubric=st.just("task"),
    version=st.integers(1, 2),
    level=st.sampled_from(LEVELS),
    levels=st.just(LEVELS),
    raters=st.integers(0, 3),
    occurred_on=_times,
    by_role=st.dictionaries(st.sampled_from(ROLES), st.integers(0, 2)),
    occasions=st.lists(st.sampled_from(("mon", "tue", "wed")), max_size=2).map(tuple),
    criteria=_criteria,
)
_achievements = st.builds(
    AchievementFact,
    evidence_id=st.just(""),
    key=st.sampled_from(ACHIEVEMENTS),
    awarded_on=_days,
    credit_hours=st.integers(0, 6) | st.sampled_from([Fraction(3, 2)]),
)
_recognitions = st.builds(RecognitionFact, st.just(""), st.just("ticket"), _days)
_holds = st.builds(HoldFact, st.just(""), st.just("integrity"), _days)


def _several(kind: str, each: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """Return up to four facts, each with an id of its own."""
    return st.lists(each, max_size=4).map(
        lambda found: tuple(
            replace(fact, evidence_id=f"{kind}{index}") for index, fact in enumerate(found)
        )
    )


def facts_with(mark: str = "") -> st.SearchStrategy[Facts]:
    """Return facts whose evidence ids carry a mark."""
    return st.builds(
        Facts,
        _several(mark + "t", _tests),
        _several(mark + "p", _rubrics),
        _several(mark + "a", _achievements),
        _several(mark + "r", _recognitions),
        _several(mark + "h", _holds),
    )


def joined(first: Facts, second: Facts) -> Facts:
    """Return both facts together."""
    return Facts(
        first.tests + second.tests,
        first.rubrics + second.rubrics,
        first.achievements + second.achievements,
        first.recognitions + second.recognitions,
        first.holds + second.holds,
    )


_percents = st.integers(1, 100) | st.integers(1, 1000).map(lambda n: n / 10)
_conditions = st.fixed_dictionaries(
    {},
    optional={
        "supervision": st.sampled_from([each.value for each in Supervision]),
        "identity": st.sampled_from([each.value for each in Identity]),
    },
)
_score = st.fixed_dictionaries({"test": st.sampled_from(TESTS), "percent": _percents})
_area = st.fixed_dictionaries(
    {
        "test": st.sampled_from(TESTS),
        "area": st.sampled_from(AREAS),
        "percent": _percents,
        "items": st.integers(1, 12),
    }
)
_mastery = st.fixed_dictionaries(
    {"test": st.sampled_from(TESTS), "mastery": st.integers(1, 99).map(lambda n: n / 100)}
)
_sittings = st.builds(lambda leaf, asks: leaf | asks, _score | _area | _mastery, _conditions)
_levels = st.fixed_dictionaries(
    {"rubric": st.just("task"), "level": st.sampled_from(LEVELS)},
    optional={
        "criterion": st.just("safety"),
        "raters": st.integers(1, 3),
        "including": st.dictionaries(st.sampled_from(ROLES), st.integers(1, 2), min_size=1),
        "occasions": st.integers(1, 3),
    },
)
_awards = st.fixed_dictionaries(
    {"achievement": st.sampled_from(ACHIEVEMENTS)},
    optional={"within_months": st.integers(1, 30)},
)
_credits = st.fixed_dictionaries(
    {
        "credits": st.integers(1, 12) | st.just(1.5),
        "from": st.lists(st.sampled_from(ACHIEVEMENTS), min_size=1, max_size=3, unique=True),
    }
)
_leaves = _sittings | _levels | _awards | _credits | st.just({"recognition": "ticket"})
_veto_leaves = st.just({"hold": "integrity"}) | st.sampled_from(LEVELS).map(
    lambda level: {"rubric": "task", "criterion": "safety", "below": level}
)


def _joints(part: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    several = st.lists(part, min_size=1, max_size=3)
    pairs = st.lists(
        st.tuples(part, st.integers(1, 5) | st.just(0.5)).map(list), min_size=1, max_size=3
    )
    return (
        several.map(lambda of: {"all": of})
        | several.map(lambda of: {"any": of})
        | several.flatmap(
            lambda of: st.integers(1, len(of)).map(lambda n: {"at_least": n, "of": of})
        )
        | st.builds(lambda of, percent: {"weighted": of, "percent": percent}, pairs, _percents)
    )


positive = st.recursive(_leaves, _joints, max_leaves=8)
"""Rule data without a veto."""

_vetoes = st.recursive(_veto_leaves, _joints, max_leaves=4)
vetoed = st.recursive(
    _leaves | st.lists(_vetoes, min_size=1, max_size=2).map(lambda of: {"none": of}),
    _joints,
    max_leaves=8,
)
"""Rule data with vetoes by holds and safety."""

anything = st.recursive(
    _leaves | st.lists(positive | _vetoes, min_size=1, max_size=2).map(lambda of: {"none": of}),
    _joints,
    max_leaves=8,
)
"""Rule data with vetoes by anything."""

rules: st.SearchStrategy[Rule] = anything.map(parse)


def supply(facts: Facts, missing: Missing, mark: str, on: date = ON) -> Facts:
    """Return the facts with what was missing supplied; a veto's hold is lifted."""
    match missing.rule:
        case Score() | AreaScore() | Mastery():
            return replace(facts, tests=(*facts.tests, _new_sitting(missing.rule, mark)))
        case RubricLevel():
            return replace(facts, rubrics=(*facts.rubrics, _new_performance(missing.rule, mark)))
        case RubricShortfall():
            again = shown(mark, criteria=safety("expert"), occurred_on=AT + timedelta(days=1))
            return replace(facts, rubrics=(*facts.rubrics, again))
        case Achieved(achievement=key):
            return facts.with_achievement(AchievementFact(mark, key, on))
        case Credits(credits=needed, among=among):
            return facts.with_achievement(AchievementFact(mark, among[0], on, needed))
        case Recognised(recognition=key):
            recognised = (*facts.recognitions, RecognitionFact(mark, key, on))
            return replace(facts, recognitions=recognised)
        case Held():
            lifted = {used.evidence_id for used in missing.standing}
            left = tuple(each for each in facts.holds if each.evidence_id not in lifted)
            return replace(facts, holds=left)


def _new_sitting(leaf: Score | AreaScore | Mastery, mark: str) -> TestFact:
    """Return a sitting that meets the leaf with nothing to spare."""
    percent = leaf.percent if isinstance(leaf, Score) else Fraction(0)
    areas = {}
    if isinstance(leaf, AreaScore):
        areas = {leaf.area: AreaFact(leaf.percent, 100, leaf.items)}
    return TestFact(
        mark,
        leaf.test,
        test_version=9,
        points=percent,
        possible=100,
        occurred_on=AT,
        areas=areas,
        mastery=float(leaf.probability) if isinstance(leaf, Mastery) else None,
        supervision=leaf.conditions.supervision,
        identity=leaf.conditions.identity,
    )


def _new_performance(leaf: RubricLevel, mark: str) -> RubricFact:
    """Return a performance on as many new occasions as the leaf needs, safe for certain."""
    return RubricFact(
        mark,
        leaf.rubric,
        version=9,
        level=leaf.level,
        levels=LEVELS,
        raters=leaf.raters,
        occurred_on=AT + timedelta(days=1),
        by_role={each.role: each.number for each in leaf.including},
        occasions=tuple(f"{mark} {n}" for n in range(leaf.occasions)),
        criteria=safety("expert"),
    )


class Titles:
    """Titles that show where they came from, as "test post"."""

    def test(self, key: str) -> str:
        return f"test {key}"

    def area(self, test: str, key: str) -> str:
        return f"area {test}/{key}"

    def rubric(self, key: str) -> str:
        return f"rubric {key}"

    def criterion(self, rubric: str, key: str) -> str:
        return f"criterion {rubric}/{key}"

    def level(self, rubric: str, criterion: str | None, key: str) -> str:
        return f"{key} of {rubric}" if criterion is None else f"{key} of {rubric}/{criterion}"

    def role(self, key: str) -> str:
        return f"role {key}"

    def achievement(self, key: str) -> str:
        return f"award {key}"

    def recognition(self, key: str) -> str:
        return f"outside {key}"

    def hold(self, kind: str) -> str:
        return f"hold {kind}"


def english(message: str, /, **values: object) -> str:
    """Return a message with its placeholders filled, untranslated."""
    return message % values if values else message


def english_plural(one: str, many: str, number: int, /, **values: object) -> str:
    """Return the message for a number with its placeholders filled, untranslated."""
    return (one if number == 1 else many) % {"num": number, **values}


def per_cent(number: float) -> str:
    """Return a per cent in full."""
    return f"{number} %"


VOICE: dict[str, Any] = {
    "names": Titles(),
    "gettext": english,
    "ngettext": english_plural,
    "format_percent": per_cent,
}
