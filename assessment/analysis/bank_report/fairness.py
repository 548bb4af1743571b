"""Whether items are as hard for one group as for another of equal ability."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

import itembank
from assessment.analysis.bank_report.comparing import Compared, Pair, compared, labels_of
from assessment.analysis.bank_report.populations import Group, groups_of
from assessment.analysis.bank_report.sections import Section, a_table
from assessment.analysis.reporting import Fitted
from assessment.analysis.responses import RecordedScores
from assessment.locale import gettext as _
from itembank.arguments import BoolArray
from itembank.differential import Differential, DifMethod, DifSize
from itembank.differential.significance import benjamini_hochberg
from itembank.parameters import Model
from itembank.plots.plot import Cell

_FEWEST_AT_ALL = 10
_GROUPS_COMPARED = 2


@dataclass(frozen=True, eq=False)
class Tested:
    """What each method finds of the same items; None where it cannot be had."""

    plain: Differential
    logistic: Differential
    pure: Differential | None
    """Mantel-Haenszel after purification, which needs a total to leave items out of."""
    ratio: Differential | None
    """The likelihood ratio, which needs people enough for a calibration of each group."""


def fairness_sections(
    recorded: RecordedScores,
    fitted: Fitted | None,
    groups: Mapping[str, Mapping[str, str]],
    language: str,
) -> Iterator[Section]:
    """Yield a section for each grouping and each two of its groups, within the largest test."""
    test = recorded.groups[0]
    own = recorded.keep_tests([test])
    on_scale = () if fitted is None else groups_of(fitted)
    group = next((each for each in on_scale if each.test == test), None)
    model = None if fitted is None else fitted.support.model
    for place, (title, label_of) in enumerate(groups.items(), start=1):
        key = f"fairness-{place}-{_slug(title)}"
        labels = labels_of(own, label_of)
        known = sorted(set(labels.tolist()) - {""})
        if len(known) < _GROUPS_COMPARED:
            found = int(np.count_nonzero(labels != ""))
            yield Section(key, title, (_unknown(title, test, found, len(label_of)),))
        for number, (one, other) in enumerate(combinations(known, 2), start=1):
            pair = Pair(f"{key}-{number}", title, one, other)
            yield _section(pair, compared(own, label_of, pair, group), model, group, language)


def _unknown(title: str, test: str, found: int, told: int) -> str:
    return _(
        "Nothing to compare by “%(title)s”: of the %(told)s learners that the file names, "
        "%(found)s sat %(test)s, and not in two groups. Learners are named as their records are.",
        title=title,
        told=told,
        found=found,
        test=test,
    )


def _size(found: DifSize) -> str:
    return _("not enough") if found is DifSize.NOT_ENOUGH else found.value


def _slug(title: str) -> str:
    return "".join(each if each.isascii() and each.isalnum() else "-" for each in title.lower())


def _section(
    pair: Pair, found: Compared, model: Model | None, group: Group | None, language: str
) -> Section:
    sizes = [found.size(pair.reference), found.size(pair.focal)]
    if min(sizes) < _FEWEST_AT_ALL or not found.names:
        said = _few(sum(sizes), has_scale=group is not None)
        return Section(pair.key, pair.name, (said,))
    tested = _tested(
        pair, found, model if min(sizes) >= DifMethod.LIKELIHOOD_RATIO.needed else None
    )
    rows = [_row(name, place, tested) for place, name in enumerate(found.names)]
    sentences = (*_sentences(pair, found, tested),)
    return Section(pair.key, pair.name, sentences, a_table(_columns(), rows, language))


def _few(persons: int, *, has_scale: bool) -> str:
    if has_scale:
        return _("Not enough: %(n)s people of these groups answered.", n=persons)
    return _(
        "Not enough: people are compared by their score on the same questions, and %(n)s were "
        "asked all of them.",
        n=persons,
    )


def _tested(pair: Pair, found: Compared, model: Model | None) -> Tested:
    """Return what the methods find; the likelihood ratio where a model is given for it."""
    scores, labels = found.scores, found.labels
    reference = pair.reference
    if found.ability is not None:
        plain, logistic = (
            itembank.dif(scores, labels, method, reference=reference, matching=found.ability)
            for method in (DifMethod.MANTEL_HAENSZEL, DifMethod.LOGISTIC)
        )
        return Tested(plain, logistic, None, None)
    ratio = None
    if model is not None:
        how = DifMethod.LIKELIHOOD_RATIO
        ratio = itembank.dif(scores, labels, how, reference=reference, model=model)
    return Tested(
        itembank.dif(scores, labels, reference=reference),
        itembank.dif(scores, labels, DifMethod.LOGISTIC, reference=reference),
        itembank.dif(scores, labels, reference=reference, purify=True),
        ratio,
    )


def _columns() -> list[tuple[str, int]]:
    return [
        (_("Item"), 0),
        (_("Chi-square"), 4),
        ("p", 4),
        (_("Delta"), 3),
        (_("Class"), 0),
        (_("Flagged"), 0),
        (_("after purification"), 0),
        (_("Logistic chi-square"), 4),
        (_("flagged"), 0),
        (_("Likelihood ratio"), 4),
        (_("flagged"), 0),
        (_("Adjusted p"), 4),
        (_("Flagged still"), 0),
    ]


def _row(name: str, place: int, tested: Tested) -> tuple[Cell | None, ...]:
    plain, logistic, ratio = tested.plain, tested.logistic, tested.ratio
    adjusted = float(benjamini_hochberg(plain.p)[place])
    return (
        name,
        float(plain.statistic[place]),
        float(plain.p[place]),
        float(plain.effect[place]),
        _size(plain.size[place]),
        _mark(plain, place),
        _mark(tested.pure, place),
        float(logistic.statistic[place]),
        _mark(logistic, place),
        None if ratio is None else float(ratio.statistic[place]),
        _mark(ratio, place),
        adjusted,
        "×" if adjusted < plain.level else "",
    )


def _mark(found: Differential | None, place: int) -> str | None:
    if found is None:
        return None
    return "×" if found.flagged[place] else ""


def _sentences(pair: Pair, found: Compared, tested: Tested) -> Iterator[str]:
    yield _how(pair, is_by_ability=found.ability is not None)
    yield from _flags(found.names, tested)
    fewest = int(tested.plain.n.min())
    if fewest < tested.plain.needed:
        yield _(
            "The smaller group has %(n)s answers, and classes need %(needed)s: there is not enough "
            "to say how large a difference is.",
            n=fewest,
            needed=tested.plain.needed,
        )


def _how(pair: Pair, *, is_by_ability: bool) -> str:
    if is_by_ability:
        return _(
            "Mantel-Haenszel, matched on ability, since questions differ from learner to learner, "
            "in 20 strata; %(one)s is the reference. Delta below 0 is harder for %(other)s. A flag "
            "is a reason to read a question, and no verdict.",
            one=pair.reference,
            other=pair.focal,
        )
    return _(
        "Mantel-Haenszel, matched on the total score; %(one)s is the reference. Delta below 0 is "
        "harder for %(other)s. A flag is a reason to read a question, and no verdict.",
        one=pair.reference,
        other=pair.focal,
    )


def _flags(names: Sequence[str], tested: Tested) -> Iterator[str]:
    """Yield what is flagged: by each method alone, then allowing for the number of items."""
    plain, logistic, pure, ratio = tested.plain, tested.logistic, tested.pure, tested.ratio
    if pure is None:
        yield _(
            "Flagged: %(plain)s. By logistic regression: %(logistic)s.",
            plain=_named(plain.flagged, names),
            logistic=_named(logistic.flagged, names),
        )
    else:
        yield _(
            "Flagged: %(plain)s. After purification: %(pure)s. By logistic regression: "
            "%(logistic)s.",
            plain=_named(plain.flagged, names),
            pure=_named(pure.flagged, names),
            logistic=_named(logistic.flagged, names),
        )
    if ratio is not None:
        ratios = _named(ratio.flagged, names)
        yield _("By the likelihood ratio: %(flagged)s.", flagged=ratios)
    yield _(
        "Of %(items)s questions without a difference about %(chance)s are flagged by each method. "
        "What is still flagged where their number is allowed for (Benjamini-Hochberg): "
        "%(flagged)s.",
        items=len(names),
        chance=f"{len(names) * plain.level:.1f}",
        flagged="; ".join(_still(names, tested)),
    )


def _still(names: Sequence[str], tested: Tested) -> Iterator[str]:
    """Yield by method what is still flagged."""
    methods = {
        _("Mantel-Haenszel"): tested.plain,
        _("after purification"): tested.pure,
        _("logistic regression"): tested.logistic,
        _("likelihood ratio"): tested.ratio,
    }
    for method, found in methods.items():
        if found is not None:
            flagged = _named(benjamini_hochberg(found.p) < found.level, names)
            yield f"{method}: {flagged}"


def _named(flagged: BoolArray, names: Sequence[str]) -> str:
    return ", ".join(names[place] for place in np.flatnonzero(flagged).tolist()) or _("none")
