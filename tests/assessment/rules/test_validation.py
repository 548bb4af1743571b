"""Rules held against what exists, and the graph of achievements."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.rules import (
    Measures,
    Reference,
    References,
    RubricMeasure,
    Rule,
    RuleError,
    faults,
    order,
    parse,
    references,
    validate,
)

MEASURES = Measures(
    tests={"pre": {}, "post": {"hazards": 10}, "adaptive": {"hazards": 10}},
    rubrics={"task": RubricMeasure(("novice", "proficient"), {"safety": ("unsafe", "safe")})},
    achievements={"theory": 3, "practice": 2, "micro": 0},
    recognitions={"ticket"},
    adaptive={"adaptive"},
)
TEST = {"test": "post", "percent": 80}

FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"test": "past", "percent": 1}, "/test", "`test` must be a test that exists; got 'past'"),
    ({"all": [TEST, {"test": "no", "mastery": 0.9}]}, "/all/1/test", "got 'no' at /all/1/test."),
    ({**TEST, "area": "tools"}, "/area", "an area of the test 'post'; got 'tools'"),
    ({**TEST, "area": "hazards", "items": 11}, "/items", "at most 10, all that one sitting asks"),
    ({"rubric": "x", "level": "novice"}, "/rubric", "a rubric that exists"),
    ({"rubric": "task", "level": "expert"}, "/level", "one of novice, proficient; got 'expert'"),
    (
        {"rubric": "task", "level": "novice", "criterion": "speed"},
        "/criterion",
        "a criterion of the rubric 'task'; got 'speed'",
    ),
    (
        {"rubric": "task", "level": "novice", "criterion": "safety"},
        "/level",
        "one of unsafe, safe; got 'novice'",
    ),
    (
        {"none": [{"rubric": "task", "criterion": "safety", "below": "proficient"}]},
        "/none/0/below",
        "one of unsafe, safe",
    ),
    (
        {"rubric": "task", "level": "novice", "including": {"employer": 1}},
        "/including/employer",
        "roles assessor, observer; got 'employer'",
    ),
    ({"weighted": [[{"achievement": "no"}, 1]], "percent": 1}, "/weighted/0/0/achievement", "no"),
    ({"credits": 3, "from": ["theory", "no"]}, "/from/1", "achievements that exist; got 'no'"),
    ({"credits": 5.5, "from": ["theory", "practice"]}, "/credits", "at most 5, all that"),
    ({"recognition": "diploma"}, "/recognition", "a recognition that exists; got 'diploma'"),
    (
        {"any": [{"test": "adaptive", "percent": 80}]},
        "/any/0/percent",
        'so a percentage says nothing; write {"test": "adaptive", "mastery": 0.9} instead; got 80',
    ),
    (
        {"test": "adaptive", "area": "hazards", "percent": 80},
        "/percent",
        "`percent` must be left out: the test 'adaptive' is adaptive",
    ),
    (
        {"any": [{"test": "adaptive", "mastery": 0.05}]},
        "/any/0/mastery",
        "`mastery` must be at least 0.5: less is true of those who answered nothing; got 0.05",
    ),
]


@pytest.mark.parametrize(("data", "path", "words"), FAULTS, ids=range(len(FAULTS)))
def test_a_reference_to_nothing_is_refused_with_its_path(
    data: dict[str, Any], path: str, words: str
) -> None:
    with pytest.raises(RuleError) as caught:
        validate(parse(data), MEASURES)
    assert caught.value.path == path
    assert words in caught.value.sentence


@pytest.mark.parametrize(
    "data",
    [
        {"test": "pre", "mastery": 0.9},
        {"test": "adaptive", "mastery": 0.9},
        {"test": "adaptive", "mastery": 0.5},
        {**TEST, "area": "hazards", "items": 10},
        {"rubric": "task", "level": "proficient", "including": {"observer": 1, "assessor": 1}},
        {"rubric": "task", "level": "safe", "criterion": "safety"},
        {"none": [{"rubric": "task", "criterion": "safety", "below": "safe"}, {"hold": "x"}]},
        {"credits": 5, "from": ["theory", "practice"]},
        {"any": [{"recognition": "ticket"}, {"achievement": "micro"}]},
    ],
)
def test_what_exists_is_accepted(data: dict[str, Any]) -> None:
    assert faults(parse(data), MEASURES) == ()
    validate(parse(data), MEASURES)


def test_every_fault_is_found_in_order() -> None:
    rule = parse({"all": [{"test": "a", "percent": 1}, TEST, {"achievement": "b"}]})
    assert [fault.path for fault in faults(rule, MEASURES)] == [
        "/all/0/test",
        "/all/2/achievement",
    ]


def test_references_have_their_paths() -> None:
    rule = parse(
        {
            "all": [
                {**TEST, "area": "hazards"},
                {"rubric": "task", "level": "novice"},
                {"achievement": "micro"},
                {"credits": 3, "from": ["theory"]},
                {"recognition": "ticket"},
                {"none": [{"rubric": "task", "criterion": "c", "below": "x"}, {"hold": "h"}]},
            ]
        }
    )
    assert references(rule) == References(
        tests=(Reference("post", "/all/0/test"),),
        areas=(Reference("post", "/all/0/area", "hazards"),),
        rubrics=(
            Reference("task", "/all/1/rubric"),
            Reference("task", "/all/5/none/0/rubric"),
        ),
        achievements=(
            Reference("micro", "/all/2/achievement"),
            Reference("theory", "/all/3/from/0"),
        ),
        recognitions=(Reference("ticket", "/all/4/recognition"),),
    )


def needs(*keys: str) -> Rule:
    """Return a rule that needs achievements."""
    return parse({"all": [TEST, *({"achievement": key} for key in keys)]})


def test_an_achievement_that_needs_itself_is_refused() -> None:
    with pytest.raises(RuleError, match="'micro' needs 'micro' at /all/1/achievement") as caught:
        validate(needs("micro"), MEASURES, achievement="micro")
    assert caught.value.path == "/all/1/achievement"


def test_a_cycle_is_refused_and_named() -> None:
    graph = {"theory": needs("practice"), "practice": parse({"credits": 1, "from": ["micro"]})}
    (fault,) = [
        each
        for each in faults(needs("theory"), MEASURES, achievement="micro", graph=graph)
        if "circles" in each.sentence
    ]
    assert fault.path == "/all/1/achievement"
    assert "'micro' needs 'theory' needs 'practice' needs 'micro'" in fault.sentence


def test_the_old_rule_of_the_same_achievement_does_not_count() -> None:
    graph = {"micro": needs("theory"), "theory": needs("practice")}
    validate(needs("practice"), MEASURES, achievement="micro", graph=graph)


def test_what_opens_a_test_closes_no_cycle() -> None:
    validate(needs("micro"), MEASURES, graph={"micro": needs("theory")})


def test_order_puts_each_after_what_it_needs() -> None:
    graph = {
        "programme": needs("certificate", "elsewhere"),
        "certificate": parse({"credits": 3, "from": ["b", "a"]}),
        "b": needs(),
        "a": needs(),
    }
    assert order(graph) == ("a", "b", "certificate", "programme")
    assert order({}) == ()


def test_order_refuses_a_cycle_and_names_it() -> None:
    graph = {"a": needs("b"), "b": needs("c"), "c": needs("a"), "d": needs()}
    with pytest.raises(RuleError, match="must be free of circles") as caught:
        order(graph)
    named = caught.value.sentence.split("got ")[1].split(" at ")[0].split(" needs ")
    assert named[0] == named[-1]
    for key, needed in pairwise(named):
        assert graph[key.strip("'")] == needs(needed.strip("'"))


KEYS = "abcdef"


@given(st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS)), max_size=10))
def test_saving_rule_by_rule_never_lets_a_cycle_in(edges: list[tuple[str, str]]) -> None:
    measures = Measures(tests={"post": {}}, achievements=dict.fromkeys(KEYS, 1))
    graph: dict[str, Rule] = {key: needs() for key in KEYS}
    for key, needed in edges:
        try:
            validate(needs(needed), measures, achievement=key, graph=graph)
        except RuleError:
            continue
        graph[key] = needs(needed)
    ordered = order(graph)
    for key, rule in graph.items():
        for reference in references(rule).achievements:
            assert ordered.index(reference.key) < ordered.index(key)
