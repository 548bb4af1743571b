"""The dashboard of a rubric: agreement, severity and drift, and who sees them."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from assessment import clock
from assessment.access import Role
from assessment.assessors import dashboards, drawings
from assessment.assessors.agreements import agreements_of, drifts_of, months_of
from assessment.assessors.dashboards import figures_of
from assessment.assessors.marks_given import Mark, Marks, Rater, RaterKind
from assessment.assessors.severities import WhyNot, severities_of
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.people import build_institution, build_staff
from assessment.demo.builders.performances import (
    CRITERIA,
    Workshop,
    a_rubric,
    build_performance,
    build_rating,
    build_workshop,
)
from assessment.extensions import db
from assessment.observations.models import Employer, Observer
from tests.walks.people import signed_in

START = datetime(2026, 1, 15, 9, tzinfo=UTC)
RUBRIC = a_rubric()
PAGE = "/assessor/rubrics/isolation/dashboard"


def rater(name: str, kind: RaterKind = RaterKind.ASSESSOR) -> Rater:
    return Rater(kind, name)


def mark(work: str, name: str, level: int, criterion: str = "prepares", days: int = 0) -> Mark:
    return Mark(work, rater(name), criterion, level, START + timedelta(days=days))


def marks(given: Sequence[Mark], **others: tuple[Mark, ...]) -> Marks:
    fields = {"observers": (), "employers": ()} | others
    return Marks(RUBRIC, tuple(given), **fields)


def drawn(works: int, harsh: float = 1.0) -> list[Mark]:
    """Return marks of four raters on works that two of them saw; the first is harsher."""
    chance, names = random.Random(3), "abcd"
    found = []
    for number in range(works):
        good = chance.gauss(1.5, 1.2)
        for name in (names[number % 4], names[(number + 1 + number // 4 % 3) % 4]):
            for criterion in CRITERIA:
                level = round(good - harsh * (name == "a") + chance.gauss(0, 0.6))
                found.append(mark(f"{number}/1", name, min(max(level, 0), 3), criterion, number))
    return found


def test_agreement_by_criterion_is_that_of_a_table() -> None:
    given = [
        *(mark("1/1", "a", 2), mark("1/1", "b", 2), mark("2/1", "a", 0), mark("2/1", "b", 1)),
        *(mark("3/1", "a", 3), mark("3/1", "b", 1), mark("4/1", "a", 1), mark("4/1", "b", 1)),
        mark("5/1", "a", 1),  # alone
    ]
    (line,) = agreements_of(marks(given))
    assert line.criterion is not None
    assert line.criterion.key == "prepares"
    found = line.agreement
    assert (found.n_performances, found.exact.value, found.adjacent.value) == (4, 0.5, 0.75)


def test_the_points_of_all_criteria_have_a_line_of_their_own() -> None:
    lines = agreements_of(marks(drawn(20)))
    assert [line.criterion.key if line.criterion else "" for line in lines] == [*CRITERIA, ""]
    assert lines[-1].agreement.icc_1.value is not None


def test_the_harsh_rater_is_the_most_severe() -> None:
    found = severities_of(marks(drawn(120)))
    assert found.why_not is None
    first = found.shown[0]
    assert first.rater == rater("a")
    assert first.value is not None
    assert first.lower is not None
    assert first.lower > 0  # and not by chance alone
    assert len(found.shown) == 4


def test_few_performances_are_not_shown() -> None:
    few = [*drawn(120), mark("0/1", "e", 2), mark("1/1", "e", 1)]
    line = next(each for each in severities_of(marks(few)).lines if each.rater == rater("e"))
    assert (line.value, line.performances) == (None, 2)


def test_what_nothing_connects_is_counted_and_not_compared() -> None:
    given = [mark(f"{n}/1", name, n % 4) for n in range(12) for name in "ab"]
    given += [mark(f"{n}/1", name, n % 3) for n in range(20, 25) for name in "cde"]
    found = severities_of(marks(given))
    assert (found.lines, found.why_not) == ((), WhyNot.APART)
    assert [(each.performances, each.raters) for each in found.apart] == [(12, 2), (5, 3)]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ([], WhyNot.TOO_FEW),
        ([mark("1/1", "a", 1), mark("2/1", "a", 1)], WhyNot.TOO_FEW),
        ([mark(f"{n}/1", name, 3) for n in range(9) for name in "ab"], WhyNot.NO_END),
    ],
)
def test_where_there_is_nothing_to_say(given: list[Mark], why: WhyNot) -> None:
    assert severities_of(marks(given)).why_not is why


def test_observers_and_employers_stand_beside_assessors() -> None:
    chance = random.Random(5)
    observers = [
        Mark(f"{n}/1", rater(f"o{n % 2}", RaterKind.OBSERVER), c, chance.randrange(1, 4), START)
        for n in range(40)
        for c in CRITERIA
    ]
    firm = [
        Mark(each.work, rater("firm", RaterKind.EMPLOYER), each.criterion, each.level, START)
        for each in observers
    ]
    found = severities_of(marks(drawn(60), observers=tuple(observers), employers=tuple(firm)))
    kinds = [each.rater.kind for each in found.lines]
    assert [kinds.count(each) for each in RaterKind] == [4, 2, 1]


def test_months_and_drift() -> None:
    given = [
        *(mark("1/1", "a", 2, days=0), mark("1/1", "b", 1, days=0)),
        *(mark("2/1", "a", 3, days=30), mark("2/1", "b", 1, days=31)),
    ]
    january, february = months_of(given)
    assert (january.month, january.pairs, january.exact, january.adjacent) == ("2026-01", 1, 0, 1)
    assert (february.month, february.adjacent) == ("2026-02", 0)
    drifts = {(each.rater.id, each.month): each.difference for each in drifts_of(given)}
    assert drifts == {
        ("a", "2026-01"): 1,
        ("b", "2026-01"): -1,
        ("a", "2026-02"): 2,
        ("b", "2026-02"): -2,
    }


@pytest.fixture
def workshop(app: Flask) -> Workshop:
    levels = [("proficient",) * 3, ("expert", "proficient", "developing"), ("developing",) * 3]
    with app.app_context():
        made = build_workshop(assessors=2)
        for number in range(3):
            build_performance(made.task, build_learner()[1])
            for actor in made.actors:
                build_rating(actor, *levels[(number + (actor is made.actors[0])) % 3])
        made = Workshop(made.institution, made.task, made.achievement, made.assessors)
        db.session.commit()
        for each in made.assessors:
            db.session.refresh(each)
        db.session.refresh(made.institution)
        db.session.expunge_all()
    return made


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.ADMINISTRATOR, Role.PSYCHOMETRICIAN])
def test_the_page_its_plots_and_its_figures(app: Flask, workshop: Workshop, role: Role) -> None:
    with app.app_context():
        person_id = build_staff(role, db.session.merge(workshop.institution)).id
        db.session.commit()
    browser = signed_in(app, person_id)
    assert "Isolating a battery" in browser.get("/assessor/rubrics").text
    page = browser.get(PAGE)
    assert page.status_code == 200
    assert "A mark is never adjusted automatically" in page.text
    assert "Assessors who rated</dt>" in page.text
    assert "Skipped in 30 days" in page.text
    assert not re.search(r"[>(]-\d", page.text)
    names = [each.display_name for each in workshop.assessors]
    assert all((name in page.text) == (role is not Role.PSYCHOMETRICIAN) for name in names)
    for name in ("agreement", "drift"):
        for theme in ("", "dark"):
            drawn = browser.get(f"/assessor/rubrics/isolation/{name}.svg?theme={theme}")
            assert drawn.mimetype == "image/svg+xml"
            assert "<script" not in drawn.text
        table = browser.get(f"/assessor/rubrics/isolation/{name}.csv")
        assert table.mimetype == "text/csv"
        assert len(table.text.splitlines()) > 1
    french = browser.get(PAGE, headers={"Accept-Language": "fr"})
    assert french.status_code == 200
    assert browser.get("/assessor/rubrics/isolation/nothing.svg").status_code == 404


def test_a_minus_is_no_hyphen(context: Flask) -> None:
    with context.test_request_context():
        signed = vars(context.jinja_env.get_template("assessors/_trust.html").module)["signed"]
        assert [signed(each) for each in (-0.523, 0.5, -0.0)] == ["−0.52", "0.5", "0"]


def test_an_empty_dashboard(app: Flask) -> None:
    with app.app_context():
        made = build_workshop("empty-house")
        person_id = build_staff(Role.REGISTRAR, made.institution).id
        db.session.commit()
    page = signed_in(app, person_id).get(PAGE)
    assert "Nothing is rated yet" in page.text


def test_nobody_elsewhere_sees_it(app: Flask, workshop: Workshop) -> None:
    with app.app_context():
        elsewhere = build_institution("elsewhere")
        people = [
            build_staff(Role.REGISTRAR, elsewhere).id,
            build_staff(Role.AUTHOR, db.session.merge(workshop.institution)).id,
        ]
        db.session.commit()
    stranger, author = (signed_in(app, each) for each in people)
    assert stranger.get(PAGE).status_code == 404
    assert stranger.get("/assessor/rubrics/isolation/drift.csv").status_code == 404
    assert author.get(PAGE).status_code == 403


def test_it_is_counted_once_until_something_new_is_rated(context: Flask) -> None:
    made = build_workshop(assessors=2)
    build_performance(made.task, build_learner()[1])
    build_rating(made.actors[0], *("proficient",) * 3)
    first = figures_of("isolation")
    assert figures_of("isolation") is first
    build_rating(made.actors[1], *("proficient",) * 3)
    assert figures_of("isolation").marks == 6


def test_names_stand_beside_a_drawing_whole() -> None:
    for name in ("Personne évaluatrice B08E", "Marie-Ève Charbonneau-Desrosiers", "Jo"):
        lines = drawings._beside(name).split("\n")
        assert "".join(lines).replace(" ", "") == name.replace(" ", "")
        assert max(map(len, lines)) <= drawings.NAME_LINE
    assert drawings._beside("word " * 20).endswith(" …")


def test_months_are_named_as_far_as_there_is_room() -> None:
    from assessment.assessors import plotting  # noqa: PLC0415 - matplotlib is slow

    months = [f"2026-{number:02}" for number in range(1, 9)]
    said = plotting.Said("Title", "Sentence.", (), (), "Axis", "en", "light")
    for name in ("Jo", "Marie-Ève Charbonneau-\nDesrosiers"):
        lines = [plotting.Line(name, range(8), [0.1] * 8)]
        axes = plotting.lines_over_months(months, lines, said).figure.axes[0]
        wide = axes.get_window_extent().width
        assert len(axes.get_xticks()) * plotting.MONTH <= wide + plotting.MONTH / 2


def test_observers_and_employers_have_names_until_they_are_erased(context: Flask) -> None:
    employer = Employer(name="Solar Ltd", known_by="solar", created_at=clock.now())
    db.session.add(employer)
    db.session.flush()
    ids = []
    for number, name in enumerate(("Ines Roy", None)):
        row = Observer(
            known_by=str(number), employer_id=employer.id, name=name, created_at=clock.now()
        )
        db.session.add(row)
        db.session.flush()
        ids.append(row.id)
    known, erased = (rater(each, RaterKind.OBSERVER) for each in ids)
    firm = rater(employer.id, RaterKind.EMPLOYER)
    names = dashboards._known({known, erased, firm})
    assert names == {known: "Ines Roy (Solar Ltd)", firm: "Solar Ltd"}


def test_raters_who_differ_by_chance_alone_are_not_ranked() -> None:
    chance, apart = random.Random(11), (-1, 0, 0, 1)  # in turn, so that nobody is harsher
    given = []
    for number in range(80):
        good = chance.gauss(1.5, 1.0)
        for place, name in enumerate("abcd"):
            level = min(max(round(good) + apart[(number + place) % 4], 0), 3)
            given.append(mark(f"{number}/1", name, level))
    found = severities_of(marks(given))
    assert (found.why_not, found.shown, len(found.lines)) == (WhyNot.ALIKE, (), 4)
