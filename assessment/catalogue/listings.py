"""What an achievement's author says of it, and what every public listing must carry."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assessment.catalogue.models import AchievementKind, Mode
from assessment.errors import Invalid
from assessment.fields import checked_key, checked_wording, refusal, shown
from assessment.languages import LANGUAGES
from assessment.locale import gettext as _

OCCUPATION_CODE = re.compile(r"[0-9]{5}")
MOST_MINUTES = 60 * 24 * 366
MOST_CENTS = 100_000_000
MOST_CREDIT_HOURS = 200
MOST_MONTHS = 1200
MOST_APPEAL_DAYS = 365
LONGEST = {"course_code": 40, "grade_mode": 40, "place": 300}


@dataclass(frozen=True, kw_only=True)
class AchievementSpec:
    """An achievement as its author describes it; institutions are named by their keys.

    `rule` is JSON data of the rule language. What is None or empty and belongs to every listing
    is refused when it is published. `appeal_days` is how many days its learners may at least appeal
    rated work that counts towards it; None leaves that to the tasks.
    """

    key: str
    kind: AchievementKind
    title: Mapping[str, str]
    rule: Mapping[str, Any]
    summary: Mapping[str, str]
    description: Mapping[str, str]
    mode: Mode | None = None
    minutes: int | None = None
    cost_cents: int | None = None
    languages: tuple[str, ...] = ()
    place: str = ""
    authored_by: str | None = None
    assessed_by: str | None = None
    awarded_by: str | None = None
    occupations: tuple[str, ...] = ()
    competency_keys: tuple[str, ...] = ()
    framework: str | None = None
    framework_version: str | None = None
    course_code: str = ""
    credit_hours: float | None = None
    grade_mode: str = ""
    learner_chooses: bool = False
    valid_months: int | None = None
    appeal_days: int | None = None


def require_listing(spec: AchievementSpec) -> None:
    """Refuse a listing that lacks something or holds what cannot be, in a sentence."""
    missing = tuple(_missing(spec))
    if missing:
        sentence = _(
            "%(key)s cannot be published yet. It lacks: %(missing)s.",
            key=spec.key,
            missing=", ".join(missing),
        )
        raise Invalid(sentence)
    _check_words(spec)
    _check_figures(spec)


def _missing(spec: AchievementSpec) -> Iterator[str]:
    needs_place = spec.mode is not None and spec.mode is not Mode.ONLINE
    lacks = (
        (not spec.title, _("title")),
        (not spec.summary, _("summary")),
        (spec.mode is None, _("delivery mode (in person, hybrid, online)")),
        (spec.minutes is None, _("estimated time")),
        (spec.cost_cents is None, _("cost")),
        (not spec.languages, _("languages")),
        (needs_place and not spec.place.strip(), _("place")),
        (not spec.authored_by, _("the institution that authors it")),
        (not spec.assessed_by, _("the institution that assesses")),
        (not spec.awarded_by, _("the institution that awards")),
    )
    yield from (name for is_missing, name in lacks if is_missing)
    if spec.kind is AchievementKind.COURSE_CREDIT:
        yield from _missing_of_a_course(spec)


def _missing_of_a_course(spec: AchievementSpec) -> Iterator[str]:
    if not spec.course_code:
        yield _("course code")
    if spec.credit_hours is None:
        yield _("credit hours")
    if not spec.grade_mode:
        yield _("grade mode")


def _check_words(spec: AchievementSpec) -> None:
    checked_key(spec.key, "key")
    for name in ("title", "summary", "description"):
        if getattr(spec, name):
            checked_wording(getattr(spec, name), name)
    for name, longest in LONGEST.items():
        value = getattr(spec, name)
        if len(value) > longest or not value.isprintable():
            raise refusal(name, _("one line of at most %(n)s characters", n=longest), shown(value))
    unknown = set(spec.languages) - set(LANGUAGES)
    if unknown or len(set(spec.languages)) < len(spec.languages):
        allowed = _("different languages among %(names)s", names=", ".join(LANGUAGES))
        raise refusal("languages", allowed, ", ".join(map(str, spec.languages)))
    for code in spec.occupations:
        if not isinstance(code, str) or not OCCUPATION_CODE.fullmatch(code):
            raise refusal("occupations", _("codes of five digits, as text"), shown(code))


def _check_figures(spec: AchievementSpec) -> None:
    _check_whole("minutes", spec.minutes, 1, MOST_MINUTES)
    _check_whole("cost_cents", spec.cost_cents, 0, MOST_CENTS)
    _check_whole("valid_months", spec.valid_months, 1, MOST_MONTHS)
    _check_whole("appeal_days", spec.appeal_days, 1, MOST_APPEAL_DAYS)
    hours = spec.credit_hours
    if hours is not None and (isinstance(hours, bool) or not 0 < hours <= MOST_CREDIT_HOURS):
        allowed = _("a number above 0 and at most %(most)s", most=MOST_CREDIT_HOURS)
        raise refusal("credit_hours", allowed, shown(hours))


def _check_whole(name: str, value: object, least: int, most: int) -> None:
    if value is None:
        return
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        allowed = _("a whole number from %(least)s to %(most)s", least=least, most=most)
        raise refusal(name, allowed, shown(value))
