"""The main job from the front page to a signed credential, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page

from assessment.demo.builders.people import PASSWORD
from assessment.extensions import db
from assessment.items import service as items
from assessment.sittings.models import SittingItem
from itembank import Item, ItemKind
from tests.browser.conftest import Look, Site

pytestmark = pytest.mark.browser

MOST_STOPS = 60
"""No page asks for more presses of Tab than this to reach what it is for."""

LOOKS = (
    Look(1280, "en"),
    Look(360, "fr", "dark"),
    Look(360, "en", "dark", scripts=False),
    Look(1280, "fr", scripts=False),
)


@dataclass(frozen=True)
class Hands:
    """Somebody who has a keyboard and no mouse."""

    page: Page
    site: Site

    def reach(self, target: Locator) -> None:
        """Press Tab until `target` has the focus."""
        for _press in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            if target.evaluate("element => element === document.activeElement"):
                return
        pytest.fail(f"{target} cannot be reached by Tab on {self.page.url}")

    def follow(self, selector: str) -> None:
        """Reach the first such link or button of the page and press Enter."""
        self.reach(self.page.locator(selector).first)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, name: str, text: str) -> None:
        """Reach the field called `name` and write into it."""
        self.reach(self.page.locator(f"[name={name}]"))
        self.page.keyboard.type(text)

    def tick(self, name: str) -> None:
        """Reach the box called `name` and tick it."""
        self.reach(self.page.locator(f"[name={name}]"))
        self.page.keyboard.press("Space")

    def answer(self, question: Question) -> None:
        """Give the right answer to the question on the page."""
        if question.item.kind is ItemKind.CHOICE:
            self.reach(self.page.locator("[name=choice]").first)
            self.page.keyboard.press("Space")
            for _step in range(question.places[0]):
                self.page.keyboard.press("ArrowDown")
        elif question.item.kind is ItemKind.MULTIPLE:
            for place in question.places:
                self.reach(self.page.locator(f"[name=choice][value='{place}']"))
                self.page.keyboard.press("Space")
        else:
            self.write("text", question.text)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")  # the form's first button: save and go on


@dataclass(frozen=True)
class Question:
    """A question as this learner sees it, with what they would answer if they knew."""

    item: Item
    order: list[int]

    @property
    def places(self) -> list[int]:
        """Return where the right options are shown, from the top."""
        return sorted(self.order.index(option) for option in self.item.key)

    @property
    def text(self) -> str:
        """Return what is written into an entry."""
        if self.item.kind is ItemKind.NUMERIC:
            return f"{self.item.answer:g}"
        return self.item.accepted["en"][0]


def question_on(hands: Hands) -> Question:
    """Return the question on the page that is open."""
    _, _, rest = hands.page.url.partition("/sittings/")
    sitting_id, _, position = rest.partition("/questions/")
    with hands.site.app.app_context():
        query = db.select(SittingItem).filter_by(sitting_id=sitting_id, position=int(position))
        drawn = db.session.scalars(query).one()
        return Question(items.content(drawn.item_version_id), list(drawn.option_order))


def register(hands: Hands, email: str) -> None:
    """Open an account on the page that asks for it."""
    hands.write("display_name", "Ada")
    hands.write("email", email)
    hands.write("password", PASSWORD)
    hands.follow("main form .btn-primary")


def sit(hands: Hands) -> int:
    """Return how many questions were asked, all of them answered rightly and submitted."""
    hands.tick("terms")
    hands.follow("main form .btn-primary")
    asked = 0
    while "/questions/" in hands.page.url:
        asked += 1
        hands.answer(question_on(hands))
    assert hands.page.locator(".notice-good").count() == 1  # every question has an answer
    hands.follow("main form .btn-primary")
    return asked


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_from_the_front_page_to_a_signed_credential(
    browse: Callable[..., Page], site: Site, look: Look
) -> None:
    page = browse(look)
    hands = Hands(page, site)
    page.goto("/")
    hands.follow("main .btn-primary")  # start a pre-test
    hands.follow("main .btn-primary")  # create an account and start
    register(hands, f"{look}@example.org")
    assert sit(hands) == 15
    hands.follow("main .btn-primary")  # go on to the post-test
    assert sit(hands) == 30
    hands.follow("main .cards a")  # why it was awarded
    assert page.locator(".status-met").count() > 0
    hands.follow("main .btn-primary")  # the credential
    assert "/credentials/" in page.url
    assert page.locator(".status-met").count() == 1
    assert page.locator("html").get_attribute("lang") == look.language
