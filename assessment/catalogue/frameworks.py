"""Frameworks and their competencies: imported once per version, never changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import insert, select

from assessment import clock
from assessment.access import Action, Actor, ActorKind, allows
from assessment.audit.service import SYSTEM_CHAIN, record
from assessment.catalogue.framework_files import FrameworkData
from assessment.catalogue.models import Competency, Framework
from assessment.errors import Conflict, Forbidden, Invalid
from assessment.extensions import db
from assessment.ids import new_id
from assessment.locale import gettext as _
from assessment.upsert import insert_once


@dataclass(frozen=True)
class FrameworkImport:
    """What came of importing a framework."""

    framework: Framework
    is_new: bool


def import_framework(data: FrameworkData, actor: Actor) -> FrameworkImport:
    """Return the imported framework; the same version again changes nothing.

    A version that says something else than before is refused: what learners were promised
    under a version stays as it was.
    """
    if actor.kind is not ActorKind.SYSTEM and not allows(actor, Action.MANAGE_CATALOGUE):
        raise Forbidden(_("You hold no role that may publish frameworks."))
    is_new = _insert(data)
    framework = framework_version(data.key, data.version)
    if framework.digest != data.digest:
        sentence = _(
            "Version %(version)s of the framework %(key)s is published and says something else. "
            "Give the changed framework a new version.",
            version=data.version,
            key=data.key,
        )
        raise Conflict(sentence)
    if is_new:
        _insert_competencies(framework, data)
        subject = f"framework:{data.key}:{data.version}"
        record(SYSTEM_CHAIN, "framework.imported", actor, subject, digest=data.digest)
    return FrameworkImport(framework, is_new)


def _insert(data: FrameworkData) -> bool:
    return insert_once(
        Framework,
        id=new_id(),
        key=data.key,
        version=data.version,
        title=data.title,
        description=data.description,
        publisher=data.publisher,
        licence=data.licence,
        levels=[asdict(level) for level in data.levels],
        digest=data.digest,
        imported_at=clock.now(),
    )


def _insert_competencies(framework: Framework, data: FrameworkData) -> None:
    rows = [
        {
            "id": new_id(),
            "framework_id": framework.id,
            "position": position,
            **asdict(competency),
        }
        for position, competency in enumerate(data.competencies, start=1)
    ]
    db.session.execute(insert(Competency), rows)


def framework_version(key: str, version: str) -> Framework:
    """Return one version of a framework; Invalid where there is none."""
    query = select(Framework).where(Framework.key == key, Framework.version == version)
    found = db.session.scalar(query)
    if found is None:
        raise Invalid(
            _("There is no version %(version)s of a framework %(key)s.", version=version, key=key)
        )
    return found


def latest_framework(key: str) -> Framework | None:
    """Return the version of a framework that was imported last."""
    query = select(Framework).where(Framework.key == key).order_by(Framework.imported_at.desc())
    return db.session.scalars(query).first()


def competencies(keys: Collection[str]) -> dict[str, Competency]:
    """Return the competencies of these keys, each as its latest framework words it."""
    query = (
        select(Competency)
        .join(Framework)
        .where(Competency.key.in_(keys))
        .order_by(Framework.imported_at)
    )
    return {competency.key: competency for competency in db.session.scalars(query)}


def missing_competencies(keys: Iterable[str], framework: Framework | None) -> tuple[str, ...]:
    """Return the keys that no framework knows, or that `framework` does not know."""
    wanted = tuple(keys)
    query = select(Competency.key).where(Competency.key.in_(wanted))
    if framework is not None:
        query = query.where(Competency.framework_id == framework.id)
    known = set(db.session.scalars(query))
    return tuple(key for key in wanted if key not in known)
