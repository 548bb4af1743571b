"""Which areas of a test have a figure of their own, from what learners answered."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

import itembank
from assessment.access import system
from assessment.analysis import areas, duties
from assessment.analysis.responses import NOT_GIVEN, recorded_scores
from assessment.audit.models import AuditBody
from assessment.demo.builders.examinations import build_learner
from assessment.extensions import db
from assessment.items import service as items
from assessment.items.models import Test
from assessment.sittings.results import result_of
from tests.assessment.analysis.recording import of_scores, record
from tests.assessment.people.browser import sign_in
from tests.assessment.sittings.answers import sit
from tests.published.responses import RESPONSES

ACTOR = system("attest bank report")
SAPA = RESPONSES / "sapa_iq" / "ability_scored.csv"


def sapa() -> tuple[list[str], list[str], np.ndarray]:
    """Return names, subscales and complete cases of the SAPA ability items."""
    if not SAPA.exists():
        pytest.skip(f"the published table is not in {RESPONSES}")
    with SAPA.open(encoding="utf-8") as file:
        names = file.readline().strip().split(",")
        values = np.genfromtxt(file, delimiter=",")
    whole = values[~np.isnan(values).any(axis=1)].astype(np.int64)
    return names, [name.partition(".")[0] for name in names], whole


def two_skills(persons: int, *, correlation: float, seed: int = 3) -> Test:
    """Record a test of two areas of ten items, whose skills go together so far."""
    rng = np.random.default_rng(seed)
    spread = np.array([[1.0, correlation], [correlation, 1.0]])
    theta = rng.multivariate_normal([0, 0], spread, persons)
    bank = itembank.ItemParameters("2pl", 1.6, np.linspace(-1.5, 1.5, 10))
    scores = np.hstack(
        [itembank.simulate_scores(theta[:, k], bank, seed=seed + k) for k in range(2)]
    )
    keys = [f"{area}-{number}" for area in ("wires", "tools") for number in range(10)]
    test, _learners = record(
        of_scores("skills", keys, [key.partition("-")[0] for key in keys], scores.astype(np.int64)),
        key="skills",
    )
    return test


def areas_shown(page: str) -> dict[str, str]:
    """Return what the result page says of each area."""
    row = r'<tr><th scope="row">([^<]+)</th><td data-label="Shown">(.+?)</td>'
    return {title.lower(): said for title, said in re.findall(row, page)}


def test_sapa_s_subscales_are_shown_as_the_comparison_says(app: Flask, client: FlaskClient) -> None:
    names, subscales, scores = sapa()
    expected = itembank.subscores(scores, subscales)
    told = {each.area for each in expected.areas if each.prmse_subscore > each.prmse_total}
    assert 0 < len(told) < 4
    with app.app_context():
        test, _learners = record(of_scores("sapa", names, subscales, scores), key="sapa")
        (found,) = areas.report_bank(test.bank_id, ACTOR)
        assert found.persons == len(scores)
        assert set(found.told) == told == items.told_areas("sapa")
        person, actor = build_learner()
        sitting_id = sit("sapa", actor, right=9).sitting.id
        sign_in(client, person)
    shown = areas_shown(client.get(f"/sittings/{sitting_id}").text)
    assert set(shown) == {each.lower() for each in subscales}
    assert {area for area, said in shown.items() if re.fullmatch(r"\d+\s%", said)} == told
    assert all("Not enough evidence to say" in shown[area] for area in set(shown) - told)


@pytest.mark.parametrize(("correlation", "shown"), [(0.2, 2), (0.99, 0)])
def test_areas_that_go_together_tell_no_more_than_the_total(
    context: Flask, correlation: float, shown: int
) -> None:
    test = two_skills(400, correlation=correlation)
    (found,) = areas.report_bank(test.bank_id, ACTOR)
    assert len(found.told) == shown
    report = items.latest_areas(test.id)
    assert report is not None
    assert report.areas["wires"]["items"] == 10
    assert report.areas["wires"]["told"] is bool(shown)


def test_few_sittings_tell_nothing(context: Flask) -> None:
    test = two_skills(150, correlation=0.0)
    assert areas.report_bank(test.bank_id, ACTOR) == []
    ended = sit("skills", build_learner()[1])
    result = result_of(ended.sitting)
    assert [each.is_told for each in result.areas] == [False, False]
    assert not result.areas_are_compared


@pytest.mark.parametrize(
    ("compared", "sentence"),
    [(False, "There is no figure for each area yet"), (True, "so far, the whole test tells more")],
)
def test_a_result_says_whether_its_areas_were_compared(
    app: Flask, client: FlaskClient, *, compared: bool, sentence: str
) -> None:
    with app.app_context():
        test = two_skills(250, correlation=0.99)
        if compared:
            areas.report_bank(test.bank_id, ACTOR)
        person, actor = build_learner()
        sitting_id = sit("skills", actor).sitting.id
        sign_in(client, person)
    assert sentence in client.get(f"/sittings/{sitting_id}").text


def test_a_version_that_asks_elsewhere_waits_for_sittings_of_its_own(context: Flask) -> None:
    """Nobody had questions of both of its areas: that is no fault, and not enough."""
    test = two_skills(300, correlation=0.0)
    recorded = recorded_scores(test.bank_id)
    other = replace(
        recorded,
        items=tuple(
            replace(item, area="ropes") if item.key in {"tools-0", "tools-1"} else item
            for item in recorded.items
        ),
    )
    moved = [place for place, item in enumerate(other.items) if item.area == "ropes"]
    other.scores[:, moved] = NOT_GIVEN
    test.blueprint = {"wires": 10, "ropes": 2}
    (found,) = areas.test_areas(test.bank_id, other)
    assert (found.persons, found.areas) == (300, {})


def test_what_is_found_is_audited_and_kept_once(context: Flask) -> None:
    test = two_skills(300, correlation=0.0)
    areas.report_bank(test.bank_id, ACTOR)
    areas.report_bank(test.bank_id, ACTOR)
    latest = items.latest_areas(test.id)
    assert latest is not None
    assert latest.number == 1
    db.session.commit()
    (said,) = [
        body for body in db.session.scalars(select(AuditBody.body)) if '"areas.compared"' in body
    ]
    details = json.loads(said)["details"]
    assert (details["told"], details["persons"]) == (["tools", "wires"], 300)


def test_a_worker_looks_again_when_many_more_have_sat(context: Flask) -> None:
    test = two_skills(300, correlation=0.0)
    assert areas.banks_to_report() == [test.bank_id]
    duties._report(test.bank_id)
    assert areas.banks_to_report() == []
    report = items.latest_areas(test.id)
    assert report is not None
    report.persons = 200
    assert areas.banks_to_report() == [test.bank_id]
    again = areas.report_bank(test.bank_id, ACTOR)
    assert set(again[0].told) == {"wires", "tools"}
    latest = items.latest_areas(test.id)
    assert latest is not None
    assert (latest.number, latest.persons) == (2, 300)


def test_a_new_version_goes_by_the_report_on_the_last_one(context: Flask) -> None:
    test = two_skills(300, correlation=0.0)
    areas.report_bank(test.bank_id, ACTOR)
    test.is_current = False
    assert items.told_areas("skills") == {"wires", "tools"}
    assert items.told_areas("another") == frozenset()
