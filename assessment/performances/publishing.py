"""Publishing rubrics and tasks, and the measure under which rules may name a rubric."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache

from sqlalchemy import func, select, update

import rubrics
from assessment import clock
from assessment.access import Action, Actor, require_at
from assessment.audit.service import institution_chain, record
from assessment.catalogue import service as catalogue
from assessment.catalogue.models import MeasureKind
from assessment.errors import Conflict, Invalid, NoSuchRecord
from assessment.extensions import db
from assessment.fields import checked_key, refusal
from assessment.ids import new_id
from assessment.locale import gettext as _
from assessment.people.models import Institution
from assessment.people.service import institution_by_key
from assessment.performances.handling import Handling, handling_from_json, handling_to_json
from assessment.performances.models import RubricVersion, Task, TaskPartner
from assessment.performances.specifications import TaskSpec, check_languages
from assessment.upsert import insert_once


def publish_rubric(rubric: rubrics.Rubric, institution: str, actor: Actor) -> RubricVersion:
    """Return the rubric's next version, which rules may name; the current one where none changed.

    The number of the version is ours, whatever the rubric says of itself.
    """
    keeper = _locked_institution(institution)
    require_at(actor, Action.AUTHOR_ITEMS, keeper.id)
    _require_theirs(rubric.key, keeper.id)
    digest, current = rubrics.rubric_digest(rubric), current_rubric(rubric.key)
    if current is not None and current.digest == digest:
        _require_sole(RubricVersion, rubric.key, keeper.id)
        return current
    numbered = replace(rubric, version=_next_number(rubric.key))
    row = _keep(numbered, keeper.id, digest)
    _require_sole(RubricVersion, rubric.key, keeper.id)
    catalogue.publish_measure(_measure(numbered, keeper.id))
    chain, subject = institution_chain(keeper.id), f"rubric:{row.key}"
    record(chain, "rubric published", actor, subject, version=row.version, digest=digest)
    return row


def _locked_institution(key: str) -> Institution:
    """Return the institution, locked, so that versions are numbered one after another."""
    found = _known_institution(key)
    _lock(found.id)
    return found


def _known_institution(key: str) -> Institution:
    try:
        return institution_by_key(checked_key(key, "institution"))
    except NoSuchRecord:
        raise Invalid(_("There is no institution with the key %(key)s.", key=key)) from None


def _lock(*institutions: str) -> None:
    """Lock institutions, in one order for all, so that nobody waits for somebody who waits."""
    rows = select(Institution.id).where(Institution.id.in_(institutions)).order_by(Institution.id)
    db.session.execute(rows.with_for_update(key_share=True))


def _require_theirs(key: str, institution_id: str) -> None:
    measure = catalogue.current_measure(MeasureKind.RUBRIC, key)
    if measure is not None and measure.institution_id != institution_id:
        raise Conflict(_("The rubric %(key)s belongs to another institution.", key=key))


def _next_number(key: str) -> int:
    last = db.session.scalar(select(func.max(RubricVersion.version)).filter_by(key=key)) or 0
    measure = catalogue.current_measure(MeasureKind.RUBRIC, key)
    return 1 + max(last, measure.version if measure else 0)


def _keep(rubric: rubrics.Rubric, institution_id: str, digest: str) -> RubricVersion:
    content = json.dumps(
        rubrics.rubric_to_json(rubric), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    is_first = insert_once(
        RubricVersion,
        id=new_id(),
        key=rubric.key,
        version=rubric.version,
        institution_id=institution_id,
        content=content,
        digest=digest,
        published_at=clock.now(),
    )
    if not is_first:
        raise _published_by_another(rubric.key)
    rows = select(RubricVersion).filter_by(key=rubric.key, version=rubric.version)
    return db.session.scalars(rows).one()


def _require_sole(table: type[RubricVersion] | type[Task], key: str, institution_id: str) -> None:
    """Refuse a key under which another institution has published since we looked."""
    others = select(table.id).where(table.key == key, table.institution_id != institution_id)
    if db.session.scalar(others.limit(1)) is not None:
        raise _published_by_another(key)


def _published_by_another(key: str) -> Conflict:
    return Conflict(
        _("Somebody else has just published %(key)s. Look at theirs, then try again.", key=key)
    )


def _measure(rubric: rubrics.Rubric, institution_id: str) -> catalogue.MeasureSpec:
    return catalogue.MeasureSpec(
        kind=MeasureKind.RUBRIC,
        key=rubric.key,
        version=rubric.version,
        title=dict(rubric.title),
        institution_id=institution_id,
        languages=tuple(sorted(rubric.languages)),
        areas=tuple(
            catalogue.MeasureArea(key=each.key, title=dict(each.title)) for each in rubric.criteria
        ),
        levels=tuple(
            catalogue.MeasureLevel(key=each.key, title=dict(each.title)) for each in rubric.levels
        ),
    )


def current_rubric(key: str) -> RubricVersion | None:
    """Return the latest version of a rubric, or None."""
    rows = select(RubricVersion).filter_by(key=key).order_by(RubricVersion.version.desc())
    return db.session.scalars(rows.limit(1)).first()


@lru_cache(maxsize=512)
def _parsed(content: str) -> rubrics.Rubric:
    return rubrics.rubric_from_json(json.loads(content))


def rubric_of(row: RubricVersion) -> rubrics.Rubric:
    """Return the rubric that a version holds; read once per process, for it never changes."""
    return _parsed(row.content)


@lru_cache(maxsize=512)
def rubric_by_id(version_id: str) -> rubrics.Rubric:
    """Return the rubric that a version holds, by its id; read once per process."""
    return rubric_of(db.session.get_one(RubricVersion, version_id))


def policy_of(task: Task) -> rubrics.Policy:
    """Return what it takes to resolve ratings of this task."""
    return rubrics.Policy(rubric=rubric_of(task.rubric), **task.policy)


def handling_of(task: Task) -> Handling:
    """Return how the work on this task is dealt with."""
    return handling_from_json(task.handling)


def publish_task(spec: TaskSpec, actor: Actor) -> Task:
    """Return the task's new version, now the current one; what was begun keeps the old one."""
    checked_key(spec.key, "key")
    keeper = _institution_of(spec, _known_rubric(spec.rubric))
    rubric = _known_rubric(spec.rubric)  # a version that was published before the locks were ours
    for institution_id in {keeper.id, rubric.institution_id}:
        require_at(actor, Action.AUTHOR_ITEMS, institution_id)
    _require_still_theirs(spec.key, keeper.id)
    check_languages(spec, rubric_of(rubric).languages)
    _check_policy(spec, rubric_of(rubric))
    _check_competencies(spec.competencies)
    _check_partners(spec.handling.partners, keeper.key)
    task = _new_version(spec, rubric, keeper.id)
    _require_sole(Task, spec.key, keeper.id)
    chain, subject = institution_chain(keeper.id), f"task:{task.key}"
    record(chain, "task published", actor, subject, version=task.version)
    return task


def _known_rubric(key: str) -> RubricVersion:
    found = current_rubric(key)
    if found is None:
        raise Invalid(_("There is no rubric with the key %(key)s.", key=key))
    return found


def _institution_of(spec: TaskSpec, rubric: RubricVersion) -> Institution:
    """Return who assesses, locked together with who keeps the rubric."""
    home = db.session.get_one(Institution, rubric.institution_id)
    if spec.institution is None:
        _lock(home.id)
        return home
    found = _known_institution(spec.institution)
    _lock(home.id, found.id)
    return found


def _require_still_theirs(key: str, institution_id: str) -> None:
    current = current_task(key)
    if current is not None and current.institution_id != institution_id:
        raise Conflict(_("The task %(key)s belongs to another institution.", key=key))


def _check_policy(spec: TaskSpec, rubric: rubrics.Rubric) -> None:
    try:
        policy = rubrics.Policy(rubric=rubric, **spec.policy)
    except ValueError as fault:
        raise Invalid(_("The policy cannot be used: %(fault)s", fault=fault)) from None
    if policy.occasions > 1 and not policy.observers_needed:
        allowed = _("1 where no observer is needed, for it is they who say on which days")
        raise refusal("policy.occasions", allowed, policy.occasions)


def _check_competencies(keys: Collection[str]) -> None:
    known = catalogue.competencies(keys)
    missing = [key for key in keys if key not in known]
    if missing:
        keys_missing = ", ".join(missing)
        raise Invalid(_("No framework has the competency %(keys)s.", keys=keys_missing))


def _check_partners(keys: Collection[str], home: str) -> None:
    """Refuse partners that are no other institutions of ours."""
    for number, key in enumerate(keys):
        place = f"handling.partners[{number}]"
        if key == home:
            raise refusal(place, _("another institution than the task's own"), key)
        try:
            institution_by_key(key)
        except NoSuchRecord:
            raise refusal(place, _("the key of an institution"), key) from None


def _new_version(spec: TaskSpec, rubric: RubricVersion, institution_id: str) -> Task:
    last = db.session.scalar(select(func.max(Task.version)).where(Task.key == spec.key)) or 0
    db.session.execute(
        update(Task).where(Task.key == spec.key, Task.is_current).values(is_current=False)
    )
    is_first = insert_once(
        Task,
        id=new_id(),
        key=spec.key,
        version=last + 1,
        is_current=True,
        institution_id=institution_id,
        rubric_id=rubric.id,
        title=dict(spec.title),
        brief=dict(spec.brief),
        competency_keys=list(spec.competencies),
        policy=dict(spec.policy),
        handling=handling_to_json(spec.handling),
        languages=list(spec.languages),
        published_at=clock.now(),
    )
    if not is_first:
        raise _published_by_another(spec.key)
    task = db.session.scalars(select(Task).filter_by(key=spec.key, version=last + 1)).one()
    _name_partners(task, spec.handling.partners)
    return task


def _name_partners(task: Task, keys: Collection[str]) -> None:
    for key in keys:
        partner = institution_by_key(key)
        db.session.add(TaskPartner(task_id=task.id, institution_id=partner.id))
    db.session.flush()


def current_task(key: str) -> Task | None:
    """Return the task under a key, or None."""
    return db.session.scalar(select(Task).where(Task.key == key, Task.is_current))


def tasks_for(rubric_keys: Collection[str]) -> list[Task]:
    """Return the tasks of which the ratings are made on one of these rubrics, by their keys."""
    rows = select(Task).join(RubricVersion).where(Task.is_current)
    return list(
        db.session.scalars(rows.where(RubricVersion.key.in_(rubric_keys)).order_by(Task.key))
    )
