"""Rating in a browser: by keyboard alone to release, saved as it is marked, nothing lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from itertools import count

import pytest
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from playwright.sync_api import Page, expect
from sqlalchemy import select

from assessment import transactions
from assessment.access import Actor, Role
from assessment.artefacts import preparing
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.people import PASSWORD, build_institution, build_staff
from assessment.demo.builders.performances import (
    BUILDER,
    CRITERIA,
    a_rubric,
    build_task,
)
from assessment.extensions import db
from assessment.performances import service
from assessment.performances.models import Attachment, RatingRow
from tests.assessment.artefacts.files import film
from tests.attacks.world import drawing
from tests.browser import axe
from tests.browser.conftest import Look, Site, follow

pytestmark = pytest.mark.browser

LOOKS = (
    Look(1280, "en", "light"),
    Look(360, "en", "dark"),
    Look(1280, "fr", "dark"),
    Look(360, "fr", "light"),
)
CUT_OFF = ("console: Failed to load resource: net::ERR",)
REFUSED = ("missing: 4", "console: Failed to load resource: the server")
NUMBERS = count(1)


def two_pages() -> bytes:
    """Return a document of two pages."""
    target = BytesIO()
    with PdfPages(target) as document:
        for number in (1, 2):
            page = Figure(figsize=(4, 5))
            page.text(0.3, 0.5, f"Page {number}")
            document.savefig(page)
    return target.getvalue()


@dataclass(frozen=True)
class Bench:
    """One assessor at the page on which they rate."""

    site: Site
    page: Page
    address: str

    def press(self, keys: str) -> None:
        """Press keys, one after another."""
        for key in keys.split():
            self.page.keyboard.press(key)

    def close_help(self) -> None:
        """Close the list of keys."""
        self.press("Escape")
        expect(self.page.get_by_role("dialog")).to_be_hidden()

    def expect_saved(self) -> None:
        """Wait until the server has all that was entered."""
        expect(self.page.locator("[data-save-state]")).to_have_attribute("data-look", "saved")

    def rating(self) -> tuple[dict[str, str | None], dict[str, str], bool]:
        """Return what the server has: marks, comments, and whether it is released."""
        with self.site.app.app_context():
            place = self.address.rsplit("/", 1)[1]
            row = db.session.scalars(select(RatingRow).filter_by(assignment_id=place)).one()
            return row.marks, row.comments, row.released_at is not None


Seat = Callable[..., Bench]
Adding = Callable[[str, Actor], Attachment]


@pytest.fixture
def seat(browse: Callable[..., Page], site: Site) -> Seat:
    """Return a function that signs a new assessor in, with work to rate."""

    def take(
        look: Look | None = None,
        *,
        times: int = 1,
        more: Adding | None = None,
        init: str = "",
        **how: object,
    ) -> Bench:
        key = f"bench-{next(NUMBERS)}"
        with site.app.app_context(), transactions.writing():
            college = build_institution(key)
            service.publish_rubric(a_rubric(key), key, BUILDER)
            task = build_task(college, f"{key}-task", rubric=key)
            for _ in range(times):
                work(task.key, more)
            person = build_staff(Role.ASSESSOR, college, language=(look or Look()).language)
            email = person.email
        page = browse(look, **how)
        if init:
            page.add_init_script(init)
        page.goto("/sign-in?next=/assessor")
        page.locator("[name=email]").fill(email)
        page.locator("[name=password]").fill(PASSWORD)
        follow(page.locator("main form .btn-primary").first)
        follow(page.locator("main .page form .btn-primary"))
        expect(page.locator("[data-marking]")).to_be_visible()
        return Bench(site, page, page.url)

    return take


def add_film(performance_id: str, learner: Actor) -> Attachment:
    """Add a film that shows tidying up, at a minute and a half."""
    return service.add_file(performance_id, film(), "a.mp4", {"tidies": "1:30"}, learner)


def work(task_key: str, more: Adding | None = None) -> None:
    """Hand in a text, a picture and a document of two pages, and what `more` adds."""
    task = service.current_task(task_key)
    assert task is not None
    _person, learner = build_learner()
    begun, everywhere = service.begin(task, learner), dict.fromkeys(CRITERIA, "")
    service.add_text(begun.id, "I did it so.\n\nThen I tidied up.", everywhere, learner)
    service.add_file(begun.id, drawing(), "a.png", {"prepares": ""}, learner)
    slow = [service.add_file(begun.id, two_pages(), "a.pdf", {"isolates": "page 2"}, learner)]
    slow += [more(begun.id, learner)] if more else []
    waiting = [each.artefact_id for each in slow]
    transactions.commit()
    for artefact_id in waiting:
        preparing.prepare(learner.learner_id or "", artefact_id)
    service.submit(begun.id, learner)


WORDS = {
    "en": ("Released. It counts", "Choose a level", "Assessing"),
    "fr": ("Remis. L’évaluation compte", "Choisissez un niveau", "Évaluer"),
}


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_it_is_done_by_keyboard_alone_to_release(seat: Seat, look: Look) -> None:
    bench = seat(look)
    page, (released, _choose, title) = bench.page, WORDS[look.language]
    bench.press("j 3 j")  # the first criterion, and on to the second
    bench.press("2 4")
    expect(page.locator("#level-isolates-expert")).to_be_checked()
    bench.press("c")
    page.keyboard.type("s1: well locked")  # letters and digits are words here
    bench.press("Escape j 0 c")
    page.keyboard.type("Not to be seen.")
    bench.press("Escape s")
    bench.expect_saved()
    assert bench.rating() == (
        {"prepares": "proficient", "isolates": "expert", "tidies": None},
        {"isolates": "s1: well locked", "tidies": "Not to be seen."},
        False,
    )
    bench.press("r")
    expect(page).to_have_url(re.compile("/check$"))
    page.wait_for_load_state()
    page.locator("main .btn-primary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".flashes")).to_contain_text(released)
    expect(page.locator("h1")).to_have_text(title)
    assert bench.rating()[2]


def test_what_is_missing_is_said_and_led_to(seat: Seat) -> None:
    bench = seat(expected=REFUSED)
    bench.press("j 3 r")
    alert = bench.page.get_by_role("alert")
    expect(alert).to_contain_text("Choose a level")
    bench.page.wait_for_load_state()
    alert.get_by_role("link").first.press("Enter")
    assert bench.rating()[0] == {"prepares": "proficient"}


def test_the_same_key_again_takes_it_back(seat: Seat) -> None:
    bench = seat()
    bench.press("1 1 j 2")
    bench.expect_saved()
    expect(bench.page.locator("[data-told]")).to_have_text("Isolates: Developing")
    assert bench.rating()[0] == {"isolates": "developing"}


def test_the_evidence_is_led_to_and_back(seat: Seat) -> None:
    bench = seat()
    bench.press("j j")
    link = bench.page.locator("#criterion-isolates .where a", has_text="page 2")
    link.click()
    expect(bench.page.locator("#piece-3-page-2")).to_be_focused()
    bench.press("e")
    expect(bench.page.locator("#level-isolates-beginning")).to_be_focused()
    drawn = bench.page.locator("#piece-3-page-2 img")
    drawn.scroll_into_view_if_needed()
    expect(drawn).to_have_js_property("complete", True)
    assert drawn.evaluate("image => image.naturalWidth") > 100
    bench.page.locator("#piece-3 .where a").click()
    expect(bench.page.locator("#level-isolates-beginning")).to_be_focused()


SOUGHT = """
Object.defineProperty(HTMLMediaElement.prototype, "readyState", { get: () => 1 });
Object.defineProperty(HTMLMediaElement.prototype, "currentTime", {
  get: () => 0,
  set(second) { window.sought = second; },
});
"""
"""In place of a film that plays: a browser of a test has no decoder for ours."""


def test_a_moment_of_a_film_is_led_to(seat: Seat) -> None:
    bench = seat(more=add_film, init=SOUGHT)
    link = bench.page.locator("#criterion-tidies .where a", has_text="1:30")
    link.focus()
    bench.press("Enter")
    expect(bench.page.locator("video")).to_be_focused()
    assert bench.page.evaluate("window.sought") == 90
    answer = bench.page.request.get(
        bench.page.locator("video").get_attribute("src") or "", headers={"Range": "bytes=0-9"}
    )
    assert (answer.status, len(answer.body())) == (206, 10)


def test_keys_are_switched_off_and_stay_off(seat: Seat) -> None:
    bench = seat()
    bench.press("?")
    expect(bench.page.get_by_role("dialog")).to_be_visible()
    bench.page.get_by_label("Use these keys").click()
    expect(bench.page.locator("[data-told]")).to_have_text("Keys are off.")
    bench.close_help()
    bench.page.reload()
    bench.page.wait_for_load_state()
    bench.press("j 3 s")
    assert bench.rating()[0] == {}
    bench.page.get_by_role("button", name="Keys").click()
    bench.page.get_by_label("Use these keys").click()
    expect(bench.page.get_by_label("Use these keys")).to_be_checked()
    bench.close_help()
    bench.press("j 3")
    bench.expect_saved()
    assert bench.rating()[0] == {"prepares": "proficient"}


def test_the_width_is_chosen_and_remembered(seat: Seat) -> None:
    bench = seat()
    rubric = bench.page.locator(".marking-rubric")
    before = rubric.evaluate("pane => pane.clientWidth")
    bench.page.get_by_role("button", name="Wider rubric").click()
    bench.press("[ [ [")
    assert rubric.evaluate("pane => pane.clientWidth") > 1.3 * before
    bench.page.reload()
    bench.page.wait_for_load_state()
    expect(bench.page.locator(".marking")).to_have_attribute("data-split", "1")


def test_what_is_marked_offline_is_kept_and_arrives(seat: Seat) -> None:
    bench = seat(expected=CUT_OFF)
    bench.page.context.set_offline(True)
    bench.press("j 3 j 2")
    expect(bench.page.locator("[data-save-state]")).to_contain_text("kept on this device")
    assert bench.rating()[0] == {}
    bench.page.context.set_offline(False)
    bench.expect_saved()
    assert bench.rating()[0] == {"prepares": "proficient", "isolates": "developing"}
    assert bench.page.evaluate("Object.keys(localStorage).filter(k => /ratings/.test(k))") == []


def test_a_second_window_is_told_and_shows_both(seat: Seat) -> None:
    bench = seat(expected=REFUSED)
    second = bench.page.context.new_page()
    second.goto(bench.address)
    second.wait_for_load_state()
    bench.page.bring_to_front()
    bench.press("j 3")
    bench.expect_saved()
    second.bring_to_front()
    second.keyboard.press("1")
    expect(second.locator("h1")).to_contain_text("Choose which of the two to keep")
    second.wait_for_load_state()
    follow(second.get_by_role("button", name="Keep this one"))
    expect(second.locator("[data-marking]")).to_be_visible()
    assert bench.rating()[0] == {"prepares": "beginning"}


def test_a_comment_is_put_in_without_leaving_the_page(seat: Seat) -> None:
    bench = seat()
    bench.press("j c")
    bench.page.keyboard.type("Show the tag.")
    bench.press("Escape")
    first = bench.page.locator("#criterion-prepares")
    first.locator("summary", has_text="Comments").click()
    first.get_by_role("button", name="Keep this comment").click()
    expect(bench.page.locator(".flashes")).to_contain_text("Kept")
    bench.page.wait_for_load_state()
    other = bench.page.locator("#criterion-tidies")
    other.locator("summary", has_text="Comments").click()
    other.get_by_role("button", name="Put it in").click()
    expect(other.locator("textarea")).to_have_value("Show the tag.")
    bench.expect_saved()
    assert bench.rating()[1] == {"prepares": "Show the tag.", "tidies": "Show the tag."}


def test_without_scripts_it_is_done_by_buttons(seat: Seat) -> None:
    bench = seat(Look(360, scripts=False))
    page = bench.page
    for key in CRITERIA:
        page.locator(f"#level-{key}-proficient").click()
    follow(page.get_by_role("button", name="Save", exact=True))
    expect(page.locator(".flashes")).to_contain_text("Saved. Nobody sees it")
    follow(page.get_by_role("button", name="Check, then release"))
    follow(page.get_by_role("button", name="Release", exact=True))
    expect(page.locator(".flashes")).to_contain_text("Released.")
    assert bench.rating()[2]


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_its_pages_are_accessible_and_fit(seat: Seat, look: Look) -> None:
    bench = seat(look, times=2, for_axe=True, expected=REFUSED)
    page = bench.page
    rubric = page.locator("[name=revision]").evaluate(
        "e => document.querySelector('.stock a').pathname"
    )
    faults = []
    for path in (
        bench.address,
        f"{bench.address}/skip",
        f"{bench.address}/second-look",
        rubric,
        "/assessor",
    ):
        page.goto(path)
        page.wait_for_load_state()
        faults += [f"{path}: {each}" for each in axe.violations(page)]
        if page.evaluate("document.documentElement.scrollWidth") > look.width:
            faults.append(f"{path} scrolls sideways")
    page.goto(bench.address)
    page.wait_for_load_state()
    bench.press("3 ?")
    expect(page.get_by_role("dialog")).to_be_visible()
    faults += axe.violations(page)
    bench.close_help()
    bench.press("r")
    expect(page.get_by_role("alert")).to_contain_text(WORDS[look.language][1])
    page.wait_for_load_state()
    faults += axe.violations(page)
    assert faults == []
