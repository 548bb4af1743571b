"""The parallel forms of a test: put together once, when it is published; then which are whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select

import itembank
from assessment.errors import Invalid
from assessment.extensions import db
from assessment.items.form_models import TestForm
from assessment.items.marks import DECIMALS
from assessment.items.models import Test
from assessment.items.parallels import Parallels
from assessment.items.pools import Pool, bank_pool, calibrated
from assessment.items.scales import Scale, scale_of
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


def assemble_forms(test: Test, asked: Parallels) -> None:
    """Write the forms of a new test; Invalid where there can be none, saying what is in the way."""
    found = _scale(test)
    pool, cuts = _candidates(test, found), dict(sorted(found.cuts.items()))
    versions = [pool.version_ids[item.id] for item in pool.items]
    assembly = _assembly(test, asked, pool, found, [cut.theta for cut in cuts.values()])
    for number, form in enumerate(assembly.forms, start=1):
        told = zip(cuts, assembly.information[number - 1].tolist(), strict=True)
        row = TestForm(
            test_id=test.id,
            number=number,
            parameter_set_id=found.parameter_set_id,
            item_version_ids=[versions[place] for place in form],
            information={key: round(each, DECIMALS) for key, each in told},
        )
        db.session.add(row)
    db.session.flush()


def _scale(test: Test) -> Scale:
    """Return the scale by which forms are made alike; refused where there is none."""
    found = scale_of(test)
    if found is None:
        sentence = _(
            "Parallel forms need a calibrated bank: run “attest bank calibrate %(key)s "
            "--publish” first, or leave “forms” out.",
            key=test.bank.key,
        )
        raise Invalid(sentence)
    if test.cuts[0]["key"] not in found.cuts:
        raise Invalid(_("Parallel forms need a passing mark that an ability reaches; move it."))
    return found


def _candidates(test: Test, found: Scale) -> Pool:
    """Return what a form may hold: on the scale, and complete in every language of the test."""
    known, languages = calibrated(bank_pool(test.bank_id), found.places), set(test.languages)
    items = tuple(item for item in known.items if item.languages >= languages)
    if not items:
        sentence = _("No calibrated question of this bank is complete in the test’s languages.")
        raise Invalid(sentence)
    return Pool(items, known.version_ids)


def _assembly(
    test: Test, asked: Parallels, pool: Pool, found: Scale, theta: Sequence[float]
) -> itembank.Assembly:
    places = [found.places[pool.version_ids[item.id]] for item in pool.items]
    blueprint = dict(sorted(test.blueprint.items()))  # databases keep no order of keys
    try:
        return itembank.assemble(
            found.parameters.take(places),
            blueprint,
            n_forms=asked.parallel,
            theta=theta,
            areas=[item.area for item in pool.items],
            overlap=asked.overlap,
            uses=asked.uses,
            enemies=_enemies(pool.items),
            difference=asked.difference,
            time_limit=SECONDS,
        )
    except itembank.AssemblyImpossible as fault:
        raise Invalid(_refusal(asked, fault)) from None
    except itembank.AssemblyUnfinished:
        sentence = _(
            "No forms were found in %(n)s seconds; ask for fewer, or allow more.", n=f"{SECONDS:g}"
        )
        raise Invalid(sentence) from None


def _enemies(items: Sequence[itembank.PoolItem]) -> dict[int, set[int]]:
    places = {item.id: place for place, item in enumerate(items)}
    return {
        place: {places[enemy] for enemy in item.enemies if enemy in places}
        for place, item in enumerate(items)
    }


def _refusal(asked: Parallels, fault: itembank.AssemblyImpossible) -> str:
    first = _("%(n)s forms of this test cannot be put together.", n=asked.parallel)
    unsure = _(
        "There was not the time to find out which of this is in the way, and whether more is."
    )
    last = _("Ask for fewer forms, allow more, or add calibrated questions.")
    said = [] if fault.is_finished else [unsure]
    return " ".join([first, *map(_reason, fault.reasons), *said, last])


def _reason(reason: itembank.Reason) -> str:
    """Return what stands in the way, as a sentence."""
    if reason.there is not None:
        return _(
            "Each form needs %(asked)s questions of area %(area)s, which has %(there)s that are "
            "calibrated and complete in every language of the test.",
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
        ParallelForm(row.number, tuple(row.item_version_ids), dict(row.information))
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
