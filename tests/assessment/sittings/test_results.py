"""What a result says: a percentage, how sure that makes us, and of an adaptive test a verdict."""

from __future__ import annotations

import html
import secrets

import pytest
from flask import Flask
from flask.testing import FlaskClient

from assessment.demo.builders.examinations import (
    Examination,
    build_adaptive_test,
    build_examination,
    build_learner,
    build_scale,
)
from assessment.extensions import db
from assessment.items import service as items
from assessment.items.models import Bank
from assessment.rules import Verdict
from assessment.sittings import results, service
from assessment.sittings.models import Sitting
from tests.assessment.people.browser import sign_in
from tests.assessment.sittings.answers import answer_until_it_ends, sit

SEED = 7  # of every draw here: how sure a few questions make us depends on which they are
ABOVE, BELOW = "above the passing mark", "below the passing mark"


def build_scaled() -> Examination:
    """Return an examination whose bank has a scale, with an adaptive test besides."""
    made = build_examination()
    build_scale(db.session.query(Bank).filter_by(key=made.bank_key).one())
    build_adaptive_test(made.institution, made.bank_key, "adaptive")
    return made


def adapt(*, right: bool) -> Sitting:
    """Return a scored sitting of the adaptive test by a new learner, all right or all wrong."""
    _person, actor = build_learner()
    test = items.current_test("adaptive")
    assert test is not None
    sitting = service.begin(test, actor)
    return answer_until_it_ends(sitting, actor, lambda _position: right).sitting


@pytest.fixture(autouse=True)
def one_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "randbits", lambda _bits: SEED)


@pytest.fixture
def examination(context: Flask) -> Examination:
    return build_scaled()


def test_a_linear_test_has_its_percentage_and_says_how_sure_that_makes_us(
    examination: Examination,
) -> None:
    result = results.result_of(sit("pre", build_learner()[1], right=3).sitting)
    assert (result.verdict, result.passed, result.is_adaptive) == (Verdict.MET, True, False)
    assert [mark.reached for mark in result.marks] == [True]
    assert ABOVE in result.sureness[0]
    assert "simulated responses (set 1)" in " ".join(result.sureness)
    assert result.ability is not None


def test_below_the_mark_is_not_yet(examination: Examination) -> None:
    result = results.result_of(sit("pre", build_learner()[1], right=2).sitting)
    assert (result.verdict, result.passed) == (Verdict.NOT_YET, False)


@pytest.mark.parametrize(("right", "verdict"), [(True, Verdict.MET), (False, Verdict.NOT_YET)])
def test_an_adaptive_test_has_a_verdict_and_no_percentage(
    right: bool, verdict: Verdict, examination: Examination
) -> None:
    sitting = adapt(right=right)
    result = results.result_of(sitting)
    assert (result.verdict, result.passed, result.is_adaptive) == (verdict, right, True)
    assert (result.marks, result.areas) == ((), ())
    assert results.best_percent(sitting.learner_id, "adaptive") is None


def test_stopped_at_once_there_is_not_enough_evidence(examination: Examination) -> None:
    _person, actor = build_learner()
    test = items.current_test("adaptive")
    assert test is not None
    ended = service.submit(service.begin(test, actor).id, actor)
    assert results.result_of(ended.sitting).verdict is Verdict.NOT_ENOUGH


def page_of(app: Flask, client: FlaskClient, key: str, *, right: bool) -> str:
    """Return the result page of a sitting, as its learner reads it."""
    with app.app_context():
        build_scaled()
        person, actor = build_learner()
        test = items.current_test(key)
        assert test is not None
        if key == "adaptive":
            sitting = service.begin(test, actor)
            answer_until_it_ends(sitting, actor, lambda _position: right)
        else:
            sitting = sit(key, actor, right=99 if right else 0).sitting
        browser, place = sign_in(client, person), f"/sittings/{sitting.id}"
    return html.unescape(browser.get(place).text)


def test_the_page_of_an_adaptive_test_shows_no_share_right(app: Flask, client: FlaskClient) -> None:
    page = page_of(app, client, "adaptive", right=True)
    assert "Shown: your ability is above the passing mark." in page
    assert "Every question was chosen at your level" in page
    assert " points" not in page
    assert "% needed" not in page
    assert 'src="data:image/svg+xml,' in page
    assert "The test had what it needed" in page
    assert "All its questions were asked" not in page


def test_the_page_of_an_adaptive_test_below_the_mark_says_what_next(
    app: Flask, client: FlaskClient
) -> None:
    page = page_of(app, client, "adaptive", right=False)
    assert "Not yet shown: your ability is below the passing mark so far." in page
    assert 'href="/me/gaps/adaptive"' in page
    assert "failed" not in page.lower()


def test_the_page_of_a_linear_test_says_how_sure_beside_the_percentage(
    app: Flask, client: FlaskClient
) -> None:
    page = page_of(app, client, "pre", right=True)
    assert "Shown: 100\N{NO-BREAK SPACE}%, 75\N{NO-BREAK SPACE}% needed." in page
    assert "sure that your ability is above the passing mark." in page
    assert "calibrated from simulated responses (set 1)" in page
    assert " style=" not in page
