"""A panel's cut in sentences, for the terminal: what was rated, and where the marks lie."""

from __future__ import annotations

import math
from collections.abc import Iterator

from assessment.items import service as items
from assessment.items.models import PanelStandard, ParameterSet, Test
from assessment.locale import gettext as _
from itembank.standards import Angoff, PanelAgreement

PERCENT = 100
NO_ERROR = 5e-5
"""Points: a standard error below that is written as 0.0000."""
NEAR = 0.05
"""Per cent: a mark that says as much as the panel does, but for rounding."""


def ratings_lines(found: Angoff) -> Iterator[str]:
    """Yield what a panel's ratings make: the raw cut, its error, the agreement, the rounds."""
    yield _(
        "%(judges)s judges rated %(items)s items.",
        judges=len(found.judge_cuts),
        items=found.n_items,
    )
    yield _(
        "Raw cut %(cut)s of %(items)s points (%(percent)s %%); standard error %(se)s, standard "
        "deviation of the judges %(sd)s.",
        cut=f"{found.cut:.4f}",
        items=found.n_items,
        percent=f"{PERCENT * found.share:.2f}",
        se=f"{found.se:.4f}",
        sd=f"{found.sd:.4f}",
    )
    if found.se < NO_ERROR:
        yield _(
            "The judges’ sums are all the same. A standard error of 0 says that they agree, not "
            "that they are right: decisions take the mark for exact."
        )
    yield from _agreement(found.agreement)
    for place, each in enumerate(found.rounds[:-1], start=1):
        after = found.rounds[place].moved
        yield _(
            "  round %(n)s: cut %(cut)s, standard error %(se)s; ratings then moved by %(moved)s",
            n=place,
            cut=f"{each.cut:.4f}",
            se=f"{each.se:.4f}",
            moved=f"{after:.3f}",
        )


def _agreement(found: PanelAgreement) -> Iterator[str]:
    if math.isfinite(found.single):
        yield _(
            "Agreement: of one judge %(one)s, of the panel %(panel)s, consistency %(consistency)s "
            "(intraclass correlations).",
            one=f"{found.single:.3f}",
            panel=f"{found.average:.3f}",
            consistency=f"{found.consistency:.3f}",
        )


def placing_lines(row: PanelStandard, made: ParameterSet) -> Iterator[str]:
    """Yield whether the panel places items, and how many have no place."""
    known, pool = items.measured(made.id), items.bank_pool(made.bank_id)
    if not row.places_items:
        yield _("The items stay where they are on the scale; the mark is placed among them.")
        return
    yield _(
        "Placed by a panel’s judgement: %(placed)s of %(all)s items in use; no responses yet.",
        placed=sum(each in known.places for each in pool.version_ids.values()),
        all=len(pool.version_ids),
    )


def mark_lines(made: ParameterSet) -> Iterator[str]:
    """Yield where the marks lie that panels set or were to set, test by test."""
    for test in items.current_tests(made.bank_id):
        panels, cuts = items.governing(test), items.scale(made.id, test).cuts
        for mark in test.cuts:
            row = panels.get(mark["key"])
            if row is not None and mark["key"] in cuts:
                cut = cuts[mark["key"]]
                yield _(
                    "%(test)s, %(mark)s: solved from the raw cut of panel %(number)s at %(theta)s "
                    "logits, standard error %(se)s.",
                    test=test.key,
                    mark=mark["key"],
                    number=row.number,
                    theta=f"{round(cut.theta, 4) + 0.0:.4f}",
                    se=f"{cut.se:.4f}",
                )
                yield from _percentage(test, mark["percent"], row, made)
        yield from items.unplaced_marks(test, made)


def _percentage(
    test: Test, percent: float, row: PanelStandard, made: ParameterSet
) -> Iterator[str]:
    """Yield that points are held against another mark than the panel's, where they are."""
    share = items.share_of_panel(items.panel(row.id), test, items.measured(made.id)).share
    if test.adaptive is None and abs(PERCENT * share - percent) > NEAR:
        yield _(
            "  its points are held against %(percent)s %%, where the panel says %(share)s %%: "
            "publish the test with that percentage for both to say the same.",
            percent=f"{percent:g}",
            share=f"{PERCENT * share:.2f}",
        )
