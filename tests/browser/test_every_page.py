"""Every page that somebody can reach by links, looked at; and every page can be reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from assessment import transactions
from assessment.access import declared_action
from assessment.artefacts import service as artefacts
from assessment.demo.builders.projects import build_delivery, build_project
from assessment.extensions import db
from assessment.items import service as items
from assessment.people import service as people
from assessment.people.models import Person
from assessment.people.service import actor_of
from assessment.performances import service as performances
from assessment.sittings import service as sittings
from tests.attacks.world import drawing
from tests.browser import axe
from tests.browser.conftest import Look, Site
from tests.browser.crawling import Found, crawl, endpoint_of, practising, speaking
from tests.browser.happened import happen
from tests.walks.people import signed_in

pytestmark = pytest.mark.browser

VISITOR = ""
PEOPLE = (
    VISITOR,
    "Priya Raghunathan",
    "Maxime Thériault",
    "Amina Warsame",
    "Tanya Beardy",
    "Élise Bergeron-Tran",
    "Colin MacIsaac",
    "Daniel Okafor",
)
LOOKS = (Look(1280, "en"), Look(360, "fr"))
NOT_LINKED = {
    "people.confirm": "its link is in a mail",
    "people.reset": "its link is in a mail",
    "people.invitation": "its link is in a mail",
    "observations.first": "its link is in a mail; a test of its own looks at it",
    "observations.form": "comes after a form",
    "observations.thanks": "comes after a form",
    "observations.who": "its link is in a mail; a test of its own looks at it",
    "observations.named_thanks": "comes after a form",
    "projects.brief": "its link is in a mail; a test of its own looks at it",
    "projects.rate": "its link is in a mail; a test of its own looks at it",
    "projects.team": "is for projects of several; a test of its own looks at it",
    "projects.team_link": "its link is in a mail; a test of its own looks at it",
    "projects.files": "comes before a delivery; a test of its own looks at it",
    "people.reset_sent": "comes after a form",
    "people.accommodation": "comes after a form",
    "sittings.review": "comes after a form; the journey passes through it",
    "authoring.checked": "comes after a form",
    "assessors.check": "comes after a form",
    "assessors.skip": "comes after a form",
    "assessors.second_look": "comes after a form",
}
NO_PAGES = {
    "static",
    "bootstrap.static",
    "health.health",
    "credentials.data_integrity",
    "credentials.vc_jwt",
    "credentials.did",
    "credentials.status",
    "sittings.figure",
    "sittings.practice_figure",
    "authoring.figure",
    "authoring.figures",
    "authoring.parameters",
    "authoring.plot",
    "registry.export",
    "sittings.time",
    "artefacts.upload",
    "artefacts.artefact",
    "artefacts.picture",
    "artefacts.page",
    "artefacts.video",
    "performances.artefact",
    "assessors.picture",
    "assessors.example",
    "assessors.example_sheet",
    "assessors.sheet",
    "assessors.film",
    "assessors.hours",
    "assessors.plot",
    "assessors.figures",
    "projects.picture",
    "projects.sheet",
    "projects.film",
    "projects.team_picture",
    "projects.team_sheet",
    "projects.team_film",
}


@pytest.fixture(scope="module", autouse=True)
def under_way(site: Site) -> None:
    """Let one learner have a test and work under way, and another results that are argued about."""
    with site.app.app_context(), transactions.writing():
        test = items.current_test("bev-pre")
        assert test is not None
        person = _person("Priya Raghunathan")
        sittings.begin(test, actor_of(person))
        cast = [_person(each) for each in ("Maxime Thériault", "Daniel Okafor", "Tanya Beardy")]
        happen(people.institution_by_key("lantern-bay"), *cast)
        _project(person)
        _work(person)


def _person(name: str) -> Person:
    person: Person = db.session.scalars(db.select(Person).filter_by(display_name=name)).one()
    return person


def _work(learner: Person) -> None:
    """Let the learner show work for a task of the demo, and an assessor have it to rate."""
    artefacts.store_small_file(learner.learner_id, drawing(), "kept.png", actor_of(learner))
    task = performances.current_task("isolate-hv-battery")
    assert task is not None
    criteria = [each.key for each in performances.rubric_of(task.rubric).criteria]
    begun, everywhere = performances.begin(task, actor_of(learner)), dict.fromkeys(criteria, "")
    for data, name in ((drawing(), "a.png"), (b"%PDF-1.7", "a.pdf")):
        performances.add_file(begun.id, data, name, everywhere, actor_of(learner))
    performances.add_text(begun.id, "I did it so.", everywhere, actor_of(learner))
    performances.submit(begun.id, actor_of(learner))
    _draft(learner)
    performances.claim_next(actor_of(_person("Daniel Okafor")), another=True)


def _draft(learner: Person) -> None:
    """Let the learner collect work for another task, so that its pages can be seen."""
    task = performances.current_task("risk-assessment-hv")
    assert task is not None
    (first, *_rest) = performances.rubric_of(task.rubric).criteria
    begun = performances.begin(task, actor_of(learner))
    performances.add_text(begun.id, "I look first.", {first.key: "line 1"}, actor_of(learner))


def _project(learner: Person) -> None:
    """Let the learner have delivered for a project that others may still join."""
    keeper = actor_of(_person("Colin MacIsaac"))
    project = build_project("isolate-hv-battery", keeper, seats=2)
    build_delivery(project, actor_of(learner))


@dataclass(frozen=True)
class Visit:
    """What links lead somebody to, and the cookies with which a browser is theirs."""

    person: str
    cookies: dict[str, str]
    pages: list[Found]


def visit(site: Site, person: str, language: str) -> Visit:
    """Return what links lead one of the demo's people to, or a visitor who practises."""
    client = site.app.test_client() if person else practising(site.app)
    if person:
        with site.app.app_context():
            client = signed_in(site.app, _person(person).id)
    speaking(client, language)
    cookies = {each.key: each.value for each in client._cookies.values()}
    return Visit(person, cookies, list(crawl(client, frozenset(NO_PAGES))))


def worth_a_look(visits: Iterable[Visit]) -> Iterator[tuple[Visit, list[Found]]]:
    """Yield of each visit the pages that hold a thing which no page of their kind before held."""
    seen: dict[str, set[str]] = defaultdict(set)
    for each in visits:
        new = []
        for page in each.pages:
            if not page.shapes <= seen[page.endpoint]:
                new.append(page)
                seen[page.endpoint] |= page.shapes
        yield each, new


def wrong_with(page: Page, look: Look) -> list[str]:
    """Return what is wrong with the page as it stands, in either theme."""
    page.emulate_media(color_scheme="light")
    wrong = [f"light: {line}" for line in axe.violations(page)]
    page.emulate_media(color_scheme="dark")
    wrong += [f"dark: {line}" for line in axe.violations_of_colour(page)]
    if page.evaluate("document.documentElement.scrollWidth") > look.width:
        wrong.append("the page scrolls sideways")
    if page.locator("html").get_attribute("lang") != look.language:
        wrong.append("the page is in another language")
    if page.locator("h1").count() != 1:
        wrong.append(f"the page has {page.locator('h1').count()} headings h1")
    return wrong


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_what_links_lead_to_is_accessible_and_keeps_the_policy(
    browse: Callable[..., Page], site: Site, look: Look
) -> None:
    """Each kind of page, in each state in which one of the demo's people finds it."""
    wrong = []
    visits = (visit(site, person, look.language) for person in PEOPLE)
    for each, pages in worth_a_look(visits):
        page = browse(look)
        for name, value in each.cookies.items():
            page.context.add_cookies([{"name": name, "value": value, "url": site.url}])
        for found in pages:
            page.goto(found.address)
            assert found.endpoint == endpoint_of(site.app, page.url)
            wrong += [f"{each.person} {page.url}: {line}" for line in wrong_with(page, look)]
        page.context.close()
    assert wrong == []


def test_every_page_is_reached_by_links(site: Site) -> None:
    visits = [visit(site, person, "en") for person in PEOPLE]
    reached = {page.endpoint for each in visits for page in each.pages}
    open_to_get = {
        rule.endpoint for rule in site.app.url_map.iter_rules() if "GET" in (rule.methods or ())
    }
    assert all(declared_action(site.app, endpoint) for endpoint in open_to_get)
    assert open_to_get - reached - NO_PAGES - set(NOT_LINKED) == set()
    assert reached & set(NOT_LINKED) == set()
