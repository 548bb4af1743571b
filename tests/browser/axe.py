"""Automated checks of WCAG 2.2, levels A and AA, on the page as it stands."""

from __future__ import annotations

from collections.abc import Mapping

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "rules": {"target-size": {"enabled": True}},  # off by default, though WCAG 2.2 asks for it
    "resultTypes": ["violations"],
}

OF_COLOUR = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
"""The rules on which another colour scheme bears."""


def violations(page: Page) -> list[str]:
    """Return one line per violation: the rule, what it asks, and where."""
    return _violations(page, RULES)


def violations_of_colour(page: Page) -> list[str]:
    """Return the violations of rules on colour, one line for each."""
    return _violations(page, OF_COLOUR)


def _violations(page: Page, rules: Mapping[str, object]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("(rules) => axe.run(rules)", rules)["violations"]
    return [
        f"{violation['id']}: {violation['help']}: {node['target']} {node.get('failureSummary', '')}"
        for violation in found
        for node in violation["nodes"]
    ]
