"""A task as its author describes it: as data, and as the JSON of docs/performances.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assessment.fields import Fields, refusal, shown
from assessment.locale import gettext as _
from assessment.performances.handling import Handling, handling_from_json

_KNOWN = (
    *("key", "rubric", "institution", "title", "brief"),
    *("competencies", "languages", "policy", "handling"),
)
_POLICY = (
    *("required", "decision", "minima", "raters", "closeness", "closeness_by"),
    *("tie", "third_rater", "observers", "safety_observers", "occasions"),
)


@dataclass(frozen=True, kw_only=True)
class TaskSpec:
    """A task before it is published.

    `rubric` is the key of a published rubric, whose current version the task then keeps; `policy`
    is what `rubrics.Policy` is made from, `handling` how the work is dealt with. `institution` is
    the key of who assesses; None is whose rubric it is.
    """

    key: str
    rubric: str
    title: Mapping[str, str]
    brief: Mapping[str, str]
    languages: tuple[str, ...]
    policy: Mapping[str, Any]
    competencies: tuple[str, ...] = ()
    institution: str | None = None
    handling: Handling = field(default_factory=Handling)


def task_from_json(data: object) -> TaskSpec:
    """Return the task that JSON data describes; Invalid names the first fault and its place."""
    fields = Fields(data, "", _KNOWN)
    policy = Fields(fields.data.get("policy"), "policy", _POLICY)
    if not policy.given("required"):
        raise refusal(policy.place("required"), _("given"), "null")
    return TaskSpec(
        key=fields.key("key"),
        rubric=fields.key("rubric"),
        institution=fields.optional_key("institution"),
        title=fields.wording("title"),
        brief=fields.wording("brief"),
        languages=fields.keys("languages"),
        policy={name: value for name, value in policy.data.items() if value is not None},
        competencies=fields.keys("competencies"),
        handling=handling_from_json(fields.data.get("handling") or {}),
    )


def check_languages(spec: TaskSpec, of_rubric: frozenset[str]) -> None:
    """Refuse a task that is not complete, with its rubric, in every language that it names."""
    if not spec.languages:
        raise refusal("languages", _("one language or more"), _("nothing"))
    for language in spec.languages:
        for name, words in (("title", spec.title), ("brief", spec.brief)):
            if language not in words:
                allowed = _("given in every language of the task")
                raise refusal(f"{name}.{language}", allowed, _("nothing"))
        if language not in of_rubric:
            allowed = _("languages in which the rubric is complete")
            raise refusal("languages", allowed, shown(language))
