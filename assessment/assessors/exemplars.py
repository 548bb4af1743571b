"""Publishing exemplars with what is expected of whoever rates them, and the gate of a rubric."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Select, func, select

import rubrics
from assessment import clock
from assessment.access import Action, Actor, require_at
from assessment.artefacts import service as artefacts
from assessment.artefacts.models import Artefact
from assessment.assessors.exemplar_files import (
    ExemplarSpec,
    ExemplarsSpec,
    GateSpec,
    Piece,
    Purpose,
    check_bars,
)
from assessment.audit import service as audit
from assessment.errors import Invalid
from assessment.extensions import db
from assessment.ids import new_id
from assessment.locale import gettext as _
from assessment.people import service as people
from assessment.people.models import Institution
from assessment.performances.models import (
    Attachment,
    Performance,
    PerformanceState,
    RubricVersion,
    Submission,
    Task,
)
from assessment.performances.publishing import current_rubric, current_task, policy_of, rubric_of
from assessment.performances.qualifications import gate_of
from assessment.performances.trust_models import ExemplarReference, Gate


@dataclass(frozen=True)
class Published:
    """What publishing did: how many exemplars are new, or stay as they were; and the gate."""

    rubric: RubricVersion
    added: int
    unchanged: int
    gate: Gate | None


def publish(spec: ExemplarsSpec, actor: Actor) -> Published:
    """Return what was published; what did not change stays as it is, what did is replaced.

    A gate stands as soon as it is published: whoever rates on the rubric has to pass it first.
    """
    rubric = current_rubric(spec.rubric)
    if rubric is None:
        raise Invalid(_("There is no rubric with the key %(key)s.", key=spec.rubric))
    require_at(actor, Action.AUTHOR_ITEMS, rubric.institution_id)
    own = select(Institution.id).where(Institution.id == rubric.institution_id)
    db.session.execute(own.with_for_update(key_share=True))
    _require_distinct(spec.exemplars)
    added = sum(_publish(each, rubric, actor) for each in spec.exemplars)
    gate = gate_of(rubric.key) if spec.gate is None else _set_gate(spec.gate, rubric, actor)
    return Published(rubric, added, len(spec.exemplars) - added, gate)


def _require_distinct(exemplars: Iterable[ExemplarSpec]) -> None:
    seen: set[str] = set()
    for each in exemplars:
        if each.key in seen:
            raise Invalid(_("The exemplar %(key)s is there twice.", key=each.key))
        seen.add(each.key)


def in_use(rubric_key: str) -> Select[ExemplarReference]:
    """Return the exemplars of the current version of a rubric."""
    current = current_rubric(rubric_key)
    return select(ExemplarReference).where(
        ExemplarReference.rubric_id == (current.id if current else ""),
        ExemplarReference.retired_at.is_(None),
    )


def _publish(spec: ExemplarSpec, row: RubricVersion, actor: Actor) -> bool:
    """Return whether an exemplar was added: not where the very same one is there."""
    task = _task(spec, row)
    _check(spec, task)
    digest = _digest(spec)
    rows = select(ExemplarReference).filter_by(rubric_key=row.key, key=spec.key, retired_at=None)
    for old in db.session.scalars(rows):
        if old.digest == digest and old.rubric_id == row.id:
            return False
        old.retired_at = clock.now()
    performance = _performance(spec, task, actor)
    db.session.add(_reference(spec, performance, row, digest))
    db.session.flush()
    chain = audit.institution_chain(row.institution_id)
    audit.record(chain, "exemplar published", actor, performance.id, rubric=row.key, digest=digest)
    return True


def _reference(
    spec: ExemplarSpec, performance: Performance, row: RubricVersion, digest: str
) -> ExemplarReference:
    return ExemplarReference(
        learner_id=performance.learner_id,
        performance_id=performance.id,
        institution_id=row.institution_id,
        rubric_id=row.id,
        rubric_key=row.key,
        key=spec.key,
        digest=digest,
        language=spec.language,
        levels=dict(spec.levels),
        reasons={key: dict(words) for key, words in spec.reasons.items()},
        for_training=Purpose.TRAINING in spec.purposes,
        for_gate=Purpose.GATE in spec.purposes,
        for_seeds=Purpose.SEED in spec.purposes,
        published_at=clock.now(),
    )


def _task(spec: ExemplarSpec, row: RubricVersion) -> Task:
    task = current_task(spec.task)
    if task is None or task.rubric_id != row.id:
        sentence = _(
            "The exemplar %(key)s is of the task %(task)s, which is not rated on the current "
            "version of this rubric. Publish the task first.",
            key=spec.key,
            task=spec.task,
        )
        raise Invalid(sentence)
    return task


def _check(spec: ExemplarSpec, task: Task) -> None:
    """Refuse an exemplar that cannot be rated, or that gives its own answers away."""
    rubric = rubric_of(task.rubric)
    shown = [each.key for each in policy_of(task).shown]
    faults = (
        (not spec.pieces, _("it holds nothing")),
        (not spec.purposes, _("it says of nothing what it is for")),
        (set(spec.levels) != set(shown), _("it expects a level of each criterion of its task")),
        (_unknown(spec, rubric), _("the rubric has no such level")),
        (not set(spec.reasons) <= set(shown), _("it gives reasons for other criteria")),
        (
            any(not each.shows or not set(each.shows) <= set(shown) for each in spec.pieces),
            _("each of its pieces shows at least one criterion, and none that the task lacks"),
        ),
        (
            Purpose.TRAINING in spec.purposes and len(spec.purposes) > 1,
            _("training shows its levels, so that it can be used for nothing else"),
        ),
        (
            Purpose.TRAINING in spec.purposes and set(spec.reasons) != set(shown),
            _("training says why, for each criterion"),
        ),
    )
    for is_wrong, why in faults:
        if is_wrong:
            raise Invalid(_("The exemplar %(key)s is refused: %(why)s.", key=spec.key, why=why))


def _unknown(spec: ExemplarSpec, rubric: rubrics.Rubric) -> bool:
    return not {each for each in spec.levels.values() if each is not None} <= set(rubric.scale)


def _digest(spec: ExemplarSpec) -> str:
    """Return what tells one exemplar from another, by all that it says."""
    pieces = [[_sha256(each.content), dict(each.shows)] for each in spec.pieces]
    data = [
        *(spec.task, spec.language, sorted(spec.purposes), pieces),
        *(dict(spec.levels), {key: dict(words) for key, words in spec.reasons.items()}),
    ]
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return _sha256(text)


def _sha256(content: str | bytes) -> str:
    data = content.strip().encode() if isinstance(content, str) else content
    return hashlib.sha256(data).hexdigest()


def _performance(spec: ExemplarSpec, task: Task, actor: Actor) -> Performance:
    """Return an exemplar as the work of a learner who is nobody, and has done nothing else."""
    now, learner = clock.now(), people.new_learner()
    performance = Performance(
        learner_id=learner.id,
        id=new_id(),
        task_id=task.id,
        task_key=task.key,
        number=1,
        state=PerformanceState.EXEMPLAR,
        round=1,
        version=1,
        begun_at=now,
        submitted_at=now,
        ended_at=now,
    )
    db.session.add(performance)
    db.session.flush()
    attached = list(_attach(performance, spec.pieces, actor))
    submission = Submission(
        learner_id=learner.id,
        performance_id=performance.id,
        version=1,
        statement="",
        language=spec.language,
        pieces={each.id: each.anchors for each in attached},
        submitted_at=now,
    )
    db.session.add(submission)
    db.session.flush()
    return performance


def _attach(
    performance: Performance, pieces: Iterable[Piece], actor: Actor
) -> Iterator[Attachment]:
    for position, piece in enumerate(pieces, start=1):
        attachment = Attachment(
            learner_id=performance.learner_id,
            id=new_id(),
            performance_id=performance.id,
            artefact_id=_artefact(performance.learner_id, piece.content, actor).id,
            position=position,
            anchors=dict(piece.shows),
            since_version=1,
            attached_at=clock.now(),
        )
        db.session.add(attachment)
        db.session.flush()
        yield attachment


def _artefact(learner_id: str, content: str | bytes, actor: Actor) -> Artefact:
    if isinstance(content, str):
        return artefacts.store_text(learner_id, content, actor)
    return artefacts.store_small_file(learner_id, content, "exemplar", actor)


def _set_gate(spec: GateSpec, row: RubricVersion, actor: Actor) -> Gate:
    check_bars(spec)
    uses = (ExemplarReference.for_gate, ExemplarReference.for_training)
    rows = in_use(row.key).subquery()
    trying, training = (
        db.session.scalar(select(func.count()).select_from(rows).where(rows.c[each.key])) or 0
        for each in uses
    )
    if trying < spec.exemplars or not training:
        sentence = _(
            "A gate needs %(needed)s exemplars that try and one that trains; there are %(trying)s"
            " and %(training)s. Nobody could pass it.",
            needed=spec.exemplars,
            trying=trying,
            training=training,
        )
        raise Invalid(sentence)
    gate = gate_of(row.key) or Gate(rubric_key=row.key, institution_id=row.institution_id)
    for name, value in _bars(spec).items():
        setattr(gate, name, value)
    gate.published_at = clock.now()
    db.session.add(gate)
    db.session.flush()
    chain = audit.institution_chain(row.institution_id)
    audit.record(chain, "gate published", actor, f"rubric:{row.key}", **_bars(spec))
    return gate


def _bars(spec: GateSpec) -> dict[str, float | int | None]:
    return {
        "exemplars_needed": spec.exemplars,
        "share_exact": spec.exact,
        "share_adjacent": spec.adjacent,
        "months": spec.months,
        "ratings": spec.ratings,
        "wait_days": spec.wait_days,
        "seed_share": spec.seed_share,
        "seed_window": spec.seed_window,
        "seed_exact": spec.seed_exact,
        "seed_adjacent": spec.seed_adjacent,
        "seed_misses": spec.seed_misses,
    }
