"""Whether database, storage and worker are there; for a balancer or a monitor."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from obstore.exceptions import BaseError
from sqlalchemy.exc import SQLAlchemyError

from assessment import clock, storage, transactions
from assessment.access import Action, action
from assessment.extensions import csrf, db
from assessment.sittings.models import Heartbeat
from assessment.sittings.outages import HEARTBEAT

LATE_AFTER = timedelta(seconds=30)

blueprint = Blueprint("health", __name__)
csrf.exempt(blueprint)


class Condition(StrEnum):
    """How one part is."""

    OK = "ok"
    LATE = "late"
    MISSING = "missing"


@dataclass(frozen=True)
class Health:
    """How each part is. Pages need database and storage; without a worker, mail and marks wait."""

    database: Condition
    storage: Condition
    worker: Condition

    @property
    def serves(self) -> bool:
        """Whether requests can be answered."""
        return Condition.OK == self.database == self.storage


def examine() -> Health:
    """Return how the parts of this installation are."""
    try:
        worker = _worker()
        database = Condition.OK
    except SQLAlchemyError:
        transactions.rollback()
        database = worker = Condition.MISSING
    return Health(database, _storage(), worker)


def _worker() -> Condition:
    beat = db.session.get(Heartbeat, HEARTBEAT)
    if beat is None:
        return Condition.MISSING
    return Condition.LATE if clock.now() - beat.beat_at > LATE_AFTER else Condition.OK


def _storage() -> Condition:
    try:
        return Condition.OK if storage.current().is_reachable() else Condition.MISSING
    except (OSError, BaseError):
        return Condition.MISSING


@blueprint.get("/health")
@action(Action.READ_PUBLIC)
def health() -> ResponseReturnValue:
    """Return how each part is: 200 where requests can be answered, 503 where they cannot."""
    found = examine()
    return jsonify(asdict(found)), 200 if found.serves else 503
