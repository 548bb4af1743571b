"""The report on a bank: what it prints and writes, and the flags of published data."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import click
import numpy as np
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from assessment.analysis import commands
from assessment.analysis.bank_report.groups import groups_from_csv
from assessment.errors import Invalid
from assessment.extensions import db
from assessment.items import commands as of_items
from assessment.items import service as items
from tests.assessment.analysis.recording import of_scores, record
from tests.conftest import DATABASES, build_app
from tests.published.responses import RESPONSES

Run = Callable[..., Result]

VERBAL = RESPONSES / "verbal_aggression.csv"
PARTS = ("sittings", "items", "options", "keys", "reliability", "areas", "model", "fit")


@pytest.fixture(params=DATABASES)
def own_app(request: pytest.FixtureRequest, tmp_path: Path) -> Flask:
    """Return an app with a database of its own: the command commits."""
    return build_app(request.param, tmp_path, request)


@pytest.fixture
def report(own_app: Flask) -> Run:
    group = click.Group()
    of_items.register(group)
    commands.register(group)

    def invoke(*words: str) -> Result:
        info = ScriptInfo(create_app=lambda: own_app)
        return CliRunner().invoke(group, ["bank", "report", *words], obj=info)

    return invoke


def verbal_aggression() -> tuple[list[str], np.ndarray, np.ndarray]:
    """Return names and scores of the 24 items, and each person's gender."""
    if not VERBAL.exists():
        pytest.skip(f"the published table is not in {RESPONSES}")
    with VERBAL.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    values = np.array(rows[1:], dtype=np.int64)
    return rows[0][:24], values[:, :24], values[:, 25]


def numbers(flags: str) -> list[int]:
    """Return the items that a sentence names, counted from 1."""
    return sorted(int(name.partition("-")[0][1:]) for name in flags.split(", "))


def test_verbal_aggression_has_its_published_flags(
    own_app: Flask, report: Run, tmp_path: Path
) -> None:
    names, scores, gender = verbal_aggression()
    keys = [f"i{number}-{name}" for number, name in enumerate(names, start=1)]
    with own_app.app_context():
        areas = ["want" if number < 12 else "do" for number in range(24)]
        _test, learners = record(of_scores("verbal", keys, areas, scores), key="verbal")
        db.session.commit()
    labels = ["focal" if each else "a reference" for each in gender]
    lines = ["learner,gender", *map(",".join, zip(learners, labels, strict=True))]
    groups = tmp_path / "groups.csv"
    groups.write_text("\n".join(lines), encoding="utf-8")
    out = tmp_path / "report"
    done = report("verbal", "--groups", str(groups), "--out", str(out))
    assert done.exit_code == 0, done.output
    found = json.loads((out / "report.json").read_text(encoding="utf-8"))
    sections = {each["key"]: each for each in found["sections"]}
    assert set(PARTS) <= set(sections)
    fairness = sections["fairness-1-gender-1"]
    said = fairness["sentences"][1]
    plain, _mark, rest = said.removeprefix("Flagged: ").partition(". After purification: ")
    pure, _mark, logistic = rest.partition(". By logistic regression: ")
    assert numbers(plain) == [6, 12, 16, 17, 19, 20]
    assert numbers(pure) == [6, 8, 14, 16, 17, 19, 20, 22, 23]
    assert numbers(logistic.rstrip(".")) == [6, 16, 17, 19]
    rows = {row[0]: row for row in fairness["rows"]}
    sixth = rows[next(key for key in keys if key.startswith("i6-"))]
    assert sixth[1] == pytest.approx(9.6032, abs=5e-5)
    assert sixth[3] == pytest.approx(-2.4861, abs=5e-5)


def test_a_report_is_a_page_tables_and_plots(own_app: Flask, report: Run, tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    theta = rng.normal(size=400)
    difficulty = np.linspace(-1, 1, 8)
    right = rng.random((400, 8)) < 1 / (1 + np.exp(difficulty - 1.5 * theta[:, np.newaxis]))
    with own_app.app_context():
        keys = [f"q-{number}" for number in range(8)]
        areas = ["one"] * 4 + ["two"] * 4
        record(of_scores("plain", keys, areas, right.astype(np.int64)), key="plain")
        db.session.commit()
    out = tmp_path / "report"
    done = report("plain", "--out", str(out), "--language", "fr")
    assert done.exit_code == 0, done.output
    page = (out / "report.html").read_text(encoding="utf-8")
    assert '<html lang="fr">' in page
    assert page.count("<svg") == 2
    assert "<script" not in page
    table = list(csv.reader((out / "items.csv").read_text(encoding="utf-8").splitlines()))
    assert [row[0] for row in table[1:]] == keys
    assert float(table[1][3]) == pytest.approx(right[:, 0].mean(), abs=1e-5)
    with own_app.app_context():
        assert items.told_areas("plain") == frozenset()  # one ability: the total tells as much
    assert "accuracy.csv" in {each.name for each in out.iterdir()}


def test_what_there_is_not_enough_of_is_said(own_app: Flask, report: Run, tmp_path: Path) -> None:
    scores = np.random.default_rng(2).integers(0, 2, (40, 6))
    with own_app.app_context():
        keys = [f"q-{number}" for number in range(6)]
        record(of_scores("small", keys, ["one"] * 6, scores), key="small")
        db.session.commit()
    groups = tmp_path / "groups.csv"
    groups.write_text("learner,where\nsomebody,here\nsomeone,there\n", encoding="utf-8")
    done = report("small", "--out", str(tmp_path / "out"), "--groups", str(groups))
    assert done.exit_code == 0, done.output
    assert "2pl needs 250 responses to an item" in done.output
    assert "No test has 200 sittings yet" in done.output


def test_an_empty_bank_has_nothing_to_report(own_app: Flask, report: Run, tmp_path: Path) -> None:
    with own_app.app_context():
        empty = np.zeros((1, 6), dtype=np.int64) - 1
        record(of_scores("empty", [f"q-{n}" for n in range(6)], ["one"] * 6, empty), key="empty")
        db.session.commit()
    done = report("empty", "--out", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    assert "there is nothing to report" in done.output


def test_no_bank_and_no_folder_are_said(own_app: Flask, report: Run, tmp_path: Path) -> None:
    missing = report("nowhere")
    assert missing.exit_code != 0
    with own_app.app_context():
        empty = np.zeros((1, 2), dtype=np.int64) - 1
        record(of_scores("other", ["a-1", "a-2"], ["one"] * 2, empty), key="other")
        db.session.commit()
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    refused = report("other", "--out", str(tmp_path / "taken" / "x"))
    assert refused.exit_code != 0


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b"", "first line"),
        (b"person,group\na,b", "first line"),
        (b"learner,group,group\na,b,c", "first line"),
        (b"learner,group\na", "Line 2 has 1 cells"),
        (b"learner,group\na,b\na,c", "Line 3 names no learner"),
        (b"learner,\na,b", "first line"),
        (b"learner,group\na," + b"x" * 140_000, "a cell is too long"),
        (b"learner,group\n,b", "Line 2 names no learner"),
        (b"learner,group\na," + b"x" * 61, "too long"),
        (b"learner,group\n" + b"\n".join(b"%d,%d" % (n, n) for n in range(21)), "no grouping"),
    ],
)
def test_a_file_of_groups_that_is_wrong_is_refused(context: Flask, data: bytes, says: str) -> None:
    with pytest.raises(Invalid) as refusal:
        groups_from_csv(data)
    assert says in str(refusal.value)


def test_groups_are_by_column(context: Flask) -> None:
    semicolons = groups_from_csv(b"Learner;where\na;here, there\n")
    assert semicolons == {"where": {"a": "here, there"}}
    found = groups_from_csv("\ufefflearner,sex,place\na,f,here\n\nb,m,\n".encode())
    assert found == {"sex": {"a": "f", "b": "m"}, "place": {"a": "here", "b": ""}}
