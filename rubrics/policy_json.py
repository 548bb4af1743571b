"""Policies as plain JSON, beside the rubric that they are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields

from itembank.faults import fault
from itembank.item_json import check_names, json_list, json_object
from rubrics.policy import Policy
from rubrics.rubric import Rubric

_FIELDS: Mapping[str, Field[object]] = {
    each.name: each for each in fields(Policy) if each.name != "rubric"
}
_OBJECTS = ("minima", "closeness_by")


def policy_to_json(policy: Policy) -> dict[str, object]:
    """Return a policy as a plain JSON object without its rubric; defaults are left out."""
    given = {name: _plain(getattr(policy, name)) for name in _FIELDS}
    if policy.criteria == tuple(each.key for each in policy.rubric.criteria):
        del given["criteria"]
    return {name: value for name, value in given.items() if value != _default(name)}


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: str(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, str) else value


def _default(name: str) -> object:
    default, factory = _FIELDS[name].default, _FIELDS[name].default_factory
    return _plain(factory() if factory is not MISSING else default)


def policy_from_json(data: object, rubric: Rubric, where: str = "") -> Policy:
    """Return the policy that a JSON object describes for a rubric; refuse any doubt."""
    given = json_object(data, "policy", where)
    check_names(given, frozenset(_FIELDS), "policy", where)
    settings = {name: value for name, value in given.items() if value is not None}
    if "required" not in settings:
        raise fault("required", "given", None, where)
    json_list(settings.get("criteria", []), "criteria", where)
    for name in _OBJECTS:
        json_object(settings.get(name, {}), name, where)
    return Policy(rubric=rubric, **settings)  # type: ignore[arg-type]  # names are checked above, values by Policy
