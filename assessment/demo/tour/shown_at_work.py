"""What the tests alone do not give: work that is handed in, seen by somebody, and rated by two."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assessment.demo.past import TASKS
from assessment.demo.tour import assessors, work
from assessment.demo.tour.narration import Narrator
from assessment.demo.tour.visitor import Answer, StepFailed, Visitor
from assessment.demo.tour.work import PROFICIENT, Witness
from assessment.demo.works import isolated, plan, written
from assessment.demo.works.pieces import Work, content, order_number, ranks
from assessment.ids import new_id

LANGUAGE, BACK = "fr", "en"
"""Work is handed in in French: none of the demonstration's own waits in it."""
ASSESSORS = ("Daniel Okafor", "Geneviève Lavallée")
PROFILE = ranks("22222")
ALIKE = 24
"""Works whose numbers are so far apart are of one language and one job."""
PATIENCE_SECONDS = 30
PAUSE_SECONDS = 0.2


@dataclass(frozen=True)
class Handed:
    """A work that was handed in: the page of the performance, and what tells it from others."""

    page: Answer
    rubric: str
    marker: str


@dataclass(frozen=True)
class WorkShown:
    """How a learner shows work; mails are read in the server's `outbox`."""

    site: str
    outbox: Path
    narrator: Narrator

    def play(self, learner: Visitor, name: str) -> Answer:
        """Return the answer to the last rating, which completed everything."""
        number = 2 + ALIKE * (100 + secrets.randbelow(10**6))
        witness = Witness(
            "Marcel Doiron", f"marcel-{new_id()[:10]}@birchmark.example", "Birchmark Fleet Service"
        )
        learner.switch_language(LANGUAGE)
        first = self._hand_in_writing(learner, name, number)
        second = self._hand_in_isolation(learner, number, witness)
        learner.switch_language(BACK)
        self._see(witness)
        return self._rate([first, second])

    def _hand_in_writing(self, learner: Visitor, name: str, number: int) -> Handed:
        self.narrator.step(f"{name} hands in a risk assessment, in French")
        return self._hand_in(learner, plan.MAKERS[written.RUBRIC](number, PROFILE, "tour"), number)

    def _hand_in_isolation(self, learner: Visitor, number: int, witness: Witness) -> Handed:
        self.narrator.step("and shows how a battery was isolated, with photographs")
        self.narrator.say(f"{witness.name}, who was there, is named: a mail goes out at once.")
        made = plan.MAKERS[isolated.RUBRIC](number, PROFILE, "tour")
        return self._hand_in(learner, made, number, witness)

    def _hand_in(
        self, learner: Visitor, made: Work, number: int, witness: Witness | None = None
    ) -> Handed:
        page = work.hand_in(learner, TASKS[made.rubric], made, witness)
        self.narrator.say(f"Handed in: “{page.page.heading}”.", page.seconds)
        marker = content("works")["order"][LANGUAGE].format(number=order_number(number))
        return Handed(page, made.rubric, marker)

    def _see(self, witness: Witness) -> None:
        self.narrator.step(f"{witness.name} opens the link: no account, about five minutes")
        link = self._waited_for(lambda: work.link_in(self.outbox, witness.email))
        first, thanks = work.say_what_was_seen(link, self.site, witness)
        self.narrator.say(f"The mail's link leads to “{first.page.heading}”.", first.seconds)
        self.narrator.say(f"Sent, and used up: “{thanks.page.heading}”.", thanks.seconds)

    def _waited_for(self, found: Callable[[], str | None]) -> str:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            link = found()
            if link is not None:
                return link
            time.sleep(PAUSE_SECONDS)
        raise StepFailed(
            f"No mail with a link came to {self.outbox} within {PATIENCE_SECONDS} seconds. "
            "Does a worker run there? `--outbox` names the server's outbox."
        )

    def _rate(self, handed: list[Handed]) -> Answer:
        """Return the answer to the last rating."""
        last = handed[0].page
        for name in ASSESSORS:
            self.narrator.step(f"{name} rates both, and knows neither whose they are nor of others")
            assessor = assessors.sign_in(self.site, name)
            for each in handed:
                rated = assessors.rate(assessor, each.rubric, LANGUAGE, each.marker, PROFICIENT)
                title = rated.page.page.heading
                self.narrator.say(f"“{title}”: released.", rated.answer.seconds)
                last = rated.answer
        return last
