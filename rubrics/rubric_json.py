"""Rubrics as plain JSON: how they are stored, exchanged and told apart from their versions."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from itembank.faults import fault
from itembank.item_json import canonical_json, check_names, json_list, json_object
from rubrics.rubric import Criterion, Level, Rubric

_RUBRIC = frozenset(("key", "version", "title", "levels", "criteria"))
_LEVEL = frozenset(("key", "title", "points"))
_CRITERION = frozenset(
    ("key", "title", "descriptors", "weight", "safety_level", "observers_may_rate")
)


def rubric_digest(rubric: Rubric) -> str:
    """Return the SHA-256 of all that makes a version of a rubric, as 64 hexadecimal digits.

    The number of the version is no part of it, so that what is published unchanged is seen to be.
    """
    content = rubric_to_json(rubric)
    del content["version"]
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def rubric_to_json(rubric: Rubric) -> dict[str, object]:
    """Return a rubric as a plain JSON object, in the native format; defaults are left out."""
    return {
        "key": rubric.key,
        "version": rubric.version,
        "title": dict(rubric.title),
        "levels": [_level_to_json(level) for level in rubric.levels],
        "criteria": [_criterion_to_json(each) for each in rubric.criteria],
    }


def _level_to_json(level: Level) -> dict[str, object]:
    return {"key": level.key, "title": dict(level.title), "points": level.points}


def _criterion_to_json(criterion: Criterion) -> dict[str, object]:
    data: dict[str, object] = {
        "key": criterion.key,
        "title": dict(criterion.title),
        "descriptors": {level: dict(words) for level, words in criterion.descriptors.items()},
    }
    if criterion.weight != 1:
        data["weight"] = criterion.weight
    if criterion.is_safety_critical:
        data["safety_level"] = criterion.safety_level
    if not criterion.observers_may_rate:
        data["observers_may_rate"] = False
    return data


def rubric_from_json(data: object, where: str = "") -> Rubric:
    """Return the rubric that a JSON object of the native format describes; refuse any doubt."""
    fields = _fields(data, "rubric", _RUBRIC, ("key", "title", "levels", "criteria"), where)
    where = where or str(fields["key"])
    levels = json_list(fields["levels"], "levels", where)
    criteria = json_list(fields["criteria"], "criteria", where)
    made: dict[str, object] = {
        "levels": tuple(_level(each, f"{where}.levels[{n}]") for n, each in enumerate(levels)),
        "criteria": tuple(
            _criterion(each, f"{where}.criteria[{n}]") for n, each in enumerate(criteria)
        ),
    }
    return Rubric(**(dict(fields) | made))  # type: ignore[arg-type]  # names are checked above, values by Rubric


def _level(data: object, where: str) -> Level:
    fields = _fields(data, "level", _LEVEL, ("key", "title", "points"), where)
    return Level(**fields)  # type: ignore[arg-type]  # names are checked above, values by Level


def _criterion(data: object, where: str) -> Criterion:
    fields = _fields(data, "criterion", _CRITERION, ("key", "title", "descriptors"), where)
    descriptors = json_object(fields["descriptors"], "descriptors", where)
    for level, words in descriptors.items():
        json_object(words, f"descriptors.{level}", where)
    safety_level = fields.get("safety_level", "")
    if not isinstance(safety_level, str):
        raise fault("safety_level", "the key of a level", safety_level, where)
    return Criterion(**fields)  # type: ignore[arg-type]  # names are checked above, values by Criterion


def _fields(
    data: object, argument: str, known: frozenset[str], required: tuple[str, ...], where: str
) -> Mapping[str, object]:
    fields = json_object(data, argument, where)
    where = where or str(fields.get("key") or "")
    check_names(fields, known, argument, where)
    for name in required:
        if fields.get(name) is None:
            raise fault(name, "given", None, where)
    json_object(fields["title"], "title", where)
    return {name: value for name, value in fields.items() if value is not None}
