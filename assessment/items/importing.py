"""Importing a bank: in one transaction, and a new version only of what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select

import itembank
from assessment.access import Action, Actor, require_at
from assessment.audit.service import institution_chain, record
from assessment.errors import Conflict
from assessment.extensions import db
from assessment.fields import checked_key
from assessment.ids import new_id
from assessment.items.comparing import Change, Progress, changes, held_items, missing
from assessment.items.models import Bank
from assessment.items.pictures import Picture
from assessment.items.publishing import Unfillable, unfillable
from assessment.items.storing import retire_items, store_changes, upsert_areas, upsert_bank
from assessment.locale import gettext as _


@dataclass(frozen=True, kw_only=True)
class BankSpec:
    """Where an import goes: a bank under its key, at an institution."""

    key: str
    institution_id: str
    title: Mapping[str, str] = field(default_factory=dict)
    licence: str = ""


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """What an import did or, on a dry run, would do; items are named by their keys."""

    bank_key: str
    dry_run: bool
    total: int
    new: tuple[str, ...]
    changed: tuple[str, ...]
    returned: tuple[str, ...]
    """Retired before, and in the file again."""
    missing: tuple[str, ...]
    """In the bank, and no longer in the file."""
    retired: tuple[str, ...]
    needs_sight: tuple[str, ...]
    languages: Mapping[str, int]
    """How many items are complete in each language."""
    refused: tuple[itembank.Refusal, ...]
    warnings: tuple[str, ...]
    unfillable: tuple[Unfillable, ...] = ()
    """Published tests that this bank can no longer fill."""

    @property
    def unchanged(self) -> int:
        """How many items the bank holds as they are in the file."""
        return self.total - len(self.new) - len(self.changed)


def _no_progress(_done: int) -> None:
    """Tell nobody how far the import is."""


def import_bank(
    parsed: itembank.ParsedBank,
    into: BankSpec,
    actor: Actor,
    *,
    figures: Mapping[str, Picture] | None = None,
    dry_run: bool = False,
    retire: bool = False,
    on_progress: Progress = _no_progress,
) -> ImportReport:
    """Return what was imported: new items, and new versions of what changed.

    Items that the file no longer holds are reported, and retired only if asked. On a dry run
    nothing is written at all.
    """
    checked_key(into.key, "bank")
    require_at(actor, Action.AUTHOR_ITEMS, into.institution_id)
    bank = _their_bank(into)
    if not dry_run:
        title, licence = into.title or parsed.title, into.licence or parsed.licence
        bank = upsert_bank(into.key, into.institution_id, title, licence)
    held = held_items(bank)
    changed = tuple(changes(parsed.items, held, figures or {}, on_progress))
    gone = missing(parsed, held)
    report = _report(parsed, into.key, changed, gone, retire=retire, dry_run=dry_run)
    if bank is None or dry_run:
        return report
    upsert_areas(bank, parsed.areas)
    return _write(bank, changed, report, actor)


def _their_bank(into: BankSpec) -> Bank | None:
    bank = db.session.scalar(select(Bank).where(Bank.key == into.key))
    if bank is not None and bank.institution_id != into.institution_id:
        raise Conflict(_("The bank %(key)s belongs to another institution.", key=into.key))
    return bank


def _report(
    parsed: itembank.ParsedBank,
    key: str,
    changed: Sequence[Change],
    gone: tuple[str, ...],
    *,
    retire: bool,
    dry_run: bool,
) -> ImportReport:
    counts = Counter(language for item in parsed.items for language in item.languages)
    return ImportReport(
        bank_key=key,
        dry_run=dry_run,
        total=len(parsed.items),
        new=tuple(each.item.id for each in changed if each.is_new),
        changed=tuple(each.item.id for each in changed if each.is_changed),
        returned=tuple(each.item.id for each in changed if each.is_returned),
        missing=gone,
        retired=gone if retire else (),
        needs_sight=parsed.needs_sight,
        languages=dict(sorted(counts.items())),
        refused=parsed.refused,
        warnings=parsed.warnings,
    )


def _write(
    bank: Bank, changed: Sequence[Change], report: ImportReport, actor: Actor
) -> ImportReport:
    store_changes(bank, changed)
    retire_items(bank, report.retired)
    if changed or report.retired:
        bank.revision = new_id()
        _record(bank, report, actor)
    db.session.flush()
    return replace(report, unfillable=unfillable(bank.id))


def _record(bank: Bank, report: ImportReport, actor: Actor) -> None:
    counts = {
        name: len(getattr(report, name)) for name in ("new", "changed", "returned", "retired")
    }
    chain = institution_chain(bank.institution_id)
    record(chain, "bank.imported", actor, f"bank:{bank.key}", **counts)
