"""The demo's rubrics, tasks and exemplars: whole in both languages, distinct, and varied."""

import io
from collections import Counter
from itertools import pairwise

import pytest
from PIL import Image

import rubrics
from assessment.demo import content_files
from assessment.demo.works.drawing import SIZE
from assessment.demo.works.pieces import PICTURE, SCALE, TEXT, content
from assessment.demo.works.plan import MAKERS, exemplars
from assessment.languages import LANGUAGES

KEYS = tuple(MAKERS)
GATE, SEEDS = 30, 6
"""What it takes at least to qualify somebody, and to watch them afterwards."""


def rubric(key: str) -> rubrics.Rubric:
    """Return one of the demo's rubrics."""
    found = {each.rubric.key: each.rubric for each in content_files.published_rubrics()}
    return found[key]


@pytest.mark.parametrize("key", KEYS)
def test_rubrics_are_whole_in_both_languages(key: str) -> None:
    found = rubric(key)
    assert set(found.languages) == set(LANGUAGES)
    assert found.scale == SCALE
    assert len(found.criteria) == 5
    said = [
        words[lang]
        for each in found.criteria
        for words in each.descriptors.values()
        for lang in LANGUAGES
    ]
    assert len(set(said)) == len(said)


def test_what_safety_rests_on_is_safety_critical() -> None:
    critical = {
        key: {each.key for each in rubric(key).criteria if each.is_safety_critical} for key in KEYS
    }
    assert critical["hv-isolation"] == {"protection", "lockout", "verification"}
    assert critical["hv-risk-assessment"] == {"hazards"}


def test_whoever_was_there_is_not_asked_about_paper() -> None:
    asked = {each.key for each in rubric("hv-isolation").criteria if each.observers_may_rate}
    assert asked == {"preparation", "protection", "lockout", "verification"}


def test_each_task_asks_two_assessors_and_isolating_somebody_who_was_there() -> None:
    policies = {
        each.key: rubrics.Policy(rubric=rubric(each.rubric), **each.policy)
        for each in content_files.tasks()
    }
    assert {key: each.observers_needed for key, each in policies.items()} == {
        "isolate-hv-battery": 1,
        "risk-assessment-hv": 0,
    }
    assert all(each.raters == 2 and each.required == "proficient" for each in policies.values())


@pytest.mark.parametrize("key", KEYS)
def test_there_are_enough_exemplars_for_each_purpose(key: str) -> None:
    number = Counter(each.purpose for each in exemplars(key))
    assert number["training"] >= len(SCALE)
    assert number["gate"] >= GATE
    assert number["seed"] >= SEEDS


@pytest.mark.parametrize("key", KEYS)
def test_exemplars_are_distinct_and_in_both_languages(key: str) -> None:
    works = [each.work for each in exemplars(key)]
    pieces = [piece.data for work in works for piece in work.pieces]
    assert len(set(pieces)) == len(pieces)
    assert len({work.key for work in works}) == len(works)
    assert min(Counter(work.language for work in works).values()) >= len(works) // 4


@pytest.mark.parametrize("key", KEYS)
def test_every_level_of_every_criterion_has_to_be_told_apart_at_the_gate(key: str) -> None:
    at_gate = [each.work.levels for each in exemplars(key) if each.purpose == "gate"]
    for criterion in rubric(key).criteria:
        assert {levels[criterion.key] for levels in at_gate} == set(SCALE)
    safe = [each for each in rubric(key).criteria if each.is_safety_critical]
    below = [
        levels
        for levels in at_gate
        if any(SCALE.index(levels[each.key]) < SCALE.index(each.safety_level) for each in safe)
    ]
    assert 8 <= len(below) <= 24  # neither verdict can be guessed


@pytest.mark.parametrize("key", KEYS)
def test_reasons_stand_in_both_languages_and_quote_the_work(key: str) -> None:
    for work in (each.work for each in exemplars(key)):
        assert (
            work.levels.keys() == work.reasons.keys() == {each.key for each in rubric(key).criteria}
        )
        text = next(each for each in work.pieces if each.media_type == TEXT).data.decode()
        for criterion, reason in work.reasons.items():
            assert reason.keys() == set(LANGUAGES)
            quoted = reason["en"].split("“", 1)[1].split("”\n")[0].removesuffix("”")
            assert quoted in text, (work.key, criterion)
            assert "{" not in reason["fr"]


def test_a_better_assessment_says_more() -> None:
    make = MAKERS["hv-risk-assessment"]
    for job in range(8):
        sizes = [len(make(job, (rank,) * 5, "x").pieces[0].data) for rank in range(4)]
        assert all(lower < higher for lower, higher in pairwise(sizes))


def test_what_is_drawn_is_a_picture_that_shows_the_level() -> None:
    make = MAKERS["hv-isolation"]
    drawn = [
        each
        for rank in range(3)
        for each in make(3, (rank,) * 5, "x").pieces
        if each.media_type == PICTURE
    ]
    assert len({each.data for each in drawn}) == 3
    for each in drawn:
        assert each.criteria == ("protection", "lockout", "verification")
        with Image.open(io.BytesIO(each.data)) as picture:
            assert picture.size == (2 * SIZE[0], 2 * SIZE[1])


def test_a_drawing_needs_no_letter_that_its_font_lacks() -> None:
    for words in content("works")["drawn"].values():
        for word in words.values():
            assert word.replace("’", "'").replace("\N{NO-BREAK SPACE}", " ").isascii(), word
