"""The search: words in both languages, codes, and what people must plan for."""

from __future__ import annotations

import pytest
from flask import Flask

from assessment.catalogue.models import AchievementKind, Mode
from assessment.catalogue.search import PAGE_SIZE, fold
from assessment.catalogue.service import Filters, publish_occupation, search
from assessment.demo.builders.catalogue import build_achievement, build_framework, build_measure
from assessment.demo.builders.people import build_institution

PASSED = {"test": "post", "percent": 80}


@pytest.fixture
def catalogue(context: Flask) -> None:
    college = build_institution("college", name={"en": "Elm College", "fr": "Collège Orme"})
    build_measure("post", college)
    build_framework("isolate")
    publish_occupation("72410", {"en": "Automotive technicians", "fr": "Mécaniciens"})
    build_achievement(
        "vehicles",
        college,
        PASSED,
        title={"en": "Electric vehicles", "fr": "Véhicules électriques"},
        occupations=("72410",),
        competency_keys=("isolate",),
        minutes=45,
        cost_cents=0,
    )
    build_achievement(
        "aquaponics",
        college,
        PASSED,
        mode=Mode.IN_PERSON,
        place="Lethbridge",
        minutes=600,
        cost_cents=12000,
        languages=("en",),
    )
    build_achievement("radio", college, PASSED, mode=Mode.HYBRID, place="Moncton", minutes=120)


def keys(**asked: object) -> list[str]:
    return [each.achievement.key for each in search(Filters(**asked)).listings]  # type: ignore[arg-type]


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["aquaponics", "radio", "vehicles"]),
        ("ELECTRIC vehicles", ["vehicles"]),
        ("vehicules", ["vehicles"]),
        ("72410", ["vehicles"]),
        ("mécanicien", ["vehicles"]),
        ("technicians", ["vehicles"]),
        ("isolate", ["vehicles"]),
        ("lethbridge", ["aquaponics"]),
        ("elm college", ["aquaponics", "radio", "vehicles"]),
        ("electric radio", []),
        ("' UNION SELECT", []),
        ("%", ["aquaponics", "radio", "vehicles"]),
        ("_____________", ["aquaponics", "radio", "vehicles"]),
    ],
)
def test_words_are_found_without_accents_or_case_and_are_only_words(
    words: str, found: list[str]
) -> None:
    assert keys(words=words) == found


@pytest.mark.usefixtures("catalogue")
def test_each_filter_returns_its_class() -> None:
    assert keys(mode=Mode.IN_PERSON) == ["aquaponics"]
    assert keys(mode=Mode.HYBRID) == ["radio"]
    assert keys(mode=Mode.ONLINE) == ["vehicles"]
    assert keys(most_minutes=120) == ["radio", "vehicles"]
    assert keys(most_cents=0) == ["radio", "vehicles"]
    assert keys(language="fr") == ["radio", "vehicles"]
    assert keys(language='f"') == []
    assert keys(words="elm", most_minutes=60, most_cents=0, language="fr") == ["vehicles"]


@pytest.mark.usefixtures("catalogue")
def test_only_the_published_version_is_found() -> None:
    college = search(Filters(words="radio")).listings[0].awarded_by
    assert college is not None
    build_achievement("radio", college, PASSED, title={"en": "Wireless"}, minutes=5)
    assert keys(words="wireless") == ["radio"]
    assert len(keys()) == 3


@pytest.mark.usefixtures("catalogue")
def test_what_counts_most_comes_first() -> None:
    college = search(Filters()).listings[0].awarded_by
    assert college is not None
    build_achievement("z", college, PASSED, kind=AchievementKind.CERTIFICATE)
    assert keys() == ["z", "aquaponics", "radio", "vehicles"]


def test_pages_are_bounded(context: Flask) -> None:
    college = build_institution()
    build_measure("post", college)
    for number in range(PAGE_SIZE + 1):
        build_achievement(f"a{number:03}", college, PASSED)
    first, last = search(Filters()), search(Filters(), 99)
    assert (first.total, first.pages, len(first.listings)) == (PAGE_SIZE + 1, 2, PAGE_SIZE)
    assert (last.page, len(last.listings)) == (2, 1)


def test_folding_leaves_words_alone() -> None:
    assert fold("  Œuvre d’Été—ÉLECTRIQUE % ") == "oeuvre d ete electrique"
    assert fold("%_\\'") == ""
