"""Outcomes as text that replays to the same bytes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from hypothesis import given

from assessment.rules import (
    Facts,
    Rule,
    digest,
    evaluate,
    outcome_from_text,
    outcome_to_text,
    parse,
)
from tests.assessment.rules.builders import AT, ON, facts_with, measured, rules, sat

RULE = {"all": [{"test": "post", "percent": 80}, {"none": [{"hold": "integrity"}]}]}
TEXT = (
    '{"format":1,"outcome":{"children":[{"facts":[{"evidence":"e1","identity":"self",'
    '"source":"test","supervision":"none","version":1,"when":"2025-05-03T14:00:00+00:00"}],'
    '"figures":[{"found":62.5,"met":false,"needed":80,"quantity":"score"}],"kind":"score",'
    '"met":false,"path":"/all/0","progress":0.78125,"verdict":"not yet"},{"children":[{"kind":'
    '"hold","met":false,"path":"/all/1/none/0","progress":0,"verdict":"not yet"}],"kind":"none",'
    '"met":true,"path":"/all/1","progress":1,"verdict":"met"}],"kind":"all","met":false,"path":"",'
    '"progress":0.78125,"verdict":"not yet"},"rule":{"all":[{"percent":80,"test":"post"},'
    '{"none":[{"hold":"integrity"}]}]}}'
)


def test_the_text_is_pinned() -> None:
    facts = Facts(tests=(sat(score=125, possible=200),))
    assert outcome_to_text(evaluate(parse(RULE), facts, ON)) == TEXT


def test_what_a_sitting_measured_is_added_and_pinned() -> None:
    rule = parse({"test": "post", "mastery": 0.9})
    data = json.loads(outcome_to_text(evaluate(rule, Facts(tests=(measured(0.94),)), ON)))
    assert data["outcome"]["facts"][0]["assurance"] == {
        "probability": 0.94,
        "lowest": 0.92,
        "highest": 0.96,
        "basis": "item response theory",
        "ability": {
            "theta": 0.62,
            "se": 0.31,
            "mark": 0.1,
            "mark_se": 0.05,
            "scale": 2,
            "simulated": True,
        },
    }
    assert [each["quantity"] for each in data["outcome"]["figures"]] == ["mastery", "lowest"]


def test_that_a_panel_placed_the_scale_is_written_where_it_is_so() -> None:
    fact = measured(0.94)
    assert fact.ability is not None
    judged = replace(fact, ability=replace(fact.ability, simulated=False, judged=True))
    rule = parse({"test": "post", "mastery": 0.9})
    outcome = evaluate(rule, Facts(tests=(judged,)), ON)
    text = outcome_to_text(outcome)
    assert '"judged":true' in text
    assert outcome_from_text(text) == outcome


def test_a_probability_that_does_not_say_its_basis_is_written_as_it_always_was() -> None:
    rule = parse({"test": "post", "mastery": 0.9})
    text = outcome_to_text(evaluate(rule, Facts(tests=(sat(mastery=0.94),)), ON))
    assert text == (
        '{"format":1,"outcome":{"certainty":0.94,"facts":[{"evidence":"e1","identity":"self",'
        '"source":"test","supervision":"none","version":1,"when":"2025-05-03T14:00:00+00:00"}],'
        '"figures":[{"found":0.94,"met":true,"needed":0.9,"quantity":"mastery"}],"kind":"mastery",'
        '"met":true,"path":"","progress":1,"verdict":"met"},"rule":{"mastery":0.9,"test":"post"}}'
    )


def test_the_digest_is_pinned() -> None:
    assert digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert digest(TEXT) != digest(TEXT + " ")


@given(rules, facts_with())
def test_text_reads_back_and_writes_the_same(rule: Rule, facts: Facts) -> None:
    found = evaluate(rule, facts, ON)
    text = outcome_to_text(found)
    again = outcome_from_text(text)
    assert again == found
    assert outcome_to_text(again) == text
    assert again.missing == found.missing


@given(rules, facts_with())
def test_a_decision_replays_to_the_same_bytes(rule: Rule, facts: Facts) -> None:
    text = outcome_to_text(evaluate(rule, facts, ON))
    replayed = evaluate(outcome_from_text(text).rule, facts, ON)
    assert outcome_to_text(replayed) == text
    assert text.isascii()


def test_the_zone_of_a_time_does_not_matter() -> None:
    local = AT.astimezone(timezone(timedelta(hours=-4)))
    rule = parse({"test": "post", "percent": 80})
    texts = {
        outcome_to_text(evaluate(rule, Facts(tests=(sat(occurred_on=at),)), ON))
        for at in (AT, local)
    }
    assert len(texts) == 1


def test_only_a_whole_outcome_is_written() -> None:
    part = evaluate(parse(RULE), Facts(), ON).children[0]
    with pytest.raises(ValueError, match="`outcome` must be a whole rule's; got a part at /all/0"):
        outcome_to_text(part)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        "[" * 100_000,
        TEXT.replace('"format":1', '"format":2'),
        TEXT.replace('"not yet"', '"maybe"'),
        TEXT.replace('"percent":80', '"percent":800'),
        json.dumps(json.loads(TEXT) | {"rule": {"test": "post", "percent": 80}}),
    ],
)
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="`text` must be an outcome in canonical JSON, format 1"):
        outcome_from_text(text)
