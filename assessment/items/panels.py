"""Publishing what a panel said: its raw cut for ever, and the scale and marks that rest on it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import select

import itembank
from assessment.access import Action, Actor, require_at
from assessment.audit.service import institution_chain, record
from assessment.errors import Invalid, NoSuchRecord
from assessment.extensions import db
from assessment.items.models import (
    Bank,
    CutScore,
    PanelStandard,
    ParameterSet,
    ParameterSource,
    Test,
)
from assessment.items.panel_marks import cut_of_panel
from assessment.items.panel_standards import (
    NewStandard,
    panel_of,
    placing_standard,
    write_standard,
)
from assessment.items.parameter_sets import NewSet, publish_parameter_set
from assessment.items.pools import bank_pool
from assessment.items.publishing import current_test, current_tests
from assessment.items.scales import ItemEstimate, current_set, measured
from assessment.locale import gettext as _


def publish_standard(
    bank_id: str, new: NewStandard, actor: Actor
) -> tuple[PanelStandard, ParameterSet]:
    """Return a panel's kept standard, and the parameter set whose marks rest on it, now current.

    A bank without a scale gets the one on which the panel places its items; so does one that this
    panel, or one for the same mark, placed before. On any other scale the items stay where they
    are: the next set has the same parameters, and the mark where the raw cut lies.

    NotRated where the raw cut has a place in none of the tests that it is to speak for.
    """
    bank = db.session.get(Bank, bank_id, with_for_update=True)
    if bank is None:
        raise NoSuchRecord("bank", bank_id)
    require_at(actor, Action.AUTHOR_ITEMS, bank.institution_id)
    _require_mark(bank, new)
    current = current_set(bank.id)
    places_items = current is None or _is_placed_anew(bank, new, current)
    standard = write_standard(bank, new, actor, places_items=places_items)
    chain, subject = institution_chain(bank.institution_id), f"bank:{bank.key}"
    details = {"number": standard.number, "digest": standard.digest}
    record(chain, "standard.published", actor, subject, judges=standard.judges, **details)
    keep = None if places_items else current
    next_set = _placed(bank, new, standard) if keep is None else _kept(keep)
    made = publish_parameter_set(bank.id, next_set, actor)
    _require_place(_tests(bank, new), standard, made)
    return standard, made


def _require_place(tests: list[Test], standard: PanelStandard, made: ParameterSet) -> None:
    rests = CutScore.panel_standard_id == standard.id, CutScore.parameter_set_id == made.id
    if db.session.scalar(select(CutScore.cut_key).where(*rests).limit(1)) is not None:
        return
    for test in tests:
        if test.cuts and standard.cut_key in {None, *(cut["key"] for cut in test.cuts)}:
            cut_of_panel(standard, test, measured(made.id))  # says why there is no place


def _is_placed_anew(bank: Bank, new: NewStandard, current: ParameterSet) -> bool:
    placed = placing_standard(bank.id)
    if current.source != ParameterSource.PANEL or placed is None:
        return False
    return (placed.test_key, placed.cut_key) == (new.test_key, new.cut_key)


def _require_mark(bank: Bank, new: NewStandard) -> None:
    """Refuse a test that is not the bank's, and a mark that its tests do not have."""
    tests = _tests(bank, new)
    known = {cut["key"]: None for test in tests for cut in test.cuts}
    if new.cut_key is not None and tests and new.cut_key not in known:
        sentence = _(
            "No test here has a mark %(cut)s. The marks are: %(known)s.",
            cut=new.cut_key,
            known=", ".join(known) or _("none"),
        )
        raise Invalid(sentence)


def _tests(bank: Bank, new: NewStandard) -> list[Test]:
    if new.test_key is None:
        return current_tests(bank.id)
    test = current_test(new.test_key)
    if test is None or test.bank_id != bank.id:
        known = ", ".join(each.key for each in current_tests(bank.id)) or _("none")
        sentence = _(
            "The bank %(bank)s has no test %(test)s. Its tests are: %(known)s.",
            bank=bank.key,
            test=new.test_key,
            known=known,
        )
        raise Invalid(sentence)
    return [test]


def _placed(bank: Bank, new: NewStandard, standard: PanelStandard) -> NewSet:
    """Return the rated items where the panel's judgement places them."""
    found, versions = _placement(new), bank_pool(bank.id).version_ids
    own = found.parameters
    items = {
        versions[key]: ItemEstimate(
            model=own.model[place].value,
            slope=float(own.slope[place]),
            thresholds=(float(own.threshold[place, 0]),),
            threshold_ses=(float(found.prior.sd[place]),),
        )
        for place, key in enumerate(new.items)
    }
    return NewSet(source=ParameterSource.PANEL, report=_report(standard), items=items)


def _placement(new: NewStandard) -> itembank.Placement:
    try:
        return itembank.place_by_panel(panel_of(new))
    except ValueError as fault:
        raise Invalid(_("These ratings place nothing. %(fault)s", fault=fault)) from fault


def _report(standard: PanelStandard) -> Mapping[str, object]:
    return {"panel": standard.number, "ratings": standard.digest}


def _kept(current: ParameterSet) -> NewSet:
    """Return the parameters of a set once more, for the marks that are to lie on them anew."""
    known = measured(current.id)
    items = dict(zip(known.version_ids, known.estimates, strict=True))
    return NewSet(source=current.source, report=json.loads(current.report), items=items)
