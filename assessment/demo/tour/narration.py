"""The tour's voice: numbered steps on a console, each with the time that it took."""

from __future__ import annotations

import time
from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.text import Text


class Narrator:
    """Whoever tells what happens; `pace` is how many seconds to leave for reading a step."""

    def __init__(self, console: Console, pace: float = 0.0) -> None:
        self.console = console
        self.pace = pace
        self.steps = 0
        self.began = time.perf_counter()

    def step(self, title: str) -> None:
        """Begin the next step."""
        if self.steps and self.pace:
            time.sleep(self.pace)
        self.steps += 1
        self.console.print(f"\n[bold]{self.steps}. {escape(title)}[/bold]", highlight=False)

    def say(self, sentence: str, seconds: float | None = None) -> None:
        """Say a sentence, with the time that it took."""
        words = Text(sentence)
        if seconds is not None:
            words.append(f" ({seconds:.2f}\N{NO-BREAK SPACE}s)", style="dim")
        self._print(words, 3)

    def quote(self, lines: Iterable[str]) -> None:
        """Read lines of a page aloud."""
        for line in lines:
            self._print(Text(line, style="italic"), 6)

    def _print(self, words: Text, indent: int) -> None:
        self.console.print(Padding(words, (0, 0, 0, indent), expand=False))

    def command(self, line: str) -> None:
        """Show a command on a line of its own, never broken, so that it can be copied."""
        self.console.print(f"   {escape(line)}", highlight=False, soft_wrap=True)

    def end(self) -> None:
        """Say how long it all took."""
        took = time.perf_counter() - self.began
        self.console.print(f"\n{self.steps} steps, {took:.1f} s.", highlight=False)
