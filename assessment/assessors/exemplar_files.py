"""Exemplars and a gate as their authors describe them: data, and the JSON of docs/trust.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path

from assessment.errors import Invalid
from assessment.fields import (
    Fields,
    checked_key,
    checked_wording,
    refusal,
    shown,
)
from assessment.languages import Language
from assessment.locale import gettext as _

FEWEST = 30
MOST = 200
LONGEST_MONTHS = 120
LARGEST_WINDOW = 100
LONGEST_TEXT = 20_000


class Purpose(StrEnum):
    """What an exemplar is used for."""

    TRAINING = "training"
    GATE = "gate"
    SEED = "seed"


@dataclass(frozen=True, kw_only=True)
class GateSpec:
    """What it takes to rate on a rubric; shares are of marks, from 0 to 1.

    An attempt rates `exemplars`. A qualification lasts for `months` and for so many `ratings`, None
    for ever. Of live places, `seed_share` are exemplars, of which the last `seed_window` are looked
    at together; so many `seed_misses` on what is critical for safety suspend.
    """

    exemplars: int = FEWEST
    exact: float = 0.6
    adjacent: float = 0.9
    months: int | None = 12
    ratings: int | None = None
    wait_days: int = 7
    seed_share: float = 1 / 12
    seed_window: int = 10
    seed_exact: float = 0.5
    seed_adjacent: float = 0.85
    seed_misses: int = 1


@dataclass(frozen=True)
class Piece:
    """A text or a file of an exemplar, and where to look for each criterion that it shows."""

    content: str | bytes
    shows: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ExemplarSpec:
    """An exemplar before it is published: its pieces, the levels expected, and why."""

    key: str
    task: str
    purposes: frozenset[Purpose]
    pieces: tuple[Piece, ...]
    levels: Mapping[str, str | None]
    reasons: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    language: str = Language.ENGLISH


@dataclass(frozen=True, kw_only=True)
class ExemplarsSpec:
    """The exemplars of one rubric, and its gate; None leaves the gate as it is."""

    rubric: str
    exemplars: tuple[ExemplarSpec, ...]
    gate: GateSpec | None = None


def exemplars_from_json(data: object, folder: Path | None = None) -> ExemplarsSpec:
    """Return what JSON data describes; Invalid names the first fault and its place.

    Files are named relative to `folder`, and lie in it.
    """
    fields = Fields(data, "", ("rubric", "gate", "exemplars"))
    gate = fields.data.get("gate")
    known = ("key", "task", "for", "language", "pieces", "levels", "reasons")
    return ExemplarsSpec(
        rubric=fields.key("rubric"),
        gate=None if gate is None else _gate(Fields(gate, "gate", _GATE)),
        exemplars=tuple(_exemplar(each, folder) for each in fields.objects("exemplars", known)),
    )


_GATE = ("exemplars", "exact", "adjacent", "months", "ratings", "wait_days", "seeds")
_SEEDS = ("share", "window", "exact", "adjacent", "safety_misses")


def _gate(fields: Fields) -> GateSpec:
    seeds = Fields(fields.data.get("seeds", {}), fields.place("seeds"), _SEEDS)
    usual = GateSpec()
    given = {
        "exemplars": fields.whole("exemplars", FEWEST, MOST),
        "exact": fields.number("exact", 1.0),
        "adjacent": fields.number("adjacent", 1.0),
        "wait_days": fields.whole("wait_days", 0, 365),
        "seed_share": _share(seeds),
        "seed_window": seeds.whole("window", 1, LARGEST_WINDOW),
        "seed_exact": seeds.number("exact", 1.0),
        "seed_adjacent": seeds.number("adjacent", 1.0),
        "seed_misses": seeds.whole("safety_misses", 1, LARGEST_WINDOW),
    }
    kept = {name: value for name, value in given.items() if value is not None}
    ends = {
        "months": fields.whole("months", 1, LONGEST_MONTHS) if "months" in fields.data else 12,
        "ratings": fields.whole("ratings", 1),
    }
    return GateSpec(**(asdict(usual) | kept | ends))


def _share(fields: Fields) -> float | None:
    """Return a share of places: none of them is allowed, all are not."""
    value = fields.data.get("share")
    return 0.0 if value == 0 and value is not False else fields.number("share", 0.5)


def _exemplar(fields: Fields, folder: Path | None) -> ExemplarSpec:
    return ExemplarSpec(
        key=fields.key("key"),
        task=fields.key("task"),
        purposes=_purposes(fields),
        pieces=tuple(
            _piece(each, folder) for each in fields.objects("pieces", ("text", "file", "shows"))
        ),
        levels=_levels(fields),
        reasons=_reasons(fields),
        language=fields.word("language", Language, Language.ENGLISH),
    )


def _purposes(fields: Fields) -> frozenset[Purpose]:
    names = fields.keys("for")
    for name in names:
        if name not in set(Purpose):
            allowed = _("one of %(names)s", names=", ".join(Purpose))
            raise refusal(fields.place("for"), allowed, shown(name))
    return frozenset(map(Purpose, names))


def _piece(fields: Fields, folder: Path | None) -> Piece:
    shows = Fields(fields.data.get("shows"), fields.place("shows"), fields.data.get("shows") or ())
    places = {checked_key(key, shows.where): shows.line(key) for key in shows.data}
    if fields.given("file") == fields.given("text"):
        raise refusal(fields.where, _("a text or a file"), _("both or none"))
    if fields.given("file"):
        return Piece(_file(fields, folder), places)
    text = fields.data["text"]
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_TEXT:
        allowed = _("text of at most %(n)s characters", n=LONGEST_TEXT)
        raise refusal(fields.place("text"), allowed, shown(text))
    return Piece(text, places)


def _file(fields: Fields, folder: Path | None) -> bytes:
    """Return a file that lies in the folder, or below it."""
    name = fields.line("file")
    home = (folder or Path()).resolve()
    path = (home / name).resolve()
    if folder is None or not path.is_relative_to(home) or not path.is_file():
        allowed = _("a file beside this one")
        raise refusal(fields.place("file"), allowed, shown(name))
    return path.read_bytes()


def _levels(fields: Fields) -> dict[str, str | None]:
    data = fields.data.get("levels")
    if not isinstance(data, Mapping) or not data:
        raise refusal(fields.place("levels"), _("levels by criterion"), shown(data))
    place = fields.place("levels")
    return {
        checked_key(key, place): None if level is None else checked_key(level, f"{place}.{key}")
        for key, level in data.items()
    }


def _reasons(fields: Fields) -> dict[str, dict[str, str]]:
    data = fields.data.get("reasons", {})
    if not isinstance(data, Mapping):
        raise refusal(fields.place("reasons"), _("wordings by criterion"), shown(data))
    return {
        checked_key(key, fields.place("reasons")): checked_wording(
            value, f"{fields.place('reasons')}.{key}"
        )
        for key, value in data.items()
    }


def check_bars(spec: GateSpec) -> None:
    """Refuse a gate that asks more marks to be alike than close."""
    for exact, adjacent in ((spec.exact, spec.adjacent), (spec.seed_exact, spec.seed_adjacent)):
        if exact > adjacent:
            raise Invalid(_("A gate cannot ask for more marks that are alike than for close ones."))
    if spec.exemplars < FEWEST:
        raise refusal("gate.exemplars", _("%(n)s or more", n=FEWEST), spec.exemplars)


__all__ = [
    "ExemplarSpec",
    "ExemplarsSpec",
    "GateSpec",
    "Piece",
    "Purpose",
    "check_bars",
    "exemplars_from_json",
]
