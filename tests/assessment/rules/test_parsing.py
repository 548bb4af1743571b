"""Reading rules strictly, and writing them back."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.rules import RuleError, parse, parse_text, to_json
from assessment.rules.facts import Identity, Supervision
from assessment.rules.language import AreaScore, Conditions, RoleCount, RubricLevel, Score
from tests.assessment.rules.builders import anything

SCORE = {"test": "post", "percent": 80}
AREA = {"test": "post", "area": "a", "percent": 80}
RUBRIC = {"rubric": "task", "level": "proficient"}


def nested(depth: int) -> dict[str, Any]:
    """Return a rule of `depth` levels."""
    data: dict[str, Any] = dict(SCORE)
    for _ in range(depth - 1):
        data = {"all": [data]}
    return data


@given(anything)
def test_what_is_written_reads_back(data: dict[str, Any]) -> None:
    rule = parse(data)
    assert parse(to_json(rule)) == rule
    assert parse_text(json.dumps(to_json(rule))) == rule


def test_defaults_are_left_out() -> None:
    data = {**AREA, "items": 1, "supervision": "none", "identity": "self"}
    assert to_json(parse(data)) == AREA
    assert to_json(parse({**RUBRIC, "raters": 1, "occasions": 1})) == RUBRIC


def test_conditions_are_read() -> None:
    data = {**SCORE, "supervision": "invigilated", "identity": "sign-in"}
    conditions = Conditions(Supervision.INVIGILATED, Identity.SIGN_IN)
    assert parse(data) == Score("post", Fraction(80), conditions)
    assert to_json(parse(data)) == data


def test_numbers_are_the_decimals_that_were_written() -> None:
    rule = parse({"test": "post", "percent": 66.7})
    assert isinstance(rule, Score)
    assert rule.percent == Fraction(667, 10)
    assert to_json(rule)["percent"] == 66.7


def test_the_order_of_roles_does_not_matter() -> None:
    rule = parse({**RUBRIC, "including": {"observer": 1, "assessor": 2}})
    assert isinstance(rule, RubricLevel)
    assert rule.including == (RoleCount("assessor", 2), RoleCount("observer", 1))


def test_an_area_asks_for_one_question_unless_told() -> None:
    assert parse(AREA) == AreaScore("post", "a", Fraction(80), items=1)


BAD: list[tuple[object, str, str]] = [
    (None, "", "got null at the top of the rule"),
    ([], "", "an object with text keys; got an empty list"),
    ({1: 2}, "", "an object with text keys"),
    ({}, "", "got an empty object"),
    ({"tset": "post", "percent": 80}, "", "got `tset`, `percent`"),
    ({"all": [SCORE], "any": [SCORE]}, "", "got `all` and `any`"),
    ({"all": []}, "/all", "`all` must be a list with at least one part; got an empty list at /all"),
    ({"all": SCORE}, "/all", "got an object"),
    ({"all": [SCORE, 7]}, "/all/1", "got 7 at /all/1"),
    ({"all": [SCORE], "note": "x"}, "/note", "`note` must be left out"),
    ({"any": [{"all": [SCORE, {**SCORE, "percents": 1}]}]}, "/any/0/all/1/percents", "percents"),
    ({"test": "post"}, "", "`percent` must be a number above 0 and at most 100; got nothing"),
    ({**SCORE, "percent": True}, "/percent", "got true"),
    ({**SCORE, "percent": "80"}, "/percent", 'got "80"'),
    ({**SCORE, "percent": float("nan")}, "/percent", "got NaN"),
    ({**SCORE, "percent": float("inf")}, "/percent", "got Infinity"),
    ({**SCORE, "percent": 0}, "/percent", "got 0"),
    ({**SCORE, "percent": -1}, "/percent", "got -1"),
    ({**SCORE, "percent": 100.5}, "/percent", "got 100.5"),
    ({**SCORE, "percent": 10**5000}, "/percent", "got a number of too many digits"),
    ({**SCORE, "percent": Fraction(80)}, "/percent", "got a Python Fraction"),
    ({**SCORE, "items": 5}, "/items", "`items` must be left out"),
    ({**SCORE, "test": ""}, "/test", "printable text of 1 to 200 characters"),
    ({**SCORE, "test": " "}, "/test", "printable"),
    ({**SCORE, "test": "a\x00b"}, "/test", "printable"),
    ({**SCORE, "test": "\ud800"}, "/test", "printable"),
    ({**SCORE, "test": "x" * 201}, "/test", "printable"),
    ({**SCORE, "test": None}, "/test", "got null"),
    ({**SCORE, "supervision": "strict"}, "/supervision", "'invigilated'; got \"strict\""),
    ({**SCORE, "identity": 1}, "/identity", "'document'; got 1"),
    ({**AREA, "items": 0}, "/items", "a whole number from 1 to 10000; got 0"),
    ({**AREA, "items": 2.5}, "/items", "got 2.5"),
    ({**AREA, "items": True}, "/items", "got true"),
    ({**AREA, "mastery": 0.9}, "/area", "`area` must be left out"),
    ({"test": "post", "mastery": 1}, "/mastery", "above 0 and below 1; got 1"),
    ({"test": "post", "mastery": 90}, "/mastery", "got 90"),
    ({"rubric": "task"}, "", "`level` must be"),
    ({**RUBRIC, "raters": 0}, "/raters", "got 0"),
    ({**RUBRIC, "including": []}, "/including", "got an empty list"),
    ({**RUBRIC, "including": {}}, "/including", 'an object such as {"observer": 1}'),
    ({**RUBRIC, "including": {"a/b~": -1}}, "/including/a~1b~0", "got -1"),
    ({**RUBRIC, "occasions": "two"}, "/occasions", 'got "two"'),
    ({**RUBRIC, "below": "x", "criterion": "c"}, "/below", "inside a `none`"),
    ({"none": [{**RUBRIC, "below": "x", "criterion": "c"}]}, "/none/0/level", "left out"),
    ({"achievement": "x", "within_months": 0}, "/within_months", "from 1 to 1200; got 0"),
    ({"achievement": ["x"]}, "/achievement", "got a list"),
    ({"credits": 9}, "", "`from` must be a list with at least one part; got nothing"),
    ({"credits": 9, "from": []}, "/from", "got an empty list"),
    ({"credits": 9, "from": "x"}, "/from", 'got "x"'),
    ({"credits": 9, "from": ["x", "y", "x"]}, "/from/2", "named once each"),
    ({"credits": 0, "from": ["x"]}, "/credits", "got 0"),
    ({"recognition": 4}, "/recognition", "got 4"),
    ({"hold": "integrity"}, "/hold", "`hold` must be inside a `none`"),
    ({"at_least": 3, "of": [SCORE, SCORE]}, "/at_least", "from 1 to 2; got 3"),
    ({"at_least": 1, "of": []}, "/of", "got an empty list"),
    ({"at_least": 1}, "", "`of` must be"),
    ({"weighted": [[SCORE, 1]]}, "", "`percent` must be"),
    ({"weighted": [SCORE], "percent": 70}, "/weighted/0", "pairs [rule, weight]; got an object"),
    ({"weighted": [[SCORE]], "percent": 70}, "/weighted/0", "got a list"),
    ({"weighted": [[SCORE, 0]], "percent": 70}, "/weighted/0/1", "`weight` must be"),
    ({"weighted": [[SCORE, False]], "percent": 70}, "/weighted/0/1", "got false"),
    ({"weighted": [[3, 1]], "percent": 70}, "/weighted/0/0", "got 3"),
    ({"none": [{"none": [SCORE]}]}, "/none/0/none", "outside any other `none`"),
    ({"none": [{"all": [{"none": [SCORE]}]}]}, "/none/0/all/0/none", "a veto of a veto"),
]


@pytest.mark.parametrize(("data", "path", "words"), BAD, ids=range(len(BAD)))
def test_faults_are_refused_with_their_path(data: object, path: str, words: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse(data)
    assert caught.value.path == path
    assert words in caught.value.sentence
    assert str(caught.value) == caught.value.sentence
    assert len(caught.value.sentence) < 400


def test_twenty_levels_are_the_most() -> None:
    assert to_json(parse(nested(20))) == nested(20)
    with pytest.raises(RuleError, match="at most 20 levels deep") as caught:
        parse(nested(21))
    assert caught.value.path == "/all/0" * 20


def test_two_hundred_nodes_are_the_most() -> None:
    assert parse({"all": [SCORE] * 199})
    with pytest.raises(RuleError, match="at most 200 nodes") as caught:
        parse({"all": [SCORE] * 10_000})
    assert caught.value.path == "/all/199"


def test_data_that_holds_itself_is_refused() -> None:
    data: dict[str, Any] = {"all": []}
    data["all"].append(data)
    with pytest.raises(RuleError, match="levels deep"):
        parse(data)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "must be JSON"),
        ('{"test": "post",\n "percent": }', "line 2"),
        ('{"test": "post", "percent": 80, "percent": 5}', "given once in each object"),
        ('{"test": "post", "percent": NaN}', "got NaN"),
        ('{"test": "post", "percent": 1' + "0" * 5000 + "}", "a sensible length"),
        ('{"all":[' * 20_000, "levels deep"),
        ('"' + "x" * 200_000, "at most 200000 characters"),
    ],
)
def test_text_that_is_no_rule_is_refused(text: str, words: str) -> None:
    with pytest.raises(RuleError, match=words):
        parse_text(text)


HEADS = ("all", "any", "at_least", "weighted", "none", "test", "rubric", "achievement", "credits")
KEYS = ("of", "percent", "area", "items", "mastery", "level", "criterion", "below", "including")
REST = ("recognition", "hold", "from", "within_months", "supervision", "identity", "raters")
_keys = st.sampled_from((*HEADS, *KEYS, *REST))
_atoms = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
json_data = st.recursive(
    _atoms,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_keys, inner, max_size=4),
    max_leaves=12,
)


def fault(data: object) -> RuleError | None:
    """Return the fault of data, None where it is a rule."""
    try:
        parse(data)
    except RuleError as error:
        return error
    return None


@given(json_data)
def test_any_data_is_a_rule_or_refused_with_a_sentence_and_a_path(data: object) -> None:
    found = fault(data)
    if found is None:
        assert fault(to_json(parse(data))) is None
    else:
        assert found.sentence.endswith(".")
        assert found.path == "" or found.path.startswith("/")
