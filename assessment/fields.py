"""JSON of others, read field by field: what is not foreseen is refused, with its place."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from assessment.errors import Invalid
from assessment.languages import LANGUAGES
from assessment.locale import gettext as _

MOST_BYTES = 8_000_000
LONGEST_KEY = 120
LONGEST_LINE = 300
LONGEST_TEXT = 20_000
LARGEST_WHOLE = 1_000_000_000

Word = TypeVar("Word", bound=StrEnum)


def refusal(place: str, allowed: str, got: object) -> Invalid:
    """Return the refusal that says what a place must hold, and what it held."""
    return Invalid(
        _("“%(place)s” must be %(allowed)s; got %(got)s.", place=place, allowed=allowed, got=got)
    )


def shown(value: object) -> str:
    """Return a value as a refusal quotes it: in JSON, and never long."""
    if isinstance(value, Mapping):
        return _("an object")
    if isinstance(value, list | tuple):
        return _("a list")
    text = str(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "…"


def load_text(source: bytes) -> str:
    """Return the text of a file; refused where it is too long or not UTF-8."""
    if len(source) > MOST_BYTES:
        raise refusal(_("the file"), _("at most %(n)s bytes", n=MOST_BYTES), len(source))
    try:
        return source.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise refusal(
            _("the file"), _("text in UTF-8"), _("something else in line %(n)s", n=line)
        ) from None


def load_json(source: bytes) -> Any:
    """Return the data of a JSON file; a name given twice and numbers without end are refused."""
    try:
        return json.loads(
            load_text(source), object_pairs_hook=_unrepeated, parse_constant=_no_constant
        )
    except json.JSONDecodeError as error:
        place = _("%(reason)s in line %(n)s", reason=error.msg, n=error.lineno)
        raise refusal(_("the file"), "JSON", place) from None
    except (RecursionError, ValueError):
        raise refusal(_("the file"), "JSON", _("something too deep or too large")) from None


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name, value in pairs:
        if name in data:
            raise refusal(name, _("given once in each object"), _("it twice"))
        data[name] = value
    return data


def _no_constant(name: str) -> float:
    raise refusal(_("the file"), _("made of finite numbers"), name)


class Fields:
    """The fields of one JSON object; `where` is its place, for refusals."""

    def __init__(self, data: object, where: str, known: Collection[str]) -> None:
        self.where = where
        if not isinstance(data, Mapping):
            raise refusal(where or _("the file"), _("an object"), shown(data))
        self.data = data
        for name in data:
            if name not in known:
                allowed = _("one of %(names)s", names=", ".join(sorted(known)))
                raise refusal(self.place(str(name)), allowed, _("an unknown field"))

    def place(self, name: str) -> str:
        """Return where a field stands, such as `cuts[0].percent`."""
        return f"{self.where}.{name}" if self.where else name

    def given(self, name: str) -> bool:
        """Return whether a field is there and not null."""
        return self.data.get(name) is not None

    def key(self, name: str) -> str:
        """Return a stable key: letters, digits and a little punctuation, without spaces."""
        return checked_key(self.data.get(name), self.place(name))

    def optional_key(self, name: str) -> str | None:
        """Return a key, or None where it is not given."""
        return self.key(name) if self.given(name) else None

    def keys(self, name: str) -> tuple[str, ...]:
        """Return a list of keys; none where it is not given."""
        return tuple(checked_key(value, place) for place, value in self._entries(name))

    def line(self, name: str, default: str = "") -> str:
        """Return one line of text."""
        value = self.data.get(name, default)
        if not isinstance(value, str) or len(value) > LONGEST_LINE or not _is_line(value):
            allowed = _("one line of at most %(n)s characters", n=LONGEST_LINE)
            raise refusal(self.place(name), allowed, shown(value))
        return value.strip()

    def wording(self, name: str) -> dict[str, str]:
        """Return a wording in one language or more."""
        return checked_wording(self.data.get(name), self.place(name))

    def optional_wording(self, name: str) -> dict[str, str]:
        """Return a wording, empty where it is not given."""
        return self.wording(name) if self.data.get(name) else {}

    def wordings(self, name: str) -> tuple[dict[str, str], ...]:
        """Return a list of wordings; none where it is not given."""
        return tuple(checked_wording(value, place) for place, value in self._entries(name))

    def whole(self, name: str, least: int, most: int = LARGEST_WHOLE) -> int | None:
        """Return a whole number, or None where it is not given."""
        value = self.data.get(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            allowed = _("a whole number from %(least)s to %(most)s", least=least, most=most)
            raise refusal(self.place(name), allowed, shown(value))
        return value

    def number(self, name: str, most: float) -> float | None:
        """Return a number above 0, or None where it is not given."""
        value = self.data.get(name)
        return None if value is None else checked_number(value, self.place(name), most)

    def truth(self, name: str, default: bool = False) -> bool:
        """Return true or false."""
        value = self.data.get(name, default)
        if not isinstance(value, bool):
            raise refusal(self.place(name), _("true or false"), shown(value))
        return value

    def word(self, name: str, words: type[Word], default: Word | None = None) -> Word:
        """Return one of the words of an enum."""
        value = self.data.get(name, default)
        if isinstance(value, str) and value in {word.value for word in words}:
            return words(value)
        allowed = _("one of %(names)s", names=", ".join(words))
        raise refusal(self.place(name), allowed, shown(value))

    def objects(self, name: str, known: Collection[str]) -> Iterator[Fields]:
        """Yield the objects of a list, each with its place."""
        for place, value in self._entries(name):
            yield Fields(value, place, known)

    def _entries(self, name: str) -> Iterator[tuple[str, object]]:
        values = self.data.get(name, [])
        if not isinstance(values, list | tuple):
            raise refusal(self.place(name), _("a list"), shown(values))
        for number, value in enumerate(values):
            yield f"{self.place(name)}[{number}]", value


def checked_key(value: object, place: str) -> str:
    """Return a key that can stand in an address."""
    sound = isinstance(value, str) and 0 < len(value) <= LONGEST_KEY
    if not sound or not isinstance(value, str) or not all(c.isalnum() or c in "-._" for c in value):
        allowed = _("a key of letters, digits, “-”, “.” and “_”")
        raise refusal(place, allowed, shown(value))
    return value


def checked_wording(value: object, place: str) -> dict[str, str]:
    """Return a wording: text in one of our languages or more, in their order."""
    allowed = _("text by language, such as {“en”: “…”, “fr”: “…”}")
    if not isinstance(value, Mapping) or not value or not set(value) <= set(LANGUAGES):
        raise refusal(place, allowed, shown(value))
    for language, text in value.items():
        if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_TEXT:
            raise refusal(f"{place}.{language}", _("text that is not empty"), shown(text))
    return {language: value[language].strip() for language in LANGUAGES if language in value}


def checked_number(value: object, place: str, most: float) -> float:
    """Return a finite number above 0."""
    sound = isinstance(value, int | float) and not isinstance(value, bool)
    if not sound or not isinstance(value, int | float) or not _in_range(value, most):
        raise refusal(
            place, _("a number above 0 and at most %(most)s", most=f"{most:g}"), shown(value)
        )
    return float(value)


def _in_range(value: float, most: float) -> bool:
    return 0 < value <= most and math.isfinite(value)


def _is_line(text: str) -> bool:
    return all(character.isprintable() for character in text)
