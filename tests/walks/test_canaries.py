"""Keys and rationales planted with canaries: a full run shows none of them to a learner."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

import itembank
from assessment.demo.builders.examinations import (
    BUILDER,
    build_achievement,
    build_adaptive_test,
    build_learner,
    build_scale,
    build_test,
)
from assessment.demo.builders.people import build_institution
from assessment.extensions import db
from assessment.items import service as items
from assessment.items.models import Bank
from assessment.people.models import Institution
from assessment.sittings.models import Ending, Sitting
from tests.assessment.people.browser import sign_in

CANARY = "canary-4711"
MOMENT = re.compile(r"\d\d:\d\d\.\d+")
"""Any digits may be those of a second."""
AREA = "birds"
QUESTIONS = 4


def planted(number: int) -> itembank.Item:
    """Return an item whose secret parts all hold the canary."""
    return itembank.Item(
        id=f"{CANARY}-item-{number}",
        area=AREA,
        kind=itembank.ItemKind.CHOICE,
        stem={"en": f"Which bird is number {number}?", "fr": f"Quel oiseau porte le {number} ?"},
        options=tuple({"en": f"Bird {i}", "fr": f"Oiseau {i}"} for i in range(4)),
        key=frozenset({number % 4}),
        rationale={"en": f"{CANARY}-rationale", "fr": f"{CANARY}-justification"},
        references=(f"{CANARY}-reference",),
        author=f"{CANARY}-author",
    )


def numeric() -> itembank.Item:
    """Return a numeric item whose answer is the canary."""
    return itembank.Item(
        id=f"{CANARY}-number",
        area="counts",
        kind=itembank.ItemKind.NUMERIC,
        stem={"en": "How many birds?", "fr": "Combien d'oiseaux ?"},
        answer=471147,
    )


def worded() -> itembank.Item:
    """Return a text item whose accepted form is the canary."""
    return itembank.Item(
        id=f"{CANARY}-word",
        area="names",
        kind=itembank.ItemKind.TEXT,
        stem={"en": "Name the bird.", "fr": "Nommez l'oiseau."},
        accepted={"en": (f"{CANARY}-accepted",), "fr": (f"{CANARY}-admis",)},
    )


@pytest.fixture
def aviary(app: Flask) -> None:
    with app.app_context():
        institution = build_institution("aviary")
        parsed = itembank.ParsedBank(
            key="birds",
            title={"en": "Birds", "fr": "Oiseaux"},
            licence="",
            areas=tuple(
                itembank.Area(key, {"en": key.title()}, None, None)
                for key in (AREA, "counts", "names")
            ),
            items=(*(planted(n) for n in range(QUESTIONS)), numeric(), worded()),
            refused=(),
            warnings=(),
        )
        into = items.BankSpec(key=f"{CANARY}-bank", institution_id=institution.id)
        items.import_bank(parsed, into, BUILDER)
        blueprint = {AREA: QUESTIONS, "counts": 1, "names": 1}
        build_test(institution, f"{CANARY}-bank", "birds", blueprint=blueprint)
        build_achievement(institution, "birder", {"test": "birds", "percent": 50})
        db.session.commit()


def responses(browser: FlaskClient) -> Iterator[tuple[str, str]]:
    """Yield the address and the whole of every response of a run, headers included."""

    def get(url: str, **headers: str) -> tuple[str, str]:
        got = browser.get(url, headers=headers, follow_redirects=True)
        return url, f"{got.headers}\n{got.text}"

    for url in ("/", "/catalogue", "/achievements/birder", "/tests/birds", "/me"):
        yield get(url)
    started = browser.post("/tests/birds", data={"terms": "y"})
    sitting = f"/sittings/{started.location.rsplit('/', 1)[1]}"
    yield "start", f"{started.headers}\n{started.text}"
    for position in range(1, QUESTIONS + 3):
        url = f"{sitting}/questions/{position}"
        yield get(url)
        for data in ({"choice": "0"}, {"choice": "9"}, {"text": "x" * 5000}, {"choice": "1"}):
            for accept in ("text/html", "application/json"):
                sent = browser.post(url, data=data, headers={"Accept": accept})
                yield url, f"{sent.headers}\n{sent.text}"
    yield get(f"{sitting}/review")
    yield get(f"{sitting}/time")
    yield get(f"{sitting}/figures/1")
    submitted = browser.post(f"{sitting}/submit", follow_redirects=True)
    yield "submit", f"{submitted.headers}\n{submitted.text}"
    for url in (sitting, "/me", "/me/gaps/birds", "/me/achievements/birder", "/me/allowance"):
        for language in ("en", "fr"):
            yield get(url, **{"Accept-Language": language})
    for url in ("/banks", "/banks/birds", "/registrar", "/practice/birds", "/practice/birds/1"):
        yield get(url)


def test_no_response_to_a_learner_holds_a_canary(app: Flask, aviary: None) -> None:
    browser = app.test_client()
    with app.app_context():
        sign_in(browser, build_learner()[0])
    seen = 0
    for url, whole in responses(browser):
        seen += 1
        for secret in (CANARY, "471147"):
            assert secret not in MOMENT.sub("", whole), (url, secret)
    assert seen > 60


def adaptive_responses(browser: FlaskClient) -> Iterator[tuple[str, str]]:
    """Yield the same of a run of an adaptive test, taken to its end."""
    started = browser.post("/tests/flock", data={"terms": "y"})
    sitting = f"/sittings/{started.location.rsplit('/', 1)[1]}"
    for position in range(1, QUESTIONS + 3):
        url = f"{sitting}/questions/{position}"
        sendings = ({}, {"choice": "9"}, {"text": "x" * 5000}, {"go": "unsure"}, {"choice": "1"})
        for data in sendings:
            for accept in ("text/html", "application/json"):
                sent = browser.post(url, data=data, headers={"Accept": accept})
                yield url, f"{sent.headers}\n{sent.text}"
                shown = browser.get(url, headers={"Accept": accept}, follow_redirects=True)
                yield url, f"{shown.headers}\n{shown.text}"
        switched = browser.post(f"{url}/language", data={"go": "language:fr"})
        yield url, f"{switched.headers}\n{switched.text}"
    for url in (f"{sitting}/review", f"{sitting}/time", sitting, "/tests/flock", "/me"):
        shown = browser.get(url, follow_redirects=True)
        yield url, f"{shown.headers}\n{shown.text}"


def test_no_response_of_an_adaptive_test_holds_a_canary(app: Flask, aviary: None) -> None:
    browser = app.test_client()
    with app.app_context():
        bank = db.session.scalars(select(Bank)).one()
        build_scale(bank, slope=0.471147)
        blueprint = {AREA: QUESTIONS, "counts": 1, "names": 1}
        house = db.session.get_one(Institution, bank.institution_id)
        usual = items.Adaptivity()
        build_adaptive_test(house, bank.key, "flock", blueprint=blueprint, adaptive=usual)
        sign_in(browser, build_learner()[0])
    seen = 0
    for url, whole in adaptive_responses(browser):
        seen += 1
        for secret in (CANARY, "471147"):
            assert secret not in MOMENT.sub("", whole), (url, secret)
    assert seen > 100
    with app.app_context():
        assert db.session.scalars(select(Sitting.ending)).one() == Ending.COMPLETE


def test_a_page_of_a_question_shows_places_and_not_the_key(app: Flask, aviary: None) -> None:
    browser = app.test_client()
    with app.app_context():
        sign_in(browser, build_learner()[0])
    started = browser.post("/tests/birds", data={"terms": "y"})
    page = browser.get(started.location, follow_redirects=True).text
    values = [str(place) for place in range(4)]
    found = [value for value in values if f'value="{value}" id="choice-{value}"' in page]
    assert found in (values, [])  # in order of place, or a question without options


def test_right_and_wrong_answers_are_answered_alike(app: Flask, aviary: None) -> None:
    browser = app.test_client()
    with app.app_context():
        sign_in(browser, build_learner()[0])
    started = browser.post("/tests/birds", data={"terms": "y"})
    url = f"/sittings/{started.location.rsplit('/', 1)[1]}/questions/1"
    lengths = set()
    for revision, choice in enumerate("0123"):
        sent = browser.post(
            url,
            data={"choice": choice, "revision": str(revision)},
            headers={"Accept": "application/json"},
        )
        lengths.add(len(sent.data))
    assert len(lengths) == 1
