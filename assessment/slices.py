"""Finding what each slice adds to the whole: its commands, and what it does in a worker."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from types import ModuleType

import assessment


def modules(name: str) -> list[ModuleType]:
    """Return the module `name` of every slice that has one, imported, in order of slices."""
    slices = sorted(entry.name for entry in iter_modules(assessment.__path__) if entry.ispkg)
    paths = (f"assessment.{part}.{name}" for part in slices)
    return [import_module(path) for path in paths if find_spec(path) is not None]
