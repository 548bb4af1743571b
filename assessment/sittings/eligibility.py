"""May this learner start this test now? If not yet: why, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from assessment import clock
from assessment.awards import service as awards
from assessment.catalogue import service as catalogue
from assessment.extensions import db
from assessment.items.models import Test
from assessment.people import service as people
from assessment.rules import Explanation, Outcome, references
from assessment.sittings.models import Sitting, SittingState


@dataclass(frozen=True)
class MayStart:
    """The test is open to the learner; `left` sittings remain in this window, None for no limit."""

    left: int | None
    number: int


@dataclass(frozen=True)
class UnderWay:
    """A sitting of this test is open: it goes on where it stands."""

    sitting_id: str


@dataclass(frozen=True)
class NotOpen:
    """Something else must be shown first."""

    outcome: Outcome


@dataclass(frozen=True)
class MustWait:
    """The next sitting may start at `until`; `used_up` when the window's sittings are all taken."""

    until: datetime | None
    used_up: bool


Eligibility = MayStart | UnderWay | NotOpen | MustWait


def eligibility(learner_id: str, test: Test) -> Eligibility:
    """Return whether the learner may start `test` now."""
    past = past_sittings(learner_id, test.key)
    open_ones = [sitting for sitting in past if sitting.state == SittingState.OPEN]
    if open_ones:
        return UnderWay(open_ones[0].id)
    outcome = _opening(learner_id, test)
    if outcome is not None and not outcome.met:
        return NotOpen(outcome)
    wait = _wait(test, past, clock.now())
    if wait is not None:
        return wait
    return MayStart(_left(test, past, clock.now()), len(past) + 1)


@dataclass(frozen=True)
class EligibilityView:
    """What the page before a test says: start, go on, what comes first, or when."""

    sitting_id: str | None = None
    explanation: Explanation | None = None
    first_tests: tuple[tuple[str, dict[str, str]], ...] = ()
    wait: MustWait | None = None
    left: int | None = None


def eligibility_view(learner_id: str, test: Test) -> EligibilityView:
    """Return the learner's eligibility in the words of the page."""
    match eligibility(learner_id, test):
        case UnderWay(sitting_id):
            return EligibilityView(sitting_id=sitting_id)
        case NotOpen(outcome):
            explanation = awards.explanation_of(outcome)
            return EligibilityView(explanation=explanation, first_tests=_first_tests(test))
        case MustWait() as wait:
            return EligibilityView(wait=wait)
        case MayStart(left, _):
            return EligibilityView(left=left)


def _first_tests(test: Test) -> tuple[tuple[str, dict[str, str]], ...]:
    """Return key and title of the tests that the opening rule names."""
    keys = {each.key for each in references(catalogue.parsed(test.opens_when or "")).tests}
    rows = select(Test.key, Test.title).where(Test.is_current, Test.key.in_(keys))
    return tuple((key, title) for key, title in db.session.execute(rows.order_by(Test.key)))


def past_sittings(learner_id: str, test_key: str) -> list[Sitting]:
    """Return the learner's sittings of a test, over all its versions, the first one first."""
    rows = select(Sitting).filter_by(learner_id=learner_id, test_key=test_key)
    anew = rows.order_by(Sitting.number).execution_options(populate_existing=True)
    return list(db.session.scalars(anew))  # who waited for the learner's lock sees what was begun


def _opening(learner_id: str, test: Test) -> Outcome | None:
    if test.opens_when is None:
        return None
    zone = people.institution(test.institution_id).timezone
    today = clock.local_date(clock.now(), zone)
    return awards.evaluate_rule(learner_id, test.opens_when, today)


def _in_window(test: Test, past: list[Sitting], moment: datetime) -> list[Sitting]:
    if test.window_days is None:
        return past
    begin = moment - timedelta(days=test.window_days)
    return [sitting for sitting in past if sitting.started_at > begin]


def _left(test: Test, past: list[Sitting], moment: datetime) -> int | None:
    if test.attempts is None:
        return None
    return test.attempts - len(_in_window(test, past, moment))


def _wait(test: Test, past: list[Sitting], moment: datetime) -> MustWait | None:
    left = _left(test, past, moment)
    if left is not None and left <= 0:
        return MustWait(_next_window(test, past, moment), used_up=True)
    ended = max((sitting.ended_at for sitting in past if sitting.ended_at), default=None)
    if ended is not None and test.wait_days:
        until = ended + timedelta(days=test.wait_days)
        if moment < until:
            return MustWait(until, used_up=False)
    return None


def _next_window(test: Test, past: list[Sitting], moment: datetime) -> datetime | None:
    if test.window_days is None or test.attempts is None:
        return None
    counted = _in_window(test, past, moment)[-test.attempts :]
    return counted[0].started_at + timedelta(days=test.window_days)
