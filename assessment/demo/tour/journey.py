"""The main job, played as it is: nobody teaches, nobody waits, and nobody decides by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from assessment.demo.tour import papers
from assessment.demo.tour.learner import Learner, Taken, demanded
from assessment.demo.tour.narration import Narrator
from assessment.demo.tour.pages import Element
from assessment.demo.tour.papers import Claims
from assessment.demo.tour.shown_at_work import WorkShown
from assessment.demo.tour.visitor import Answer, StepFailed, Visitor

COURSE, WORK = "hv-safety-theory", "bev-safety"
PRE_TEST, POST_TEST = "bev-pre", "bev-post"
ONE_SLIP = {"bev-return-to-service": 1}
NOT_READY = {"bev-deenergizing": 3, "bev-emergency": 3}
"""Six of fifteen wrong: 60 %, where 80 % are needed."""

DATE_HEADER_STEP = timedelta(seconds=1)
"""HTTP dates have whole seconds."""


@dataclass(frozen=True)
class Tour:
    """One tour of the demonstration at `site`; its papers go into `folder`.

    `outbox` is where the server leaves its mails.
    """

    site: str
    folder: Path
    outbox: Path
    narrator: Narrator

    def play(self) -> None:
        """Play every step, or raise StepFailed at the first that does not hold."""
        learner = Learner(self.site, "Noor Haddad")
        start = self._look_around(learner.visitor)
        first = self._register(learner, start)
        offer = self._pass_pre_test(learner, first)
        earned = self._pass_post_test(learner, offer)
        self._read_why(earned)
        claims = self._take_home(learner.visitor, earned)
        _require_issued_at_once(claims, earned.taken.result)
        self._verify()
        self._still_missing(learner.visitor)
        last = WorkShown(self.site, self.outbox, self.narrator).play(learner.visitor, learner.name)
        self._all_shown(learner.visitor, last)
        self._one_who_is_not_ready()
        self._farewell()

    def _look_around(self, visitor: Visitor) -> Answer:
        self.narrator.step("A new visitor looks around")
        home = visitor.get("/")
        self.narrator.say(f"The front page says: “{home.page.heading}”", home.seconds)
        course = _the_course(visitor, home)
        self.narrator.say(
            f"What “{course.page.heading}” asks, before anyone starts:", course.seconds
        )
        asked = course.page.main.all("div")
        self.narrator.quote(
            each.text for each in asked if each.attributes.get("class") == "requirement"
        )
        return follow(visitor, course, f"/tests/{PRE_TEST}", "a way to start the pre-test")

    def _register(self, learner: Learner, start: Answer) -> Answer:
        self.narrator.step(f"{learner.name} registers: no confirmation to wait for, no staff")
        door = follow(learner.visitor, start, "/register", "a way to register")
        first = learner.register(door)
        self.narrator.say(f"Registered, and led on to “{first.page.heading}”.", first.seconds)
        return first

    def _pass_pre_test(self, learner: Learner, first: Answer) -> Answer:
        self.narrator.step("The pre-test, at any hour")
        taken = learner.take_test(learner.begin(first))
        self._tell(taken)
        require(taken.result, "Shown:", "the pre-test to be passed")
        offer = follow(learner.visitor, taken.result, f"/tests/{POST_TEST}", "the post-test")
        self.narrator.say(
            f"The post-test was offered {taken.result.seconds:.2f} s after the last press."
        )
        return offer

    def _pass_post_test(self, learner: Learner, offer: Answer) -> Earned:
        self.narrator.step("The post-test, which opened at once")
        taken = learner.take_test(learner.begin(offer), ONE_SLIP)
        self._tell(taken)
        require(taken.result, "Shown:", "the post-test to be passed")
        awards = taken.result.page.links("/awards/")
        self.narrator.say(f"The request that handed it in awarded {len(awards)} achievements:")
        self.narrator.quote(link.text for link in awards)
        course = learner.visitor.get("/achievements/" + COURSE).page.heading
        found = next((link for link in awards if course in link.text), None)
        if found is None:
            raise StepFailed(f"The post-test was passed, and “{course}” was not awarded.")
        return Earned(taken, learner.visitor.get(found.href))

    def _tell(self, taken: Taken) -> None:
        result = taken.result
        lead = next((each.text for each in result.page.main.all("p")), "")
        self.narrator.say(f"{taken.questions} answers saved one by one, then handed in.")
        self.narrator.say(f"The result: “{lead}”", result.seconds)

    def _read_why(self, earned: Earned) -> None:
        self.narrator.step("Why it was awarded, read aloud")
        require(earned.explanation, "Awarded on", "the course to be awarded")
        self._read_aloud(earned.explanation)

    def _read_aloud(self, at: Answer) -> None:
        ways = {link.text for link in at.page.links("")}
        lines = at.page.lines("h1", "h2", "p", "li")
        self.narrator.quote(each for each in lines if each not in ways)

    def _take_home(self, visitor: Visitor, earned: Earned) -> Claims:
        self.narrator.step("The signed credential, taken home")
        page = follow(visitor, earned.explanation, "/credentials/", "the credential")
        claims = papers.take_home(visitor, page.url, self.folder)
        self.narrator.say(f"“{claims.name}”, signed by {claims.issuer_name} ({claims.issuer}).")
        for name in (papers.DOCUMENT, papers.TOKEN, papers.ISSUER, papers.STATUS):
            self.narrator.say(str(self.folder / name))
        return claims

    def _verify(self) -> None:
        self.narrator.step("Anyone checks it, without an account")
        for name in (papers.DOCUMENT, papers.TOKEN):
            verdict = _verdict(Visitor(self.site), (self.folder / name).read_text("utf-8"))
            self.narrator.say(f"{name}: “{verdict.page.heading}”", verdict.seconds)
            require(verdict, "This credential is valid", f"{name} to be valid")

    def _still_missing(self, visitor: Visitor) -> None:
        self.narrator.step("What the tests alone do not give")
        work = visitor.get(f"/me/achievements/{WORK}")
        require(work, "What is still missing", "the micro-credential to be not yet awarded")
        self.narrator.say(f"“{work.page.heading}”: not yet, to be shown at work. Still missing:")
        self.narrator.quote(_after(work, "What is still missing"))

    def _all_shown(self, visitor: Visitor, last: Answer) -> None:
        self.narrator.step("The request of the last rating awarded the micro-credential")
        title = visitor.get(f"/achievements/{WORK}").page.heading
        record = visitor.get("/me")
        award = next((link for link in record.page.links("/awards/") if title in link.text), None)
        if award is None:
            raise StepFailed(f"Everything was shown, and “{title}” was not awarded.")
        explanation = visitor.get(award.href)
        require(explanation, "Awarded on", "the micro-credential to be awarded")
        self._read_aloud(explanation)
        page = follow(visitor, explanation, "/credentials/", "the credential")
        claims = papers.read_claims(visitor.get(f"{page.url}.json").body)
        _require_issued_at_once(claims, last)
        self.narrator.say(f"“{claims.name}”, signed by {claims.issuer_name}.", last.seconds)

    def _one_who_is_not_ready(self) -> None:
        learner = Learner(self.site, "Sam Tremblay")
        self.narrator.step(f"{learner.name} does not pass, and learns what to look at")
        start = learner.visitor.get(f"/tests/{PRE_TEST}")
        door = follow(learner.visitor, start, "/register", "a way to register")
        taken = learner.take_test(learner.begin(learner.register(door)), NOT_READY)
        self._tell(taken)
        require(taken.result, "Not yet shown:", "the pre-test not to be passed")
        if taken.result.page.links(f"/tests/{POST_TEST}"):
            raise StepFailed("The pre-test was not passed, and the post-test is offered.")
        gaps = follow(learner.visitor, taken.result, "/me/gaps/", "the gap report")
        self.narrator.say(f"The gap report: “{gaps.page.heading}”", gaps.seconds)
        areas = gaps.page.lines("li")
        if len(areas) < len(NOT_READY):
            raise StepFailed(f"The gap report does not name the areas to look at: {areas}")
        self.narrator.quote(areas)
        courses = [row for row in gaps.page.main.all("tr") if row.first("td")]
        self.narrator.say(f"and {len(courses)} ways to learn just that, such as:")
        self.narrator.quote(_way_to_learn(row) for row in courses[:3])

    def _farewell(self) -> None:
        self.narrator.step("Check it yourself, offline, with programs that others wrote")
        for command in papers.commands(self.folder):
            self.narrator.command(command)
        self.narrator.end()


@dataclass(frozen=True)
class Earned:
    """A test that earned an award, and the page that says why."""

    taken: Taken
    explanation: Answer


def _the_course(visitor: Visitor, home: Answer) -> Answer:
    address = f"/achievements/{COURSE}"
    catalogue = home if home.page.links(address) else visitor.get("/catalogue")
    if not catalogue.page.links(address):
        raise StepFailed(
            f"{visitor.site} is no demonstration: its catalogue has no {COURSE}. "
            "`attest demo` loads it into an empty installation."
        )
    return visitor.get(address)


def follow(visitor: Visitor, at: Answer, part: str, what: str) -> Answer:
    """Return where the first link leads whose address holds `part`; StepFailed without one."""
    links = at.page.links(part)
    if not links:
        raise StepFailed(f"{at.url} (“{at.page.heading}”) has no link to {what}.")
    return visitor.get(links[0].href)


def require(at: Answer, words: str, what: str) -> None:
    """Raise StepFailed unless the page says `words`, which show `what`."""
    if words not in at.page.text:
        raise StepFailed(f"{at.url} does not say “{words}”: the tour expects {what}.")


def _require_issued_at_once(claims: Claims, completed: Answer) -> None:
    """Raise StepFailed unless the award was made while that request was being answered."""
    answered_at = completed.sent_at
    if answered_at is None:
        return
    spent = timedelta(seconds=completed.seconds)
    if not -DATE_HEADER_STEP <= answered_at - claims.valid_from <= spent + DATE_HEADER_STEP:
        raise StepFailed(
            f"The credential is of {claims.valid_from}, and what completed it was answered at "
            f"{answered_at}: it was not awarded in that request."
        )


def _verdict(visitor: Visitor, document: str) -> Answer:
    page = visitor.get("/verify")
    form = demanded(page, "text", "a place for a credential's text")
    return visitor.send(form, page, form.entries(text=document))


def _way_to_learn(row: Element) -> str:
    """Return a row of the table of courses as a line: its title, how, how long, at what cost."""
    named = row.first("th")
    title = named.children[0] if named else ""
    words = title if isinstance(title, str) else title.text
    return ", ".join((" ".join(words.split()), *(cell.text for cell in row.all("td"))))


def _after(at: Answer, heading: str) -> list[str]:
    """Return the lines of the list that follows a heading."""
    blocks = list(at.page.main.all("h2", "ul"))
    for title, block in pairwise(blocks):
        if title.text == heading:
            return [line.text for line in block.all("li")]
    return []
