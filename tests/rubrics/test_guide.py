"""The guide to rubrics: its code runs, and prints what it says that it prints."""

from __future__ import annotations

import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from rubrics import Policy
from rubrics.policy_json import _FIELDS
from rubrics.rubric_json import _CRITERION
from tests.rubrics.examples import policy

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "rubrics.md").read_text(encoding="utf-8")
STEP = re.compile(r"```python\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)


def test_the_guide_prints_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rubric = re.search(r"```json\n(.*?)```", GUIDE, re.DOTALL)
    assert rubric is not None
    (tmp_path / "rubric.json").write_text(rubric[1], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    steps = STEP.findall(GUIDE)
    assert len(steps) == GUIDE.count("```python") == 5
    for code, expected in steps:
        printed = StringIO()
        with redirect_stdout(printed):
            exec(code, names)
        assert printed.getvalue() == expected


def test_the_guide_names_every_field() -> None:
    assert [
        name
        for name in (*_FIELDS, *_CRITERION)
        if f"`{name}`" not in GUIDE and f'"{name}"' not in GUIDE
    ] == []


def test_the_guide_says_what_is_the_default() -> None:
    made: Policy = policy()
    rows = dict(re.findall(r"^\| `(\w+)`[^|]*\|[^|]*\| ([^|]*) \|$", GUIDE, re.MULTILINE))
    assert rows["raters"] == str(made.raters)
    assert rows["closeness"] == str(made.closeness)
    assert rows["tie"] == str(made.tie)
    assert rows["decision"] == str(made.decision)
    assert rows["occasions"] == str(made.occasions)
