"""A report as files: a page with its plots, and every table as CSV and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

from flask import render_template

from assessment.analysis.bank_report.sections import BankReport, Section
from assessment.errors import Invalid
from assessment.locale import gettext as _

STYLE = """\
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid #8888; padding: 0.2rem 0.6rem; text-align: start; }
figure { margin: 1rem 0; max-width: 100%; }
figure svg { height: auto; max-width: 100%; }
.wide { overflow-x: auto; }
@media print { section { break-inside: avoid-page; } }
"""


def write(report: BankReport, folder: Path, language: str) -> list[Path]:
    """Return the files of a report, written into a folder; Invalid where they cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _written(report, folder, language)
    except OSError as error:
        reason = error.strerror or str(error)
        raise Invalid(
            _(
                "The report cannot be written to %(folder)s: %(reason)s.",
                folder=str(folder),
                reason=reason,
            )
        ) from error


def _written(report: BankReport, folder: Path, language: str) -> list[Path]:
    page = render_template("analysis/report.html", report=report, language=language)
    files = {
        "report.html": page,
        "report.css": STYLE,
        "report.json": json.dumps(_fields(report), ensure_ascii=False, indent=1) + "\n",
    }
    for section in report.sections:
        files |= _files(section)
    paths = []
    for name, text in files.items():
        paths.append(folder / name)
        paths[-1].write_text(text, encoding="utf-8")
    return paths


def _files(section: Section) -> dict[str, str]:
    found = {} if section.table is None else {f"{section.key}.csv": section.table.csv()}
    for number, plot in enumerate(section.plots, start=1):
        found[f"{section.key}-{number}.svg"] = plot.svg(opaque=True)
    return found


def _fields(report: BankReport) -> dict[str, object]:
    return {
        "bank": report.bank,
        "title": report.title,
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "sentences": list(section.sentences),
                "columns": [] if section.table is None else list(section.table.titles),
                "rows": [] if section.table is None else [list(row) for row in section.table.rows],
            }
            for section in report.sections
        ],
    }
