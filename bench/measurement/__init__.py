"""The measurement engine beside its limits and its peers, CPU against CPU, on one thread.

The threads of a matrix product are fixed when numpy is loaded: so it all runs in a process of its
own, which tells its findings line by line.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Finding
from bench.measurement.lines import finding_of
from bench.measurement.sizes import Sizes
from bench.places import Places

ONE_THREAD = {
    f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "MKL", "OMP", "BLIS", "NUMEXPR")
}
_ROOT = Path(__file__).resolve().parents[2]


def measure(_places: Places) -> Iterator[Finding]:
    """Yield every figure of calibration, ability and adaptive tests."""
    yield from findings(Sizes())


def findings(sizes: Sizes) -> Iterator[Finding]:
    """Yield what another process finds, as soon as it does."""
    command = [sys.executable, "-m", "bench.measurement", sizes.to_json()]
    environ = os.environ | ONE_THREAD
    with subprocess.Popen(  # noqa: S603 - our own module, no shell
        command, cwd=_ROOT, env=environ, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None  # noqa: S101 - a pipe was asked for
        yield from map(finding_of, child.stdout)
    if child.returncode:
        raise RuntimeError(f"measuring ended with {child.returncode}")
