"""The assessors' pages over HTTP: the queue, the marking page, and what is kept of it all."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from assessment import clock
from assessment.assessors.models import StockComment
from assessment.demo.builders.catalogue import both
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.performances import (
    CRITERIA,
    Workshop,
    build_performance,
    build_task,
    build_workshop,
)
from assessment.extensions import db
from assessment.people.models import Person
from assessment.performances.models import (
    Assignment,
    AssignmentRole,
    Performance,
    RatingRow,
    Skip,
)
from assessment.performances.places import open_places
from tests.assessment.people.actors import actor_for
from tests.assessment.people.browser import sign_in

GOOD = {f"level-{key}": "proficient" for key in CRITERIA}
JSON = {"Accept": "application/json"}
FORMULA = "=cmd|' /C calc'!A0"


class House:
    """A workshop with work that waits, and its assessors' browsers."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            made: Workshop = build_workshop()
            self.task_key = made.task.key
            self.assessors = [sign_in(app.test_client(), each) for each in made.assessors]
            self.people = [each.id for each in made.assessors]
            db.session.commit()

    def work(self, text: str = "I did it so.", **task: object) -> str:
        """Return the id of a performance that was handed in."""
        with self.app.app_context():
            made = db.session.scalars(select(Person).filter_by(id=self.people[0])).one()
            institution = made.grants[0].institution
            key = str(task.pop("key", self.task_key))
            row = build_task(institution, key, **task)
            shown = build_performance(row, build_learner()[1], text=text).id
            db.session.commit()
            return shown

    def taken(self, browser: FlaskClient, **choice: str) -> str:
        """Return the address of what an assessor takes next."""
        location: str = browser.post("/assessor/next", data=choice).location
        assert location.startswith("/assessor/"), location
        return location

    def drafts(self) -> list[RatingRow]:
        """Return every draft; call it with a context pushed."""
        return list(db.session.scalars(select(RatingRow)))


@pytest.fixture
def house(app: Flask) -> House:
    return House(app)


def test_the_queue_says_what_waits_until_when_and_how_long_it_takes(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now().replace(hour=12)  # whatever the hour, they signed in just before
    monkeypatch.setattr(clock, "now", lambda: now)
    house = House(app)
    one = house.assessors[0]
    assert (
        "Work that learners hand in at your institution appears here" in one.get("/assessor").text
    )
    for _ in range(6):
        house.work()
    for number in range(5):  # ten minutes each
        monkeypatch.setattr(clock, "now", lambda at=now + number * timedelta(minutes=10): at)
        page_of = house.taken(one)
        monkeypatch.setattr(clock, "now", lambda at=now + (number + 1) * timedelta(minutes=10): at)
        one.post(page_of, data={**GOOD, "go": "release"})
    page = one.get("/assessor").text
    assert "1 waits." in page
    assert "About 10 min at your pace." in page
    assert "due in 10 days" in page
    assert "Isolate a battery" in page


def test_the_queue_is_filtered_in_the_address(house: House) -> None:
    house.work()
    one = house.assessors[0]
    assert "1 waits." in one.get("/assessor?skill=isolation&language=en").text
    nothing = one.get("/assessor?language=fr").text
    assert "Nothing of this kind waits" in nothing
    assert "Show everything" in nothing
    for wrong in ("skill=' OR 1=1", "language=" + "x" * 5000):
        page = one.get(f"/assessor?{wrong}")
        assert page.status_code == 200
        assert "It was left out." in page.text
        assert "1 waits." in page.text


def test_the_next_of_one_task_across_learners(house: House) -> None:
    house.work()
    other = house.work(key="another", title=both("Another task"))
    one = house.assessors[0]
    first = house.taken(one)
    page_of = house.taken(one, task="another", another="1")
    assert page_of != first
    with house.app.app_context():
        place = db.session.get_one(Assignment, page_of.rsplit("/", 1)[1])
        assert place.performance_id == other
    assert one.post("/assessor/next", data={"task": "nowhere", "another": "1"}).location == (
        "/assessor"
    )


def test_it_is_saved_as_it_is_marked(house: House) -> None:
    house.work()
    one = house.assessors[0]
    page_of = house.taken(one)
    saved = one.post(page_of, data={"level-tidies": "expert", "revision": "0"}, headers=JSON)
    assert (saved.status_code, saved.json["revision"], saved.json["hold"]) == (200, 1, "held")
    again = one.post(page_of, data={"level-tidies": "expert", "revision": "0"}, headers=JSON)
    assert again.json["revision"] == 1
    stale = one.post(page_of, data={"level-tidies": "beginning", "revision": "0"}, headers=JSON)
    assert (stale.status_code, stale.json["error"]) == (409, "stale")
    wrong = one.post(page_of, data={"level-tidies": "superb", "revision": "1"}, headers=JSON)
    assert wrong.status_code == 422
    page = one.get(page_of).text
    assert 'name="revision" value="1"' in page
    assert 'id="level-tidies-expert" data-key="4" checked' in page


def test_two_windows_are_both_shown_and_one_is_chosen(house: House) -> None:
    house.work()
    one = house.assessors[0]
    page_of = house.taken(one)
    one.post(
        page_of,
        data={"level-tidies": "expert", "comment-tidies": "words of one window", "revision": "0"},
    )
    other = {"level-tidies": "beginning", "comment-tidies": "words of the other", "revision": "0"}
    for go in ("save", "check", "release", "skip"):
        page = one.post(page_of, data={**other, "go": go})
        assert page.status_code == 409
        assert "words of one window" in page.text
        assert "words of the other" in page.text
    kept = one.post(page_of, data={**other, "revision": "1"}, follow_redirects=True)
    assert "words of the other" in kept.text
    assert "words of one window" not in kept.text


def test_what_is_refused_is_not_lost(house: House) -> None:
    house.work()
    one = house.assessors[0]
    page_of = house.taken(one)
    long = "x" * 5001
    page = one.post(page_of, data={"level-tidies": "expert", "comment-tidies": long})
    assert page.status_code == 422
    assert long in page.text
    assert 'id="level-tidies-expert" data-key="4" checked' in page.text
    lines = "a\r\n" * 2000  # the browser counts 4000
    assert one.post(page_of, data={"comment-tidies": lines}).status_code == 303


def test_releasing_asks_once(house: House) -> None:
    house.work()
    one = house.assessors[0]
    page_of = house.taken(one)
    assert one.get(f"{page_of}/check").location == page_of  # nothing to check yet
    partly = one.post(page_of, data={"level-tidies": "expert", "go": "check"})
    assert partly.status_code == 422
    assert "Choose a level or “not observed”: Prepares" in partly.text
    checked = one.post(page_of, data={**GOOD, "comment-tidies": "Well done.", "go": "check"})
    assert checked.location == f"{page_of}/check"
    page = one.get(checked.location).text
    assert "Well done." in page
    with house.app.app_context():
        (draft,) = house.drafts()
        assert (draft.released_at, draft.revision) == (None, 2)
    sent = {**GOOD, "comment-tidies": "Well done.", "revision": "2", "go": "release"}
    assert one.post(page_of, data=sent).location == "/assessor"
    assert one.get(f"{page_of}/check").location == page_of
    assert "You have released this rating" in one.get(page_of).text


def test_what_was_checked_is_what_is_released(house: House) -> None:
    house.work()
    one = house.assessors[0]
    page_of = house.taken(one)
    one.post(page_of, data={**GOOD, "go": "check"})
    one.post(page_of, data={**GOOD, "level-tidies": "beginning", "revision": "1"})
    stale = one.post(page_of, data={**GOOD, "revision": "1", "go": "release"})
    assert stale.status_code == 409
    with house.app.app_context():
        assert [each.released_at for each in house.drafts()] == [None]


@pytest.mark.parametrize("reason", ["conflict of interest", "not my language", "cannot be opened"])
def test_skipping_says_why_and_frees_the_place(house: House, reason: str) -> None:
    house.work()
    one, two, *_rest = house.assessors
    page_of = house.taken(one)
    draft = one.post(page_of, data={"level-tidies": "expert", "go": "skip"})
    assert draft.location == f"{page_of}/skip"
    for wrong in ({}, {"reason": "lazy"}, {"reason": "other", "words": " "}):
        page = one.post(draft.location, data={"words": "typed", **wrong})
        assert page.status_code == 422, wrong
    left = one.post(draft.location, data={"reason": reason, "words": "I know the bench."})
    assert left.location == "/assessor"
    assert "Nothing waits for you" in one.get("/assessor").text
    assert house.taken(two)
    assert one.get(page_of).status_code == 200
    assert "no longer yours" in one.get(page_of).text
    with house.app.app_context():
        assert db.session.scalars(select(Skip.reason)).all() == [reason]


def test_a_second_look_is_asked_for_with_a_reason(house: House) -> None:
    house.work()
    one = house.assessors[0]
    page_of = house.taken(one)
    asked = one.post(page_of, data={"go": "second look"}).location
    assert asked == f"{page_of}/second-look"
    assert one.post(asked, data={"words": " "}).status_code == 422
    long = one.post(asked, data={"words": "x" * 1001})
    assert long.status_code == 422
    assert "x" * 1001 in long.text
    assert one.post(asked, data={"words": "Is it their own?"}).location == page_of


def test_comments_are_used_again(house: House) -> None:
    house.work()
    one, two, *_rest = house.assessors
    page_of = house.taken(one)
    kept = one.post(page_of, data={"comment-tidies": "Show the tag.", "keep": "tidies"})
    assert kept.location == f"{page_of}#comment-tidies"
    one.post(page_of, data={"comment-tidies": "Show the tag.", "keep": "tidies"})
    with house.app.app_context():
        (stock,) = db.session.scalars(select(StockComment)).all()
        comment_id = stock.id
    data = {"comment-isolates": "Look.", "stock-isolates": comment_id, "insert": "isolates"}
    assert one.post(page_of, data=data).location == f"{page_of}#comment-isolates"
    assert "Look.\nShow the tag." in one.get(page_of).text
    wrong = {**data, "stock-isolates": "made-up", "comment-isolates": "Only."}
    one.post(page_of, data=wrong)
    assert "Only.</textarea>" in one.get(page_of).text
    listed = "/assessor/comments/isolation"
    assert "Show the tag." in one.get(listed).text
    assert "Show the tag." not in two.get(listed).text
    assert two.post(f"{listed}/{comment_id}/remove").status_code == 404
    assert one.post(listed, data={"text": "En français.", "language": "fr"}).status_code == 303
    assert one.post(listed, data={"text": "", "language": "fr"}).status_code == 422
    assert one.post(f"{listed}/{comment_id}/remove").location == listed
    assert "Show the tag." not in one.get(listed).text
    assert one.get("/assessor/comments/nowhere").status_code == 404


def test_nothing_that_was_written_is_nothing_to_keep(house: House) -> None:
    house.work()
    one = house.assessors[0]
    page_of = house.taken(one)
    page = one.post(page_of, data={**GOOD, "keep": "tidies"})
    assert page.status_code == 422
    assert 'id="level-tidies-proficient" data-key="3" checked' in page.text
    with house.app.app_context():
        assert db.session.scalars(select(StockComment)).all() == []


def test_the_hours_are_a_file_that_calculates_nothing(house: House) -> None:
    house.work(key="evil", title={"en": FORMULA, "fr": FORMULA})
    one, two, *_rest = house.assessors
    one.post(house.taken(one), data={**GOOD, "go": "release"})
    got = one.get("/assessor/hours.csv")
    assert got.headers["Content-Disposition"] == "attachment; filename=hours.csv"
    (row,) = csv.DictReader(io.StringIO(got.text.removeprefix("\ufeff")))
    assert (row["task"], row["title"], row["minutes"]) == ("evil", f"'{FORMULA}", "1")
    assert len(two.get("/assessor/hours.csv").text.splitlines()) == 1


def test_a_draft_whose_time_ran_out_is_found_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.work()
    one, two, three, _four = house.assessors
    page_of = house.taken(one)
    one.post(page_of, data={"level-tidies": "expert", "comment-tidies": "Kept for me."})
    later = clock.now() + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    desk = one.get("/assessor").text
    assert "nobody has taken it; go on where you stopped" in desk
    assert page_of in desk
    for browser in (two, three):
        house.taken(browser)
    desk = one.get("/assessor").text
    assert "somebody else rates it now" in desk
    page = one.get(page_of)
    assert "Kept for me." in page.text
    saved = one.post(page_of, data={"level-tidies": "beginning"}, headers=JSON)
    assert saved.json["hold"] == "lost"
    assert "no longer yours" in saved.json["sentence"]


def test_a_person_s_own_work_does_not_wait_for_them(app: Flask, house: House) -> None:
    with app.app_context():
        person = db.session.get_one(Person, house.people[0])
        task = build_task(person.grants[0].institution, house.task_key)
        build_performance(task, actor_for(person))
        db.session.commit()
    assert "Nothing waits for you" in house.assessors[0].get("/assessor").text


@pytest.mark.parametrize(
    "role",
    [
        AssignmentRole.REVIEWER,
        AssignmentRole.READ_BEHIND,
        AssignmentRole.ADJUDICATOR,
        AssignmentRole.THIRD,
    ],
)
def test_an_empty_desk_says_nothing_of_a_further_look(
    app: Flask, house: House, role: AssignmentRole
) -> None:
    before = empty_desk(house)
    made = house.work()
    for place in (0, 1):
        taken = house.taken(house.assessors[place])
        sent = house.assessors[place].post(taken, data=GOOD | {"go": "release"})
        assert sent.status_code == 303
    assert empty_desk(house) == before
    with app.app_context():
        shown = db.session.scalars(select(Performance).filter_by(id=made)).one()
        open_places(shown, role, 1, ["isolates"])
        db.session.commit()
    assert empty_desk(house) == before
    assert house.taken(house.assessors[2])


def empty_desk(house: House) -> str:
    """Return what the desk of the first assessor says where nothing waits for them."""
    found = re.search(
        r"Nothing waits for you.*?</p>", house.assessors[0].get("/assessor").text, re.S
    )
    assert found is not None
    return found[0]
