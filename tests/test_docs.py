"""The documentation is complete: every setting, command and make target is in the README."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from assessment.cli import commands
from assessment.config import KNOWN

HERE = Path(__file__).resolve().parents[1]
README = (HERE / "README.md").read_text()
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")


def command_names(group: click.Group, path: tuple[str, ...] = ("attest",)) -> Iterator[str]:
    """Yield the whole name of every command."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from command_names(command, (*path, name))
        else:
            yield " ".join((*path, name))


@pytest.mark.parametrize("setting", sorted(KNOWN))
def test_every_setting_is_in_the_readme(setting: str) -> None:
    assert f"`{setting}`" in README


def test_the_readme_names_no_setting_that_there_is_not() -> None:
    assert set(re.findall(r"\bATTEST_[A-Z_]+", README)) <= set(KNOWN)


def test_every_command_is_in_the_readme() -> None:
    missing = [name for name in command_names(commands()) if f"`{name}" not in README]
    assert missing == []


def test_the_readme_names_no_command_that_there_is_not() -> None:
    there = set(command_names(commands()))
    named = {name.strip() for name in re.findall(r"`(attest(?: [a-z]+){1,2})", README)}
    assert {name for name in named if not any(each.startswith(name) for each in there)} == set()


def test_every_target_of_make_is_in_the_readme() -> None:
    makefile = (HERE / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    documented = README + (HERE / "CONTRIBUTING.md").read_text()
    assert [name for name in phony[1].split() if f"make {name}" not in documented] == []


PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "docs/appeals.md",
    "docs/assessors.md",
    "docs/measurement-defence.md",
    "docs/measurement.md",
    "docs/observers.md",
    "docs/performances.md",
    "docs/raters.md",
    "docs/rules.md",
    "docs/rubrics.md",
    "docs/trust.md",
)


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    path = HERE / page
    for target in LINK.findall(path.read_text()):
        assert (path.parent / target).exists(), f"{page} links to {target}"


def test_decisions_are_numbered_without_gaps() -> None:
    names = sorted(path.name for path in (HERE / "docs" / "decisions").glob("*.md"))
    assert names
    assert [name[:4] for name in names] == [f"{n:04}" for n in range(1, len(names) + 1)]
    for name in names:
        text = (HERE / "docs" / "decisions" / name).read_text()
        assert all(f"## {part}" in text for part in ("Context", "Decision", "Price")), name


def test_pictures_of_pages_are_shown_small_and_described() -> None:
    texts = [path.read_text() for path in (HERE / "docs").glob("*.md")] + [README]
    described = {
        Path(target).name
        for text in texts
        for target in re.findall(r"!\[[^\]]{20,}\]\(([^)]+)", text)
    }
    pictures = list((HERE / "docs" / "images").glob("*.png"))
    assert pictures
    assert {path.name for path in pictures} <= described
    assert [path.name for path in pictures if path.stat().st_size >= 150_000] == []
