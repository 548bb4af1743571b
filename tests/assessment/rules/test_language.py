"""Nodes and their paths."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from assessment.rules import Kind, Located, parse, to_json, walk
from assessment.rules.language import pointer
from tests.assessment.rules.builders import anything


def at(data: Any, path: str) -> Any:
    """Return what a JSON pointer without escapes points at."""
    for step in path.split("/")[1:]:
        data = data[int(step)] if isinstance(data, list) else data[step]
    return data


@given(anything)
def test_every_path_points_at_its_node(data: dict[str, Any]) -> None:
    whole = to_json(parse(data))
    nodes = list(walk(parse(data)))
    assert nodes[0] == Located("", parse(data))
    for node in nodes:
        assert at(whole, node.path) == to_json(node.rule)
    assert len({node.path for node in nodes}) == len(nodes)


def test_pointers_escape_what_json_pointer_escapes() -> None:
    assert pointer("/all/0", "a/b~c", 3) == "/all/0/a~1b~0c/3"


def test_every_construct_has_its_kind() -> None:
    leaf = {"achievement": "x"}
    rules = [
        {"all": [leaf]},
        {"any": [leaf]},
        {"at_least": 1, "of": [leaf]},
        {"weighted": [[leaf, 1]], "percent": 1},
        {"none": [leaf]},
        {"test": "x", "percent": 1},
        {"test": "x", "area": "a", "percent": 1},
        {"test": "x", "mastery": 0.9},
        {"rubric": "x", "level": "a"},
        {"none": [{"rubric": "x", "criterion": "c", "below": "a"}]},
        leaf,
        {"credits": 1, "from": ["x"]},
        {"recognition": "x"},
        {"none": [{"hold": "x"}]},
    ]
    assert {node.rule.kind for rule in rules for node in walk(parse(rule))} == set(Kind)
