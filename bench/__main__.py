"""`python -m bench [NAME ...]`: measure, and print one table; over a limit is no error."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

from rich.console import Console

from bench import (
    answering,
    awarding,
    credentials,
    facets,
    importing,
    latency,
    measurement,
    pages,
    performances,
)
from bench.figures import Finding, table
from bench.places import Places, places

MEASURES: dict[str, Callable[[Places], Iterator[Finding]]] = {
    "measurement": measurement.measure,
    "facets": facets.measure,
    "answer": answering.measure,
    "latency": latency.measure,
    "award": awarding.measure,
    "credential": credentials.measure,
    "performances": performances.measure,
    "import": importing.measure,
    "pages": pages.measure,
}


def main() -> None:
    """Measure what was asked for, or everything."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *MEASURES], help="which figures; all")
    console, findings = Console(), list[Finding]()
    names = parser.parse_args().names or list(MEASURES)
    with places() as found:
        for name in names:
            with console.status(f"measuring: {name}"):
                findings += MEASURES[name](found)
    console.print(table(findings))


if __name__ == "__main__":
    main()
