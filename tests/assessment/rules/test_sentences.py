"""Outcomes in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract
from hypothesis import given

import assessment.rules
from assessment.rules import (
    AchievementFact,
    AreaFact,
    Explanation,
    Facts,
    HoldFact,
    Identity,
    LearningArea,
    RecognitionFact,
    Rule,
    Source,
    Supervision,
    Verdict,
    evaluate,
    explain,
    learning_areas,
    parse,
    to_json,
)
from tests.assessment.rules.builders import (
    ON,
    VOICE,
    facts_with,
    rules,
    safety,
    sat,
    shown,
)


def told(rule: dict[str, Any] | Rule, facts: Facts) -> Explanation:
    """Return what comes of a rule, in English."""
    data = parse(rule) if isinstance(rule, dict) else rule
    return explain(evaluate(data, facts, ON), **VOICE, format_date=day_and_month)


def day_and_month(day: date) -> str:
    """Return a day as "03 May"."""
    return f"{day:%d %B}"


def every(node: Explanation) -> Iterator[Explanation]:
    """Yield a node and all below it."""
    yield node
    for child in node.children:
        yield from every(child)


def scored(score: Any, **rest: Any) -> Facts:
    """Return the facts of one sitting of the post-test."""
    return Facts(tests=(sat(score=score, **rest),))


POST = {"test": "post", "percent": 80}
AREA = {"test": "post", "area": "a", "percent": 80, "items": 5}
TASK = {"rubric": "task", "level": "proficient", "raters": 2}
THEORY = {"achievement": "theory", "within_months": 12}
CREDITS = {"credits": 4.5, "from": ["theory", "practice"]}
OLD = Facts(achievements=(AchievementFact("a1", "theory", date(2020, 2, 1), 3),))

STATUSES: list[tuple[dict[str, Any], Facts, str]] = [
    (POST, Facts(), "Not yet shown."),
    (POST, scored(62), "Not yet shown: 62 %, 80 % needed."),
    (POST, scored(84), "Shown: 84 %, 80 % needed."),
    (
        {**POST, "supervision": "remote"},
        scored(84),
        "Not yet shown under the conditions needed: 84 %, 80 % needed.",
    ),
    ({**POST, "supervision": "remote"}, scored(62), "Not yet shown: 62 %, 80 % needed."),
    (
        AREA,
        scored(0, areas={"a": AreaFact(3, 3, 3)}),
        "Not enough questions to say: 3 answered, 5 needed.",
    ),
    (AREA, scored(0, areas={"a": AreaFact(3, 6, 6)}), "Not yet shown: 50 %, 80 % needed."),
    ({"test": "post", "mastery": 0.9}, scored(1), "Not enough evidence to say."),
    (
        {"test": "post", "mastery": 0.9},
        scored(1, mastery=0.8999),
        "Not yet shown: certainty 89 %, 90 % needed.",
    ),
    (
        {"test": "post", "mastery": 0.9},
        scored(1, mastery=0.95),
        "Shown with a certainty of 95 %, 90 % needed.",
    ),
    (TASK, Facts(), "Not yet shown."),
    (
        TASK,
        Facts(rubrics=(shown(level="expert", raters=2),)),
        "Shown: level expert of task, level proficient of task needed.",
    ),
    (
        TASK,
        Facts(rubrics=(shown(level="novice", raters=2),)),
        "Not yet shown: level novice of task, level proficient of task needed.",
    ),
    (
        TASK,
        Facts(rubrics=(shown(),)),
        (
            "Not enough evidence to say: level proficient of task so far, level proficient of task"
            " needed."
        ),
    ),
    (
        {**TASK, "criterion": "safety"},
        Facts(rubrics=(shown(),)),
        "Not enough evidence to say: this was not observed.",
    ),
    (THEORY, Facts(), "Not yet awarded."),
    (THEORY, OLD, "Awarded on 01 February, which is too long ago."),
    ({"achievement": "theory"}, OLD, "Awarded on 01 February."),
    (CREDITS, OLD, "Not yet shown: 3 credits, 4.5 needed."),
    ({**CREDITS, "credits": 3}, OLD, "Shown: 3 credits, 3 needed."),
    ({"recognition": "ticket"}, Facts(), "Not yet recognised."),
    (
        {"recognition": "ticket"},
        Facts(recognitions=(RecognitionFact("r1", "ticket", ON),)),
        "Recognised on 03 May.",
    ),
    ({"all": [POST, THEORY]}, scored(84), "Shown so far: 1; needed: 2."),
    ({"all": [POST]}, scored(84), "All of this is shown."),
    ({"any": [POST, THEORY]}, scored(84), "One of these ways is shown."),
    ({"any": [POST, THEORY]}, Facts(), "None of these ways is shown yet."),
    ({"at_least": 2, "of": [POST, THEORY]}, scored(84), "Shown so far: 1; needed: 2."),
    (
        {"weighted": [[POST, 1], [THEORY, 1]], "percent": 70},
        scored(84),
        "Not yet shown: 50 %, 70 % needed.",
    ),
    ({"weighted": [[POST, 1]], "percent": 70}, scored(84), "Shown: 100 %, 70 % needed."),
    ({"none": [{"hold": "integrity"}]}, Facts(), "Nothing stands in the way."),
    ({"none": [POST]}, scored(84), "Something stands in the way."),
    ({"all": [{"none": [{"hold": "integrity"}]}]}, Facts(), "Nothing stands in the way."),
    ({"all": [THEORY, {"none": [POST]}]}, scored(84), "Shown so far: 0; needed: 1."),
    (
        {"all": [POST, {"none": [{"test": "post", "percent": 10}]}]},
        scored(84),
        "Something stands in the way.",
    ),
]


@pytest.mark.parametrize(("rule", "facts", "sentence"), STATUSES)
def test_how_it_stands_is_a_sentence(rule: dict[str, Any], facts: Facts, sentence: str) -> None:
    assert told(rule, facts).sentence == sentence


@pytest.mark.parametrize(
    ("percent", "points", "sentence"),
    [
        (80, 79_999, "Not yet shown: 79.9 %, 80 % needed."),
        (80, 79_960, "Not yet shown: 79.9 %, 80 % needed."),
        (80, 80_049, "Shown: 80 %, 80 % needed."),
        (66.67, 66_669, "Not yet shown: 66.66 %, 66.67 % needed."),
        (62.5, 62_500, "Shown: 62.5 %, 62.5 % needed."),
    ],
)
def test_what_falls_short_never_reads_as_enough(percent: float, points: int, sentence: str) -> None:
    rule = {"test": "post", "percent": percent}
    assert told(rule, scored(points, possible=100_000)).sentence == sentence


MISSING: list[tuple[dict[str, Any], Facts, tuple[str, ...]]] = [
    (POST, scored(84), ()),
    (POST, scored(62), ("Still missing: at least 80 % on test post.",)),
    (
        {**POST, "supervision": "invigilated", "identity": "document"},
        scored(84),
        (
            "Still missing: a sitting of test post with an invigilator present.",
            "Still missing: a sitting of test post with your identity document checked.",
        ),
    ),
    (
        {**POST, "supervision": "remote", "identity": "sign-in"},
        scored(84),
        (
            "Still missing: a sitting of test post supervised remotely or by an invigilator.",
            "Still missing: a sitting of test post while signed in.",
        ),
    ),
    (
        AREA,
        scored(0, areas={"a": AreaFact(1, 3, 3)}),
        (
            "Still missing: at least 80 % in area post/a, part of test post.",
            (
                "Still missing: a sitting of test post with at least 5 questions answered in"
                " area post/a."
            ),
        ),
    ),
    (
        {"test": "post", "mastery": 0.9},
        Facts(),
        ("Still missing: a certainty of at least 90 % on test post.",),
    ),
    (
        {**TASK, "including": {"observer": 1}, "occasions": 3},
        Facts(rubrics=(shown(level="novice", raters=1),)),
        (
            "Still missing: the level proficient of task in rubric task.",
            "Still missing for rubric task: a rating by 1 more person.",
            "Still missing for rubric task: 1 more rating in this role: role observer.",
            "Still missing for rubric task: 3 more occasions.",
        ),
    ),
    (
        {**TASK, "criterion": "safety"},
        Facts(rubrics=(shown(raters=2, criteria=safety("novice")),)),
        (
            (
                "Still missing: the level proficient of task/safety in criterion task/safety, part"
                " of rubric task."
            ),
        ),
    ),
    (THEORY, Facts(), ("Still missing: award theory.",)),
    (THEORY, OLD, ("Still missing: a newer award of award theory.",)),
    (CREDITS, OLD, ("Credits still missing: 1.5. These count: award theory, award practice.",)),
    ({"recognition": "ticket"}, Facts(), ("Still missing: recognition of outside ticket.",)),
    (
        {"none": [{"hold": "integrity"}]},
        Facts(holds=(HoldFact("h1", "integrity", ON),)),
        ("A hold must be lifted first: hold integrity.",),
    ),
    (
        {"none": [{"rubric": "task", "criterion": "safety", "below": "proficient"}]},
        Facts(rubrics=(shown(criteria=safety("novice")),)),
        (
            (
                "Still missing: a new rating of criterion task/safety at the level proficient of"
                " task/safety or above."
            ),
        ),
    ),
    (
        {"none": [{"achievement": "theory"}]},
        OLD,
        ("You hold award theory, which rules this out.",),
    ),
    (
        {"none": [POST]},
        scored(84),
        ("Something on your record rules this out; please ask the registrar.",),
    ),
    (
        {"all": [POST, POST, {"any": [THEORY, {"test": "post", "percent": 90}]}]},
        scored(62),
        (
            "Still missing: at least 80 % on test post.",
            "Still missing: at least 90 % on test post.",
        ),
    ),
]


@pytest.mark.parametrize(("rule", "facts", "sentences"), MISSING)
def test_what_is_missing_is_a_sentence_each(
    rule: dict[str, Any], facts: Facts, sentences: tuple[str, ...]
) -> None:
    assert told(rule, facts).missing == sentences


def test_every_fact_used_is_told_with_its_checks() -> None:
    watched = {"supervision": Supervision.INVIGILATED, "identity": Identity.DOCUMENT}
    assert told(POST, scored(84, **watched)).facts == (
        "Sat on 03 May. An invigilator was present. An identity document was checked.",
    )
    remote = {"supervision": Supervision.REMOTE, "identity": Identity.SIGN_IN}
    assert told(POST, scored(84, **remote)).facts == (
        "Sat on 03 May. It was supervised remotely. Identity was checked by signing in.",
    )
    assert told(POST, scored(84)).facts == (
        "Sat on 03 May. Nobody supervised it. Identity was declared by the learner.",
    )
    assert told(TASK, Facts(rubrics=(shown(),))).facts == ("Shown on 03 May.",)
    assert told(CREDITS, OLD).facts == ("Awarded on 01 February.",)


def test_a_veto_is_turned_round_for_the_reader() -> None:
    rule = {"all": [POST, {"none": [{"hold": "integrity"}, THEORY]}]}
    held = replace(scored(84), holds=(HoldFact("h1", "integrity", ON),))
    veto = told(rule, held).children[1]
    hold, theory = veto.children
    assert (hold.met, hold.verdict, hold.progress) == (False, Verdict.NOT_YET, 0)
    assert hold.sentence == "This hold has stood since 03 May."
    assert hold.facts == ("Placed on 03 May.",)
    assert (theory.met, theory.verdict, theory.progress) == (True, Verdict.MET, 1)
    assert theory.sentence == "This does not stand in the way."
    assert told(rule, scored(84)).children[1].children[0].sentence == "There is no such hold."


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (Facts(), "This has not been rated yet."),
        (
            Facts(rubrics=(shown(criteria=safety("novice")),)),
            "The last rating was novice of task/safety, which is too low.",
        ),
        (
            Facts(rubrics=(shown(criteria=safety("expert")),)),
            "The last rating was expert of task/safety, which is enough.",
        ),
    ],
)
def test_a_safety_criterion_says_its_last_rating(facts: Facts, sentence: str) -> None:
    rule = {"none": [{"rubric": "task", "criterion": "safety", "below": "proficient"}]}
    assert told(rule, facts).children[0].sentence == sentence


def learning(rule: dict[str, Any], facts: Facts) -> list[LearningArea]:
    """Return where learning would help."""
    return list(learning_areas(evaluate(parse(rule), facts, ON)))


def test_learning_is_named_for_the_gaps_and_for_nothing_else() -> None:
    rule = {"all": [POST, AREA, TASK, THEORY, CREDITS, {"recognition": "ticket"}]}
    facts = replace(scored(84, areas={"a": AreaFact(1, 10, 10)}), achievements=OLD.achievements)
    assert learning(rule, facts) == [
        LearningArea(Source.TEST, "post", "a"),
        LearningArea(Source.RUBRIC, "task"),
        LearningArea(Source.ACHIEVEMENT, "theory"),
        LearningArea(Source.ACHIEVEMENT, "practice"),
    ]


def test_learning_names_the_other_ways_too_but_none_once_one_is_shown() -> None:
    rule = {"any": [POST, {"test": "pre", "mastery": 0.9}]}
    assert learning(rule, scored(62)) == [
        LearningArea(Source.TEST, "post"),
        LearningArea(Source.TEST, "pre"),
    ]
    assert learning(rule, scored(84)) == []


def test_a_sitting_that_only_lacked_its_conditions_needs_no_learning() -> None:
    assert learning({**POST, "supervision": "invigilated"}, scored(84)) == []
    assert learning(TASK, Facts(rubrics=(shown(),))) == []
    assert learning(AREA, scored(0, areas={"a": AreaFact(3, 3, 3)})) == []


def test_a_veto_needs_no_learning() -> None:
    assert learning({"none": [POST]}, scored(84)) == []


@given(rules, facts_with())
def test_every_outcome_can_be_told(rule: Rule, facts: Facts) -> None:
    found = told(rule, facts)
    for node in every(found):
        for sentence in (node.requirement, *node.conditions, node.sentence, *node.facts):
            assert sentence[0].isupper()
            assert sentence.endswith(".")
            assert "%(" not in sentence
            assert "None" not in sentence.replace("None of these", "")
        assert node.progress == 1 or not node.met
    assert found.met or found.missing
    assert to_json(rule)


FOLDER = Path(assessment.rules.__file__).parent


def messages() -> set[str]:
    """Return every message id that Babel extracts from the package, plurals included."""
    found: set[str] = set()
    for path in FOLDER.glob("*.py"):
        for _, message, _, _ in extract("python", BytesIO(path.read_bytes())):
            found |= {message} if isinstance(message, str) else set(message)
    return found


PHRASES = {"less than %(share)s", "more than %(share)s"}
"""What stands for a figure inside a sentence."""


def test_messages_are_whole_sentences_without_the_word_failed() -> None:
    assert messages() > PHRASES
    assert len(messages()) > 80
    for message in messages() - PHRASES:
        assert message[0].isupper()
        assert message.endswith(".")
        assert "fail" not in message.lower()
        assert re.sub(r"%\(\w+\)[sd]", "", message).count("%") == 0


@given(rules, facts_with())
def test_every_message_used_is_one_that_translators_are_given(rule: Rule, facts: Facts) -> None:
    used: list[str] = []

    def gettext(message: str, /, **values: object) -> str:
        used.append(message)
        return message % values if values else message

    def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
        used.extend((one, many))
        return many % {"num": number, **values}

    voice = {**VOICE, "gettext": gettext, "ngettext": ngettext}
    explain(evaluate(rule, facts, ON), **voice, format_date=str)
    assert set(used) <= EXTRACTED


EXTRACTED = messages()
