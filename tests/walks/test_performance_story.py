"""One performance from its first file to its appeal, over HTTP and in a browser on a phone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from assessment.artefacts.service import PIECE_BYTES
from assessment.extensions import db
from assessment.operation import startup
from assessment.performances.appeal_models import Appeal
from assessment.performances.models import Assignment, ResolutionRow
from tests.browser.conftest import Look, launched, new_context, serving
from tests.browser.test_observing import AWAY, CUT_OFF, KEPT, Phone
from tests.browser.watching import Watch
from tests.conftest import DATABASES, build_app
from tests.walks.story import (
    ANCHORED,
    COMMENTS,
    CONCLUDED,
    RATERS,
    REVIEWER,
    UNQUALIFIED,
    Story,
    a_story,
    browser_of,
)
from tests.walks.test_blindness import FILE, Party
from tests.walks.test_uploads import a_film

pytestmark = pytest.mark.browser

SIZE = 3_000_000
CUT = SIZE * 9 // 10
NOTHING = [0] * len(CONCLUDED)
WHOLE = CUT // PIECE_BYTES
"""The pieces that have arrived when the signal is lost."""
PLAIN = "proficient"
ALL_PLAIN = {"prepares": PLAIN, "isolates": PLAIN, "tidies": PLAIN}
HOLDS = "The same rule and the same evidence give the same decision."
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture(params=DATABASES)
def story(request: pytest.FixtureRequest, tmp_path: Path) -> Story:
    startup.load_duties()
    return a_story(build_app(request.param, tmp_path, request), tmp_path)


def test_a_performance_from_its_first_file_to_its_appeal(story: Story, chromium: Browser) -> None:
    hands_in(story, sends_a_film(story))
    unqualified_sees_why(story.assessors[UNQUALIFIED])
    is_observed(story, chromium)
    is_rated(story)
    award = is_explained(story)
    place = is_appealed(story)
    is_looked_at_again(story, place, award)
    story.look_everywhere()
    story.mails()
    betrays_nobody(story)


def sends_a_film(story: Story) -> str:
    """Return the artefact of a film whose sending was cut at nine tenths, and resumed elsewhere."""
    data, learner = a_film(SIZE), story.learner
    said = {"name": f"{FILE}.mp4", "size": SIZE}
    upload = learner.post("/uploads", said).json["id"]
    answers = sent(learner, upload, data[:CUT], 0)
    assert answers == [200] * WHOLE + [422]  # the piece that was cut off counts for nothing
    learner.browser = browser_of(story.app, learner.id)
    again = learner.post("/uploads", said).json
    assert (again["id"], again["received"]) == (upload, WHOLE * PIECE_BYTES)
    assert learner.post(f"/uploads/{upload}/complete", {}).status_code == 409
    assert sent(learner, upload, data, again["received"]) == [200]
    receipt = learner.post(f"/uploads/{upload}/complete", {}).json
    assert (receipt["sha256"], receipt["size"]) == (hashlib.sha256(data).hexdigest(), SIZE)
    assert receipt["sha256"] in learner.get("/me/artefacts").text
    artefact: str = receipt["artefact"]
    assert learner.get(f"/me/artefacts/{artefact}").data == data
    return artefact


def sent(learner: Party, upload: str, data: bytes, start: int) -> list[int]:
    """Return what was answered to each piece of what begins at `start`."""
    how = {"content_type": "application/octet-stream"}
    return [
        learner.browser.post(
            f"/uploads/{upload}?offset={each}", data=data[each : each + PIECE_BYTES], **how
        ).status_code
        for each in range(start, len(data), PIECE_BYTES)
    ]


def hands_in(story: Story, artefact: str) -> None:
    learner = story.learner
    story.performance = learner.post("/tasks/show-isolation", {}).location
    at = story.performance
    asked = learner.post(f"{at}/files", {"artefact": artefact}).location
    assert asked == f"{at}/artefacts/{artefact}/criteria"
    assert learner.post(asked, ANCHORED).status_code == 303
    story.mails()  # and the copy that assessors see is made
    assert learner.get(f"{at}/submit").text.count("1:30") >= len(ALL_PLAIN)
    learner.look_around(at, f"{at}/submit")
    answer = learner.post(f"{at}/submit", {"declared": "y", "others": "y"})
    assert (answer.status_code, answer.location) == (303, at), answer.text


def unqualified_sees_why(assessor: Party) -> None:
    """Whoever is not through the gate has an empty queue, and is told why."""
    assert assessor.post("/assessor/next", {}).location == "/assessor"
    assert "for which assessors qualify first" in assessor.get("/assessor").text


def is_observed(story: Story, chromium: Browser) -> None:
    """Let whoever saw the work say so, on a phone whose signal is lost as they send it."""
    name, address = story.observer.secrets
    said = {"name": name, "email": address, "language": "fr"}
    named = story.learner.post(f"{story.performance}/observers", said)
    assert named.status_code == 303, named.text
    story.mails()
    ((subject, text),) = story.observer.heard
    assert "Qu’avez-vous vu" in subject
    with serving(story.app) as site:
        token = urlsplit(re.findall(r"http\S+/observe/\S+", text)[0]).path.rpartition("/")[2]
        context = new_context(chromium, site, Look(360, "fr"))
        watch = Watch(context, site.url, CUT_OFF)
        says_what_they_saw(story, Phone(site, context.new_page(), story.performance_id, token))
        context.close()
    assert watch.faults == []
    story.mails()
    assert any(f"/observe/{token}/thanks" in text for _where, text in story.observer.heard)


def says_what_they_saw(story: Story, phone: Phone) -> None:
    page = phone.page
    phone.page.goto(phone.link)
    reads(story, page)
    phone.open_form()
    reads(story, page)
    phone.fill_in()
    fields = "new URLSearchParams(new FormData(document.querySelector('form.observing')))"
    form: str = page.evaluate(f"{fields}.toString()")
    page.context.set_offline(True)
    phone.send()
    expect(page.locator(KEPT)).to_have_text(AWAY)
    assert phone.number_sent() == 0
    page.context.set_offline(False)
    phone.expect_thanks()
    reads(story, page)
    thanks = page.content()
    again = page.context.request.post(f"{phone.link}/form", data=form, headers=FORM)
    assert (again.status, again.url) == (200, page.url)
    assert "Merci" in thanks
    assert "Merci" in again.text()
    assert phone.number_sent() == 1


def reads(story: Story, page: Page) -> None:
    """See that a page is in French and fits on a phone, and let the observer read it."""
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    story.observer.heard.append((page.url, page.content()))


def is_rated(story: Story) -> None:
    """Let two differ by two levels, and a third one settle it without knowing."""
    for place, level in enumerate(("developing", "expert")):
        address = takes(story.assessors[place])
        asked = criteria_of(story.assessors[place], address)
        marks = story.enters(place, address, **{**ALL_PLAIN, "tidies": level})
        story.releases(place, marks, address)
        story.mails()
        story.look_around()
        assert story.counts() == NOTHING
    third = story.assessors[2]
    address = takes(third)
    assert criteria_of(third, address) == asked == list(ALL_PLAIN)
    page = words_of(third.get(address).text)
    assert re.search(r"\b(third|differ|disagree\w*|before you)\b", page, re.I) is None
    is_settled(story, address)


def criteria_of(assessor: Party, address: str) -> list[str]:
    """Return the criteria that somebody is asked about, none of which has a level yet."""
    page = assessor.get(address).text
    assert re.search(r'name="level-[^>]* checked', page) is None
    return re.findall(r'id="criterion-([a-z]+)"', page)


def is_settled(story: Story, address: str) -> None:
    """Count what there is before the request of the last rating, and after that one alone."""
    marks = story.enters(2, address, **ALL_PLAIN)
    assert story.assessors[2].told(*COMMENTS[:2]) == []
    story.learner.look_around(story.performance)
    assert story.learner.told("canary-comment") == []
    assert story.counts() == NOTHING
    story.releases(2, marks, address)
    assert story.counts() == [1] * len(NOTHING)
    story.mails()
    story.look_everywhere()
    assert {each for _where, each in story.learner.told(*COMMENTS)} == {*COMMENTS[:RATERS]}


def takes(assessor: Party) -> str:
    """Return the address of what an assessor takes next."""
    location: str = assessor.post("/assessor/next", {}).location
    assert location.startswith("/assessor/"), location
    return location


def words_of(page: str) -> str:
    """Return what the main part of a page says, without its tags."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return unescape(re.sub(r"<[^>]+>", " ", main))


def is_explained(story: Story) -> str:
    """Return the address of the award, once its reasons were read in both languages."""
    learner = story.learner
    award: str
    (award,) = set(re.findall(r"/awards/\w+", learner.get("/me").text))
    english = words_of(learner.get(award).text)
    learner.post("/language", {"language": "fr", "next": "/"})
    french = words_of(learner.get(award).text)
    learner.post("/language", {"language": "en", "next": "/"})
    for key in ALL_PLAIN:
        assert re.search(rf"{key.title()}\s+Proficient\b", english), english
        assert re.search(rf"{key.title()} \(fr\)\s+Proficient \(fr\)", french), french
    assert "1 person saw the work being done." in english
    assert HOLDS in english
    (credential,) = set(re.findall(r"/credentials/\w+", learner.get(award).text))
    for kind in ("", ".json", ".jwt"):
        assert learner.get(f"{credential}{kind}").status_code == 200
    return award


def is_appealed(story: Story) -> str:
    """Return the address at which somebody new looks again at one criterion."""
    at = story.performance
    assert f"{at}/appeal" in story.learner.get(at).text
    story.learner.look_around(f"{at}/appeal")
    why = {"reason-prepares": "Look at 1:30 once more.", "reason-tidies": ""}
    answer = story.learner.post(f"{at}/appeal", why)
    assert (answer.status_code, answer.location) == (303, at), answer.text
    assert "Another assessor looks at it" in words_of(story.learner.get(at).text)
    story.mails()
    with story.app.app_context():
        place = db.session.scalars(select(Appeal)).one().assignment_id
        criteria = db.session.get_one(Assignment, place).criteria
    assert list(criteria) == ["prepares"]
    for each in (*story.assessors[:RATERS], story.assessors[UNQUALIFIED]):
        gets_nothing(each, f"/assessor/{place}")
    return f"/assessor/{place}"


def gets_nothing(assessor: Party, address: str) -> None:
    """See that what waits is not offered to somebody, who cannot forge a way to it either."""
    forged = {"another": "1", "instead": address, "task": "show-isolation", "skill": "isolation"}
    for claim in ({}, forged):
        assert assessor.post("/assessor/next", claim).location == "/assessor"
    desk = assessor.get("/assessor").text
    assert address not in desk
    assert "Next performance" not in desk
    for aside in ("", "/check", "/skip", "/messages", "/second-look"):
        assert assessor.get(f"{address}{aside}").status_code == 404
    marks = {"level-prepares": "expert", "comment-prepares": "Mine.", "go": "release"}
    for aside in ("", "/skip", "/messages", "/second-look"):
        assert assessor.post(f"{address}{aside}", {**marks, "text": "Mine."}).status_code == 404


def is_looked_at_again(story: Story, place: str, award: str) -> None:
    """Let the one who had no part in it find another level, which its learner then reads."""
    reviewer = story.assessors[REVIEWER]
    assert takes(reviewer) == place
    page = words_of(reviewer.get(place).text)
    assert "Look at 1:30 once more." in page
    assert "level-tidies" not in reviewer.get(place).text
    assert reviewer.told(*COMMENTS) == []
    story.releases(REVIEWER, story.enters(REVIEWER, place, prepares="expert"), place)
    story.mails()
    assert story.counts() == [2, 2, 1, 1, 1]
    with story.app.app_context():
        rows = db.session.scalars(select(ResolutionRow).order_by(ResolutionRow.number)).all()
        assert [each.number for each in rows] == [1, 2]
    outcome = words_of(story.learner.get(story.performance).text)
    assert "It was Proficient and is Expert now." in outcome
    assert COMMENTS[REVIEWER] in outcome
    assert HOLDS in words_of(story.learner.get(award).text)


def betrays_nobody(story: Story) -> None:
    """Look through every response, mail and file of the whole run."""
    assert story.learner.told("Canary Learner") != []
    assert all(each.told(each.address) != [] for each in story.assessors)
    assert story.betrayals() == []
    for place, each in enumerate(story.assessors):
        assert each.told(FILE, *(set(COMMENTS) - {COMMENTS[min(place, REVIEWER)]})) == []
        assert any("/films/" in where for where, _text in each.heard) == (place != UNQUALIFIED)
    assert story.observer.told("canary-comment", "/assessor/") == []
    assert story.learner.told("/assessor/") == []
    assert any(where.endswith(".jwt") for where, _text in story.learner.heard)
    for each in (story.learner, story.assessors[0], story.observer):
        assert any(where.startswith("mail") for where, _text in each.heard)
