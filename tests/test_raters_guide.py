"""The guide to raters: its code runs, and prints what it says that it prints."""

from __future__ import annotations

import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from rubrics.facets.placing import ADJUSTMENT
from rubrics.facets.results import FEWEST_PERSONS, LARGEST_SE

GUIDE = Path(__file__).resolve().parents[1] / "docs" / "raters.md"
STEP = re.compile(r"```python\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)


def test_the_guide_prints_what_it_says() -> None:
    text, names = GUIDE.read_text(encoding="utf-8"), dict[str, Any]()
    steps = STEP.findall(text)
    assert len(steps) == text.count("```python") > 0
    for code, expected in steps:
        printed = StringIO()
        with redirect_stdout(printed):
            exec(compile(code, str(GUIDE), "exec"), names)
        assert printed.getvalue() == expected, code


def test_the_bounds_that_it_names_are_those_applied() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert f"standard error of at most {LARGEST_SE}" in text
    assert f"{ADJUSTMENT} less extreme" in text
    assert FEWEST_PERSONS == 10
    assert "ten performances" in text
