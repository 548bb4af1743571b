"""Whether items are as hard for one group as for another of equal ability."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

import itembank
from assessment.analysis.bank_report.sections import Section, a_table
from assessment.analysis.responses import NOT_GIVEN, RecordedScores
from assessment.locale import gettext as _
from itembank.differential import Differential, DifMethod
from itembank.plots.plot import Cell

_FEWEST_AT_ALL = 10


@dataclass(frozen=True)
class Pair:
    """Two groups of one grouping: the reference, and the focal group."""

    key: str
    title: str
    reference: str
    focal: str

    @property
    def name(self) -> str:
        """What the section is called."""
        return _(
            "%(title)s: %(one)s and %(other)s",
            title=self.title,
            one=self.reference,
            other=self.focal,
        )


@dataclass(frozen=True, eq=False)
class Compared:
    """Scores of those who were asked the same questions, and the group of each."""

    scores: NDArray[np.int8]
    labels: NDArray[np.str_]
    names: tuple[str, ...]


def fairness_sections(
    recorded: RecordedScores, groups: Mapping[str, Mapping[str, str]], language: str
) -> Iterator[Section]:
    """Yield a section for each grouping and each two of its groups, within the largest test."""
    own = recorded.keep_tests(recorded.groups[:1])
    for title, label_of in groups.items():
        labels = np.array([label_of.get(learner, "") for learner in own.learners])
        known = sorted(set(labels.tolist()) - {""})
        for number, (one, other) in enumerate(combinations(known, 2), start=1):
            pair = Pair(f"fairness-{_slug(title)}-{number}", title, one, other)
            yield _section(pair, _between(own, labels, pair), language)


def _slug(title: str) -> str:
    return "".join(each if each.isascii() and each.isalnum() else "-" for each in title.lower())


def _between(recorded: RecordedScores, labels: NDArray[np.str_], pair: Pair) -> Compared:
    """Return the scores of two groups, of those who were asked all that is compared."""
    of_pair = (labels == pair.reference) | (labels == pair.focal)
    own = recorded.keep_persons(of_pair)
    asked = np.flatnonzero((own.scores != NOT_GIVEN).any(axis=0))
    scores = own.scores[:, asked]
    whole = (scores != NOT_GIVEN).all(axis=1)
    varied = np.array([len(set(column.tolist())) > 1 for column in scores[whole].T], dtype=bool)
    names = tuple(own.items[place].key for place in asked[varied])
    return Compared(scores[whole][:, varied], labels[of_pair][whole], names)


def _section(pair: Pair, found: Compared, language: str) -> Section:
    sizes = [int(np.count_nonzero(found.labels == each)) for each in (pair.reference, pair.focal)]
    if min(sizes) < _FEWEST_AT_ALL or not found.names:
        sentence = _(
            "Not enough: people are compared by their score on the same questions, and %(n)s were "
            "asked all of them.",
            n=sum(sizes),
        )
        return Section(pair.key, pair.name, (sentence,))
    return _tested(pair, found, language)


def _tested(pair: Pair, found: Compared, language: str) -> Section:
    plain, pure, logistic = (
        itembank.dif(found.scores, found.labels, method, reference=pair.reference, purify=purify)
        for method, purify in (
            (DifMethod.MANTEL_HAENSZEL, False),
            (DifMethod.MANTEL_HAENSZEL, True),
            (DifMethod.LOGISTIC, False),
        )
    )
    columns = [
        (_("Item"), 0),
        (_("Chi-square"), 4),
        ("p", 4),
        (_("Delta"), 3),
        (_("Class"), 0),
        (_("Flagged"), 0),
        (_("after purification"), 0),
        (_("Logistic chi-square"), 4),
        (_("flagged"), 0),
    ]
    rows = [_row(name, place, plain, pure, logistic) for place, name in enumerate(found.names)]
    sentences = (*_sentences(pair, found, plain, pure, logistic),)
    return Section(pair.key, pair.name, sentences, a_table(columns, rows, language))


def _sentences(
    pair: Pair, found: Compared, plain: Differential, pure: Differential, logistic: Differential
) -> Iterator[str]:
    yield _(
        "Mantel-Haenszel, matched on the total score; %(one)s is the reference. Delta below 0 is "
        "harder for %(other)s. A flag is a reason to read a question, and no verdict.",
        one=pair.reference,
        other=pair.focal,
    )
    yield _(
        "Flagged: %(plain)s. After purification: %(pure)s. By logistic regression: %(logistic)s.",
        plain=_flagged(plain, found.names),
        pure=_flagged(pure, found.names),
        logistic=_flagged(logistic, found.names),
    )
    fewest = int(plain.n.min())
    if fewest < plain.needed:
        yield _(
            "The smaller group has %(n)s answers, and classes need %(needed)s: there is not enough "
            "to say how large a difference is.",
            n=fewest,
            needed=plain.needed,
        )


def _row(
    name: str, place: int, plain: Differential, pure: Differential, logistic: Differential
) -> tuple[Cell | None, ...]:
    return (
        name,
        float(plain.statistic[place]),
        float(plain.p[place]),
        float(plain.effect[place]),
        plain.size[place].value,
        "×" if plain.flagged[place] else "",
        "×" if pure.flagged[place] else "",
        float(logistic.statistic[place]),
        "×" if logistic.flagged[place] else "",
    )


def _flagged(found: Differential, names: Sequence[str]) -> str:
    flagged = [names[place] for place in np.flatnonzero(found.flagged).tolist()]
    return ", ".join(flagged) or _("none")
