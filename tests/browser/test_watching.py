"""The watch sees what it is there to see; else the silence of the other tests means nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import axe
from tests.browser.conftest import LOOK_AGAIN, PATIENCE, Site
from tests.browser.watching import Watch

pytestmark = pytest.mark.browser

MISDEEDS = {
    "console: Applying inline style": "() => document.body.setAttribute('style', 'color: red')",
    "console: Executing inline script": "() => { const s = document.createElement('script');"
    " s.textContent = '1'; document.body.append(s); }",
    "left the origin": "() => { new Image().src = 'http://127.0.0.2:1/a.png'; }",
    "missing: 404": "() => { new Image().src = '/static/none.png'; }",
    "console: oh": "() => console.error('oh')",
    "script error: oh": "() => { setTimeout(() => { throw new Error('oh'); }); }",
}


@pytest.mark.parametrize("fault", MISDEEDS)
def test_a_misdeed_is_seen(chromium: Browser, site: Site, fault: str) -> None:
    context = chromium.new_context(base_url=site.url)
    watch = Watch(context, site.url)
    page = context.new_page()
    page.goto("/nowhere")
    assert not watch.faults
    page.evaluate(MISDEEDS[fault])
    for _look in range(PATIENCE // LOOK_AGAIN):
        if watch.faults:
            break
        page.wait_for_timeout(LOOK_AGAIN)
    context.close()
    assert any(seen.startswith(fault) for seen in watch.faults), watch.faults


def test_axe_sees_a_picture_without_words(browse: Callable[..., Page]) -> None:
    page = browse(for_axe=True)
    page.goto("/nowhere")
    assert axe.violations(page) == []
    page.evaluate("() => document.body.append(new Image())")
    assert axe.violations(page)[0].startswith("image-alt")
