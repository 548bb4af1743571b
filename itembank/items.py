"""Items: one question each, its key and all that makes a version of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from itembank.entries import LARGEST_NUMBER, LONGEST_ENTRY, matching_form
from itembank.faults import fault, sentence
from itembank.wording import (
    checked_key,
    checked_language,
    checked_text,
    checked_wording,
    no_wording,
)

FEWEST_OPTIONS = 2
MOST_OPTIONS = 8
MOST_ACCEPTED = 50

_KEYED_BY_LANGUAGE = "a mapping of language to texts"


class ItemKind(StrEnum):
    """How an item is answered."""

    CHOICE = "choice"
    MULTIPLE = "multiple"
    NUMERIC = "numeric"
    TEXT = "text"

    @property
    def has_options(self) -> bool:
        """Whether the answer is picked among options."""
        return self in (ItemKind.CHOICE, ItemKind.MULTIPLE)


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture that belongs to a stem, and what it shows in words."""

    file: str
    description: Mapping[str, str] = field(default_factory=no_wording)

    def __post_init__(self) -> None:
        checked_key(self.file, "figure.file")
        if self.description:
            words = checked_wording(self.description, "figure.description", self.file)
            object.__setattr__(self, "description", words)


@dataclass(frozen=True, kw_only=True)
class Item:
    """One question with its key; checked when made, read-only afterwards.

    `key` holds indexes into `options`, counted from 0. Which of the fields of an answer are
    given depends on the kind: options and key for choices, answer with its tolerance and unit
    for numbers, accepted forms for text.
    """

    id: str
    area: str
    kind: ItemKind
    stem: Mapping[str, str]
    options: tuple[Mapping[str, str], ...] = ()
    key: frozenset[int] = frozenset()
    answer: float | None = None
    tolerance: float = 0.0
    unit: Mapping[str, str] = field(default_factory=no_wording)
    accepted: Mapping[str, tuple[str, ...]] = field(default_factory=no_wording)
    rationale: Mapping[str, str] = field(default_factory=no_wording)
    figure: Figure | None = None
    fixed_order: bool = False
    references: tuple[str, ...] = ()
    enemies: frozenset[str] = frozenset()
    author: str = ""

    def __post_init__(self) -> None:
        checked_key(self.id, "id")
        checked_key(self.area, "area", self.id)
        self._settle("kind", _kind(self.kind, self.id))
        self._settle("stem", checked_wording(self.stem, "stem", self.id))
        self._settle("options", tuple(_options(self.options, self.id)))
        self._settle("key", _key(self.key, len(self.options), self.id))
        self._settle("answer", _optional_number(self.answer, "answer", self.id))
        self._settle("tolerance", _tolerance(self.tolerance, self.id))
        self._settle("accepted", _accepted(self.accepted, self.id))
        self._settle_the_rest()
        _check_fields_of_kind(self)
        _check_options_differ(self)
        _check_complete(self)

    def _settle_the_rest(self) -> None:
        for name in ("unit", "rationale"):
            words = getattr(self, name)
            self._settle(name, checked_wording(words, name, self.id) if words else no_wording())
        self._settle("references", _texts(self.references, "references", self.id))
        self._settle("enemies", _enemies(self.enemies, self.id))
        self._settle("author", checked_text(self.author, "author", self.id) if self.author else "")
        if not isinstance(self.fixed_order, bool):
            raise fault("fixed_order", "true or false", self.fixed_order, self.id)

    def _settle(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    @property
    def languages(self) -> frozenset[str]:
        """The languages in which a learner can read and answer the whole item."""
        return frozenset.intersection(*(frozenset(words) for words in _needed_wordings(self)))

    @property
    def needs_sight(self) -> bool:
        """Whether a figure lacks its description in a language the item is complete in."""
        return self.figure is not None and not self.languages <= set(self.figure.description)


def _needed_wordings(item: Item) -> Iterator[Mapping[str, object]]:
    yield item.stem
    yield from item.options
    if item.unit:
        yield item.unit
    if item.accepted:
        yield item.accepted


def _kind(value: object, where: str) -> ItemKind:
    try:
        return ItemKind(value)  # type: ignore[arg-type]  # whatever it is, the enum decides
    except ValueError:
        raise fault("kind", f"one of {', '.join(ItemKind)}", value, where) from None


def _options(options: Iterable[object], where: str) -> Iterator[Mapping[str, str]]:
    for number, option in enumerate(options):
        yield checked_wording(option, f"options[{number}]", where)


def _key(key: Iterable[object], n_options: int, where: str) -> frozenset[int]:
    indexes = set()
    for index in key:
        if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < n_options:
            raise fault("key", f"indexes of options, below {n_options}", index, where)
        indexes.add(index)
    return frozenset(indexes)


def checked_number(value: object, argument: str, where: str = "") -> float:
    """Return a finite number of a size that any entry could have."""
    if (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and abs(value) <= LARGEST_NUMBER  # false for NaN as well
    ):
        return float(value) + 0.0  # minus zero becomes zero, which has one written form
    raise fault(argument, f"a number of at most {LARGEST_NUMBER:.0e} in size", value, where)


def _optional_number(value: object, argument: str, where: str) -> float | None:
    return None if value is None else checked_number(value, argument, where)


def _tolerance(value: object, where: str) -> float:
    tolerance = checked_number(value, "tolerance", where)
    if tolerance < 0:
        raise fault("tolerance", "zero or more", value, where)
    return tolerance


def _texts(values: object, argument: str, where: str) -> tuple[str, ...]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise fault(argument, "a list of texts", values, where)
    return tuple(
        checked_text(value, f"{argument}[{number}]", where) for number, value in enumerate(values)
    )


def _accepted(accepted: object, where: str) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(accepted, Mapping):
        raise fault("accepted", _KEYED_BY_LANGUAGE, accepted, where)
    forms = {}
    for language in sorted(accepted, key=str):
        checked_language(language, "accepted", where)
        texts = _texts(accepted[language], f"accepted.{language}", where)
        if not 0 < len(texts) <= MOST_ACCEPTED:
            allowed = f"1 to {MOST_ACCEPTED} forms"
            raise fault(f"accepted.{language}", allowed, len(texts), where)
        for text in texts:
            if not matching_form(text) or len(text) > LONGEST_ENTRY:
                allowed = f"forms of 1 to {LONGEST_ENTRY} characters"
                raise fault(f"accepted.{language}", allowed, text, where)
        forms[language] = texts
    return MappingProxyType(forms)


def _enemies(enemies: object, where: str) -> frozenset[str]:
    if isinstance(enemies, str) or not isinstance(enemies, Iterable):
        raise fault("enemies", "a list of item ids", enemies, where)
    ids = frozenset(checked_key(enemy, "enemies", where) for enemy in enemies)
    if where in ids:
        raise fault("enemies", "other items", where, where)
    return ids


def _check_fields_of_kind(item: Item) -> None:
    """Refuse a field that the kind needs and lacks, or that another kind would need."""
    if item.kind.has_options:
        _check_choices(item)
    else:
        _must_be_absent(item, "options", "key", "fixed_order")
    if item.kind is ItemKind.NUMERIC and item.answer is None:
        raise fault("answer", "a number for a numeric item", item.answer, item.id)
    if item.kind is not ItemKind.NUMERIC:
        _must_be_absent(item, "answer", "tolerance", "unit")
    if item.kind is ItemKind.TEXT and not item.accepted:
        raise fault("accepted", "given for a text item", dict(item.accepted), item.id)
    if item.kind is not ItemKind.TEXT:
        _must_be_absent(item, "accepted")


def _check_choices(item: Item) -> None:
    if not FEWEST_OPTIONS <= len(item.options) <= MOST_OPTIONS:
        allowed = f"{FEWEST_OPTIONS} to {MOST_OPTIONS}"
        raise fault("options", allowed, len(item.options), item.id)
    if item.kind is ItemKind.CHOICE and len(item.key) != 1:
        raise fault("key", "exactly one option for a choice item", sorted(item.key), item.id)
    if not item.key:
        raise fault("key", "one option or more", sorted(item.key), item.id)


def _must_be_absent(item: Item, *names: str) -> None:
    for name in names:
        value = getattr(item, name)
        if value is not None and (value or name == "answer"):
            raise fault(name, f"absent from a {item.kind} item", value, item.id)


def _check_options_differ(item: Item) -> None:
    """Refuse two options that read the same; case counts, for mW is not MW."""
    for language in sorted({language for option in item.options for language in option}):
        first: dict[str, int] = {}
        for number, option in enumerate(item.options):
            text = " ".join(option.get(language, f"\0{number}").split())
            if text in first:
                got = f"options {first[text] + 1} and {number + 1} alike in {language}"
                raise ValueError(sentence("options", "all different", got, item.id))
            first[text] = number


def _check_complete(item: Item) -> None:
    if not item.languages:
        allowed = "complete, options included, in at least one language"
        raise fault("stem", allowed, sorted(item.stem), item.id)
