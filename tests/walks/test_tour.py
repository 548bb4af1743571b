"""The tour against a live server: what it leaves is accepted by programs that others wrote.

The independent verifier runs on Node; its folder is named in CREDENTIAL_VERIFIER.
"""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select
from werkzeug.serving import make_server

from assessment import transactions
from assessment.app import create_app
from assessment.awards import service as awards
from assessment.cli import commands
from assessment.credentials.keyring import current_key
from assessment.credentials.models import Credential
from assessment.credentials.places import did_of
from assessment.credentials.signing import (
    credential_in,
    published,
    sign_data_integrity,
    sign_jwt,
)
from assessment.demo import content_files, loading
from assessment.demo.tour import journey, papers, shown_at_work, visitor
from assessment.demo.tour.learner import demanded
from assessment.demo.tour.visitor import StepFailed, Visitor
from assessment.extensions import db
from assessment.jobs import worker
from assessment.operation import schema, startup
from assessment.people.accounts import actor_of
from assessment.people.models import Person
from assessment.people.service import institution_by_key
from tests.conftest import settings_for
from tests.walks.server import free_port

VERIFIER = os.environ.get("CREDENTIAL_VERIFIER", "")
needs_node = pytest.mark.skipif(
    not VERIFIER, reason="CREDENTIAL_VERIFIER names no folder with the independent verifier"
)
FORMS = (papers.DOCUMENT, papers.TOKEN)


@dataclass(frozen=True)
class Live:
    """An installation that answers on the loopback."""

    app: Flask
    url: str
    outbox: Path


@contextmanager
def live(folder: Path, *, with_demo: bool) -> Iterator[Live]:
    """Yield an installation of its own, served by a thread."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    settings = settings_for(f"sqlite:///{folder / 'attest.db'}", folder, ATTEST_BASE_URL=url)
    app = create_app(settings)
    with app.app_context():
        schema.upgrade(db.engine)
        if with_demo:
            with transactions.writing():
                loading.load()
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Live(app, url, Path(urlsplit(settings.mail_url).path))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="module", autouse=True)
def _patience() -> Iterator[None]:
    """Let the tour wait for a loaded machine, which is slow and not wrong."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (shown_at_work, visitor):
            patch.setattr(module, "PATIENCE_SECONDS", 300)
        yield


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """Return a live demonstration."""
    with live(tmp_path_factory.mktemp("demo"), with_demo=True) as found:
        yield found


def attest(*words: str | Path) -> Result:
    """Return what a command of `attest` did."""
    return CliRunner().invoke(commands(), [str(word) for word in words])


def attest_beside_worker(app: Flask, *words: str | Path) -> Result:
    """Return what a command did while the installation's jobs were done."""
    startup.load_duties()
    with ThreadPoolExecutor(1) as aside:
        running = aside.submit(attest, *words)
        while not running.done():
            if not worker.run_one(app):
                time.sleep(0.05)
        return running.result()


@dataclass(frozen=True)
class Toured:
    """A tour that was played: what it told, and where its papers are."""

    result: Result
    folder: Path


@pytest.fixture(scope="module")
def toured(demo: Live, tmp_path_factory: pytest.TempPathFactory) -> Toured:
    """Return one tour of the demonstration."""
    folder = tmp_path_factory.mktemp("tour")
    words = ("tour", "--url", demo.url, "--folder", folder, "--outbox", demo.outbox)
    result = attest_beside_worker(demo.app, *words)
    assert result.exit_code == 0, f"{result.output}\n{result.exception!r}"
    return Toured(result, folder)


@pytest.fixture
def folder(toured: Toured, tmp_path: Path) -> Path:
    """Return the tour's papers, to be changed at will."""
    return Path(shutil.copytree(toured.folder, tmp_path / "papers"))


def refused(folder: Path, name: str) -> list[str]:
    """Return the checks at which the independent verifier refuses a form."""
    ran = subprocess.run(
        ["node", Path(VERIFIER, "verify.mjs"), folder / name, "--docs", folder / "docs"],
        capture_output=True,
        check=False,
        timeout=300,
    )
    answer = json.loads(ran.stdout)
    assert answer["ok"] is (ran.returncode == 0)
    return [check["name"] for check in answer["checks"] if not check["ok"]]


def verdict(url: str, document: str) -> str:
    """Return the heading of the page that checks a credential."""
    visitor = Visitor(url)
    page = visitor.get("/verify")
    form = demanded(page, "text", "a place for a credential's text")
    return visitor.send(form, page, form.entries(text=document)).page.heading


def test_tells_the_whole_way_and_leaves_papers(toured: Toured) -> None:
    told = " ".join(toured.result.output.split())
    for words in (
        "The post-test was offered",
        "Shown: 96.6 %, 80 % needed.",
        "awarded 6 achievements",
        "“This credential is valid”",
        "not yet, to be shown at work",
        "Marcel Doiron opens the link",
        "awarded the micro-credential",
        "“Battery-electric-vehicle safety /",
        "Not yet shown: 60 %, 80 % needed.",
    ):
        assert words in told.replace("\N{NO-BREAK SPACE}", " ")
    written = {str(path.relative_to(toured.folder)) for path in toured.folder.rglob("*.*")}
    assert written == {*FORMS, papers.ISSUER, papers.STATUS, "README.txt"}
    read_me = (toured.folder / "README.txt").read_text("utf-8")
    for command in papers.commands(toured.folder):
        assert command in read_me
        assert command in toured.result.output


@needs_node
@pytest.mark.parametrize("name", FORMS)
def test_others_accept_both_forms(toured: Toured, name: str) -> None:
    assert refused(toured.folder, name) == []


@needs_node
@pytest.mark.parametrize("name", FORMS)
def test_others_refuse_what_the_other_institution_signed(
    demo: Live, folder: Path, name: str
) -> None:
    with demo.app.app_context(), transactions.writing():
        other = institution_by_key("tamarack-cove")
        key, did = current_key(other), did_of(other)
    credential = credential_in((folder / papers.TOKEN).read_text())
    moment = papers.read_claims((folder / papers.DOCUMENT).read_bytes()).valid_from
    own = did_of_issuer(folder)
    for claimed in (did, own):
        forged = (
            published(sign_data_integrity(credential, key, claimed, moment))
            if name == papers.DOCUMENT
            else sign_jwt(credential, key, claimed).encode()
        )
        (folder / name).write_bytes(forged)
        (folder / "docs/other.json").write_bytes(
            Visitor(demo.url).get("/institutions/tamarack-cove/did.json").body
        )
        assert refused(folder, name)
        assert "not what the institution signed" in verdict(demo.url, forged.decode())


def did_of_issuer(folder: Path) -> str:
    """Return the DID of the institution that issued the credential."""
    return papers.read_claims((folder / papers.DOCUMENT).read_bytes()).issuer


def test_a_revocation_shows_once_the_papers_are_fetched_anew(demo: Live, folder: Path) -> None:
    before = (folder / papers.STATUS).read_bytes()
    number = json.loads((folder / papers.DOCUMENT).read_text())["id"].rpartition("/")[2]
    with demo.app.app_context(), transactions.writing():
        registrar = next(each for each in content_files.people() if each.key == "registrar")
        found = db.session.scalars(select(Person).where(Person.email == registrar.email)).one()
        award_id = db.session.scalars(
            select(Credential.subject_id).where(Credential.id == number)
        ).one()
        awards.revoke(award_id, "Issued in error, for this test.", actor_of(found))
    result = attest("tour", "--refresh", folder)
    assert result.exit_code == 0, result.output
    assert (folder / papers.STATUS).read_bytes() != before
    for name in FORMS:
        assert "revoked" in verdict(demo.url, (folder / name).read_text("utf-8"))
        if VERIFIER:
            assert any("status" in check or "proof" in check for check in refused(folder, name))


def test_stops_where_a_learner_does_not_pass(
    demo: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journey, "ONE_SLIP", {"bev-hazards": 6, "bev-emergency": 6})
    result = attest("tour", "--url", demo.url, "--folder", tmp_path)
    assert result.exit_code == 1
    assert "the tour expects the post-test to be passed" in str(result.exception)
    assert list(tmp_path.iterdir()) == []


def test_says_what_is_amiss_with_a_server(tmp_path: Path) -> None:
    with live(tmp_path, with_demo=False) as other:
        result = attest("tour", "--url", other.url, "--folder", tmp_path / "tour")
    assert isinstance(result.exception, StepFailed)
    assert "is no demonstration" in result.exception.sentence
    result = attest("tour", "--url", other.url, "--folder", tmp_path / "tour")
    assert isinstance(result.exception, StepFailed)
    assert "Is `attest serve` running?" in result.exception.sentence
