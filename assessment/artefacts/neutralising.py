"""Taking out of a film what may say who made it, in a process of its own: with an end.

Run as `python -I -m assessment.artefacts.neutralising KIND SOURCE`: it changes the file in its
place, where nothing moves, and says `done`; a film in which that cannot be done for certain is one
line that says why. A film that was made to be walked for ever ends this process alone.
"""

from __future__ import annotations

import sys
from pathlib import Path

from assessment.artefacts import boxes, confining, elements
from assessment.artefacts.patches import CannotBeNeutralised, patched

WEBM = "video/webm"
NOT_NEUTRAL = "cannot be neutralised"


def neutralise(kind: str, path: Path) -> None:
    """Change a film in its place; CannotBeNeutralised leaves it as it is."""
    walk = elements if kind == WEBM else boxes
    with path.open("rb") as film, path.open("r+b") as copy:
        for piece in patched(film, walk.patches(film)):  # each is read before it is written over
            copy.write(piece)


def main(kind: str, source: str) -> None:
    """Change the film at `source`, saying how that ended."""
    path = Path(source)
    confining.limit(path.stat().st_size)
    try:
        neutralise(kind, path)
    except CannotBeNeutralised:
        print(NOT_NEUTRAL, flush=True)  # noqa: T201 - the parent reads it
        return
    print("done", flush=True)  # noqa: T201 - the parent reads it


if __name__ == "__main__":
    main(*sys.argv[1:])
