"""What rules may name, what it is called, and the rules of all that is published."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from flask_babel import format_decimal
from sqlalchemy import select

from assessment import rules
from assessment.catalogue.measures import current_measures
from assessment.catalogue.models import Achievement, AchievementVersion, Measure, MeasureKind
from assessment.errors import Invalid
from assessment.extensions import db
from assessment.languages import wording
from assessment.locale import gettext as _
from assessment.locale import language, ngettext
from assessment.rules.language import AreaScore, Score

parsed = lru_cache(maxsize=2048)(rules.parse_text)
"""The rule of a published text, which never changes: read once per process."""


def checked_rule(data: object, *, achievement: str | None = None) -> rules.Rule:
    """Return the rule that data describes; Invalid names the first fault and its path.

    `achievement` is the key of the achievement that it is to grant, None for what opens a test.
    """
    try:
        rule = rules.parse(data)
        graph = {key: other for key, other in rule_graph().items() if key != achievement}
        rules.validate(rule, measures(), achievement=achievement, graph=graph)
    except rules.RuleError as fault:
        sentence = _("The rule cannot be used: %(fault)s", fault=fault.sentence)
        raise Invalid(sentence, path=fault.path) from None
    return rule


def rule_text(rule: rules.Rule) -> str:
    """Return a rule as canonical JSON text, as versions and tests keep it."""
    data = rules.to_json(rule)
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def rule_graph() -> dict[str, rules.Rule]:
    """Return the rule of every published achievement, by key."""
    query = (
        select(Achievement.key, AchievementVersion.rule)
        .join(AchievementVersion)
        .where(AchievementVersion.version == Achievement.current_version)
    )
    return {key: parsed(text) for key, text in db.session.execute(query)}


def includes_performance(rule: rules.Rule) -> bool:
    """Return whether a rule asks for work that is seen, itself or in what it builds on."""
    return bool(rubrics_named_by(rule))


def rubrics_named_by(rule: rules.Rule) -> frozenset[str]:
    """Return the keys of the rubrics that a rule asks for, itself or in what it builds on."""
    graph, found = rule_graph(), set[str]()
    waiting, visited = [rule], set[str]()
    while waiting:
        named = rules.references(waiting.pop())
        found |= {each.key for each in named.rubrics}
        fresh = {each.key for each in named.achievements} - visited
        visited |= fresh
        waiting += [graph[key] for key in fresh if key in graph]
    return frozenset(found)


def measures() -> rules.Measures:
    """Return everything that a rule may name now."""
    current = current_measures()
    return rules.Measures(
        tests={each.key: _counts(each) for each in _of(current, MeasureKind.TEST)},
        rubrics={each.key: _rubric(each) for each in _of(current, MeasureKind.RUBRIC)},
        achievements=_credit_hours(),
        recognitions=[each.key for each in _of(current, MeasureKind.RECOGNITION)],
        adaptive={each.key for each in current if each.adaptive},
    )


def require_no_percentage(test_key: str) -> None:
    """Refuse that a test becomes adaptive while a rule in force asks a percentage of it."""
    asking = [key for key, rule in rule_graph().items() if _asks_percentage(rule, test_key)]
    asking += [
        each.key
        for each in current_measures()
        if each.opens_when and _asks_percentage(parsed(each.opens_when), test_key)
    ]
    if asking:
        sentence = _(
            "An adaptive test gives no percentage, and these rules ask one of %(test)s: %(keys)s."
            " Publish them first with a mastery leaf, or give the adaptive test a key of its own.",
            test=test_key,
            keys=", ".join(sorted(set(asking))),
        )
        raise Invalid(sentence)


def _asks_percentage(rule: rules.Rule, test_key: str) -> bool:
    return any(
        isinstance(node.rule, Score | AreaScore) and node.rule.test == test_key
        for node in rules.walk(rule)
    )


def _of(current: Iterable[Measure], kind: MeasureKind) -> list[Measure]:
    return [measure for measure in current if measure.kind == kind]


def _counts(measure: Measure) -> dict[str, int]:
    return {area["key"]: area["count"] for area in measure.areas}


def _rubric(measure: Measure) -> rules.RubricMeasure:
    levels = _keys(measure.levels)
    criteria = {area["key"]: _keys(area["levels"]) or levels for area in measure.areas}
    return rules.RubricMeasure(levels, criteria)


def _keys(levels: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(level["key"] for level in levels)


def _credit_hours() -> dict[str, Decimal]:
    query = (
        select(Achievement.key, AchievementVersion.credit_hours)
        .join(AchievementVersion)
        .where(AchievementVersion.version == Achievement.current_version)
    )
    return {key: Decimal(str(hours or 0)) for key, hours in db.session.execute(query)}


@dataclass(frozen=True)
class MeasureNames:
    """The titles of what rules name, in one language; what has no title is shown by its key."""

    measures: Mapping[tuple[str, str], Measure]
    achievements: Mapping[str, Mapping[str, str]]
    language: str

    def test(self, key: str) -> str:
        """Return the title of a test."""
        return self._title(MeasureKind.TEST, key)

    def area(self, test: str, key: str) -> str:
        """Return the title of an area of a test."""
        return self._part(MeasureKind.TEST, test, key)

    def rubric(self, key: str) -> str:
        """Return the title of a rubric."""
        return self._title(MeasureKind.RUBRIC, key)

    def criterion(self, rubric: str, key: str) -> str:
        """Return the title of a criterion of a rubric."""
        return self._part(MeasureKind.RUBRIC, rubric, key)

    def level(self, rubric: str, criterion: str | None, key: str) -> str:
        """Return the title of a level of a rubric, or of one of its criteria."""
        measure = self.measures.get((MeasureKind.RUBRIC, rubric))
        if measure is None:
            return key
        own = [area["levels"] for area in measure.areas if area["key"] == criterion]
        levels = (own[0] if own else None) or measure.levels
        return self._among(levels, key)

    def role(self, key: str) -> str:
        """Return the name of a rater's role."""
        names = {
            "assessor": _("assessor"),
            "observer": _("observer"),
            "adjudicator": _("adjudicator"),
        }
        return names.get(key, key)

    def achievement(self, key: str) -> str:
        """Return the title of an achievement."""
        return wording(self.achievements.get(key, {}), self.language) or key

    def recognition(self, key: str) -> str:
        """Return the title of an outside credential."""
        return self._title(MeasureKind.RECOGNITION, key)

    def hold(self, kind: str) -> str:
        """Return the name of a kind of hold."""
        return {"integrity": _("integrity")}.get(kind, kind)

    def _title(self, kind: MeasureKind, key: str) -> str:
        measure = self.measures.get((kind, key))
        return wording(measure.title, self.language) if measure else key

    def _part(self, kind: MeasureKind, owner: str, key: str) -> str:
        measure = self.measures.get((kind, owner))
        return self._among(measure.areas, key) if measure else key

    def _among(self, entries: Iterable[Mapping[str, Any]], key: str) -> str:
        for entry in entries:
            if entry["key"] == key:
                return wording(entry["title"], self.language)
        return key


def rule_names() -> MeasureNames:
    """Return what rules name, called by its title in the page's language."""
    titles = (
        select(Achievement.key, AchievementVersion.title)
        .join(AchievementVersion)
        .where(AchievementVersion.version == Achievement.current_version)
    )
    return MeasureNames(
        measures={(each.kind, each.key): each for each in current_measures()},
        achievements={key: title for key, title in db.session.execute(titles)},  # noqa: C416 - a Row is no pair to mypy
        language=language(),
    )


def requirement(rule: rules.Rule, names: rules.Names | None = None) -> rules.Requirement:
    """Return a rule as sentences in the page's language."""
    return rules.requirement(
        rule,
        names=names or rule_names(),
        gettext=_,
        ngettext=ngettext,
        format_percent=exact_percent,
    )


def exact_percent(value: float) -> str:
    """Return a per cent in full: 79.96 is never shown as 80."""
    return f"{format_decimal(value, format='#,##0.######')}\N{NO-BREAK SPACE}%"
