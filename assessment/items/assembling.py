"""The parallel forms of a test: put together once, when it is published; then which are whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy import select

import itembank
from assessment.errors import Conflict, Invalid
from assessment.extensions import db
from assessment.items.form_models import TestForm
from assessment.items.marks import DECIMALS
from assessment.items.models import ParameterSource, Test
from assessment.items.parallels import Parallels
from assessment.items.pools import Pool, bank_pool, calibrated
from assessment.items.scales import Scale, scale_of
from assessment.items.unplaced import why_no_passing_mark
from assessment.locale import gettext as _
from assessment.locale import ngettext

SECONDS = 30.0
"""After which the best forms found so far are taken."""


@dataclass(frozen=True)
class ParallelForm:
    """One form of a test: its item versions, in order of key, and what it tells at the marks."""

    number: int
    version_ids: tuple[str, ...]
    information: Mapping[str, float]
    parameter_set_id: str
    """The scale by which it was put together."""


@dataclass(frozen=True)
class FormsAsked:
    """All that forms are put together from, as it was read: equal as long as nothing changed."""

    asked: Parallels
    parameter_set_id: str
    rests_on_judgement: bool
    """Whether the scale is a panel's."""
    blueprint: tuple[tuple[str, int], ...]
    marks: tuple[tuple[str, float], ...]
    """Their keys, and where they lie on the scale."""
    version_ids: tuple[str, ...]
    """Of the questions that may stand in a form; so go `areas`, `enemies` and `parameters`."""
    areas: tuple[str, ...]
    enemies: tuple[tuple[int, ...], ...]
    parameters: itembank.ItemParameters = field(compare=False, repr=False)


@dataclass(frozen=True)
class Assembled:
    """Forms that were put together, and from what."""

    source: FormsAsked
    forms: tuple[ParallelForm, ...]


def forms_asked(test: Test, asked: Parallels) -> FormsAsked:
    """Return what the forms of a new test are to be put together from; Invalid without a scale."""
    found = _scale(test)
    pool = _candidates(test, found)
    versions = tuple(pool.version_ids[item.id] for item in pool.items)
    return FormsAsked(
        asked=asked,
        parameter_set_id=found.parameter_set_id,
        rests_on_judgement=found.source == ParameterSource.PANEL,
        blueprint=tuple(sorted(test.blueprint.items())),  # databases keep no order of keys
        marks=tuple((key, cut.theta) for key, cut in sorted(found.cuts.items())),
        version_ids=versions,
        areas=tuple(item.area for item in pool.items),
        enemies=_enemies(pool.items),
        parameters=found.parameters.take([found.places[each] for each in versions]),
    )


def put_together(source: FormsAsked) -> Assembled:
    """Return the forms; Invalid where there can be none, saying what is in the way.

    It may take as long as `SECONDS` and reads no database: call it outside of transactions.
    """
    found = _assembly(source)
    forms = []
    for number, form in enumerate(found.forms, start=1):
        told = zip(source.marks, found.information[number - 1].tolist(), strict=True)
        information = {key: round(each, DECIMALS) for (key, _theta), each in told}
        versions = tuple(source.version_ids[place] for place in form)
        forms.append(ParallelForm(number, versions, information, source.parameter_set_id))
    return Assembled(source, tuple(forms))


def write_forms(test: Test, asked: Parallels, assembled: Assembled) -> None:
    """Write the forms of a new test; Conflict where what they rest on has changed."""
    if forms_asked(test, asked) != assembled.source:
        sentence = _(
            "The bank, its scale or a mark changed while the forms were put together. Nothing was "
            "published: publish the test again."
        )
        raise Conflict(sentence)
    for form in assembled.forms:
        row = TestForm(
            test_id=test.id,
            number=form.number,
            parameter_set_id=form.parameter_set_id,
            item_version_ids=[*form.version_ids],
            information=dict(form.information),
        )
        db.session.add(row)
    db.session.flush()


def _scale(test: Test) -> Scale:
    """Return the scale by which forms are made alike; refused where there is none."""
    found = scale_of(test)
    if found is None:
        sentence = _(
            "Parallel forms need a bank with a scale: run “attest bank calibrate %(key)s "
            "--publish” or “attest bank standard %(key)s FILE” first, or leave “forms” out.",
            key=test.bank.key,
        )
        raise Invalid(sentence)
    if test.cuts[0]["key"] not in found.cuts:
        sentence = _("Parallel forms need a passing mark that an ability reaches; move it.")
        raise Invalid(why_no_passing_mark(test, found.parameter_set_id) or sentence)
    return found


def _candidates(test: Test, found: Scale) -> Pool:
    """Return what a form may hold: on the scale, and complete in every language of the test."""
    known, languages = calibrated(bank_pool(test.bank_id), found.places), set(test.languages)
    items = tuple(item for item in known.items if item.languages >= languages)
    if not items:
        sentence = _("No question on this bank’s scale is complete in the test’s languages.")
        raise Invalid(sentence)
    return Pool(items, known.version_ids)


def _assembly(source: FormsAsked) -> itembank.Assembly:
    try:
        return itembank.assemble(
            source.parameters,
            dict(source.blueprint),
            n_forms=source.asked.parallel,
            theta=[theta for _key, theta in source.marks],
            areas=source.areas,
            overlap=source.asked.overlap,
            uses=source.asked.uses,
            enemies=dict(enumerate(source.enemies)),
            difference=source.asked.difference,
            time_limit=SECONDS,
        )
    except itembank.AssemblyImpossible as fault:
        raise Invalid(_refusal(source, fault)) from None
    except itembank.AssemblyUnfinished:
        sentence = _(
            "No forms were found in %(n)s seconds; ask for fewer, or allow more.", n=f"{SECONDS:g}"
        )
        raise Invalid(sentence) from None
    except ValueError as fault:
        raise Invalid(_("The forms cannot be put together. %(fault)s", fault=fault)) from None


def _enemies(items: Sequence[itembank.PoolItem]) -> tuple[tuple[int, ...], ...]:
    places = {item.id: place for place, item in enumerate(items)}
    return tuple(
        tuple(sorted(places[enemy] for enemy in item.enemies if enemy in places)) for item in items
    )


def _refusal(source: FormsAsked, fault: itembank.AssemblyImpossible) -> str:
    parts = [_("%(n)s forms of this test cannot be put together.", n=source.asked.parallel)]
    parts += map(_reason, fault.reasons)
    if not fault.is_finished:
        parts.append(
            _(
                "There was not the time to find out which of this is in the way, and whether more "
                "is."
            )
        )
    if source.rests_on_judgement:
        parts.append(_("Questions are on this scale because a panel’s judgement placed them."))
    parts.append(_("Ask for fewer forms, allow more, or bring more questions onto the scale."))
    return " ".join(parts)


def _reason(reason: itembank.Reason) -> str:
    """Return what stands in the way, as a sentence."""
    if reason.there is not None:
        return _(
            "Each form needs %(asked)s questions of area %(area)s, which has %(there)s that are on "
            "the bank’s scale and complete in every language of the test.",
            asked=f"{reason.asked:g}",
            area=reason.area,
            there=reason.there,
        )
    number = int(reason.asked)
    sentences = {
        "uses": _("A question may stand in %(n)s of the forms at most.", n=number),
        "overlap": _("Two forms may share %(n)s questions at most.", n=number),
        "enemies": ngettext(
            "%(num)s pair of questions may not meet.",
            "%(num)s pairs of questions may not meet.",
            number,
        ),
        "difference": _(
            "What two forms tell at a mark may differ by %(n)s %% at most.",
            n=f"{100 * reason.asked:g}",
        ),
    }
    return sentences[reason.constraint.value]


def forms_of(test: Test) -> tuple[ParallelForm, ...]:
    """Return the parallel forms of a test, in order; none where it draws anew each time."""
    return _forms(test.id)


@lru_cache(maxsize=64)
def _forms(test_id: str) -> tuple[ParallelForm, ...]:
    rows = select(TestForm).where(TestForm.test_id == test_id).order_by(TestForm.number)
    return tuple(
        ParallelForm(
            row.number, tuple(row.item_version_ids), dict(row.information), row.parameter_set_id
        )
        for row in db.session.scalars(rows)
    )


@dataclass(frozen=True)
class WholeForm:
    """A form that can be given now: none of its questions was withdrawn or reworded."""

    number: int
    items: tuple[itembank.PoolItem, ...]


def whole_forms(test: Test) -> tuple[WholeForm, ...]:
    """Return the forms of a test that can be given now, in order."""
    pool = bank_pool(test.bank_id)
    by_version = {pool.version_ids[item.id]: item for item in pool.items}
    return tuple(
        WholeForm(form.number, tuple(by_version[each] for each in form.version_ids))
        for form in forms_of(test)
        if by_version.keys() >= {*form.version_ids}
    )
