"""The house's rules of building, held by tests: imports, sizes, names, jobs."""

from __future__ import annotations

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports as lint

from assessment.jobs.handlers import HANDLERS
from assessment.operation import startup

HERE = Path(__file__).resolve().parents[1]
PACKAGES = ("itembank", "rubrics", "assessment")
LONGEST = 50
REASONED = re.compile(
    r"# (noqa: [A-Z]+\d+(, ?[A-Z]+\d+)*|type: ignore\[[\w, -]+\]) +([-#] *)?\S*\w\S* \w+"
)
DRAWERS = {"util", "utils", "helpers", "helper", "base", "manager", "common", "misc"}


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((HERE / package).rglob("*.py"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many lines a function has below its signature and its docstring."""
    first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
    return (node.end_lineno or 0) - first.lineno + 1


def test_imports_keep_to_their_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE)
    assert lint(config_filename="setup.cfg", cache_dir=None) == 0


def test_functions_are_short() -> None:
    sizes = {
        f"{path.relative_to(HERE)}:{node.lineno} {node.name}": length(node)
        for path in sources()
        for node in functions(path)
    }
    assert [name for name, size in sizes.items() if size > LONGEST] == []
    assert statistics.median(sizes.values()) <= 6
    assert statistics.quantiles(sizes.values(), n=10)[-1] < 20


def test_no_module_is_a_drawer() -> None:
    assert [path for path in sources() if path.stem in DRAWERS] == []


def test_every_ignored_warning_says_why() -> None:
    bare = [
        f"{path.relative_to(HERE)}:{number}"
        for path in sources()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if ("# noqa" in line or "# type: ignore" in line) and not REASONED.search(line)
    ]
    assert bare == []


def test_nothing_says_from_assessment_import_db() -> None:
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module == "assessment":
                assert "db" not in {name.name for name in node.names}, path


def enqueued_kinds() -> Iterator[str]:
    """Yield every kind of job that is named, by word or by constant, where one is enqueued."""
    for path in (HERE / "assessment").rglob("*.py"):
        tree = ast.parse(path.read_text())
        words = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _called(node) == "enqueue" and node.args:
                kind = node.args[0]
                if isinstance(kind, ast.Constant):
                    yield str(kind.value)
                elif isinstance(kind, ast.Name):
                    yield str(words[kind.id])


def _called(node: ast.Call) -> str:
    called = node.func
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def test_every_kind_of_job_has_a_handler() -> None:
    startup.load_duties()
    kinds = set(enqueued_kinds())
    assert len(kinds) >= 3
    assert kinds <= set(HANDLERS)


def test_commands_and_views_commit_and_services_do_not() -> None:
    """Only views, commands, duties and the modules that own a transaction may commit."""
    allowed = {"views", "commands", "duties", "routes"}
    commits = [
        str(path.relative_to(HERE))
        for path in (HERE / "assessment").rglob("*.py")
        if path.stem not in allowed and "session.commit(" in path.read_text()
    ]
    assert commits == ["assessment/transactions.py"]
