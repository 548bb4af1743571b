"""A learner of the tour: somebody who knows the subject, at a browser.

No page carries a key. The learner knows the answers as a person does: by the words of a question
and of its options, which this module reads from the demo's own content.
"""

from __future__ import annotations

import re
import secrets
from collections import Counter
from dataclasses import dataclass
from functools import cache

import itembank
from assessment.demo import content_files
from assessment.demo.life import Mistakes
from assessment.demo.tour.pages import Choice, Entries, Form, Page
from assessment.demo.tour.visitor import Answer, StepFailed, Visitor
from assessment.ids import new_id

LANGUAGE = "en"
NO_MISTAKES: Mistakes = {}
NUMBER = re.compile(r"^[0-9]+\. ")


@dataclass(frozen=True)
class Taken:
    """A test that was taken: what its result page says, and how many questions it asked."""

    result: Answer
    questions: int


class Learner:
    """Somebody new, who registers and takes tests."""

    def __init__(self, site: str, name: str) -> None:
        self.name = name
        self.email = f"tour-{new_id()[:12]}@example.org"
        self.visitor = Visitor(site, LANGUAGE)

    def register(self, at: Answer) -> Answer:
        """Return the page that follows registration, begun on the page `at`."""
        form = demanded(at, "password", "a registration form")
        entries = form.entries(
            display_name=self.name, email=self.email, password=secrets.token_urlsafe(18)
        )
        return self.visitor.send(form, at, entries)

    def begin(self, at: Answer) -> Answer:
        """Return the first question, begun on the page that says how the test works."""
        form = demanded(at, "terms", "a way to start the test")
        return self.visitor.send(form, at, form.entries(terms="y"))

    def take_test(self, at: Answer, mistakes: Mistakes = NO_MISTAKES) -> Taken:
        """Return the result of a test whose first question is `at`, answered but for `mistakes`."""
        asked, left = 0, Counter(mistakes)
        while (form := at.page.form("revision")) is not None:
            asked += 1
            item = item_of(at.page)
            wrong = left[item.area] > 0
            left[item.area] -= wrong
            entries = mistaken(form, item) if wrong else known(form, item)
            at = self.visitor.send(form, at, [*entries, ("go", _onward(form))])
        review = next((form for form in at.page.forms() if form.action.endswith("/submit")), None)
        if review is None:
            raise StepFailed(f"After question {asked} there is no review: {at.page.heading}")
        return Taken(self.visitor.send(review, at, review.entries()), asked)


def demanded(at: Answer, name: str, what: str) -> Form:
    """Return the form of a page that has a control of this name; StepFailed without one."""
    form = at.page.form(name)
    if form is None:
        raise StepFailed(f"{at.url} has no form with {name!r}, which is {what}.")
    return form


def item_of(page: Page) -> itembank.Item:
    """Return the item whose wording the page shows, with or without a number before it."""
    for asked in page.main.all("legend", "label"):
        words = _plain(asked.text)
        found = _by_stem().get(words) or _by_stem().get(NUMBER.sub("", words))
        if found is not None:
            return found
    raise StepFailed(f"{page.heading!r} asks nothing that is in the demonstration's banks.")


def known(form: Form, item: itembank.Item) -> Entries:
    """Return what a question's form sends with the right answer."""
    if item.kind.has_options:
        return form.entries(choice=[each.value for each in _right(form, item)])
    return form.entries(text=_entry(item))


def mistaken(form: Form, item: itembank.Item) -> Entries:
    """Return what a question's form sends with a wrong answer."""
    if not item.kind.has_options:
        return form.entries(text="0")
    right = _right(form, item)
    others = [each.value for each in form.choices("choice") if each not in right]
    return form.entries(choice=others[:1])


def _right(form: Form, item: itembank.Item) -> list[Choice]:
    wordings = {_plain(item.options[index][LANGUAGE]) for index in item.key}
    found = [each for each in form.choices("choice") if _plain(each.label) in wordings]
    if len(found) != len(wordings):
        raise StepFailed(f"The page of {item.id} does not show the options of its bank.")
    return found


@cache
def _by_stem() -> dict[str, itembank.Item]:
    items = (item for name in content_files.BANKS for item in content_files.bank(name).items)
    return {_plain(item.stem[LANGUAGE]): item for item in items}


def _entry(item: itembank.Item) -> str:
    return f"{item.answer:g}" if item.answer is not None else item.accepted[LANGUAGE][0]


def _onward(form: Form) -> str:
    """Return the value of the button that saves and goes on: the first one."""
    button = form.element.first("button")
    return button.attributes.get("value", "next") if button else "next"


def _plain(text: str) -> str:
    return " ".join(text.split())
