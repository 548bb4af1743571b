"""Taking an adaptive test in a browser: an answer goes once, and is not lost on the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from assessment import transactions
from assessment.demo.builders.examinations import build_adaptive_test, build_bank, build_scale
from assessment.demo.builders.people import PASSWORD, build_institution, build_person
from assessment.extensions import db
from assessment.items import service as items
from assessment.people.accounts import actor_of
from assessment.sittings import service
from assessment.sittings.models import Sitting, SittingState
from tests.browser import axe
from tests.browser.conftest import Look, Site, held

pytestmark = pytest.mark.browser

KEY = "adaptive-in-a-browser"
LOOKS = (
    Look(1280, "en", "light"),
    Look(360, "en", "dark"),
    Look(1280, "fr", "dark"),
    Look(360, "fr", "light"),
)
PLAIN = (Look(), Look(360, scripts=False))
CUT_OFF = ("console: Failed to load resource: net::ERR",)
REFUSED = ("missing: 4", "console: Failed to load resource: the server")
MOST = 12


@pytest.fixture(scope="package")
def adaptive(site: Site) -> str:
    """Return the key of an adaptive test of four to twelve questions, published on the site."""
    with site.app.app_context(), transactions.writing():
        college = build_institution(f"{KEY}-college")
        build_scale(build_bank(college, KEY))
        build_adaptive_test(college, KEY, KEY)
    return KEY


@dataclass(frozen=True)
class Desk:
    """One learner's sitting, and the page on which they take it."""

    site: Site
    page: Page
    sitting_id: str

    def path(self, position: int) -> str:
        """Return the address of a question."""
        return f"/sittings/{self.sitting_id}/questions/{position}"

    def press(self, name: str) -> None:
        """Press a button, in a window that is in front."""
        self.page.bring_to_front()
        self.page.get_by_role("button", name=name).click()

    def choose(self, place: int, page: Page | None = None) -> None:
        """Choose an option by where it is shown, in a window that is in front.

        By a click: `check` asks the page afterwards whether it is checked, and hangs if the page
        is left meanwhile.
        """
        window = page or self.page
        window.bring_to_front()
        window.locator("[name=choice]").nth(place).click()

    def expect_at(self, position: int) -> None:
        """Wait until the page is the question at a position, and its scripts have run."""
        expect(self.page).to_have_url(re.compile(self.path(position) + "$"))
        self.page.wait_for_load_state()

    def sitting(self) -> Sitting:
        """Return the row; call it with a context pushed."""
        return db.session.scalars(select(Sitting).filter_by(id=self.sitting_id)).one()

    def answers(self) -> list[str]:
        """Return what the server has."""
        with self.site.app.app_context():
            return [response.answer for response in self.sitting().responses]


Seat = Callable[..., Desk]


@pytest.fixture
def seat(browse: Callable[..., Page], site: Site, adaptive: str) -> Seat:
    """Return a function that signs a new learner in, at the first question."""

    def take(look: Look | None = None, **how: object) -> Desk:
        with site.app.app_context(), transactions.writing():
            person = build_person(language=(look or Look()).language)
            test = items.current_test(adaptive)
            assert test is not None
            sitting = service.begin(test, actor_of(person))
            email, sitting_id = person.email, sitting.id
        desk = Desk(site, browse(look, **how), sitting_id)
        desk.page.goto(f"/sign-in?next=/sittings/{sitting_id}")
        desk.page.locator("[name=email]").fill(email)
        desk.page.locator("[name=password]").fill(PASSWORD)
        desk.page.locator("main form .btn-primary").first.click()
        desk.expect_at(1)
        return desk

    return take


@pytest.mark.parametrize("look", PLAIN, ids=str)
def test_it_is_taken_by_its_buttons_to_the_result(seat: Seat, look: Look) -> None:
    desk = seat(look)
    for position in range(1, MOST + 1):
        if position == 2:
            desk.press("I do not know")
        else:
            desk.choose(0)
            desk.press("Answer and go on")
        expect(desk.page).not_to_have_url(re.compile(desk.path(position) + "$"))
        if "/questions/" not in desk.page.url:
            break
        desk.expect_at(position + 1)
    expect(desk.page.locator("h1")).to_have_text(f"Test {KEY}")
    with desk.site.app.app_context():
        assert desk.sitting().state == SittingState.SCORED
        assert service.replay_choices(desk.sitting()) is None
    assert desk.answers()[1] == "{}"


def test_it_is_taken_by_keyboard_alone(seat: Seat) -> None:
    desk = seat()
    desk.page.locator("[name=choice]").first.focus()
    desk.page.keyboard.press("ArrowDown")
    expect(desk.page.locator("[name=choice]").nth(1)).to_be_checked()
    desk.page.keyboard.press("Enter")
    desk.expect_at(2)
    assert len(desk.answers()) == 1


def test_choosing_alone_saves_nothing(seat: Seat) -> None:
    desk = seat()
    desk.choose(2)
    expect(desk.page.locator("[name=choice]").nth(2)).to_be_checked()
    desk.page.wait_for_timeout(500)  # longer than the pause after which an answer is saved
    assert desk.page.evaluate("localStorage.length") == 0
    desk.page.reload()
    assert desk.answers() == []


def test_the_way_back_of_the_browser_leads_to_the_question_it_is_at(seat: Seat) -> None:
    desk = seat()
    desk.press("I do not know")
    desk.expect_at(2)
    desk.page.go_back()
    desk.expect_at(2)
    assert desk.answers() == ["{}"]


@pytest.mark.parametrize("look", PLAIN, ids=str)
def test_nothing_chosen_is_told_at_the_question(seat: Seat, look: Look) -> None:
    desk = seat(look, expected=REFUSED)
    desk.press("Answer and go on")
    expect(desk.page.get_by_role("alert")).to_contain_text("Give an answer first")
    assert desk.answers() == []


def test_an_answer_pressed_offline_is_kept_and_arrives_once(seat: Seat) -> None:
    desk = seat(expected=CUT_OFF)
    desk.page.context.set_offline(True)
    desk.choose(1)
    desk.press("Answer and go on")
    expect(desk.page.locator("[data-save-state]")).to_have_text("Not saved, retrying")
    desk.choose(2)
    desk.press("I do not know")  # too late: the first press counts
    assert desk.page.evaluate("localStorage.length") == 1
    desk.page.context.set_offline(False)
    desk.expect_at(2)
    assert len(desk.answers()) == 1
    assert desk.answers() != ["{}"]
    assert desk.page.evaluate("localStorage.length") == 0


def cut_off_when_sent(route: Route) -> None:
    """Let pages come, and nothing go."""
    if route.request.method == "POST":
        route.abort()
    else:
        route.continue_()


def test_an_answer_pressed_before_the_page_was_lost_arrives_with_the_next_look(seat: Seat) -> None:
    desk = seat(expected=CUT_OFF)
    desk.page.route("**/questions/1", cut_off_when_sent)
    desk.choose(1)
    desk.press("Answer and go on")
    expect(desk.page.locator("[data-save-state]")).to_have_text("Not saved, retrying")
    desk.page.on("dialog", lambda dialog: dialog.accept())
    desk.page.goto(f"/sittings/{desk.sitting_id}")
    desk.expect_at(1)
    desk.page.unroute("**/questions/1")  # not before: the page that is lost would send it
    desk.expect_at(2)
    assert len(desk.answers()) == 1


def test_a_second_window_that_answered_otherwise_is_told_and_goes_on(seat: Seat) -> None:
    desk = seat(expected=REFUSED)
    second = desk.page.context.new_page()
    second.goto(desk.path(1))
    desk.press("I do not know")
    desk.expect_at(2)
    desk.choose(0, second)
    with held(second, f"**/sittings/{desk.sitting_id}"):
        second.get_by_role("button", name="Answer and go on").click()
        expect(second.locator("[data-save-state]")).to_contain_text("cannot be changed")
    expect(second).to_have_url(re.compile(desk.path(2) + "$"))
    assert desk.answers() == ["{}"]


@pytest.mark.parametrize("look", PLAIN, ids=str)
def test_the_language_changes_and_what_is_chosen_stays(seat: Seat, look: Look) -> None:
    desk = seat(look)
    desk.choose(2)
    desk.press("Français")
    expect(desk.page.get_by_role("button", name="Répondre et continuer")).to_be_visible()
    expect(desk.page.locator("[name=choice]").nth(2)).to_be_checked()
    assert desk.answers() == []


@pytest.mark.parametrize("look", PLAIN, ids=str)
def test_stopping_asks_first(seat: Seat, look: Look) -> None:
    desk = seat(look)
    desk.press("I do not know")
    desk.expect_at(2)
    desk.page.get_by_role("link", name="Stop here").click()
    desk.page.get_by_role("link", name="Go on with the test").click()
    desk.expect_at(2)
    desk.page.get_by_role("link", name="Stop here").click()
    desk.press("Stop and see the result")
    expect(desk.page).to_have_url(re.compile(f"/sittings/{desk.sitting_id}$"))
    expect(desk.page.locator("h1")).to_have_text(f"Test {KEY}")


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_its_pages_are_accessible_and_fit(seat: Seat, look: Look) -> None:
    desk = seat(look, for_axe=True, expected=REFUSED)
    sitting = f"/sittings/{desk.sitting_id}"
    for path in (desk.path(1), f"{sitting}/review", f"/tests/{KEY}"):
        desk.page.goto(path)
        assert axe.violations(desk.page) == [], path
        width = desk.page.evaluate("document.documentElement.scrollWidth")
        assert width <= look.width, path
    desk.page.goto(desk.path(1))
    desk.page.locator("[value=answer]").click()
    expect(desk.page.get_by_role("alert")).to_be_visible()
    desk.page.wait_for_load_state()
    assert axe.violations(desk.page) == []
