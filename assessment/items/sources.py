"""A bank on disk: its file, and the pictures that stand beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assessment.errors import Invalid
from assessment.items.pictures import MOST_BYTES, Picture, pictures
from assessment.locale import gettext as _
from itembank import BankFormat

SUFFIXES = {
    BankFormat.ISED: ".txt",
    BankFormat.NCVEC: ".json",
    BankFormat.JSON: ".json",
    BankFormat.CSV: ".csv",
}
PICTURE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp"})


@dataclass(frozen=True)
class BankSource:
    """The bytes of a bank's file and of the pictures that come with it."""

    path: Path
    data: bytes
    figures: dict[str, Picture]
    not_pictures: tuple[str, ...]
    """Files that are called pictures and are none, or are too large."""


def open_source(path: Path, format: BankFormat) -> BankSource:
    """Return the bank's file at `path`, or the one of this format in that folder."""
    file = _only_file(path, SUFFIXES[format]) if path.is_dir() else path
    if not file.is_file():
        raise Invalid(_("There is no file %(path)s.", path=file))
    figures, others = _beside(file)
    return BankSource(file, file.read_bytes(), figures, others)


def _only_file(folder: Path, suffix: str) -> Path:
    found = sorted(folder.glob(f"*{suffix}")) or sorted(folder.glob(f"*/*{suffix}"))
    if len(found) != 1:
        sentence = _(
            "%(folder)s must hold one file that ends in %(suffix)s; it holds %(number)s. "
            "Name the file.",
            folder=folder,
            suffix=suffix,
            number=len(found),
        )
        raise Invalid(sentence)
    return found[0]


def _beside(file: Path) -> tuple[dict[str, Picture], tuple[str, ...]]:
    """Return the pictures in the folder of a file, and what only looks like one."""
    named = [
        each
        for each in sorted(file.parent.iterdir())
        if each.is_file() and each.suffix.lower() in PICTURE_SUFFIXES
    ]
    small = {each.name: each.read_bytes() for each in named if each.stat().st_size <= MOST_BYTES}
    figures = pictures(small)
    return figures, tuple(each.name for each in named if each.name not in figures)
