"""The guide to the rule language says what is so."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from assessment.rules import Kind, parse, parse_text, to_json, walk

GUIDE = (Path(__file__).parents[3] / "docs" / "rules.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Return the code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("text", blocks("json"))
def test_every_example_is_a_rule_as_it_is_written(text: str) -> None:
    assert to_json(parse_text(text)) == json.loads(text)


def test_every_construct_has_an_example() -> None:
    shown = {node.rule.kind for text in blocks("json") for node in walk(parse_text(text))}
    assert shown == set(Kind)


def test_rules_in_the_text_are_rules_too() -> None:
    inline: list[Any] = [json.loads(text) for text in re.findall(r'`(\{"test": .*?\})`', GUIDE)]
    assert [parse(data) for data in inline]


def test_the_python_example_runs() -> None:
    (text,) = blocks("python")
    exec(compile(text, "docs/rules.md", "exec"), {})
