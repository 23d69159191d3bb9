"""End a worker that lives and does not consume, so that its supervisor starts another.

After its broker was away a worker may go on without taking messages. Nothing is lost by that, for jobs find
their work in PostgreSQL, but nothing gets done either. A worker that has nothing to do, takes nothing and
sees messages wait all the while is such a one.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from dataclasses import dataclass

import structlog
from celery import Celery
from celery.signals import worker_ready
from celery.worker import state

log = structlog.get_logger(__name__)

_LOOKS = 6  # in the time that it takes to be sure
_POLITE_SECONDS = 30.0


@dataclass
class Idleness:
    """Since when [s, monotonic] a worker could have taken a message and did not."""

    since: float | None = None
    taken: int = 0

    def look(self, *, at: float, waiting: int, taken: int, busy: bool) -> float:
        """Return for how many seconds it has been idle beside waiting messages.

        waiting: messages in the queue. taken: how many it took so far. busy: whether it works on one.
        """
        if self.since is None or not waiting or busy or taken != self.taken:
            self.since, self.taken = at, taken
        return at - self.since


@worker_ready.connect(dispatch_uid="billing_site.watchdog")
def watch(sender: object, **_: object) -> None:
    """Begin to watch this worker."""
    app: Celery = sender.app  # type: ignore[attr-defined]
    threading.Thread(target=_watch, args=(app,), name="watchdog", daemon=True).start()


def _watch(app: Celery) -> None:
    patience: float = app.conf.worker_deaf_seconds
    idleness = Idleness()
    while True:
        time.sleep(patience / _LOOKS)
        seconds = idleness.look(
            at=time.monotonic(),
            waiting=_waiting(app),
            taken=state.all_total_count[0],
            busy=bool(state.reserved_requests),
        )
        if seconds >= patience:
            log.critical("worker_deaf", seconds=int(seconds), what_follows="it ends, to be started anew")
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(_POLITE_SECONDS)
            os._exit(1)  # it did not even hear that; it works on nothing, so nothing is cut off


def _waiting(app: Celery) -> int:
    """Count the messages in the queue; none while the broker is away, for then nobody can take any."""
    broker = app.connection_for_read()
    try:
        with broker:
            queue = broker.default_channel.queue_declare(app.conf.task_default_queue, passive=True)
            return int(queue.message_count)
    except (*broker.connection_errors, *broker.channel_errors):  # away, or no message was ever in the queue
        return 0
