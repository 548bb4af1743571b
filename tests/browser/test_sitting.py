"""Taking a test in a browser: saved as it is given, kept when the way is cut, told of the time."""

from __future__ import annotations

import re
import struct
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

import itembank
from assessment import clock, transactions
from assessment.demo.builders.examinations import BUILDER
from assessment.demo.builders.people import PASSWORD, build_institution, build_person
from assessment.extensions import db
from assessment.items import service as items
from assessment.people.accounts import actor_of
from assessment.people.models import Person, SignIn
from assessment.sittings import service
from assessment.sittings.models import Response, Sitting, SittingItem, SittingState
from itembank import ItemKind
from tests.browser import axe
from tests.browser.conftest import Look, Site, follow, until

pytestmark = pytest.mark.browser

KEY = "every-kind"
SAVED = re.compile(r"^Saved \d\d:\d\d$")
CUT_OFF = ("console: Failed to load resource: net::ERR",)
REFUSED = ("missing: 4", "missing: 503", "console: Failed to load resource: the server")
LOOKS = (
    Look(1280, "en", "light"),
    Look(360, "en", "dark"),
    Look(1280, "fr", "dark"),
    Look(360, "fr", "light"),
)
PLAIN = (Look(), Look(360, scripts=False))


def picture() -> bytes:
    """Return a grey PNG of 8 by 8."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * 8) * 8)
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def both(text: str) -> dict[str, str]:
    """Return a wording in both languages."""
    return {"en": text, "fr": f"{text} (fr)"}


OPTIONS = tuple(both(f"Option {letter}") for letter in "ABCD")
FIGURE = itembank.Figure("grey.png", both("A grey square"))
QUESTIONS: dict[str, dict[str, object]] = {
    "choice": {"kind": ItemKind.CHOICE, "options": OPTIONS, "key": frozenset({0})},
    "multiple": {"kind": ItemKind.MULTIPLE, "options": OPTIONS, "key": frozenset({0, 1})},
    "numeric": {"kind": ItemKind.NUMERIC, "answer": 12.5, "unit": both("V")},
    "text": {"kind": ItemKind.TEXT, "accepted": {"en": ("lock",), "fr": ("cadenas",)}},
    "figure": {
        "kind": ItemKind.CHOICE,
        "options": OPTIONS,
        "key": frozenset({1}),
        "figure": FIGURE,
    },
}


@pytest.fixture(scope="package")
def every_kind(site: Site) -> str:
    """Return the key of a test with one question of each kind, published on the site."""
    with site.app.app_context(), transactions.writing():
        college = build_institution("browser-college")
        parsed = itembank.ParsedBank(
            areas=tuple(itembank.Area(area, both(area.title())) for area in QUESTIONS),
            items=tuple(
                itembank.Item(id=area, area=area, stem=both(f"A question: {area}?"), **fields)  # type: ignore[arg-type]  # fields differ by kind
                for area, fields in QUESTIONS.items()
            ),
        )
        into = items.BankSpec(key=KEY, institution_id=college.id, title=both("Every kind"))
        pictures = {"grey.png": items.Picture(picture(), ".png")}
        items.import_bank(parsed, into, BUILDER, figures=pictures)
        spec = items.TestSpec(
            key=KEY,
            bank=KEY,
            institution=college.key,
            title=both("Every kind of question"),
            purpose=both("Shows that it works."),
            blueprint=dict.fromkeys(QUESTIONS, 1),
            cuts=(items.Cut("pass", both("Pass"), 60),),
            languages=("en", "fr"),
            minutes=40,
        )
        items.publish_test(spec, BUILDER)
    return KEY


@dataclass(frozen=True)
class Desk:
    """One learner's sitting, and the page on which they take it."""

    site: Site
    page: Page
    email: str
    sitting_id: str

    @property
    def state(self) -> str:
        """What the page says of saving."""
        return "[data-save-state]"

    def position(self, kind: str) -> int:
        """Return where the question of a kind stands in this sitting."""
        with self.site.app.app_context():
            rows = db.select(SittingItem).filter_by(sitting_id=self.sitting_id)
            return next(
                row.position
                for row in db.session.scalars(rows)
                if items.content(row.item_version_id).id == kind
            )

    def place(self, option: int) -> int:
        """Return where an option of the choice question is shown."""
        with self.site.app.app_context():
            key = {"sitting_id": self.sitting_id, "position": self.position("choice")}
            row = db.session.scalars(db.select(SittingItem).filter_by(**key)).one()
            order: list[int] = list(row.option_order)
            return order.index(option)

    def path(self, kind: str) -> str:
        """Return the address of the question of a kind."""
        return f"/sittings/{self.sitting_id}/questions/{self.position(kind)}"

    def open(self, kind: str) -> None:
        """Open the question of a kind."""
        self.page.goto(self.path(kind))

    def choose(self, place: int, page: Page | None = None) -> None:
        """Choose an option by where it is shown, in a window that is in front.

        A browser draws nothing for a window behind another, and a click waits for what is drawn.
        By a click, for `check` asks the page afterwards whether it is checked, and hangs if a
        script has the page leave at once: it does where the saved answer is another.
        """
        window = page or self.page
        window.bring_to_front()
        window.locator("[name=choice]").nth(place).click()

    def expect_saved(self, page: Page | None = None) -> None:
        """Wait until the page says that the answer is saved."""
        expect((page or self.page).locator(self.state)).to_have_text(SAVED)

    def saved(self, kind: str) -> tuple[str, int]:
        """Return what the server has for a question, in its terms, and the revision."""
        place = self.position(kind)
        with self.site.app.app_context():
            rows = db.select(Response).filter_by(sitting_id=self.sitting_id, position=place)
            found = db.session.scalars(rows).one_or_none()
            return (found.answer, found.revision) if found else ("", 0)

    def move_deadline(self, seconds: float, **columns: object) -> None:
        """Let the sitting end in so many seconds from now."""
        with self.site.app.app_context(), transactions.writing():
            values = {"deadline": clock.now() + timedelta(seconds=seconds), **columns}
            rows = db.update(Sitting).where(Sitting.id == self.sitting_id).values(**values)
            db.session.execute(rows)

    def end_sign_in(self) -> None:
        """End the learner's sign-ins, as time or a new password would."""
        with self.site.app.app_context(), transactions.writing():
            whose = db.select(Person.id).where(Person.email == self.email).scalar_subquery()
            rows = db.update(SignIn).where(SignIn.person_id == whose)
            db.session.execute(rows.values(revoked_at=clock.now()))

    def expect_clock(self) -> None:
        """Wait until the clock has run, and remembers which mark was passed last."""
        until(self.page, "sessionStorage.length > 0")

    def synchronise(self) -> None:
        """Let the page ask the server for the time, as it does when it is shown again."""
        self.page.evaluate("dispatchEvent(new Event('online'))")


Seat = Callable[..., Desk]


@pytest.fixture
def seat(browse: Callable[..., Page], site: Site, every_kind: str) -> Seat:
    """Return a function that signs a new learner in, at the question of a kind."""

    def take(kind: str, look: Look | None = None, **how: object) -> Desk:
        with site.app.app_context(), transactions.writing():
            person = build_person(language=(look or Look()).language)
            test = items.current_test(every_kind)
            assert test is not None
            sitting = service.begin(test, actor_of(person))
            email, sitting_id = person.email, sitting.id
        desk = Desk(site, browse(look, **how), email, sitting_id)
        sign_in(desk.page, email, desk.path(kind))
        return desk

    return take


def sign_in(page: Page, email: str, there: str) -> None:
    """Sign in with the password that all these learners have."""
    page.goto(f"/sign-in?next={there}")
    give_password(page, email)
    page.wait_for_url(lambda address: urlsplit(address).path == there)


def give_password(page: Page, email: str) -> None:
    """Fill in the sign-in form on the page."""
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form .btn-primary").first.click()


# Saved as it is given


def test_an_option_is_saved_as_it_is_chosen_and_a_flag_as_it_is_set(seat: Seat) -> None:
    desk = seat("choice")
    assert desk.page.locator(desk.state).inner_text() == ""
    desk.choose(2)
    desk.expect_saved()
    first, revision = desk.saved("choice")
    assert revision == 1
    desk.choose(3)
    desk.page.locator("[name=flagged]").click()
    expect(desk.page.locator("[name=revision]")).to_have_value("3")
    assert desk.saved("choice")[0] != first


TYPE = """
(field, text) => {
  field.focus();
  for (const letter of text) document.execCommand("insertText", false, letter);
}
"""
"""Types letter by letter without a pause, which a busy machine would make between two presses."""


def test_a_text_is_saved_after_a_pause_and_when_it_is_left(seat: Seat) -> None:
    desk = seat("text")
    desk.page.locator("#text").evaluate(TYPE, "lock")
    desk.expect_saved()
    assert desk.saved("text") == ('{"text":"lock"}', 1)  # once, not once a letter
    desk.page.locator("#text").fill("lock it")
    desk.page.locator("[name=flagged]").focus()
    expect(desk.page.locator("[name=revision]")).to_have_value("2")
    assert desk.saved("text")[0] == '{"text":"lock it"}'


def test_a_number_that_is_none_is_told_beside_the_field(seat: Seat) -> None:
    desk = seat("numeric", expected=REFUSED)
    desk.page.locator("#text").fill("about twelve")
    error = desk.page.locator("[data-entry-error]")
    expect(error).to_have_text("Enter a number, such as 12.5 or 12,5.")
    expect(desk.page.locator("#text")).to_have_attribute("aria-invalid", "true")
    desk.page.locator("#text").fill("12,5")
    desk.expect_saved()
    expect(error).to_be_empty()
    assert desk.saved("numeric") == ('{"text":"12,5"}', 1)


def test_without_scripts_a_number_that_is_none_comes_back_with_what_was_written(
    seat: Seat,
) -> None:
    desk = seat("numeric", Look(scripts=False))
    desk.page.locator("#text").fill("about twelve")
    desk.page.locator("button.btn-primary").click()
    expect(desk.page.locator("[data-entry-error]")).to_contain_text("Enter a number")
    expect(desk.page.locator("#text")).to_have_value("about twelve")


def test_going_on_waits_for_the_save_that_is_under_way(seat: Seat) -> None:
    desk = seat("choice")

    def slowly(route: Route) -> None:
        desk.page.wait_for_timeout(300)
        route.continue_()

    desk.page.route("**/questions/*", slowly)
    desk.choose(1)
    desk.page.locator("button[name=go]").first.click()
    expect(desk.page).not_to_have_url(re.compile(desk.path("choice") + "$"))
    expect(desk.page.locator("h1")).not_to_contain_text("Two answers")
    assert desk.saved("choice")[1] == 1


@pytest.mark.parametrize("look", PLAIN, ids=str)
def test_the_language_changes_in_the_middle_of_a_question_and_the_answer_stays(
    seat: Seat, look: Look
) -> None:
    desk = seat("text", look)
    desk.page.locator("#text").fill("cadenas")
    follow(desk.page.get_by_role("button", name="Français"))
    assert desk.page.locator("html").get_attribute("lang") == "fr"
    assert desk.page.url.endswith(desk.path("text"))
    expect(desk.page.locator("#text")).to_have_value("cadenas")
    assert desk.saved("text")[1] == 1


# When the way to the server is cut


def test_an_answer_given_offline_is_kept_and_saved_once(seat: Seat) -> None:
    desk = seat("choice", expected=CUT_OFF)
    desk.page.context.set_offline(True)
    desk.choose(0)
    expect(desk.page.locator(desk.state)).to_have_text("Not saved, retrying")
    desk.choose(1)
    desk.page.locator("button[name=go]").first.click()  # stays, for nothing is saved yet
    expect(desk.page.locator(desk.state)).to_have_text("Not saved, retrying")
    assert desk.page.url.endswith(desk.path("choice"))
    desk.page.context.set_offline(False)
    expect(desk.page).not_to_have_url(re.compile(desk.path("choice") + "$"))  # then goes on
    assert desk.saved("choice")[1] in (1, 2)  # the first answer may have been on its way
    desk.open("choice")
    expect(desk.page.locator("[name=choice]").nth(1)).to_be_checked()


def test_an_answer_outlives_its_page_and_is_sent_from_the_next_one(seat: Seat) -> None:
    desk = seat("multiple", expected=CUT_OFF)
    desk.page.context.set_offline(True)
    desk.choose(0)
    desk.choose(2)
    expect(desk.page.locator(desk.state)).to_have_text("Not saved, retrying")
    desk.page.close()
    desk.page.context.set_offline(False)
    page = desk.page.context.new_page()
    page.goto(desk.path("text"))
    until(page, "localStorage.length === 0")  # all is sent
    page.goto(desk.path("multiple"))
    expect(page.locator("[name=choice]:checked")).to_have_count(2)


REMEMBER = """
(place) => {
  window.told = [];
  new MutationObserver(() => told.push(place.textContent)).observe(place, { childList: true });
}
"""
"""Keeps what a place on the page says, however soon it says something else."""


def test_a_busy_server_is_asked_again_when_it_said(seat: Seat) -> None:
    desk = seat("choice", expected=REFUSED)
    asked: list[float] = []

    def busy_once(route: Route) -> None:
        asked.append(time.monotonic())
        if len(asked) == 1:
            route.fulfill(status=503, headers={"Retry-After": "3"}, body="{}")
        else:
            route.continue_()

    desk.page.route("**/questions/*", busy_once)
    desk.page.locator(desk.state).evaluate(REMEMBER)
    desk.choose(0)
    desk.expect_saved()
    assert "Not saved, retrying" in desk.page.evaluate("window.told")
    assert (len(asked), desk.saved("choice")[1]) == (2, 1)
    assert asked[1] - asked[0] >= 3


def test_a_lost_acknowledgement_never_looks_like_another_window(seat: Seat) -> None:
    desk = seat("choice", expected=CUT_OFF)
    lost = True

    def swallow(route: Route) -> None:
        if lost:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    desk.page.route("**/questions/*", swallow)
    desk.choose(0)
    expect(desk.page.locator(desk.state)).to_have_text("Not saved, retrying")
    first, revision = desk.saved("choice")
    assert revision == 1  # however often the same was sent
    desk.choose(1)
    lost = False
    desk.synchronise()
    expect(desk.page.locator("[name=revision]")).to_have_value("2")
    assert desk.saved("choice")[0] != first


def test_leaving_warns_only_while_something_is_unsent(seat: Seat) -> None:
    desk = seat("choice", expected=CUT_OFF)
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    desk.page.on("dialog", leave)
    desk.choose(0)
    desk.expect_saved()
    desk.page.reload()
    assert asked == []
    desk.page.route("**/questions/*", lambda route: route.abort())
    desk.choose(1)
    expect(desk.page.locator(desk.state)).to_have_text("Not saved, retrying")
    desk.page.goto("/catalogue")
    assert asked == ["beforeunload"]


def test_submitting_waits_until_everything_is_saved(seat: Seat) -> None:
    desk = seat("choice", expected=CUT_OFF)
    desk.page.route("**/questions/*", lambda route: route.abort())
    desk.choose(0)
    expect(desk.page.locator(desk.state)).to_have_text("Not saved, retrying")
    desk.page.on("dialog", lambda dialog: dialog.accept())
    desk.page.goto(f"/sittings/{desk.sitting_id}/review")
    desk.page.get_by_role("button", name="Submit the test").click()
    expect(desk.page.locator(desk.state)).to_contain_text("Some answers are not saved yet")
    desk.page.unroute_all()  # it is sent again by itself
    expect(desk.page.locator(".review-list .status-met")).to_have_count(1)  # read anew
    desk.page.wait_for_load_state()
    desk.page.get_by_role("button", name="Submit the test").click()
    expect(desk.page.locator("h1")).to_have_text("Every kind of question")
    assert desk.saved("choice")[1] == 1


# Other windows, other devices, other people


def test_a_stale_window_gets_both_answers(seat: Seat) -> None:
    desk = seat("choice", expected=REFUSED)
    second = desk.page.context.new_page()
    second.goto(desk.path("choice"))
    desk.choose(0)
    desk.expect_saved()
    mine = desk.saved("choice")
    desk.choose(1, second)
    expect(second.locator("h1")).to_have_text("Two answers to one question")
    expect(second.locator(".both")).to_contain_text(re.compile("Option .*Option ", re.DOTALL))
    assert desk.saved("choice") == mine
    second.get_by_role("button", name="Keep this answer instead").click()
    expect(second.locator("[name=choice]").nth(1)).to_be_checked()
    assert desk.saved("choice")[1] == 2


def test_keeping_the_saved_answer_ends_the_conflict(seat: Seat) -> None:
    desk = seat("text", expected=REFUSED)
    second = desk.page.context.new_page()
    second.goto(desk.path("text"))
    desk.page.bring_to_front()
    desk.page.locator("#text").fill("lock")
    desk.expect_saved()
    second.bring_to_front()
    second.locator("#text").fill("key")
    expect(second.locator("h1")).to_have_text("Two answers to one question")
    second.get_by_role("link", name="Keep the saved answer").click()
    expect(second.locator("#text")).to_have_value("lock")
    second.wait_for_load_state()
    second.wait_for_timeout(300)
    expect(second.locator("h1")).not_to_have_text("Two answers to one question")
    assert desk.saved("text") == ('{"text":"lock"}', 1)


def test_a_sign_in_that_ended_loses_nothing(seat: Seat) -> None:
    desk = seat("choice", expected=REFUSED)
    desk.end_sign_in()
    desk.choose(2)
    expect(desk.page.locator(desk.state)).to_contain_text("You are signed out")
    desk.page.locator(f"{desk.state} a").click()
    give_password(desk.page, desk.email)
    expect(desk.page).to_have_url(re.compile(desk.path("choice") + "$"))
    expect(desk.page.locator("[name=choice]").nth(2)).to_be_checked()
    desk.expect_saved()
    assert desk.saved("choice")[1] == 1


def test_another_person_on_the_same_machine_neither_sees_nor_sends_it(seat: Seat) -> None:
    desk = seat("choice", expected=REFUSED)
    other = seat("choice")
    desk.end_sign_in()
    desk.choose(2)
    expect(desk.page.locator(desk.state)).to_contain_text("You are signed out")
    page = desk.page.context.new_page()
    sign_in(page, other.email, other.path("choice"))
    expect(page.locator("[name=choice]:checked")).to_have_count(0)
    assert page.evaluate("Object.keys(localStorage)") == []
    assert desk.saved("choice") == other.saved("choice") == ("", 0)


def test_without_scripts_a_sign_in_that_ended_leads_back_to_the_question(seat: Seat) -> None:
    desk = seat("choice", Look(scripts=False))
    desk.end_sign_in()
    desk.choose(2)
    desk.page.locator("button[name=go]").first.click()
    expect(desk.page.locator(".flashes")).to_contain_text("was not saved")
    give_password(desk.page, desk.email)
    expect(desk.page).to_have_url(re.compile(desk.path("choice") + "$"))


def test_another_device_resumes_at_the_same_question(
    seat: Seat, browse: Callable[..., Page]
) -> None:
    desk = seat("choice")
    desk.page.goto(f"/sittings/{desk.sitting_id}/questions/2")
    follow(desk.page.locator("button[name=go]").first)
    phone = browse(Look(360))
    sign_in(phone, desk.email, f"/tests/{KEY}")
    phone.get_by_role("link", name="Go on with the test").click()
    expect(phone.locator("h1")).to_have_text("Question 3 of 5")


def test_an_answer_after_submitting_elsewhere_changes_nothing_and_says_so(seat: Seat) -> None:
    desk = seat("choice", expected=REFUSED)
    desk.choose(0)
    desk.expect_saved()
    with desk.site.app.app_context(), transactions.writing():
        found = db.session.scalars(db.select(Sitting).filter_by(id=desk.sitting_id)).one()
        found.state = SittingState.SCORED
    desk.page.route(f"**/sittings/{desk.sitting_id}", lambda _route: None)  # it never goes on
    desk.choose(1)
    expect(desk.page.locator(desk.state)).to_contain_text("has been submitted")
    assert desk.saved("choice")[1] == 1


# The clock


def test_the_clock_is_silent_until_ten_five_and_one_minutes(seat: Seat) -> None:
    desk = seat("choice")
    told = desk.page.locator("[data-clock-announcement]")
    desk.expect_clock()
    expect(told).to_be_empty()
    for seconds, sentence in (
        (601, "10 minutes left"),
        (299, "5 minutes left"),
        (59, "1 minute left"),
    ):
        desk.move_deadline(seconds)
        desk.synchronise()
        expect(told).to_have_text(sentence)
    desk.move_deadline(45)
    desk.page.reload()
    desk.page.wait_for_timeout(1200)
    expect(told).to_be_empty()  # each mark is told once
    desk.page.locator("summary").click()
    left = re.compile("^[1-5]0 seconds left$")
    expect(desk.page.locator("[data-clock-text]")).to_have_text(left)


def test_time_given_back_is_told(seat: Seat) -> None:
    desk = seat("choice")
    desk.expect_clock()
    desk.move_deadline(46 * 60, given_back_seconds=360)
    desk.synchronise()
    told = desk.page.locator("[data-clock-announcement]")
    expect(told).to_have_text("We added 6 minutes for an interruption of ours.")
    desk.page.reload()
    expect(desk.page.locator(".notice")).to_contain_text("We added 6 minutes")


def test_when_the_time_is_up_the_page_says_so_and_goes_on(seat: Seat) -> None:
    desk = seat("choice")
    desk.choose(1)
    desk.expect_saved()
    desk.move_deadline(-1)  # over, but the network still has its grace
    desk.synchronise()
    told = desk.page.locator("[data-clock-announcement]")
    expect(told).to_have_text("The time is up. Your saved answers are being scored.")
    assert desk.page.url.endswith(desk.path("choice"))
    desk.move_deadline(-20)
    expect(desk.page.locator("h1")).to_have_text("The time is up")
    assert desk.saved("choice")[1] == 1
    desk.page.get_by_role("button", name="See the result now").click()
    expect(desk.page.locator("h1")).to_have_text("Every kind of question")


# For everybody


def answer_elsewhere(desk: Desk) -> None:
    """Let another device answer the open question, then answer it here too."""
    desk.open("choice")
    with desk.site.app.app_context(), transactions.writing():
        learner = db.session.scalars(db.select(Sitting).filter_by(id=desk.sitting_id)).one()
        row = {"sitting_id": desk.sitting_id, "learner_id": learner.learner_id}
        answer, place = '{"chosen":[0]}', desk.position("choice")
        db.session.add(
            Response(**row, position=place, answer=answer, revision=3, saved_at=clock.now())
        )
    desk.page.locator(f"[name=choice][value='{desk.place(1)}']").click()
    expect(desk.page.locator(".both")).to_be_visible()
    desk.page.wait_for_load_state()


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_of_a_sitting_is_accessible(seat: Seat, look: Look) -> None:
    desk = seat("choice", look, for_axe=True, expected=REFUSED)
    page = desk.page
    wrong: list[str] = []

    def look_at(name: str) -> None:
        assert page.locator("html").get_attribute("lang") == look.language
        assert page.locator("h1").count() == 1
        wrong.extend(f"{name}: {line}" for line in axe.violations(page))
        if page.evaluate("document.documentElement.scrollWidth") > look.width:
            wrong.append(f"{name}: the page scrolls sideways")

    for kind in QUESTIONS:
        desk.open(kind)
        page.locator("summary").click()
        look_at(kind)
    page.goto(f"/tests/{KEY}")
    look_at("begin, under way")
    answer_elsewhere(desk)
    look_at("conflict")
    page.goto(f"/sittings/{desk.sitting_id}/review")
    look_at("review")
    desk.move_deadline(-20)
    page.goto(f"/sittings/{desk.sitting_id}")
    look_at("time up")
    follow(page.locator("main form button"))
    look_at("result")
    page.goto("/tests/bev-pre")
    look_at("begin")
    assert wrong == []
