"""Where the data folders lie, in a checkout and in an installed wheel alike."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """Return the folder `name`: inside the package when installed, beside it in a checkout."""
    for candidate in (HERE / name, HERE.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"The folder {name!r} is neither in {HERE} nor beside it.")
