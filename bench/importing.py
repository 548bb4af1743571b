"""How long the import of a real bank of 984 items takes, from the file to the commit."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from assessment import transactions
from assessment.access import system
from assessment.demo.builders.people import build_institution
from assessment.items import service as items
from assessment.items.sources import open_source
from bench.figures import Figure, Finding, Skipped
from bench.places import Kind, Places
from itembank import BankFormat, read_bank

BANK = Path(__file__).resolve().parents[2] / "shared/data/banks/ised-amateur-2025"
ITEMS = 984
TIMES = 3
LIMIT_SECONDS = 3.0


def measure(places: Places) -> Iterator[Finding]:
    """Yield the seconds of the quickest of a few imports, each into a new database."""
    for kind in Kind:
        name = f"import of {ITEMS} items, {kind}"
        if BANK.is_dir():
            seconds = min(_seconds(kind, places) for _ in range(TIMES))
            yield Figure(name, seconds, "s", LIMIT_SECONDS)
        else:
            yield Skipped(name, f"there is no {BANK.name} beside this repository")


def _seconds(kind: Kind, places: Places) -> float:
    with places.installation(kind).app.app_context():
        with transactions.writing():
            keeper = build_institution("keeper").id
        began = time.perf_counter()
        source = open_source(BANK, BankFormat.ISED)
        parsed = read_bank(source.data, BankFormat.ISED, files=source.figures)
        spec = items.BankSpec(key="basic", institution_id=keeper)
        with transactions.writing():
            report = items.import_bank(parsed, spec, system("bench"), figures=source.figures)
        taken = time.perf_counter() - began
    if len(report.new) != ITEMS:
        raise RuntimeError(f"{len(report.new)} items were imported, not {ITEMS}")
    return taken
