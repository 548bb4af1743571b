"""A test as its author describes it: as data, and as the JSON that docs/tests.md describes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assessment.errors import Invalid
from assessment.fields import Fields, checked_key, refusal, shown
from assessment.items.adaptivity import Adaptivity, read_adaptivity
from assessment.items.models import TestMode
from assessment.items.parallels import Parallels, read_parallels
from assessment.locale import gettext as _

ONE_OF_EACH = "one of each"
MOST_PERCENT = 100
MOST_MINUTES = 60 * 24
MOST_ATTEMPTS = 1000
MOST_DAYS = 3660

_KNOWN = (
    *("key", "bank", "institution", "title", "purpose", "mode", "blueprint", "cuts"),
    *("minutes", "attempts", "window_days", "wait_days", "opens_when", "languages"),
    *("needs_start_code", "is_practice", "adaptive", "forms"),
)
_CUT = ("key", "title", "percent")


@dataclass(frozen=True)
class Cut:
    """A mark that counts: the passing mark, or one above it."""

    key: str
    title: Mapping[str, str]
    percent: float


@dataclass(frozen=True, kw_only=True)
class TestSpec:
    """A test before it is published.

    `blueprint` has the number of items of each area; None asks one item of each area that has
    items. `institution` is the key of who assesses; None is whose bank it is. `opens_when` is JSON
    data of the rule language; None is open to all. `adaptive` is given for an adaptive test alone;
    None there is as usual. `forms` asks for parallel forms, put together once; None draws anew for
    each sitting.
    """

    __test__ = False  # not a test case, whatever its name

    key: str
    bank: str
    title: Mapping[str, str]
    purpose: Mapping[str, str]
    blueprint: Mapping[str, int] | None
    cuts: tuple[Cut, ...]
    languages: tuple[str, ...]
    institution: str | None = None
    mode: TestMode = TestMode.LINEAR
    adaptive: Adaptivity | None = None
    forms: Parallels | None = None
    minutes: int | None = None
    attempts: int | None = None
    window_days: int | None = None
    wait_days: int = 0
    opens_when: Mapping[str, Any] | None = None
    needs_start_code: bool = False
    is_practice: bool = False


def test_from_json(data: object) -> TestSpec:
    """Return the test that JSON data describes; Invalid names the first fault and its place."""
    fields = Fields(data, "", _KNOWN)
    return TestSpec(
        key=fields.key("key"),
        bank=fields.key("bank"),
        institution=fields.optional_key("institution"),
        title=fields.wording("title"),
        purpose=fields.optional_wording("purpose"),
        mode=fields.word("mode", TestMode, TestMode.LINEAR),
        adaptive=read_adaptivity(fields.data["adaptive"]) if fields.given("adaptive") else None,
        forms=read_parallels(fields.data["forms"]) if fields.given("forms") else None,
        blueprint=_blueprint(fields),
        cuts=tuple(_cut(cut) for cut in fields.objects("cuts", _CUT)),
        minutes=fields.whole("minutes", 1, MOST_MINUTES),
        attempts=fields.whole("attempts", 1, MOST_ATTEMPTS),
        window_days=fields.whole("window_days", 1, MOST_DAYS),
        wait_days=fields.whole("wait_days", 0, MOST_DAYS) or 0,
        opens_when=fields.data.get("opens_when"),
        languages=fields.keys("languages"),
        needs_start_code=fields.truth("needs_start_code"),
        is_practice=fields.truth("is_practice"),
    )


test_from_json.__test__ = False  # type: ignore[attr-defined]  # no test case, whatever its name


def _blueprint(fields: Fields) -> dict[str, int] | None:
    value = fields.data.get("blueprint")
    if value == ONE_OF_EACH:
        return None
    if not isinstance(value, Mapping):
        allowed = _("a number of questions by area, or “%(each)s”", each=ONE_OF_EACH)
        raise refusal(fields.place("blueprint"), allowed, shown(value))
    areas = Fields(value, fields.place("blueprint"), value)
    return {checked_key(area, areas.where): _count(areas, area) for area in value}


def _count(areas: Fields, area: str) -> int:
    count = areas.whole(area, 1, MOST_ATTEMPTS)
    if count is None:
        raise refusal(areas.place(area), _("a whole number from 1"), "null")
    return count


def _cut(fields: Fields) -> Cut:
    percent = fields.number("percent", MOST_PERCENT)
    if percent is None:
        raise refusal(fields.place("percent"), _("given"), "null")
    return Cut(fields.key("key"), fields.wording("title"), percent)


def check_specification(spec: TestSpec) -> None:
    """Refuse a test that contradicts itself, whoever described it."""
    _check_cuts(spec)
    _check_languages(spec)
    _check_mode(spec)
    _check_forms(spec)
    if spec.window_days is not None and spec.attempts is None:
        raise Invalid(_("A window needs a number of attempts: how many of them it allows."))
    if spec.is_practice and spec.opens_when is not None:
        raise Invalid(_("Practice is open to all, without an account; it can have no condition."))


def _check_mode(spec: TestSpec) -> None:
    if spec.mode == TestMode.LINEAR and spec.adaptive is not None:
        raise refusal("adaptive", _("left out unless the mode is “adaptive”"), _("an object"))
    if spec.mode == TestMode.ADAPTIVE and spec.is_practice:
        raise Invalid(_("Practice keeps no answers, so it cannot adapt to them; make it linear."))
    if spec.mode == TestMode.ADAPTIVE and spec.attempts is None and not spec.wait_days:
        raise Invalid(
            _(
                "An adaptive test needs a number of attempts, or days to wait between them: begun "
                "again and again, it would show the whole bank."
            )
        )


def _check_forms(spec: TestSpec) -> None:
    if spec.forms is None:
        return
    if spec.mode == TestMode.ADAPTIVE:
        raise Invalid(_("An adaptive test chooses each question by itself; leave “forms” out."))
    if spec.is_practice:
        raise Invalid(_("Practice draws its questions anew each time; leave “forms” out."))


def _check_cuts(spec: TestSpec) -> None:
    if not spec.cuts and not spec.is_practice:
        raise refusal("cuts", _("a list with the passing mark first"), _("nothing"))
    percents = [cut.percent for cut in spec.cuts]
    if percents != sorted(set(percents)):
        raise refusal("cuts", _("marks that rise"), ", ".join(f"{each:g}" for each in percents))
    if len({cut.key for cut in spec.cuts}) < len(spec.cuts):
        raise refusal("cuts", _("each under a key of its own"), _("a key twice"))


def _check_languages(spec: TestSpec) -> None:
    if not spec.languages:
        raise refusal("languages", _("one language or more"), _("nothing"))
    named = {"title": spec.title, "purpose": spec.purpose}
    named |= {f"cuts.{cut.key}.title": cut.title for cut in spec.cuts}
    for name, words in named.items():
        for language in spec.languages:
            if words and language not in words:
                allowed = _("given in every language of the test")
                raise refusal(f"{name}.{language}", allowed, _("nothing"))
