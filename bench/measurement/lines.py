"""Findings as lines of JSON, from one process to another."""

from __future__ import annotations

import json
from dataclasses import asdict

from bench.figures import Figure, Finding, Skipped


def line_of(finding: Finding) -> str:
    """Return a finding as one line."""
    return json.dumps(asdict(finding)) + "\n"


def finding_of(line: str) -> Finding:
    """Return the finding that a line holds."""
    fields = json.loads(line)
    return Skipped(**fields) if "reason" in fields else Figure(**fields)
