"""Publishing a test: refused unless its bank can fill it in each of its languages."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import func, select, update

import itembank
from assessment import clock
from assessment.access import Action, Actor, require_at
from assessment.audit.service import institution_chain, record
from assessment.catalogue.models import MeasureKind
from assessment.catalogue.service import (
    MeasureArea,
    MeasureSpec,
    checked_rule,
    publish_measure,
    require_no_percentage,
    rule_text,
)
from assessment.errors import Conflict, Invalid, NoSuchRecord
from assessment.extensions import db
from assessment.fields import checked_key, refusal, shown
from assessment.items.adaptivity import Adaptivity, settled
from assessment.items.assembling import (
    Assembled,
    FormsAsked,
    forms_asked,
    forms_of,
    whole_forms,
    write_forms,
)
from assessment.items.designs import design
from assessment.items.models import Area, Bank, Test, TestMode
from assessment.items.parameter_sets import place_on_current_scale
from assessment.items.pools import Pool, drawable, pool
from assessment.items.scales import current_set
from assessment.items.specifications import TestSpec, check_specification
from assessment.locale import gettext as _
from assessment.people.service import institution_by_key


@dataclass(frozen=True)
class Unfillable:
    """A published test that its bank cannot fill, and the areas that lack items.

    No area lacks any where each of its parallel forms lost a question.
    """

    test_key: str
    shortfalls: tuple[itembank.Shortfall, ...]


def publish_test(spec: TestSpec, actor: Actor, assembled: Assembled | None = None) -> Test:
    """Return the test's new version, now the current one, which rules may name.

    Invalid where the bank cannot fill the blueprint (naming the areas), where the rule that opens
    it names what does not exist, or where a language is not complete. A test in parallel forms is
    given what `put_together` made of `forms_to_assemble`.
    """
    test, bank = _drafted(spec, actor)
    if spec.forms is not None:
        if assembled is None:
            raise ValueError("`assembled` must be given where the test is in parallel forms.")
        write_forms(test, spec.forms, assembled)
    if not test.is_practice:
        publish_measure(_measure(test, bank))
    chain, subject = institution_chain(test.institution_id), f"test:{test.key}"
    record(chain, "test.published", actor, subject, version=test.version)
    return test


def forms_to_assemble(spec: TestSpec, actor: Actor) -> FormsAsked | None:
    """Return what the forms of a test are to be put together from; None where it has none.

    Refused where `publish_test` would refuse the test, and nothing is written. The search itself
    takes long, and belongs between two transactions.
    """
    if spec.forms is None:
        return None
    with db.session.begin_nested() as draft:
        test, _bank = _drafted(spec, actor)
        found = forms_asked(test, spec.forms)
        draft.rollback()
    return found


def _drafted(spec: TestSpec, actor: Actor) -> tuple[Test, Bank]:
    """Return a new version with its marks placed, and its bank, locked."""
    checked_key(spec.key, "key")
    check_specification(spec)
    bank = _locked_bank(spec.bank)
    institution_id = _institution_id(spec, bank)
    require_at(actor, Action.AUTHOR_ITEMS, bank.institution_id)
    require_at(actor, Action.AUTHOR_ITEMS, institution_id)
    _require_still_theirs(spec, institution_id)
    blueprint = _blueprint(spec, bank)
    adaptive = _adaptive(spec, bank, blueprint)
    if adaptive is not None:
        require_no_percentage(spec.key)
    opens_when = None if spec.opens_when is None else rule_text(checked_rule(spec.opens_when))
    test = _new_version(spec, bank, institution_id, blueprint, opens_when)
    place_on_current_scale(test)
    if adaptive is not None:
        _require_design(test, adaptive)
    return test, bank


def _locked_bank(key: str) -> Bank:
    """Return the bank, locked, so that versions are numbered one after another."""
    bank = db.session.scalar(select(Bank).where(Bank.key == key).with_for_update())
    if bank is None:
        raise Invalid(_("There is no bank with the key %(key)s.", key=key))
    return bank


def _institution_id(spec: TestSpec, bank: Bank) -> str:
    if spec.institution is None:
        return bank.institution_id
    try:
        return institution_by_key(spec.institution).id
    except NoSuchRecord:
        sentence = _("There is no institution with the key %(key)s.", key=spec.institution)
        raise Invalid(sentence) from None


def _require_still_theirs(spec: TestSpec, institution_id: str) -> None:
    """Refuse that another institution takes over a key, or that practice becomes a test."""
    current = current_test(spec.key)
    if current is None:
        return
    if current.institution_id != institution_id:
        raise Conflict(_("The test %(key)s belongs to another institution.", key=spec.key))
    if current.is_practice != spec.is_practice:
        raise Conflict(_("Practice and a test that counts need a key each."))


def _blueprint(spec: TestSpec, bank: Bank) -> itembank.Blueprint:
    if spec.mode == TestMode.ADAPTIVE and current_set(bank.id) is None:
        sentence = _(
            "An adaptive test needs a bank with a scale: run “attest bank calibrate %(key)s "
            "--publish” or “attest bank standard %(key)s FILE” first, or publish this test as "
            "linear.",
            key=bank.key,
        )
        raise Invalid(sentence)
    pool = drawable(bank.id, spec.mode)
    counts = spec.blueprint
    try:
        blueprint = (
            itembank.one_of_each(_areas_with_items(bank, pool))
            if counts is None
            else itembank.Blueprint(counts)
        )
    except ValueError as fault:
        raise Invalid(_("The blueprint cannot be used: %(fault)s", fault=fault)) from None
    _require_areas(bank, spec.blueprint or {})
    _require_filled(spec, pool, blueprint)
    return blueprint


def _require_areas(bank: Bank, asked: Mapping[str, int]) -> None:
    known = [area.key for area in bank.areas]
    unknown = [area for area in asked if area not in known]
    if unknown:
        sentence = _(
            "The bank %(bank)s has no area %(areas)s. Its areas are: %(known)s.",
            bank=bank.key,
            areas=", ".join(unknown),
            known=", ".join(known),
        )
        raise Invalid(sentence, areas=unknown)


def _areas_with_items(bank: Bank, pool: Pool) -> list[str]:
    used = {item.area for item in pool.items}
    return [area.key for area in bank.areas if area.key in used]


def _require_filled(spec: TestSpec, pool: Pool, blueprint: itembank.Blueprint) -> None:
    for language in spec.languages:
        lacking = itembank.shortfalls(pool.items, blueprint, language=language)
        if lacking:
            sentence = _(
                "The bank %(bank)s cannot fill this test in the language %(language)s. %(areas)s",
                bank=spec.bank,
                language=language,
                areas=" ".join(_shortfall(each) for each in lacking),
            )
            raise Invalid(_for_mode(spec.mode, sentence), areas=[each.area for each in lacking])


def _for_mode(mode: TestMode, sentence: str) -> str:
    """Return the sentence, with what an adaptive test needs beyond that there are questions."""
    if mode == TestMode.LINEAR:
        return sentence
    reason = _("An adaptive test asks questions on the bank’s scale alone.")
    return f"{sentence} {reason}"


def _adaptive(spec: TestSpec, bank: Bank, blueprint: itembank.Blueprint) -> Adaptivity | None:
    """Return how an adaptive test chooses and stops; refused where the bank cannot honour it."""
    if spec.mode == TestMode.LINEAR:
        return None
    adaptive = settled(spec.adaptive or Adaptivity(), blueprint.counts)
    if adaptive.exposure is not None:
        _require_spread(drawable(bank.id, spec.mode), blueprint, adaptive.exposure)
    return adaptive


def _require_spread(pool: Pool, blueprint: itembank.Blueprint, exposure: float) -> None:
    """Refuse a share of sittings so small that the areas have too few questions for it."""
    available = Counter(item.area for item in pool.items)
    for area, count in blueprint.counts.items():
        if count > exposure * available[area]:
            least = math.ceil(100 * count / available[area]) / 100
            allowed = _("at least %(n)s, as area %(area)s has it", n=f"{least:g}", area=area)
            raise refusal("adaptive.exposure", allowed, shown(exposure))


def _require_design(test: Test, adaptive: Adaptivity) -> None:
    """Let a test adapt; refused where it cannot on its bank's scale."""
    test.adaptive = adaptive.data
    db.session.flush()
    found = current_set(test.bank_id)
    if found is not None:
        design(test, found.id)


def _shortfall(each: itembank.Shortfall) -> str:
    return _(
        "Area %(area)s has %(available)s of the %(needed)s questions needed.",
        area=each.area,
        available=each.available,
        needed=each.needed,
    )


def _new_version(
    spec: TestSpec,
    bank: Bank,
    institution_id: str,
    blueprint: itembank.Blueprint,
    opens_when: str | None,
) -> Test:
    last = db.session.scalar(select(func.max(Test.version)).where(Test.key == spec.key)) or 0
    db.session.execute(
        update(Test).where(Test.key == spec.key, Test.is_current).values(is_current=False)
    )
    test = Test(
        key=spec.key,
        version=last + 1,
        is_current=True,
        bank_id=bank.id,
        institution_id=institution_id,
        title=dict(spec.title),
        purpose=dict(spec.purpose),
        mode=spec.mode,
        blueprint=dict(blueprint.counts),
        cuts=[{**asdict(cut), "title": dict(cut.title)} for cut in spec.cuts],
        minutes=spec.minutes,
        attempts=spec.attempts,
        window_days=spec.window_days,
        wait_days=spec.wait_days,
        opens_when=opens_when,
        languages=list(spec.languages),
        needs_start_code=spec.needs_start_code,
        is_practice=spec.is_practice,
        published_at=clock.now(),
    )
    db.session.add(test)
    db.session.flush()
    return test


def _measure(test: Test, bank: Bank) -> MeasureSpec:
    return MeasureSpec(
        kind=MeasureKind.TEST,
        key=test.key,
        version=test.version,
        title=test.title,
        institution_id=test.institution_id,
        minutes=test.minutes,
        attempts=test.attempts,
        window_days=test.window_days,
        wait_days=test.wait_days,
        languages=tuple(test.languages),
        areas=tuple(_measure_areas(test, bank)),
        opens_when=test.opens_when,
        adaptive=test.adaptive is not None,
    )


def _measure_areas(test: Test, bank: Bank) -> Iterator[MeasureArea]:
    """Yield the areas that a sitting asks in, and those above them, with how many in each."""
    areas = {area.key: area for area in bank.areas}
    counts: dict[str, int] = {}
    for key, count in test.blueprint.items():
        for above in (key, *_above(key, areas)):
            counts[above] = counts.get(above, 0) + count
    for key, area in areas.items():
        if key in counts:
            yield MeasureArea(
                key=key,
                title=area.title,
                parent=area.parent,
                competency=area.competency,
                count=counts[key],
            )


def _above(key: str, areas: dict[str, Area]) -> Iterator[str]:
    passed = {key}
    parent = areas[key].parent if key in areas else None
    while parent is not None and parent not in passed:
        passed.add(parent)
        yield parent
        parent = areas[parent].parent if parent in areas else None


def current_test(key: str) -> Test | None:
    """Return the current version of a test, or None."""
    return db.session.scalar(select(Test).where(Test.key == key, Test.is_current))


def current_tests(bank_id: str) -> list[Test]:
    """Return the current versions of a bank's tests, in order of key."""
    query = select(Test).where(Test.bank_id == bank_id, Test.is_current).order_by(Test.key)
    return list(db.session.scalars(query))


def practice_tests() -> list[Test]:
    """Return the tests that are open to anyone without an account, in order of key."""
    query = select(Test).where(Test.is_current, Test.is_practice).order_by(Test.key)
    return list(db.session.scalars(query))


def unfillable(bank_id: str) -> tuple[Unfillable, ...]:
    """Return the current tests that the bank cannot fill now, in some language of theirs."""
    found = []
    for test in current_tests(bank_id):
        lacking = shortfalls(test)
        if lacking or has_no_whole_form(test):
            found.append(Unfillable(test.key, lacking))
    return tuple(found)


def has_no_whole_form(test: Test) -> bool:
    """Return whether a test has parallel forms, of which each lost a question."""
    return bool(forms_of(test)) and not whole_forms(test)


def shortfalls(test: Test, *, without_sight: bool = False) -> tuple[itembank.Shortfall, ...]:
    """Return the areas that cannot be filled in the first language that lacks some."""
    items, blueprint = pool(test).items, itembank.Blueprint(test.blueprint)
    for language in test.languages:
        lacking = itembank.shortfalls(
            items, blueprint, language=language, without_sight=without_sight
        )
        if lacking:
            return lacking
    return ()
