"""The package stands alone: no web, no database, no clock, no files, and quick to import."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import itembank

PACKAGE = Path(itembank.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
ALLOWED = {"__future__", "itembank", "matplotlib", "numpy", "scipy", *sys.stdlib_module_names}
FORBIDDEN = {
    "time",
    "datetime",
    "os",
    "io",
    "pathlib",
    "sqlite3",
    "socket",
    "subprocess",
    "secrets",
}
HARMLESS = {"io": {"StringIO"}, "time": {"monotonic"}}
"""Of `io`, what touches no file; of `time`, what tells no hour, and how long a search may take."""


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"a relative import in {path}"
            if {alias.name for alias in node.names} != HARMLESS.get(node.module or ""):
                names.add(node.module or "")
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_imports_nothing_that_reads_the_world(path: Path) -> None:
    assert imported(path) <= ALLOWED - FORBIDDEN


def test_importing_it_loads_neither_the_application_nor_the_numbers() -> None:
    heavy = "flask", "sqlalchemy", "assessment", "numpy", "scipy", "matplotlib"
    code = f"import itembank, sys; print([name for name in {heavy} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_every_public_name_is_documented() -> None:
    for name in itembank.__all__:
        value = getattr(itembank, name)
        assert name == "BLANK" or (value.__doc__ and not value.__doc__.startswith(f"{name}("))


def test_the_public_names_are_all_there_once_and_in_order() -> None:
    assert len(set(itembank.__all__)) == len(itembank.__all__)
    assert set(itembank.__all__) <= set(dir(itembank))


def test_what_loads_late_is_public_and_found_where_it_is_said_to_be() -> None:
    assert set(itembank._MEASUREMENT) <= set(itembank.__all__)
    for name, module in itembank._MEASUREMENT.items():
        assert getattr(itembank, name).__module__.startswith(module)
