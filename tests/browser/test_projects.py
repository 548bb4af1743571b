"""The pages behind an employer's link, on a phone and on a desk, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from assessment import transactions
from assessment.access import Role
from assessment.artefacts import service as artefacts
from assessment.demo.builders.catalogue import both
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.people import build_institution, build_staff
from assessment.demo.builders.performances import BUILDER, CRITERIA, a_rubric, build_task
from assessment.demo.builders.projects import (
    build_delivery,
    build_invitation,
    build_project,
    build_team,
)
from assessment.ids import new_id
from assessment.observations.service import token_of
from assessment.people.service import actor_of, institution_by_key
from assessment.performances import service as performances
from assessment.performances.handling import Handling
from assessment.projects import service as projects
from tests.assessment.artefacts.files import picture
from tests.assessment.projects.conftest import token_sent
from tests.browser.conftest import Look, Site, follow
from tests.browser.test_every_page import wrong_with
from tests.walks.people import signed_in

pytestmark = pytest.mark.browser

LOOKS = (Look(360, "fr"), Look(1280, "en"))


@pytest.fixture(scope="module")
def links(site: Site) -> tuple[str, str]:
    """Return the links to write a brief, and to say what was seen of a delivery."""
    with site.app.app_context(), transactions.writing():
        home = build_institution("projects-college", name=both("Lantern Bay College"))
        performances.publish_rubric(a_rubric("projects"), home.key, BUILDER)
        handling = Handling(projects=True)
        key = build_task(home, "projects-task", rubric="projects", handling=handling).key
        keeper = actor_of(build_staff(Role.ADMINISTRATOR, home))
        asked = token_of(build_invitation(key, keeper).nonce)
        project = build_project(key, keeper)
        _person, learner = build_learner(email=f"{new_id()}@example.org")
        file = artefacts.store_small_file(learner.learner_id or "", picture(), "kept.jpg", learner)
        part = build_delivery(project, learner, file.id)
        found = f"/briefs/{asked}", f"/briefs/{token_of(project.nonce)}/{part.id}"
        return found


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_an_employers_pages_are_accessible(
    browse: Callable[..., Page], links: tuple[str, str], look: Look
) -> None:
    page, wrong = browse(look, for_axe=True), []
    brief, rate = links
    page.goto(brief)  # it speaks the language of the mail, unless another is chosen
    if page.locator("html").get_attribute("lang") != look.language:
        follow(page.locator(f"button[name=language][value={look.language}]"))
    for path in (brief, rate, rate.rpartition("/")[0]):
        page.goto(path)
        wrong += [f"{path.count('/')}: {line}" for line in wrong_with(page, look)]
    page.goto(rate)
    page.locator(f"[name=level-{CRITERIA[0]}]").first.click()
    follow(page.locator("form.question button[type=submit]"))
    expect(page.locator("[data-error-summary]")).to_be_visible()
    expect(page.locator(f"[name=level-{CRITERIA[0]}]").first).to_be_checked()
    wrong += [f"faults: {line}" for line in wrong_with(page, look)]
    assert wrong == []


@pytest.fixture(scope="module")
def joined(site: Site, links: tuple[str, str]) -> tuple[str, dict[str, str]]:
    """Return the address of a part that is not delivered, and the cookies of its learner."""
    with site.app.app_context(), transactions.writing():
        keeper = actor_of(build_staff(Role.ADMINISTRATOR, institution_by_key("projects-college")))
        project = build_project("projects-task", keeper, email=f"{new_id()}@example.org")
        person, learner = build_learner(email=f"{new_id()}@example.org")
        projects.join(project.id, learner)
        for number in range(2):
            data = picture(size=(60 + number, 40))
            kept = artefacts.store_small_file(learner.learner_id or "", data, "van.jpg", learner)
        projects.add_file(project.id, kept.id, learner)
        path, person_id = f"/projects/{project.id}", person.id
    client = signed_in(site.app, person_id)
    return path, {each.key: each.value for each in client._cookies.values()}


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_learners_pages_of_a_delivery_are_accessible_and_keep_what_is_typed(
    browse: Callable[..., Page],
    site: Site,
    joined: tuple[str, dict[str, str]],
    look: Look,
) -> None:
    page, wrong = browse(look, for_axe=True), []
    path, cookies = joined
    named = [{"name": key, "value": value, "url": site.url} for key, value in cookies.items()]
    page.context.add_cookies(named)
    page.goto(f"{path}/mine")
    if page.locator("html").get_attribute("lang") != look.language:
        follow(page.locator(f"button[name=language][value={look.language}]"))
    page.locator("[name=text]").first.fill(f"I isolated it so: {look}.")
    follow(page.locator("button[formaction]"))
    assert page.url.endswith(f"{path}/files")
    wrong += [f"files: {line}" for line in wrong_with(page, look)]
    page.goto(f"{path}/mine")
    expect(page.locator("[name=text]").first).to_have_value(f"I isolated it so: {look}.")
    wrong += [f"mine: {line}" for line in wrong_with(page, look)]
    assert wrong == []


@pytest.fixture(scope="module")
def team(site: Site, links: tuple[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the addresses of a team's pages by name, and the cookies of a member."""
    with site.app.app_context(), transactions.writing():
        keeper = actor_of(build_staff(Role.ADMINISTRATOR, institution_by_key("projects-college")))
        delivered, mailed = (
            build_project("projects-task", keeper, seats=4, email=f"{new_id()}@example.org")
            for _ in range(2)
        )
        (person, me), (_other, mate) = (
            build_learner(display_name=name, email=f"{new_id()}@example.org")
            for name in ("Léa Fontaine", "Wolfeschlegelsteinhausenbergerdorff")
        )
        for project in (delivered, mailed):
            build_team(project, me, mate)
        kept = artefacts.store_small_file(mate.learner_id or "", picture(), "plan.jpg", mate)
        projects.add_file(delivered.id, kept.id, mate)
        part = projects.deliver(delivered.id, projects.Typed("I drew it.", "The drawing."), mate)
        address = f"{new_id()}@example.org"
        invite = projects.invite_mate
        pages = {
            "link": f"/teams/{token_sent(lambda: invite(mailed.id, address, 'fr', me))}",
            "team": f"/projects/{mailed.id}/team",
            "delivered": f"/projects/{delivered.id}/team",
            "mine": f"/projects/{delivered.id}/mine",
            "rate": f"/briefs/{token_of(delivered.nonce)}/{part.id}",
        }
        person_id = person.id
    client = signed_in(site.app, person_id)
    return pages, {each.key: each.value for each in client._cookies.values()}


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_pages_of_a_team_are_accessible(
    browse: Callable[..., Page],
    site: Site,
    team: tuple[dict[str, str], dict[str, str]],
    look: Look,
) -> None:
    page, wrong = browse(look, for_axe=True), []
    pages, cookies = team
    named = [{"name": key, "value": value, "url": site.url} for key, value in cookies.items()]
    page.context.add_cookies(named)
    page.goto(pages["team"])
    if page.locator("html").get_attribute("lang") != look.language:
        follow(page.locator(f"button[name=language][value={look.language}]"))
    for name, path in pages.items():
        page.goto(path)
        assert page.locator("h1").is_visible()
        wrong += [f"{name}: {line}" for line in wrong_with(page, look)]
    page.goto(pages["team"])
    page.locator("[name=email]").fill("sam at home")
    follow(page.locator("main form:has([name=email]) button[type=submit]"))
    expect(page.locator("[data-error-summary]")).to_be_visible()
    expect(page.locator("[name=email]")).to_have_value("sam at home")
    wrong += [f"faults: {line}" for line in wrong_with(page, look)]
    assert wrong == []
