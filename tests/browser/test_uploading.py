"""Files sent from a browser: in pieces, over a signal that is lost; and what assessors see."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from assessment.artefacts import duties
from assessment.artefacts.service import PIECE_BYTES
from assessment.jobs import worker
from tests.assessment.artefacts.files import box, film, paper, picture
from tests.browser import axe
from tests.browser.conftest import PATIENCE, Look, Opener, Site, enter, follow

pytestmark = pytest.mark.browser

CUT_OFF = ("console: Failed to load resource: net::ERR", "missing: 422 ")
"""What the tests do to the signal, and what they send that we do not take."""
WORKER = (duties.PREPARE, duties.FORGET)
"""The jobs that the tests do by hand."""


@pytest.fixture
def parking(browse: Opener) -> Page:
    """Return the page of a learner's files."""
    page = browse(Look(360), expected=CUT_OFF)
    enter(page, "Priya Raghunathan", "en")
    page.goto("/me/artefacts")
    page.wait_for_load_state()
    return page


def payload(data: bytes, name: str, kind: str = "video/mp4") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": data}


def large_film() -> bytes:
    return film(extra=box(b"free", bytes(5 * PIECE_BYTES)))


def send(page: Page) -> None:
    page.get_by_role("button", name="Send the file").click()


def arrived(page: Page, data: bytes) -> None:
    """Wait until the page shows the receipt of a file."""
    expect(page.locator("main")).to_contain_text(hashlib.sha256(data).hexdigest())
    expect(page.locator(".flashes")).to_contain_text("Your file has arrived.")


class Signal:
    """A signal that is lost after so many pieces."""

    def __init__(self, page: Page, pieces: int) -> None:
        self.page, self.left, self.sent = page, pieces, list[str]()
        page.route("**/uploads/*?offset=*", self._pass)

    def _pass(self, route: Route) -> None:
        if self.left <= 0:
            route.abort("internetdisconnected")
            return
        self.left -= 1
        self.sent.append(route.request.url.rpartition("=")[2])
        route.continue_()

    def back(self) -> None:
        """Let everything through again, and tell the page."""
        self.left = 1000
        self.page.evaluate("dispatchEvent(new Event('online'))")


def test_a_lost_signal_is_waited_for(parking: Page) -> None:
    data, signal = large_film(), Signal(parking, 3)
    parking.set_input_files("input[type=file]", payload(data, "clip.mp4"))
    send(parking)
    words = parking.locator("[data-upload-words]")
    expect(words).to_contain_text("No signal: 3.1 of 5.2 MB have arrived.")
    signal.back()
    arrived(parking, data)
    assert signal.sent == [str(n * PIECE_BYTES) for n in range(6)]


def test_a_page_that_was_closed_goes_on(parking: Page, tmp_path: Path) -> None:
    data, signal = film(extra=box(b"free", bytes(4 * PIECE_BYTES))), Signal(parking, 2)
    file = tmp_path / "closed.mp4"
    file.write_bytes(data)
    parking.set_input_files("input[type=file]", file)
    send(parking)
    expect(parking.locator("[data-upload-words]")).to_contain_text("No signal")
    parking.on("dialog", lambda dialog: dialog.accept())
    parking.reload()
    parking.wait_for_load_state()
    expect(parking.locator("#files")).to_contain_text("2.1 of 4.2 MB have arrived.")
    signal.left = 1000
    parking.set_input_files("input[type=file]", file)
    send(parking)
    arrived(parking, data)
    assert signal.sent == [str(n * PIECE_BYTES) for n in range(5)]
    expect(parking.locator("#files")).not_to_contain_text("of 4.2 MB have arrived.")


def test_what_is_not_taken_is_said_at_once(parking: Page) -> None:
    parking.set_input_files("input[type=file]", payload(b"<svg/>", "a.svg", kind="image/svg+xml"))
    send(parking)
    expect(parking.locator("[data-upload-words]")).to_contain_text("only those are taken")
    expect(parking.get_by_role("button", name="Send the file")).to_be_enabled()


RECORD = """
async (type) => {
  if (!MediaRecorder.isTypeSupported(type)) return null;
  const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 48 });
  const paint = canvas.getContext('2d');
  let step = 0;
  const painting = setInterval(() => {
    paint.fillStyle = `hsl(${(step += 20)}, 80%, 50%)`;
    paint.fillRect(0, 0, 64, 48);
  }, 40);
  const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: type });
  const parts = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  recorder.start(250);
  await new Promise((resolve) => setTimeout(resolve, 2500));
  const ended = new Promise((resolve) => (recorder.onstop = resolve));
  recorder.stop();
  await ended;
  clearInterval(painting);
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  let text = '';
  for (const each of bytes) text += String.fromCharCode(each);
  return btoa(text);
}
"""
PLAY = """
async (video) => {
  await new Promise((resolve, reject) => {
    video.onerror = () => reject(new Error(video.error.message));
    if (video.error) video.onerror();
    if (video.readyState >= 1) resolve(); else video.onloadedmetadata = resolve;
  });
  const sought = new Promise((resolve) => (video.onseeked = resolve));
  video.currentTime = 1;
  await sought;
  video.muted = true;
  await video.play();
  for (let look = 0; look < 300 && video.currentTime <= 1; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return [video.videoWidth, video.videoHeight, video.currentTime];
}
"""


@pytest.mark.parametrize("kind", ["video/webm", "video/mp4"])
def test_a_film_that_a_browser_made_plays_without_its_remarks(
    site: Site, parking: Page, kind: str
) -> None:
    recorded = parking.evaluate(RECORD, kind)
    if recorded is None:
        pytest.skip("This browser records no such film.")
    data = base64.b64decode(recorded)
    name = f"recorded.{kind.rpartition('/')[2]}"
    parking.set_input_files("input[type=file]", payload(data, name, kind))
    send(parking)
    arrived(parking, data)
    worker.run_all(site.app)
    parking.reload()
    follow(parking.get_by_role("link", name=re.compile(f"See what assessors see.*{name}")))
    width, height, at = parking.locator("video").evaluate(PLAY)
    assert (width, height) == (64, 48)
    assert at > 1


@pytest.fixture
def seen_at(browse: Opener) -> Page:
    """Return a page for looking at what assessors see, with axe."""
    page = browse(Look(360, "fr", "dark"), for_axe=True)
    enter(page, "Priya Raghunathan", "fr")
    return page


def test_pictures_and_pages_are_seen(site: Site, seen_at: Page) -> None:
    for data, name in ((picture(size=(300, 200)), "vue.jpg"), (paper(2), "feuille.pdf")):
        seen_at.goto("/me/artefacts")
        seen_at.wait_for_load_state()
        seen_at.set_input_files("input[type=file]", payload(data, name, "application/pdf"))
        seen_at.get_by_role("button", name="Envoyer le fichier").click()
        expect(seen_at.locator("main")).to_contain_text(hashlib.sha256(data).hexdigest())
        seen_at.wait_for_load_state()
        assert axe.violations(seen_at) == []
        worker.run_all(site.app)
        seen_at.reload()
        follow(seen_at.get_by_role("link", name=re.compile(f"Voir ce qui est vu.*{name}")))
        seen_at.wait_for_load_state("networkidle")
        sizes = seen_at.locator("img.drawn").evaluate_all("all => all.map((i) => i.naturalWidth)")
        assert len(sizes) == (2 if name.endswith("pdf") else 1)
        assert axe.violations(seen_at) == []
        wide = "document.documentElement.scrollWidth <= innerWidth"
        assert seen_at.evaluate(wide)


def test_a_copy_that_is_being_made_appears_by_itself(site: Site, parking: Page) -> None:
    data = paper(3)
    parking.set_input_files("input[type=file]", payload(data, "three.pdf", "application/pdf"))
    send(parking)
    arrived(parking, data)
    expect(parking.locator("#files")).to_contain_text("Being prepared")
    worker.run_all(site.app)
    link = parking.get_by_role("link", name=re.compile("See what assessors see.*three.pdf"))
    expect(link).to_be_visible(timeout=PATIENCE)
