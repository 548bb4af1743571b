"""The package stands on items alone: no web, no database, no clock, and quick to import."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import rubrics
from tests.itembank.test_purity import ALLOWED, FORBIDDEN, imported

MODULES = sorted(Path(rubrics.__file__).parent.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_imports_nothing_that_reads_the_world(path: Path) -> None:
    assert imported(path) <= (ALLOWED - FORBIDDEN) | {"rubrics"}


def test_importing_it_loads_neither_the_application_nor_the_numbers() -> None:
    heavy = "flask", "sqlalchemy", "assessment", "numpy", "scipy", "matplotlib"
    code = f"import rubrics, sys; print([name for name in {heavy} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


ABSENT = ("flask", "sqlalchemy", "werkzeug", "psycopg", "openbadgeslib", "assessment")

FROM_RATINGS_TO_AGREEMENT = f"""
import sys
sys.modules.update(dict.fromkeys({ABSENT!r}))

import rubrics

print(rubrics.agreement([[0, 0], [1, 1], [2, 1]]).exact.value > 0.6)
print(rubrics.Role("observer"))
"""


def test_it_works_where_nothing_of_the_application_is_installed() -> None:
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", FROM_RATINGS_TO_AGREEMENT],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.split() == ["True", "observer"], run.stderr


def test_every_public_name_is_documented_and_functions_have_types_throughout() -> None:
    for name in rubrics.__all__:
        value = getattr(rubrics, name)
        assert name in {"Resolution", "Unresolved"} or (
            value.__doc__ and not value.__doc__.startswith(f"{name}(")
        )
        if inspect.isfunction(value):
            assert (value.__doc__ or "").startswith("Return ")
            signature = inspect.signature(value)
            assert signature.return_annotation is not signature.empty
            assert all(each.annotation is not each.empty for each in signature.parameters.values())


def test_the_public_names_are_all_there_once_and_in_order() -> None:
    assert len(set(rubrics.__all__)) == len(rubrics.__all__)
    assert set(rubrics.__all__) <= set(dir(rubrics))


def test_what_loads_late_is_public_and_found_where_it_is_said_to_be() -> None:
    assert set(rubrics._MEASUREMENT) <= set(rubrics.__all__)
    for name, module in rubrics._MEASUREMENT.items():
        assert getattr(rubrics, name).__module__.startswith(module)
