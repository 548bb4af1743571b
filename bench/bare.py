"""The yardstick: a plain Flask view that reads and writes what saving an answer does, and no more.

Same tables, same statements, same durability, one commit; served by the same gunicorn. No session,
no CSRF, no actions, no languages, no parsing, no hashes, no log: whoever knows the ids is believed.
"""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from typing import Any

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from flask_sqlalchemy import SQLAlchemy
from gunicorn.app.base import BaseApplication
from sqlalchemy import MetaData, and_, insert, select, update

from assessment.audit.models import AuditBody, AuditChain, AuditLink
from assessment.config import read_settings
from assessment.operation.serving import options
from assessment.people.models import Learner, Person, RoleGrant, SignIn
from assessment.sittings.models import Response, Sitting, SittingItem
from assessment.transactions import engine_options, prepare_engine

db = SQLAlchemy(metadata=MetaData())
sign_in: Any = SignIn.__table__
person: Any = Person.__table__
role_grant: Any = RoleGrant.__table__
learner: Any = Learner.__table__
sitting: Any = Sitting.__table__
sitting_item: Any = SittingItem.__table__
response: Any = Response.__table__
audit_chain: Any = AuditChain.__table__
audit_link: Any = AuditLink.__table__
audit_body: Any = AuditBody.__table__
writer = threading.Lock()
"""SQLite takes one writer at a time: waiting here costs less than asking it again and again."""


def create_bare_app(database_url: str) -> Flask:
    """Return the bare application on a database that is built already."""
    app = Flask("bare")
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(database_url)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    app.add_url_rule("/health", view_func=lambda: "")
    rule = "/sittings/<sitting_id>/questions/<int:position>"
    app.add_url_rule(rule, view_func=save, methods=["POST"])
    return app


def save(sitting_id: str, position: int) -> ResponseReturnValue:
    """Save one answer for whoever the form says."""
    if db.engine.dialect.name != "sqlite":
        return _save(sitting_id, position)
    request.get_data(cache=True, parse_form_data=True)
    with writer:
        db.session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        return _save(sitting_id, position)


def _save(sitting_id: str, position: int) -> ResponseReturnValue:
    moment = datetime.now(UTC)
    learner_id = _who(request.form["sign_in"])
    db.session.execute(
        select(learner.c.id).where(learner.c.id == learner_id).with_for_update(key_share=True)
    ).one()
    found = _question(learner_id, sitting_id, position)
    revision = (found.revision or 0) + 1
    key = {"learner_id": learner_id, "sitting_id": sitting_id, "position": position}
    answer = json.dumps({"chosen": [int(request.form["choice"])], "text": ""})
    values = {"answer": answer, "revision": revision, "flagged": False, "saved_at": moment}
    if found.revision is None:
        db.session.execute(insert(response).values(**key, **values))
    else:
        db.session.execute(update(response).filter_by(**key).values(**values))
    _audit(learner_id, sitting_id, moment)
    db.session.commit()
    return jsonify(revision=revision, saved_at=moment.isoformat())


def _who(sign_in_id: str) -> str:
    """Return the learner behind a sign-in, from the rows that tell who is signed in and as what."""
    found = db.session.execute(
        select(
            sign_in.c.created_at,
            sign_in.c.revoked_at,
            person.c.id,
            person.c.learner_id,
            person.c.display_name,
            person.c.language,
            person.c.disabled_at,
            role_grant.c.role,
            role_grant.c.institution_id,
        )
        .join(person, person.c.id == sign_in.c.person_id)
        .outerjoin(role_grant, role_grant.c.person_id == person.c.id)
        .where(sign_in.c.id == sign_in_id)
    ).all()
    return str(found[0].learner_id)


def _question(learner_id: str, sitting_id: str, position: int) -> Any:
    of_sitting = and_(
        sitting_item.c.learner_id == sitting.c.learner_id,
        sitting_item.c.sitting_id == sitting.c.id,
    )
    of_item = and_(
        response.c.learner_id == sitting_item.c.learner_id,
        response.c.sitting_id == sitting_item.c.sitting_id,
        response.c.position == sitting_item.c.position,
    )
    return db.session.execute(
        select(
            sitting.c.state,
            sitting.c.deadline,
            sitting_item.c.item_version_id,
            sitting_item.c.option_order,
            sitting_item.c.choice.is_not(None).label("adaptive"),
            response.c.answer,
            response.c.revision,
            response.c.flagged,
            response.c.saved_at,
        )
        .join(sitting_item, of_sitting)
        .outerjoin(response, of_item)
        .where(
            sitting.c.learner_id == learner_id,
            sitting.c.id == sitting_id,
            sitting_item.c.position == position,
        )
    ).one()


def _audit(learner_id: str, sitting_id: str, moment: datetime) -> None:
    """Write rows like those of the audit log; what stands in them is not hashed."""
    chain = f"learner:{learner_id}"
    head = db.session.execute(
        select(audit_chain.c.count, audit_chain.c.head)
        .where(audit_chain.c.chain == chain)
        .with_for_update()
    ).one()
    key = {"chain": chain, "number": head[0] + 1}
    link = {"at": moment, "body_hash": "1" * 64, "link_hash": "2" * 64}
    body = json.dumps({"act": "answer saved", "subject": sitting_id, "at": moment.isoformat()})
    db.session.execute(insert(audit_link).values(**key, **link))
    db.session.execute(insert(audit_body).values(**key, salt="3" * 32, body=body))
    db.session.execute(
        update(audit_chain)
        .where(audit_chain.c.chain == chain)
        .values(count=key["number"], head="2" * 64)
    )


class BareServer(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """The bare application, served as `attest serve` serves ours."""

    def load_config(self) -> None:
        """Give gunicorn the options of the real server."""
        for name, value in options(read_settings()).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return the application, made in the process that serves it."""
        return create_bare_app(read_settings().database_url)


if __name__ == "__main__":
    BareServer().run()
