"""The tour's assessors: people of the demonstration, who rate what the tour's learner showed."""

from __future__ import annotations

from dataclasses import dataclass

from assessment.demo.tour.learner import demanded
from assessment.demo.tour.visitor import Answer, StepFailed, Visitor

MOST_TAKEN = 8
DESK = "/assessor"


@dataclass(frozen=True)
class Rated:
    """What an assessor did: the marking page that they saw, and the answer to releasing it."""

    page: Answer
    answer: Answer


def sign_in(site: str, name: str) -> Visitor:
    """Return one of the demonstration's people at a browser, signed in with one click."""
    visitor = Visitor(site)
    door = visitor.get("/sign-in")
    for form in door.page.forms():
        if name in form.element.text:
            visitor.send(form, door, form.entries())
            return visitor
    raise StepFailed(f"{site}/sign-in offers nobody who is called {name}.")


def rate(assessor: Visitor, rubric: str, language: str, marker: str, level: str) -> Rated:
    """Return the rating of the work that says `marker`; what is not the tour's is left alone."""
    for _ in range(MOST_TAKEN):
        page = _next(assessor, rubric, language)
        if marker in page.page.text:
            return Rated(page, _release(assessor, page, level))
        _leave(assessor, page)
    raise StepFailed(f"The work of the tour is not among what waits in {language} on {rubric}.")


def _next(assessor: Visitor, rubric: str, language: str) -> Answer:
    desk = assessor.get(f"{DESK}?skill={rubric}&language={language}")
    for form in desk.page.forms():
        if form.action.split("?")[0].endswith("/next"):
            return assessor.send(form, desk, form.entries())
    raise StepFailed(f"{desk.url} (“{desk.page.heading}”) has nothing to rate.")


def _release(assessor: Visitor, page: Answer, level: str) -> Answer:
    form = next((each for each in page.page.forms() if _levels(each.names())), None)
    if form is None:
        raise StepFailed(f"{page.url} has no rubric to mark.")
    marks = dict.fromkeys(_levels(form.names()), level)
    check = assessor.send(form, page, [*form.entries(**marks), ("go", "check")])
    last = demanded(check, "revision", "a way to release what was checked")
    return assessor.send(last, check, [*last.entries(), ("go", "release")])


def _levels(names: list[str]) -> list[str]:
    return [name for name in names if name.startswith("level-")]


def _leave(assessor: Visitor, page: Answer) -> None:
    asked = assessor.get(f"{page.url}/skip")
    form = demanded(asked, "reason", "a way to leave it to others")
    assessor.send(form, asked, form.entries(reason="other", words="Not what I came for."))
