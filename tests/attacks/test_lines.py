"""Every line of the list of attacks is answered, by tests that exist."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.attacks.lines import IN_SCOPE, LAST, LINES, NoSurface

ROOT = Path(__file__).resolve().parents[2]
NAMED = sorted({name for tests in LINES.values() if isinstance(tests, tuple) for name in tests})


@cache
def functions(file: str) -> frozenset[str]:
    """Return the names of the tests of a file."""
    tree = ast.parse((ROOT / file).read_text())
    found = (node.name for node in tree.body if isinstance(node, ast.FunctionDef))
    return frozenset(name for name in found if name.startswith("test_"))


def test_every_line_is_answered() -> None:
    assert sorted(LINES) == list(range(1, LAST + 1))


def test_every_line_in_scope_is_proved_by_tests() -> None:
    unproved = {line for line in IN_SCOPE if isinstance(LINES[line], NoSurface)}
    assert unproved == set()
    assert all(LINES[line] for line in IN_SCOPE)


def test_what_has_no_surface_says_why() -> None:
    for line, answer in LINES.items():
        assert isinstance(answer, tuple) or answer.reason.endswith("."), line


@pytest.mark.parametrize("name", NAMED)
def test_a_test_that_is_named_exists(name: str) -> None:
    file, _, function = name.partition("::")
    assert function in functions(file)


def test_every_attack_here_answers_a_line() -> None:
    here = {
        f"tests/attacks/{file.name}::{name}"
        for file in Path(__file__).parent.glob("test_*.py")
        for name in functions(f"tests/attacks/{file.name}")
        if file != Path(__file__)
    }
    assert here <= set(NAMED)
