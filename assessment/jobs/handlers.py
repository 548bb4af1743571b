"""The registry of what a worker can do: handlers of jobs, and duties that recur."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

DEFAULT_SECONDS = 60
LEASE_MARGIN_SECONDS = 30

Payload: TypeAlias = dict[str, Any]
Handle = TypeVar("Handle", bound=Callable[[Payload], None])
Perform = TypeVar("Perform", bound=Callable[[], None])


class Later(Exception):
    """What the handler needs is not there yet: try again, without counting it as a try."""

    def __init__(self, seconds: int, reason: str) -> None:
        super().__init__(reason)
        self.seconds = seconds


class Hopeless(Exception):
    """This job can never succeed, so trying again is of no use; the message says why."""


@dataclass(frozen=True)
class Handler:
    """What does jobs of one kind, and how long one may take."""

    kind: str
    handle: Callable[[Payload], None]
    seconds: int
    forgets: bool
    """Whether the payload is emptied when the job is done, because it holds personal content."""

    @property
    def lease_seconds(self) -> int:
        """How long another worker leaves a claimed job alone."""
        return self.seconds + LEASE_MARGIN_SECONDS


@dataclass(frozen=True)
class Duty:
    """What recurs every so many seconds in each worker; it may run twice at once."""

    name: str
    seconds: float
    perform: Callable[[], None]


HANDLERS: dict[str, Handler] = {}
DUTIES: dict[str, Duty] = {}
FIRST_DUTIES: dict[str, Callable[[], None]] = {}
LAST_DUTIES: dict[str, Callable[[], None]] = {}


def handler(
    kind: str, *, seconds: int = DEFAULT_SECONDS, forgets: bool = False
) -> Callable[[Handle], Handle]:
    """Return a decorator that registers what does jobs of `kind`.

    It is called with the payload in an application context and no transaction. It makes its own,
    must do no harm when called twice, and asks again whether the actor in the payload still may.
    """

    def register(handle: Handle) -> Handle:
        HANDLERS[kind] = Handler(kind, handle, seconds, forgets)
        return handle

    return register


def every(seconds: float, name: str) -> Callable[[Perform], Perform]:
    """Return a decorator that registers a duty, performed at the start and every `seconds`."""

    def register(perform: Perform) -> Perform:
        DUTIES[name] = Duty(name, seconds, perform)
        return perform

    return register


def at_the_start(name: str) -> Callable[[Perform], Perform]:
    """Return a decorator that registers what is done once before anybody is served."""

    def register(perform: Perform) -> Perform:
        FIRST_DUTIES[name] = perform
        return perform

    return register


def at_the_end(name: str) -> Callable[[Perform], Perform]:
    """Return a decorator that registers what a worker does before it stops."""

    def register(perform: Perform) -> Perform:
        LAST_DUTIES[name] = perform
        return perform

    return register
