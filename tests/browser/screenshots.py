"""Makes the pictures of the guides anew: `python -m tests.browser.screenshots` (in `docs/images`).

It loads the demo into a folder that is thrown away, serves it, and looks as its people do.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from assessment import transactions
from assessment.app import create_app
from assessment.demo import loading
from assessment.extensions import db
from assessment.observations import service as observations
from assessment.observations.models import Nomination
from assessment.operation import schema
from tests.browser.conftest import Look, Site, follow, launched, new_context, serving
from tests.conftest import settings_for

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
MOST = 150_000
"""Bytes that a picture may have."""
RISKS = re.compile("risk|risques")
DESK, PHONE = Look(1280, "en"), Look(360, "en")


@dataclass(frozen=True)
class Picture:
    """What a picture shows: whose page, how they get there, how they look, and how much of it."""

    name: str
    person: str
    steps: Callable[[Page], object]
    look: Look = DESK
    high: int = 900


def risk_assessment(page: Page) -> None:
    """Go to the risk assessment of whoever is signed in, from their record."""
    page.goto("/me")
    follow(page.locator("main a[href*='/performances/']").filter(has_text=RISKS).first)


def marking(page: Page) -> None:
    """Take what is next and rate two criteria of it by keys."""
    page.goto("/assessor?skill=hv-isolation")
    follow(page.locator("main form .btn-primary").first)
    for key in ("3", "j", "2"):
        page.keyboard.press(key)
    page.locator("[data-save-state][data-look=saved]").wait_for()


def dashboard(page: Page) -> None:
    """See how severe assessors are, and how far they agree."""
    page.goto("/assessor/rubrics/hv-isolation/dashboard")


def form_of_observer(page: Page) -> None:
    """Say that one saw the work."""
    follow(page.locator("main .btn-primary").first)


PICTURES = (
    Picture("work-shown", "Amina", risk_assessment),
    Picture("more-evidence", "Maxime", risk_assessment, Look(360, "fr"), 1100),
    Picture("assessors-queue", "Daniel", lambda page: page.goto("/assessor"), DESK, 800),
    Picture("marking", "Daniel", marking, DESK, 1000),
    Picture("assessors-gate", "Oleksandr", lambda page: page.goto("/assessor"), PHONE, 720),
    Picture("dashboard", "Wei-Ling", dashboard, DESK, 1300),
    Picture("observer-asked", "", lambda page: None, PHONE, 900),
    Picture("observer-form", "", form_of_observer, Look(360, "fr"), 900),
)


def path_of_a_link(site: Site, language: str) -> str:
    """Return where the link of an observer leads who was asked in a language."""
    with site.app.app_context():
        waiting = select(Nomination.nonce).filter_by(ended_at=None, used_at=None, language=language)
        return f"/observe/{observations.token_of(db.session.scalars(waiting).first())}"


def enter(page: Page, picture: Picture, site: Site) -> None:
    """Sign in as the person of the picture; whoever is nobody has an observer's link."""
    if not picture.person:
        page.goto(path_of_a_link(site, picture.look.language))
        return
    page.goto("/sign-in")
    follow(page.get_by_role("button", name=picture.person).first)


def take(browser: Browser, site: Site, picture: Picture) -> bytes:
    """Return the picture as a PNG of few colours."""
    context = new_context(browser, site, picture.look)
    page = context.new_page()
    enter(page, picture, site)
    picture.steps(page)
    page.wait_for_load_state("networkidle")
    page.set_viewport_size({"width": picture.look.width, "height": picture.high})
    page.evaluate("scrollTo(0, 0)")
    shot = Image.open(BytesIO(page.screenshot()))
    context.close()
    written = BytesIO()
    shot.convert("RGB").quantize(64, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return written.getvalue()


def demo(folder: Path) -> Flask:
    """Return the demo with its past, on a database of its own, not yet served."""
    app = create_app(settings_for(f"sqlite:///{folder / 'attest.db'}", folder), TESTING=True)
    with app.app_context():
        schema.upgrade(db.engine)
        loading.load()
        transactions.commit()
    return app


def main() -> None:
    """Write every picture, and say how large it is."""
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        site = stack.enter_context(serving(demo(Path(folder))))
        browser = stack.enter_context(launched())
        for picture in PICTURES:
            data = take(browser, site, picture)
            assert len(data) < MOST, f"{picture.name} has {len(data)} bytes"
            (IMAGES / f"{picture.name}.png").write_bytes(data)
            print(f"{picture.name}.png: {len(data)} bytes")


if __name__ == "__main__":
    main()
