"""Publishing exemplars and a gate: from a file, or refused at the first fault."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo
from PIL import Image

from assessment.access import system
from assessment.assessors import commands
from assessment.assessors.exemplar_files import (
    ExemplarsSpec,
    GateSpec,
    Piece,
    Purpose,
    exemplars_from_json,
)
from assessment.assessors.exemplars import in_use, publish
from assessment.demo.builders.exemplars import an_exemplar
from assessment.demo.builders.performances import (
    CRITERIA,
    Workshop,
    a_rubric,
    build_task,
    build_workshop,
)
from assessment.errors import Forbidden, Invalid
from assessment.extensions import db
from assessment.performances import service
from assessment.performances.models import Performance, PerformanceState
from assessment.performances.trust_models import ExemplarReference, Gate
from tests.assessment.people.actors import actor_for
from tests.conftest import DATABASES, build_app

ACTOR = system("test")
EVERYWHERE = dict.fromkeys(CRITERIA, "")
LEVELS = {"prepares": "proficient", "isolates": "developing", "tidies": None}


@pytest.fixture
def workshop(context: Flask) -> Workshop:
    return build_workshop(assessors=1)


def spec(*exemplars: Any, gate: GateSpec | None = None) -> ExemplarsSpec:
    return ExemplarsSpec(rubric="isolation", exemplars=exemplars, gate=gate)


def many(number: int) -> list[Any]:
    return [an_exemplar(f"try-{each}", Purpose.GATE) for each in range(number)]


def references() -> list[ExemplarReference]:
    return list(db.session.scalars(in_use("isolation").order_by(ExemplarReference.key)))


def test_an_exemplar_is_the_work_of_nobody(workshop: Workshop) -> None:
    made = publish(spec(an_exemplar("one", Purpose.SEED)), ACTOR)
    assert (made.added, made.unchanged, made.gate) == (1, 0, None)
    (found,) = references()
    assert (found.for_seeds, found.for_gate, found.for_training) == (True, False, False)
    assert found.performance.state == PerformanceState.EXEMPLAR
    assert [each.anchors for each in found.performance.shown] == [EVERYWHERE]
    assert service.queue_of(workshop.actors[0]).number == 0


def test_what_did_not_change_stays_and_what_did_is_replaced(workshop: Workshop) -> None:
    one, two = an_exemplar("one", Purpose.GATE), an_exemplar("two", Purpose.GATE)
    publish(spec(one, two), ACTOR)
    before = {each.key: each.performance_id for each in references()}
    changed = replace(two, levels={**two.levels, "tidies": "beginning"})
    made = publish(spec(one, changed), ACTOR)
    assert (made.added, made.unchanged) == (1, 1)
    after = {each.key: each.performance_id for each in references()}
    assert after["one"] == before["one"]
    assert after["two"] != before["two"]
    assert db.session.query(Performance).count() == 3  # what was rated stays


def test_a_new_version_of_the_rubric_wants_its_own_exemplars(workshop: Workshop) -> None:
    publish(spec(an_exemplar("one", Purpose.GATE)), ACTOR)
    title = {"en": "Isolating anew", "fr": "Isoler de nouveau"}
    service.publish_rubric(a_rubric(title=title), workshop.institution.key, ACTOR)
    assert references() == []
    with pytest.raises(Invalid, match="Publish the task first"):
        publish(spec(an_exemplar("one", Purpose.GATE)), ACTOR)
    build_task(workshop.institution)
    assert publish(spec(an_exemplar("one", Purpose.GATE)), ACTOR).added == 1


def test_a_gate_that_can_be_passed(workshop: Workshop) -> None:
    training = an_exemplar("train", Purpose.TRAINING)
    made = publish(spec(*many(30), training, gate=GateSpec(months=6)), ACTOR)
    assert made.gate is not None
    assert (made.gate.exemplars_needed, made.gate.months) == (30, 6)
    again = publish(spec(gate=GateSpec(months=None)), ACTOR)
    assert again.gate is made.gate
    assert again.gate.months is None
    assert publish(spec(), ACTOR).gate is made.gate  # and a file without one leaves it


@pytest.mark.parametrize(
    ("exemplars", "gate", "said"),
    [
        ([*many(29), an_exemplar("train", Purpose.TRAINING)], GateSpec(), "Nobody could pass"),
        (many(30), GateSpec(), "Nobody could pass"),
        (many(1) * 2, None, "there twice"),
        ([], GateSpec(exact=0.95), "more marks that are alike"),
        ([], GateSpec(exemplars=29), "gate.exemplars"),
    ],
)
def test_a_gate_that_cannot_be(
    workshop: Workshop, exemplars: list[Any], gate: GateSpec | None, said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        publish(spec(*exemplars, gate=gate), ACTOR)
    assert db.session.query(Gate).count() == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"pieces": ()}, "holds nothing"),
        ({"purposes": frozenset()}, "what it is for"),
        ({"levels": {"prepares": "expert"}}, "expects a level of each criterion"),
        ({"levels": dict.fromkeys(CRITERIA, "great")}, "no such level"),
        ({"reasons": {"sings": {"en": "x"}}}, "other criteria"),
        ({"pieces": (Piece("x", {}),)}, "shows at least one"),
        ({"pieces": (Piece("x", {"sings": ""}),)}, "none that the task lacks"),
        ({"purposes": frozenset({Purpose.TRAINING, Purpose.GATE})}, "nothing else"),
        ({"purposes": frozenset({Purpose.TRAINING}), "reasons": {}}, "training says why"),
        ({"task": "nothing"}, "Publish the task first"),
    ],
)
def test_an_exemplar_that_cannot_be_rated_is_refused(
    workshop: Workshop, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        publish(spec(replace(an_exemplar("one", Purpose.GATE), **changes)), ACTOR)


def test_nobody_publishes_for_another_institution(workshop: Workshop) -> None:
    with pytest.raises(Forbidden):
        publish(spec(), actor_for(workshop.assessors[0]))
    with pytest.raises(Invalid, match="no rubric"):
        publish(ExemplarsSpec(rubric="nothing", exemplars=()), ACTOR)


def file_data(**changes: Any) -> dict[str, Any]:
    one = {
        "key": "one",
        "task": "show-isolation",
        "for": ["gate", "seed"],
        "pieces": [
            {"text": "What I did.", "shows": {"prepares": "", "isolates": "", "tidies": ""}},
            {"file": "lock.png", "shows": {"isolates": "the red one"}},
        ],
        "levels": LEVELS,
        "reasons": {"isolates": {"en": "No lock.", "fr": "Aucun cadenas."}},
    }
    return {"rubric": "isolation", "exemplars": [one | changes]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = BytesIO()
    Image.new("RGB", (40, 30), "red").save(target, "PNG")
    (tmp_path / "lock.png").write_bytes(target.getvalue())
    return tmp_path


def test_a_file_with_a_picture(workshop: Workshop, folder: Path) -> None:
    read = exemplars_from_json(file_data(language="fr"), folder)
    assert read.exemplars[0].levels == LEVELS
    publish(read, ACTOR)
    (found,) = references()
    assert (found.language, found.levels) == ("fr", LEVELS)
    kinds = [each.artefact.media_type for each in found.performance.shown]
    assert kinds == ["text/plain", "image/png"]


def test_a_gate_in_a_file() -> None:
    seeds = {"share": 0, "window": 5, "exact": 0.4, "adjacent": 0.8, "safety_misses": 2}
    gate = {"exemplars": 40, "months": None, "ratings": 500, "wait_days": 0, "seeds": seeds}
    found = exemplars_from_json({"rubric": "isolation", "gate": gate, "exemplars": []}).gate
    assert found == GateSpec(
        exemplars=40,
        months=None,
        ratings=500,
        wait_days=0,
        seed_share=0.0,
        seed_window=5,
        seed_exact=0.4,
        seed_adjacent=0.8,
        seed_misses=2,
    )
    usual = exemplars_from_json({"rubric": "isolation", "gate": {}, "exemplars": []}).gate
    assert usual == GateSpec()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "an object"),
        ({"rubric": "isolation", "gates": {}}, "unknown field"),
        ({"rubric": "isolation", "gate": {"exemplars": 29}}, "gate.exemplars"),
        ({"rubric": "isolation", "gate": {"exact": 1.5}}, "gate.exact"),
        ({"rubric": "isolation", "gate": {"seeds": {"share": 0.9}}}, "gate.seeds.share"),
        (file_data(**{"for": ["sale"]}), "for"),
        (file_data(levels={}), "levels"),
        (file_data(levels={"prepares": 3}), "levels.prepares"),
        (file_data(reasons={"prepares": "x"}), "reasons.prepares"),
        (file_data(reasons=[]), "reasons"),
        (file_data(language="de"), "language"),
        (file_data(pieces=[{"shows": {}}]), "a text or a file"),
        (file_data(pieces=[{"text": " ", "shows": {}}]), "text"),
        (file_data(pieces=[{"text": "x", "shows": []}]), "shows"),
        (file_data(pieces=[{"file": "../lock.png", "shows": {}}]), "beside this one"),
        (file_data(pieces=[{"file": "/etc/passwd", "shows": {}}]), "beside this one"),
        (file_data(pieces=[{"file": "none.png", "shows": {}}]), "beside this one"),
    ],
)
def test_a_file_is_refused_at_the_first_fault(
    context: Flask, folder: Path, data: object, said: str
) -> None:
    below = folder / "below"
    below.mkdir()
    (below / "lock.png").write_bytes((folder / "lock.png").read_bytes())
    with pytest.raises(Invalid, match=said):
        exemplars_from_json(data, below)


@pytest.mark.parametrize("kind", DATABASES)
def test_the_command(
    kind: str, tmp_path: Path, folder: Path, request: pytest.FixtureRequest
) -> None:
    app = build_app(kind, tmp_path, request)
    with app.app_context():
        build_workshop(assessors=1)
        db.session.commit()
    path = folder / "exemplars.json"
    path.write_text(json.dumps(file_data()))
    group = click.Group()
    commands.register(group)
    asked = ScriptInfo(create_app=lambda: app)
    told = CliRunner().invoke(group, ["exemplars", "publish", str(path)], obj=asked)
    assert told.exit_code == 0, told.output
    assert "1 exemplars added, 0 unchanged" in told.output
