"""An observer's form in a browser: by thumb and by keyboard, kept while the signal is gone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, Route, expect

from assessment import clock, transactions
from assessment.access import Role
from assessment.demo.builders.catalogue import both
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.observations import (
    build_nomination,
    build_observation,
    what_was_seen,
)
from assessment.demo.builders.people import PASSWORD, build_institution, build_staff
from assessment.demo.builders.performances import (
    BUILDER,
    CRITERIA,
    a_rubric,
    build_performance,
    build_task,
)
from assessment.extensions import db
from assessment.ids import new_id
from assessment.observations import service as observations
from assessment.observations.models import Asks, CallBack, Ending, Nomination, Observation
from assessment.people.models import Institution
from assessment.performances import service as performances
from tests.browser import axe
from tests.browser.conftest import Look, Site, follow

pytestmark = pytest.mark.browser

LOOKS = (
    Look(360, "fr", "light"),
    Look(360, "en", "dark"),
    Look(1280, "fr", "dark"),
    Look(1280, "en", "light"),
)
PHONE = Look(360, "fr")
CUT_OFF = ("console: Failed to load resource: net::ERR",)
REFUSED = ("missing: 4", "missing: 503", "console: Failed to load resource: the server")
KEPT = "[data-draft-state]"
AWAY = re.compile("^Gardé sur ce téléphone; l’envoi se fera")


@pytest.fixture(scope="package")
def observed_task(site: Site) -> str:
    """Return the key of a task that asks for an observer."""
    with site.app.app_context(), transactions.writing():
        college = build_institution("observed-college", name=both("Lantern Bay College"))
        performances.publish_rubric(a_rubric("observed"), college.key, BUILDER)
        policy = {"required": "proficient", "observers": 1}
        key = build_task(college, "observed-task", rubric="observed", policy=policy).key
        return key


@dataclass(frozen=True)
class Phone:
    """Somebody's phone, with the link that was mailed to them."""

    site: Site
    page: Page
    performance_id: str
    token: str

    @property
    def link(self) -> str:
        """The address in the mail."""
        return f"/observe/{self.token}"

    def open_form(self) -> None:
        """Open the link, and say that one saw the work."""
        self.page.goto(self.link)
        follow(self.page.locator("button[value=seen]"))
        expect(self.page).to_have_url(re.compile("/form$"))

    def fill_in(self) -> None:
        """Give the fewest answers that a form needs."""
        for key in CRITERIA:
            self.page.locator(f"[name=level-{key}][value=proficient]").click()
        self.page.locator("#day-1").fill(clock.now().date().isoformat())
        self.page.locator("[name=relationship][value=supervisor]").click()
        self.page.locator("[name=interest][value=none]").click()
        self.page.locator("[name=employer]").fill("Lantern Bay Motors")
        self.page.locator("[name=role]").fill("Cheffe d’atelier")
        self.page.locator("[name=confirmed]").click()
        expect(self.page.locator("[name=confirmed]")).to_be_checked()

    def send(self) -> None:
        """Press the button."""
        self.page.locator("form.observing button[type=submit]").click()

    def expect_thanks(self) -> None:
        """Wait for the page that says that it has arrived."""
        self.page.wait_for_url("**/thanks")
        self.page.wait_for_load_state()
        assert self.page.evaluate("localStorage.length") == 0

    def nomination(self) -> Nomination:
        """Return the row behind the link; inside of an application context."""
        return observations.nomination_of(self.token)

    def number_sent(self) -> int:
        """Return how many observations have come in."""
        with self.site.app.app_context():
            rows = db.select(Observation).filter_by(performance_id=self.performance_id)
            return len(db.session.scalars(rows).all())


Ring = Callable[..., Phone]


@pytest.fixture
def ring(site: Site, browse: Callable[..., Page], observed_task: str) -> Ring:
    """Return a function that gives somebody a link, on a phone with a look."""

    def new_phone(
        look: Look = PHONE, *, email: str = "rosa@motors.example", **how: object
    ) -> Phone:
        with site.app.app_context(), transactions.writing():
            _person, actor = build_learner(
                email=f"{new_id()[:8]}@example.org", display_name="Léa Fontaine"
            )
            task = performances.current_task(observed_task)
            assert task is not None
            begun = performances.begin(task, actor)
            subject = observations.Subject(
                begun.learner_id, begun.id, task.title, task.institution_id
            )
            named = observations.Named(name="Rosa Delgado", email=email, language=look.language)
            nonce = observations.nominate(named, subject, actor).nonce
            transactions.commit()
            return Phone(site, browse(look, **how), begun.id, observations.token_of(nonce))

    return new_phone


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_of_a_link_in_every_look(ring: Ring, look: Look) -> None:
    phone = ring(look, for_axe=True, expected=REFUSED)
    page = phone.page

    page.goto(phone.link)
    assert page.locator("html").get_attribute("lang") == look.language
    looked_at(page, look)
    phone.open_form()
    for summary in page.locator("details summary").all():
        summary.click()
    looked_at(page, look)
    phone.send()  # with nothing entered
    expect(page.locator("[data-error-summary] a")).to_have_count(len(CRITERIA) + 6)
    looked_at(page, look)
    phone.fill_in()
    phone.send()
    phone.expect_thanks()
    looked_at(page, look)


def test_targets_are_large_enough_for_a_thumb(ring: Ring) -> None:
    phone = ring()
    phone.page.goto(phone.link)
    for button in phone.page.locator("form.answers button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["width"] >= 300
    phone.open_form()
    for choice in phone.page.locator("form.observing .choice").all():
        box = choice.bounding_box()
        assert box is not None
        assert box["height"] >= 44


def test_by_keyboard_alone(ring: Ring) -> None:
    phone = ring(Look(360, "en"))
    page = phone.page
    page.goto(phone.link)
    page.locator("form.answers button").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/form")  # and for its scripts
    page.locator("[name=level-prepares]").first.focus()
    for _criterion in CRITERIA:
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")  # to the comment
        page.keyboard.press("Tab")  # to the next criterion, and past the last to the day
    expect(page.locator("#day-1")).to_be_focused()
    page.keyboard.type(clock.now().strftime("%Y-%m-%d"))
    page.locator("#day-1").fill(clock.now().date().isoformat())
    page.locator("[name=relationship]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.locator("#employer").focus()
    page.keyboard.type("Lantern Bay Motors")
    page.keyboard.press("Tab")
    page.keyboard.type("Shop supervisor")
    page.keyboard.press("Tab")  # the note
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    phone.expect_thanks()
    assert phone.number_sent() == 1


def test_a_lost_signal_loses_nothing_and_sends_once(ring: Ring) -> None:
    phone = ring(expected=CUT_OFF)
    phone.open_form()
    phone.fill_in()
    phone.page.context.set_offline(True)
    phone.send()
    expect(phone.page.locator(KEPT)).to_have_text(AWAY)
    phone.send()  # impatience
    expect(phone.page.locator(KEPT)).to_have_text(AWAY)
    assert phone.number_sent() == 0
    phone.page.context.set_offline(False)
    phone.expect_thanks()
    assert phone.number_sent() == 1


def test_a_page_that_was_closed_while_away_sends_when_it_is_opened_again(ring: Ring) -> None:
    phone = ring(expected=CUT_OFF)
    phone.open_form()
    phone.fill_in()
    phone.page.locator("#note").fill("Une note.")
    context = phone.page.context
    context.set_offline(True)
    phone.send()
    expect(phone.page.locator(KEPT)).to_have_text(AWAY)
    phone.page.close()
    context.clear_cookies()  # the visit has ended as well
    context.set_offline(False)
    again = Phone(phone.site, context.new_page(), phone.performance_id, phone.token)
    again.page.goto(f"{phone.link}/form")
    again.expect_thanks()
    assert phone.number_sent() == 1


def test_what_was_typed_is_there_after_the_page_was_left(ring: Ring) -> None:
    phone = ring()
    phone.open_form()
    phone.fill_in()
    phone.page.locator("details summary").first.click()
    phone.page.locator("#comment-prepares").fill("Bien préparé.")
    phone.page.goto("/")
    phone.page.goto(f"{phone.link}/form")
    phone.page.wait_for_load_state()
    expect(phone.page.locator("#comment-prepares")).to_be_visible()
    expect(phone.page.locator("#comment-prepares")).to_have_value("Bien préparé.")
    expect(phone.page.locator("[name=level-tidies][value=proficient]")).to_be_checked()
    phone.send()
    phone.expect_thanks()


def test_an_answer_that_was_lost_on_the_way_back_is_no_second_sending(ring: Ring) -> None:
    phone = ring(expected=(*CUT_OFF, *REFUSED))
    phone.open_form()
    phone.fill_in()
    lost: list[int] = []

    def lose_first_answer(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).status)
            route.abort()
        else:
            route.continue_()

    phone.page.route("**/form", lose_first_answer)
    phone.send()
    expect(phone.page.locator(KEPT)).to_have_text(AWAY)
    assert lost == [303]
    phone.page.context.clear_cookies()  # and with the visit gone, by the page of thanks
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    phone.expect_thanks()
    assert phone.number_sent() == 1


def test_a_page_that_lay_open_past_its_visit_still_sends(ring: Ring) -> None:
    phone = ring(expected=REFUSED)
    phone.open_form()
    phone.fill_in()
    phone.page.context.clear_cookies()
    phone.send()
    phone.expect_thanks()
    assert phone.number_sent() == 1


def test_a_link_that_was_taken_back_says_so_and_keeps_what_was_typed(ring: Ring) -> None:
    phone = ring(expected=REFUSED)
    phone.open_form()
    phone.fill_in()
    with phone.site.app.app_context(), transactions.writing():
        row = phone.nomination()
        observations.end(row, Ending.REVOKED, observations.actor_of_link(row))
    phone.send()
    expect(phone.page.locator(KEPT)).to_have_text(re.compile("^Ce lien n’envoie plus rien"))
    expect(phone.page.locator("#role")).to_have_value("Cheffe d’atelier")
    assert phone.page.evaluate("localStorage.length") == 1
    assert phone.number_sent() == 0


def test_what_is_missing_is_named_and_nothing_typed_is_lost(ring: Ring) -> None:
    phone = ring(expected=REFUSED)
    phone.open_form()
    phone.fill_in()
    phone.page.locator("#note").fill("Une note.")
    phone.page.locator("[name=confirmed]").click()
    expect(phone.page.locator("[name=confirmed]")).not_to_be_checked()
    phone.send()
    summary = phone.page.locator("[data-error-summary]")
    expect(summary).to_contain_text("Cochez la case")
    expect(phone.page.locator("#note")).to_have_value("Une note.")
    phone.page.wait_for_load_state()
    summary.locator("a").click()
    expect(phone.page.locator("#confirmed")).to_be_focused()
    phone.page.keyboard.press("Space")
    phone.send()
    phone.expect_thanks()


def test_without_scripts_it_is_a_plain_form(ring: Ring) -> None:
    phone = ring(Look(360, "fr", scripts=False))
    phone.open_form()
    phone.send()
    expect(phone.page.locator("[data-error-summary]")).to_be_visible()
    phone.page.wait_for_load_state()
    phone.fill_in()
    phone.send()
    phone.page.wait_for_url("**/thanks")
    assert phone.number_sent() == 1


def test_the_language_can_be_changed_and_nothing_typed_is_lost(ring: Ring) -> None:
    phone = ring()
    phone.open_form()
    phone.fill_in()
    follow(phone.page.locator("button[name=language][value=en]"))
    expect(phone.page.locator("h1")).to_have_text("What you saw")
    expect(phone.page.locator("#role")).to_have_value("Cheffe d’atelier")
    phone.send()
    phone.expect_thanks()


def test_one_tap_says_that_one_did_not_see_it(ring: Ring) -> None:
    phone = ring(Look(360, "en"))
    phone.page.goto(phone.link)
    follow(phone.page.locator("button[value=not-seen]"))
    expect(phone.page.locator("h1")).to_have_text("Thank you")
    with phone.site.app.app_context():
        row = phone.nomination()
        assert row.ended_because == Ending.NOT_SEEN


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_learner_names_who_saw_it(
    site: Site, browse: Callable[..., Page], observed_task: str, look: Look
) -> None:
    email = f"{new_id()[:8]}@example.org"
    with site.app.app_context(), transactions.writing():
        build_learner(email=email, display_name="Léa Fontaine", language=look.language)
    page = browse(look, for_axe=True, expected=REFUSED)
    sign_in(page, email)
    page.goto(f"/tasks/{observed_task}")
    follow(page.locator("main form button[type=submit]"))
    follow(page.locator("main a[href$='/observers']"))
    name_them = page.locator("form:has([name=name]) button[type=submit]")
    follow(name_them)  # with nothing entered
    looked_at(page, look)
    page.locator("[name=name]").fill("Rosa Delgado")
    page.locator("[name=email]").fill(f"rosa-{new_id()[:6]}@motors.example")
    follow(name_them)
    expect(page.locator(".card-box")).to_have_count(1)
    looked_at(page, look)
    follow(page.locator("form[action$='/again'] button"))
    follow(page.locator("form[action$='/revoke'] button"))
    expect(page.locator("form[action$='/revoke']")).to_have_count(0)
    looked_at(page, look)


@pytest.mark.parametrize("look", [*LOOKS, Look(360, "fr", scripts=False)], ids=str)
def test_somebody_at_the_employer_names_who_saw_it(
    site: Site, browse: Callable[..., Page], observed_task: str, look: Look
) -> None:
    with site.app.app_context(), transactions.writing():
        _person, actor = build_learner(email=f"{new_id()[:8]}@example.org")
        task = performances.current_task(observed_task)
        assert task is not None
        begun = performances.begin(task, actor)
        named = observations.Named(
            name="Ines Roy",
            email=f"office-{new_id()[:6]}@motors.example",
            employer="Lantern Bay Motors",
            language=look.language,
            asks=Asks.WHO,
        )
        subject = observations.Subject(begun.learner_id, begun.id, task.title, task.institution_id)
        token = observations.token_of(observations.nominate(named, subject, actor).nonce)
    page = browse(look, for_axe=look.scripts, expected=REFUSED)
    page.goto(f"/who-saw/{token}")
    assert page.locator("html").get_attribute("lang") == look.language
    send = page.locator("main form button[type=submit]").first
    if look.scripts:
        looked_at(page, look)
    follow(send)  # with nobody named
    expect(page.locator("[data-error-summary] a")).to_have_count(1)
    if look.scripts:
        looked_at(page, look)
    page.locator("#myself").click()
    expect(page.locator("#myself")).to_be_checked()
    page.locator("#observers-0-name").fill("Rosa Delgado")
    page.locator("#observers-0-email").fill(f"rosa-{new_id()[:6]}@motors.example")
    follow(send)
    expect(page).to_have_url(re.compile("/thanks$"))
    expect(page.locator("main li")).to_have_count(2)
    if look.scripts:
        looked_at(page, look)


@pytest.mark.parametrize("look", LOOKS[:2], ids=str)
def test_whoever_rates_sees_how_it_was_seen_and_not_how_well(
    site: Site, browse: Callable[..., Page], observed_task: str, look: Look
) -> None:
    with site.app.app_context(), transactions.writing():
        _person, actor = build_learner(email=f"{new_id()[:8]}@example.org")
        task = performances.current_task(observed_task)
        assert task is not None
        work = build_performance(task, actor)
        named = build_nomination(work, actor, f"{new_id()[:8]}@motors.example")
        build_observation(named, what_was_seen(work, note="Canary note.", interest="friend"))
        place = db.session.get_one(Institution, task.institution_id)
        email = build_staff(Role.ASSESSOR, place, language=look.language).email
    page = browse(look, for_axe=True)
    sign_in(page, email)
    page.goto("/assessor")
    follow(page.locator("main form .btn-primary").first)
    expect(page).to_have_url(re.compile(r"/assessor/[a-z0-9]{26}"))
    expect(page.locator("section.circumstances")).to_contain_text("Canary note.")
    looked_at(page, look)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_registrar_sees_whom_to_call(ring: Ring, look: Look) -> None:
    phone = ring(look, for_axe=True, email="rosa@gmail.com")
    site, page = phone.site, phone.page
    phone.open_form()
    phone.fill_in()
    page.locator("#telephone").fill("705 555 0134")
    phone.send()
    phone.expect_thanks()
    with site.app.app_context(), transactions.writing():
        row = db.session.scalars(
            db.select(Observation).filter_by(performance_id=phone.performance_id)
        ).one()
        if db.session.get(CallBack, (row.learner_id, row.id)) is None:  # nine draws of ten
            db.session.add(_call(row))
        email = build_staff(
            Role.REGISTRAR, db.session.get_one(Institution, row.institution_id)
        ).email
        transactions.commit()
    sign_in(page, email)
    page.goto("/registrar")
    follow(page.locator("main a[href='/registrar/call-backs']"))
    looked_at(page, look)
    line = page.locator("tr", has=page.locator(f"form[action$='{row_id(site, phone)}']"))
    follow(line.locator("button[value=confirmed]"))
    expect(page.locator(".flashes")).to_be_visible()
    expect(line).to_have_count(0)


def looked_at(page: Page, look: Look) -> None:
    """Check that a page is clean in its look, and needs no scrolling sideways."""
    page.wait_for_load_state()
    assert axe.violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= look.width, page.url


def sign_in(page: Page, email: str) -> None:
    """Sign in by the form."""
    page.goto("/sign-in")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    follow(page.locator("main form:has([name=password]) button[type=submit]"))
    expect(page).to_have_url(re.compile("/me$"))


def _call(row: Observation) -> CallBack:
    return CallBack(
        learner_id=row.learner_id,
        observation_id=row.id,
        institution_id=row.institution_id,
        due_at=row.received_at,
        tries=0,
    )


def row_id(site: Site, phone: Phone) -> str:
    """Return the id of what was sent from a phone."""
    with site.app.app_context():
        rows = db.select(Observation.id).filter_by(performance_id=phone.performance_id)
        found: str = db.session.scalars(rows).one()
        return found
