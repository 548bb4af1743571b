"""What needs no model: difficulty, discrimination, options, keys that look wrong, reliability."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import itembank
from assessment.analysis.bank_report.sections import Section, a_table
from assessment.analysis.responses import RecordedScores
from assessment.items import service as items
from assessment.locale import gettext as _
from assessment.locale import ngettext
from itembank.classical import ItemAnalysis, MiskeyReason, miskeyed

FEWEST_PERSONS = 2


def classical_sections(recorded: RecordedScores, language: str) -> Iterator[Section]:
    """Yield the sections on items, options and keys, and reliability."""
    if recorded.persons < FEWEST_PERSONS:
        return
    analysis = _analysis(recorded)
    yield _items(recorded, analysis, language)
    yield _options(recorded, analysis, language)
    yield _keys(recorded, analysis, language)
    yield _reliability(recorded, language)


def _analysis(recorded: RecordedScores) -> ItemAnalysis:
    choices, keys = recorded.chosen, _keys_of(recorded)
    if choices is None:
        return itembank.item_analysis(recorded.scores, highest=1)
    return itembank.item_analysis(recorded.scores, highest=1, choices=choices, keys=keys)


def _keys_of(recorded: RecordedScores) -> list[int]:
    contents = items.contents([each.version_id for each in recorded.items])
    single = ([*contents[each.version_id].key] for each in recorded.items)
    return [found[0] if len(found) == 1 and isinstance(found[0], int) else -1 for found in single]


def _items(recorded: RecordedScores, analysis: ItemAnalysis, language: str) -> Section:
    columns = [
        (_("Item"), 0),
        (_("Area"), 0),
        (_("Answers"), 0),
        (_("Difficulty"), 3),
        (_("Item-rest"), 3),
        (_("Alpha without it"), 3),
    ]
    rows = [
        (asked.key, asked.area, each.n, each.difficulty, each.item_rest, each.alpha_if_deleted)
        for asked, each in zip(recorded.items, analysis.items, strict=True)
        if each.n
    ]
    sentence = _(
        "Difficulty is the share of right answers; item-rest, the correlation with the "
        "share of right answers to the other questions."
    )
    return Section("items", _("Items"), (sentence,), a_table(columns, rows, language))


def _options(recorded: RecordedScores, analysis: ItemAnalysis, language: str) -> Section:
    columns = [
        (_("Item"), 0),
        (_("Option"), 0),
        (_("Key"), 0),
        (_("Chosen by"), 0),
        (_("Share"), 3),
        (_("Option-rest"), 3),
    ]
    rows = [
        (
            asked.key,
            _("none") if option.option is None else str(option.option + 1),
            "×" if option.is_key else "",
            option.n,
            option.share,
            option.option_rest,
        )
        for asked, each in zip(recorded.items, analysis.items, strict=True)
        for option in each.options
        if option.n or option.is_key
    ]
    return Section("options", _("Options"), (), a_table(columns, rows, language))


def _keys(recorded: RecordedScores, analysis: ItemAnalysis, language: str) -> Section:
    said = {
        MiskeyReason.OPTION_BEATS_KEY: _("another option goes with ability more than the key"),
        MiskeyReason.KEY_LOW: _("the key hardly goes with ability"),
        MiskeyReason.KEY_NEGATIVE: _("the key goes against ability"),
        MiskeyReason.SLOPE_NEGATIVE: _("the slope is negative"),
    }
    found = miskeyed(analysis)
    rows = [
        (
            recorded.items[each.item].key,
            "; ".join(said[reason] for reason in each.reasons),
            None if each.suspect is None else str(each.suspect + 1),
            each.key_rest,
            each.suspect_rest,
        )
        for each in found
    ]
    columns = [
        (_("Item"), 0),
        (_("Why"), 0),
        (_("Option to look at"), 0),
        (_("Key-rest"), 3),
        (_("Option-rest"), 3),
    ]
    sentence = ngettext(
        "The key of %(num)s item looks wrong; somebody who knows the answer reads it first.",
        "The keys of %(num)s items look wrong; somebody who knows the answers reads them first.",
        len(found),
    )
    if not rows:
        return Section("keys", _("Keys to look at"), (_("No key looks wrong so far."),), None)
    table = a_table(columns, rows, language)
    return Section("keys", _("Keys to look at"), (sentence,), table)


def _reliability(recorded: RecordedScores, language: str) -> Section:
    columns = [
        (_("Test"), 0),
        (_("Learners"), 0),
        (_("Questions"), 0),
        (_("Mean"), 2),
        (_("Standard deviation"), 2),
        (_("Alpha (KR-20)"), 3),
        (_("from"), 3),
        (_("to"), 3),
        (_("Standard error of measurement"), 2),
    ]
    rows, sentences = [], []
    for test in recorded.groups:
        own = recorded.keep_tests([test])
        asked = np.flatnonzero((own.scores >= 0).any(axis=0))
        scores = own.scores[:, asked]
        whole = scores[(scores >= 0).all(axis=1)]
        if len(whole) < FEWEST_PERSONS or not np.any(whole.sum(axis=1) != whole[0].sum()):
            sentences.append(
                _(
                    "%(test)s: its questions are drawn for each learner, or too few have sat it, "
                    "so that alpha is not defined. The part on areas has what is known.",
                    test=test,
                )
            )
            continue
        found = itembank.item_analysis(whole, highest=1).reliability
        rows.append(
            (
                test,
                found.n,
                found.n_items,
                found.mean,
                found.sd,
                found.alpha,
                found.lower,
                found.upper,
                found.se_measurement,
            )
        )
    table = a_table(columns, rows, language) if rows else None
    return Section("reliability", _("Reliability"), tuple(sentences), table)
