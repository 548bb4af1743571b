"""Reading a rule from JSON, strictly, and writing it back.

Everything that is not exactly the language is refused with the path to the fault: an unknown key, a
wrong type, a number that is not one, an empty list. A rule has at most `MAX_DEPTH` levels and
`MAX_NODES` nodes, so that hostile data costs nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from enum import Enum
from fractions import Fraction
from typing import Any, NoReturn, TypeVar

from assessment.rules.facts import Identity, Supervision
from assessment.rules.language import (
    Achieved,
    AllOf,
    AnyOf,
    AreaScore,
    AtLeast,
    Conditions,
    Credits,
    Held,
    Mastery,
    NoneOf,
    Recognised,
    RoleCount,
    RubricLevel,
    RubricShortfall,
    Rule,
    RuleError,
    Score,
    Weighted,
    pointer,
)

MAX_DEPTH = 20
MAX_NODES = 200
MAX_TEXT = 200_000
MAX_NAME = 200

_Word = TypeVar("_Word", bound=Enum)


def parse(data: object) -> Rule:
    """Return the rule that JSON data describes.

    Raises
    ------
    RuleError
        With the JSON pointer of the first fault.
    """
    return _Reading().rule(data, "", depth=1, vetoed=False)


def parse_text(text: str) -> Rule:
    """Return the rule that JSON text describes; a key given twice is refused.

    Raises
    ------
    RuleError
        With the JSON pointer of the first fault, or the empty one where the text is not JSON.
    """
    if len(text) > MAX_TEXT:
        _refuse("", "rule", f"at most {MAX_TEXT} characters", f"{len(text)} characters")
    try:
        data = json.loads(text, object_pairs_hook=_unrepeated)
    except json.JSONDecodeError as error:
        _refuse("", "rule", "JSON", f"{error.msg.lower()}, line {error.lineno}")
    except RuleError:
        raise
    except RecursionError:
        _refuse("", "rule", f"at most {MAX_DEPTH} levels deep", "many more")
    except ValueError:
        _refuse("", "rule", "JSON with numbers of a sensible length", "a longer one")
    return parse(data)


def to_json(rule: Rule) -> dict[str, Any]:
    """Return the JSON data of a rule, leaving out what is the default; `parse` reads it back."""
    match rule:
        case AllOf() | AnyOf() | NoneOf():
            return {rule.kind.value: [to_json(part) for part in rule.parts]}
        case AtLeast():
            return {"at_least": rule.number, "of": [to_json(part) for part in rule.parts]}
        case Weighted():
            pairs = zip(rule.parts, rule.weights, strict=True)
            weighted = [[to_json(part), _plain(weight)] for part, weight in pairs]
            return {"weighted": weighted, "percent": _plain(rule.percent)}
        case Score() | AreaScore() | Mastery():
            return _test_to_json(rule)
        case RubricLevel():
            return _rubric_to_json(rule)
        case _:
            return _single_to_json(rule)


def _test_to_json(rule: Score | AreaScore | Mastery) -> dict[str, Any]:
    data: dict[str, Any] = {"test": rule.test}
    match rule:
        case Score():
            data |= {"percent": _plain(rule.percent)}
        case AreaScore():
            data |= {"area": rule.area, "percent": _plain(rule.percent)}
            data |= {"items": rule.items} if rule.items != 1 else {}
        case Mastery():
            data |= {"mastery": _plain(rule.probability)}
    if rule.conditions.supervision is not Supervision.NONE:
        data["supervision"] = rule.conditions.supervision.value
    if rule.conditions.identity is not Identity.SELF:
        data["identity"] = rule.conditions.identity.value
    return data


def _rubric_to_json(rule: RubricLevel) -> dict[str, Any]:
    data: dict[str, Any] = {"rubric": rule.rubric, "level": rule.level}
    if rule.criterion is not None:
        data["criterion"] = rule.criterion
    if rule.raters != 1:
        data["raters"] = rule.raters
    if rule.including:
        data["including"] = {each.role: each.number for each in rule.including}
    if rule.occasions != 1:
        data["occasions"] = rule.occasions
    return data


def _single_to_json(
    rule: RubricShortfall | Achieved | Credits | Recognised | Held,
) -> dict[str, Any]:
    match rule:
        case RubricShortfall():
            return {"rubric": rule.rubric, "criterion": rule.criterion, "below": rule.below}
        case Achieved(within_months=None):
            return {"achievement": rule.achievement}
        case Achieved():
            return {"achievement": rule.achievement, "within_months": rule.within_months}
        case Credits():
            return {"credits": _plain(rule.credits), "from": list(rule.among)}
        case Recognised():
            return {"recognition": rule.recognition}
        case Held():
            return {"hold": rule.hold}


def _plain(number: Fraction) -> int | float:
    return int(number) if number.denominator == 1 else float(number)


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key, value in pairs:
        if key in data:
            _refuse("", key, "given once in each object", "it twice")
        data[key] = value
    return data


def _refuse(path: str, name: str, allowed: str, got: str) -> NoReturn:
    where = path or "the top of the rule"
    raise RuleError(path, f"`{_short(name)}` must be {allowed}; got {got} at {where}.")


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


def _shown(value: object) -> str:
    """Return a value as its author wrote it, in JSON, at a length fit for a sentence."""
    match value:
        case int() if value.bit_length() > 200:  # Python refuses to print the longest
            return "a number of too many digits"
        case None | bool() | int() | str():
            return _short(json.dumps(value, ensure_ascii=False))
        case float():
            return _short(json.dumps(value))
        case Mapping():
            return "an object"
        case list():
            return "an empty list" if not value else "a list"
    return f"a Python {type(value).__name__}"


class _Reading:
    """One reading of one rule: counts the nodes, and knows the constructs."""

    def __init__(self) -> None:
        self.nodes = 0
        self.constructs: dict[str, Callable[[_Fields, int, bool], Rule]] = {
            "all": lambda fields, depth, vetoed: AllOf(self.parts(fields, "all", depth, vetoed)),
            "any": lambda fields, depth, vetoed: AnyOf(self.parts(fields, "any", depth, vetoed)),
            "at_least": self.at_least,
            "weighted": self.weighted,
            "none": self.none,
            "test": lambda fields, depth, vetoed: _test(fields),
            "rubric": lambda fields, depth, vetoed: _rubric(fields, vetoed),
            "achievement": lambda fields, depth, vetoed: _achievement(fields),
            "credits": lambda fields, depth, vetoed: _credits(fields),
            "recognition": lambda fields, depth, vetoed: _recognition(fields),
            "hold": lambda fields, depth, vetoed: _hold(fields, vetoed),
        }

    def rule(self, data: object, path: str, depth: int, vetoed: bool) -> Rule:
        if depth > MAX_DEPTH:
            _refuse(path, "rule", f"at most {MAX_DEPTH} levels deep", "one more")
        self.nodes += 1
        if self.nodes > MAX_NODES:
            _refuse(path, "rule", f"at most {MAX_NODES} nodes", "one more")
        fields = _Fields(data, path)
        return self.constructs[fields.construct(tuple(self.constructs))](fields, depth, vetoed)

    def parts(self, fields: _Fields, key: str, depth: int, vetoed: bool) -> tuple[Rule, ...]:
        fields.allow(*(("at_least", "of") if key == "of" else (key,)))
        return tuple(
            self.rule(part, pointer(fields.path, key, index), depth + 1, vetoed)
            for index, part in enumerate(fields.several(key))
        )

    def at_least(self, fields: _Fields, depth: int, vetoed: bool) -> Rule:
        parts = self.parts(fields, "of", depth, vetoed)
        return AtLeast(fields.whole("at_least", most=len(parts)), parts)

    def weighted(self, fields: _Fields, depth: int, vetoed: bool) -> Rule:
        fields.allow("weighted", "percent")
        pairs = [
            _Pair(pair, pointer(fields.path, "weighted", index))
            for index, pair in enumerate(fields.several("weighted"))
        ]
        parts = [self.rule(pair.part, pair.path + "/0", depth + 1, vetoed) for pair in pairs]
        weights = tuple(pair.weight for pair in pairs)
        return Weighted(tuple(parts), weights, fields.number("percent", most=100))

    def none(self, fields: _Fields, depth: int, vetoed: bool) -> Rule:
        if vetoed:
            fields.refuse("none", "outside any other `none`", "a veto of a veto")
        return NoneOf(self.parts(fields, "none", depth, vetoed=True))


class _Pair:
    """A part of a ``weighted`` and its weight."""

    def __init__(self, data: object, path: str) -> None:
        if not isinstance(data, list) or len(data) != 2:
            _refuse(path, "weighted", "pairs [rule, weight]", _shown(data))
        self.path = path
        self.part = data[0]
        self.weight = _number(data[1], path + "/1", "weight", 1_000_000)


class _Fields:
    """The keys and values of one node, read with the checks of the language."""

    def __init__(self, data: object, path: str) -> None:
        if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
            _refuse(path, "rule", "an object with text keys", _shown(data))
        self.data: dict[str, object] = data
        self.path = path

    def refuse(self, name: str, allowed: str, got: str) -> NoReturn:
        _refuse(pointer(self.path, name), name, allowed, got)

    def construct(self, heads: tuple[str, ...]) -> str:
        named = [head for head in heads if head in self.data]
        if len(named) != 1:
            got = " and ".join(f"`{name}`" for name in named) or _keys(self.data)
            _refuse(self.path, "rule", f"an object with one of {', '.join(heads)}", got)
        return named[0]

    def allow(self, *keys: str) -> None:
        for key in self.data:
            if key not in keys:
                self.refuse(key, f"left out: the keys here are {', '.join(keys)}", "it")

    def value(self, key: str, allowed: str) -> object:
        if key not in self.data:
            _refuse(self.path, key, allowed, "nothing")
        return self.data[key]

    def several(self, key: str) -> list[object]:
        allowed = "a list with at least one part"
        value = self.value(key, allowed)
        if not isinstance(value, list) or not value:
            self.refuse(key, allowed, _shown(value))
        return value

    def name(self, key: str) -> str:
        return _name(self.value(key, _NAME), pointer(self.path, key), key)

    def number(self, key: str, most: int, below: bool = False) -> Fraction:
        value = self.value(key, _range(most, below))
        return _number(value, pointer(self.path, key), key, most, below)

    def whole(self, key: str, most: int, default: int | None = None) -> int:
        if key not in self.data and default is not None:
            return default
        value = self.value(key, _whole(most))
        return _whole_number(value, pointer(self.path, key), key, most)

    def word(self, key: str, words: type[_Word], default: _Word) -> _Word:
        value = self.data.get(key, default.value)
        for word in words:
            if word.value == value:
                return word
        allowed = "one of " + ", ".join(repr(word.value) for word in words)
        self.refuse(key, allowed, _shown(value))


_NAME = f"printable text of 1 to {MAX_NAME} characters"


def _keys(data: Mapping[str, object]) -> str:
    return ", ".join(f"`{_short(key)}`" for key in list(data)[:5]) or "an empty object"


def _name(value: object, path: str, name: str) -> str:
    sound = isinstance(value, str) and value.isprintable() and 0 < len(value.strip()) <= MAX_NAME
    if not sound or not isinstance(value, str):
        _refuse(path, name, _NAME, _shown(value))
    return value


def _range(most: int, below: bool) -> str:
    return f"a number above 0 and {'below' if below else 'at most'} {most}"


def _number(value: object, path: str, name: str, most: int, below: bool = False) -> Fraction:
    """Return the exact decimal that was written: 0.1 is one tenth, not its nearest float."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        _refuse(path, name, _range(most, below), _shown(value))
    if not 0 < value <= most or (below and value == most):  # NaN is in no range
        _refuse(path, name, _range(most, below), _shown(value))
    return Fraction(repr(value))


def _whole(most: int) -> str:
    return f"a whole number from 1 to {most}"


def _whole_number(value: object, path: str, name: str, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        _refuse(path, name, _whole(most), _shown(value))
    return value


def _test(fields: _Fields) -> Rule:
    conditions = Conditions(
        fields.word("supervision", Supervision, Supervision.NONE),
        fields.word("identity", Identity, Identity.SELF),
    )
    if "mastery" in fields.data:
        fields.allow("test", "mastery", "supervision", "identity")
        return Mastery(fields.name("test"), fields.number("mastery", 1, below=True), conditions)
    if "area" not in fields.data:
        fields.allow("test", "percent", "supervision", "identity")
        return Score(fields.name("test"), fields.number("percent", 100), conditions)
    fields.allow("test", "area", "percent", "items", "supervision", "identity")
    percent, items = fields.number("percent", 100), fields.whole("items", 10_000, default=1)
    return AreaScore(fields.name("test"), fields.name("area"), percent, items, conditions)


def _rubric(fields: _Fields, vetoed: bool) -> Rule:
    if "below" in fields.data:
        return _shortfall(fields, vetoed)
    fields.allow("rubric", "level", "criterion", "raters", "including", "occasions")
    return RubricLevel(
        fields.name("rubric"),
        fields.name("level"),
        criterion=fields.name("criterion") if "criterion" in fields.data else None,
        raters=fields.whole("raters", 100, default=1),
        including=_roles(fields) if "including" in fields.data else (),
        occasions=fields.whole("occasions", 100, default=1),
    )


def _shortfall(fields: _Fields, vetoed: bool) -> Rule:
    if not vetoed:
        fields.refuse("below", "inside a `none`", "it elsewhere")
    fields.allow("rubric", "criterion", "below")
    return RubricShortfall(fields.name("rubric"), fields.name("criterion"), fields.name("below"))


def _roles(fields: _Fields) -> tuple[RoleCount, ...]:
    """Return the roles in alphabetical order, so that the order of writing never matters."""
    value = fields.data["including"]
    if not isinstance(value, dict) or not value:
        fields.refuse("including", 'an object such as {"observer": 1}', _shown(value))
    path = pointer(fields.path, "including")
    roles = [_name(role, path, "including") for role in value]
    return tuple(
        RoleCount(role, _whole_number(value[role], pointer(path, role), role, 100))
        for role in sorted(roles)
    )


def _achievement(fields: _Fields) -> Rule:
    fields.allow("achievement", "within_months")
    limited = "within_months" in fields.data
    months = fields.whole("within_months", 1200) if limited else None
    return Achieved(fields.name("achievement"), months)


def _credits(fields: _Fields) -> Rule:
    fields.allow("credits", "from")
    path = pointer(fields.path, "from")
    among = tuple(
        _name(key, pointer(path, index), "from") for index, key in enumerate(fields.several("from"))
    )
    for index, key in enumerate(among):
        if key in among[:index]:
            _refuse(pointer(path, index), "from", "achievements named once each", _shown(key))
    return Credits(fields.number("credits", 10_000), among)


def _recognition(fields: _Fields) -> Rule:
    fields.allow("recognition")
    return Recognised(fields.name("recognition"))


def _hold(fields: _Fields, vetoed: bool) -> Rule:
    fields.allow("hold")
    if not vetoed:
        fields.refuse("hold", "inside a `none`", "it elsewhere")
    return Held(fields.name("hold"))
