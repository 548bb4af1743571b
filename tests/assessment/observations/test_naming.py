"""Naming observers: limits, mails, reminders, and what closes a link."""

from __future__ import annotations

import pytest
from flask import Flask, current_app
from flask_babel import force_locale
from sqlalchemy import select

from assessment import clock, mail
from assessment.access import system
from assessment.demo.builders.examinations import build_learner
from assessment.errors import Conflict, Expired, Forbidden, Invalid, NoSuchRecord, TooMany
from assessment.extensions import db
from assessment.jobs.models import Job
from assessment.observations import duties, letters, links, mailboxes, naming
from assessment.observations import service as observations
from assessment.observations.models import Ending
from assessment.performances import nominating, observing
from assessment.performances import service as performances
from tests.assessment.observations.conftest import AT_WORK, Scene, build_scene
from tests.assessment.people.clocks import StoppedClock

HERE = "192.0.2.8"


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> StoppedClock:
    return StoppedClock(monkeypatch)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """Return the mails that are written from now on, each once."""
    written: dict[str, dict[str, str]] = {}

    def send(to: str, subject: str, text: str, *, language: str, once_key: str) -> None:
        mail.checked_subject(subject)
        mail.checked_address(to)
        written.setdefault(
            once_key, {"to": to, "subject": subject, "text": text, "language": language}
        )
        listed[:] = written.values()

    listed: list[dict[str, str]] = []
    monkeypatch.setattr(mail, "send", send)
    return listed


def work_off() -> None:
    """Do every job of observers that is due by now, as a worker would; twice, as one may."""
    for kind, handle in ((naming.MAIL_LINK, duties.mail_link), (naming.REMIND, duties.remind)):
        due = select(Job.payload).where(Job.kind == kind, Job.run_at <= clock.now())
        payloads = list(db.session.scalars(due))
        db.session.commit()
        for payload in payloads * 2:
            handle(payload)


def test_a_mail_brings_the_link_in_the_language_that_was_chosen(
    scene: Scene, sent: list[dict[str, str]]
) -> None:
    nomination = scene.named(language="fr")
    work_off()
    (letter,) = sent
    assert letter["to"] == AT_WORK
    assert letter["language"] == "fr"
    token = observations.token_of(nomination.nonce)
    assert f"http://localhost:8000/observe/{token}\n" in letter["text"]
    assert "Léa Fontaine" in letter["text"]
    assert "21 jours" in letter["text"]


def test_reminders_come_on_days_3_and_7_and_then_none(
    scene: Scene, sent: list[dict[str, str]], stopped: StoppedClock
) -> None:
    scene.named()
    counts = []
    for _day in range(21):
        work_off()
        counts.append(len(sent))
        stopped.move(days=1)
    assert counts == [1, 1, 1, 2, 2, 2, 2, *[3] * 14]
    assert "last reminder" in sent[-1]["text"]


@pytest.mark.parametrize("how", ["used", "declined", "taken back", "withdrawn"])
def test_nobody_is_reminded_who_answered_or_is_not_asked_any_more(
    scene: Scene, sent: list[dict[str, str]], stopped: StoppedClock, how: str
) -> None:
    nomination = scene.named()
    work_off()
    if how == "used":
        scene.seen(nomination)
    elif how == "declined":
        token = observations.token_of(nomination.nonce)
        observing.decline(token, Ending.NOT_SEEN, HERE)
    elif how == "taken back":
        nominating.take_back(scene.performance.id, nomination.id, scene.actor)
    else:
        performances.withdraw(scene.performance.id, scene.actor)
    before = len(sent)
    stopped.move(days=8)
    work_off()
    assert len(sent) == before


def test_a_link_works_after_the_secret_key_has_changed(
    scene: Scene, sent: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    nomination = scene.named()
    monkeypatch.setitem(current_app.config, "SECRET_KEY", "another-" * 5)
    work_off()
    token = observations.token_of(nomination.nonce)
    assert token in sent[0]["text"]
    assert observations.nomination_of(token).id == nomination.id


def test_tokens_are_long_random_and_hashed(scene: Scene) -> None:
    first, second = scene.named(), scene.named("sam@x.example")
    tokens = [observations.token_of(each.nonce) for each in (first, second)]
    assert len(set(tokens)) == 2
    assert all(len(token) == 43 for token in tokens)  # 256 bits
    assert first.token_hash == links.hashed(tokens[0]) != tokens[0]


def test_a_task_that_asks_no_observer_takes_none(context: Flask) -> None:
    scene = build_scene(observers=0)
    with pytest.raises(Forbidden, match="Nobody is asked"):
        scene.named()


def test_another_learners_performance_is_none(scene: Scene) -> None:
    _person, other = build_learner()
    nomination = scene.named()
    with pytest.raises(NoSuchRecord):
        nominating.ask_again(scene.performance.id, nomination.id, other)
    with pytest.raises(NoSuchRecord):
        nominating.take_back(scene.performance.id, nomination.id, other)


def test_a_nomination_of_other_work_is_none_of_this(scene: Scene) -> None:
    nomination = scene.named()
    with pytest.raises(NoSuchRecord):
        observations.of_performance(scene.person.learner_id, "elsewhere", nomination.id)


def test_nobody_is_asked_twice_at_once(scene: Scene) -> None:
    nomination = scene.named()
    for same in (AT_WORK, AT_WORK.upper(), "rosadelgado+x@lantern-motors.example"):
        with pytest.raises(Invalid, match="asked already"):
            scene.named(same)
    nominating.take_back(scene.performance.id, nomination.id, scene.actor)
    assert scene.named().id != nomination.id  # a mind can be changed


def test_whoever_saw_it_can_be_asked_again_about_another_day(scene: Scene) -> None:
    scene.seen(scene.named())
    assert scene.seen(scene.named(), once="second").counts


def test_a_link_that_ran_out_leaves_room_for_a_new_one(scene: Scene, stopped: StoppedClock) -> None:
    first = scene.named()
    stopped.move(days=22)
    assert scene.named().id != first.id
    assert first.ended_because == Ending.REVOKED


def test_a_wrong_person_is_never_asked_again_by_this_learner(scene: Scene) -> None:
    nomination = scene.named()
    observing.decline(observations.token_of(nomination.nonce), Ending.WRONG_PERSON, HERE)
    with pytest.raises(Invalid, match="wrong person"):
        scene.named()


def test_so_many_are_asked_at_once_and_no_more(scene: Scene) -> None:
    for number in range(naming.MOST_OPEN):
        scene.named(f"person{number}@x.example")
    with pytest.raises(Conflict, match="So many"):
        scene.named("one.more@x.example")


def test_a_learner_names_so_many_a_day(scene: Scene, stopped: StoppedClock) -> None:
    def name_and_take_back(number: int) -> None:
        row = scene.named(f"person{number}@x.example")
        nominating.take_back(scene.performance.id, row.id, scene.actor)

    for number in range(naming.NAMED_BY_PERSON.tries):
        name_and_take_back(number)
    with pytest.raises(TooMany):
        name_and_take_back(99)
    stopped.move(days=1)
    name_and_take_back(99)


def test_a_mailbox_is_asked_so_often_a_day_by_whomever(scene: Scene, stopped: StoppedClock) -> None:
    for _number in range(naming.ASKED_OF_MAILBOX.tries):
        row = scene.named()
        nominating.take_back(scene.performance.id, row.id, scene.actor)
    _person, other = build_learner()
    begun = performances.begin(scene.workshop.task, other)
    named = observations.Named(name="Rosa", email="ROSA.delgado+1@lantern-motors.example")
    with pytest.raises(TooMany):
        nominating.name_observer(begun.id, named, other)


def test_a_mail_is_sent_again_a_few_times(scene: Scene, sent: list[dict[str, str]]) -> None:
    nomination = scene.named()
    for _time in range(naming.MOST_SENT - 1):
        work_off()
        nominating.ask_again(scene.performance.id, nomination.id, scene.actor)
    work_off()
    assert len(sent) == naming.MOST_SENT
    assert len({each["text"] for each in sent}) == 1  # the same link
    with pytest.raises(Conflict, match="often enough"):
        nominating.ask_again(scene.performance.id, nomination.id, scene.actor)


def test_what_is_closed_is_not_sent_again(scene: Scene) -> None:
    nomination = scene.named()
    scene.seen(nomination)
    with pytest.raises(Conflict, match="closed"):
        nominating.ask_again(scene.performance.id, nomination.id, scene.actor)


def test_work_that_is_over_asks_nobody(scene: Scene) -> None:
    nomination = scene.named()
    performances.withdraw(scene.performance.id, scene.actor)
    with pytest.raises(Conflict, match="nobody is asked"):
        scene.named("sam@x.example")
    with pytest.raises(Expired):
        observing.asked_by(observations.token_of(nomination.nonce))
    with pytest.raises(Expired):
        scene.seen(nomination)


def test_more_evidence_keeps_links_open(scene: Scene) -> None:
    nomination = scene.named()
    scene.performance.state = performances.PerformanceState.MORE_EVIDENCE
    db.session.flush()
    assert scene.seen(nomination).counts


def test_end_all_closes_what_is_open_and_nothing_else(scene: Scene) -> None:
    used, waiting = scene.named(), scene.named("sam@x.example")
    scene.seen(used)
    observations.end_all(scene.person.learner_id, scene.performance.id, system("test"))
    assert (used.ended_at, waiting.ended_because) == (None, Ending.OVER)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Léa Fontaine", "Léa Fontaine"),
        ("D’Arcy St. John-Smythe", "D’Arcy St. John-Smythe"),
        ("María-José  O'Neil", "María-José O'Neil"),
        ("ᐊᓈᓇ", "ᐊᓈᓇ"),
        ("Win at evil.example/prize", ""),
        ("click evil.example", ""),
        ("<b>Bold</b>", ""),
        ("Send 5 dollars to me now please do it", ""),
        ("x" * 61, ""),
        ("a\r\nBcc: b", ""),
    ],
)
def test_only_names_stand_in_mails(name: str, shown: str) -> None:
    assert letters.plain_name(name) == shown


def test_no_mail_carries_words_of_others(scene: Scene, sent: list[dict[str, str]]) -> None:
    scene.person.display_name = "Win at https://evil.example/now"
    scene.named(name="<script>alert(1)</script>")
    work_off()
    assert "evil.example" not in f"{sent}"
    assert "script" not in f"{sent}"
    assert "a learner" in sent[0]["text"]


@pytest.mark.parametrize(
    ("email", "one"),
    [
        ("A.B+c@Gmail.com", "ab@gmail.com"),
        ("ab@googlemail.com", "ab@gmail.com"),
        (" ab@x.example ", "ab@x.example"),
        ("+x@x.example", "+x@x.example"),
    ],
)
def test_addresses_of_one_mailbox_are_one(email: str, one: str) -> None:
    assert mailboxes.canonical(email) == one


def test_a_worker_that_stood_still_reminds_once(
    scene: Scene, sent: list[dict[str, str]], stopped: StoppedClock
) -> None:
    scene.named()
    work_off()
    stopped.move(days=10)
    work_off()
    assert len(sent) == 2
    assert "last reminder" in sent[-1]["text"]


def test_no_mail_in_french_needs_an_elision(context: Flask) -> None:
    place = {"en": "Lantern Bay", "fr": "Lantern Bay"}
    told = ("Amina Warsame", {"en": "Isolating", "fr": "Isoler"})
    with force_locale("fr"):
        mails = [
            letters.asking(*told, place, "L"),
            letters.asking_for_employer("", *told, place, "L"),
            letters.asking_for_employer("Somebody at Birchmark", *told, place, "L"),
            letters.reminding(*told, "L", is_last=True),
            letters.asking_who(*told, place, "L"),
            letters.reminding_who(*told, "L", is_last=True),
        ]
    for each in mails:
        assert "Amina Warsame" in each.subject + each.text
        assert "de Amina" not in each.subject + each.text
        assert mail.checked_subject(each.subject)
