"""Measure, and write each finding as one line of JSON as soon as it is there."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout

from bench.measurement.every import every
from bench.measurement.lines import line_of
from bench.measurement.sizes import sizes_of

lines = sys.stdout
with redirect_stdout(sys.stderr):  # a peer says things of its own
    for finding in every(sizes_of(sys.argv[1])):
        lines.write(line_of(finding))
        lines.flush()
