"""The yardsticks of the bench do what they are held against, no less and no more."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event

from assessment.extensions import db
from bench import bare
from bench.figures import Figure, Skipped, table
from bench.learners import Seat, build_seats
from bench.measurement import ONE_THREAD, adaptive, findings, memory, peers
from bench.measurement.every import every
from bench.measurement.likelihood import log_likelihood
from bench.measurement.lines import finding_of, line_of
from bench.measurement.products import blocks_of, e_step_products
from bench.measurement.sizes import Size, Sizes
from bench.measurement.timing import timed
from bench.measurement.worlds import binary_items, graded_items, in_booklets, scores_of
from bench.pages import Names
from bench.places import Kind, Places
from itembank import calibrate

VERB = re.compile(r"\s*(\w+)")
TABLE = re.compile(r"\b(?:FROM|INTO|JOIN|UPDATE) (\w+)")


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Places]:
    found = Places(tmp_path)
    yield found
    found.close()


@contextmanager
def statements(app: Flask, database: SQLAlchemy) -> Iterator[list[tuple[str, ...]]]:
    """Yield what is asked of the database meanwhile: each verb, and its tables."""
    asked: list[tuple[str, ...]] = []

    def note(_connection: object, _cursor: object, text: str, *_others: object) -> None:
        asked.append((*VERB.findall(text)[:1], *TABLE.findall(text)))

    with app.app_context():
        engine = database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def answer(app: Flask, seat: Seat, revision: int) -> None:
    client = app.test_client()
    if "assessment" in app.name:
        with client.session_transaction() as session:
            session["_user_id"] = seat.sign_in_id
    fields = {"choice": str(revision), "revision": str(revision), "sign_in": seat.sign_in_id}
    path = f"/sittings/{seat.sitting_id}/questions/1"
    response = client.post(path, data=fields, headers={"Accept": "application/json"})
    assert response.status_code == 200, response.text
    assert response.get_json()["revision"] == revision + 1


def test_the_bare_view_reads_and_writes_what_ours_does(places: Places) -> None:
    installation = places.installation(Kind.SQLITE, WTF_CSRF_ENABLED=False)
    ours, theirs = build_seats(installation, 2)
    plain = bare.create_bare_app(installation.url)
    for revision in (0, 1):  # the first answer to a question, and another
        with statements(installation.app, db) as full:
            answer(installation.app, ours, revision)
        with statements(plain, bare.db) as least:
            answer(plain, theirs, revision)
        assert least == full
        assert len(full) == 9
    with plain.app_context():
        bare.db.engine.dispose()


def test_names_are_what_a_browser_fetches_by_itself() -> None:
    names = Names()
    names.feed(
        '<link rel="stylesheet" href="/a.css"><link rel="canonical" href="/b">'
        '<script src="/c.js"></script><img src="/d.svg"><img src="data:image/png,x"><a href="/e">'
    )
    assert names.found == ["/a.css", "/c.js", "/d.svg"]


def test_a_figure_over_its_limit_says_so() -> None:
    assert Figure("slow", 20, "ms", limit=10).verdict == "over"
    assert Figure("quick", 10, "ms", limit=10).verdict == "ok"
    assert Figure("any", 10, "ms").verdict == ""
    assert table([Figure("quick", 10, "ms", 20), Skipped("import", "no bank")]).row_count == 2


SMALL = Sizes(
    binary=Size(600, 8),
    guessing=Size(1_200, 6),
    peers=Size(600, 6),
    many=Size(500, 8),
    most=Size(1_000, 8),
    ability=Size(300, 10),
    bank=200,
    assembled=200,
    examinees=2,
    repeats=1,
)


@pytest.fixture(scope="module")
def small() -> list[Figure | Skipped]:
    return list(every(SMALL))


def test_every_figure_of_the_measurement_engine_is_measured(
    small: list[Figure | Skipped],
) -> None:
    judged = ("2PL", "GRM") if find_spec("girth") else ()
    named = {finding.name.partition(";")[0] for finding in small}
    assert named == {
        "next adaptive item, bank of 200, content, exposure, enemies",
        "next adaptive item, bank of 200",
        "EAP 300 x 10",
        "EAP 300 x 10, from floats",
        "classification by sums 600 x 8",
        "classification by sums of five categories 600 x 8",
        "classification by estimates 600 x 8",
        "a rule, simulated 600 x 8",
        "subscores of 5 areas 600 x 8",
        "subscores of 5 areas 600 x 8, 200 resamples",
        "5 parallel forms of 10 from 200 items",
        "item fit 600 x 8",
        "item fit of five categories 600 x 8",
        "person fit 600 x 8",
        "person fit of five categories 600 x 8",
        "local dependence 600 x 8",
        "classical item analysis 600 x 8",
        "differential functioning, mantel-haenszel 600 x 8",
        "differential functioning, mantel-haenszel, purified 600 x 8",
        "differential functioning, mantel-haenszel on abilities 600 x 8",
        "differential functioning, mantel-haenszel of five categories 600 x 8",
        "differential functioning, logistic 600 x 8",
        "differential functioning, logistic, purified 600 x 8",
        "differential functioning, logistic on abilities 600 x 8",
        "differential functioning, likelihood ratios 600 x 8",
        "2PL 600 x 8",
        "2PL 600 x 8, standard errors",
        "2PL 600 x 8 with standard errors",
        "2PL by booklets 600 x 8",
        "3PL 1,200 x 6",
        "2PL 500 x 8",
        "2PL 1,000 x 8",
        "2PL 1,000 x 8, memory beyond the scores",
        "2PL 1,000 x 8, an E-step, a person",
        "2PL 600 x 6",
        "GRM 600 x 6",
    } | {f"{model} 600 x 6, log-likelihood below girth's" for model in judged}
    limited = [each for each in small if isinstance(each, Figure) and each.limit is not None]
    assert all(each.limit > 0 for each in limited)
    assert [each.name for each in small if isinstance(each, Figure) and each.limit is None] == [
        "2PL 1,000 x 8"
    ]


def test_findings_arrive_as_they_were_sent(small: list[Figure | Skipped]) -> None:
    """From a process of its own, whatever else the peers print."""
    sent = [*small, Skipped("import", "no bank")]
    assert [finding_of(line_of(finding)) for finding in sent] == sent
    arrived = [finding.name for finding in findings(SMALL)]
    assert arrived == [finding.name for finding in small]


def test_where_a_peer_is_missing_the_row_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (peers, adaptive):
        monkeypatch.setattr(module, "find_spec", lambda _name: None)
    found = [*adaptive.measure(SMALL), *peers.measure(SMALL)]
    assert [each.reason for each in found if isinstance(each, Skipped)] == [
        "catsim is not installed (extra: bench)",
        "girth is not installed (extra: bench)",
        "girth is not installed (extra: bench)",
    ]


def test_one_thread_is_one_thread() -> None:
    code = (
        "import numpy, threadpoolctl;"
        "print({pool['num_threads'] for pool in threadpoolctl.threadpool_info()})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | ONE_THREAD,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "{1}"


@pytest.mark.parametrize("model", ["2pl", "grm"])
def test_the_judge_of_estimates_agrees_with_the_engine(model: str) -> None:
    items = binary_items(6) if model == "2pl" else graded_items(6)
    scores = scores_of(Size(800, 6), items)
    found = calibrate(scores, model, standard_errors=False, minimum=None)
    judged = log_likelihood(scores, found.parameters.slope, found.parameters.threshold)
    assert judged == pytest.approx(found.log_likelihood, abs=1e-3)
    assert log_likelihood(scores, items.slope, items.threshold) < judged


def test_a_limit_makes_the_products_of_every_person_and_item() -> None:
    """With weights near 0 the sums are near those of the scores: each person counts once."""
    scores = in_booklets(scores_of(Size(1_300, 8), binary_items(8)))
    blocks = blocks_of(scores)
    assert sum(len(part) for part in blocks.right) == 1_300
    right, given = e_step_products(blocks, 5)
    assert right == pytest.approx(np.tile((scores == 1).sum(axis=0)[:, np.newaxis], 5), rel=0.1)
    assert given == pytest.approx(np.tile((scores >= 0).sum(axis=0)[:, np.newaxis], 5), rel=0.1)
    assert (scores < 0).mean() == 0.25


def test_time_is_the_least_of_several_and_memory_the_most_at_once() -> None:
    work = timed(lambda: sum(range(100_000)), 3)
    assert work.result == sum(range(100_000))
    assert 0 < work.seconds < 60
    if memory.can_be_measured():
        held: list[bytes] = []
        assert 30 < memory.peak_growth(lambda: held.append(b"x" * 40_000_000)) < 60
        held.clear()
        assert memory.peak_growth(lambda: None) < 10
