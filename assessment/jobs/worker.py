"""The worker: jobs one after another in the main thread, recurring duties in a second one.

The duties have a thread of their own so that a long job never delays the end of a sitting.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from flask import Flask

from assessment import transactions
from assessment.errors import AssessmentError
from assessment.jobs import queue
from assessment.jobs.handlers import DUTIES, HANDLERS, LAST_DUTIES, Duty, Hopeless, Later
from assessment.jobs.queue import Claim

log = logging.getLogger("attest.worker")

POLL_SECONDS = 0.5


class TimeIsUp(BaseException):
    """A job ran longer than its kind may; not an Exception, so that no handler swallows it."""


def run_one(app: Flask) -> bool:
    """Do the job that waited longest; return whether there was one."""
    with app.app_context():
        claimed = queue.claim()
    if claimed is None:
        return False
    with app.app_context():
        _settle(claimed, _attempt(claimed))
    return True


def run_all(app: Flask, most: int = 10_000) -> int:
    """Do every job that waits now; return how many there were."""
    done = 0
    while done < most and run_one(app):
        done += 1
    return done


def _attempt(claimed: Claim) -> BaseException | None:
    """Return what went wrong with the job, or None."""
    try:
        known = HANDLERS.get(claimed.kind)
        if known is None:
            raise Hopeless(f"Nothing here does jobs of the kind {claimed.kind!r}.")
        with _limited_to(known.seconds):
            known.handle(claimed.payload)
    except (Exception, TimeIsUp) as error:
        return error
    finally:
        transactions.rollback()  # what the handler did not commit
    return None


def _settle(claimed: Claim, error: BaseException | None) -> None:
    facts = {"job": claimed.job_id, "kind": claimed.kind, "tries": claimed.tries}
    if error is None:
        queue.finish(claimed)
        log.info("job done", extra=facts)
    elif isinstance(error, Later):
        queue.postpone(claimed, error.seconds, str(error))
    else:
        queue.fail(claimed, _described(error), hopeless=isinstance(error, Hopeless))
        log.error("job did not succeed", extra=facts, exc_info=error)


def _described(error: BaseException) -> str:
    """Return the error's name, and its words only where they are ours: others' may be personal."""
    if isinstance(error, (AssessmentError, Hopeless, TimeIsUp, ValueError)):
        return f"{type(error).__name__}: {error}"
    return type(error).__name__


@contextmanager
def _limited_to(seconds: int) -> Iterator[None]:
    """Raise TimeIsUp in the block after `seconds`; in the main thread, where signals arrive."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise TimeIsUp(f"It took longer than {seconds} s.")

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def perform(app: Flask, duty: Duty) -> None:
    """Perform one duty; what goes wrong is logged, and the duty recurs all the same."""
    _safely(app, duty.name, duty.perform)


def _safely(app: Flask, name: str, call: Callable[[], None]) -> None:
    with app.app_context():
        try:
            call()
        except Exception as error:
            log.exception(
                "duty did not succeed", extra={"duty": name, "error": type(error).__name__}
            )
        finally:
            transactions.rollback()


class Worker:
    """One worker process: it stops on SIGTERM, on SIGINT, or when its parent has gone."""

    def __init__(self, app: Flask, parent: int | None = None) -> None:
        self.app = app
        self.parent = parent
        self.stopping = threading.Event()

    def run(self) -> None:
        """Work until told to stop; the job in hand is finished first."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        duties = threading.Thread(target=self._perform_duties, name="duties", daemon=True)
        duties.start()
        log.info("worker started")
        while self._goes_on():
            if not self._work():
                self.stopping.wait(POLL_SECONDS)
        self.stopping.set()
        duties.join(timeout=10)
        for name, call in LAST_DUTIES.items():
            _safely(self.app, name, call)
        log.info("worker stopped")

    def _work(self) -> bool:
        """Do one job; a database that does not answer is waited for."""
        try:
            return run_one(self.app)
        except Exception:
            log.exception("worker cannot reach its jobs")
            return False

    def _perform_duties(self) -> None:
        due = dict.fromkeys(DUTIES, 0.0)
        while self._goes_on():
            for name, duty in DUTIES.items():
                if time.monotonic() >= due.get(name, 0.0) and not self.stopping.is_set():
                    due[name] = time.monotonic() + duty.seconds
                    perform(self.app, duty)
            self.stopping.wait(POLL_SECONDS)

    def _goes_on(self) -> bool:
        return not self.stopping.is_set() and self.parent in (None, os.getppid())

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping.set()
