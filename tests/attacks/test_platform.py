"""The platform itself: queries, numbers, addresses, secrets, logs, words of others, pages."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from assessment import logs, resources, transactions
from assessment.access import Action, action
from assessment.app import create_app
from assessment.artefacts.showing import ISOLATED
from assessment.catalogue.models import AchievementKind
from assessment.config import SettingError, read_settings
from assessment.demo.builders.catalogue import BUILDER
from assessment.demo.builders.examinations import build_achievement, build_examination
from assessment.demo.builders.items import build_test, choice_item, parsed_bank
from assessment.demo.builders.people import PASSWORD, build_institution
from assessment.extensions import db
from assessment.headers import CONTENT_SECURITY_POLICY
from assessment.items.service import BankSpec, import_bank
from assessment.jobs.models import Job
from assessment.people import duties, tickets
from assessment.people.models import Person, Purpose, Throttle
from tests.assessment.people.mailed import token_for
from tests.attacks.world import Seen, World
from tests.conftest import settings_for

HUGE = "9" * 400
NUMBERS = (
    "NaN",
    "sNaN",
    "-NaN",
    "Infinity",
    "1e308",
    "1e999999999",
    HUGE,
    "9" * 5000,
    "-1",
    "true",
)
QUERIES = (
    "' OR '1'='1",
    "'; DROP TABLE person; --",
    "x') UNION SELECT email FROM person --",
    '" OR ""="',
    "\\' OR 1=1 --",
    "%' OR 1=1 --",
    "((((((a+)+)+)+)+)+$",
    "[[:alpha:]]*?*[",
    "$.key[*]",
)
NASTY = (
    '"><script>canary(1)</script><img src=x onerror=canary(1)>'
    "{{ 7919*7907 }}${7919*7907}<svg/onload=canary(1)>"
)
INERT = ("<script>canary", "<img src=x", "<svg/onload")
CLOSED = """
    /console /metrics /openapi.json /openapi.yaml /swagger /docs /redoc /debug /_debug_toolbar
    /.git/config /.env /server-status /actuator /admin /static/../config.py
    /static/%2e%2e/app.py /static/..%2f..%2fsetup.cfg /bootstrap/static/../../setup.cfg
"""
OF_LEARNERS = ("inline", 'attachment; filename="evidence-', 'attachment; filename="my-file')
"""How what learners sent leaves us: shown in a page as our own copy, or taken away."""
PART = b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n%s\r\n--b--\r\n'
LOADS = {"src", "srcset", "action", "formaction", "poster", "data", "background", "ping"}
ADDRESS_IN_STYLE = re.compile(r"url\(\s*[\"']?([^\"')]+)|@import\s+[\"']([^\"']+)")


def test_line_60_words_and_sorts_are_never_part_of_a_query(world: World) -> None:
    staff, visitor = world.browser(world.staff), world.app.test_client()
    assert world.award in staff.get("/registrar?words=").text
    for query in QUERIES:
        for path in ("/registrar", "/registrar/awards.csv"):
            found = staff.get(path, query_string={"words": query})
            assert found.status_code == 200
            assert world.award not in found.text
        for name in ("sort", "reverse", "shows", "achievement", "since", "until", "page"):
            assert staff.get("/registrar", query_string={name: query}).status_code == 422
        searched = dict.fromkeys(("words", "mode", "minutes", "cents", "language", "page"), query)
        assert visitor.get("/catalogue", query_string=searched).status_code == 200
        filtered = dict.fromkeys(("area", "kind", "sight", "language", "state", "page"), query)
        assert staff.get("/banks/wiring", query_string=filtered).status_code == 200
    with world.app.app_context():
        assert db.session.scalars(select(Person)).first() is not None


def test_line_61_words_that_are_looked_for_are_no_patterns(world: World) -> None:
    staff, began = world.browser(world.staff), time.perf_counter()
    for query in ("(a+)+$" * 30, "a*" * 99, "[" * 199, "." * 199, "*" * 199, "?" * 199):
        found = staff.get("/registrar", query_string={"words": query})
        assert found.status_code == 200
    assert time.perf_counter() - began < 120


def test_line_62_numbers_that_are_none_are_told_and_never_an_error(world: World) -> None:
    staff, learner_id = world.browser(world.staff), world.values["learner_id"]
    sitting = f"/sittings/{world.staffs_sitting}/questions"
    for number in NUMBERS:
        for path in ("/catalogue", "/banks/wiring"):
            assert staff.get(path, query_string={"page": number}).status_code == 200
        assert staff.get("/registrar", query_string={"page": number}).status_code == 422
        for field in ("multiplier", "break_minutes"):
            sent = {"multiplier": "1", "break_minutes": "0", field: number}
            assert staff.post("/me/allowance", data=sent).status_code == 422, number
        for field in ("multiplier", "added_minutes"):
            sent = {"institution": "x", "multiplier": "1", "added_minutes": "0", field: number}
            path = f"/people/accommodations/{learner_id}"
            assert staff.post(path, data=sent).status_code == 422, number
        for revision, choice in ((number, "0"), ("1", number)):
            sent = {"choice": choice, "revision": revision}
            assert staff.post(f"{sitting}/1", data=sent).status_code in (303, 409, 422)
        path = f"/banks/wiring/items/x/figures/{number}"
        assert staff.get(path).status_code == 404
        assert staff.get(f"/status/{number}").status_code == 404
        assert staff.get(f"{sitting}/{number}").status_code == 404


def test_line_62_a_zero_character_is_refused_on_every_database(world: World) -> None:
    staff = world.browser(world.staff)
    for path in ("/achievements/a%00", "/catalogue?words=%00", "/catalogue?%00=1", "/banks/%00"):
        assert staff.get(path).status_code == 422, path
    for path in ("/sign-in", "/verify", f"/registrar/awards/{world.award}/revoke"):
        sent = {"reason": "a\x00b", "revoked_for": "error", "email": "a@b.ca", "text": "{}"}
        assert staff.post(path, data=sent).status_code == 422, path


@pytest.mark.usefixtures("one_window")
def test_line_63_a_forged_address_is_not_believed(app: Flask, client: FlaskClient) -> None:
    sent = {"text": "?"}
    codes = [
        client.post("/verify", data=sent, headers={"X-Forwarded-For": f"6.6.6.{n}"}).status_code
        for n in range(31)
    ]
    assert codes == [200] * 30 + [429]
    refused = {"email": "a@example.org", "password": "wrong"}
    for n in range(3):
        forged = {
            "X-Forwarded-For": f"6.6.6.{n}",
            "X-Real-IP": "6.6.6.6",
            "Forwarded": "for=6.6.6.6",
        }
        client.post("/sign-in", data=refused, headers=forged)
    with app.app_context():
        assert sorted(db.session.scalars(select(Throttle.count))) == [3, 3]


@pytest.mark.parametrize(("trusted", "seen"), [("0", "127.0.0.1"), ("1", "10.0.0.9")])
def test_line_63_only_so_many_proxies_are_believed(tmp_path: Path, trusted: str, seen: str) -> None:
    settings = settings_for(f"sqlite:///{tmp_path}/a.db", tmp_path, ATTEST_TRUSTED_PROXIES=trusted)
    app = create_app(settings)

    @app.get("/who")
    @action(Action.READ_PUBLIC)
    def who() -> str:
        from flask import request  # noqa: PLC0415 - beside its one use

        return f"{request.remote_addr} {request.host}"

    forged = {"X-Forwarded-For": "6.6.6.6, 10.0.0.9", "X-Forwarded-Host": "evil.example"}
    assert app.test_client().get("/who", headers=forged).text == f"{seen} localhost"


def test_line_64_nothing_for_developers_is_open(client: FlaskClient) -> None:
    assert client.application.debug is False
    for path in CLOSED.split():
        got = client.get(path)
        assert got.status_code == 404, path
        assert "Traceback" not in got.text
    debugging = client.get("/?__debugger__=yes&cmd=resource&f=debugger.js")
    assert "Werkzeug" not in debugging.text
    assert debugging.headers["Content-Type"].startswith("text/html")
    for method in ("TRACE", "CONNECT", "PROPFIND", "PUT", "DELETE", "PATCH"):
        assert client.open("/", method=method).status_code == 405, method
    assert "Server" not in client.get("/").headers


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"ATTEST_SECRET_KEY_FALLBACKS": "x" * 40 + ",weak"}, "ATTEST_SECRET_KEY_FALLBACKS"),
        ({"ATTEST_KEYS_KEY": "weak"}, "ATTEST_KEYS_KEY must be 32"),
    ],
)
def test_line_65_no_weak_key_is_taken(environ: dict[str, str], said: str, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=said) as refusal:
        read_settings({"ATTEST_DATA": str(tmp_path), **environ})
    assert "weak" not in str(refusal.value)


def test_line_65_a_key_file_that_was_emptied_is_not_taken(tmp_path: Path) -> None:
    read_settings({"ATTEST_DATA": str(tmp_path)})
    (tmp_path / "secret_key").write_text("")
    with pytest.raises(SettingError, match="secret_key must be 32"):
        read_settings({"ATTEST_DATA": str(tmp_path)})


def test_line_65_a_former_key_still_opens_and_never_signs(tmp_path: Path) -> None:
    url, former, present = f"sqlite:///{tmp_path}/a.db", "f" * 32, "p" * 32
    old = create_app(settings_for(url, tmp_path, ATTEST_SECRET_KEY=former))
    new = create_app(
        settings_for(url, tmp_path, ATTEST_SECRET_KEY=present, ATTEST_SECRET_KEY_FALLBACKS=former)
    )
    signers = [each.session_interface.get_signing_serializer(each) for each in (old, new)]  # type: ignore[attr-defined]  # Flask's own session
    assert signers[1].loads(signers[0].dumps({"a": 1})) == {"a": 1}
    with pytest.raises(Exception, match="does not match"):
        signers[0].loads(signers[1].dumps({"a": 1}))


class Catcher(logging.Handler):
    """Keeps every line as it would be written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(logs.JsonFormatter().format(record))


@pytest.fixture
def caught() -> Iterator[list[str]]:
    """Yield the lines that are logged by anything of ours, from now on."""
    catcher, logger = Catcher(), logging.getLogger("attest")
    level, disabled = logger.level, logger.disabled
    logger.addHandler(catcher)
    logger.setLevel(logging.DEBUG)
    logger.disabled = False
    yield catcher.lines
    logger.removeHandler(catcher)
    logger.setLevel(level)
    logger.disabled = disabled


def test_line_66_a_whole_run_leaves_nothing_personal_in_the_log(
    app: Flask, caught: list[str]
) -> None:
    with app.app_context():
        build_examination()
        db.session.commit()
    browser, email, name = app.test_client(), "canary.mail@example.org", "Canary Name"
    given = {"email": email, "display_name": name, "password": PASSWORD}
    browser.post("/register", data=given)
    browser.post("/account/claim", data={"legal_name": name, "student_number": "CANARY-7"})
    browser.post("/sign-out")
    browser.post("/sign-in", data={**given, "password": "canary-wrong-password"})
    browser.post("/reset", data={"email": email})
    with app.app_context():
        payloads = [dict(row.payload) for row in db.session.scalars(select(Job))]
        token = token_for(email, Purpose.RESET)
        transactions.rollback()
        for payload in payloads:
            if "ticket_id" in payload:
                duties.mail_ticket(payload)
    browser.get(f"/reset/{token}")
    browser.post(f"/reset/{token}", data={"password": "canary new password"})
    assert browser.post("/sign-in", data={**given, "password": "canary new password"}).location
    begun = browser.post("/tests/pre", data={"terms": "y"}).location
    browser.post(f"{begun}/questions/1", data={"choice": "0", "text": "canary answer"})
    browser.post(f"{begun}/submit")
    for path in (
        "/me",
        begun,
        f"/sittings/{token}",
        f"/nowhere/{email}",
        "/catalogue?words=canary",
    ):
        browser.get(path, headers={"User-Agent": "canary\r\nagent"[:6], "Referer": email})
    assert len(caught) > 15
    for line in caught:
        said = json.loads(line)
        assert "\n" not in line
        for secret in (email, "canary", "Canary", "CANARY", token, "127.0.0.1", PASSWORD):
            assert secret not in line, said
        assert "trace" not in said


def test_line_27_words_of_authors_and_learners_are_inert_on_every_page(app: Flask) -> None:
    with app.app_context():
        made = build_institution("nasty", name={"en": NASTY, "fr": NASTY})
        words = {"en": f"Stem {NASTY}", "fr": f"Stem {NASTY}"}
        options = tuple({"en": f"{n} {NASTY}"} for n in range(3))
        item = choice_item("n-1", "a", stem=words, options=options, rationale=words)
        parsed = replace(parsed_bank("a", each=0), items=(item,))
        spec = BankSpec(key="nasty", institution_id=made.id, title=words)
        import_bank(parsed, spec, BUILDER)
        build_test("nasty", "nasty", title=words, blueprint={"a": 1}, languages=("en",))
        rule = {"test": "nasty", "percent": 1}
        fields = {"title": words, "summary": words, "description": words}
        build_achievement(made, "nasty", rule, kind=AchievementKind.COMPETENCY, **fields)
        db.session.commit()
    browser = app.test_client()
    new = {"email": "a@example.org", "display_name": NASTY[:99], "password": PASSWORD}
    browser.post("/register", data=new)
    browser.post("/account/claim", data={"legal_name": NASTY[:99]})
    begun = browser.post("/tests/nasty", data={"terms": "y"}).location
    pages = [browser.get(path) for path in ("/", "/catalogue", "/achievements/nasty")]
    pages += [browser.get(path) for path in ("/tests/nasty", "/institutions/nasty", "/account")]
    pages += [browser.get(f"{begun}/questions/1")]
    assert "{{ 7919*7907 }}${7919*7907}" in pages[-1].text  # shown as it was written
    browser.post(f"{begun}/questions/1", data={"choice": "0", "revision": "0"})
    pages += [browser.post(f"{begun}/questions/1", data={"choice": "1", "revision": "0"})]
    assert pages[-1].status_code == 409
    pages += [browser.post(f"{begun}/submit", follow_redirects=True), browser.get("/me")]
    pages += [browser.get(f"/me/{path}/nasty") for path in ("gaps", "achievements")]
    pages += [browser.get("/catalogue", query_string={"words": NASTY, "mode": NASTY})]
    pages += [browser.get("/sign-in", query_string={"next": NASTY})]
    assert sum("canary(1)" in page.text for page in pages) > 10
    for page in pages:
        for live in INERT:
            assert live not in page.text, (page.request.path, live)
        assert str(7919 * 7907) not in page.text  # a product that no id and no moment contains


class Loaded(HTMLParser):
    """Collects what a page loads or sends to, and what it would run."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in LOADS or (tag in ("link", "base", "use") and name.endswith("href")):
                self.addresses.append(value or "")
            if name == "style" or name.startswith("on") or (value or "").startswith("javascript:"):
                self.inline.append(f"{tag} {name}={value}")
        if tag == "style" or (tag == "script" and "src" not in dict(attrs)):
            self.inline.append(tag)


def is_ours(address: str) -> bool:
    """Return whether an address is a path here, or a picture in the page itself."""
    local = address.startswith("/") and not address.startswith("//")
    return local or address.startswith("data:image/") or address == ""


def test_line_70_pages_load_from_here_alone(crawled: list[Seen]) -> None:
    read = 0
    for seen in crawled:
        if seen.headers["Content-Type"].startswith("text/html"):
            page = Loaded()
            page.feed(seen.text)
            assert [each for each in page.addresses if not is_ours(each)] == [], seen.path
            assert page.inline == [], seen.path
            read += bool(page.addresses)
    assert read > 40


def test_line_70_styles_and_scripts_load_from_here_alone(
    client: FlaskClient, crawled: list[Seen]
) -> None:
    pages = "".join(seen.text for seen in crawled)
    files = set(re.findall(r'(?:href|src)="(/(?:bootstrap/)?static/[^"]+)"', pages))
    assert len(files) >= 4
    for file in files:
        got = client.get(file)
        assert got.status_code == 200, file
        for pair in ADDRESS_IN_STYLE.findall(got.text if file.endswith(".css") else ""):
            address = "".join(pair)
            assert address.startswith("data:") or "//" not in address, (file, address)
    for script in (resources.HERE / "static/js").glob("*.js"):
        assert not re.search(r"https?://|eval\(|new Function", script.read_text()), script.name


def test_line_68_no_page_can_be_framed_or_run_what_is_not_ours(crawled: list[Seen]) -> None:
    assert "frame-ancestors 'none'" in CONTENT_SECURITY_POLICY
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert ISOLATED == "default-src 'none'; sandbox; frame-ancestors 'none'"
    for seen in crawled:
        is_file = seen.headers.get("Content-Disposition", "").startswith(OF_LEARNERS)
        policy = ISOLATED if is_file else CONTENT_SECURITY_POLICY
        assert seen.headers["Content-Security-Policy"] == policy, seen.path
        assert seen.headers["X-Frame-Options"] == "DENY"
        assert seen.headers["X-Content-Type-Options"] == "nosniff"


def test_line_30_a_form_that_is_too_large_is_refused(client: FlaskClient) -> None:
    parts = {f"n{number}": "x" for number in range(501)}
    for sent in (
        {"data": parts, "content_type": "multipart/form-data"},
        {"data": PART % (b"x" * 1_100_000), "content_type": "multipart/form-data; boundary=b"},
        {"data": {"text": "x" * 1_100_000}},
        {"data": "a&" * 600_000, "content_type": "application/x-www-form-urlencoded"},
        {"data": b"x" * 4_200_000, "content_type": "application/octet-stream"},
    ):
        refused = client.post("/verify", **sent)
        assert refused.status_code == 413


def test_line_48_no_table_or_waiting_mail_holds_a_token(world: World) -> None:
    token = str(world.values["token"])
    with world.app.app_context():
        known = [db.session.get(Person, world.ada)]
        assert known
        said = "".join(
            repr(tuple(row))
            for table in db.metadata.tables.values()
            for row in db.session.execute(select(table))
        )
    assert token not in said
    assert tickets.hashed(token) in said
