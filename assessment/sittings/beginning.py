"""Begin a sitting: what was shown beforehand, the form drawn, the deadline fixed."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass

from sqlalchemy import insert, select

from assessment import clock
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.errors import Conflict, Forbidden
from assessment.extensions import db
from assessment.ids import new_id
from assessment.items.models import Test
from assessment.locale import gettext as _
from assessment.people import service as people
from assessment.sittings import codes, timing
from assessment.sittings.drawing import Drawn, draw
from assessment.sittings.eligibility import MayStart, UnderWay, eligibility
from assessment.sittings.models import Sitting, SittingItem, SittingState
from assessment.upsert import insert_once

TERMS_VERSION = "2026-11"
SEED_BITS = 64


@dataclass(frozen=True)
class Terms:
    """What is shown before the start, and kept with the sitting."""

    version: str
    questions: int
    fewest_questions: int
    """Fewer than `questions` where an adaptive test may end early."""
    minutes: int | None
    minutes_allowed: int | None
    attempts: int | None
    window_days: int | None
    wait_days: int
    languages: tuple[str, ...]


def terms_of(test: Test, learner_id: str | None) -> Terms:
    """Return what a learner must know of `test` before starting it."""
    allowance = people.allowance(learner_id, test.institution_id) if learner_id else None
    minutes = test.minutes
    allowed = allowance.extend(minutes) if allowance and minutes else minutes
    total = sum(test.blueprint.values())
    return Terms(
        version=TERMS_VERSION,
        questions=total,
        fewest_questions=(test.adaptive or {}).get("least", total),
        minutes=minutes,
        minutes_allowed=allowed,
        attempts=test.attempts,
        window_days=test.window_days,
        wait_days=test.wait_days,
        languages=tuple(test.languages),
    )


def begin(test: Test, actor: Actor, *, start_code: str = "") -> Sitting:
    """Return the learner's open sitting of `test`: begun now, or already under way."""
    learner_id = _learner(actor)
    people.lock_learner(learner_id)
    may = eligibility(learner_id, test)
    if isinstance(may, UnderWay):
        return db.session.get_one(Sitting, (learner_id, may.sitting_id))
    if not isinstance(may, MayStart):
        raise Conflict(_("This test is not open to you at the moment; its page says why."))
    supervised = codes.redeem(test, start_code, actor)
    start = _Start(test, learner_id, may.number, secrets.randbits(SEED_BITS), supervised)
    return _draw_and_open(start, actor)


def _learner(actor: Actor) -> str:
    if actor.learner_id is None:
        raise Forbidden(_("Sign in to take a test: your answers are kept under your account."))
    return actor.learner_id


@dataclass(frozen=True)
class _Start:
    """What a new sitting is made from."""

    test: Test
    learner_id: str
    number: int
    seed: int
    supervised: codes.Supervised


def _draw_and_open(start: _Start, actor: Actor) -> Sitting:
    test, learner_id = start.test, start.learner_id
    drawn = draw(test, learner_id, start.seed)
    sitting_id = new_id()
    if not _insert(sitting_id, start, drawn):
        # another request of this learner was first: its sitting is the sitting
        own = select(Sitting).filter_by(learner_id=learner_id, test_key=test.key)
        return db.session.scalars(own.filter_by(number=start.number)).one()
    db.session.execute(insert(SittingItem), _rows(drawn, learner_id, sitting_id))
    audit.record(audit.learner_chain(learner_id), "sitting begun", actor, sitting_id, test=test.key)
    return db.session.get_one(Sitting, (learner_id, sitting_id))


def _rows(drawn: Drawn, learner_id: str, sitting_id: str) -> list[dict[str, object]]:
    key = {"learner_id": learner_id, "sitting_id": sitting_id}
    return [
        {**key, "position": position, **columns}
        for position, columns in enumerate(drawn.questions, start=1)
    ]


def _insert(sitting_id: str, start: _Start, drawn: Drawn) -> bool:
    """Write the sitting, its deadline fixed now; return whether this call was the first."""
    moment, terms = clock.now(), terms_of(start.test, start.learner_id)
    return insert_once(
        Sitting,
        learner_id=start.learner_id,
        id=sitting_id,
        test_id=start.test.id,
        test_key=start.test.key,
        number=start.number,
        state=SittingState.OPEN,
        seed=str(start.seed),
        started_at=moment,
        deadline=timing.deadline(moment, terms.minutes_allowed),
        minutes_standard=terms.minutes,
        minutes_allowed=terms.minutes_allowed,
        given_back_seconds=0,
        position=1,
        supervision=start.supervised.supervision,
        identity=start.supervised.identity,
        terms_version=terms.version,
        terms=asdict(terms),
        **drawn.columns,
    )
