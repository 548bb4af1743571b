"""A bank on its first day, over HTTP: nobody has answered it yet, and its mark is defended all the
same. A panel's file places items and mark; a learner sits, and the decision says how sure it is and
that it rests on judgement; responses come in, the bank is calibrated with the panel as its prior,
the mark is solved again from the raw cut and versioned, and old decisions replay as they were.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import click
import numpy as np
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from scipy.stats import norm
from sqlalchemy import select

import itembank
from assessment import transactions
from assessment.access import Role
from assessment.analysis import commands as of_analysis
from assessment.awards import service as awards
from assessment.awards.models import Award, Decision
from assessment.demo.builders.examinations import (
    AREAS,
    BUILDER,
    build_achievement,
    build_item,
    build_learner,
    build_test,
)
from assessment.demo.builders.people import PASSWORD, build_institution, build_staff
from assessment.demo.builders.sittings import sit_whole
from assessment.errors import Conflict, Invalid
from assessment.extensions import db
from assessment.items import commands as of_items
from assessment.items import service as items
from assessment.items.models import CutScore, PanelStandard, ParameterSet, ParameterSource
from assessment.items.scales import Measured
from assessment.people.service import institution_by_key
from assessment.sittings import service as sittings
from assessment.sittings.models import Sitting
from itembank.arguments import FloatArray
from tests.assessment.sittings.answers import place_of_key
from tests.conftest import DATABASES, SHARED
from tests.walks.server import Browser, Server
from tests.walks.test_calibrated_exam import open_world
from tests.walks.test_kill import found_token

PANEL = SHARED / "data/responses/angoff_synthetic.csv"
BANK = "day-one"
COUNT = 12
MARK = 62.64
"""Per cent: what the panel's raw cut, 7.5167 points of 12, comes to."""
JUDGEMENT = "placed by a panel’s judgement"
ABILITY, EASY, HARD = 0.3, -1.5, 1.0
"""Logits: of the learners on average, and of each other question: no panel thought them so."""
TOGETHER = 20


@dataclass(frozen=True)
class College:
    """An installation with a bank that nobody has answered, a test on it, and what it awards."""

    app: Flask
    server: Server
    panel: Path
    chance: random.Random = field(default_factory=lambda: random.Random(2026))

    def command(self, *words: str) -> Result:
        """Run `attest bank` with these words."""
        group = click.Group()
        of_items.register(group)
        of_analysis.register(group)
        info = ScriptInfo(create_app=lambda: self.app)
        return CliRunner().invoke(group, ["bank", *words], obj=info)

    def standard(self, *words: str) -> Result:
        """Run `attest bank standard` with the panel's file."""
        return self.command("standard", BANK, str(self.panel), *words)

    def knows(self, somebody: float, item: itembank.Item) -> bool:
        """Whether somebody answers an item rightly, in whatever order it comes."""
        theta = ABILITY + random.Random(somebody).gauss(0, 1)
        difficulty = EASY if int(item.id.removeprefix("item")) % 2 else HARD
        chance = random.Random(f"{somebody} {item.id}").random()
        return chance < 1 / (1 + math.exp(difficulty - theta))

    def record(self, count: int) -> None:
        """Let so many new learners sit the test, through the services."""
        for start in range(0, count, TOGETHER):
            with self.app.app_context(), transactions.writing():
                test = items.current_test("opening")
                assert test is not None
                for _ in range(min(TOGETHER, count - start)):
                    somebody, (_person, actor) = self.chance.random(), build_learner()
                    sit_whole(test, actor, lambda item, who=somebody: self.knows(who, item))


@pytest.fixture(params=DATABASES)
def college(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[College]:
    """Return a college on the day it opens; its server runs."""
    world = open_world(request.param, tmp_path, request, BANK)
    found = College(world.app, world.server, panel_file(tmp_path))
    with world.app.app_context(), transactions.writing():
        own = build_institution("college")
        items.import_bank(bank(), items.BankSpec(key=BANK, institution_id=own.id), BUILDER)
        cuts = (items.Cut("pass", {"en": "Pass", "fr": "Réussite"}, MARK),)
        blueprint = dict.fromkeys(AREAS, COUNT // 2)
        build_test(own, BANK, "opening", minutes=None, cuts=cuts, blueprint=blueprint)
        build_achievement(own, "opened", {"test": "opening", "mastery": 0.8})
    world.server.start()
    yield found
    world.server.stop()
    with world.app.app_context():
        db.engine.dispose()


def panel_file(folder: Path) -> Path:
    """Return the panel's file: the shared one, or one like it."""
    if PANEL.exists():
        return PANEL
    judges = np.random.default_rng(2026)
    means = np.linspace(0.35, 0.85, COUNT)
    rows = [np.clip(means + judges.normal(0, 0.08, COUNT), 0.05, 0.95) for _ in range(6)]
    keys = ",".join(f"item{n}" for n in range(1, COUNT + 1))
    lines = [keys, *(",".join(f"{value:.2f}" for value in row) for row in rows)]
    path = folder / "panel.csv"
    path.write_text("\n".join(lines))
    return path


def bank() -> itembank.ParsedBank:
    """Return twelve questions in two areas, under the keys of the panel's file."""
    areas = [AREAS[place // (COUNT // 2)] for place in range(COUNT)]
    made = [replace(build_item(n, area), id=f"item{n}") for n, area in enumerate(areas, start=1)]
    return itembank.ParsedBank(
        key=BANK,
        title={"en": "Opening bank", "fr": "Banque du premier jour"},
        licence="",
        areas=tuple(itembank.Area(key, {"en": key, "fr": key}, None) for key in AREAS),
        items=tuple(made),
        refused=(),
        warnings=(),
    )


@dataclass
class Learner:
    """Somebody with an account and a browser."""

    college: College
    browser: Browser
    learner_id: str
    sitting_id: str = ""

    def sit(self, right: int) -> str:
        """Sit the test over HTTP, the first `right` questions rightly; return the result page."""
        page = self.browser.get("/tests/opening")
        begun = self.browser.post(
            "/tests/opening", {"terms": "y", "csrf_token": found_token(page.text)}
        )
        self.sitting_id = begun.url.split("/sittings/")[1].split("/")[0]
        token = found_token(begun.text)
        with self.college.app.app_context():
            places = [place_of_key(self.sitting(), n) for n in range(1, COUNT + 1)]
        for position, place in enumerate(places, start=1):
            chosen = place if position <= right else (place + 1) % 4
            fields = {"choice": str(chosen), "revision": "0", "go": "next", "csrf_token": token}
            url = f"/sittings/{self.sitting_id}/questions/{position}"
            assert self.browser.post(url, fields).status == 200
        url = f"/sittings/{self.sitting_id}/submit"
        assert self.browser.post(url, {"csrf_token": token}).status == 200
        return self.page(f"/sittings/{self.sitting_id}")

    def page(self, path: str) -> str:
        """Return a page."""
        answer = self.browser.get(path)
        assert answer.status == 200, answer.text[:300]
        return answer.text

    def sitting(self) -> Sitting:
        """Return the row; call it with a context pushed."""
        return db.session.get_one(Sitting, (self.learner_id, self.sitting_id))

    def award_id(self) -> str:
        """Return the award that the sitting earned."""
        with self.college.app.app_context():
            return db.session.scalars(
                select(Award.id).where(Award.learner_id == self.learner_id)
            ).one()


def signed_in(college: College, role: Role | None = None) -> Learner:
    """Return a new learner, or somebody of the staff, signed in."""
    with college.app.app_context(), transactions.writing():
        person = (
            build_learner()[0] if role is None else build_staff(role, institution_by_key("college"))
        )
        email, learner_id = person.email, person.learner_id
    browser = Browser(college.server.url)
    page = browser.get("/sign-in")
    fields = {"email": email, "password": PASSWORD, "csrf_token": found_token(page.text)}
    browser.post("/sign-in", fields)
    return Learner(college, browser, learner_id)


def check_the_file_is_refused_where_it_is_wrong(college: College, folder: Path) -> None:
    """Each fault is a sentence with its line and column, and nothing is written."""
    wrong = folder / "wrong.csv"
    wrong.write_text(
        "judge," + ",".join(f"item{n}" for n in range(1, COUNT)) + ",item99\n"
        "A,55" + ",0.5" * 11 + "\nA" + ",0.5" * 11 + ",high\n"
    )
    refused = college.command("standard", BANK, str(wrong)).exception
    assert isinstance(refused, Invalid)
    for said in (
        "Line 1, column 13: the bank has no item “item99” in use.",
        "Line 2, column 2 (item1): 55 is not from 0 to 1.",
        "Line 3, column 1: the judge “A” stands here more than once.",
        "Line 3, column 13 (item99): “high” is no number.",
    ):
        assert said in str(refused)


def check_a_dry_run_writes_nothing(college: College) -> None:
    """A dry run says what would be."""
    said = college.standard("--dry-run").output
    for line in (
        "6 judges rated 12 items.",
        "Raw cut 7.5167 of 12 points (62.64 %); standard error 0.1986",
        "of one judge 0.631, of the panel 0.911",
        "Placed by a panel’s judgement: 12 of 12 items in use",
        "opening, pass: solved from the raw cut of panel 1 at 0.0000 logits",
        "Nothing was published: this was a dry run.",
    ):
        assert line in said
    with college.app.app_context():
        for table in (PanelStandard, ParameterSet, CutScore):
            assert db.session.scalars(select(table)).all() == []


def check_certainty(learner: Learner) -> None:
    """The kept certainty is the sum of the posterior times Phi((theta - cut) / SE)."""
    with learner.college.app.app_context():
        sitting = learner.sitting()
        scale = items.scale(sitting.parameter_set_id or "", sitting.test)
        cut, score = scale.cuts["pass"], sittings.score_from_text(sitting.score or "")
        theta = np.linspace(-10, 10, 40_001)
        rates = itembank.probability(theta, scale.parameters)
        posterior = np.prod(rates, axis=1) * norm.pdf(theta, cut.theta, 1)
        sure = norm.cdf((theta - cut.theta) / cut.se)
        expected = float((posterior * sure).sum() / posterior.sum())
        assert score.mastery_probability == pytest.approx(expected, abs=1e-4)
        assert cut.se > 0.05


def check_it_rests_on_judgement(learner: Learner, result: str) -> None:
    """The result, its explanation and the ledger say so, and no page says "calibrated"."""
    explanation = learner.page(f"/awards/{learner.award_id()}")
    for page in (result, explanation):
        assert "sure that your ability is above the passing mark" in page
        assert f"{JUDGEMENT} (set 1)" in page
        assert "was calibrated" not in page
    with learner.college.app.app_context():
        (award,) = awards.awards_of(learner.learner_id)
        assert '"judged":true' in award.decision.outcome
        assert '"judged":true' in award.decision.facts


def check_the_author_sees_the_panel(staff: Learner) -> None:
    """The bank's page says what the scale rests on; its plots are looked at elsewhere."""
    page = staff.page(f"/banks/{BANK}")
    assert JUDGEMENT in page
    assert "Items placed" in page
    assert "calibrated" not in page.lower()
    assert "(by a panel)" in staff.page("/banks")


def decisions(college: College) -> dict[str, str]:
    """Return what every decision said, each one replayed to the same bytes."""
    with college.app.app_context():
        found = db.session.scalars(select(Decision)).all()
        assert all(awards.replays_the_same(each) for each in found)
        return {each.id: each.outcome for each in found}


def check_few_responses_are_provisional(college: College) -> None:
    """With the panel as the prior they can be fitted; published they cannot be."""
    found = college.command("calibrate", BANK, "--model", "rasch")
    assert "Panel 1 placed items before there were responses" in found.output, found.exception
    assert "Provisional: 12 items rest on the panel" in found.output
    refused = college.command("calibrate", BANK, "--model", "rasch", "--publish").exception
    assert isinstance(refused, Conflict)
    assert "Nothing to publish" in str(refused)


def expected_error(found: Measured, rates: FloatArray, standard: PanelStandard) -> float:
    """Return the error of a panel's cut: the panel's, the items', and the sample of learners'.

    Of Rasch items that all count alike: each term is in points, and the slope makes logits of it.
    """
    each = rates * (1 - rates)
    slope = float(each.sum())
    ses = [estimate.threshold_ses[0] for estimate in found.estimates]
    assert found.first is not None
    of_items = math.hypot(*each * np.array(ses, dtype=np.float64)) / slope
    of_learners = found.first.sd / math.sqrt(found.first.persons)
    return math.hypot(standard.se / slope, of_items, of_learners)


def check_the_cut_was_solved_again(college: College) -> None:
    """The raw cut stands; its place on the new set is another, its error without that of 0."""
    with college.app.app_context():
        (standard,) = db.session.scalars(select(PanelStandard))
        assert standard.raw_cut == pytest.approx(7.5167, abs=5e-5)
        assert standard.se == pytest.approx(0.1986, abs=5e-5)
        first, second = db.session.scalars(select(ParameterSet).order_by(ParameterSet.number))
        assert (first.source, second.source) == (ParameterSource.PANEL, ParameterSource.RESPONSES)
        assert (first.is_current, second.is_current) == (False, True)
        rows = {each.parameter_set_id: each for each in db.session.scalars(select(CutScore))}
        assert rows[first.id].theta == pytest.approx(0, abs=1e-6)
        cut = rows[second.id]
        assert cut.panel_standard_id == standard.id
        assert 0.1 < cut.theta < 0.4
        found = items.measured(second.id)
        rates = itembank.probability(cut.theta, found.parameters)
        assert rates.sum() == pytest.approx(standard.raw_cut, abs=1e-5)
        assert cut.se == pytest.approx(expected_error(found, rates, standard), abs=1e-5)
        assert rows[first.id].se < cut.se < 0.15 < 0.8 / math.sqrt(COUNT)


def test_day_one(college: College, tmp_path: Path) -> None:
    check_the_file_is_refused_where_it_is_wrong(college, tmp_path)
    check_a_dry_run_writes_nothing(college)
    published = college.standard()
    assert "Published as set 1" in published.output, published.exception
    staff, first = signed_in(college, Role.PSYCHOMETRICIAN), signed_in(college)
    result = first.sit(COUNT)
    check_certainty(first)
    check_it_rests_on_judgement(first, result)
    check_the_author_sees_the_panel(staff)
    before = decisions(college)
    college.record(34)
    check_few_responses_are_provisional(college)
    college.record(176)
    calibrated = college.command("calibrate", BANK, "--model", "rasch", "--publish")
    assert "Published as set 2" in calibrated.output, calibrated.exception
    assert "solved from the raw cut of panel 1" in calibrated.output
    check_the_cut_was_solved_again(college)
    after = decisions(college)
    assert {each: after[each] for each in before} == before
    assert f"{JUDGEMENT} (set 1)" in first.page(f"/sittings/{first.sitting_id}")
    check_it_rests_on_judgement(first, result)
    later = signed_in(college).sit(COUNT)
    assert "The scale was calibrated from recorded responses (set 2)." in later
    assert JUDGEMENT not in later
    assert JUDGEMENT not in staff.page(f"/banks/{BANK}")
