"""Practice without an account: each question is explained at once, and nothing is kept by us.

What was answered travels in the visitor's own cookie. Keys and rationales are shown, so the bank
of a test that counts is never practised.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

import itembank
from assessment.errors import Conflict, Invalid, NoSuchRecord
from assessment.extensions import db
from assessment.items import service as items
from assessment.items.models import Test
from assessment.locale import gettext as _
from assessment.sittings.answering import AsShown, Given, as_shown, entry_sentence
from assessment.sittings.models import Sitting, SittingState
from assessment.sittings.player import Option

SEED_BITS = 32
LONGEST_TEXT = 60
"""The cookie that carries the answers holds 4 kB."""


@dataclass(frozen=True)
class Try:
    """What was given to one question; `checked` once the visitor asked whether it is right."""

    shown: AsShown
    checked: bool


@dataclass(frozen=True)
class Progress:
    """How far a visitor is: which questions were drawn, from which items, and what was given."""

    test_id: str
    revision: str
    seed: int
    tries: Mapping[int, Try] = field(default_factory=dict)

    def as_data(self) -> dict[str, object]:
        """Return the progress as the cookie carries it."""
        tries = {
            str(position): [list(each.shown.chosen), each.shown.text, int(each.checked)]
            for position, each in self.tries.items()
        }
        return {
            "test": self.test_id,
            "revision": self.revision,
            "seed": self.seed,
            "tries": tries,
        }


@dataclass(frozen=True)
class Told:
    """One option after the answer was checked."""

    wording: Mapping[str, str]
    chosen: bool
    right: bool


@dataclass(frozen=True)
class Feedback:
    """Whether an answer is right, which one is, and why."""

    right: bool
    options: tuple[Told, ...]
    text: str
    number: float | None
    words: Mapping[str, str]
    rationale: Mapping[str, str]


@dataclass(frozen=True)
class PracticePage:
    """One practice question; with feedback once its answer was checked."""

    test: Test
    position: int
    total: int
    checked: int
    kind: itembank.ItemKind
    stem: Mapping[str, str]
    options: tuple[Option, ...]
    text: str
    unit: Mapping[str, str]
    figure_description: Mapping[str, str] | None
    feedback: Feedback | None

    @property
    def last(self) -> bool:
        """Whether this is the last question."""
        return self.position == self.total


class InUse(Conflict):
    """The bank serves a test that counts now: its keys are not to be shown."""

    code = "in_use"


def practice_tests() -> list[Test]:
    """Return the tests that anybody may practise now."""
    return [test for test in items.practice_tests() if not _counts(test)]


def practice_test(key: str) -> Test:
    """Return a test to practise; InUse where its bank serves a test that counts."""
    test = items.current_test(key)
    if test is None or not test.is_practice:
        raise NoSuchRecord("practice", key)
    if _counts(test):
        raise InUse(_("These questions are used in a test now, so they cannot be practised."))
    return test


def _counts(test: Test) -> bool:
    """Whether a test that counts draws from the bank, or drew for a sitting still under way."""
    if any(not other.is_practice for other in items.current_tests(test.bank_id)):
        return True
    under_way = select(Sitting.id).join(Sitting.test).where(Test.bank_id == test.bank_id)
    return (
        db.session.scalar(under_way.where(Sitting.state == SittingState.OPEN).limit(1)) is not None
    )


def begin(test: Test) -> Progress:
    """Return a new start, with questions drawn afresh."""
    return Progress(test.id, test.bank.revision, secrets.randbits(SEED_BITS))


def read_progress(data: Any, test: Test) -> Progress | None:
    """Return the progress that a cookie carries; None for another test or other questions."""
    if not data or data["test"] != test.id or data["revision"] != test.bank.revision:
        return None
    tries = {
        int(position): Try(AsShown(tuple(chosen), text), bool(checked))
        for position, (chosen, text, checked) in data["tries"].items()
    }
    return Progress(test.id, test.bank.revision, data["seed"], tries)


@dataclass(frozen=True)
class Drawn:
    """A question of this practice with its order of options."""

    version_id: str
    item: itembank.Item
    order: tuple[int, ...]

    def points(self, shown: AsShown) -> float:
        """Return what an answer is worth, from 0 to 1."""
        chosen = tuple(self.order[place] for place in shown.chosen)
        return itembank.score_item(self.item, itembank.Answer(chosen, shown.text))


def drawn(test: Test, progress: Progress) -> list[Drawn]:
    """Return the questions of this practice, the same each time that they are asked for."""
    pool = items.pool(test)
    form = itembank.draw(
        pool.items,
        itembank.Blueprint(test.blueprint),
        seen={},
        seed=progress.seed,
        offered=tuple(test.languages),
    )
    ids = [pool.version_ids[each.id] for each in form.items]
    contents = items.contents(ids)
    return [
        Drawn(id_, contents[id_], each.option_order)
        for id_, each in zip(ids, form.items, strict=True)
    ]


def _at(test: Test, progress: Progress, position: int) -> Drawn:
    questions = drawn(test, progress)
    if not 1 <= position <= len(questions):
        raise NoSuchRecord("practice question", f"{test.key}/{position}")
    return questions[position - 1]


def question_page(test: Test, progress: Progress, position: int) -> PracticePage:
    """Return one practice question as the visitor sees it."""
    question = _at(test, progress, position)
    item = question.item
    given = progress.tries.get(position, Try(AsShown((), ""), checked=False))
    return PracticePage(
        test=test,
        position=position,
        total=sum(test.blueprint.values()),
        checked=sum(each.checked for each in progress.tries.values()),
        kind=item.kind,
        stem=item.stem,
        options=tuple(
            Option(place, item.options[original], place in given.shown.chosen)
            for place, original in enumerate(question.order)
        ),
        text=given.shown.text,
        unit=item.unit,
        figure_description=item.figure.description if item.figure else None,
        feedback=_feedback(question, given.shown) if given.checked else None,
    )


def _feedback(question: Drawn, shown: AsShown) -> Feedback:
    item = question.item
    return Feedback(
        right=question.points(shown) == 1,
        options=tuple(
            Told(item.options[original], place in shown.chosen, original in item.key)
            for place, original in enumerate(question.order)
        ),
        text=shown.text,
        number=item.answer,
        words={language: forms[0] for language, forms in item.accepted.items()},
        rationale=item.rationale,
    )


def figure(test: Test, progress: Progress, position: int) -> items.FigureFile:
    """Return the picture that belongs to a practice question."""
    return items.figure(_at(test, progress, position).version_id)


def give(test: Test, progress: Progress, position: int, given: Given, *, check: bool) -> Progress:
    """Return the progress with an answer; one that was checked stays as it was."""
    question = _at(test, progress, position)
    before = progress.tries.get(position)
    if before is not None and before.checked:
        return progress
    answer = _parsed(question, given)
    if check and answer.is_blank:
        raise Invalid(_("Give an answer first, then check it."))
    tried = Try(as_shown(answer, question.order), check)
    return replace(progress, tries={**progress.tries, position: tried})


def _parsed(question: Drawn, given: Given) -> itembank.Answer:
    order = question.order or None
    try:
        if len(given.text) > LONGEST_TEXT:
            raise itembank.EntryError(itembank.EntryProblem.TOO_LONG, "too long")
        return itembank.parse_answer(
            question.item, chosen=given.chosen, text=given.text, option_order=order
        )
    except itembank.EntryError as error:
        raise Invalid(entry_sentence(question.item, error)) from error
    except ValueError as error:
        sentence = _("That is not one of the answers to this question. Choose again.")
        raise Invalid(sentence) from error
